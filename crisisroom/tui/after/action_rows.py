"""Corrective actions in rows: whose, by when, late or done, and what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.corrective import late_words, owned_by
from crisisroom.core.incident import ActionItem, Incident
from crisisroom.room.corrective import Owned
from crisisroom.tui import signs
from crisisroom.tui.after.know import After, reference
from crisisroom.tui.rows import Cell, Row, clip, fit, gap, row, short, wrap
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.warning import heading


def action_count(after: After) -> str:
    """Return how many of the incident's actions are open and late: `4 open, 1 late`."""
    mine = [one for one in after.actions if one.incident.id == after.incident.id]
    open_ = sum(one.action.state == "open" for one in mine)
    late = sum(after.late(one) for one in mine)
    return f"{open_} open" + (f", {late} late" if late else "")


def action_rows(after: After, width: int) -> Iterator[Row]:
    """Yield the actions of the incident, or of all incidents but drills."""
    whose = "of all incidents" if after.everywhere else f"of {after.incident.id}"
    open_ = sum(one.action.state == "open" for one in after.actions)
    late = sum(map(after.late, after.actions))
    told = f"{whose}, {open_} open" + (f", {late} late" if late else "")
    yield heading("Corrective actions", told, "focus")
    for one in after.actions:
        yield _row(after, one, width)
    if not after.actions:
        words = "None yet.   + adds one; 3 shows what people complained of"
        yield row(gap(3), Cell(words, "quiet"))


def _row(after: After, one: Owned, width: int) -> Row:
    action = one.action
    still, late = action.state == "open", after.late(one)
    base = "text" if still else "quiet"
    mine = still and owned_by(one.incident, action, after.me)
    named = f"{one.incident.id}" if after.everywhere else action.id
    return row(
        gap(1),
        mark_of(action, late=late),
        gap(1),
        Cell(fit(when_due(after, one), 14), "late" if late else base),
        Cell(fit(short(seer(one.incident, action), 9), 10), _whose(action, base, mine=mine)),
        Cell(fit(named, 7), "quiet"),
        Cell(fit(action.kind, 12) if width >= 78 else "", "quiet"),
        Cell(clip(" ".join(action.title.split()), max(8, width - 47)), "bold" if late else base),
        at=f"action:{reference(one)}",
    )


def _whose(action: ActionItem, base: str, *, mine: bool) -> str:
    if mine:
        return "mine"
    return base if action.owner or action.state != "open" else "warn"


def mark_of(action: ActionItem, *, late: bool) -> Cell:
    """Return the sign of an action: nobody's, somebody's, late, done, dropped."""
    if action.state == "done":
        return Cell(signs.DONE, "ok")
    if action.state == "dropped":
        return Cell(signs.OFF, "quiet")
    if late:
        return Cell(signs.LOOK, "late")
    return Cell(signs.OWNED) if action.owner else Cell(signs.FREE, "mine")


def when_due(after: After, one: Owned) -> str:
    """Return the day an action is due, in words where it is near or over."""
    if one.action.state != "open":
        return one.action.state
    left = after.days(one)
    if left is None:
        return "no day"
    return late_words(left) if left <= 1 else one.action.due


def seer(incident: Incident, action: ActionItem) -> str:
    """Return who sees to an action: a role by its holder, else its title."""
    role = incident.roles.get(action.owner)
    return (role.holder or role.title) if role else action.owner or "nobody"


def action_sheet(after: After, name: str, width: int) -> Iterator[Row]:
    """Yield one action whole."""
    one = after.owned(name)
    if one is None:
        return
    action = one.action
    for line in wrap(action.title, width - 4):
        yield row(gap(3), Cell(line, "bold"))
    owner = seer(one.incident, action)
    by = f" by {action.due}" if action.due else ", no day named"
    left = after.days(one)
    late = f", {late_words(left)}" if left is not None and left < 0 else ""
    yield row(gap(3), Cell(f"{owner} sees to it{by}"), Cell(late, "late"))
    added = clock(action.at, after.now, after.zone)
    kind = f", to {action.kind}" if action.kind else ""
    yield row(gap(3), Cell(f"{action.id} of {one.incident.id}{kind}, added {added}", "quiet"))
    if action.link:
        yield row(gap(3), Cell("link    ", "quiet"), Cell(clip(action.link, width - 12)))
    yield from _story(one, width)
    if action.state != "open":
        when = f" {clock(action.closed_at, after.now, after.zone)}" if action.closed_at else ""
        yield row(gap(3), Cell(f"{action.state}{when}", "ok" if action.state == "done" else "text"))
        for line in wrap(action.outcome, width - 4) if action.outcome else ():
            yield row(gap(3), Cell(line))
    elif action.due:
        words = "Its owner is reminded the day before, on the day, and every week after."
        yield from (row(gap(3), Cell(line, "quiet")) for line in wrap(words, width - 4))


def _story(one: Owned, width: int) -> Iterator[Row]:
    if not one.action.narrative:
        return
    every = one.incident.stories.values()
    title = next((story.title for story in every if story.id == one.action.narrative), "")
    head = f"story   {one.action.narrative}  "
    yield row(
        gap(3), Cell(head, "quiet"), Cell(clip(title, max(8, width - 4 - len(head))), foreign=True)
    )
