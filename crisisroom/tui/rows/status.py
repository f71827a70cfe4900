"""The two lines at the top: severity above the most urgent clock, then fixed places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crisisroom.core.clocks import ClockState, minutes
from crisisroom.tui.rows import Cell, Row, cell_len, clip, fit, gap, short, spread, urgent, warning
from crisisroom.tui.rows.times import clock
from crisisroom.tui.situation import Shut, Situation

WIDE = 120
CHIP = urgent.CHIP
KINDS = (("cadence",), ("approval",), ("task", "role", "enquiry", "promise"), ("deadline",))
_NAMES: dict[str, str] = {
    "cadence": "update",
    "approval": "approval",
    "task": "task",
    "role": "role",
    "enquiry": "answer",
    "promise": "promise",
    "deadline": "legal",
}
_PLACES = {False: (28, 40, 54, 68), True: (0, 15, 31, 46)}
_DAYS = timedelta(hours=100)  # below it the hours of a law's time are told, not its days
READ_ONLY = "nothing changes here: leave it"
_SEVERITY = {"sev1": "sev-late", "sev2": "sev-warn"}
_SIGNS = {"sev1": " !!", "sev2": " !"}


def status_rows(know: Situation, width: int, *, right: int = 48, signs: bool = False) -> list[Row]:
    """Return both lines; `right` is the column where the right half of a wide screen begins.

    `signs` adds `!!` to a severity whose colour the terminal cannot show.
    """
    wide = width >= WIDE
    first = urgent.alarm(know, right, wide=wide)
    nearest = know.clocks[0] if know.clocks and not first else None
    above = [
        *corner(know, signs),
        *urgent.title(know, (right if wide else 35) - 1, wide=wide),
        *_middle(know, wide, right),
    ]
    above += _edge(know, width, wide)
    if know.shut:
        below = _shut(know.shut, width)
    elif is_warned_first(know):
        first = warning.corner(know, width, right, wide=wide)
        below = [*first, *(_clocks(know, None, width, right) if know.clocks else [])]
    else:
        first = first or _alarm(know, nearest, wide)
        below = [*first, *_clocks(know, nearest, width, right), *_warned(know, width, right)]
    return [Row(spread(above)), Row(spread(below))]


def _shut(shut: Shut, width: int) -> list[tuple[int, Cell]]:
    """Return what stands in place of the clocks: none of them runs here any more."""
    told = clip(shut.told, width - 16 - cell_len(READ_ONLY))
    return [
        (1, Cell(fit(f" {shut.chip}", CHIP), "past")),
        (13, Cell(told, "bold")),
        (15 + cell_len(told), Cell(READ_ONLY, "late")),
    ]


def corner(know: Situation, signs: bool) -> list[tuple[int, Cell]]:
    """Return the chip at the very top: how severe it is, a drill, or nothing declared."""
    if know.drill_note or (know.incident and know.incident.drill):
        return [(1, Cell(fit(" DRILL", CHIP), "drill"))]
    if know.incident is None:
        return [(1, Cell(fit(" WATCH", CHIP), "chip"))]
    severity = know.incident.severity
    text = f" {severity.upper()}{_SIGNS.get(severity, '') if signs else ''}"
    return [(1, Cell(fit(text, CHIP), _SEVERITY.get(severity, "sev-text")))]


def _middle(know: Situation, wide: bool, right: int) -> list[tuple[int, Cell]]:
    age = ""
    if know.incident and know.incident.status == "open":
        age = minutes(know.now - know.incident.declared_at)
    elif know.incident:
        age = know.incident.status
    if not wide:
        start = 35 + max(5, cell_len(age) + 1)
        told = [] if know.stopped else [(35, Cell(age))]  # the stop needs its place
        return [*told, *_people(know, start, (52 if know.away else 57) - start)]
    words = f"open {age}" if know.incident and know.incident.status == "open" else age
    if not know.incident and know.waiting:
        words = f"{len(know.waiting)} waiting"
    parts = [(right, Cell(words or "calm"))]
    parts.append((right + 11, Cell(phase(know, 9), "quiet")))
    return parts + _people(know, right + 21, 16)


def phase(know: Situation, width: int) -> str:
    """Return the first phase that has something open: its title, or its number where that fits."""
    phases = know.incident.plan.phases if know.incident else ()
    for number, part in enumerate(phases, 1):
        assert know.incident is not None
        if any(know.incident.tasks[task.id].state == "open" for task in part.tasks):
            title = part.title.lower()
            return title if cell_len(title) <= width else f"phase {number}/{len(phases)}"
    return ""


def _people(know: Situation, column: int, room: int) -> list[tuple[int, Cell]]:
    if know.waiting and not is_warned_first(know) and not _empty_place(know, WIDE, 1):
        return warning.slot(know, column)
    here = {person.actor: person.access for person in know.people}
    others = [
        (f"({short(name)})" if access else short(name), access)
        for name, access in here.items()
        if name != know.me
    ]
    parts = [(column, Cell(short(know.me), "mine"))]
    at = column + cell_len(short(know.me)) + 1
    for index, (name, access) in enumerate(others):
        left = len(others) - index
        if at + cell_len(name) > column + room - (4 if left > 1 else 0):
            return [*parts, (at, Cell(f"+{left}", "quiet"))]
        parts.append((at, Cell(name, "quiet" if access else "text")))
        at += cell_len(name) + 1
    return parts


def _edge(know: Situation, width: int, wide: bool) -> list[tuple[int, Cell]]:
    there = know.now.astimezone(know.zone)
    zone = f" {there:%Z}"[:6] if wide else ""
    clock_at = width - 1 - 5 - cell_len(zone)
    role, words, rest = sources(know)
    rest = rest if wide else ""
    start = clock_at - 3 + (0 if wide else 1) - cell_len(words) - cell_len(rest)
    parts = [(start, Cell(words, role)), (clock_at, Cell(f"{there:%H:%M}"))]
    if rest:
        parts.append((start + cell_len(words), Cell(rest, "quiet")))
    if zone:
        parts.append((clock_at + 6, Cell(zone[1:], "quiet")))
    return parts


def sources(know: Situation) -> tuple[str, str, str]:
    """Return role, words and rest of how the sources are: the worst is named first."""
    status = know.status
    if know.away:
        return "late", know.away, ""
    if status is None:
        return "quiet", "", ""
    mine = know.telling.mine(know.me) if know.telling and status.watcher else ()
    if mine:
        return "late", f"{mine[0].id} for you" + (f" +{len(mine) - 1}" if mine[1:] else ""), ""
    if not status.sources:
        return "quiet", "no sources", ""
    bad = [source for source in status.sources if source.state != "ok"]
    if status.watcher is None:
        return "warn", "nobody watches", ""
    good = len(status.sources) - len(bad)
    if know.telling is not None and know.telling.failing:
        return "warn", f"{clip(know.telling.failing[0][0], 8)} fails", ""
    if not bad:
        return "quiet", f"{good} sources ok" if good != 1 else "1 source ok", ""
    worst = min(bad, key=lambda source: source.last_ok_at or know.now - timedelta(days=999))
    since = f" {minutes(know.now - worst.last_ok_at)}" if worst.last_ok_at else ""
    return "warn", f"{clip(worst.id, 8)} {worst.state}{since}", f", {good} ok"


def _alarm(know: Situation, nearest: ClockState | None, wide: bool) -> list[tuple[int, Cell]]:
    if nearest is None:
        return [(1, gap(CHIP))]
    role, words = alarm(know, nearest)
    limit = 21 if wide else 14
    title = clip(nearest.title.replace("somebody takes ", "take ", 1), limit)
    parts = [(1, Cell(fit(f" {words}", CHIP), role))]
    parts.append((13, Cell(title, "bold")))
    if wide:
        verb = "was" if nearest.state == "overdue" else "by"
        when = f"{nearest.due_at.astimezone(know.zone):%H:%M}"
        column = 14 + cell_len(title)
        parts.append((column, Cell(f"{verb} {when}", "quiet")))
    return parts


def alarm(know: Situation, nearest: ClockState) -> tuple[str, str]:
    """Return role and words of the corner's clock: filled means a person is needed now."""
    if nearest.state == "overdue":
        return "past", f"late {minutes(know.now - nearest.due_at)}".replace(" now", "")
    left = minutes(nearest.due_at - know.now)
    words = left if left == "now" else f"in {left}"
    return ("near" if nearest.state == "warn" else "bold"), words


