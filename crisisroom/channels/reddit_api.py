"""What Reddit's API is asked and answers, as far as commenting and posting go."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import msgspec

from crisisroom.channels import SendFailure, SendLater, SendRefused, SendUnknown, outcome
from crisisroom.channels.answers import read, without
from crisisroom.text import clean_line
from crisisroom.wire.answer import Basic, Bearer, FetchError, Response

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher, Options

Call = Callable[["Options"], Awaitable[Response]]
NAME = re.compile(r"t[13]_[a-z0-9]{1,13}", re.ASCII)
_WAIT = re.compile(r"(\d{1,4}) (millisecond|second|minute|hour)s?\b", re.ASCII | re.IGNORECASE)
_UNITS = {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0}
_LATER = {"RATELIMIT": 600.0, "SUBREDDIT_RATELIMIT": 600.0, "QUOTA_FILLED": 3600.0}  # seconds
_OPEN = frozenset({"CONFLICT"})  # the error of one who may have written it all the same
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_LONGEST = 86_400.0  # seconds
_EARLY = 60.0  # seconds before its end in which a token is not used any more


class Thing(msgspec.Struct, frozen=True):
    """A comment or a post; `created_utc` in seconds since 1970."""

    name: str = ""
    author: str = ""
    parent_id: str = ""
    body: str = ""
    title: str = ""
    selftext: str = ""
    subreddit: str = ""
    permalink: str = ""
    url: str = ""
    created_utc: float = 0.0


class _Child(msgspec.Struct, frozen=True):
    data: Thing


class _Page(msgspec.Struct, frozen=True):
    children: tuple[msgspec.Raw, ...]
    after: str | None = None


class Listing(msgspec.Struct, frozen=True):
    """A page of things, newest first; what is no listing must not pass for an empty one."""

    kind: Literal["Listing"]
    data: _Page

    @property
    def things(self) -> list[Thing]:
        """Those that make sense."""
        made = (read(_Child, bytes(raw)) for raw in self.data.children)
        return [one.data for one in made if one is not None]


class _Made(msgspec.Struct, frozen=True):
    things: tuple[_Child, ...] = ()
    name: str = ""
    url: str = ""


class _Said(msgspec.Struct, frozen=True):
    errors: tuple[tuple[Any, ...], ...] = ()
    ratelimit: float | None = None
    data: _Made = _Made()


class Told(msgspec.Struct, frozen=True):
    """The answer to something sent: what was made of it, or what is wrong with it."""

    json: _Said

    @property
    def made(self) -> Thing:
        """The comment or the post; without a name where none is told."""
        data = self.json.data
        return data.things[0].data if data.things else Thing(name=data.name, url=data.url)

    def failure(self, channel: str, shown: Callable[[str], str]) -> SendFailure | None:
        """Say what the first error means; None where there is none. `shown` hides secrets."""
        if not self.json.errors:
            return None
        code, words = (*(str(one) for one in self.json.errors[0][:2]), "", "")[:2]
        message = clean_line(f"{channel}: Reddit says {shown(f'{code}: {words}')}", limit=300)
        if code in _LATER:
            return SendLater(message, self._wait(words) or _LATER[code])
        return SendUnknown(message) if code in _OPEN else SendRefused(message)

    def _wait(self, words: str) -> float:
        """Return the seconds that a RATELIMIT asks for, and one more."""
        found = _WAIT.search(words)
        said = float(found[1]) * _UNITS[found[2].lower()] if found else 0.0
        wait = self.json.ratelimit if self.json.ratelimit is not None else said
        return min(_LONGEST, wait + 1.0) if wait > 0 else 0.0


class _Token(msgspec.Struct, frozen=True):
    access_token: str = ""
    expires_in: float = 3600.0
    error: str | int = ""


class _Problem(msgspec.Struct, frozen=True):
    message: str = ""
    explanation: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where Reddit is, and how to get there; `login` gives tokens, `server` takes the rest."""

    server: str
    login: str
    private: bool
    ca_file: str
    agent: str  # Reddit asks programs to say who they are


