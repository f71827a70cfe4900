"""What X's API is asked and answers, as far as posting goes."""

from __future__ import annotations

import html
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import msgspec

from crisisroom.channels.answers import read
from crisisroom.channels.signing import Signer
from crisisroom.wire.answer import Bearer, Response
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

Params = Sequence[tuple[str, str]]
_BUDGETS = ("x-rate-limit-", "x-app-limit-24hour-", "x-user-limit-24hour-")
_LONGEST = 86_400.0  # seconds: the longest budget but a month's
_MOST_URLS = 50
_GREETED = re.compile(r"(?:\s*[@\uff20]\w{1,20}\b)*")
_LINKISH = re.compile(r"https?:|/", re.IGNORECASE)


class Reference(msgspec.Struct, frozen=True):
    """Another post that this one answers, quotes or repeats."""

    type: str = ""
    id: str = ""


class Url(msgspec.Struct, frozen=True):
    """A link: how the text has it, and where it leads."""

    url: str = ""
    expanded_url: str = ""


class Entities(msgspec.Struct, frozen=True):
    """What stands in a text."""

    urls: tuple[Url, ...] = ()


class Note(msgspec.Struct, frozen=True):
    """The whole text of a long post."""

    text: str = ""
    entities: Entities = Entities()


class Post(msgspec.Struct, frozen=True):
    """One of our own posts."""

    id: str
    text: str = ""
    created_at: str = ""
    referenced_tweets: tuple[Reference, ...] = ()
    entities: Entities = Entities()
    note_tweet: Note = Note()

    @property
    def answers(self) -> str:
        """The id of the post that it replies to, empty for none."""
        return next((one.id for one in self.referenced_tweets if one.type == "replied_to"), "")

    @property
    def words(self) -> str:
        """The whole text with its links as they were written."""
        whole = self.note_tweet if self.note_tweet.text else self
        text = whole.text
        for one in whole.entities.urls[:_MOST_URLS]:
            if one.url and one.expanded_url:
                text = text.replace(one.url, one.expanded_url)
        return html.unescape(text)


class Meta(msgspec.Struct, frozen=True):
    """How many posts a page has, and where the next one is."""

    result_count: int
    next_token: str = ""


class Posts(msgspec.Struct, frozen=True):
    """A page of posts; what does not say how many it has must not pass for an empty one."""

    meta: Meta
    data: tuple[msgspec.Raw, ...] = ()


class Named(msgspec.Struct, frozen=True):
    """A thing of which only the id matters."""

    id: str


class One(msgspec.Struct, frozen=True):
    """An answer about one thing: the post made, or whose token it is."""

    data: Named


class Removal(msgspec.Struct, frozen=True):
    """Whether a post was deleted."""

    deleted: bool = False


class Removed(msgspec.Struct, frozen=True):
    """The answer to a deletion."""

    data: Removal = Removal()


class _Flaw(msgspec.Struct, frozen=True):
    detail: str = ""
    title: str = ""
    message: str = ""


class _Problem(_Flaw, frozen=True):
    errors: tuple[_Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Api:
    """One account on X; every call raises FetchError."""

    fetch: Fetcher
    server: str
    access: Access
    private: bool
    ca_file: str

    async def get(self, path: str, params: Params = ()) -> Response:
        """Ask for something."""
        query = urlencode(list(params), quote_via=quote, safe="~")
        url = f"{self.server}{path}{'?' if query else ''}{query}"
        headers = self._headers("GET", path, params)
        return await self.fetch.get(
            url, headers=headers, private=self.private, ca_file=self.ca_file
        )

    async def post(self, path: str, body: Mapping[str, Any]) -> Response:
        """Send something, once."""
        return await self.fetch.post(
            f"{self.server}{path}",
            json=dict(body),
            headers=self._headers("POST", path),
            private=self.private,
            ca_file=self.ca_file,
        )

    async def delete(self, path: str) -> Response:
        """Take something away."""
        return await self.fetch.delete(
            f"{self.server}{path}",
            headers=self._headers("DELETE", path),
            private=self.private,
            ca_file=self.ca_file,
        )

    def _headers(self, method: str, path: str, params: Params = ()) -> dict[str, str]:
        signed = self.access.header(method, f"{self.server}{path}", params)
        return {"Authorization": signed, "Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Access:
    """How requests show whose they are: one token, or a signature."""

    clock: Clock
    bearer: Bearer | None = field(default=None, repr=False)
    signer: Signer | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown."""
        if self.signer is None:
            return (self.bearer.token,) if self.bearer else ()
        return (self.signer.key_secret, self.signer.token, self.signer.token_secret)

    def header(self, method: str, url: str, params: Params) -> str:
        """Return the Authorization header of one request."""
        if self.signer is None:
            return self.bearer.header if self.bearer else ""
        timestamp = int(self.clock.now().timestamp())
        nonce = secrets.token_hex(16)
        return self.signer.header(method, url, params, nonce=nonce, timestamp=timestamp)


def access_by(token: str, app: str, clock: Clock) -> Access | None:
    """Return how an account's secret lets us in; None where it is no such secret."""
    if not (token.isascii() and token.isprintable()):
        return None
    if not app:
        return Access(clock, Bearer(token)) if token else None
    parts = token.split(":")
    if len(parts) != 3 or not all(parts):
        return None
    return Access(clock, signer=Signer(app, *parts))


def said(response: Response | None) -> str:
    """Return what an error answer says in words; empty where it says nothing."""
    problem = read(_Problem, response.body) if response else None
    if problem is None:
        return ""
    flaws = (problem, *problem.errors[:1])
    return next((words for one in flaws for words in (one.detail, one.message) if words), "") or (
        problem.title
    )


def spent(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds until all budgets are full that an answer calls spent; 0: none is."""
    there = parse(headers.get("date", "")) or now
    resets = [
        _number(headers.get(f"{one}reset", ""))
        for one in _BUDGETS
        if headers.get(f"{one}remaining", "").strip() == "0"
    ]
    return min(_LONGEST, max([0.0, *(at - there.timestamp() for at in resets)]))


def _number(text: str) -> float:
    text = text.strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 13 else 0.0


def comparable(text: str) -> str:
    """Return what X keeps of a text: not the handles before a reply, nor how links are written."""
    text = _GREETED.sub("", unicodedata.normalize("NFC", text), count=1)
    return "".join(_LINKISH.sub("", text).casefold().split())
