"""What stands above the checklist: calls under way, the law's deadlines, questions from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from crisisroom.core.incident import DeadlineState, Enquiry, EscalationRun, Incident
from crisisroom.core.playbook import Reach
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, cell_len, clip, fit, gap, row
from crisisroom.tui.rows.times import brief_clock, due
from crisisroom.tui.situation import Situation

_TEXT = 16  # the column where words begin, as in the checklist
_WHO = 11  # the column of owners
_WAITING = "deadlines:waiting"
_NEVER = datetime.max.replace(tzinfo=UTC)


def duty_rows(know: Situation, width: int) -> list[Row]:
    """Return the groups that have something in them.

    `at` is `call:ID`, `deadline:ID`, `enquiry:ID`, and `deadlines:waiting` for the law's title
    while duties wait for a fact.
    """
    incident = know.incident
    if incident is None:
        return []
    return [*_calls(know, incident, width), *_law(know, incident, width), *_asked(know, width)]


# Calls.


def calls_of(incident: Incident) -> list[EscalationRun]:
    """Return the escalations nobody has acknowledged, the next call first, those that ran out last.

    A resolved incident calls nobody.
    """
    if incident.status != "open":
        return []
    runs = incident.escalations.values()
    running = [run for run in runs if run.next_at or (run.exhausted and not run.acknowledged_by)]
    return sorted(running, key=lambda run: (run.next_at or _NEVER, run.id))


def called(incident: Incident, run: EscalationRun) -> list[tuple[str, tuple[Reach, ...]]]:
    """Return whom an escalation calls now, and the ways to reach them in their order."""
    known = {one.id: one for one in incident.plan.contacts}
    return [
        (known[one].name, known[one].reach) if one in known else (one, ()) for one in run.called
    ]


def _calls(know: Situation, incident: Incident, width: int) -> Iterator[Row]:
    runs = calls_of(incident)
    if runs:
        yield row(gap(3), Cell("Call now", "late"))
    for run in runs:
        yield from _call(know, incident, run, width)


def _call(know: Situation, incident: Incident, run: EscalationRun, width: int) -> Iterator[Row]:
    when = ("nobody", "late") if run.exhausted else _due(know, f"escalation:{run.id}", run.next_at)
    title = clip(run.title, width - _TEXT)
    yield _line((signs.LOOK, "late"), when, ("call", "text"), title, f"call:{run.id}", "bold")
    people = called(incident, run)
    names = max((cell_len(name) for name, _ in people), default=0)
    first = max((cell_len(way_words(ways[0])) for _, ways in people if ways), default=0)
    indent = _WHO if _WHO + names + 2 + first <= width else 3  # a number cut off is no number
    for name, ways in people:
        told = "  " + ", then ".join(map(way_words, ways)) if ways else ""
        tried = _tried(know, incident, run, name)
        room = width - indent - names
        yield row(
            gap(indent),
            Cell(clip(fit(name, names), width - indent), "bold"),
            Cell(clip(told, room)),
            Cell(clip(tried, room - cell_len(told)), "quiet"),
            at=f"more:{run.id}",
        )


def _tried(know: Situation, incident: Incident, run: EscalationRun, name: str) -> str:
    """Return what came of calling somebody since the escalation began: nobody dials twice."""
    calls = [one for one in incident.calls if one.name == name and one.at >= run.started_at]
    if not calls:
        return ""
    last = calls[-1]
    said = {"no-answer": "no answer", "message": "message left"}.get(last.outcome, "called")
    return f"  {said} {brief_clock(last.at, know.now, know.zone)}"


def way_words(way: Reach) -> str:
    """Return a way to reach somebody: a telephone's number says by itself what it is."""
    return way.to if way.by == "phone" else f"{way.by} {way.to}"


# The law.


def _law(know: Situation, incident: Incident, width: int) -> Iterator[Row]:
    """Yield how many duties may still begin, and those that run, the next due first."""
    running = [one for one in incident.deadlines.values() if one.state == "running"]
    running.sort(key=lambda one: (one.due_at or _NEVER, one.id))
    waiting = [one for one in incident.deadlines.values() if one.state == "waiting"]
    if waiting:
        facts = ", ".join(dict.fromkeys(one.waiting_for for one in waiting))
        verb = "waits" if len(waiting) == 1 else "wait"
        more = " more" if running else ""
        waits = facts.replace("fact: ", "")
        told = clip(f"   {len(waiting)}{more} {verb} for {waits}", width - 15)
        yield row(gap(3), Cell("Legal duties", "bold"), Cell(told, "quiet"), at=_WAITING)
    elif running:
        yield row(gap(3), Cell("Legal duties", "bold"))
    for one in running:
        when = _due(know, f"deadline:{one.id}", one.due_at)
        words, at = clip(one.title, width - _TEXT), f"deadline:{one.id}"
        yield _line((signs.LOOK, "warn"), when, _holder(know, one), words, at, "text")


def _holder(know: Situation, one: DeadlineState) -> tuple[str, str]:
    role = know.incident.roles.get(one.role) if know.incident else None
    return _owner(know, role.holder if role else "")


def _owner(know: Situation, name: str) -> tuple[str, str]:
    if not name:
        return "free", "bold"
    return name, "mine" if name == know.me else "text"


# Questions from outside.


def _asked(know: Situation, width: int) -> Iterator[Row]:
    incident = know.incident
    asked = [one for one in incident.enquiries.values() if one.state == "open"] if incident else ()
    if asked:
        yield row(gap(3), Cell("Questions from outside", "bold"))
    for one in _soonest(asked):
        when = _due(know, f"enquiry:{one.id}", one.due_at)
        who = _owner(know, one.owner)
        mark = (signs.OWNED, who[1]) if one.owner else (signs.FREE, "mine")
        words = clip(f"{one.id} {one.outlet}: {one.question}", width - _TEXT)
        yield _line(mark, when, who, words, f"enquiry:{one.id}", "text")


def _soonest(asked: Sequence[Enquiry]) -> list[Enquiry]:
    return sorted(asked, key=lambda one: (one.due_at or _NEVER, one.asked_at, one.id))


def _line(
    mark: tuple[str, str],
    when: tuple[str, str],
    who: tuple[str, str],
    words: str,
    at: str,
    role: str,
) -> Row:
    return row(
        gap(1),
        Cell(*mark),
        gap(1),
        Cell(fit(when[0], 7), when[1]),
        gap(1),
        Cell(fit(who[0][:4], 4), who[1]),
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
