"""Notes and decisions: of a while ago, for Legal alone, with what else could have been done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tui.night import night_room, screen
from tui.record.hands import command, fill
from tui.seeing import see

from crisisroom.room import reading
from crisisroom.tui.record.noting import taken_apart

NOW = datetime(2026, 11, 22, 2, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "minutes", "readers", "words"),
    [
        ("found it", None, "", "found it"),
        ("legal: asked counsel", None, "legal", "asked counsel"),
        ("-12m legal: asked counsel", 12, "legal", "asked counsel"),
        ("Legal: 12m ago asked counsel", 12, "legal", "asked counsel"),
        ("03:12 public: it works again", 23, "public", "it works again"),
        ("legally: odd", None, "", "legally: odd"),
    ],
)
def test_time_and_readers_may_stand_in_either_order(
    typed: str, minutes: int | None, readers: str, words: str
) -> None:
    at = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert taken_apart(typed, NOW, ZoneInfo("Europe/Berlin")) == (at, readers, words)


async def test_a_note_for_legal_of_a_while_ago(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("m")
            await fill(pilot, "legal:")
            await see(pilot, "it needs some words")
            await fill(pilot, "legal: 12m ago asked counsel")
            await see(pilot, "noted, at 03:23, for Legal alone")
        last = (await reading.timeline(room, "INC-1"))[-1]
    assert (last.text, last.data["visibility"]) == ("asked counsel", "legal")
    assert last.recorded_at - last.at == timedelta(minutes=12)


async def test_a_time_long_before_is_refused_where_it_is_typed(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        before = await reading.timeline(room, "INC-1")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("m")
            await fill(pilot, "-999h found it")
            await see(pilot, "is long before INC-1 began")
        assert await reading.timeline(room, "INC-1") == before


async def test_a_decision_with_options_reason_and_time(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await command(pilot, app, "decide")
            await fill(pilot, "answer in public", "", "", "")
            await see(pilot, "because: it needs some words")
            await fill(pilot, "answer in public", "press asks", "say nothing ; wait", "soon")
            await see(pilot, "when: write 12m ago")
            await fill(pilot, "answer in public", "press asks", "say nothing ; wait", "12m ago")
            await see(pilot, "decision recorded, at 03:23")
        made = (await reading.incident(room, "INC-1")).decisions[-1]
    assert made.words == "answer in public"
    assert made.reason == "press asks"
    assert made.options == ("say nothing", "wait")
    assert made.at == NOW - timedelta(minutes=12)