class Session:
    """A program that an account lets in; it fetches a token for an hour when it needs one."""

    def __init__(self, place: Place, app: str, token: str, clock: Clock) -> None:
        secret, _, self._refresh = token.partition(":")
        self._basic = Basic(app, secret)
        self._place = place
        self._clock = clock
        self._token = ""
        self._until = 0.0
        self._rest = outcome.Rest(clock)

    @property
    def wait(self) -> float:
        """Seconds until Reddit wants to be asked again."""
        return self._rest.wait

    def rest(self, seconds: float) -> None:
        """Take note that Reddit should be left alone."""
        self._rest.seconds(seconds)

    async def get(self, fetch: Fetcher, path: str, params: Mapping[str, str]) -> Response:
        """Ask for something; FetchError, or what it means that no token was to be had."""
        url = f"{self._place.server}{path}?{urlencode(params)}"
        return await self._twice(fetch, lambda options: fetch.get(url, **options))

    async def post(self, fetch: Fetcher, path: str, form: Mapping[str, str]) -> Response:
        """Send something, once; FetchError, or what it means that no token was to be had."""
        url = f"{self._place.server}{path}"
        return await self._twice(fetch, lambda options: fetch.post(url, form=form, **options))

    async def _twice(self, fetch: Fetcher, call: Call) -> Response:
        """Call, and once more with a new token where this one is not taken any more."""
        try:
            return await self._once(fetch, call)
        except FetchError as error:
            if error.status != 401:
                raise
        self._token = ""
        return await self._once(fetch, call)

    async def _once(self, fetch: Fetcher, call: Call) -> Response:
        token = await self._current(fetch)
        try:
            answer = await call(self._options(Bearer(token)))
        except FetchError as error:
            self.rest(_pause(error))
            raise
        self.rest(_budget(answer.headers))
        return answer

    async def _current(self, fetch: Fetcher) -> str:
        """Return a token that is good for a minute yet; SendRefused or SendLater."""
        if not self._token or self._clock.monotonic() >= self._until:
            form = {"grant_type": "refresh_token", "refresh_token": self._refresh}
            url = f"{self._place.login}/api/v1/access_token"
            try:
                answer = await fetch.post(url, form=form, **self._options(self._basic))
            except FetchError as error:
                raise outcome.not_asked(error, self.said(error)) from error
            self._take(read(_Token, answer.body))
        return self._token

    def _take(self, told: _Token | None) -> None:
        if told is not None and told.error:
            why = self.shown(str(told.error))
            raise SendRefused(clean_line(f"Reddit gives no token: {why}", limit=200))
        token = told.access_token if told else ""
        if told is None or not token or not (token.isascii() and token.isprintable()):
            raise SendLater("Reddit gives no token: an unreadable answer", outcome.BUSY)
        self._token = token
        self._until = self._clock.monotonic() + max(0.0, told.expires_in - _EARLY)

    def _options(self, auth: Bearer | Basic) -> Options:
        o = self._place
        headers = {"Accept": "application/json", "User-Agent": o.agent}
        return {"auth": auth, "headers": headers, "private": o.private, "ca_file": o.ca_file}

    def outcome(self, error: FetchError) -> SendFailure:
        """Say what a failed call means for what was sent."""
        words = self.said(error)
        if error.status == 429:
            return SendLater(outcome.in_words(error, words), _pause(error))
        return outcome.outcome(error, words)

    def said(self, error: FetchError) -> str:
        """Return what an error answer says in words; empty where it says nothing."""
        problem = read(_Problem, error.response.body) if error.response else None
        if problem is None:
            return ""
        return self.shown(problem.explanation or problem.reason or problem.message)

    def shown(self, words: str) -> str:
        """Return somebody else's words, without our secrets should they be repeated there."""
        coded = self._basic.header.partition(" ")[2]
        return without(words, (self._token, coded, self._refresh, self._basic.password))


def _pause(error: FetchError) -> float:
    """Return the seconds that a failed call asks for; 0 where it asks for none."""
    headers = error.response.headers if error.response else {}
    said = error.retry_after or _budget(headers)
    return said or (outcome.BUSY if error.status == 429 else 0.0)


def _budget(headers: Mapping[str, str]) -> float:
    """Return the seconds until a spent budget is full; Reddit counts it in tenths."""
    left = _number(headers.get("x-ratelimit-remaining", ""))
    if left is None or left >= 1:
        return 0.0
    return min(_LONGEST, _number(headers.get("x-ratelimit-reset", "")) or outcome.BUSY)


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text.strip()) else None
