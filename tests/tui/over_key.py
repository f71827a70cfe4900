"""A room as somebody has it who came in by an SSH key."""

from __future__ import annotations

import msgspec

from crisisroom.config.team import Member
from crisisroom.room import Actor, Room
from crisisroom.room.settings import apply_config


async def over_key(room: Room, name: str = "ada") -> Room:
    """Return the room for a member of its team, who becomes one where they are not yet."""
    if not any(one.id == name for one in room.config.team):
        member = Member(name, name.title(), tuple(sorted(_roles(room))))
        team = (*room.config.team, member)
        await apply_config(room, msgspec.structs.replace(room.config, team=team), "crisisroom.yaml")
    return room.as_actor(Actor(name, via="shell"))


def _roles(room: Room) -> set[str]:
    return {role for one in room.config.team for role in one.roles}
