"""Who leads, who speaks for the law, and what only they decide."""

from __future__ import annotations

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, RoleState
from crisisroom.room import Scene


def lead_of(state: Incident) -> RoleState | None:
    """Return the role that leads: the one called `lead`, else the first; None without any."""
    return state.roles.get("lead") or next(iter(state.roles.values()), None)


def leads(state: Incident, scene: Scene) -> bool:
    """Tell whether this person leads; in a room without a team, or a plan without roles, all do."""
    role = lead_of(state)
    return scene.solo or role is None or role.holder == scene.actor


def role_and_holder(role: RoleState) -> str:
    """Return a role with who holds it, in words: `Legal (cy)`, the role alone where nobody does."""
    return f"{role.title} ({role.holder})" if role.holder else role.title


def leader(state: Incident) -> str:
    """Return who leads, in words: `Lead (bo)`, the role alone where nobody holds it."""
    role = lead_of(state)
    return "anybody" if role is None else role_and_holder(role)


def refuse_unless_lead(state: Incident, scene: Scene, what: str) -> None:
    """Refuse whoever does not lead, and say who does."""
    role = lead_of(state)
    if role is None or leads(state, scene):
        return
    hint = f"role take {role.id} makes you that" if not role.holder else f"ask {role.holder}"
    raise Refused("may-not", f"only {leader(state)} may {what}", hint)


def legal_of(state: Incident) -> RoleState | None:
    """Return the role that speaks for the law: `legal`, in a plan without it whoever leads."""
    return state.roles.get("legal") or lead_of(state)


def refuse_unless_legal(state: Incident, scene: Scene, what: str) -> None:
    """Refuse whoever is not Legal, and say who is; in a room without a team its person may."""
    role = legal_of(state)
    if role is None or scene.solo or role.holder == scene.actor:
        return
    hint = f"ask {role.holder}" if role.holder else f"role take {role.id} makes you that"
    raise Refused("may-not", f"only {role_and_holder(role)} may {what}", hint)
