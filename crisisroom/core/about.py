"""What somebody says an entry is about, checked against what the incident has."""

from __future__ import annotations

from typing import Any

from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.links import Link, LinkSort, parse
from crisisroom.core.nearest import did_you_mean

WRITTEN = "write it like M-12, ST-3, N-3, T:pause-posts, F:affected, C:lab, E:12"


def named(given: str) -> Link:
    """Return a link as it was typed; Usage for what names nothing of a room."""
    if link := parse(given):
        return link
    raise Usage("about", f"{given[:40]} names nothing of a room", WRITTEN)


def checked(incident: Incident, given: str) -> str:
    """Return a link as it is kept, of a thing that the incident has; Usage for anything else."""
    link = named(given)
    known = _things(incident, link.sort)
    if link.id not in known:
        message = f"{incident.id} has no {link.sort} {link.id[:60]}"
        raise Usage("about", message, _how(incident, link, known))
    return link.ref


def _how(incident: Incident, link: Link, known: tuple[str, ...]) -> str:
    if link.sort == "mention":
        return f"link it first: crisisroom mention link {incident.id} {link.id}"
    if link.sort == "story":
        return f"link it first: crisisroom narrative link {incident.id} {link.id}"
    if link.sort == "entry":
        return f"1 to {incident.seq}"
    return did_you_mean(link.id, known, "there is")


def _things(incident: Incident, sort: LinkSort) -> tuple[str, ...]:
    """Return the ids of one sort of thing that the incident has."""
    plan = incident.plan
    found: dict[LinkSort, Any] = {
        "mention": (one.id for one in incident.mentions.values()),
        "story": (one.id for one in incident.stories.values()),
        "warning": (one.id for one in incident.warnings),
        "statement": incident.statements,
        "reply": incident.replies,
        "task": incident.tasks,
        "phase": (one.id for one in plan.phases),
        "pause": incident.pauses,
        "fact": incident.facts,
        "contact": (one.id for one in plan.contacts),
        "role": incident.roles,
        "duty": incident.deadlines,
        "cadence": (one.id for one in plan.cadences),
        "escalation": (one.id for one in plan.escalations),
        "enquiry": incident.enquiries,
        "promise": incident.promised,
        "bulk": incident.bulks,
        "question": incident.questions,
        "ask": incident.asked,
        "message": (
            *(one.id for one in plan.key_messages),
            *(one.id for one in plan.faq),
        ),
        "action": incident.actions,
        "factor": incident.factors,
        "evidence": incident.evidence,
        "playbook": (one.id for one in (incident.playbook, *incident.playbooks)),
        "entry": (f"{seq}" for seq in range(1, incident.seq + 1)),
    }
    return tuple(found[sort])
