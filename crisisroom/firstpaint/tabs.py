"""The line of tabs on a screen of one pane, as `tui.widgets.tabs` has it."""

from __future__ import annotations

from crisisroom.firstpaint.cells import Line, gap, width
from crisisroom.store.firstlook import Seen

_VIEWS = {1: "Feed", 2: "Thread", 3: "Tasks", 4: "Timeline", 5: "Words"}
_WAITS = ("submitted", "unknown", "failed", "rejected")
# What is told of tabs that are not open, names and counts, and the cells between two of them.
_FORMS = ((True, True, 2), (True, True, 0), (True, False, 0), (False, False, 2))


def tabs(seen: Seen, size: int) -> Line:
    """Return the line of tabs, with what waits in each view where that is known."""
    counts = {1: seen.free if seen.flat else None}
    if seen.incident is not None:
        closed = ("done", "skipped", "not_needed")
        counts[3] = sum(one["state"] not in closed for one in seen.tasks)
        waits = sum(bool(one["state"] in _WAITS or one["suspended"]) for one in seen.words)
        counts[5] = None if seen.incident["owed"] else waits
    told: Line = []
    for form in _FORMS:
        told = [cell for view in _VIEWS for cell in _tab(view, seen.view, counts.get(view), form)]
        if sum(width(text) for text, _ in told) <= size:
            break
    return told


def _tab(view: int, active: int, count: int | None, form: tuple[bool, bool, int]) -> Line:
    named, counted, between = form
    waiting = f" {count:,}" if count and (view == active or counted) else ""
    if view == active:
        return [(f" {view} {_VIEWS[view]}{waiting} ", "chip"), gap(between - 1)]
    name = f" {_VIEWS[view]}" if named else ""
    return [(f" {view}", "quiet"), (name, "text"), (waiting, "quiet"), gap(between)]
