"""The ways out of a room: which channel a text takes, made when it is first asked for."""

from __future__ import annotations

from crisisroom import channels
from crisisroom.channels import Channel
from crisisroom.config import secret
from crisisroom.core.incident import Incident
from crisisroom.room import Room


class Ways:
    """The channels of a room's accounts; what belongs to a drill takes a stand-in."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._made: dict[str, Channel | None] = {}

    def channel(self, incident: Incident, channel_id: str) -> Channel | None:
        """Return the channel for an incident's words, None where no account has this name.

        Raises Refused when the account's token cannot be had.
        """
        name = f"drill:{channel_id}" if incident.drill else channel_id
        if name not in self._made:
            self._made[name] = self._make(incident, channel_id)
        return self._made[name]

    def forget(self) -> None:
        """Make every channel anew when it is next asked for: the settings changed."""
        self._made.clear()

    def _make(self, incident: Incident, channel_id: str) -> Channel | None:
        if incident.drill:  # nothing of a drill goes anywhere real
            kept = self._room.store.path.with_name(f"{self._room.store.path.name}-standin.jsonl")
            return channels.make("stand-in", channel_id, {"path": str(kept)})
        account = next((one for one in self._room.config.ways_out if one.id == channel_id), None)
        if account is None:
            return None
        options = {
            "server": account.server,
            "private": account.private,
            "ca_file": account.ca_file,
        }
        return channels.make(account.type, channel_id, options, token=secret(account))