def _clocks(
    know: Situation, shown: ClockState | None, width: int, right: int
) -> list[tuple[int, Cell]]:
    wide = width >= WIDE
    offset = right if wide else 0
    places = [offset + place for place in _PLACES[wide]]
    return places_of_clocks(know, shown, places, law=width - places[-1] - 1 if wide else 0)


def places_of_clocks(
    know: Situation, shown: ClockState | None, places: Sequence[int], *, law: int = 0
) -> list[tuple[int, Cell]]:
    """Return the nearest clock of each kind at its place; `law` are the cells of a duty's title.

    The kind that the corner shows is quiet: one alarm, not two.
    """
    if not know.clocks:
        return [(places[0], Cell("no clocks run", "quiet"))]
    parts: list[tuple[int, Cell]] = []
    for kinds, place in zip(KINDS, places, strict=True):
        mine = [clock for clock in know.clocks if clock.kind in kinds]
        quiet = shown is not None and shown.kind in kinds
        if mine and law and kinds == ("deadline",):
            parts += _law(know, mine, place, law, quiet=quiet)
        elif mine:
            parts += _nearest(know, mine, place, quiet=quiet)
    return parts


def is_warned_first(know: Situation) -> bool:
    """Tell whether an early warning has the corner: nothing is more urgent, no clock is near."""
    nearest = know.clocks[0] if know.clocks else None
    return not urgent.is_first(know) and warning.in_corner(know, nearest)


