"""Reddit: comments as replies and posts as statements, by its API for programs.

Written from Reddit's public documentation; it has not been proved against Reddit itself. Reddit
knows no key for a repeat, so whatever is in doubt is looked up first, among what the account wrote.
The words go out as Markdown that shows them to the letter.

An account names the program's id as `app:`; its token is `secret:refresh`, the program's secret
and the account's permanent refresh token in one word (of the scopes `identity submit edit history
read`). A program without a secret has `:refresh`. `to:` is the subreddit for statements.

What an answer to a comment or a post means:

=============================== ==================================================================
200, a name                     it is out
200, RATELIMIT, QUOTA_FILLED …  later: after the time that it names
200, another error              refused: Reddit says why
200, CONFLICT, or unreadable    unknown
401                             once more with a new token, then refused
403, 404, 413 …                 refused
429                             later: after Retry-After, or when the budget is full again
408, 409, 425, 5xx, no end      unknown
not reached, or no token        later; where the refresh token is not known: refused
=============================== ==================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from crisisroom import __version__
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
    literal,
    options_as,
    outcome,
)
from crisisroom.channels.answers import read
from crisisroom.channels.reddit_api import NAME, Listing, Place, Session, Thing, Told
from crisisroom.core.errors import Refused
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://oauth.reddit.com"
_LOGIN = "https://www.reddit.com"
_USER = re.compile(r"[A-Za-z0-9_-]{1,30}", re.ASCII)
_PLACE = re.compile(r"(?:/?r/)?([A-Za-z0-9_]{2,30})/?", re.ASCII)
_POST = 40_000  # characters of a post's Markdown; a comment's are the usual limit
_TITLE = 300
_PAGE = 100
_PAGES = 5  # of what the account wrote, looked through


class RedditChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Reddit channel may say; `server` replaces both addresses, for a test."""

    app: str = ""
    to: str = ""
    handle: str = ""
    server: str = ""
    private: bool = False
    ca_file: str = ""


