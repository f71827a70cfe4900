"""What stands above the checklist: calls under way, the law's deadlines, questions from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from crisisroom.core.incident import DeadlineState, Enquiry, EscalationRun, Incident
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, clip, fit, gap, row
from crisisroom.tui.rows.times import due
from crisisroom.tui.situation import Situation

T = TypeVar("T")
_TEXT = 16  # the column where words begin, as in the checklist


def duty_rows(know: Situation, width: int) -> list[Row]:
    """Return the groups that have something in them; `at` is `call:`, `deadline:`, `enquiry:ID`."""
    incident = know.incident
    if incident is None:
        return []
    return [
        *_group("Call now", _calls(incident), lambda one: _call(know, incident, one, width)),
        *_law(know, incident, width),
        *_group("Questions from outside", _asked(incident), lambda one: _enquiry(know, one, width)),
    ]


def _group(title: str, things: Sequence[T], shown: Callable[[T], Iterable[Row]]) -> list[Row]:
    if not things:
        return []
    return [row(gap(3), Cell(title, "bold")), *(line for one in things for line in shown(one))]


def _calls(incident: Incident) -> list[EscalationRun]:
    """Return the escalations nobody has acknowledged yet, those that ran out too."""
    if incident.status != "open":
        return []
    runs = incident.escalations.values()
    return [run for run in runs if run.next_at or (run.exhausted and not run.acknowledged_by)]


def _law(know: Situation, incident: Incident, width: int) -> list[Row]:
    """Return the duties that run, the next due first, then how many may still come."""
    running = [one for one in incident.deadlines.values() if one.state == "running"]
    running.sort(key=lambda one: (one.due_at or incident.declared_at, one.id))
    rows = [line for one in running for line in _duty(know, one, width)]
    waiting = [one for one in incident.deadlines.values() if one.state == "waiting"]
    if waiting:
        facts = ", ".join(dict.fromkeys(one.waiting_for for one in waiting))
        told = clip(f"{len(waiting)} more: {facts}", width - _TEXT)
        rows.append(_line((signs.WAITS, "quiet"), ("waits", "quiet"), "", told, _WAITING, "quiet"))
    return [row(gap(3), Cell("Legal duties", "bold")), *rows] if rows else []


_WAITING = "deadlines:waiting"


def _asked(incident: Incident) -> list[Enquiry]:
    return [one for one in incident.enquiries.values() if one.state == "open"]


def _line(
    mark: tuple[str, str], when: tuple[str, str], who: str, words: str, at: str, role: str
) -> Row:
    return row(
        gap(1),
        Cell(*mark),
        gap(1),
        Cell(fit(when[0], 7), when[1]),
        gap(1),
        Cell(fit(who[:4], 4), "text"),
        gap(1),
        Cell(words, role),
        at=at,
    )


def _due(know: Situation, clock_id: str, moment: datetime | None) -> tuple[str, str]:
    if moment is None:
        return "", "text"
    state = next((one.state for one in know.clocks if one.id == clock_id), "ok")
    role = {"overdue": "late", "warn": "warn"}.get(state, "text")
    return due(moment, know.now, know.zone, state), role


def _call(know: Situation, incident: Incident, run: EscalationRun, width: int) -> Iterable[Row]:
    people = [one for one in incident.plan.contacts if one.id in run.called]
    names = ", ".join(one.name for one in people) or "nobody is left to call"
    ways = ", then ".join(f"{way.by} {way.to}" for one in people for way in one.reach[:2])
    mark = (signs.LOOK, "late")
    when = ("nobody", "late") if run.exhausted else _due(know, f"escalation:{run.id}", run.next_at)
    title = clip(f"{names}: {run.title}", width - _TEXT)
    yield _line(mark, when, "", title, f"call:{run.id}", "bold")
    if ways:
        yield row(gap(_TEXT), Cell(clip(ways, width - _TEXT), "text"), at=f"more:{run.id}")


def _duty(know: Situation, one: DeadlineState, width: int) -> Iterable[Row]:
    when = _due(know, f"deadline:{one.id}", one.due_at)
    words, at = clip(one.title, width - _TEXT), f"deadline:{one.id}"
    yield _line((signs.LOOK, "warn"), when, _holder(know, one.role), words, at, "text")


def _holder(know: Situation, role_id: str) -> str:
    role = know.incident.roles.get(role_id) if know.incident else None
    return role.holder or role_id if role else ""


def _enquiry(know: Situation, one: Enquiry, width: int) -> Iterable[Row]:
    when = _due(know, f"enquiry:{one.id}", one.due_at)
    mark = (signs.OWNED, "mine" if one.owner == know.me else "text") if one.owner else _FREE
    words = clip(f"{one.id} {one.outlet}: {one.question}", width - _TEXT)
    yield _line(mark, when, one.owner or "free", words, f"enquiry:{one.id}", "text")


_FREE = (signs.FREE, "mine")
