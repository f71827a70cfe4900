"""Messages to people who have no terminal: one small Protocol, one module a way.

What a failed one means is kept apart: it did not go (`NotDelivered`), or nobody knows (`InDoubt`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from crisisroom.config import Account, RoomConfig
from crisisroom.config.settings import Messenger
from crisisroom.core.errors import Refused

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher
    from crisisroom.wire.answer import FetchError

_USUAL: Mapping[str, tuple[str, ...]] = {
    "mail": ("email", "mail"),
    "ntfy": ("ntfy",),
    "apprise": ("sms",),
    "matrix": ("matrix",),
    "webhook": ("webhook",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one person. It may hold a one-time code, so that its words are never printed."""

    id: str  # a word of our own, the same for every try
    title: str
    text: str = field(repr=False)
    at: datetime
    urgent: bool = True  # it may make a sound
    page: str = ""  # PAGE-3: it is one of the room's notices
    answer: str = field(default="", repr=False)  # the words that acknowledge it from outside


class NotDelivered(Exception):
    """The message did not go; `hint` says what to do. Never the message's own words.

    `away` means that nobody was there to take it, which passes by itself.
    """

    def __init__(self, message: str, hint: str = "", *, away: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.away = away


class InDoubt(Exception):
    """The message may have gone: no answer came, or none that says so."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Carrier(Protocol):
    """One way to reach people."""

    id: str

    async def carry(self, to: str, message: Message) -> str | None:
        """Hand a message over for one address, once; NotDelivered, InDoubt or Refused.

        Returns what the other side calls it, where it says so.
        """
        ...


@runtime_checkable
class Looks(Protocol):
    """A way on which can be seen whether a message went, after a try that nobody saw end."""

    async def seen(self, to: str, message: Message) -> str | None:
        """Return what the other side calls the message, None where it has none; NotDelivered."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody answered: by the words of a button, or to the message with an id of the way's."""

    words: str = field(default="", repr=False)
    remote: str = ""
    by: str = ""  # what the other side calls them


@runtime_checkable
class Hears(Protocol):
    """A way on which people answer."""

    async def answers(self, sent: Sequence[tuple[str, str]], since: datetime) -> list[Answer]:
        """Return who answered since then; `sent` are the addresses and ids of open messages.

        NotDelivered where nobody can be asked.
        """
        ...


@runtime_checkable
class Proves(Protocol):
    """A way that can be tried without telling anybody."""

    async def prove(self) -> None:
        """Do nothing where it works; NotDelivered or Refused says why it does not."""
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

    def named(self, messenger_id: str) -> Carrier | None:
        """Return a messenger by its id, None where the settings have none."""
        found = next((one for one in self._config.messengers if one.id == messenger_id), None)
        return make(found, self._config, self._fetch, self._env) if found else None


def own_network(error: FetchError) -> str:
    """Return what to write in the settings where a server of our own network was refused."""
    return " (private: yes at this messenger allows it)" if error.code == "address" else ""


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
    if messenger.type == "webhook":
        from crisisroom.notifiers.webhook import Webhook

        return Webhook(messenger, fetch, env)
    if messenger.type == "matrix":
        from crisisroom.notifiers.matrix import Matrix

        return Matrix(messenger.id, _account(messenger, config, "matrix"), fetch, env)
    from crisisroom.notifiers.by_mail import ByMail

    account = _account(messenger, config, "mail")
    if not account.smtp:
        message = f"the messenger {messenger.id} needs an account of type mail with smtp:"
        raise Refused("messenger", message, "name it by account: in crisisroom.yaml")
    return ByMail(messenger.id, account, fetch, env)


def _account(messenger: Messenger, config: RoomConfig, kind: str) -> Account:
    found = next((one for one in config.accounts if one.id == messenger.account), None)
    if found is None or found.type != kind:
        more = " with smtp:" if kind == "mail" else ""
        message = f"the messenger {messenger.id} needs an account of type {kind}{more}"
        raise Refused("messenger", message, "name it by account: in crisisroom.yaml")
    return found
