"""View 4 as a person uses it: filtered, read, pinned, marked, corrected, taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from bench.long_night import long_night
from msgspec.structs import replace
from tui.night import calm_room, empty_room, night_room, screen
from tui.record.hands import command, fill, seq_of, to_entry
from tui.seeing import lines, see, text, until

from crisisroom.config import Member
from crisisroom.core.apply import replay
from crisisroom.room import Actor, correcting, holding, importing, reading, record

NOTE = "phoned dee, no answer"


async def test_a_filter_counts_says_what_it_is_and_escape_clears_it(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, 3)
            await pilot.press("slash", *"kind", "colon", *"facts", "enter")
            await see(pilot, "only kind:facts   4 of")
            shown = text(app)
            assert "checks: affected" in shown
            assert NOTE not in shown
            await pilot.press("escape")
            await see(pilot, NOTE)
            assert "only kind" not in text(app)


async def test_a_word_that_is_no_filter_says_so_and_nothing_fits(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, 3)
            app.room_screen.timeline.narrow("kind:fcts")
            await see(pilot, "no entry is of the kind 'fcts': did you mean \"facts\"?")
            await see(pilot, "no entry fits, esc shows all")


async def test_tab_offers_filters_to_choose_from(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, 3)
            await pilot.press("slash", "tab")
            await see(pilot, "written down later than it happened")
            await pilot.press("9")
            await see(pilot, "only kind:facts   4 of")


async def test_what_is_written_while_a_filter_stands_is_found_too(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, 3)
            app.room_screen.timeline.narrow("landlord")
            await see(pilot, "no entry fits")
            await record.note(room, "INC-1", "the landlord called")
            await record.note(room, "INC-1", "somebody else called")
            await see(pilot, "only landlord   1 of")
            await see(pilot, "the landlord called")


async def test_a_pin_shows_counts_as_a_filter_and_is_taken_back(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        seq = await seq_of(room, NOTE)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, seq)
            await pilot.press("space")
            await see(pilot, f"pinned entry {seq}")
            await see(pilot, f"03:34♦  ada  {NOTE}")
            app.room_screen.timeline.narrow("pinned")
            await see(pilot, "only pinned   1 of")
            await pilot.press("z")
            await see(pilot, "no entry fits")
        assert (await reading.incident(room, "INC-1")).pinned == ()


async def test_a_correction_shows_new_words_and_keeps_the_old(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        seq = await seq_of(room, NOTE)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, seq)
            await pilot.press("C")
            await see(pilot, "the old words stay")
            await pilot.press("enter")
            await see(pilot, "nothing is different yet")
            await fill(pilot, "03:20 phoned dee, she has it")
            await see(pilot, "corrected by entry")
            await see(pilot, "03:20   ada  corrected: phoned dee, she has it")
            await to_entry(pilot, app, seq)
            await pilot.press("enter")
            await see(pilot, "so corrected by ada; it said before:")
            shown = text(app)
            assert f"    {NOTE}" in shown
            assert "happened      Sun 2026-11-22 03:20:00 +01:00   02:20:00 UTC" in shown
            assert "it said before" in shown
            await pilot.press("escape", "z")
            await see(pilot, "cannot be taken back")
        state = await reading.incident(room, "INC-1")
    assert state.corrected[f"{seq}"].words == "phoned dee, she has it"


async def test_only_the_time_can_be_put_right_but_not_that_of_the_machine(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        seq = await seq_of(room, NOTE)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, seq)
            await pilot.press("C")
            await see(pilot, "the old words stay")
            await fill(pilot, f"10m ago {NOTE}")
            await see(pilot, "corrected by entry")
            machines = await seq_of(room, "ST-1 v1 to Legal")
            await to_entry(pilot, app, machines)
            await pilot.press("C")
            await see(pilot, "the old words stay")
            await fill(pilot, "-5m other words")
            await see(pilot, "its time stands: it took place in the room")
        made = (await reading.incident(room, "INC-1")).corrected[f"{seq}"]
    assert made.words == ""
    assert made.at == room.clock.now() - timedelta(minutes=10)


async def test_readers_are_a_word_beside_the_colour_and_need_a_reason(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        seq = await seq_of(room, NOTE)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, seq)
            await pilot.press("V")
            await see(pilot, f"Who may read entry {seq}?")
            await pilot.press("2")
            await fill(pilot, "")
            await see(pilot, "it needs some words")
            await fill(pilot, "counsel said so")
            await see(pilot, f"ada  legal: {NOTE}")
            await pilot.press("z")
            await until(pilot, lambda: "legal: phoned" not in text(app))
        state = await reading.incident(room, "INC-1")
    assert state.marked[f"{seq}"] == "internal"


async def test_a_link_leads_to_what_it_names(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        about = ["M-2", "T:form", "F:since", "E:4", "C:ops"]
        acted = await record.note(room, "INC-1", "see also", about=about)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            for digit, wanted in (
                ("2", "Respond"),
                ("3", "5 Words"),
                ("4", "entry 4 of"),
            ):
                await to_entry(pilot, app, acted.entry.seq)
                await pilot.press("enter")
                await see(pilot, "1-5 follow")
                await pilot.press(digit)
                await see(pilot, wanted)
                if digit == "2":
                    await until(pilot, lambda: app.room_screen.tasks.chosen == "task:form")
                if digit == "3":
                    await until(pilot, lambda: app.room_screen.words.chosen == "fact:since")
            await pilot.press("escape")
            await to_entry(pilot, app, acted.entry.seq)
            await pilot.press("enter")
            await see(pilot, "1-5 follow")
            await pilot.press("5")
            await see(pilot, "+00 000 0142")
            await pilot.press("escape")
            await see(pilot, "1-5 follow")
            await pilot.press("1")
            await until(pilot, lambda: app.room_screen.feed.mention is not None)
            await until(pilot, lambda: app.room_screen.feed.mention.id == "M-2")  # type: ignore[union-attr]


async def test_others_are_read_one_after_the_other_and_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    async with night_room(tmp_path) as room:
        seq = await seq_of(room, NOTE)
        hashed = (await reading.timeline(room, "INC-1"))[seq - 1].hash
        app = screen(room)
        monkeypatch.setattr(app, "copy_to_clipboard", copied.append)
        async with app.run_test(size=(80, 24)) as pilot:
            await to_entry(pilot, app, seq)
            await pilot.press("enter")
            await see(pilot, f"entry {seq} of")
            await pilot.press("n")
            await see(pilot, f"entry {seq - 1} of")
            await pilot.press("p")
            await see(pilot, f"entry {seq} of")
            await pilot.press("y")
            await until(pilot, lambda: copied)
    assert copied[0].startswith(f"INC-1 entry {seq}\n{NOTE}\nhappened ")
    assert copied[0].endswith(f"\nhash {hashed}")


async def test_the_end_of_the_chain_is_on_the_screen(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        head = (await reading.timeline(room, "INC-1"))[-1].hash
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("4")
            await see(pilot, f"entries   head {head[:12]}")
            await record.note(room, "INC-1", "one more")
            newer = (await reading.timeline(room, "INC-1"))[-1].hash
            await see(pilot, f"head {newer[:12]}")


async def test_a_hold_shows_everywhere_and_only_legal_lifts_it(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await command(pilot, app, "hold")
            await fill(pilot, "a claim may follow")
            await until(pilot, lambda: "INC-1 HOLD" in lines(app)[0])
            await pilot.press("4")
            await see(pilot, "on hold: a claim may follow")
            await pilot.press("z")
            await see(pilot, "a hold cannot be taken back")
            room.config = replace(room.config, team=(Member(id="ada", name="Ada"),))
            await command(pilot, app, "hold")
            await see(pilot, "only Legal (cy) may lift a hold")
        await holding.lift(room.as_actor(Actor("cy")), "INC-1", "it was settled")
        assert (await reading.incident(room, "INC-1")).hold is None


async def test_before_an_incident_it_says_how_it_begins(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("4")
            await see(pilot, "It begins when you declare: I")


async def test_a_long_timeline_is_read_in_windows(tmp_path: Path) -> None:
    log = tuple(long_night(1_500))
    told = replay(log)
    assert told is not None
    async with empty_room(tmp_path) as room:
        await importing.take_in(room, log, told)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            pane = app.room_screen.timeline
            await pilot.press("4")
            await until(pilot, lambda: pane.entry is not None)
            assert len(pane.book.held) < 200
            await pilot.press("G")
            await until(pilot, lambda: pane.entry is not None and pane.entry.seq == 1)
            assert len(pane.book.held) < 300
            await pilot.press("pageup")
            await until(pilot, lambda: pane.entry is not None and pane.entry.seq > 10)
            await correcting.pin(room, "INC-1", 700)
            app.look()
            await until(pilot, lambda: pane.book.last > log[-1].seq)
            pane.narrow("pinned")
            await until(pilot, lambda: pane.entry is not None and pane.entry.seq == 700)
