"""Mastodon and what speaks its API: posts and replies, with an idempotency key."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendFailure,
    SendRefused,
    SendUnknown,
    lengths,
    options_as,
    outcome,
)
from crisisroom.mastodon.api import Abilities, Api, is_missing, safe_id
from crisisroom.mastodon.shapes import Nonsense, Status, decoded, error_text
from crisisroom.text.markup import html_text
from crisisroom.wire.answer import Bearer, FetchError
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_LATEST = 40  # own posts asked for at once
_PAGES = 10  # of them that are looked through: somebody answers many people
_PAGE = 20  # posts that every server shows at once, if there are as many
_EMPHASIS = str.maketrans("", "", "*_`~\\")  # some servers read these as marks, and drop them


class MastodonChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Mastodon channel may say: the server, and how to reach it."""

    server: str
    private: bool = False
    ca_file: str = ""


class MastodonChannel:
    """One account that may post; limits are the server's once `prepare` has asked for them."""

    kind = "mastodon"

    def __init__(
        self, channel_id: str, options: MastodonChannelOptions, token: str, clock: Clock
    ) -> None:
        self.id = channel_id
        self._options = options
        self._token = token
        self._abilities = Abilities(0.0)
        self._rest = outcome.Rest(clock)

    @property
    def repeats(self) -> Repeats:
        """Say whether the server is known to remember keys."""
        return "key" if self._abilities.remembers_keys else "never"

    @property
    def limits(self) -> Limits:
        """Return the server's own limits once it was asked."""
        known = self._abilities
        usual = lengths.USUAL["mastodon"]
        return msgspec.structs.replace(usual, limit=known.limit, url_length=known.url_length)

    @property
    def wait(self) -> float:
        """Return how long the server's last answer asked to be left alone."""
        return self._rest.wait

    def measure(self, text: str) -> Measure:
        """Count as the server does."""
        return lengths.mastodon(text, self._abilities.limit, self._abilities.url_length)

    async def prepare(self, fetch: Fetcher) -> None:
        """Ask, once, for the limits and whose token it is; SendFailure."""
        if not self._token:
            raise SendRefused(f"{self.id}: no token; log in first")
        if not self._abilities.me:
            try:
                self._abilities = await self._api(fetch).abilities(0.0)
            except FetchError as error:
                raise outcome.not_asked(error, _said(error)) from error

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Post the words with their key; SendRefused, SendLater or SendUnknown."""
        await self.prepare(fetch)
        size = self.measure(words.text)
        if not size.fits:
            raise SendRefused(f"{self.id}: {-size.left} characters too long")
        await self._refuse_elsewhere(words, fetch)
        try:
            answer = await fetch.post(
                f"{self._api(fetch).server}/api/v1/statuses",
                json=_status_of(words),
                headers={"Idempotency-Key": words.key, "Accept": "application/json"},
                auth=Bearer(self._token),
                private=self._options.private,
                ca_file=self._options.ca_file,
            )
            self._rest.heed(answer.headers)
            return self._made(decoded(answer.body, Status), words)
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.outcome(error, _said(error)) from error
        except Nonsense as error:
            raise SendUnknown(f"{self.id}: taken, but the answer is unreadable") from error

    def _made(self, post: Status, words: Outgoing) -> Receipt:
        """Return where the words are; SendUnknown where the answer is about another post."""
        elsewhere = (post.in_reply_to_id or words.in_reply_to) != words.in_reply_to
        if elsewhere or post.account.id != self._abilities.me:
            raise SendUnknown(f"{self.id}: taken, but the answer is about another post")
        try:
            safe_id(post.id)
        except FetchError as error:
            raise SendUnknown(f"{self.id}: taken, but the answer is unreadable") from error
        return _receipt(post)

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Delete the post, and see that it is gone; SendRefused or SendLater."""
        await self.prepare(fetch)
        api = self._api(fetch)
        try:
            path = f"/api/v1/statuses/{safe_id(receipt.remote_id)}"
            if await self._delete(api, path) or await _is_gone(api, path):
                return
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.not_retracted(error, _said(error)) from error
        raise SendRefused(f"{self.id}: {api.host} takes no post back: delete it there by hand")

    async def _delete(self, api: Api, path: str) -> bool:
        """Ask for the deletion; False where the server knows no such post, or no such call."""
        o = self._options
        try:
            answer = await api.fetch.delete(
                f"{api.server}{path}",
                headers={"Accept": "application/json"},
                auth=Bearer(self._token),
                private=o.private,
                ca_file=o.ca_file,
            )
        except FetchError as error:
            if not is_missing(error):
                raise
            return False
        self._rest.heed(answer.headers)
        return True

    async def _refuse_elsewhere(self, words: Outgoing, fetch: Fetcher) -> None:
        """Refuse to answer what is gone, and a post that only has the number of the one meant.

        A thread goes on under our own posts, wherever it began.
        """
        if not words.in_reply_to or not words.url:
            return
        api = self._api(fetch)
        try:
            path = f"/api/v1/statuses/{safe_id(words.in_reply_to)}"
            post = await api.one(Status, path)
        except FetchError as error:
            if is_missing(error):
                raise SendRefused(f"{self.id}: the post that it answers is gone") from error
            raise outcome.not_asked(error, _said(error)) from error
        if words.url not in (post.url, post.uri) and post.account.id != self._abilities.me:
            raise SendRefused(f"{self.id}: post {post.id} here is not the one that it answers")

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look in the thread and among the account's latest posts; SendUnknown if they are shut."""
        try:
            await self.prepare(fetch)
            posts, whole = await self._candidates(words, self._api(fetch))
        except (FetchError, SendFailure) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error
        mine = [post for post in posts if self._is_it(post, words)]
        found = outcome.ours(mine, lambda post: parse(post.created_at), words)
        if not found and not whole:
            raise SendUnknown(f"{self.id}: has posted more since the first try than can be seen")
        return _receipt(min(found, key=lambda post: post.created_at)) if found else None

    async def _candidates(self, words: Outgoing, api: Api) -> tuple[list[Status], bool]:
        """Return posts that may be it, and whether it is among them if it is anywhere."""
        posts, whole = await self._own_since(words.first_try_at - outcome.SKEW, api)
        if not words.in_reply_to:
            return posts, whole
        try:
            return posts + await api.thread(words.in_reply_to), True
        except FetchError as error:
            if is_missing(error):
                return posts, whole  # the post answered is gone; ours may still be there
            raise

    async def _own_since(self, oldest: datetime, api: Api) -> tuple[list[Status], bool]:
        """Return what the account posted since then, and whether that is all of it."""
        found: dict[str, Status] = {}
        for _ in range(_PAGES):
            page = await api.own_posts(self._abilities.me, _LATEST, next(reversed(found), ""))
            new = {post.id: post for post in page if post.id not in found}
            found |= new
            times = [at for post in page if (at := parse(post.created_at))]
            if len(page) < _PAGE or any(at < oldest for at in times):
                return [*found.values()], True
            if not new:  # it shows no earlier ones
                break
        return [*found.values()], False

    def _is_it(self, post: Status, words: Outgoing) -> bool:
        if post.reblog or post.account.id != self._abilities.me:
            return False
        if (post.in_reply_to_id or "") != words.in_reply_to:
            return False
        return _comparable(html_text(post.content)) == _comparable(words.text)

    def _api(self, fetch: Fetcher) -> Api:
        o = self._options
        return Api(fetch, o.server.rstrip("/"), self._token, o.private, o.ca_file)


def make(
    channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock
) -> MastodonChannel:
    """Build a Mastodon channel from its options and the account's token."""
    chosen = options_as(MastodonChannelOptions, channel_id, options)
    return MastodonChannel(channel_id, chosen, token, clock)


def _status_of(words: Outgoing) -> dict[str, str]:
    status = {"status": words.text, "visibility": words.visibility}
    if words.language:
        status["language"] = words.language
    if words.in_reply_to:
        try:
            status["in_reply_to_id"] = safe_id(words.in_reply_to)
        except FetchError as error:
            raise SendRefused(str(error)) from error
    return status


async def _is_gone(api: Api, path: str) -> bool:
    """Say whether the server shows no such post; some answer a deletion like one unknown."""
    try:
        await api.get(path)
    except FetchError as error:
        if is_missing(error):
            return True
        raise
    return False


def _receipt(status: Status) -> Receipt:
    return Receipt(status.id, status.url or status.uri or "")


def _comparable(text: str) -> str:
    """Return what stays of a text whatever a server does to its form."""
    text = unicodedata.normalize("NFC", lengths.short_mentions(text))
    return "".join(text.translate(_EMPHASIS).split())


def _said(error: FetchError) -> str:
    return error_text(error.response.body) if error.response else ""
