"""Messages to people who have no terminal: one small Protocol, one module a way.

What a failed one means is kept apart: it did not go (`NotDelivered`), or nobody knows (`InDoubt`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from crisisroom.config import RoomConfig
from crisisroom.config.settings import Messenger
from crisisroom.core.errors import Refused

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

_USUAL: Mapping[str, tuple[str, ...]] = {
    "mail": ("email", "mail"),
    "ntfy": ("ntfy",),
    "apprise": ("sms",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one person. It may hold a one-time code, so that its words are never printed."""

    id: str  # a word of our own, the same for every try
    title: str
    text: str = field(repr=False)
    at: datetime


class NotDelivered(Exception):
    """The message did not go; `hint` says what to do. Never the message's own words."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InDoubt(Exception):
    """The message may have gone: no answer came, or none that says so."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Carrier(Protocol):
    """One way to reach people."""

    id: str

    async def carry(self, to: str, message: Message) -> None:
        """Hand a message over for one address, once; NotDelivered, InDoubt or Refused."""
        ...


class Carriers(Protocol):
    """The ways to reach people that a room has, by the kind of reach they serve."""

    def serving(self, by: str) -> Carrier | None:
        """Return what serves a kind of reach (email, sms), None where nothing does."""
        ...


class Messengers:
    """The messengers of a room's settings; their secrets are looked up when one is used."""

    def __init__(
        self, config: RoomConfig, fetch: Fetcher, env: Mapping[str, str] = os.environ
    ) -> None:
        self._config = config
        self._fetch = fetch
        self._env = env

    def serving(self, by: str) -> Carrier | None:
        """Return the first messenger that serves a kind of reach, None where none does."""
        found = next((one for one in self._config.messengers if by in serves(one)), None)
        return make(found, self._config, self._fetch, self._env) if found else None


def serves(messenger: Messenger) -> tuple[str, ...]:
    """Return the kinds of reach that a messenger serves."""
    return messenger.by or _USUAL[messenger.type]


def make(
    messenger: Messenger, config: RoomConfig, fetch: Fetcher, env: Mapping[str, str] = os.environ
) -> Carrier:
    """Build a messenger; Refused where the settings leave out what it needs."""
    if messenger.type == "ntfy":
        from crisisroom.notifiers.ntfy import Ntfy

        return Ntfy(messenger, fetch, env)
    if messenger.type == "apprise":
        from crisisroom.notifiers.services import Service

        return Service(messenger, env)
    from crisisroom.notifiers.by_mail import ByMail

    account = next((one for one in config.accounts if one.id == messenger.account), None)
    if account is None or account.type != "mail" or not account.smtp:
        message = f"the messenger {messenger.id} needs an account of type mail with smtp:"
        raise Refused("messenger", message, "name it by account: in crisisroom.yaml")
    return ByMail(messenger.id, account, fetch, env)