def _warned(know: Situation, width: int, right: int) -> list[tuple[int, Cell]]:
    """Return the early warning that waits, in the first place that no clock has."""
    place = _empty_place(know, width, right)
    return warning.slot(know, place) if know.waiting and place else []


def _empty_place(know: Situation, width: int, right: int) -> int:
    """Return the first place among the clocks that none of them has, 0 where all are taken."""
    wide = width >= WIDE
    running = {clock.kind for clock in know.clocks}
    for kinds, place in zip(KINDS, _PLACES[wide], strict=True):
        if not running.intersection(kinds):
            return place + (right if wide else 0)
    return 0


def _law(
    know: Situation, clocks: Sequence[ClockState], place: int, room: int, *, quiet: bool
) -> list[tuple[int, Cell]]:
    """Return the nearest duty by law with its title and time, where there is room for both."""
    nearest, *others = clocks
    at = clock(nearest.due_at, know.now, know.zone)
    left = at if nearest.state == "ok" else alarm(know, nearest)[1]
    more = f" +{len(others)}" if others else ""
    title = clip(nearest.title, room - cell_len(left) - cell_len(more) - 1)
    start = place + cell_len(title) + 1
    role = {"overdue": "late", "warn": "warn"}.get(nearest.state, "text")
    return [
        (place, Cell(title, "quiet")),
        (start, Cell(left, "quiet" if quiet else role)),
        (start + cell_len(left), Cell(more, "quiet")),
    ]


def _nearest(
    know: Situation, clocks: Sequence[ClockState], place: int, *, quiet: bool
) -> list[tuple[int, Cell]]:
    nearest = clocks[0]
    name = _NAMES[nearest.kind]
    left = "late" if nearest.state == "overdue" else _left(nearest, nearest.due_at - know.now)
    role = {"overdue": "late", "warn": "warn"}.get(nearest.state, "text")
    others = sum(clock.state != "ok" for clock in clocks[1:])
    more = f" +{others}" if others and nearest.kind != "deadline" else ""
    parts = [(place, Cell(name, "quiet"))]
    at = place + cell_len(name) + 1
    parts.append((at, Cell(left, "quiet" if quiet else role)))
    if more:
        parts.append((at + cell_len(left) + 1, Cell(more[1:], "quiet")))
    return parts


def _left(nearest: ClockState, span: timedelta) -> str:
    """Return the time left; of the law's in hours, where the day alone would say too little."""
    if nearest.kind == "deadline" and timedelta(hours=48) <= span < _DAYS:
        return f"{int(span.total_seconds()) // 3600}h"
    return minutes(span)
