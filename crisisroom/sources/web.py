"""Questions to public APIs, asked politely: bounded answers, typed shapes, waits that add up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.sources.entry import Document
from crisisroom.sources.json_text import decode
from crisisroom.sources.reader import read_feed
from crisisroom.sources.strict_xml import IllFormed, Unsafe
from crisisroom.text import clean_line, clip
from crisisroom.wire.answer import FetchError, Response
from crisisroom.wire.waits import LONGEST, spent_until

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

Params = Iterable[tuple[str, str]]
_Thing = TypeVar("_Thing", bound=msgspec.Struct)
_BUSY = frozenset({429, 503})
_BUSY_WAIT = 60.0  # seconds, where a server that is too busy says nothing
_WIRE_CAP = 2 << 20  # bytes
_DECODED_CAP = 8 << 20
_SHOWN = 160  # cells of what a server says


class Busy(FetchError):
    """The server asks to be left alone for `wait` seconds; a normal thing, not a failure."""

    def __init__(self, message: str, wait: float, response: Response | None = None) -> None:
        super().__init__("status", message, response=response, retry_after=wait, sent=True)
        self.wait = wait


class WebOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to reach a public server: `server` replaces its address, for a mirror or a test."""

    server: str = ""
    private: bool = False
    ca_file: str = ""


@dataclass(slots=True)
class Web:
    """One server; `wait` grows when it says in an answer that its budget is spent (seconds).

    `pace` is how many seconds between two polls its budget allows.
    """

    fetch: Fetcher
    server: str
    private: bool = False
    ca_file: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    pace: float = 0.0

    @property
    def host(self) -> str:
        """The server's name, for messages."""
        return urlsplit(self.server).netloc

    async def get(self, path: str, params: Params = (), accept: str = "application/json") -> bytes:
        """Ask for the bytes; Busy where the server wants peace, else FetchError."""
        query = urlencode(list(params))
        url = f"{self.server.rstrip('/')}{path}{'?' if query else ''}{query}"
        try:
            answer = await self.fetch.get(
                url, headers={"Accept": accept, **self.headers}, private=self.private,
                ca_file=self.ca_file, wire_cap=_WIRE_CAP, decoded_cap=_DECODED_CAP,
            )  # fmt: skip
        except FetchError as error:
            if error.status in _BUSY:
                raise _busy(self.host, error) from error
            raise
        self.rest(budget_wait(answer.headers))
        return answer.body

    async def json(self, model: type[_Thing], path: str, params: Params = ()) -> _Thing:
        """Ask for one JSON thing; what does not fit its shape is a FetchError."""
        return await self.read(model, await self.get(path, params))

    async def read(self, model: type[_Thing], body: bytes) -> _Thing:
        """Read JSON in a thread; large answers must not hold up the others."""
        return await asyncio.to_thread(decoded, model, body, self.host)

    async def feed(self, path: str, params: Params = ()) -> Document:
        """Ask for a feed; what is none is a FetchError."""
        body = await self.get(path, params, "application/atom+xml, application/rss+xml, */*;q=0.1")
        try:
            return await read_feed(body, "")
        except (IllFormed, Unsafe) as error:
            raise nonsense(self.host, str(error)) from error

    def rest(self, seconds: float) -> None:
        """Take note that the server should be left alone."""
        self.wait = max(self.wait, seconds)


def decoded(model: type[_Thing], body: bytes, host: str) -> _Thing:
    """Read JSON of this shape; FetchError says what is wrong with it."""
    try:
        return decode(body, model)
    except (ValueError, RecursionError, OverflowError) as error:
        raise nonsense(host, str(error)) from error


def readable(raws: Iterable[msgspec.Raw], model: type[_Thing]) -> tuple[list[_Thing], int]:
    """Read the things that make sense, and count those that do not."""
    found: list[_Thing] = []
    bad = 0
    for raw in raws:
        try:
            found.append(decode(bytes(raw), model))
        except (ValueError, RecursionError, OverflowError):
            bad += 1
    return found, bad


def nonsense(host: str, what: str) -> FetchError:
    """Return the error for an answer that is not what the API promises."""
    return FetchError("protocol", f"{host}: not what its API promises: {said(what)}", sent=True)


def said(words: str) -> str:
    """Return a server's own words as one short line that is safe to show."""
    return clip(clean_line(words[:2000]), _SHOWN)


def budget_wait(headers: Mapping[str, str]) -> float:
    """Return the seconds until a spent budget is full again, 0 while some is left.

    Some servers count in tenths: `x-ratelimit-remaining: 0.0`.
    """
    whole = dict(headers)
    for name in ("x-ratelimit-remaining", "x-ratelimit-reset"):
        head, dot, tail = whole.get(name, "").partition(".")
        if dot and tail.strip("0 ") == "":
            whole[name] = head
    return spent_until(whole) or 0.0


def _busy(host: str, error: FetchError) -> Busy:
    headers = error.response.headers if error.response else {}
    wait = error.retry_after if error.retry_after is not None else _reset(headers)
    wait = min(LONGEST, max(1.0, wait))
    return Busy(f"{host}: asks to be left alone for {wait:.0f} s", wait, error.response)


def _reset(headers: Mapping[str, str]) -> float:
    return budget_wait(headers) or _BUSY_WAIT


def guarded(source_id: str, server: str, token: str, private: bool) -> None:
    """Refuse to send a key over a connection that everybody can read."""
    if token and urlsplit(server).scheme != "https" and not private:
        raise Refused("bad-source", f"source {source_id}: a key goes over https only")
