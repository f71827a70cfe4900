"""The line for each story: how it is answered, as the lead sets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.lines import LINES, story_line
from crisisroom.core.mention import Mention
from crisisroom.core.said import Line, StoryLine
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene, stories
from crisisroom.room.checks import own
from crisisroom.room.leading import refuse_unless_lead
from crisisroom.store import Tx, story_ids

ALL = "all"  # stands for every story without a line of its own


async def set_line(
    room: Room, inc: str, narrative_id: str, line: str, why: str = "", *, command_id: str = ""
) -> Acted:
    """Say how a story, or `all` without a line of their own, is answered; the lead only."""
    chosen = _line(line)

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        refuse_unless_lead(state, scene, "say how a story is answered")
        uid, id_ = await _story(tx, narrative_id)
        words = own(why, "reason")
        before = state.lines.get(uid)
        if before and (before.line, before.why) == (chosen, words):
            return []
        because = f", because {words}" if words else ""
        text = f"line for {id_ or 'all stories'}: {LINES[chosen]}{because}"
        data = {"narrative": uid, "id": id_, "line": chosen, "words": words}
        return [Draft(kind="line.set", text=text, data=data)]

    return await room.act_in(inc, decide, command_id=command_id)


def _line(given: str) -> Line:
    for line in get_args(Line):
        if given.strip().lower() == line:
            found: Line = line
            return found
    known = ", ".join(get_args(Line))
    raise Usage("line", "that is no way to answer a story", f"one of {known}")


async def _story(tx: Tx, narrative_id: str) -> tuple[str, str]:
    """Return uid and id of a story that lives; both empty for `all`."""
    if narrative_id.strip().lower() == ALL:
        return "", ""
    story = await stories.one(tx, narrative_id)
    if story.state == "merged":
        raise Refused("merged", f"{story.id} became part of {story.into}", f"use {story.into}")
    return story.uid, story.id


async def clear(room: Room, inc: str, narrative_id: str, *, command_id: str = "") -> Acted:
    """Take a story's line back, with those of stories that became part of it; the lead only."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        refuse_unless_lead(state, scene, "say how a story is answered")
        uid = "" if narrative_id.strip().lower() == ALL else await _uid(tx, narrative_id)
        inherited = await story_ids.joined(tx, uid, state.lines) if uid else ()
        gone = [line for one in (uid, *inherited) if (line := state.lines.get(one))]
        if not gone:
            raise Refused("no-line", "no line is set for that", "line list shows those there are")
        return [_cleared(line) for line in gone]

    return await room.act_in(inc, decide, command_id=command_id)


async def _uid(tx: Tx, narrative_id: str) -> str:
    story = await stories.one(tx, narrative_id)
    return story.uid


def _cleared(line: StoryLine) -> Draft:
    text = f"no line any more for {line.id or 'all stories'}"
    return Draft(kind="line.cleared", text=text, data={"narrative": line.narrative, "id": line.id})


async def line_of(tx: Tx, state: Incident, mention: Mention) -> StoryLine | None:
    """Return the line that holds for a mention: its story's, wherever that was merged, or all's."""
    if not state.lines:
        return None
    uid = await story_ids.living(tx, mention.narrative) if mention.narrative else ""
    if not uid or uid in state.lines:
        return story_line(state, uid)
    return story_line(state, uid, await story_ids.joined(tx, uid, state.lines))
