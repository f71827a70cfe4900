"""How a story is answered, as the lead sets it: all, questions only, monitor, Legal only."""

from __future__ import annotations

from functools import partial

from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.lines import LINES
from crisisroom.core.narrative import Narrative
from crisisroom.core.said import Line, StoryLine
from crisisroom.room import lines, stories
from crisisroom.room.leading import refuse_unless_lead
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice

_MEANS: dict[Line, str] = {
    "answer": "everybody may answer every post",
    "questions": "only posts that ask something are answered",
    "point": "every reply has the link to the statement in it",
    "monitor": "nobody answers: answering would spread it",
    "legal": "only whoever holds that role answers",
}
_CLEAR = ":clear"
_ALL = ":all"


async def story_here(desk: Desk) -> Narrative | None:
    """Return the story under the cursor, or that of the post there; None for no story."""
    if desk.context.story is not None or desk.context.mention is None:
        return desk.context.story
    try:
        return await stories.narrative(desk.room, desk.context.mention.narrative)
    except Usage:
        return None


async def set_line(desk: Desk) -> None:
    """Ask how the story under the cursor is answered; without one, how all others are."""
    state = desk.incident
    refuse_unless_lead(state, desk.room.scene(), "say how a story is answered")
    story = await story_here(desk)
    chosen = await _asked(desk, story)
    if chosen == _ALL:
        story, chosen = None, await _asked(desk, None)
    target = story.id if story else lines.ALL
    before = state.lines.get(story.uid if story else "")
    if chosen == _CLEAR:
        await lines.clear(desk.room, state.id, target)
        desk.said(f"{_named(story)}: no line of its own any more", _back(desk, target, before))
        return
    why = await desk.line(f"{_named(story)}: {LINES[_line(chosen)]}", "why?", check=needed)
    await lines.set_line(desk.room, state.id, target, chosen, why)
    desk.said(f"{_named(story)}: {LINES[_line(chosen)]}", _back(desk, target, before))


async def _asked(desk: Desk, story: Narrative | None) -> str:
    state = desk.incident
    before = state.lines.get(story.uid if story else "")
    choices = [Choice(line, LINES[line], _MEANS[line]) for line in LINES]
    if story is not None:
        choices.append(Choice(_ALL, "for all stories …", "those without a line of their own"))
    if before is not None:
        choices.append(Choice(_CLEAR, "no line", "what holds for all holds for it again"))
    rest = _stands(desk, state, story)
    title = f"How is {story.id} answered?" if story else "How are all other stories answered?"
    return await desk.pick(title, choices, rest, chosen=before.line if before else "")


def _stands(desk: Desk, state: Incident, story: Narrative | None) -> str:
    held = state.lines.get(story.uid) if story else None
    held = held or state.lines.get("")
    if held is None:
        return "now: answer all"
    whose = "" if held.narrative or story is None else ", as all"
    return f"now: {LINES[held.line]}{whose}, {held.by} {clock(held.at, desk.now, desk.zone)}"


def _line(chosen: str) -> Line:
    return next(line for line in LINES if line == chosen)


def _named(story: Narrative | None) -> str:
    return story.id if story else "all other stories"


def _back(desk: Desk, target: str, before: StoryLine | None) -> Undo:
    """Return how the line before is set again."""
    inc = desk.incident.id
    if before is None:
        return Undo(f"line of {target}", partial(_clear, desk, inc, target))
    again = partial(lines.set_line, desk.room, inc, target, before.line, before.why)
    return Undo(f"line of {target}", again)


async def _clear(desk: Desk, inc: str, target: str) -> None:
    await lines.clear(desk.room, inc, target)
