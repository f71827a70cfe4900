"""Matrix: statements in a room of our own, each put in its place once.

The transaction id is made of the key: Synapse answers a repeat of the same login with the same
event for a day; other servers promise less, so only a server that names itself Synapse is trusted
with it. The key also stands in the event, where `find` sees it whatever a server remembers.
What fails: 401, 403, 404, 413 and the like are refused, 429 later (`retry_after_ms`), anything
else once bytes were out unknown. An encrypted room is refused: words would stand in it in clear.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode

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
from crisisroom.core.errors import Refused
from crisisroom.text import clean_line
from crisisroom.wire.answer import Bearer, FetchError, Response

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

KEY = "org.crisisroom.key"
_API = "/_matrix/client/v3"
_PAGE = 100
_PAGES = 20
_LONGEST_WAIT = 900.0  # seconds
_Answer = TypeVar("_Answer", bound=msgspec.Struct)
_FILTER = '{"types":["m.room.message"]}'


class MatrixOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Matrix channel may say: the server, and the room's id or alias."""

    server: str
    to: str
    private: bool = False
    ca_file: str = ""


class _Error(msgspec.Struct, frozen=True):
    errcode: str = ""
    error: str = ""
    retry_after_ms: float = 0.0


class _Me(msgspec.Struct, frozen=True):
    user_id: str


class _Room(msgspec.Struct, frozen=True):
    room_id: str


class _Joined(msgspec.Struct, frozen=True):
    joined_rooms: tuple[str, ...]


class _Put(msgspec.Struct, frozen=True):
    event_id: str


class _Event(msgspec.Struct, frozen=True):
    event_id: str = ""
    sender: str = ""
    origin_server_ts: float = 0.0
    content: dict[str, Any] = {}


class _Page(msgspec.Struct, frozen=True):
    chunk: tuple[_Event, ...]
    end: str = ""


