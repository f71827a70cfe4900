"""Early warnings that wait for a person, in the status as `tui.rows.warning` has them."""

from __future__ import annotations

from crisisroom.firstpaint.cells import clip, fit, minutes, width
from crisisroom.firstpaint.clocks import Clock
from crisisroom.store.firstlook import Row, Seen

CHIP = 10
Parts = list[tuple[int, str, str]]


def is_first(seen: Seen, running: list[Clock]) -> bool:
    """Tell whether a warning has the corner: no clock is near."""
    return bool(seen.warnings) and (not running or running[0].state == "ok")


def corner(seen: Seen, running: list[Clock], size: int, right: int, *, wide: bool) -> Parts:
    """Return the oldest as the alarm, filled; more of them as a count."""
    oldest, *others = seen.warnings
    waited = _waits(oldest, seen)
    chip = " new" if waited == "now" else f" waits {waited}"
    name = f"early warning C-{oldest['id']}" if wide or not running else f"warning C-{oldest['id']}"
    parts: Parts = [(1, fit(chip, CHIP), "near"), (13, name, "bold")]
    column = 14 + width(name)
    if others and (wide or not running):
        more = f"+{len(others)}"
        parts.append((column, more, "quiet"))
        column += len(more) + 1
    if not running:
        start = right if wide else column + 1
        reason = str(oldest["reason"]).partition(";")[0]
        parts.append((start, clip(reason, size - start - 1), "text"))
    return parts


def slot(seen: Seen, place: int) -> Parts:
    """Return how long the oldest waits, where something nearer has the corner."""
    oldest, *others = seen.warnings
    waited = _waits(oldest, seen)
    parts: Parts = [(place, "warning", "quiet"), (place + 8, waited, "warn")]
    if others:
        parts.append((place + 9 + len(waited), f"+{len(others)}", "quiet"))
    return parts


def _waits(one: Row, seen: Seen) -> str:
    return minutes(seen.now - one["at"])
