"""The line for each story: set by the lead, followed through merges."""

from __future__ import annotations

import pytest
from room.heard import stories_told
from room.people import WITH_TEAM, as_, declared

from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, lines, reading, roles, stories, triage
from crisisroom.room.settings import apply_config


async def _of(room: Room, mention_id: str) -> tuple[str, str]:
    """Return the line that holds for a mention, and whose it is."""
    state = await reading.incident(room)
    mention = await reading.mention(room, mention_id)
    held = await room.store.read(lambda tx: lines.line_of(tx, state, mention))
    return (held.line, held.id) if held else ("", "")


async def _told(room: Room) -> None:
    """Let M-1 be the incident's own, M-2 and M-3 tell N-1, M-4 tell N-2."""
    await declared(room)
    await stories_told(room, {"N-1": 2, "N-2": 1})


async def test_a_story_s_own_line_comes_before_the_one_for_all(room: Room) -> None:
    await _told(room)
    assert await _of(room, "M-2") == ("", "")
    await lines.set_line(room, "", "all", "questions")
    set_ = await lines.set_line(room, "", "N-1", "monitor", "a hoax")
    assert set_.entry.text == "line for N-1: monitor, because a hoax"
    assert [await _of(room, one) for one in ("M-1", "M-2", "M-4")] == [
        ("questions", ""),
        ("monitor", "N-1"),
        ("questions", ""),
    ]
    assert not (await lines.set_line(room, "", "N-1", "Monitor", "a hoax")).changed
    await lines.clear(room, "", "n-1")
    assert await _of(room, "M-2") == ("questions", "")
    cleared = await lines.clear(room, "", "ALL")
    assert cleared.incident.lines == {}
    with pytest.raises(Refused, match="no line is set for that"):
        await lines.clear(room, "", "N-1")


async def test_a_merged_story_takes_its_line_along(room: Room) -> None:
    await _told(room)
    await lines.set_line(room, "", "N-2", "monitor")
    await stories.merge(room, "N-1", ["N-2"])
    assert await _of(room, "M-2") == ("monitor", "N-2"), "a hoax stays one under another name"
    assert await _of(room, "M-4") == ("monitor", "N-2")
    with pytest.raises(Refused, match="N-2 became part of N-1"):
        await lines.set_line(room, "", "N-2", "answer")
    await lines.set_line(room, "", "N-1", "point")
    assert await _of(room, "M-4") == ("point", "N-1")
    cleared = await lines.clear(room, "", "N-1")
    assert cleared.incident.lines == {}
    assert [entry.kind for entry in cleared.entries] == ["line.cleared", "line.cleared"]


async def test_a_merged_story_falls_under_the_line_of_where_it_went(room: Room) -> None:
    await _told(room)
    await lines.set_line(room, "", "N-1", "legal")
    await stories.merge(room, "N-1", ["N-2"])
    assert await _of(room, "M-4") == ("legal", "N-1")


async def test_only_the_lead_sets_it(room: Room) -> None:
    await _told(room)
    await apply_config(room, WITH_TEAM, "crisisroom.yaml")
    with pytest.raises(Refused, match="only Lead may"):
        await lines.set_line(room, "", "all", "monitor")
    bo = as_(room, "bo")
    await roles.take(bo, "", "lead")
    await lines.set_line(bo, "", "all", "monitor", command_id="c1")
    again = await lines.set_line(bo, "", "all", "monitor", command_id="c1")
    assert len(again.incident.lines) == 1
    with pytest.raises(Refused, match=r"only Lead \(bo\) may") as refused:
        await lines.clear(room, "", "all")
    assert refused.value.hint == "ask bo"


@pytest.mark.parametrize(
    ("story", "line"), [("N-1", "shout"), ("N-9", "monitor"), ("x\x1b[2J", "monitor")]
)
async def test_what_is_no_line_or_story_is_a_usage_error(room: Room, story: str, line: str) -> None:
    await _told(room)
    with pytest.raises(Usage):
        await lines.set_line(room, "", story, line)


async def test_our_reason_is_refused_with_what_cannot_stay(room: Room) -> None:
    await _told(room)
    with pytest.raises(Refused, match="reason"):
        await lines.set_line(room, "", "N-1", "monitor", "a\u202ehoax")


async def test_a_mention_without_a_story_has_the_line_for_all(room: Room) -> None:
    await _told(room)
    made = await triage.add_by_hand(room, "Is it true?")
    await lines.set_line(room, "", "N-1", "monitor")
    assert await _of(room, made.id) == ("", "")
    await lines.set_line(room, "", "all", "point")
    assert await _of(room, made.id) == ("point", "")
