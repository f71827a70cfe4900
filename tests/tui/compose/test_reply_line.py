"""The line that the lead set for a story, authors who go to a role, and the stop of all words."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.compose.replies import reply_night
from tui.compose.stage import Night, settled, showing, text_of, until

from crisisroom.core.errors import Refused
from crisisroom.room import lines, reading, sending, stopping, tagging, triage
from crisisroom.tui.compose.gate import refuse_shut
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.compose.review import ReviewScreen

WHY = "the rumour feeds on answers"


async def set_line(stage: Night, line: str) -> None:
    """Let ada, who leads, say how every story is answered."""
    await lines.set_line(stage.room, stage.incident.id, "all", line, WHY)


async def test_under_monitor_no_composer_opens_and_it_says_who_and_why(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await set_line(stage, "monitor")
        with pytest.raises(Refused) as refused:
            await refuse_shut(stage.room, stage.incident.id, stage.mention.id)
        assert refused.value.message == "monitor, set by ada 03:25: " + WHY
        assert refused.value.hint == "nobody answers; the lead changes it with L"


async def test_what_is_for_legal_opens_for_legal_only(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await set_line(stage, "legal")
        inc, post = stage.incident.id, stage.mention.id
        with pytest.raises(Refused, match="Legal only, set by ada 03:25"):
            await refuse_shut(stage.room, inc, post)
        await refuse_shut(stage.by("cy"), inc, post)


@pytest.mark.parametrize("line", ["answer", "questions", "point"])
async def test_the_other_lines_open(tmp_path: Path, line: str) -> None:
    async with reply_night(tmp_path) as stage:
        await set_line(stage, line)
        await refuse_shut(stage.room, stage.incident.id, stage.mention.id)


async def test_the_line_stands_in_the_head(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await set_line(stage, "questions")
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            await until(pilot, lambda: "questions only, set by ada 03:25: " + WHY in text_of(app))


async def test_point_opens_with_the_pointer(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await set_line(stage, "point")
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (_app, pilot):
            await until(pilot, lambda: screen.reviewed)
            assert "All we know stands here: https://ferrow.example/now" in screen.editor.text
            assert screen.reviewed is not None
            assert not screen.reviewed.blocking


async def test_a_regulator_gets_no_words_of_ours_and_is_not_claimed(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await tagging.tag(stage.room, stage.mention.id, ["regulator"])
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            assert screen.editor.text == ""
            await until(pilot, lambda: "regulator   nothing is filled in for them" in text_of(app))
            await until(pilot, lambda: "regulator goes to Legal: cy holds it" in text_of(app))
        found = await reading.mention(stage.room, stage.mention.id)
        assert (found.state, found.assignee) == ("new", "")


async def test_a_stop_of_all_words_keeps_it_from_going(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            await stopping.stop(stage.by("bo"), "wrong date")
            stage.clock.advance(1)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await until(pilot, lambda: "bo stopped all outgoing words at 03:25" in text_of(app))
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "bo stopped all outgoing words" in app.told())
        assert (await stage.now()).replies == {}


async def test_who_answered_meanwhile_stands_above_the_text(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            await triage.claim(stage.by("bo"), stage.mention.id, take=True)
            reply = await stage.reply(screen.editor.text.replace("Ada,", "Bo,"), by="bo")
            await sending.send(stage.by("bo"), stage.incident.id, reply.id)
            stage.clock.advance(20)
            await settled(app, pilot)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await until(pilot, lambda: "bo writes 20 s ago" in text_of(app))
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "nobody answers twice" in app.told())
        assert len((await stage.now()).replies) == 1
