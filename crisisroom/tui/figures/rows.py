"""Figures in rows: what each says, whether it is as asked, and the entries it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from crisisroom.core.timeline import Entry
from crisisroom.report.metrics import Metric, in_parts
from crisisroom.report.plain import figure, span
from crisisroom.room.statistics import Figured
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.warning import heading

VALUE, LABEL, ASKED, ENDS = 9, 46, 10, 16  # cells

NEVER = "not applicable"


class Seen(msgspec.Struct, frozen=True):
    """What the screen shows, and the moment and zone it is read in."""

    figured: Figured
    now: datetime
    zone: tzinfo

    def metric(self, at: str) -> Metric | None:
        """Return the figure of a row."""
        name = at.removeprefix("figure:")
        return next((one for one in self.figured.metrics if one.id == name), None)


def top_row(seen: Seen) -> Row:
    """Return what they are of, and how many are not as they should be."""
    found, incident = seen.figured.metrics, seen.figured.incident
    told = [f"{incident.id}, as of entry {incident.seq}"]
    missed = sum(one.missed for one in found)
    told += [f"{missed} missed"] if missed else []
    for state in ("invalid", "pending"):
        count = sum(one.state == state for one in found)
        told += [f"{count} {state}"] if count else []
    told += ["a drill, not in stats"] if incident.drill else []
    return heading("Figures", "   ".join(told), "focus")


def figure_rows(seen: Seen, width: int) -> Iterator[Row]:
    """Yield the figures that say something under their titles, then those that do not apply."""
    told = [one for one in seen.figured.metrics if one.state != NEVER]
    for title, ones in in_parts(told):
        yield heading(title)
        for one in ones:
            yield _figure(one, width)
    beside = [one for one in seen.figured.metrics if one.state == NEVER]
    if beside:
        yield heading("Not applicable", f"{len(beside)}")
    for one in beside:
        label = fit(one_line(one.label), max(8, width - 4))
        yield row(gap(1), Cell(signs.OFF, "quiet"), gap(1), Cell(label, "quiet"), at=_at(one))


def _at(one: Metric) -> str:
    return f"figure:{one.id}"


def _figure(one: Metric, width: int) -> Row:
    sign, role = _mark(one)
    room = width - 6 - VALUE - ASKED
    ends = ENDS if room >= ENDS + 20 else 0
    label = fit(one_line(one.label), min(LABEL, max(8, room - ends)) - 1)
    return row(
        gap(1),
        Cell(fit(sign, 1), role),
        gap(1),
        Cell(fit(_value(one), VALUE, right=True), role if one.missed else "bold"),
        gap(2),
        Cell(label, "text" if _value(one) else "quiet"),
        gap(1),
        Cell(fit(_asked(one), ASKED), "warn" if one.missed else "quiet"),
        Cell(fit(_ends(one), ends, right=True), "quiet"),
        at=_at(one),
    )


def _mark(one: Metric) -> tuple[str, str]:
    if one.state == "invalid":
        return signs.BAD, "late"
    if one.missed:
        return signs.LOOK, "late" if one.unit == "seconds" else "warn"
    if one.state == "pending":
        return signs.WAITS, "quiet"
    whole = one.unit == "share" and one.of is not None and one.of == one.met
    return (signs.DONE, "ok") if whole or one.target is not None else ("", "text")


def _value(one: Metric) -> str:
    """Return the figure in few cells: `22m`, `2/3`, `late 5m`."""
    if one.of is not None:
        return f"{one.met}" if one.unit == "count" else f"{one.met} of {one.of}"
    took = one.seconds if one.seconds is not None else one.so_far
    if took is None:
        return ""
    short = span(abs(took)).replace("under ", "<")
    return f"late {short}" if took < 0 else short


def _asked(one: Metric) -> str:
    if one.target is not None:
        return f"{'over' if one.missed else 'of'} {span(one.target)}"
    if one.unit == "count" and one.of is not None:
        return f"of {one.of}"
    if one.state == "invalid":
        return "invalid"
    if one.state == "pending":
        return "so far" if one.so_far is not None or one.of is not None else "pending"
    return ""


def _ends(one: Metric) -> str:
    known = [seq for seq in (one.since, one.to) if seq is not None]
    if not known:
        return ""
    told = f"{known[0]}" if len({*known}) == 1 else f"{known[0]} to {known[1]}"
    return f"entry {told}" if len(told) + 6 <= ENDS else told


def figure_sheet(seen: Seen, at: str, width: int) -> Iterator[Row]:
    """Yield one figure whole: what it says, what is asked, and both its entries."""
    one = seen.metric(at)
    if one is None:
        return
    *more, last = wrap(one_line(one.label), width - 36)
    for line in more:
        yield row(gap(3), Cell(line, "bold"))
    role = "late" if one.missed or one.state == "invalid" else "text"
    told = (Cell(f"   {figure(one)}", role), Cell(_target(one), "quiet"))
    yield row(gap(3), Cell(last, "bold"), *told)
    if one.state == "invalid":
        hint = "Is one of the times wrong? Correct that entry: the figure follows."
        yield row(gap(3), Cell(hint, "quiet"))
    if one.since is None and one.to is None:
        later = "Nothing has happened yet that it counts from."
        never = "The log has nothing that it could count from or to."
        yield row(gap(3), Cell(never if one.state == NEVER else later, "quiet"))
    for word, seq, moment in (("from", one.since, one.since_at), ("to", one.to, one.to_at)):
        if seq is not None and moment is not None:
            yield from _end(seen, word, seq, moment, width)


def _target(one: Metric) -> str:
    if one.target is None:
        return ""
    return f"   within {span(one.target)}"


def _end(seen: Seen, word: str, seq: int, moment: datetime, width: int) -> Iterator[Row]:
    """Yield one of its two entries: when, who, and what it says."""
    entry = seen.figured.ends.get(seq)
    when = clock(moment, seen.now, seen.zone)
    head = (gap(3), Cell(fit(word, 6), "quiet"), Cell(f"{when}  entry {seq}", "bold"))
    yield row(*head, Cell(_who(entry), "quiet"))
    if entry is not None:
        yield row(gap(9), Cell(clip(one_line(entry.text), width - 10), "text", True))


def _who(entry: Entry | None) -> str:
    return f"  {one_line(entry.actor)}" if entry is not None else ""
