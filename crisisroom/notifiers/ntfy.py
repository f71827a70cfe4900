"""Messages by ntfy: one POST to a server, for the topic that a person's phone listens to.

A page has a button, where the settings name a topic for answers: the phone posts the page's own
words there, and the watcher reads them. A newer server knows a repeat by its `sequence_id`; on any
can be looked whether a message went.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.config.settings import Messenger
from crisisroom.config.token import places, secret_of
from crisisroom.core.errors import Refused
from crisisroom.notifiers.messages import Answer, InDoubt, Message, NotDelivered, own_network
from crisisroom.wire.answer import Bearer, FetchError, Response

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher, Options

USUAL_SERVER = "https://ntfy.sh"
LONGEST = 4096  # bytes; of a longer one ntfy makes a file, which a phone does not show
_PRIORITY = {"": 4, "urgent": 5, "quiet": 3}  # of 1 to 5: from 4 on it makes a sound
_LONGER = 10.0  # seconds by which clocks may differ when a message is looked for
_DEADLINE = 20.0  # seconds
_CAP = 64 << 10  # bytes of an answer
_MOST = 4 << 20  # bytes of all that a topic still has
_LONGEST_ANSWER = 200  # characters
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")


class _Taken(msgspec.Struct, frozen=True):
    """What a server says of a message that it took."""

    event: str
    topic: str
    id: str


class _Cached(msgspec.Struct, frozen=True):
    """A message that a server still has."""

    event: str
    id: str
    title: str = ""
    message: str = ""


class Ntfy:
    """One ntfy server; an address on it is a topic, which whoever knows its name can read."""

    def __init__(self, messenger: Messenger, fetch: Fetcher, env: Mapping[str, str]) -> None:
        self.id = messenger.id
        self._messenger = messenger
        self._server = messenger.server or USUAL_SERVER
        self._fetch = fetch
        self._env = env

    async def carry(self, to: str, message: Message) -> str:
        """Publish the message for a topic; NotDelivered, InDoubt, or Refused for the token."""
        topic = self._topic(to)
        if len(message.text.encode()) > LONGEST:
            why = f"this text is too long for ntfy, which takes {LONGEST} bytes"
            raise NotDelivered(why, "ask by mail: --way email")
        try:
            answer = await self._fetch.post(
                self._server,
                json=self._published(topic, message),
                **await self._options(),
            )
        except FetchError as error:
            raise self._failure(error) from None  # its context holds the request
        return self._taken(answer, topic)

    def _published(self, topic: str, message: Message) -> dict[str, Any]:
        kind = ("urgent" if message.urgent else "quiet") if message.page else ""
        body: dict[str, Any] = {
            "topic": topic,
            "title": message.title,
            "message": message.text,
            "priority": _PRIORITY[kind],
        }
        if message.page:
            body["sequence_id"] = message.id
        if message.answer and self._messenger.replies:
            button = {"action": "http", "label": "Acknowledge", "method": "POST", "clear": True}
            place = f"{self._server.rstrip('/')}/{self._messenger.replies}"
            body["actions"] = [button | {"url": place, "body": message.answer}]
        return body

    async def seen(self, to: str, message: Message) -> str | None:
        """Look among the messages that the server still has; NotDelivered where it shows none."""
        since = int(message.at.timestamp() - _LONGER)
        for one in await self._cached(self._topic(to), since):
            if (one.title, one.message) == (message.title, message.text):
                return one.id
        return None

    async def answers(self, sent: Sequence[tuple[str, str]], since: datetime) -> list[Answer]:
        """Return what phones posted to the topic for answers since then."""
        if not self._messenger.replies:
            return []
        found = await self._cached(self._messenger.replies, int(since.timestamp() - _LONGER))
        return [Answer(words=one.message[:_LONGEST_ANSWER]) for one in found]

    async def prove(self) -> None:
        """Ask whether the server is well; NotDelivered."""
        try:
            await self._fetch.get(f"{self._server.rstrip('/')}/v1/health", **await self._options())
        except FetchError as error:
            raise NotDelivered(f"ntfy: {error.message}") from None

    async def _cached(self, topic: str, since: int) -> list[_Cached]:
        url = f"{self._server.rstrip('/')}/{topic}/json?poll=1&since={since}"
        try:
            answer = await self._fetch.get(url, **await self._options(_MOST))
            lines = [line for line in answer.body.splitlines() if line]
            found = [msgspec.json.decode(line, type=_Cached) for line in lines]
        except FetchError as error:
            raise NotDelivered(f"ntfy lets us not look there: {error.message}") from None
        except (msgspec.DecodeError, UnicodeError):
            raise NotDelivered(f"{self._server} does not answer like ntfy") from None
        return [one for one in found if one.event == "message"]

    async def _options(self, cap: int = _CAP) -> Options:
        keyed = self._messenger
        token = await secret_of(keyed, self._env) if places(keyed) else ""
        return {
            "auth": Bearer(token) if token else None,
            "private": keyed.private,
            "ca_file": keyed.ca_file,
            "deadline": _DEADLINE,
            "wire_cap": cap,
            "decoded_cap": cap,
        }

    def _topic(self, to: str) -> str:
        """Return the topic alone of `crisis-legal` or `https://ntfy.example/crisis-legal`."""
        topic = to.removeprefix(f"{self._server.rstrip('/')}/")
        if not _TOPIC.fullmatch(topic):
            message = f"the ntfy topic of this contact is none on {self._server}"
            raise Refused("reach", message, "a topic is one word of letters, digits, - and _")
        return topic

    def _failure(self, error: FetchError) -> Exception:
        if error.status in (401, 403):
            hint = f"check the token of the messenger {self.id}"
            return NotDelivered(f"ntfy lets us not write there ({error.status})", hint)
        refused = 400 <= error.status < 500 or error.code in ("address", "redirect")
        if refused or not error.sent:
            message = f"ntfy did not take it: {error.message}{own_network(error)}"
            return NotDelivered(message, "try again, or call", away=not refused)
        return InDoubt(f"ntfy gave no clear answer: {error.message}")

    def _taken(self, answer: Response, topic: str) -> str:
        try:
            taken = msgspec.json.decode(answer.body, type=_Taken)
        except (msgspec.DecodeError, UnicodeError):
            raise InDoubt(f"{self._server} does not answer like ntfy") from None
        if taken.event != "message" or taken.topic != topic:
            raise InDoubt(f"{self._server} does not say that it took the message")
        return taken.id
