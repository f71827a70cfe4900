"""One answer to a story: looked through person by person, reviewed, sent, stopped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tui.bulk.hands import editing, go_to, listing, opened, row_of, send, state
from tui.bulk.night import speaking_room
from tui.night import advance, by_handle, screen
from tui.seeing import lines, see, text, until
from tui.test_acts import choose

from crisisroom.core.timeline import Draft
from crisisroom.room import Actor, Room, stopping, triage, words
from crisisroom.room.sending import way_draft
from crisisroom.tui.bulk.screen import BulkScreen
from crisisroom.tui.compose.outbox import OutboxScreen
from crisisroom.tui.compose.reply import ReplyScreen

SORRY = "We are sorry. You were charged twice."


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_list_says_who_gets_what_and_who_none(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with speaking_room(tmp_path) as room:
        posts = await by_handle(room)
        await triage.claim(room.as_actor(Actor("bo")), posts["tomk"].id)
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            await until(pilot, lambda: "Answer N-1   3 get it, 3 get none" in text(app))
            await until(pilot, lambda: "apology   We are sorry." in text(app))
            assert "bo is on it" in row_of(app, "tomk")
            assert re.search("goes by hand.*\n?.*old_tram", text(app))
            await go_to(pilot, app, "mira.k")
            await see(pilot, "They get, on bsky")
            shown = text(app)
            assert "│ Checked again: two payments" in shown
            assert "Hello mira.k," in shown
            assert not (await state(room)).replies
            await pilot.press("enter")
            await see(pilot, "space page")
            await until(pilot, lambda: "Hello mira.k," in text(app))
            await pilot.press("escape", "escape")
            await until(pilot, lambda: app.screen is app.room_screen)


async def test_somebody_is_left_out_and_taken_in_again(tmp_path: Path) -> None:
    async with listing(tmp_path) as (_, app, pilot):
        await go_to(pilot, app, "mira.k")
        assert "space leave out" in lines(app)[-1]
        await pilot.press("space")
        await see(pilot, "you left them out")
        await until(pilot, lambda: "3 get it, 3 get none" in text(app))
        await go_to(pilot, app, "mira.k")
        await see(pilot, "space take in")
        await pilot.press("e")
        await see(pilot, "Your words for this person")
        await pilot.press("escape", "space")
        await see(pilot, "4 get it, 2 get none")
        await go_to(pilot, app, "old_tram")
        await pilot.press("space")
        await see(pilot, "they get none: goes by hand")
        await pilot.press("e")
        await see(pilot, "they get none: goes by hand")


async def test_a_changed_text_needs_approval_and_is_handed_in(tmp_path: Path) -> None:
    async with listing(tmp_path, (120, 36)) as (room, app, pilot):
        editor = await editing(pilot, app, "tomk")
        editor.text = "  "
        await pilot.press("ctrl+s")
        await see(pilot, "nothing is left")
        editor.text = f"Hello tomk,\n{SORRY} It went back today.\n\nFerrow"
        await see(pilot, "nobody approved your words: Legal decides first")
        await pilot.press("ctrl+s")
        await see(pilot, "changed for this person; Legal decides first")
        assert "Legal decides" in row_of(app, "tomk")
        await until(pilot, lambda: "3 get it, 1 needs approval, 2 get none" in text(app))
        await pilot.press("ctrl+s")
        await see(pilot, "1 person needs approval")
        shown = text(app)
        assert "3 people get an answer   masto 2, bsky 1" in shown
        assert "2  goes by hand: answer it by itself" in shown
        assert "changed by you, to tomk" in shown
        assert "y answer 4 people" in lines(app)[-1]
        advance(room, 1)
        await pilot.press("y")
        await see(pilot, "B-1: 3 people on their way, 1 handed in for approval")
        states = {one.handle: one.state for one in (await state(room)).replies.values()}
        assert states.pop("tomk") == "submitted"
        assert set(states.values()) == {"queued"}
        assert "waits for approval" in row_of(app, "tomk")


async def test_what_was_changed_stays_with_other_words_and_back(tmp_path: Path) -> None:
    async with listing(tmp_path) as (_, app, pilot):
        editor = await editing(pilot, app, "tomk")
        text_of = editor.text
        editor.text = "Hello tomk,\nwe look into it."
        await pilot.press("ctrl+s")
        await see(pilot, "changed for this person")
        await pilot.press("ctrl+k")
        await choose(pilot, "refund date")
        await see(pilot, "It goes back to your card.")
        assert "Legal decides" in row_of(app, "tomk")
        await go_to(pilot, app, "mira.k")
        await pilot.press("pagedown")
        await see(pilot, "Hello mira.k,")
        await pilot.press("ctrl+k")
        await choose(pilot, "apology")
        await see(pilot, "You were charged twice.")
        editor = await editing(pilot, app, "tomk")
        editor.text = text_of
        await pilot.press("ctrl+s")
        await see(pilot, "it reads as it was approved")
        assert "gets it" in row_of(app, "tomk")


async def test_no_burst_of_keys_lets_it_go(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, _, pilot):
        await pilot.press("ctrl+s")
        await see(pilot, "one reply a person")
        await pilot.press("y")
        await see(pilot, "too fast to be meant")
        await pilot.press("space", "b", "y")
        await see(pilot, "too fast to be meant")
        await pilot.press("n")
        await see(pilot, "They get")
        assert not (await state(room)).replies


async def test_it_goes_out_is_stopped_and_goes_on(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, app, pilot):
        await send(pilot, room)
        await see(pilot, "B-1 to N-1   0 of 4 sent, 4 queued")
        await pilot.press("s")
        await see(pilot, "B-1 is stopped")
        held = (await state(room)).bulks["B-1"]
        assert held.stopped_by == "ada"
        await until(pilot, lambda: " STOPPED ada " in text(app))
        await pilot.press("s")
        await see(pilot, "it is stopped already")
        await pilot.press("r")
        await see(pilot, "B-1 goes on")
        assert (await state(room)).bulks["B-1"].stopped_at is None
        await until(pilot, lambda: "STOPPED" not in text(app))
        await on_its_way(room)
        await see(pilot, "1 of 4 sent, 2 queued, 1 in doubt")
        await pilot.press("j", "o")
        await until(pilot, lambda: isinstance(app.screen, OutboxScreen))
        await pilot.press("escape", "enter")
        await see(pilot, "o opens the outbox")


async def on_its_way(room: Room) -> None:
    """Let one be sent and the next be in doubt, as the watcher would."""
    for words_id, ends in (("R-1", "sent"), ("R-2", "unknown")):
        reply = (await state(room)).replies[words_id]
        way = next(iter(reply.sends.values()))
        steps: list[Draft] = [
            way_draft(reply, way, "sending", "sends", {"try": 1, "owner": "here"}),
            way_draft(reply, way, ends, ends, {"remote_id": "at://1", "remote_url": ""})
            if ends == "sent"
            else way_draft(reply, way, ends, ends, {"words": "the answer was lost"}),
        ]
        await room.act("INC-1", lambda _, __, steps=steps: steps)  # type: ignore[misc]


async def test_a_story_that_is_being_answered_is_followed(tmp_path: Path) -> None:
    async with speaking_room(tmp_path, lead="bo") as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await send(pilot, room)
            await see(pilot, "0 of 4 sent")
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)
            await pilot.press("K")
            await choose(pilot, "answer others")
            await see(pilot, "ada: queued")
            await see(pilot, "0 get it, 6 get none")
            await pilot.press("ctrl+s")
            await see(pilot, "nobody is left on the list")
            await pilot.press("y", "n", "escape")
            await until(pilot, lambda: app.screen is app.room_screen)
            await pilot.press("K")
            await choose(pilot, "B-1 to N-1")
            await see(pilot, "0 of 4 sent")
        app = screen(room.as_actor(Actor("cy")))
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("colon")
            await see(pilot, "type to narrow")
            await pilot.press(*"answers to many", "enter")
            await see(pilot, "0 of 4 sent")
            await pilot.press("s")
            await see(pilot, "B-1 is stopped")
            await pilot.press("j")
            await see(pilot, "r go on: ada or Lead (bo) decides")
            await pilot.press("r")
            await see(pilot, "B-1 is for ada or the lead to let go on")


async def test_a_stop_of_all_words_is_said_before_it_is_let_go(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await stopping.stop(room.as_actor(Actor("bo")))
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("ctrl+s")
            await see(pilot, "y answer: bo stopped all words")
            advance(room, 1)
            await pilot.press("y")
            await see(pilot, "bo stopped all words")
            assert not (await state(room)).replies


async def test_where_no_words_fit_the_screen_says_how_to_go_on(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            from crisisroom.tui.acts import Desk

            await until(pilot, lambda: app.situation.incident)
            app.push_screen(BulkScreen(Desk(app, app.room_screen.context()), "N-1", "KM-9"))
            await see(pilot, "INC-1 has no words KM-9")
            await see(pilot, "ctrl+k chooses among the approved words")
            await pilot.press("space")
            await see(pilot, "nobody is on the list")
            await pilot.press("ctrl+s")
            await see(pilot, "INC-1 has no words KM-9")
            await pilot.press("ctrl+k")
            await choose(pilot, "apology")
            await see(pilot, "4 get it")


async def test_a_draft_of_it_opens_in_the_composer(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, app, pilot):
        editor = await editing(pilot, app, "tomk")
        editor.text = "Hello tomk,\nwe look into it."
        await pilot.press("ctrl+s")
        await see(pilot, "changed for this person")
        await send(pilot, room)
        await pilot.press("g", "e")
        await see(pilot, "it is out of your hands")
        found = next(one for one in (await state(room)).replies.values() if one.handle == "tomk")
        cy = room.as_actor(Actor("cy"))
        await words.reject(cy, "INC-1", found.id, "say when")
        await see(pilot, "1 rejected")
        await pilot.press("G", "e")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen))


async def test_without_a_story_the_key_says_so(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("v")
            await see(pilot, "others, of no story")
            await pilot.press("G", "K")
            await see(pilot, "answer the story: choose a story first")
            await pilot.press("colon")
            await see(pilot, "type to narrow")
            await pilot.press(*"answers to many")
            await see(pilot, "nobody answered many at once")
