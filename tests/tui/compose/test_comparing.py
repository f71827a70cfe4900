"""Versions: what changed word by word, who said what of it; the inbox and the answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui.compose.sides import SHORT, agreed, drafted, moved, published, spoken, went_out
from tui.compose.stage import PLAYBOOK, Night, showing, text_of, until

from crisisroom.room import approvals, facts, lifecycle, plan, roles, statements, words
from crisisroom.tui.compose.answers import AnswersScreen
from crisisroom.tui.compose.approve import ApprovalsScreen
from crisisroom.tui.compose.comparing import VersionsScreen
from crisisroom.tui.compose.differing import bundle_rows, diff_rows
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.review import ReviewScreen
from crisisroom.tui.compose.statement import StatementScreen

SIZES = [(80, 24), (120, 36)]
TEXTS = st.text(alphabet="ab c.\n", max_size=40)


@given(TEXTS, TEXTS)
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    rows = diff_rows(before, after)
    for kept, text in (("gone", before), ("came", after)):
        found = [
            "".join(cell.text for cell in row.cells if cell.role in ("text", kept)) for row in rows
        ]
        assert "".join(found).split() == text.split() or "\n" in before + after
    if before == after:
        assert {cell.role for row in rows for cell in row.cells} <= {"text"}


def test_only_the_sides_that_changed_are_shown() -> None:
    rows = bundle_rows(("a b", {"x": "same", "y": "old"}), ("a b", {"x": "same", "y": "new"}))
    told = [row.text for row in rows]
    assert "y" in told
    assert "x" not in told


async def two_versions(stage: Night) -> None:
    """Have a version approved, then another written."""
    held = await agreed(stage, {"bsky": SHORT})
    text = held.text.replace("This is our mistake.", "It is ours to mend.")
    await words.edit(stage.room, stage.incident.id, "ST-1", text)


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_what_changed_since_the_approved_version(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with spoken(tmp_path) as stage:
        await two_versions(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, VersionsScreen))
            await until(pilot, lambda: "what changed since v1" in text_of(app))
            await until(pilot, lambda: "cy approved" in text_of(app))
            await pilot.press("j")
            await until(pilot, lambda: "the first one" in text_of(app))


async def test_without_colour_brackets_say_it(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await two_versions(stage)
        screen = VersionsScreen(stage.room, stage.incident.id, "ST-1")
        async with showing(stage, screen, (80, 24), "mono") as (app, pilot):
            await until(pilot, lambda: "{+" in text_of(app))
            shown = text_of(app)
            assert "[-This-]{+It+} is" in shown
            assert shown.isascii()
            await pilot.press("b")
            await until(pilot, lambda: "compared with" in text_of(app))


async def test_what_waits_in_every_open_incident_is_in_one_list(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await two_versions(stage)
        await words.submit(stage.room, stage.incident.id, "ST-1")
        other = await lifecycle.declare(
            stage.room, "Kettles", playbook=stage.incident.plan, severity="sev2"
        )
        inc = other.incident.id
        for fact, value in (("what", "kettles are hot"), ("since", "01:00"), ("refund", "Monday")):
            await facts.set_fact(stage.room, inc, fact, value)
        await roles.take(stage.by("cy"), inc, "legal")
        await statements.draft(stage.room, inc, "holding")
        await words.submit(stage.room, inc, "ST-1")
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: "INC-2 ST-1" in text_of(app))
            await until(pilot, lambda: "Changed since v1" in text_of(app))
            shown = text_of(app)
            assert "2 wait for you" in shown
            assert "INC-1 ST-1" in shown
            assert "Changed since v1   cy approved" in shown
            assert "of both texts together" in shown
            await pilot.press("j")
            await until(pilot, lambda: screen.here and screen.here.incident.id == inc)
            await pilot.press("a")
            await until(pilot, lambda: app.screen is not screen)
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "ST-1 is approved as it reads" in app.told())
        assert (await stage.words("ST-1")).state == "submitted"  # the other one's was meant


async def test_approved_words_are_plain_and_free_ones_marked(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await approvals.approve_words(stage.by("cy"), stage.incident.plan)
        held = await drafted(stage)
        text = held.text.replace("mistake.", "mistake. Come to the desk.")
        await words.edit(stage.room, stage.incident.id, "ST-1", text)
        await words.submit(stage.room, stage.incident.id, "ST-1")
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (_, pilot):
            await until(pilot, lambda: screen.here)
            assert screen.here is not None
            assert "Come to the desk." in " ".join(span.text for span in screen.here.free)


async def test_a_question_to_the_author_stands_on_the_timeline(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await drafted(stage)
        await words.submit(stage.room, stage.incident.id, "ST-1")
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("m")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"which day")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "ada is asked" in app.told())
        assert (await stage.words("ST-1")).state == "submitted"


@pytest.mark.parametrize("size", SIZES)
async def test_each_channel_has_its_own_outcome(tmp_path: Path, size: tuple[int, int]) -> None:
    async with spoken(tmp_path) as stage:
        await agreed(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            stage.clock.advance(1)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
            asked = app.screen
            await until(pilot, lambda: asked.query_one("#channels", Items).items)
            await until(pilot, lambda: "only colleagues read it" in text_of(app))
            await pilot.press("1", "2")
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "queued for masto, bsky" in app.told())
            await until(pilot, lambda: text_of(app).count("queued") > 1)
            await went_out(stage, "ST-1")
            await until(pilot, lambda: text_of(app).count("https://social.example") == 2)


async def test_doubt_names_the_way_to_settle_it(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto", out=False)
        await went_out(stage, "ST-1", "unknown")
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: "in doubt: no answer from social.example" in text_of(app))
            await until(pilot, lambda: "look there, then b" in text_of(app))


RELIES = PLAYBOOK.replace(
    "    when: [safe, bank, phone]\n", "    when: [safe, bank, phone]\n    relies: [refund]\n"
)


async def test_an_answer_held_back_is_upheld_by_the_lead(tmp_path: Path) -> None:
    async with spoken(tmp_path, playbook=RELIES) as stage:
        await moved(stage)
        screen = AnswersScreen(stage.room, stage.incident.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: "held back: a fact moved" in text_of(app))
            await until(pilot, lambda: "refund by moved" in text_of(app))
            await pilot.press("u")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"still so")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "faq-1 still holds" in app.told())
            await until(pilot, lambda: "held back: a fact moved" not in text_of(app))


async def test_an_answer_is_added_and_somebody_else_approves_it(tmp_path: Path) -> None:
    async with spoken(tmp_path) as stage:
        screen = AnswersScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            for words_ in ("Do I get it back?", "Yes, all of it."):
                await pilot.press(*(["plus"] if words_.startswith("Do") else []))
                await until(pilot, lambda: app.screen is not screen)
                await pilot.pause()
                await pilot.press(*words_)
                stage.clock.advance(1)
                await pilot.press("enter")
                await pilot.pause()
            await until(pilot, lambda: "waits for approval" in app.told())
        added = (await stage.now()).plan.faq[-1]
        assert (added.question, added.answer) == ("Do I get it back?", "Yes, all of it.")
        assert await plan.approve_added(stage.by("cy"), stage.incident.id) == (added.id,)
