"""The two lines at the top as `tui.rows.status` has them."""

from __future__ import annotations

from crisisroom.firstpaint.cells import (
    Line,
    brief_clock,
    clip,
    fit,
    full_clock,
    harmless,
    hour,
    minutes,
    short,
    spread,
    width,
)
from crisisroom.firstpaint.clocks import Clock
from crisisroom.store.firstlook import Row, Seen

WIDE = 120
CHIP = 10
STALE_AFTER = 3  # missed polls before a source counts as stale
_KINDS = (("cadence",), ("approval",), ("task", "role", "enquiry", "promise"), ("deadline",))
_NAMES = {
    "cadence": "update",
    "approval": "approval",
    "task": "task",
    "role": "role",
    "enquiry": "answer",
    "promise": "promise",
    "deadline": "legal",
}
_PLACES = {False: (28, 40, 54, 68), True: (0, 15, 31, 46)}
_SEVERITY = {"sev1": "sev-late", "sev2": "sev-warn"}
_SIGNS = {"sev1": " !!", "sev2": " !"}

Parts = list[tuple[int, str, str]]


def lines(
    seen: Seen,
    me: str,
    size: int,
    right: int,
    running: list[Clock] | None,
    beat: float,
    *,
    signs: bool,
) -> list[Line]:
    """Return both lines; `right` is where the right half of a wide screen begins.

    `running` are the clocks, None where they are not known: then their line is left empty, as is
    what else is not known. `beat` is now, as the leases of a room are timed.
    """
    wide = size >= WIDE
    above: Parts = []
    if not seen.shut:
        above += [*_corner(seen, signs), *_title(seen, (right if wide else 35) - 1, wide=wide)]
        above += _middle(seen, me, right, running, wide=wide)
    above += _edge(seen, size, beat, wide=wide)
    below = [] if running is None or seen.shut else _below(seen, running, size, right)
    return [spread(above), spread(below)]


def _corner(seen: Seen, signs: bool) -> Parts:
    incident = seen.incident
    if incident is None:
        return [(1, fit(" WATCH", CHIP), "chip")]
    if incident["drill"]:
        return [(1, fit(" DRILL", CHIP), "drill")]
    severity = incident["severity"]
    text = f" {severity.upper()}{_SIGNS.get(severity, '') if signs else ''}"
    return [(1, fit(text, CHIP), _SEVERITY.get(severity, "sev-text"))]


def _title(seen: Seen, end: int, *, wide: bool) -> Parts:
    incident, halt = seen.incident, _halt(seen)
    if incident is None:
        name, told = ("no incident", "") if wide or not halt else ("", "")
    else:
        name, told = f"INC-{incident['number']}", harmless(incident["title"])
        if incident["drill"] and not halt:
            name = f"{name} {incident['severity'].upper()}"
    marks = ["READ-ONLY"] if seen.access else []
    marks += ["HOLD"] if incident is not None and incident["hold"] else []
    held = clip(" ".join(marks), max(0, end - 14 - width(name)))
    kept = 13 + width(name) + bool(name)
    start = kept + width(held) + bool(held)
    rest = start + width(halt) + bool(halt)
    words = clip(told, max(0, end - rest))
    return [(13, name, "bold"), (kept, held, "warn"), (start, halt, "past"), (rest, words, "text")]


def _halt(seen: Seen) -> str:
    if seen.stopped is None:
        return ""
    return f" STOPPED {short(seen.stopped['by'])} {brief_clock(seen.stopped['at'], seen.now)} "


def _middle(seen: Seen, me: str, right: int, running: list[Clock] | None, *, wide: bool) -> Parts:
    age, incident = _age(seen), seen.incident
    if not wide:
        start = 35 + max(5, width(age) + 1)
        told: Parts = [] if seen.stopped else [(35, age, "text")]  # the stop needs its place
        return [*told, *_people(seen, me, start, 57 - start, running)]
    words = f"open {age}" if incident is not None and incident["status"] == "open" else age
    if incident is None and seen.warnings:
        words = f"{len(seen.warnings)} waiting"
    told = [(right, words or "calm", "text"), (right + 11, _phase(seen), "quiet")]
    return told + _people(seen, me, right + 21, 16, running)


