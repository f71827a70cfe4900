"""The list of an answer to many follows what others do, and loses nothing one did in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.bulk.hands import go_to, listing, opened, row_of, state
from tui.bulk.night import speaking_room
from tui.night import advance, by_handle, incoming, screen
from tui.seeing import lines, see, text, until
from tui.story_night import TOLD, tell

from crisisroom.room import Actor, Room, sending, stopping, tagging, triage, words
from crisisroom.tui.app import RoomApp
from crisisroom.tui.bulk.review import BulkReview
from crisisroom.tui.bulk.screen import BulkScreen

MORE = {"N-1": (TOLD["N-1"][0], (*TOLD["N-1"][1], "late.rider"))}


async def said(pilot: Pilot[int], app: RoomApp, handle: str, told: str) -> None:
    """Wait until somebody's line says something."""
    await until(pilot, lambda: told in row_of(app, handle))


async def answered(room: Room, handle: str) -> str:
    """Let bo answer somebody, up to the approval; return the reply's id."""
    posts = await by_handle(room)
    bo = room.as_actor(Actor("bo"))
    reply = await words.save_reply(bo, "INC-1", posts[handle].id, f"Hello {handle}, we look.")
    await words.submit(bo, "INC-1", reply.thing.id)
    return str(reply.thing.id)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_what_colleagues_do_shows_at_once(tmp_path: Path, size: tuple[int, int]) -> None:
    async with listing(tmp_path, size) as (room, app, pilot):
        posts, bo = await by_handle(room), room.as_actor(Actor("bo"))
        await said(pilot, app, "tomk", "gets it")
        await triage.claim(bo, posts["tomk"].id)
        await said(pilot, app, "tomk", "bo is on it")
        assert "1 gets none now: bo is on it   tomk" in lines(app)[-1]
        assert "3 get it, 3 get none" in text(app)
        await triage.release(bo, posts["tomk"].id)
        await said(pilot, app, "tomk", "gets it")
        assert "1 more gets it" in lines(app)[-1]
        reply = await answered(room, "mira.k")
        await said(pilot, app, "mira.k", "bo: waits for approval")
        await go_to(pilot, app, "mira.k")
        await see(pilot, "R-1   bo answers them: waits for approval")
        await see(pilot, "Hello mira.k, we look.")
        cy = room.as_actor(Actor("cy"))
        held = (await state(room)).replies[reply]
        await words.approve(cy, "INC-1", reply, held.sha256)
        await said(pilot, app, "mira.k", "bo: approved, not out")
        await sending.send(bo, "INC-1", reply)
        await said(pilot, app, "mira.k", "bo: queued")
        await triage.dismiss(bo, posts["tomk"].id)
        await said(pilot, app, "tomk", "is dismissed")


async def test_a_tag_is_read_and_somebody_new_comes_in(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, app, pilot):
        posts, bo = await by_handle(room), room.as_actor(Actor("bo"))
        shown = app.screen
        assert isinstance(shown, BulkScreen)
        before = shown.told
        await tagging.tag(bo, posts["tomk"].id, ["troll"])
        await until(pilot, lambda: shown.told is not before)
        await triage.ingest(room, [incoming(1, "bsky", "late.rider", 3, "Charged two times")])
        await tell(room, 0, MORE)
        await said(pilot, app, "late.rider", "gets it")
        assert "5 get it, 2 get none" in text(app)


async def test_what_i_left_out_or_changed_stays_when_others_act(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, app, pilot):
        posts, bo = await by_handle(room), room.as_actor(Actor("bo"))
        await go_to(pilot, app, "mira.k")
        await pilot.press("space")
        await see(pilot, "you left them out")
        await triage.claim(bo, posts["tomk"].id)
        await said(pilot, app, "tomk", "bo is on it")
        assert "you left them out" in row_of(app, "mira.k")
        await triage.claim(bo, posts["mira.k"].id)
        await triage.release(bo, posts["tomk"].id)
        await said(pilot, app, "tomk", "gets it")
        assert "you left them out" in row_of(app, "mira.k")
        assert "mira.k" not in lines(app)[-1]


async def test_the_review_says_who_fell_out_and_adds_nobody(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        posts, bo = await by_handle(room), room.as_actor(Actor("bo"))
        await triage.claim(bo, posts["mira.k"].id)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("ctrl+s")
            await see(pilot, "one reply a person")
            await triage.claim(bo, posts["tomk"].id)
            await triage.release(bo, posts["mira.k"].id)
            await see(pilot, "bo is on it: they get none   tomk")
            await see(pilot, "1 person came meanwhile: not in this answer")
            await stopping.stop(bo)
            await see(pilot, "y answer 3 people: bo stopped all words")
            await stopping.resume(room, "a mistake")
            await see(pilot, "y answer 3 people ")
            assert isinstance(app.screen, BulkReview)
            advance(room, 1)
            await pilot.press("y")
            await see(pilot, "B-1: 2 people on their way   1 held")
            handles = {one.handle for one in (await state(room)).replies.values()}
            assert not handles & {"tomk", "mira.k"}
