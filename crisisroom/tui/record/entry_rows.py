"""An entry of the timeline read whole, as rows: nothing a stranger wrote acts here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from crisisroom.core.clocks import minutes
from crisisroom.core.corrected import at, back_dated, correction, visibility
from crisisroom.core.timeline import Entry
from crisisroom.room.correcting import READERS
from crisisroom.text import clean
from crisisroom.tui import signs
from crisisroom.tui.record.links import called, leads
from crisisroom.tui.record.reading import NUMBERED, Whole
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.timeline import READERS as COLOURS
from crisisroom.tui.rows.timeline import SHORT
from crisisroom.tui.rows.times import clock

_NAMES = 14  # cells of the names at the left
_SOURCES = {"person": "a person", "rule": "a rule", "import": "an import", "system": "the room"}


def entry_rows(told: Whole, width: int) -> list[Row]:
    """Return what is told of an entry, lines of at most `width` cells."""
    rows = [*_words(told, width), BLANK, *_when(told, width), *_who(told, width)]
    rows += [*_decision(told.entry, width), *_said_since(told, width), *_about(told, width)]
    return [*rows, BLANK, *_chain(told, width)]


def _words(told: Whole, width: int) -> Iterator[Row]:
    made = correction(told.incident, told.entry)
    if made and made.words:
        yield from _lines(made.words, width, "text")
        yield row(gap(3), Cell(f"so corrected by {made.by}; it said before:", "quiet"))
        yield from _lines(told.entry.text, width, "quiet")
    else:
        yield from _lines(told.entry.text, width, "text")


def _lines(words: str, width: int, role: str) -> Iterator[Row]:
    for line in wrap(clean(words), width - 3):
        yield row(gap(3), Cell(line, role, True)) if line else BLANK


def _when(told: Whole, width: int) -> Iterator[Row]:
    entry = told.entry
    when = at(told.incident, entry)
    yield _line("happened", _moment(told, when))
    if when != entry.at:
        yield _line("it said before", _moment(told, entry.at))
    late = ""
    if back_dated(entry):
        late = f", {minutes(entry.recorded_at - entry.at)} later"
    if entry.recorded_at - entry.at >= timedelta(seconds=1):
        yield _line("written down", _moment(told, entry.recorded_at) + late)


def _moment(told: Whole, moment: datetime) -> str:
    """Return a moment in the case's zone with its offset, UTC beside it."""
    there, utc = moment.astimezone(told.zone), moment.astimezone(UTC)
    zone = f"{there:%z}"
    return f"{there:%a %Y-%m-%d %H:%M:%S} {zone[:3]}:{zone[3:]}   {utc:%H:%M:%S} UTC"


def _who(told: Whole, width: int) -> Iterator[Row]:
    entry, state = told.entry, told.incident
    role = state.roles[entry.role].title if entry.role in state.roles else entry.role
    part = f" as {role}" if role else ""
    source = "" if entry.source == "person" else f", by {_SOURCES[entry.source]}"
    yield _line("who", f"{entry.actor}{part}{source}")
    seen_by = visibility(state, entry)
    word, colour = COLOURS[seen_by]
    yield _line("for", READERS[seen_by] + (f" ({word})" if word else ""), colour if word else "")
    if entry.seq in state.pinned:
        yield _line("pinned", f"{signs.PINNED} among what matters most", "mine")


def _decision(entry: Entry, width: int) -> Iterator[Row]:
    if entry.kind != "decision.made":
        return
    if entry.data.get("why"):
        yield from _hanging("because", entry.data["why"], width)
    for number, one in enumerate(entry.data.get("options", ())):
        yield from _hanging("instead of" if number == 0 else "or", one["words"], width)


def _said_since(told: Whole, width: int) -> Iterator[Row]:
    if told.corrected is not None:
        yield from _hanging("it was", told.corrected.text, width)
    for one in told.corrections:
        when = clock(one.recorded_at, told.now, told.zone)
        yield from _hanging("corrected", f"{when} by {one.actor}: {one.text}", width)


def _about(told: Whole, width: int) -> Iterator[Row]:
    number, left = 0, width - 6 - _NAMES  # what stands before a reference
    for place, link in enumerate(told.links):
        number += leads(link)
        digit = f"{number}" if leads(link) and number <= NUMBERED else " "
        name = called(told.incident, link)
        ref = link.ref if link.sort != "evidence" else f"evidence {link.id[:SHORT]}"
        yield row(
            gap(3),
            Cell(fit("about" if place == 0 else "", _NAMES), "quiet"),
            Cell(digit, "key"),
            gap(2),
            Cell(ref),
            Cell(clip(f"   {name}", left - len(ref)) if name else "", "quiet", True),
        )


def _chain(told: Whole, width: int) -> Iterator[Row]:
    entry = told.entry
    yield _line("hash", entry.hash[:SHORT] + signs.CLIPPED + entry.hash[-4:], "quiet")
    yield _line("follows", f"{entry.prev_hash[:SHORT]}{signs.CLIPPED}", "quiet")
    if (of := told.anchored) is None:
        yield _line("anchored", "nowhere: a cut end would not show", "quiet")
    elif of.seq >= entry.seq:
        when = clock(of.at, told.now, told.zone)
        yield _line("anchored", f"{when} at {of.place}, with all up to entry {of.seq}", "quiet")
    else:
        yield _line("anchored", f"not yet: up to entry {of.seq} is, at {of.place}", "quiet")


def _line(name: str, told: str, role: str = "") -> Row:
    return row(gap(3), Cell(fit(name, _NAMES), "quiet"), Cell(told, role or "text"))


def _hanging(name: str, told: str, width: int) -> Iterator[Row]:
    for place, line in enumerate(wrap(clean(told), width - 3 - _NAMES)):
        left = fit(name if place == 0 else "", _NAMES)
        yield row(gap(3), Cell(left, "quiet"), Cell(line, "text", True))


def copied(told: Whole, width: int = 72) -> str:
    """Return it as text to be pasted elsewhere."""
    rows = [one.text.strip() for one in entry_rows(told, width) if one.text.strip()]
    whole = f"hash {told.entry.hash}"
    return "\n".join([f"{told.incident.id} entry {told.entry.seq}", *rows[:-3], whole])
