"""Messages by ntfy: one POST to a server, for the topic that a person's phone listens to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from crisisroom.config.settings import Messenger
from crisisroom.config.token import places, secret_of
from crisisroom.core.errors import Refused
from crisisroom.notifiers.messages import InDoubt, Message, NotDelivered
from crisisroom.wire.answer import Bearer, FetchError, Response

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

USUAL_SERVER = "https://ntfy.sh"
LONGEST = 4096  # bytes; of a longer one ntfy makes a file, which a phone does not show
_HIGH = 4  # of 1 to 5: it makes a sound
_DEADLINE = 20.0  # seconds
_CAP = 64 << 10  # bytes of an answer
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")


class _Taken(msgspec.Struct, frozen=True):
    """What a server says of a message that it took."""

    event: str
    topic: str
    id: str


class Ntfy:
    """One ntfy server; an address on it is a topic, which whoever knows its name can read."""

    def __init__(self, messenger: Messenger, fetch: Fetcher, env: Mapping[str, str]) -> None:
        self.id = messenger.id
        self._messenger = messenger
        self._server = messenger.server or USUAL_SERVER
        self._fetch = fetch
        self._env = env

    async def carry(self, to: str, message: Message) -> None:
        """Publish the message for a topic; NotDelivered, InDoubt, or Refused for the token."""
        topic = self._topic(to)
        if len(message.text.encode()) > LONGEST:
            why = f"this text is too long for ntfy, which takes {LONGEST} bytes"
            raise NotDelivered(why, "ask by mail: --way email")
        body = {
            "topic": topic,
            "title": message.title,
            "message": message.text,
            "priority": _HIGH,
        }
        try:
            answer = await self._fetch.post(
                self._server,
                json=body,
                auth=Bearer(await self._token()) if places(self._messenger) else None,
                private=self._messenger.private,
                ca_file=self._messenger.ca_file,
                deadline=_DEADLINE,
                wire_cap=_CAP,
                decoded_cap=_CAP,
            )
        except FetchError as error:
            raise self._failure(error) from None  # its context holds the request
        self._require_taken(answer, topic)

    async def _token(self) -> str:
        return await secret_of(self._messenger, self._env)

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
            return NotDelivered(f"ntfy did not take it: {error.message}", "try again, or call")
        return InDoubt(f"ntfy gave no clear answer: {error.message}")

    def _require_taken(self, answer: Response, topic: str) -> None:
        try:
            taken = msgspec.json.decode(answer.body, type=_Taken)
        except (msgspec.DecodeError, UnicodeError):
            raise InDoubt(f"{self._server} does not answer like ntfy") from None
        if taken.event != "message" or taken.topic != topic:
            raise InDoubt(f"{self._server} does not say that it took the message")