class RedditChannel:
    """One account that may comment and post."""

    kind = "reddit"
    repeats: Repeats = "never"
    limits: Limits = lengths.USUAL["reddit"]

    def __init__(
        self, channel_id: str, options: RedditChannelOptions, token: str, clock: Clock
    ) -> None:
        self.id = channel_id
        self._options = options
        self._ready = bool(options.app) and _is_pair(token)
        self._session = Session(_place(options), options.app, token, clock)
        self._me = ""

    @property
    def wait(self) -> float:
        """Return how long Reddit's last answer asked to be left alone."""
        return self._session.wait

    def measure(self, text: str) -> Measure:
        """Count the characters of the Markdown."""
        return lengths.reddit(text, self.limits.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Ask, once, whose token it is; SendFailure."""
        if not self._ready:
            hint = "app: and a token of the form secret:refresh"
            raise SendRefused(f"{self.id}: Reddit lets nobody in without {hint}")
        if self._me:
            return
        try:
            answer = await self._session.get(fetch, "/api/v1/me", {"raw_json": "1"})
        except FetchError as error:
            raise outcome.not_asked(error, self._session.said(error)) from error
        me = read(_Me, answer.body)
        if me is None or not _USER.fullmatch(me.name):
            raise SendLater(f"{self.id}: Reddit does not say whose token it is", outcome.BUSY)
        self._me = me.name

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Comment or post once; SendRefused, SendLater or SendUnknown."""
        await self.prepare(fetch)
        path, form = self._form(words)
        try:
            answer = await self._session.post(fetch, path, form)
        except FetchError as error:
            raise self._session.outcome(error) from error
        told = read(Told, answer.body)
        failure = told.failure(self.id, self._session.shown) if told else None
        if isinstance(failure, SendLater):
            self._session.rest(failure.retry_after)
        if failure:
            raise failure
        if told is None or not NAME.fullmatch(told.made.name):
            raise SendUnknown(f"{self.id}: taken, but the answer is unreadable")
        return _receipt(told.made)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look among what the account wrote since the first try; SendUnknown if that is shut."""
        try:
            await self.prepare(fetch)
            found = await self._found(words, fetch)
        except (FetchError, SendFailure) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error
        return _receipt(min(found, key=lambda one: one.created_utc)) if found else None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Delete it, and see that it is gone; SendRefused or SendLater."""
        await self.prepare(fetch)
        name = self._name(receipt.remote_id)
        try:
            await self._session.post(fetch, "/api/del", {"id": name})
            answer = await self._session.get(fetch, "/api/info", {"id": name, "raw_json": "1"})
        except FetchError as error:
            raise outcome.not_retracted(error, self._session.said(error)) from error
        listing = read(Listing, answer.body)
        if listing is None or any(self._is_ours(one) for one in listing.things):
            raise SendLater(f"{self.id}: Reddit still shows it", outcome.AGAIN)

    def _is_ours(self, one: Thing) -> bool:
        return one.author.casefold() == self._me.casefold()

    async def _found(self, words: Outgoing, fetch: Fetcher) -> list[Thing]:
        """Return what the account wrote that is these words, at their place."""
        since = (words.first_try_at - outcome.ASTRAY).timestamp()
        kind = "comments" if words.in_reply_to else "submitted"
        params = {"sort": "new", "limit": str(_PAGE), "raw_json": "1"}
        for _ in range(_PAGES):
            answer = await self._session.get(fetch, f"/user/{self._me}/{kind}", params)
            listing = read(Listing, answer.body)
            if listing is None:
                raise SendUnknown("an unreadable answer")
            new = [one for one in listing.things if one.created_utc >= since]
            found = outcome.ours((one for one in new if self._is_it(one, words)), _written, words)
            after = listing.data.after or ""
            if found or not after or len(new) < len(listing.things):
                return found
            params = {**params, "after": after}
        raise SendUnknown(f"more than {_PAGE * _PAGES} since the first try")

    def _is_it(self, one: Thing, words: Outgoing) -> bool:
        if not NAME.fullmatch(one.name) or not self._is_ours(one):
            return False
        written = _comparable(literal.reddit(words.text))
        if words.in_reply_to:
            return one.parent_id == words.in_reply_to and _comparable(one.body) == written
        where = one.subreddit.casefold() == self._subreddit().casefold()
        same = _comparable(one.title) == _comparable(self._title(words))
        return where and same and _comparable(one.selftext) == written

    def _form(self, words: Outgoing) -> tuple[str, dict[str, str]]:
        """Return where the words go and what is said there; SendRefused where they cannot."""
        if words.visibility not in ("public", "unlisted"):
            raise SendRefused(f"{self.id}: here Reddit has public words only")
        text = literal.reddit(words.text)
        most = self.limits.limit if words.in_reply_to else _POST
        if len(text) > most:
            raise SendRefused(f"{self.id}: {len(text) - most} characters too long")
        form = {"api_type": "json", "raw_json": "1", "text": text}
        if words.in_reply_to:
            return "/api/comment", {**form, "thing_id": self._name(words.in_reply_to)}
        more = {"sr": self._subreddit(), "kind": "self", "title": self._title(words)}
        return "/api/submit", {**form, **more, "resubmit": "true", "sendreplies": "true"}

    def _subreddit(self) -> str:
        found = _PLACE.fullmatch(self._options.to)
        if found is None:
            raise SendRefused(f"{self.id}: no subreddit to post to: write its name as to:")
        return found[1]

    def _title(self, words: Outgoing) -> str:
        """Return the title; words without one have their first line."""
        title = " ".join((words.title or words.text.strip().partition("\n")[0]).split())
        if not 0 < len(title) <= _TITLE:
            raise SendRefused(f"{self.id}: needs a title of at most {_TITLE} characters")
        return title

    def _name(self, thing: str) -> str:
        if not NAME.fullmatch(thing):
            raise SendRefused(f"{self.id}: not the name of a thing on Reddit: {thing[:40]!a}")
        return thing


class _Me(msgspec.Struct, frozen=True):
    name: str


def make(channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock) -> RedditChannel:
    """Build a Reddit channel from its options and the account's secret; Refused over plain http."""
    chosen = options_as(RedditChannelOptions, channel_id, options)
    if urlsplit(chosen.server or _SERVER).scheme != "https" and not chosen.private:
        raise Refused("bad-channel", f"channel {channel_id}: a token goes over https only")
    return RedditChannel(channel_id, chosen, token, clock)


def _place(o: RedditChannelOptions) -> Place:
    server = o.server.rstrip("/")
    by = f" (by /u/{o.handle})" if _USER.fullmatch(o.handle) else ""
    agent = f"python:crisisroom:v{__version__}{by}"
    return Place(server or _SERVER, server or _LOGIN, o.private, o.ca_file, agent)


def _is_pair(token: str) -> bool:
    return token.isascii() and token.isprintable() and bool(token.partition(":")[2])


def _receipt(one: Thing) -> Receipt:
    """Return the receipt; an address only where Reddit gives one of its own."""
    if one.permalink.startswith("/r/") and one.permalink.isascii():
        return Receipt(one.name, f"{_LOGIN}{one.permalink}")
    return Receipt(one.name, one.url if one.url.startswith(f"{_LOGIN}/r/") else "")


def _written(one: Thing) -> datetime | None:
    try:
        return datetime.fromtimestamp(one.created_utc, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _comparable(text: str) -> str:
    return "".join(text.split())
