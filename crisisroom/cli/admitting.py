"""Who is let into a room: by whose word they are who they say, and whether they may act."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crisisroom.config import member_of
from crisisroom.core.errors import Refused
from crisisroom.room import Actor, Room

if TYPE_CHECKING:
    from crisisroom.cli.context import Context


def named_by_server(room: Room) -> None:
    """Let whoever comes by their own login to a room on a server be who the server says."""
    who = room.store.session_user
    if who and not room.actor.via:
        room.actor = Actor(who)


def admit(room: Room, context: Context, address: str) -> None:
    """Refuse whom the room's team does not let in, and what a member may not do."""
    if room.actor.via or not (context.serves and _owns(address)):
        _check_name(room)
    _check_access(room, context)


def _check_name(room: Room) -> None:
    if room.actor.confined:
        return  # the room itself looks at that, each time it is read or written
    team = {member.id for member in room.config.team}
    if not team or room.config.rehearses:
        return
    if room.actor.via == "as":
        raise Refused(
            "as", "--as is not for this room: its team says who people are", "leave --as out"
        )
    if room.actor.name not in team:
        raise Refused(
            "not-in-team",
            f"{room.actor.name} is not in this room's team",
            "somebody of the team adds you under `team` in crisisroom.yaml and applies it",
        )


def _owns(address: str) -> bool:
    """Tell whether the room is this account's own; of one on a server, the server says who may."""
    return "://" in address or Path(address).stat().st_uid == os.getuid()


def _check_access(room: Room, context: Context) -> None:
    """Refuse what changes the room where somebody only reads it."""
    member = member_of(room.config.team, room.actor.name)
    if context.acts and context.confined and member is not None and member.reads_only:
        hint = "the team in crisisroom.yaml says so; help lists what there is to read"
        raise Refused("reads-only", f"{member.name} reads only ({member.access})", hint)