def _age(seen: Seen) -> str:
    incident = seen.incident
    if incident is None:
        return ""
    is_open = incident["status"] == "open"
    return minutes(seen.now - incident["declared_at"]) if is_open else str(incident["status"])


def _phase(seen: Seen) -> str:
    """Return the first phase that has something open: its title, or its number where that fits."""
    phases = dict.fromkeys(one["place"] for one in seen.tasks)
    for at, place in enumerate(phases, 1):
        mine = [one for one in seen.tasks if one["place"] == place]
        if any(one["state"] == "open" for one in mine):
            title = harmless(mine[0]["called"]).lower()
            return title if width(title) <= 9 else f"phase {at}/{len(phases)}"
    return ""


def _people(seen: Seen, me: str, column: int, room: int, running: list[Clock] | None) -> Parts:
    if seen.warnings:  # where nothing else has room for it, a warning stands here
        if running is None:
            return []
        from crisisroom.firstpaint import warning

        if not warning.is_first(seen, running) and not _empty_place(running, 1, wide=True):
            return warning.slot(seen, column)
    access = {one["id"]: one["access"] for one in seen.team}
    names = [one for one in dict.fromkeys(row["actor"] for row in seen.people) if one != me]
    parts: Parts = [(column, short(me), "mine")]
    at = column + width(short(me)) + 1
    for index, one in enumerate(names):
        name = f"({short(one)})" if access.get(one) else short(one)
        left = len(names) - index
        if at + width(name) > column + room - (4 if left > 1 else 0):
            return [*parts, (at, f"+{left}", "quiet")]
        parts.append((at, name, "quiet" if access.get(one) else "text"))
        at += width(name) + 1
    return parts


def _edge(seen: Seen, size: int, beat: float, *, wide: bool) -> Parts:
    import time

    zone = f" {time.strftime('%Z', time.localtime(seen.now))}"[:6] if wide else ""
    clock_at = size - 1 - 5 - width(zone)
    role, words, rest = _sources(seen, beat)
    rest = rest if wide else ""
    start = clock_at - 3 + (0 if wide else 1) - width(words) - width(rest)
    parts = [(start, words, role), (clock_at, hour(seen.now), "text")]
    if rest:
        parts.append((start + width(words), rest, "quiet"))
    if zone:
        parts.append((clock_at + 6, zone[1:], "quiet"))
    return parts


def _sources(seen: Seen, beat: float) -> tuple[str, str, str]:
    """Return role, words and rest of how the sources are: the worst is named first."""
    if seen.told:
        return "quiet", "", ""
    if not seen.sources:
        return "quiet", "no sources", ""
    watch = seen.watch
    if watch is None or not watch["holder"] or not 0 <= beat - watch["beat"] <= watch["ttl"]:
        return "warn", "nobody watches", ""
    states = [(one, _state(one, seen.now)) for one in seen.sources]
    bad = [(one, state) for one, state in states if state != "ok"]
    good = len(states) - len(bad)
    if not bad:
        return "quiet", f"{good} sources ok" if good != 1 else "1 source ok", ""
    worst, state = min(bad, key=lambda one: one[0]["last_ok_at"] or 0)
    since = f" {minutes(seen.now - worst['last_ok_at'])}" if worst["last_ok_at"] else ""
    return "warn", f"{clip(worst['id'], 8)} {state}{since}", f", {good} ok"


def _state(source: Row, now: int) -> str:
    if source["unknown"]:
        return "new"
    limit = max(source["every"] * STALE_AFTER, 60)
    late = source["last_ok_at"] is None or now - source["last_ok_at"] > limit
    return "failing" if source["fails"] else "stale" if late else "ok"


# Clocks.


