"""X: posts, replies and threads by its API, version 2.

Written from X's public documentation; it has not been proved against X itself. X knows no key for
a repeat, so whatever is in doubt is looked up first: one call for who we are and one for each
hundred of our own posts, which X charges for, and so never without need. The limit stays at 280
however much the account pays for.

The token is an account's (OAuth 2.0 with `tweet.read tweet.write users.read`), which X ends after
two hours, or with the program's key as `app:` the three secrets of OAuth 1.0a in one word,
`key-secret:token:token-secret`, which last.

What an answer to a post means:

=========================== ======================================================================
201, an id                  it is out
any 2xx without an id       unknown
401, 402                    refused: the token, or the credit of the program, is used up
403 "duplicate"             unknown: X has these words already, most likely by an answer we lost
403 else                    refused: X says why (who may reply there, what the program may do)
400, 404, 413 …             refused
429 of a month's cap        refused
429 else                    later: when the budget that is spent is full again
408, 409, 425, 5xx, no end  unknown
not reached                 later
=========================== ======================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any
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
from crisisroom.channels.answers import read, readable, without
from crisisroom.channels.x_api import (
    Api,
    One,
    Post,
    Posts,
    Removed,
    access_by,
    comparable,
    said,
    spent,
)
from crisisroom.core.errors import Refused
from crisisroom.wire.answer import FetchError, Response
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://api.x.com"
_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,20})", re.ASCII)
_PAGE = 100  # posts
_PAGES = 5  # looked through
_WINDOW = 900.0  # seconds: what most of X's budgets are for, where an answer does not say


class XChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an X channel may say; `server` replaces the address, for a gateway or a test."""

    server: str = ""
    handle: str = ""
    app: str = ""
    private: bool = False
    ca_file: str = ""


