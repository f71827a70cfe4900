"""Whether a composer opens at all: the line that the lead set for a story comes first."""

from __future__ import annotations

from datetime import tzinfo

from crisisroom.core.errors import Refused
from crisisroom.core.lines import LINES, allowed, legal_role
from crisisroom.core.said import StoryLine
from crisisroom.core.terms import zone_of
from crisisroom.room import Room
from crisisroom.room.desk import Desk, at_desk
from crisisroom.tui.rows.times import clock

_SHUT = ("monitor", "legal")  # lines under which it is not for everybody to write


async def refuse_shut(room: Room, inc: str, mention_id: str) -> None:
    """Refuse where the story's line lets this person write nothing, with who set it and why."""
    desk = await at_desk(room, inc, mention_id=mention_id)
    held, mention = desk.line, desk.mention
    if held is None or mention is None or held.line not in _SHUT:
        return
    if allowed(held, mention, desk.incident, room.actor.name, "") is not None:
        zone = zone_of(desk.incident.zone)
        raise Refused("line", _said(held, desk, zone), _way_out(held, desk))


def _said(held: StoryLine, desk: Desk, zone: tzinfo) -> str:
    why = f": {held.why}" if held.why else ""
    return f"{LINES[held.line]}, set by {held.by} {clock(held.at, desk.now, zone)}{why}"


def _way_out(held: StoryLine, desk: Desk) -> str:
    if held.line == "monitor":
        return "nobody answers; the lead changes it with L"
    plan, roles = desk.incident.plan, desk.incident.roles
    role = roles.get(legal_role(plan))
    if role is None:
        return "the plan has no such role; the lead changes it with L"
    return f"{role.holder or 'nobody'} is {role.title}; the lead changes it with L"
