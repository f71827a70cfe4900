"""What is asked of an action: what should change, whose it is, by when, of which kind, its link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial

from crisisroom.core.incident import Incident
from crisisroom.core.programme import Change
from crisisroom.room import corrective
from crisisroom.room.corrective import CLEARED, Owned
from crisisroom.text.links import safe_url
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, fine, needed
from crisisroom.tui.digest.screen import day_flaw, day_of
from crisisroom.tui.screens.picking import Choice

WEEKS = "14d"
_DAY = "2026-12-01, or 7d; empty for none"
_KINDS = (
    Choice("prevent", "prevent", "it does not happen again"),
    Choice("detect", "detect", "we hear of it sooner"),
    Choice("respond", "respond", "we act faster or better"),
    Choice("communicate", "communicate", "we say it sooner or clearer"),
    Choice(CLEARED, "none of these"),
)


async def add(desk: Desk, state: Incident, today: date, change: Change | None = None) -> str:
    """Add an action, of a thing that should change where one is given; return what it is called."""
    about = f" about {change.narrative}" if change and change.narrative else ""
    value = change.suggested if change else ""
    title = await desk.line(f"What should change{about}?", value=value, check=needed)
    owner = await desk.person("Whose is it?", title)
    typed = await desk.line("By which day?", _DAY, value=WEEKS, check=day_flaw)
    kind = await desk.pick("What is it for?", _KINDS, title)
    acted = await corrective.add(
        desk.room,
        state.id,
        title,
        owner,
        day_of(typed, today),
        kind="" if kind == CLEARED else kind,
        narrative=change.narrative if change else "",
    )
    made = acted.entry.data["action"]
    back = partial(corrective.drop, desk.room, state.id, made, "added by mistake")
    due = f" by {acted.entry.data['due']}" if acted.entry.data["due"] else ""
    desk.said(f"{made}: {owner} sees to it{due}", Undo(f"action {made}", back))
    return f"{state.id}/{made}"


async def change(desk: Desk, one: Owned, today: date) -> None:
    """Change one thing about an open action."""
    action = one.action
    choices = [
        Choice("owner", "whose it is", action.owner or "nobody"),
        Choice("due", "its day", action.due or "none"),
        Choice("title", "what should change", action.title),
        Choice("kind", "what it is for", action.kind or "not said"),
        Choice("link", "its ticket", action.link or "none"),
        Choice("narrative", "the story that it answers", action.narrative or "none"),
    ]
    field = await desk.pick(f"Change {action.id}", choices, action.title)
    value = await _asked(desk, one, field, today)
    was = getattr(action, field) or CLEARED
    acted = await corrective.change(desk.room, one.incident.id, action.id, **{field: value})
    if not acted.changed:
        desk.said("nothing changed")
        return
    back = partial(corrective.change, desk.room, one.incident.id, action.id, **{field: was})
    desk.said(f"{action.id} is changed", Undo(f"change of {action.id}", back))


async def _asked(desk: Desk, one: Owned, field: str, today: date) -> str:
    """Ask for one field of an action; `none` clears it."""
    action = one.action
    if field == "owner":
        return await desk.person("Whose is it?", action.title)
    if field == "kind":
        return await desk.pick("What is it for?", _KINDS, action.title, chosen=action.kind)
    if field == "narrative":
        every = [Choice(story.id, story.id, story.title) for story in one.incident.stories.values()]
        return await desk.pick("Which story does it answer?", [*every, Choice(CLEARED, "none")])
    if field == "due":
        typed = await desk.line("By which day?", _DAY, value=action.due, check=day_flaw)
        return day_of(typed, today) or CLEARED
    if field == "link":
        typed = await desk.line(
            "Its ticket?", "its whole address; empty for none", value=action.link, check=_link_flaw
        )
        return typed or CLEARED
    return await desk.line("What should change?", value=action.title, check=needed)


def _link_flaw(typed: str) -> str:
    if not typed or safe_url(typed):
        return fine(typed)
    return "give its whole address: https://…"


async def done(desk: Desk, one: Owned) -> None:
    """Say that an action is done."""
    action = one.action
    words = await desk.line(f"{action.id} is done", "what came of it? may be empty", check=fine)
    await corrective.done(desk.room, one.incident.id, action.id, words)
    desk.said(f"{action.id} is done", _reopens(desk, one))


async def drop(desk: Desk, one: Owned) -> None:
    """Say that an action is not done, and why."""
    action = one.action
    why = await desk.line(f"{action.id} is not done", "why? its owner reads it", check=needed)
    await corrective.drop(desk.room, one.incident.id, action.id, why)
    desk.said(f"{action.id} is dropped", _reopens(desk, one))


def _reopens(desk: Desk, one: Owned) -> Undo:
    back = partial(corrective.reopen, desk.room, one.incident.id, one.action.id)
    return Undo(f"the end of {one.action.id}", back)


async def reopen(desk: Desk, one: Owned) -> None:
    """Open an action again."""
    action = one.action
    why = await desk.line(f"{action.id} is open again", "why? may be empty", check=fine)
    await corrective.reopen(desk.room, one.incident.id, action.id, why)
    desk.said(f"{action.id} is open again", Undo(f"reopening {action.id}", _close(desk, one)))


def _close(desk: Desk, one: Owned) -> Callable[[], Awaitable[object]]:
    """Return how an action is closed again as it was."""
    action = one.action
    words = action.outcome or "as before"
    act = corrective.done if action.state == "done" else corrective.drop
    return partial(act, desk.room, one.incident.id, action.id, words)