class MatrixChannel:
    """One room that a login may write in."""

    kind = "matrix"
    limits: Limits = lengths.USUAL["matrix"]

    def __init__(self, channel_id: str, options: MatrixOptions, token: str, clock: Clock) -> None:
        self.id = channel_id
        self._options = options
        self._token = token
        self._rest = outcome.Rest(clock)
        self._me = ""
        self._room = ""
        self._synapse = False

    @property
    def repeats(self) -> Repeats:
        """Say whether the server is known to keep transaction ids for an hour and more."""
        return "key" if self._synapse else "never"

    @property
    def wait(self) -> float:
        """Return how long the server's last answer asked to be left alone."""
        return self._rest.wait

    def measure(self, text: str) -> Measure:
        """Count bytes as they stand in an event."""
        return lengths.matrix(text, self.limits.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Ask, once, who we are and whether we may write in the room in clear; SendFailure."""
        if self._room:
            return
        try:
            answer = await self._get(fetch, "/account/whoami")
            me = _read(answer, _Me).user_id
            room = await self._resolved(fetch)
            if room not in _read(await self._get(fetch, "/joined_rooms"), _Joined).joined_rooms:
                raise SendRefused(f"{self.id}: {_shown(me)} is not in that room: invite it, join")
            if await self._encrypted(fetch, room):
                raise SendRefused(f"{self.id}: that room is encrypted, and this goes out in clear")
        except FetchError as error:
            raise outcome.not_asked(*self._heeded(error)) from error
        self._synapse = answer.headers.get("server", "").startswith("Synapse/")
        self._me, self._room = me, room

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Put the words into the room; SendRefused, SendLater or SendUnknown."""
        await self.prepare(fetch)
        if not self.measure(words.text).fits:
            raise SendRefused(f"{self.id}: longer than one Matrix event may be")
        if words.in_reply_to and not words.in_reply_to.startswith("$"):
            raise SendRefused(f"{self.id}: that is no message of Matrix: answer by hand")
        path = f"/send/m.room.message/{_transaction(words.key)}"
        try:
            answer = await self._put(fetch, path, _content(words))
        except FetchError as error:
            raise outcome.outcome(*self._heeded(error)) from error
        self._rest.heed(answer.headers)
        try:
            return _receipt(_read(answer, _Put).event_id, self._room)
        except FetchError as error:
            raise SendUnknown(f"{self.id}: taken, but the answer is unreadable") from error

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look through the room back to the first try; SendUnknown where it cannot be read."""
        try:
            await self.prepare(fetch)
            return await self._seen(words, fetch)
        except (FetchError, SendFailure) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Redact the event; SendRefused or SendLater."""
        await self.prepare(fetch)
        event = quote(receipt.remote_id, safe="")
        try:
            await self._put(fetch, f"/redact/{event}/{_transaction(receipt.remote_id)}", {})
        except FetchError as error:
            if error.status != 404:
                raise outcome.not_retracted(*self._heeded(error)) from error

    async def _seen(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        oldest = (words.first_try_at - outcome.ASTRAY).timestamp() * 1000
        query = {"dir": "b", "limit": str(_PAGE), "filter": _FILTER}
        for _ in range(_PAGES):
            path = f"/rooms/{quote(self._room, safe='')}/messages?{urlencode(query)}"
            page = _read(await self._get(fetch, path), _Page)
            for event in page.chunk:
                if event.sender == self._me and event.content.get(KEY) == words.key:
                    return _receipt(event.event_id, self._room)
            times = [event.origin_server_ts for event in page.chunk]
            newer = not times or max(times) >= oldest  # any one of them may be made up
            if not (page.end and newer) or page.end == query.get("from"):
                return None
            query["from"] = page.end
        raise SendUnknown("the room has gone on too far since")

    async def _resolved(self, fetch: Fetcher) -> str:
        """Return the room's id; an alias is asked for."""
        to = self._options.to
        if to.startswith("!"):
            return to
        return _read(await self._get(fetch, f"/directory/room/{quote(to, safe='')}"), _Room).room_id

    async def _encrypted(self, fetch: Fetcher, room: str) -> bool:
        try:
            await self._get(fetch, f"/rooms/{quote(room, safe='')}/state/m.room.encryption")
        except FetchError as error:
            if error.status == 404:
                return False
            raise
        return True

    async def _get(self, fetch: Fetcher, path: str) -> Response:
        o = self._options
        return await fetch.get(
            f"{o.server.rstrip('/')}{_API}{path}",
            auth=Bearer(self._token),
            private=o.private,
            ca_file=o.ca_file,
        )

    async def _put(self, fetch: Fetcher, path: str, content: dict[str, Any]) -> Response:
        o = self._options
        return await fetch.put(
            f"{o.server.rstrip('/')}{_API}/rooms/{quote(self._room, safe='')}{path}",
            json=content,
            auth=Bearer(self._token),
            private=o.private,
            ca_file=o.ca_file,
        )

    def _heeded(self, error: FetchError) -> tuple[FetchError, str]:
        """Return a failure with what the server says about it, in its own words and its wait."""
        said = _error_of(error)
        if said.retry_after_ms > 0 and error.retry_after is None:
            error.retry_after = min(said.retry_after_ms / 1000, _LONGEST_WAIT)
        self._rest.seconds(error.retry_after or 0.0)
        return error, f"{said.errcode} {said.error}".strip().replace(self._token, "…")


def make(channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock) -> MatrixChannel:
    """Build a Matrix channel from its options and the login's access token."""
    chosen = options_as(MatrixOptions, channel_id, options)
    if not token or not chosen.to.startswith(("!", "#")):
        message = f"channel {channel_id}: Matrix needs a token and a room"
        raise Refused("bad-channel", message, "set token_env or token_file, and to: '#room:server'")
    return MatrixChannel(channel_id, chosen, token, clock)


def _content(words: Outgoing) -> dict[str, Any]:
    content: dict[str, Any] = {"msgtype": "m.text", "body": words.text, KEY: words.key}
    if words.in_reply_to:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": words.in_reply_to}}
    return content


def _transaction(key: str) -> str:
    return f"crisisroom-{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def _receipt(event_id: str, room: str) -> Receipt:
    place = f"{quote(room, safe='!:')}/{quote(event_id, safe='$')}"
    return Receipt(event_id, f"https://matrix.to/#/{place}")


def _read(answer: Response, model: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(answer.body, type=model)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FetchError("protocol", "not an answer of Matrix") from error


def _error_of(error: FetchError) -> _Error:
    try:
        return msgspec.json.decode(error.response.body if error.response else b"{}", type=_Error)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Error()


def _shown(name: str) -> str:
    return clean_line(name, limit=80)