def _below(seen: Seen, running: list[Clock], size: int, right: int) -> Parts:
    wide = size >= WIDE
    offset = right if wide else 0
    nearest = running[0] if running else None
    if seen.warnings:
        from crisisroom.firstpaint import warning

        if warning.is_first(seen, running):
            first = warning.corner(seen, running, size, right, wide=wide)
            return [*first, *(_clocks(seen, running, None, size, offset) if running else [])]
    parts: Parts = [(1, " " * CHIP, "text")] if nearest is None else _alarm(seen, nearest, wide)
    parts += _clocks(seen, running, nearest, size, offset)
    if seen.warnings and (place := _empty_place(running, offset, wide=wide)):
        parts += warning.slot(seen, place)
    return parts


def _clocks(seen: Seen, running: list[Clock], shown: Clock | None, size: int, offset: int) -> Parts:
    """Return the nearest of each kind in its place; the one in the corner already is quiet."""
    wide = size >= WIDE
    places = [offset + place for place in _PLACES[wide]]
    if not running:
        return [(places[0], "no clocks run", "quiet")]
    parts: Parts = []
    for kinds, place in zip(_KINDS, places, strict=True):
        mine = [one for one in running if one.kind in kinds]
        quiet = shown is not None and shown.kind in kinds
        if mine and wide and kinds == ("deadline",):
            parts += _law(seen, mine, place, size - place - 1, quiet=quiet)
        elif mine:
            parts += _nearest(seen, mine, place, quiet=quiet)
    return parts


def _empty_place(running: list[Clock], offset: int, *, wide: bool) -> int:
    """Return the first place that no clock has, 0 where all are taken."""
    kinds = {one.kind for one in running}
    for some, place in zip(_KINDS, _PLACES[wide], strict=True):
        if not kinds.intersection(some):
            return place + offset
    return 0


def _alarm(seen: Seen, nearest: Clock, wide: bool) -> Parts:
    role, words = _left_of(seen, nearest)
    title = clip(harmless(nearest.title).replace("somebody takes ", "take ", 1), 21 if wide else 14)
    parts: Parts = [(1, fit(f" {words}", CHIP), role), (13, title, "bold")]
    if wide:
        verb = "was" if nearest.state == "overdue" else "by"
        parts.append((14 + width(title), f"{verb} {hour(nearest.due_at)}", "quiet"))
    return parts


def _left_of(seen: Seen, nearest: Clock) -> tuple[str, str]:
    if nearest.state == "overdue":
        return "past", f"late {minutes(seen.now - nearest.due_at)}".replace(" now", "")
    left = minutes(nearest.due_at - seen.now)
    words = left if left == "now" else f"in {left}"
    return ("near" if nearest.state == "warn" else "bold"), words


def _law(seen: Seen, mine: list[Clock], place: int, room: int, *, quiet: bool) -> Parts:
    nearest, *others = mine
    ok = nearest.state == "ok"
    left = full_clock(nearest.due_at, seen.now) if ok else _left_of(seen, nearest)[1]
    more = f" +{len(others)}" if others else ""
    title = clip(harmless(nearest.title), room - width(left) - width(more) - 1)
    start = place + width(title) + 1
    role = {"overdue": "late", "warn": "warn"}.get(nearest.state, "text")
    return [
        (place, title, "quiet"),
        (start, left, "quiet" if quiet else role),
        (start + width(left), more, "quiet"),
    ]


def _nearest(seen: Seen, mine: list[Clock], place: int, *, quiet: bool) -> Parts:
    nearest, *others = mine
    name, span = _NAMES[nearest.kind], nearest.due_at - seen.now
    left = "late" if nearest.state == "overdue" else minutes(span)
    if nearest.kind == "deadline" and 48 * 3600 <= span < 100 * 3600:
        left = f"{span // 3600}h"
    role = {"overdue": "late", "warn": "warn"}.get(nearest.state, "text")
    waiting = sum(one.state != "ok" for one in others)
    at = place + width(name) + 1
    parts: Parts = [(place, name, "quiet"), (at, left, "quiet" if quiet else role)]
    if waiting and nearest.kind != "deadline":
        parts.append((at + width(left) + 1, f"+{waiting}", "quiet"))
    return parts
