"""Messages to a program of one's own: a signed call, which says the same at every try.

It is signed as the room's statements to a webhook are: see `crisisroom.wire.signed`. The key is
the message's id; a receiver that keeps it does a repeat no second time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from crisisroom.config.settings import Messenger
from crisisroom.config.token import secret_of
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import stamp
from crisisroom.notifiers.messages import InDoubt, Message, NotDelivered, own_network
from crisisroom.wire.answer import FetchError
from crisisroom.wire.signed import secret_of_hook, signed

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

_PATH = re.compile(r"/[^\s?#]{0,400}")
_DEADLINE = 20.0  # seconds
_CAP = 64 << 10  # bytes of an answer


class Webhook:
    """One server that is called; an address on it is a path."""

    def __init__(self, messenger: Messenger, fetch: Fetcher, env: Mapping[str, str]) -> None:
        self.id = messenger.id
        self._messenger = messenger
        self._fetch = fetch
        self._env = env

    async def carry(self, to: str, message: Message) -> str:
        """Call once; NotDelivered, InDoubt, or Refused for the secret or the path."""
        if not _PATH.fullmatch(to):
            hint = "write a path on the messenger's server, like /pages/ada"
            raise Refused("reach", "the webhook's path of this person is none", hint)
        body = msgspec.json.encode(_called(message))
        secret = secret_of_hook(await secret_of(self._messenger, self._env))
        headers = signed(secret, message.id, message.at, body)
        try:
            await self._fetch.post(
                f"{self._messenger.server.rstrip('/')}{to}",
                content=body,
                headers={"Content-Type": "application/json", **headers},
                private=self._messenger.private,
                ca_file=self._messenger.ca_file,
                deadline=_DEADLINE,
                wire_cap=_CAP,
                decoded_cap=_CAP,
            )
        except FetchError as error:
            raise _failure(error) from None  # its context holds the request
        return message.id


def _called(message: Message) -> dict[str, object]:
    return {
        "type": "crisisroom.page" if message.page else "crisisroom.message",
        "id": message.id,
        "page": message.page,
        "title": message.title,
        "text": message.text,
        "urgent": message.urgent,
        "acknowledge": message.answer,
        "at": stamp(message.at),
    }


def _failure(error: FetchError) -> Exception:
    if not error.sent or 400 <= error.status < 500 or error.code in ("address", "redirect"):
        message = f"the webhook did not take it: {error.message}{own_network(error)}"
        return NotDelivered(message, "try again, or call", away=not error.sent)
    return InDoubt(f"the webhook gave no clear answer: {error.message}")
