"""Stories put right by hand: named, joined, broken up, set aside, made part of the incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from crisisroom.core.errors import Refused
from crisisroom.core.narrative import Narrative, NarrativeState
from crisisroom.room import sorting, stories
from crisisroom.tui.acted import Undo, final
from crisisroom.tui.acts import Desk, fine, needed
from crisisroom.tui.acts.sorting import posts, quoted
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.story import counts
from crisisroom.tui.screens.dialogs import Confirm, asking
from crisisroom.tui.screens.picking import Choice

BACK = timedelta(days=7)
MOST = 200  # stories to choose among


def _story(desk: Desk) -> Narrative:
    if desk.context.story is None:
        raise Refused("no-story", "choose a story first", "v shows the feed by story")
    return desk.context.story


async def rename(desk: Desk) -> None:
    """Give the story a name of ours."""
    story = _story(desk)
    value = story.title if story.named_by else ""
    title = await desk.line(f"What is {story.id} called?", "your words", value=value, check=needed)
    await stories.rename(desk.room, story.id, title)
    back = partial(stories.rename, desk.room, story.id, story.title)
    desk.said(f"{story.id} is called {title}", Undo(f"name of {story.id}", back))


async def merge(desk: Desk) -> None:
    """Make this story and another one story: the larger one stays."""
    story = _story(desk)
    others = [one for one in await _known(desk, ("open",)) if one.id != story.id]
    if not others:
        raise Refused("no-other", "there is no other story")
    title = f"{story.id} and which other are one story?"
    name = await desk.pick(title, _choices(others), one_line(story.title))
    other = next(one for one in others if one.id == name)
    kept, gone = (story, other) if story.mentions >= other.mentions else (other, story)
    parts = await sorting.posts_of(desk.room, gone.id, free=False)
    undo = final("a joining of stories")
    if parts and len(parts) == gone.mentions:
        undo = Undo(f"joining of {gone.id}", partial(_apart, desk, kept, gone, parts))
    else:
        total = posts(kept.mentions + gone.mentions)
        asked = asking(f"Make {gone.id} part of {kept.id}?", f"{total}; this cannot be taken back")
        if not await desk.ask(Confirm(asked, [quoted(gone), quoted(kept)], verb="join")):
            return
    await stories.merge(desk.room, kept.id, [gone.id])
    desk.said(f"{gone.id} is part of {kept.id} now", undo)


async def _apart(desk: Desk, kept: Narrative, gone: Narrative, parts: Sequence[str]) -> None:
    """Break off again what was joined: the same posts, under a new number."""
    await stories.split(desk.room, kept.id, parts, gone.title if gone.named_by else "")


async def split(desk: Desk) -> None:
    """Make the marked posts a story of their own."""
    chosen = desk.context.marked or (desk.mention,)
    story = chosen[0].narrative
    asked = f"Which story do {posts(len(chosen))} tell?" if chosen[1:] else "Which story is it?"
    rest = f"broken off {story}; a name, or empty for their own words"
    title = await desk.line(asked, rest, check=fine)
    made = await stories.split(desk.room, story, [post.id for post in chosen], title)
    back = partial(stories.merge, desk.room, story, [made.id])
    told = f"{posts(len(chosen))} broken off {story} as {made.id}"
    desk.said(told, Undo(f"breaking off of {made.id}", back))


async def set_aside(desk: Desk) -> None:
    """Set the story aside."""
    story = _story(desk)
    await stories.dismiss(desk.room, story.id)
    back = partial(stories.restore, desk.room, story.id)
    desk.said(f"{story.id} is set aside", Undo(f"setting aside of {story.id}", back))


async def take_back(desk: Desk) -> None:
    """Show a story again that was set aside."""
    aside = await _known(desk, ("dismissed",))
    if not aside:
        desk.said("no story of the last 7 days is set aside", role="quiet")
        return
    name = await desk.pick("Which story matters again?", _choices(aside))
    await stories.restore(desk.room, name)
    back = partial(stories.dismiss, desk.room, name)
    desk.said(f"{name} is shown again", Undo(f"taking back of {name}", back))


async def link(desk: Desk) -> None:
    """Make the story part of the incident: its posts count there, the later ones too."""
    story, inc = _story(desk), desk.incident.id
    await stories.link(desk.room, inc, story.id)
    back = partial(stories.unlink, desk.room, inc, story.id)
    desk.said(f"{story.id} belongs to {inc}", Undo(f"link of {story.id}", back))


async def unlink(desk: Desk) -> None:
    """Take the story out of the incident."""
    story, inc = _story(desk), desk.incident.id
    await stories.unlink(desk.room, inc, story.id)
    back = partial(stories.link, desk.room, inc, story.id)
    desk.said(f"{story.id} is out of {inc}", Undo(f"unlinking of {story.id}", back))


async def _known(desk: Desk, states: Sequence[NarrativeState]) -> Sequence[Narrative]:
    return await stories.narratives(desk.room, desk.now - BACK, MOST, states)


def _choices(known: Sequence[Narrative]) -> list[Choice]:
    return [
        Choice(one.id, f"{one.id}  {counts(one.free, one.mentions)}", one_line(one.title))
        for one in known
    ]
