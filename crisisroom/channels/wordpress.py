"""WordPress with an application password: statements as posts, answers as comments.

A post is first a draft that nobody sees, at an address that only its key has, and then let out:
letting it out twice is letting it out once. A comment has no key; the blog itself refuses the same
words at the same place again, and what it refuses so is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from html import unescape
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
    lengths,
    options_as,
    outcome,
)
from crisisroom.channels.wordpress_api import Blog, Comment, Page, failure_of, raw_of
from crisisroom.channels.wordpress_text import (
    as_page,
    comparable,
    escaped,
    shown,
    slug_of,
    title_of,
)
from crisisroom.core.errors import Refused
from crisisroom.wire.answer import Basic, FetchError
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_POST = "post:"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_FEED = re.compile(r"#comment-([1-9][0-9]{0,17})$")  # a comment's id in the blog's own feed
_GONE = frozenset({404, 410})
_NO_TRASH = 501
_HIDDEN = ("private", "direct")
_SEEN = ("approved", "approve", "1", "")
_Answer = TypeVar("_Answer")


class WordPressChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a WordPress channel may say: the blog's address, and who writes there."""

    server: str
    handle: str = ""
    private: bool = False
    ca_file: str = ""


class WordPressChannel:
    """One writer of one blog."""

    kind = "wordpress"
    repeats: Repeats = "never"

    def __init__(
        self, channel_id: str, options: WordPressChannelOptions, password: str, clock: Clock
    ) -> None:
        self.id = channel_id
        self._options = options
        self._server = options.server.rstrip("/")
        self._login = Basic(options.handle, password)
        self._me = 0
        self._rest = outcome.Rest(clock)

    @property
    def limits(self) -> Limits:
        """Return what a blog takes: any length."""
        return lengths.USUAL[self.kind]

    @property
    def wait(self) -> float:
        """Return how long the blog's last answer asked to be left alone."""
        return self._rest.wait

    def measure(self, text: str) -> Measure:
        """Count characters as a reader sees them."""
        return lengths.plain(text, self.limits.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Ask, once, who we are there; SendFailure."""
        if not self._login.user or not self._login.password:
            raise SendRefused(f"{self.id}: no handle, or no application password")
        if not self._me:
            self._me = await self._asked(self._blog(fetch).me())

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Publish the words, or answer a comment; SendRefused, SendLater or SendUnknown."""
        await self.prepare(fetch)
        if words.visibility in _HIDDEN:
            raise SendRefused(f"{self.id}: everything here is public: nothing goes out as private")
        blog = self._blog(fetch)
        return await (self._say(words, blog) if words.in_reply_to else self._publish(words, blog))

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look for the post at its own address, or for our comment; SendUnknown if that is shut."""
        blog = self._blog(fetch)
        try:
            await self.prepare(fetch)
            if words.in_reply_to:
                return await self._said(words, blog)
            out = [one for one in await blog.pages(slug_of(words)) if one.is_out]
        except (FetchError, SendFailure) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error
        return _of_page(out[0]) if out else None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Put what is out into the blog's trash; SendRefused or SendLater."""
        await self.prepare(fetch)
        number = receipt.remote_id.removeprefix(_POST)
        if not _NUMBER.fullmatch(number):
            raise SendRefused(f"{self.id}: not a post or comment of this blog")
        is_post = receipt.remote_id.startswith(_POST)
        try:
            await self._blog(fetch).trash("posts" if is_post else "comments", int(number))
        except FetchError as error:
            if error.status in _GONE:
                return
            if error.status == _NO_TRASH:
                said = "the blog has no trash: take it down there by hand"
                raise SendRefused(f"{self.id}: {said}") from error
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.not_retracted(error, failure_of(error)[1]) from error

    async def _publish(self, words: Outgoing, blog: Blog) -> Receipt:
        """Let the draft of these words out, which an earlier try may have made."""
        slug = slug_of(words)
        known = await self._asked(blog.pages(slug))
        for page in known:
            if page.is_out:
                return _of_page(page)
        if known:
            draft = known[0]
        else:
            draft = await self._drafted(blog.draft(title_of(words), as_page(words.text), slug))
        try:
            page = await blog.publish(draft)
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.outcome(error, failure_of(error)[1]) from error
        if page.id != draft.id:
            raise SendUnknown(f"{self.id}: taken, but the answer is about another post")
        if not page.is_out:
            raise SendRefused(f"{self.id}: the blog keeps it back as {page.status[:20]!r}")
        return _of_page(page)

    async def _drafted(self, drafting: Awaitable[Page]) -> Page:
        """Wait for the draft; where it may have been made, the next try finds it, unseen."""
        try:
            return await drafting
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            failure = outcome.outcome(error, failure_of(error)[1])
            if isinstance(failure, SendUnknown):
                raise SendLater(failure.message, error.retry_after or outcome.AGAIN) from error
            raise failure from error

    async def _say(self, words: Outgoing, blog: Blog) -> Receipt:
        post, parent = await self._place(words, blog)
        try:
            made = await blog.say(post, parent, escaped(words.text))
        except FetchError as error:
            if failure_of(error)[0] == "comment_duplicate":
                return await self._standing(words, blog)
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.outcome(error, failure_of(error)[1]) from error
        if (made.post, made.parent) != (post, parent):
            raise SendUnknown(f"{self.id}: taken, but the answer is about another comment")
        return self._of_comment(made)

    async def _place(self, words: Outgoing, blog: Blog) -> tuple[int, int]:
        """Return the post and the comment to answer, on this blog and no other; SendFailure."""
        if words.in_reply_to.startswith(_POST):
            return self._number(words.in_reply_to.removeprefix(_POST)), 0
        found = _FEED.search(words.in_reply_to)
        number = self._number(found[1] if found else words.in_reply_to)
        try:
            comment = await blog.comment(number)
        except FetchError as error:
            if error.status in _GONE:
                raise SendRefused(f"{self.id}: the comment that it answers is gone") from error
            raise outcome.not_asked(error, failure_of(error)[1]) from error
        if words.url and _host(words.url) != _host(comment.link or self._server):
            raise SendRefused(f"{self.id}: what it answers is not on this blog")
        return comment.post, comment.id

    async def _standing(self, words: Outgoing, blog: Blog) -> Receipt:
        """Return where the words are that the blog says it has."""
        try:
            found = await self._said(words, blog)
        except (FetchError, SendFailure) as error:
            raise SendUnknown(f"{self.id}: has these words already: {error}") from error
        if found is None:
            raise SendRefused(f"{self.id}: the blog has these words there already, from before")
        return found

    async def _said(self, words: Outgoing, blog: Blog) -> Receipt | None:
        post, parent = await self._place(words, blog)
        comments, all_seen = await blog.comments(post, parent)
        same = [one[0] for one in raw_of(comments) if self._is_it(one, words, parent)]
        if ours := outcome.ours(same, lambda one: parse(one.date_gmt), words):
            return self._of_comment(min(ours, key=lambda one: one.id))
        if not all_seen:
            raise SendUnknown(f"{self.id}: this account does not see what waits for moderation")
        return None

    def _is_it(self, one: tuple[Comment, str, str], words: Outgoing, parent: int) -> bool:
        comment, raw, html = one
        if comment.author != self._me or comment.parent != parent:
            return False
        wanted = comparable(words.text)
        return comparable(unescape(raw)) == wanted if raw else shown(html) == wanted

    def _of_comment(self, comment: Comment) -> Receipt:
        """Say where the comment is; what waits is where it can be let through."""
        if comment.status in _SEEN:
            return Receipt(str(comment.id), _web(comment.link))
        page = f"{self._server}/wp-admin/comment.php?action=editcomment&c={comment.id}"
        return Receipt(str(comment.id), page)

    def _number(self, text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise SendRefused(f"{self.id}: not a comment of this blog: answer it by hand")
        return int(text)

    async def _asked(self, asking: Awaitable[_Answer]) -> _Answer:
        try:
            return await asking
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.not_asked(error, failure_of(error)[1]) from error

    def _blog(self, fetch: Fetcher) -> Blog:
        o = self._options
        return Blog(fetch, self._server, self._login, self._rest, o.private, o.ca_file)


def make(
    channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock
) -> WordPressChannel:
    """Build a WordPress channel from its options and the account's application password."""
    chosen = options_as(WordPressChannelOptions, channel_id, options)
    if urlsplit(chosen.server).scheme != "https" and not chosen.private:
        raise Refused("bad-channel", f"channel {channel_id}: a password goes over https only")
    return WordPressChannel(channel_id, chosen, token, clock)


def _of_page(page: Page) -> Receipt:
    return Receipt(f"{_POST}{page.id}", _web(page.link))


def _web(link: str) -> str:
    return link if link.startswith(("http://", "https://")) else ""


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{(parts.hostname or '').removeprefix('www.')}:{parts.port or ''}"
    except ValueError:
        return url
