"""Colleagues' drafts to the same post, and the earlier states of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.compose.replies import reply_night, writes
from tui.compose.stage import Shown, night, settled, showing, text_of, until

from crisisroom.room import drafting
from crisisroom.store import Change
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.earlier import Earlier
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.reply import ReplyScreen

BO = "Hello @pat@social.example,\nWe look into it at once.\n\nBo, for Ferrow"


async def opened(app: Shown, pilot: Pilot[None]) -> Earlier:
    """Open what one can go on from."""
    await pilot.press("ctrl+r")
    await until(pilot, lambda: isinstance(app.screen, Earlier))
    assert isinstance(app.screen, Earlier)
    listed = app.screen
    await until(pilot, lambda: listed.query_one(Items).items)
    return listed


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_colleague_who_writes_is_seen_as_they_write(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with reply_night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            mine = screen.editor.text
            await writes(stage, "bo", "Hello @pat, we")
            await until(pilot, lambda: "bo writes here too, saved just now" in text_of(app))
            await writes(stage, "bo", BO)
            await until(pilot, lambda: "We look into it at once." in text_of(app))
            assert screen.editor.text == mine
            await drafting.discard(
                stage.by("bo"), "/".join(("reply", stage.incident.id, stage.mention.id, "bo"))
            )
            await until(pilot, lambda: "bo writes" not in text_of(app))


class Slow(ReplyScreen):
    """A composer on a busy machine: what it has read comes late to the screen."""

    gate: asyncio.Event | None = None
    waits = heard_of = False

    async def load(self) -> Then:
        """Read, then wait at the gate."""
        then = await super().load()
        if self.gate is not None:
            self.waits = True
            await self.gate.wait()
        return then

    def take(self, batch: Sequence[Change]) -> None:
        """Take changes as ever, and note it."""
        super().take(batch)
        self.heard_of = self.heard_of or any(map(self.heard, batch))


async def test_a_slow_reading_does_not_put_back_what_a_colleague_wrote_before(
    tmp_path: Path,
) -> None:
    async with reply_night(tmp_path) as stage:
        screen = Slow(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (120, 36)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            await writes(stage, "bo", "Hello @pat, we")
            await until(pilot, lambda: "bo writes here too" in text_of(app))
            screen.gate = asyncio.Event()
            screen.reload()
            await until(pilot, lambda: screen.waits)
            screen.heard_of = False
            await writes(stage, "bo", BO)
            await until(pilot, lambda: screen.heard_of)
            await until(pilot, lambda: {one.name for one in app.workers} <= {"load", "follow"})
            screen.gate.set()
            await until(pilot, lambda: "load" not in {one.name for one in app.workers})
            await settled(app, pilot)
            await until(pilot, lambda: "We look into it at once." in text_of(app))


async def test_a_colleagues_old_draft_is_offered_and_never_taken_for_ones_own(
    tmp_path: Path,
) -> None:
    async with reply_night(tmp_path) as stage:
        await writes(stage, "bo", BO, minutes_ago=13)
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            mine = screen.editor.text
            assert "We are sorry" in mine
            await until(pilot, lambda: "bo's draft of 03:12, go on from it" in text_of(app))
            await opened(app, pilot)
            await until(pilot, lambda: "Bo, for Ferrow" in text_of(app))
            await until(pilot, lambda: "[-" in text_of(app))
            await pilot.press("enter")
            await until(pilot, lambda: screen.editor.text == BO)
            await until(pilot, lambda: "bo's text of 03:12" in app.told())
            await pilot.press("ctrl+z")
            assert screen.editor.text == mine


async def test_an_earlier_state_is_brought_back(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            for text in ("first", "second", "third"):
                screen.put_in(text)
                await until(pilot, lambda: screen.saved_at == stage.clock.now())
                await settled(app, pilot)
                stage.clock.advance(90)
            listed = await opened(app, pilot)
            await pilot.press("down")
            await until(pilot, lambda: "[-third-]" in text_of(app))
            assert len(listed.query_one(Items).items) == 2
            await pilot.press("enter")
            await until(pilot, lambda: screen.editor.text == "first")
            await until(pilot, lambda: "your text of 03:25" in app.told())
            await settled(app, pilot)
        (kept,) = await drafting.saved_drafts(stage.room)
        assert kept.text == "first"


async def test_escape_keeps_what_stands(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        await writes(stage, "bo", BO)
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            mine = screen.editor.text
            await opened(app, pilot)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is screen)
            assert screen.editor.text == mine


async def test_where_there_is_nothing_earlier_it_says_so(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+r")
            await until(pilot, lambda: "no earlier state of this draft" in app.told())
