"""Who is in the team: what they may be and approve, what they are now, and how to reach them."""

from __future__ import annotations

import msgspec

from crisisroom.config import Member
from crisisroom.core.approval import titles
from crisisroom.room import Room, reading


class Standing(msgspec.Struct, frozen=True):
    """A member of the team, and the roles they hold in open incidents as `(INC-7, Lead)`."""

    member: Member
    holds: tuple[tuple[str, str], ...] = ()


async def members(room: Room) -> tuple[Standing, ...]:
    """Return the team as the settings name it; empty for a room without one."""
    running = [one for one in await reading.incidents(room) if one.status == "open"]
    return tuple(
        Standing(
            member,
            tuple(
                (state.id, title)
                for state in running
                for title in titles(state, state.holds(member.id))
            ),
        )
        for member in room.config.team
    )


def may_words(member: Member) -> str:
    """Return what somebody may be and approve: `may be lead, social; approves reply-words only`."""
    if member.reads_only:
        return f"reads only ({member.access})"
    roles = f"may be {', '.join(member.roles)}" if member.roles else "may hold no role"
    if member.approves is None:
        return roles
    only = f"approves {', '.join(member.approves)} only" if member.approves else "approves nothing"
    return f"{roles}; {only}"


def keys_words(member: Member) -> str:
    """Return whether somebody comes in by SSH."""
    count = len(member.keys)
    return "no SSH key" if not count else "1 SSH key" if count == 1 else f"{count} SSH keys"


def reach_words(member: Member) -> str:
    """Return how somebody is reached, in order: `phone +49 30 1234, email ada@example.org`."""
    return ", ".join(f"{way.by} {way.to}" for way in member.reach) or "no way to reach them"
