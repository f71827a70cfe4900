"""The ways out of a room: which channel a text takes, made when it is first asked for."""

from __future__ import annotations

from functools import partial
from importlib import import_module

import msgspec

from crisisroom import channels
from crisisroom.channels import Channel
from crisisroom.config import Account
from crisisroom.config.token import secret
from crisisroom.core.incident import Incident
from crisisroom.room import Room
from crisisroom.watch.renewing import Renewing

_KEYS = ("server", "host", "smtp", "handle", "sender", "to", "app", "private", "ca_file")


class Ways:
    """The channels of a room's accounts; what belongs to a drill takes a stand-in."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._made: dict[str, Channel | None] = {}

    def channel(self, incident: Incident, channel_id: str) -> Channel | None:
        """Return the channel for an incident's words, None where no account has this name.

        Raises Refused when the account's token cannot be had, or its settings do not fit.
        """
        name = f"drill:{channel_id}" if incident.drill else channel_id
        if name not in self._made:
            self._made[name] = self._make(incident, channel_id)
        return self._made[name]

    def forget(self) -> None:
        """Make every channel anew when it is next asked for: the settings changed."""
        self._made.clear()

    def _make(self, incident: Incident, channel_id: str) -> Channel | None:
        clock = self._room.clock
        if incident.drill:  # nothing of a drill goes anywhere real
            room = self._room.store.here
            kept = room.with_name(f"{room.name}-standin.jsonl")
            return channels.make("stand-in", channel_id, {"path": str(kept)}, clock=clock)
        account = next((one for one in self._room.config.ways_out if one.id == channel_id), None)
        if account is None:
            return None
        options = options_of(account)

        def made(token: str) -> Channel:
            return channels.make(account.type, channel_id, options, token=token, clock=clock)

        if account.token_command:
            return Renewing(partial(secret, account), made, clock)
        return made(secret(account))


def options_of(account: Account) -> dict[str, str | bool]:
    """Return what an account's settings say to its channel: the keys set that the channel knows."""
    known = _known(account.type)
    return {key: value for key in _KEYS if key in known and (value := getattr(account, key))}


def _known(kind: str) -> tuple[str, ...]:
    """Return the options of a kind of channel, as its own model of them says."""
    module = import_module(f"crisisroom.channels.{kind}")
    models = [
        value
        for name, value in vars(module).items()
        if name.endswith("Options")
        and isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == module.__name__
    ]
    return tuple(field for model in models for field in model.__struct_fields__)
