"""A statement's own words for single channels: made, counted, written, approved together."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.compose.sides import SHORT, drafted, spoken
from tui.compose.stage import settled, showing, text_of, until

from crisisroom.core.canonical import bundle_hash
from crisisroom.room import drafting, words
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.review import ReviewScreen
from crisisroom.tui.compose.statement import StatementScreen
from crisisroom.tui.compose.variants import SOURCE, TEXT, Bundle

SIZES = [(80, 24), (120, 36)]


def test_a_bundle_keeps_its_sides_in_order() -> None:
    bundle = Bundle("all", {"bsky": "short"}, "old", "ST-1")
    assert bundle.sides == (TEXT, "bsky", SOURCE)
    assert bundle.put(SOURCE, "never") == bundle
    assert bundle.put("masto", "m").variants == {"bsky": "short", "masto": "m"}
    assert bundle.without("bsky").sides == (TEXT, SOURCE)


@pytest.mark.parametrize("size", SIZES)
async def test_each_side_has_its_own_count_and_problems(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with spoken(tmp_path) as stage:
        held = await drafted(stage, {"bsky": SHORT + " {{fact.affected}}", "masto": SHORT})
        screen = StatementScreen(stage.room, stage.incident.id, words_id=held.id)
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await until(pilot, lambda: "104 of 300" in text_of(app))
            shown = text_of(app)
            assert f"{len(SHORT)} of 500" in shown
            assert ("1 problem" if screen.wide else "✗1") in shown
            assert "of all 3 texts together" in shown
            assert shown.count(SHORT[:20]) == (2 if screen.wide else 0)


async def test_tab_moves_and_each_side_is_saved(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await drafted(stage, {"bsky": SHORT})
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen, (80, 24)) as (_, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("e")
            await until(pilot, lambda: screen.editing)
            await pilot.press("tab")
            await until(pilot, lambda: screen.query_one(Editor).text == SHORT)
            await pilot.press("X")
            await pilot.press("tab")
            await until(pilot, lambda: screen.side == TEXT)
            assert screen.current.variants == {"bsky": SHORT + "X"}
            kept = await drafting.saved_drafts(stage.room)
            assert [one.text for one in kept if "@bsky" in one.id] == [SHORT + "X"]
        again = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, again, (80, 24)) as (_, pilot):
            await until(pilot, lambda: again.reviewed)
            assert again.editing
            assert again.current.variants == {"bsky": SHORT + "X"}


async def test_a_variant_is_made_from_the_text_and_taken_off(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await drafted(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("v")
            await until(pilot, lambda: isinstance(app.screen, Pick))
            pick = app.screen
            await until(pilot, lambda: pick.query_one(Items).items)
            await pilot.press("2")
            await until(pilot, lambda: screen.side == "bsky")
            assert screen.current.variants == {"bsky": screen.bundle.text}
            await pilot.press("ctrl+r")
            await until(pilot, lambda: screen.side == TEXT)
            assert screen.current.variants == {}
            assert app.told() == "bsky gets the text again"


async def test_the_whole_bundle_is_handed_in_and_approved(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        screen = StatementScreen(stage.room, stage.incident.id, template_id="holding")
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+t")
            await until(pilot, lambda: isinstance(app.screen, Pick))
            pick = app.screen
            await until(pilot, lambda: pick.query_one(Items).items)
            await pilot.press("1")
            await until(pilot, lambda: screen.side == "masto")
            screen.query_one(Editor).load_text(SHORT)
            await until(pilot, lambda: "of 500" in text_of(app))
            stage.clock.advance(1)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            await until(pilot, lambda: "exactly these 2 texts" in text_of(app))
            stage.clock.advance(1)
            await pilot.press("y")
            await settled(app, pilot)
            await until(pilot, lambda: "waits for Legal" in app.told())
        held = await stage.words("ST-1")
        assert held.variants == {"masto": SHORT}
        assert held.sha256 == bundle_hash(held.text, held.variants)
        assert await drafting.saved_drafts(stage.room) == ()
        await words.approve(stage.by("cy"), stage.incident.id, "ST-1", held.sha256)
        assert (await stage.words("ST-1")).state == "approved"
