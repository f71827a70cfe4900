"""The pause list in rows: what speaks for us by itself, whether it is quiet, and who made sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from crisisroom.core.pausing import LOUD, keepers
from crisisroom.core.said import PauseState, PauseStatus
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, short, wrap
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.rows.warning import heading

EMPTY = "pauses: in crisisroom.yaml names what speaks for us by itself"
_MARKS: Mapping[PauseStatus, Cell] = {
    "running": Cell(signs.FREE, "mine"),
    "failed": Cell(signs.BAD, "late"),
    "paused": Cell(signs.DONE, "ok"),
    "not_needed": Cell(signs.OFF, "quiet"),
    "resumed": Cell(signs.PRIVATE, "quiet"),
}
SAID: Mapping[PauseStatus, str] = {
    "running": "speaks",
    "failed": "not paused",
    "paused": "paused",
    "not_needed": "not needed",
    "resumed": "speaks again",
}


@dataclass(frozen=True, slots=True)
class Pauses:
    """What the screen shows: the items, which have a hook that may run here, which run now."""

    incident: str
    items: Sequence[PauseState]
    hooks: Mapping[str, str]  # item -> the hook's name
    now: datetime
    zone: tzinfo
    drill: bool = False
    running: Mapping[str, datetime] = field(default_factory=dict)

    def item(self, name: str) -> PauseState | None:
        """Return an item."""
        return next((one for one in self.items if one.id == name), None)

    def to_run(self) -> list[PauseState]:
        """Return what is loud, has a hook, and is not being paused by it now."""
        every = (one for one in self.items if one.state in LOUD and one.id in self.hooks)
        return [one for one in every if one.id not in self.running]


def pause_top(told: Pauses) -> Row:
    """Return the title: how much still speaks."""
    return heading("Pause list", _counts(told), "focus")


def pause_rows(told: Pauses, width: int) -> Iterator[Row]:
    """Yield the list, in the order of the settings: no row moves because its state changed."""
    for item in told.items:
        yield _item_row(told, item, width)
    if not told.items:
        yield row(gap(3), Cell("Nothing is on the list."))
        yield row(gap(3), Cell(EMPTY, "quiet"))


def _counts(told: Pauses) -> str:
    states = [one.state for one in told.items]
    loud = sum(state in LOUD for state in states)
    parts = [f"{loud} still speak" if loud != 1 else "1 still speaks"] if states else []
    parts += [f"{states.count('paused')} paused"] if "paused" in states else []
    runs = len(told.running)
    parts += [f"{runs} hooks run" if runs > 1 else "1 hook runs"] if runs else []
    parts += ["drill: no hook is run"] if told.drill else []
    return ", ".join(parts) if loud or not states else ", ".join(["all quiet", *parts[1:]])


def _item_row(told: Pauses, item: PauseState, width: int) -> Row:
    base = "text" if item.state in LOUD else "quiet"
    since = told.running.get(item.id)
    mark = Cell(signs.OWNED) if since else _MARKS[item.state]
    at = since or item.at
    said = "late" if item.state == "failed" and not since else base
    cells = (
        gap(1),
        mark,
        gap(1),
        Cell(fit(brief_clock(at, told.now, told.zone) if at else "", 6), base),
        Cell(fit(short("hook" if item.by_hook and not since else item.by), 5), base),
        Cell(fit("hook runs" if since else SAID[item.state], 13), said),
        Cell(fit(item.kind, 11), "quiet"),
        Cell(fit(_keepers(item), 11), base if item.owner else "warn"),
        Cell(clip(item.title, max(8, width - 49)), "bold" if base == "text" else "quiet"),
    )
    return row(*cells, at=f"pause:{item.id}")


def _keepers(item: PauseState) -> str:
    names = [short(one) for one in (item.owner, item.backup) if one]
    return ", ".join(names) or "nobody"


def pause_sheet(told: Pauses, at: str, width: int) -> Iterator[Row]:
    """Yield what is told of one item: who sees to it, how, and what was said of it last."""
    item = told.item(at.partition(":")[2])
    if item is None:
        return
    for line in wrap(item.title, width - 4):
        yield row(gap(3), Cell(line, "bold"))
    yield row(gap(3), Cell(f"{item.id}, {item.kind}", "quiet"))
    yield _labelled("sees to it", keepers(item) or "nobody is named", "" if item.owner else "warn")
    hook = told.hooks.get(item.id, "")
    yield _labelled("hook", hook or "none: it is done by hand", "" if hook else "quiet")
    if item.detail:
        yield from _wrapped("by hand", item.detail, width)
    yield BLANK
    yield from _last(told, item, width)


def _last(told: Pauses, item: PauseState, width: int) -> Iterator[Row]:
    """Yield what was said last, and what that comes to."""
    if since := told.running.get(item.id):
        begun = clock(since, told.now, told.zone)
        yield row(gap(3), Cell(f"its hook runs since {begun}"), Cell("   up to 60 s", "quiet"))
        return
    if item.at is None:
        yield row(gap(3), Cell("nobody has said anything of it yet", "warn"))
        return
    how = " by its hook" if item.by_hook else ""
    said = f"{SAID[item.state]}: {item.by}{how}, {clock(item.at, told.now, told.zone)}"
    role = {"paused": "ok", "failed": "late"}.get(item.state, "text")
    yield row(gap(3), Cell(said, role))
    for line in wrap(item.words, width - 4) if item.words else ():
        yield row(gap(3), Cell(line))


def _labelled(label: str, words: str, role: str = "") -> Row:
    return row(gap(3), Cell(fit(label, 12), "quiet"), Cell(words, role or "text"))


def _wrapped(label: str, words: str, width: int) -> Iterator[Row]:
    for number, line in enumerate(wrap(words, width - 16)):
        yield _labelled("" if number else label, line)
