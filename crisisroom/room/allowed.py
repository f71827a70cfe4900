"""What the team in force lets people be and approve, and who may instead of somebody."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.config import Member, member_of, who_may_hold
from crisisroom.core.errors import Refused
from crisisroom.core.incident import RoleState

NOBODY = "nobody of the team may yet: crisisroom.yaml says who does"


def refuse_role(team: Sequence[Member], name: str, role: RoleState) -> None:
    """Refuse a role that the team does not give a person, with who may hold it."""
    if not team:
        return
    member = member_of(team, name)
    if member is None or not member.may_hold(role.id):
        why = f": {name} reads only ({member.access})" if member and member.reads_only else ""
        hint = _may(who_may_hold(team, role.id), f"be {role.title}")
        raise Refused("role", f"{name} may not be {role.title}{why}", hint)


def approval_flaw(team: Sequence[Member], name: str, approval_id: str) -> str:
    """Say why somebody may not give an approval whatever roles they hold; empty where they may."""
    member = member_of(team, name)
    if member is None or member.may_give(approval_id):
        return ""
    if member.reads_only:
        return f"{name} reads only ({member.access})"
    given = " and ".join(member.approves or ())
    only = f"only {given}" if given else "nothing"
    return f"{name} approves {only}, not {approval_id}"


def refuse_approval(
    team: Sequence[Member], name: str, approval_id: str, roles: Sequence[str], what: str
) -> None:
    """Refuse an approval that the team does not let a person give, with who may.

    `roles` are those it asks for, none for any colleague; `what` is approved.
    """
    if flaw := approval_flaw(team, name, approval_id):
        others = [
            one.id
            for one in team
            if one.may_give(approval_id) and (not roles or any(map(one.may_hold, roles)))
        ]
        message = f"{name} may not approve {what}: {flaw}"
        raise Refused("may-not-approve", message, _may(others, "approve it"))


def _may(names: Sequence[str], what: str) -> str:
    return f"{' or '.join(names)} may {what}" if names else NOBODY
