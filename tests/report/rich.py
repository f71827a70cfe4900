"""A plan with duties, calls and a fact that says since when, and the figures of a log."""

from __future__ import annotations

from typing import Any

import msgspec
from report.builders import PLAN, Log

from crisisroom.core.playbook import Deadline, Escalation, EscalationStep, Fact, Guardrails
from crisisroom.report.metrics import Metric, metrics

RICH = msgspec.structs.replace(
    PLAN,
    facts=(*PLAN.facts, Fact("impact_started", "Since when", type="time")),
    deadlines=(Deadline("gdpr", "Tell the authority", "cause", "72h"),),
    escalations=(
        Escalation("wake", "Wake the lead", (EscalationStep(("ceo",)), EscalationStep(("lead",)))),
    ),
    guardrails=Guardrails(never_answer=("troll",)),
)


def plan(**changes: Any) -> Any:
    """Return the richer plan as an entry holds it."""
    changed = msgspec.structs.replace(RICH, **changes)
    return msgspec.json.decode(msgspec.json.encode(changed))


def figures(log: Log, target: int | None = None) -> dict[str, Metric]:
    return {one.id: one for one in metrics(log.record, target)}


def ends(one: Metric) -> tuple[str, int | None, int | None, int | None]:
    return one.state, one.seconds, one.since, one.to
