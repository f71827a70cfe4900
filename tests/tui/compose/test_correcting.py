"""Truth moves: what is out is corrected, taken back or stands; what waits is held back."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.compose.sides import agreed, moved, published, spoken
from tui.compose.stage import Night, Shown, settled, showing, text_of, until

from crisisroom.room import statements
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.opening import Begun
from crisisroom.tui.compose.outbox import OutboxScreen
from crisisroom.tui.compose.owed import OwedScreen
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.review import ReviewScreen
from crisisroom.tui.compose.statement import StatementScreen
from crisisroom.tui.rows.words import owing_words, words_rows
from crisisroom.tui.situation import Situation

SIZES = [(80, 24), (120, 36)]


async def answer(stage: Night, app: Shown, pilot: Pilot[None], words: str) -> None:
    """Type the answer to a question, as a hand does."""
    await pilot.press(*words)
    stage.clock.advance(1)
    await pilot.press("enter")
    stage.clock.advance(1)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_due_is_listed_with_what_moved(tmp_path: Path, size: tuple[int, int]) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto", "bsky")
        await moved(stage)
        screen = OwedScreen(stage.room, stage.incident.id)
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.pause()
            shown = text_of(app)
            assert "1 correction due" in shown
            assert "refund by   was Tuesday, is Friday now" in shown
            assert "out on masto, bsky" in shown
            assert "C correct" in shown


@pytest.mark.parametrize("size", SIZES)
async def test_a_correction_begins_beside_the_old_words(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with spoken(tmp_path) as stage:
        before = await published(stage, "masto")
        await moved(stage)
        owed = OwedScreen(stage.room, stage.incident.id)
        async with showing(stage, owed, size) as (app, pilot):
            await until(pilot, lambda: owed.here)
            await pilot.press("C")
            await until(pilot, lambda: isinstance(app.screen, StatementScreen))
            screen = app.screen
            assert isinstance(screen, StatementScreen)
            await until(pilot, lambda: screen.reviewed)
            await until(pilot, lambda: "puts right ST-1" in text_of(app))
            assert screen.current.source == before.text
            assert "goes back by Friday." in screen.query_one(Editor).text
            stage.clock.advance(1)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            stage.clock.advance(1)
            await pilot.press("y")
            await settled(app, pilot)
            await until(pilot, lambda: "waits for Legal" in app.told())
        made = await stage.words("ST-2")
        assert (made.corrects, made.kind, made.state) == ("ST-1", "correction", "submitted")


async def test_taking_back_asks_why_then_where(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto", "bsky")
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("X")
            await until(pilot, lambda: app.screen is not screen)
            await answer(stage, app, pilot, "it is wrong")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            asked = app.screen
            await until(pilot, lambda: asked.query_one("#channels", Items).items)
            await pilot.press("y")
            assert app.told() == "choose a channel first"
            await pilot.press("2")
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "is taken back on bsky" in app.told())
        sends = (await stage.words("ST-1")).sends
        assert {one: way.state for one, way in sends.items()} == {
            "masto": "sent",
            "bsky": "retracting",
        }


async def test_only_the_lead_takes_back_or_lets_it_stand(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto")
        await moved(stage)
        screen = OwedScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            for key, act in (("X", "take ST-1 back"), ("S", "no correction is needed")):
                await pilot.press(key)
                await until(pilot, lambda: "only Communications (ada) may" in app.told())
                assert act in app.told()
                assert app.screen is screen


async def test_it_stands_with_the_reason(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto")
        await moved(stage)
        screen = OwedScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("S")
            await until(pilot, lambda: app.screen is not screen)
            await answer(stage, app, pilot, "a day does not matter")
            await until(pilot, lambda: "stands, and why is written" in app.told())
            await until(pilot, lambda: "no correction is due" in text_of(app))
            await until(pilot, lambda: "stands by ada: a day does not matter" in text_of(app))
        assert not owing_words(await stage.now())


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_held_back_says_so_and_may_be_upheld(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with spoken(tmp_path) as stage:
        await agreed(stage)
        await moved(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: "HELD BACK" in text_of(app))
            await until(pilot, lambda: "says Tuesday, it is Friday" in text_of(app))
            await pilot.press("u")
            await until(pilot, lambda: app.screen is not screen)
            await answer(stage, app, pilot, "both days are true")
            await until(pilot, lambda: "still holds" in app.told())
            await until(pilot, lambda: "HELD BACK" not in text_of(app))
        held = await stage.words("ST-1")
        assert (held.suspended, held.state) == ((), "draft")


async def test_the_words_view_has_one_line_of_alarm(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto")
        await moved(stage)
        know = Situation(stage.clock.now(), "ada", await stage.now(), (), None)
        first, *rest = words_rows(know, (), 78)
        assert first.at == "owed:"
        assert "1 correction due: ST-1" in first.text
        assert any("sent, correction due" in row.text for row in rest)
        await statements.settle_owed(stage.room, stage.incident.id, "ST-1", "so it is")
        know = Situation(stage.clock.now(), "ada", await stage.now(), (), None)
        assert words_rows(know, (), 78)[0].at == ""


@pytest.mark.parametrize("size", SIZES)
async def test_a_translation_is_written_beside_its_source(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with spoken(tmp_path) as stage:
        held = await agreed(stage)
        first = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, first, size) as (app, pilot):
            await until(pilot, lambda: first.reviewed)
            await pilot.press("t")
            await until(pilot, lambda: isinstance(app.screen, Pick))
            pick = app.screen
            await until(pilot, lambda: pick.query_one(Items).items)
            await until(pilot, lambda: "the playbook has its words" in text_of(app))
            await pilot.press("1")
            await until(pilot, lambda: isinstance(app.screen, StatementScreen))
            screen = app.screen
            assert isinstance(screen, StatementScreen)
            await until(pilot, lambda: screen is not first and screen.reviewed)
            await until(pilot, lambda: "ST-1 in de" in text_of(app))
            assert screen.query_one(Editor).text.startswith("Seit 02:40")
            assert screen.current.source == held.text
            if not screen.wide:
                await pilot.press("tab")
                await until(pilot, lambda: "We are sorry. This is our" in text_of(app))
            stage.clock.advance(1)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            stage.clock.advance(1)
            await pilot.press("y")
            await settled(app, pilot)
            await until(pilot, lambda: "waits for Legal" in app.told())
        made = await stage.words("ST-2")
        assert (made.translates, made.language) == ("ST-1", "de")
        assert made.source_sha256 == held.sha256


async def test_an_own_language_begins_empty(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await agreed(stage)
        begun = Begun(translates="ST-1", language="fr")
        screen = StatementScreen(stage.room, stage.incident.id, begun=begun)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await until(pilot, lambda: "nothing is written yet" in text_of(app))
            assert screen.query_one(Editor).text == ""


async def test_the_outbox_says_why_words_wait_and_takes_back_what_is_out(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto", "bsky", out=False)
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: "nobody watches this room" in text_of(app))
            await until(pilot, lambda: "2 waiting" in text_of(app))
            await pilot.press("X")
            assert app.told() == "only what is out can be taken back"
