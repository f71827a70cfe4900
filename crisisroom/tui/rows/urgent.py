"""What stands before every clock at the top: the stop of all words, calls, corrections due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crisisroom.core.handing import offers_to, titled
from crisisroom.core.incident import EscalationRun, Incident, Words
from crisisroom.core.recorded import Offer
from crisisroom.core.truth import corrections_due
from crisisroom.tui.rows import Cell, cell_len, clip, fit, short
from crisisroom.tui.rows.duties import calls_of
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.rows.words import owing_words
from crisisroom.tui.situation import Situation

CHIP = 10
Parts = list[tuple[int, Cell]]
"""Cells by the column they begin at."""


def stop_words(know: Situation) -> str:
    """Return who stopped all words, and when: ` STOPPED ada 03:12 `; empty while they may go."""
    halt = know.stopped
    if halt is None:
        return ""
    return f" STOPPED {short(halt.by)} {brief_clock(halt.at, know.now, know.zone)} "


def title(know: Situation, end: int, *, wide: bool) -> Parts:
    """Return what is in view, up to the column `end`; a stop of all words stands behind its id."""
    incident, halt = know.incident, stop_words(know)
    if incident is None:
        name, told = ("no incident", "") if wide or not halt else ("", "")
    else:
        name, told = incident.id, incident.title
        if incident.drill and not halt:
            name = f"{name} {incident.severity.upper()}"
    room = max(0, end - 14 - cell_len(name))
    held = clip(" ".join(_marks(know)), room)
    kept = 13 + cell_len(name) + bool(name)
    start = kept + cell_len(held) + bool(held)
    rest = start + cell_len(halt) + bool(halt)
    words = clip(told, max(0, end - rest))
    cells = (Cell(name, "bold"), Cell(held, "warn"), Cell(halt, "past"), Cell(words))
    return list(zip((13, kept, start, rest), cells, strict=True))


def _marks(know: Situation) -> Iterator[str]:
    """Yield what holds for all that one does here."""
    if know.access:
        yield "READ-ONLY"
    if know.incident and know.incident.restricted_to:
        yield "RESTRICTED"
    if know.incident and know.incident.hold:
        yield "HOLD"
    if know.incident and not offered(know):  # a clock has the corner: it waits beside the title
        roles = [titled(know.incident, one.role) for one in offers_to(know.incident, know.me)]
        yield from (f"OFFERED {one}: R" for one in roles[:1])


def alarm(know: Situation, right: int, *, wide: bool) -> Parts:
    """Return what has the corner before any clock: whom to call, else what is out and untrue."""
    incident = know.incident
    if incident is None:
        return []
    if calls := calls_of(incident):
        return _called(incident, calls, right, wide=wide)
    if due := owing_words(incident):
        return _due(incident, due, right, wide=wide)
    return _offered(incident, offered(know), right, wide=wide)


def is_first(know: Situation) -> bool:
    """Tell whether one of them has the corner."""
    incident = know.incident
    if incident is None:
        return False
    return bool(calls_of(incident) or owing_words(incident) or offered(know))


def offered(know: Situation) -> Sequence[Offer]:
    """Return the parts that somebody offers this person, while no clock is near: it waits less."""
    nearest = know.clocks[0].state if know.clocks else "ok"
    if know.incident is None or nearest != "ok":
        return ()
    return offers_to(know.incident, know.me)


def opens(know: Situation) -> str:
    """Return the action that a click on the corner does, empty for none."""
    incident = know.incident
    if incident is not None and not calls_of(incident):
        if owing_words(incident):
            return "owed"
        if offered(know):
            return "accept"
    return "warnings" if know.waiting else ""


def _offered(incident: Incident, offers: Sequence[Offer], right: int, *, wide: bool) -> Parts:
    """Return the part that somebody waits to hand over: it is theirs until this person answers."""
    if not offers:
        return []
    first, more = offers[0], f" +{len(offers) - 1}" if offers[1:] else ""
    name = clip(f"{titled(incident, first.role)}{more}", right - 26 if wide else 14)
    parts = [(1, Cell(fit(" offered", CHIP), "near")), (13, Cell(name, "bold"))]
    if wide:
        told = clip(f"by {first.by}, R answers", right - 15 - cell_len(name))
        parts.append((14 + cell_len(name), Cell(told, "quiet")))
    return parts


def _called(incident: Incident, calls: Sequence[EscalationRun], right: int, *, wide: bool) -> Parts:
    """Return the call: nothing is more urgent than a person to reach."""
    words = " call now" if len(calls) == 1 else f" {len(calls)} calls"
    who = _first_names(incident, calls[0])
    told = clip(f"{who}: {calls[0].title}", right - 14 if wide else 14)
    return [(1, Cell(fit(words, CHIP), "past")), (13, Cell(told, "bold"))]


def _first_names(incident: Incident, run: EscalationRun) -> str:
    """Return whom to call, colleagues by their first name: the line is short."""
    if run.exhausted:
        return "nobody answered"
    known = {one.id: one for one in incident.plan.contacts}
    names = []
    for id_ in run.called:
        one = known.get(id_)
        name = one.name if one else id_
        names.append(name.split()[0] if one and one.org == "internal" else name)
    return ", ".join(names) or "nobody is left"


def _due(incident: Incident, due: Sequence[Words], right: int, *, wide: bool) -> Parts:
    """Return the words that are out and owe a correction, those that owe longest first."""
    first, others = due[0], len(due) - 1
    names = first.id + (f" +{others}" if others else "")
    parts = [(1, Cell(fit(" correct", CHIP), "past")), (13, Cell(names, "bold"))]
    owed = corrections_due(incident, first.id)[0]
    column = 14 + cell_len(names)
    room = (right if wide else 28) - column - 1
    told = f"{owed.label}: was {owed.was}, is {owed.now}" if owed.now else f"{owed.label} moved"
    words = told if cell_len(told) <= room else f"{owed.label} moved"
    if wide or cell_len(words) <= room:
        parts.append((column, Cell(clip(words, room), "quiet")))
    return parts
