"""The room's health in rows: what is wrong, who works on it with which version, what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from crisisroom import __version__
from crisisroom.core.clocks import minutes
from crisisroom.room.troubles import Trouble
from crisisroom.room.vitals import MEMBER, WATCHES, Lease, Vitals
from crisisroom.store.processes import host_of
from crisisroom.store.programs import Running
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.warning import heading

_WHAT = 20  # columns of what stands first in a row
_JOBS = {WATCHES: "clocks, sending"}
_PARTS = {"watch": "watcher", "screen": "screen"}
_HINTS = {
    "watcher": "crisisroom watch on the room's host; an open screen starts one too.",
    "sources": "crisisroom doctor sources asks each of them, and says what to do.",
    "analysis": "The watcher's log says what stopped it; crisisroom watch --once tries again.",
    "outbox": "The outbox names them; a person decides what becomes of each.",
    "anchors": "crisisroom anchor list says why; anchor send tries again.",
    "backup": "crisisroom backup --to FOLDER, from a timer: crisisroom units writes one.",
    "disk": "Make room: where the disk is full, nothing is taken in.",
    "notifiers": "crisisroom doctor notifiers says why; notify test tries each way.",
    "tokens": "Make a new one, and put it in its place.",
    "database": "crisisroom doctor database says what to do.",
    "erasure": "Open the room once more, or give its command again.",
}


@dataclass(frozen=True, slots=True)
class Health:
    """What the screen shows, and when and where one is."""

    vitals: Vitals
    troubles: Sequence[Trouble]
    now: datetime
    zone: tzinfo


def health_rows(seen: Health, width: int) -> Iterator[Row]:
    """Yield the list: what is wrong, who works on the room, what is kept of it."""
    count = len(seen.troubles)
    yield heading("Health", f"{count} to look at" if count else "all well", "focus")
    for one in seen.troubles:
        sign, role = (signs.BAD, "late") if one.subject == "watcher" else (signs.LOOK, "warn")
        told = Cell(clip(one.message, max(8, width - _WHAT - 4)))
        at = f"trouble:{one.subject}:{one.where}"
        yield row(gap(1), Cell(sign, role), gap(1), Cell(fit(one.subject, _WHAT)), told, at=at)
    yield BLANK
    yield heading("At work", _versions(seen.vitals.programs))
    jobs = [one for one in seen.vitals.leases if not one.name.startswith(MEMBER)]
    for lease in jobs:
        yield _lease_row(lease, width)
    for program in seen.vitals.programs:
        yield _program_row(program, seen, width)
    if not jobs and not seen.vitals.programs:
        yield row(gap(3), Cell("nobody", "quiet"))
    yield BLANK
    yield heading("Kept")
    yield from _kept(seen, width)


def _versions(programs: Sequence[Running]) -> str:
    others = sorted({one.version for one in programs} - {__version__})
    return f"{', '.join(others)} beside {__version__}" if others else __version__


def _lease_row(one: Lease, width: int) -> Row:
    told = f"process {one.pid} on {one.host}, {one.age:.0f} s ago"
    words = Cell(clip(told, max(8, width - _WHAT - 4)), "quiet")
    what = Cell(fit(_JOBS.get(one.name, one.name), _WHAT))
    return row(gap(3), what, words, at=f"job:{one.name}")


def _program_row(one: Running, seen: Health, width: int) -> Row:
    strange = one.version != __version__
    sign = Cell(signs.LOOK if strange else " ", "warn")
    told = f"{one.version}, {one.pid} on {host_of(one.host)}, since {_at(one.since, seen)}"
    words = Cell(clip(told, max(8, width - _WHAT - 4)), "warn" if strange else "quiet")
    what = Cell(fit(_PARTS.get(one.part, one.part), _WHAT))
    return row(gap(1), sign, gap(1), what, words, at=f"program:{one.pid}:{host_of(one.host)}")


def _kept(seen: Health, width: int) -> Iterator[Row]:
    vitals = seen.vitals
    if vitals.disk:
        size = f"{vitals.disk.room / (1 << 20):,.1f} MiB, {vitals.disk.free >> 20:,} MiB free"
        yield _told("room", size, "kept:room", width)
    backup = f"last {_at(vitals.backup_at, seen)}" if vitals.backup_at else "never copied"
    yield _told("backup", backup, "kept:backup", width)
    for one in vitals.anchors:
        last = f"last {_at(one.last_at, seen)}" if one.last_at else "never yet"
        yield _told(f"anchor {one.place.id}", f"{one.state}, {last}", "kept:anchor", width)
    yield _told("schema", f"{vitals.schema}, {sum(vitals.entries.values()):,} entries", "", width)


def _told(what: str, words: str, at: str, width: int) -> Row:
    told = Cell(clip(words, max(8, width - _WHAT - 4)), "quiet")
    return row(gap(3), Cell(fit(what, _WHAT)), told, at=at)


def _at(moment: datetime, seen: Health) -> str:
    return clock(moment, seen.now, seen.zone)


def health_sheet(seen: Health, at: str, width: int) -> Iterator[Row]:
    """Yield what is told of one row of the list, and what to do."""
    kind, _, name = at.partition(":")
    for line in wrap(_sentence(seen, kind, name), max(20, min(80, width - 4))):
        yield row(gap(3), Cell(line))


def _sentence(seen: Health, kind: str, name: str) -> str:
    if kind == "trouble":
        found = next((one for one in seen.troubles if f"{one.subject}:{one.where}" == name), None)
        return f"{found.message}. {_HINTS.get(found.subject, '')}" if found else ""
    if kind == "job":
        lease = next((one for one in seen.vitals.leases if one.name == name), None)
        return _job(lease) if lease else ""
    if kind == "program":
        return _program(seen, name)
    if kind == "kept" and name == "backup":
        return _HINTS["backup"]
    return "crisisroom doctor looks at everything, and says what to do." if kind else ""


def _job(lease: Lease) -> str:
    version = f" It runs {lease.version}." if lease.version else ""
    hands = "once" if lease.epoch == 1 else f"{lease.epoch} times"
    return (
        f"Process {lease.pid} on {lease.host} has it, and it was taken {hands}. When that one"
        f" gives no sign of life for long, another takes it over.{version}"
    )


def _program(seen: Health, name: str) -> str:
    pid, _, host = name.partition(":")
    found = next((one for one in seen.vitals.programs if str(one.pid) == pid), None)
    if found is None:
        return ""
    told = f"Runs {found.version} for {minutes(seen.now - found.since)} on {host}."
    if found.version != __version__:
        told += f" This screen runs {__version__}: start the older one anew."
    return told