class XChannel:
    """One account that may post."""

    kind = "x"
    repeats: Repeats = "never"
    limits: Limits = lengths.USUAL["x"]

    def __init__(self, channel_id: str, options: XChannelOptions, token: str, clock: Clock) -> None:
        self.id = channel_id
        self._options = options
        self._clock = clock
        self._access = access_by(token, options.app, clock)
        self._rest = outcome.Rest(clock)
        self._me = ""

    @property
    def wait(self) -> float:
        """Return how long the budgets of the last answer are still spent."""
        return self._rest.wait

    def measure(self, text: str) -> Measure:
        """Count as X does."""
        return lengths.x(text, self.limits.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """See that there is a token; X is not asked, since it charges for every question."""
        self._api(fetch)

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Post the words once; SendRefused, SendLater or SendUnknown."""
        api = self._api(fetch)
        body = self._post_of(words)
        try:
            answer = await api.post("/2/tweets", body)
        except FetchError as error:
            raise self._outcome(error) from error
        self._rest.seconds(spent(answer.headers, self._clock.now()))
        made = read(One, answer.body)
        if made is None or not _ID.fullmatch(made.data.id):
            raise SendUnknown(f"{self.id}: taken, but the answer is unreadable")
        return self._receipt(made.data.id)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look among the account's own posts since the first try; SendUnknown if they are shut."""
        try:
            api = self._api(fetch)
            found = await self._found(words, api)
        except (FetchError, SendFailure) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error
        return self._receipt(min(found, key=int)) if found else None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Delete the post; what is gone is no failure. SendRefused or SendLater."""
        api = self._api(fetch)
        number = self._number(receipt.remote_id)
        try:
            answer = await api.delete(f"/2/tweets/{number}")
        except FetchError as error:
            if error.status in (404, 410):
                return
            failure = self._outcome(error)
            if isinstance(failure, SendUnknown):
                raise SendLater(failure.message, outcome.AGAIN) from error
            raise failure from error
        self._rest.seconds(spent(answer.headers, self._clock.now()))
        told = read(Removed, answer.body)
        if told is None or not told.data.deleted:
            raise SendLater(f"{self.id}: X does not say that it is deleted", outcome.AGAIN)

    async def _found(self, words: Outgoing, api: Api) -> list[str]:
        """Return the ids of our posts that are these words, at their place."""
        since = (words.first_try_at - outcome.ASTRAY).astimezone(UTC)
        params = [
            ("max_results", str(_PAGE)),
            ("start_time", f"{since:%Y-%m-%dT%H:%M:%SZ}"),
            ("exclude", "retweets"),
            ("tweet.fields", "created_at,referenced_tweets,entities,note_tweet"),
        ]
        path, token = f"/2/users/{await self._who(api)}/tweets", ""
        for _ in range(_PAGES):
            more = [("pagination_token", token)] if token else []
            page = read(Posts, (await self._asked(api, path, [*params, *more])).body)
            if page is None:
                raise SendUnknown("an unreadable answer")
            mine = [post for post in readable(Post, page.data) if _is_it(post, words)]
            found = outcome.ours(mine, lambda post: parse(post.created_at), words)
            token = page.meta.next_token
            if found or not token:
                return [post.id for post in found]
        raise SendUnknown(f"more than {_PAGE * _PAGES} posts since the first try")

    async def _who(self, api: Api) -> str:
        """Return the account's own number, asked for once."""
        if not self._me:
            me = read(One, (await self._asked(api, "/2/users/me", [])).body)
            if me is None or not _ID.fullmatch(me.data.id):
                raise SendUnknown("an unreadable answer")
            self._me = me.data.id
        return self._me

    async def _asked(self, api: Api, path: str, params: list[tuple[str, str]]) -> Response:
        try:
            answer = await api.get(path, params)
        except FetchError as error:
            raise self._outcome(error) from error
        self._rest.seconds(spent(answer.headers, self._clock.now()))
        return answer

    def _api(self, fetch: Fetcher) -> Api:
        o = self._options
        if self._access is None:
            hint = "key-secret:token:token-secret in one word" if o.app else "log in first"
            raise SendRefused(f"{self.id}: no token that X would know; {hint}")
        server = (o.server or _SERVER).rstrip("/")
        return Api(fetch, server, self._access, o.private, o.ca_file)

    def _post_of(self, words: Outgoing) -> dict[str, Any]:
        size = self.measure(words.text)
        if not size.fits:
            raise SendRefused(f"{self.id}: {-size.left} characters too long")
        if words.visibility not in ("public", "unlisted"):
            raise SendRefused(f"{self.id}: here X has public posts only")
        if not words.in_reply_to:
            return {"text": words.text}
        number = self._number(words.in_reply_to)
        return {"text": words.text, "reply": {"in_reply_to_tweet_id": number}}

    def _number(self, post: str) -> str:
        if not _ID.fullmatch(post):
            raise SendRefused(f"{self.id}: not the number of a post on X: {post[:40]!a}")
        return post

    def _receipt(self, number: str) -> Receipt:
        handle = _HANDLE.fullmatch(self._options.handle)
        return Receipt(number, f"https://x.com/{handle[1] if handle else 'i'}/status/{number}")

    def _outcome(self, error: FetchError) -> SendFailure:
        """Say what a failed call means, as the table at the top has it."""
        words = without(said(error.response), self._access.secrets if self._access else ())
        message = outcome.in_words(error, words)
        if error.status == 403 and "duplicate" in words.casefold():
            return SendUnknown(f"{self.id}: X has these words already: {message}")
        if error.status != 429:
            return outcome.outcome(error, words)
        if "month" in words.casefold():
            return SendRefused(message)
        headers = error.response.headers if error.response else {}
        wait = max(spent(headers, self._clock.now()), error.retry_after or 0.0) or _WINDOW
        self._rest.seconds(wait)
        return SendLater(message, wait)


def make(channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock) -> XChannel:
    """Build an X channel from its options and the account's secret; Refused over plain http."""
    chosen = options_as(XChannelOptions, channel_id, options)
    if urlsplit(chosen.server or _SERVER).scheme != "https" and not chosen.private:
        raise Refused("bad-channel", f"channel {channel_id}: a token goes over https only")
    return XChannel(channel_id, chosen, token, clock)


def _is_it(post: Post, words: Outgoing) -> bool:
    if not _ID.fullmatch(post.id) or post.answers != words.in_reply_to:
        return False
    return comparable(post.words) == comparable(words.text)
