"""Messages by Matrix: a line in a room that is shared with a person, who answers by a reaction.

The transaction id is made of the message's, so that a server puts a repeat in the same place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import msgspec

from crisisroom.config import Account
from crisisroom.config.token import secret_of
from crisisroom.core.errors import Refused
from crisisroom.notifiers.messages import Answer, InDoubt, Message, NotDelivered, own_network
from crisisroom.text import clean_line
from crisisroom.wire.answer import Bearer, FetchError, Response

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher, Options

_API = "/_matrix/client/v3"
_RELATIONS = "/_matrix/client/v1"
_ROOM = re.compile(r"[!#][^\s:]{1,200}(?::[^\s]{1,200})?")
_DEADLINE = 20.0  # seconds
_CAP = 1 << 20  # bytes of an answer
_NAME = 120  # characters of who reacted
_Model = TypeVar("_Model", bound=msgspec.Struct)


class _Room(msgspec.Struct, frozen=True):
    room_id: str


class _Put(msgspec.Struct, frozen=True):
    event_id: str


class _Me(msgspec.Struct, frozen=True):
    user_id: str


class _Event(msgspec.Struct, frozen=True):
    sender: str = ""


class _Page(msgspec.Struct, frozen=True):
    chunk: tuple[_Event, ...] = ()


class Matrix:
    """One login; an address is a room that it has joined, by its id or an alias."""

    def __init__(
        self, messenger_id: str, account: Account, fetch: Fetcher, env: Mapping[str, str]
    ) -> None:
        self.id = messenger_id
        self._account = account
        self._fetch = fetch
        self._env = env
        self._rooms: dict[str, str] = {}
        self._me = ""

    async def carry(self, to: str, message: Message) -> str:
        """Write into the room; NotDelivered, InDoubt, or Refused for the token or the room."""
        if not _ROOM.fullmatch(to):
            hint = "a room is written like #ada-pages:example.org, or by its id"
            raise Refused("reach", "the Matrix room of this person is none", hint)
        sent = False
        try:
            room = await self._resolved(to)
            url = f"{self._server}{_API}/rooms/{room}/send/m.room.message/{_transaction(message)}"
            said = f"{message.title}\n{message.text}"
            content = {"msgtype": "m.text", "body": said, "org.crisisroom.key": message.id}
            sent = True
            answer = await self._fetch.put(url, json=content, **await self._options())
            return _read(answer, _Put).event_id
        except FetchError as error:
            raise _failure(error, sent=sent) from None

    async def answers(self, sent: Sequence[tuple[str, str]], since: datetime) -> list[Answer]:
        """Return who reacted to messages of ours; any reaction acknowledges."""
        found = []
        try:
            me = await self._who()
            for to, event in sent:
                room = await self._resolved(to)
                path = f"/rooms/{room}/relations/{quote(event, safe='')}/m.annotation"
                url = f"{self._server}{_RELATIONS}{path}?limit=20"
                page = _read(await self._fetch.get(url, **await self._options()), _Page)
                others = [one.sender for one in page.chunk if one.sender and one.sender != me]
                if others:
                    found.append(Answer(remote=event, by=clean_line(others[0], limit=_NAME)))
        except FetchError as error:
            raise NotDelivered(f"Matrix: {error.message}") from None
        return found

    async def prove(self) -> None:
        """Ask who we are; NotDelivered or Refused."""
        try:
            self._me = ""
            await self._who()
        except FetchError as error:
            raise NotDelivered(f"Matrix: {error.message}") from None

    @property
    def _server(self) -> str:
        return self._account.server.rstrip("/")

    async def _who(self) -> str:
        if not self._me:
            url = f"{self._server}{_API}/account/whoami"
            self._me = _read(await self._fetch.get(url, **await self._options()), _Me).user_id
        return self._me

    async def _resolved(self, to: str) -> str:
        """Return the room's id as it stands in a path; an alias is asked for once."""
        if to.startswith("!"):
            return quote(to, safe="")
        if to not in self._rooms:
            url = f"{self._server}{_API}/directory/room/{quote(to, safe='')}"
            found = _read(await self._fetch.get(url, **await self._options()), _Room)
            self._rooms[to] = quote(found.room_id, safe="")
        return self._rooms[to]

    async def _options(self) -> Options:
        return {
            "auth": Bearer(await secret_of(self._account, self._env)),
            "private": self._account.private,
            "ca_file": self._account.ca_file,
            "deadline": _DEADLINE,
            "wire_cap": _CAP,
            "decoded_cap": _CAP,
        }


def _transaction(message: Message) -> str:
    return f"crisisroom-{hashlib.sha256(message.id.encode()).hexdigest()[:40]}"


def _read(answer: Response, model: type[_Model]) -> _Model:
    try:
        return msgspec.json.decode(answer.body, type=model)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FetchError("protocol", "not an answer of Matrix", sent=True) from error


def _failure(error: FetchError, *, sent: bool) -> Exception:
    refused = 400 <= error.status < 500 or error.code in ("address", "redirect")
    if error.status in (401, 403):
        hint = "invite it into the room and join, or check its token"
        return NotDelivered(f"Matrix lets us not write there ({error.status})", hint)
    if not sent or refused or not error.sent:
        message = f"Matrix did not take it: {error.message}{own_network(error)}"
        return NotDelivered(message, "try again, or call", away=not error.status)
    return InDoubt(f"Matrix gave no clear answer: {error.message}")
