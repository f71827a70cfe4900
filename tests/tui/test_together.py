"""Several people in one room: all screens come to show the same, and each other's hands."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest
from bench.team_acts import PEOPLE, Script, first_posts
from msgspec.structs import replace
from textual.app import App
from textual.pilot import Pilot
from tui.night import BEGIN, PLAYBOOK, advance, night_room, screen
from tui.seeing import lines, see, text, until

from crisisroom.clock import ManualClock
from crisisroom.core.drafts import SavedDraft, id_of_draft
from crisisroom.core.errors import Unavailable
from crisisroom.room import (
    Actor,
    Room,
    drafting,
    facts,
    lifecycle,
    moving,
    places,
    reading,
    record,
    shift,
    tasks,
    triage,
    who,
)
from crisisroom.store.engine import Link
from crisisroom.store.places import Presence
from crisisroom.tui.acts import Desk
from crisisroom.tui.app import RoomApp
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.heard import Failed
from crisisroom.tui.rows.status import status_rows
from crisisroom.tui.screens.dialogs import Confirm, Dialog
from crisisroom.tui.team.screen import WhoScreen

SIZE = (160, 48)
# Each person's own: what is theirs, who looks at the same row, what stands under their cursor.
OWN = re.compile(rf"\d+ mine, |▸ \w+ looks at this|▌|\b(?:{'|'.join(PEOPLE)})\b *")


@asynccontextmanager
async def three(address: Path) -> AsyncIterator[tuple[Room, Sequence[Pilot[int]]]]:
    """Open one room three times, each on a screen of its own."""
    clock = ManualClock(BEGIN)
    async with AsyncExitStack() as stack:
        rooms = [
            await stack.enter_async_context(
                await Room.open(str(address), actor=Actor(name), clock=clock)
            )
            for name in PEOPLE[:3]
        ]
        await triage.ingest(rooms[0], first_posts())
        await lifecycle.declare(rooms[0], "Double charge", playbook=PLAYBOOK, severity="sev2")
        pilots = [
            await stack.enter_async_context(screen(room).run_test(size=SIZE)) for room in rooms
        ]
        for pilot in pilots:
            await see(pilot, "Double charge")
            await see(pilot, "rider1")
        yield rooms[0], pilots


def has_read(app: App[int], seq: int) -> bool:
    """Say whether a screen's timeline has come as far as this entry."""
    assert isinstance(app, RoomApp)
    return app.room_screen.timeline.book.last >= seq


def alike(one: App[int], other: App[int]) -> bool:
    """Say whether two people see the same."""
    return common(one) == common(other)


def common(app: App[int]) -> list[str]:
    """Return what everybody sees alike: all but status, keys, and what is each person's own."""
    return [" ".join(OWN.sub(" ", line).split()) for line in lines(app)[2:-2]]


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_screen_comes_to_show_the_same(tmp_path: Path, seed: int) -> None:
    async with three(tmp_path / "room.db") as (room, pilots):
        for _, _, act in Script(room, seed=seed).acts(40):
            await act()
        seq = (await reading.incident(room, "INC-1")).seq
        apps = [pilot.app for pilot in pilots]
        for pilot in pilots:
            await until(pilot, partial(has_read, pilot.app, seq))
        for pilot in pilots[1:]:
            await until(pilot, partial(alike, pilot.app, apps[0]))
        assert "1 Feed" in text(apps[0])


async def test_who_writes_and_who_looks_stands_beside_the_post(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        app = pilot.app
        assert isinstance(app, RoomApp)
        await until(pilot, lambda: app.room_screen.feed.mention)
        post = app.room_screen.feed.mention
        assert post is not None
        bo = room.as_actor(Actor("bo"))
        await places.here(bo, "bo", "INC-1", "1", post.id)
        await see(pilot, "bo looks at this")
        await places.here(bo, "bo", "INC-1", "1", post.id, doing="reply")
        await see(pilot, "bo is replying")
        await places.gone(bo, "bo")
        await until(pilot, lambda: "bo is replying" not in text(pilot.app))
        draft = SavedDraft(
            id=id_of_draft("reply", "INC-1", post.id, "bo"), incident="INC-1", kind="reply",
            mention=post.id, actor="bo", text="We are sorry", updated_at=room.clock.now(),
        )  # fmt: skip
        await drafting.autosave(bo, draft)
        await see(pilot, "bo has a draft for this post")


async def test_writing_a_reply_is_told_at_once(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        assert isinstance(app, RoomApp)
        await until(pilot, lambda: app.room_screen.feed.mention)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, ReplyScreen))
        found: list[str] = []

        async def look() -> None:
            found[:] = [one.doing for one in await who.people(room) if one.actor == "ada"]

        while found != ["reply"]:
            await look()
            await pilot.pause(0.02)
        await pilot.press("escape")
        while found != [""]:
            await look()
            await pilot.pause(0.02)


async def test_a_screen_gives_a_sign_of_life_only_when_nothing_else_was(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(80, 24)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        assert isinstance(app, RoomApp)
        found: list[Presence] = []
        while not found:
            found += [one for one in await who.people(room) if one.actor == "ada"]
            await pilot.pause(0.02)
        mine = found[0]
        app._beat()
        await pilot.pause(0.1)
        assert mine in await who.people(room), "it has just been told of a move"
        advance(room, 1)
        app._beat()
        beats = [mine.beat]
        while beats[-1] == mine.beat:
            beats += [one.beat for one in await who.people(room) if one.actor == "ada"]
            await pilot.pause(0.02)
        assert beats[-1] == room.clock.now()


async def test_the_loser_is_asked_and_may_do_it_all_the_same(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        await pilot.press("s")
        await see(pilot, "Severity")
        await pilot.press("j", "enter")
        await see(pilot, "why?")
        await lifecycle.severity(room.as_actor(Actor("bo")), "INC-1", "sev3", "calm")
        await pilot.press(*"press", "enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "bo was first" in text(app)
        assert "yours is not done" in text(app)
        await pilot.press("n")
        await see(pilot, "bo was first")
        assert (await reading.incident(room, "INC-1")).severity == "sev3"


async def test_a_tick_that_comes_too_late_says_who_ticked(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        assert isinstance(app, RoomApp)
        await pilot.press("3")
        await until(pilot, lambda: app.room_screen.tasks.task_id)
        task = app.room_screen.context()
        assert task.task is not None
        await tasks.done(room.as_actor(Actor("bo")), "INC-1", task.task.id)
        app.perform("tick", task)  # the key that was pressed before the screen knew
        await see(pilot, "bo was first, just now")


async def test_who_is_here_and_all_of_it_handed_over(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, WhoScreen) and "Who is here" in text(app))
        await see(pilot, "Lead")
        chosen = app.screen
        assert isinstance(chosen, WhoScreen)
        await until(pilot, lambda: chosen.chosen[1])
        while chosen.chosen[1] != "bo":
            await pilot.press("j")
            await pilot.pause()
        await pilot.press("H")
        await see(pilot, "Hand everything over to bo?")
        await see(pilot, "next      INC-1: ")
        await pilot.press("y")
        await see(pilot, "offered to bo: all of it is yours until bo takes over")
        assert (await reading.incident(room, "INC-1")).offers["lead"].person == "bo"


async def test_who_takes_over_reads_the_brief(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await shift.offer_all(room.as_actor(Actor("bo")), "ada")
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "OFFERED Care")
            await pilot.press("u")
            await see(pilot, "Not here")
            chosen = app.screen
            assert isinstance(chosen, WhoScreen)
            await until(pilot, lambda: chosen.chosen[1])
            while chosen.chosen[1] != "bo":
                await pilot.press("j")
                await pilot.pause()
            await pilot.press("T")
            await see(pilot, "Take over from bo?")
            await pilot.press("y")
            await see(pilot, "Brief of INC-1")
            await see(pilot, "needed from you")
            assert (await reading.incident(room, "INC-1")).roles["care"].holder == "ada"


async def test_a_room_that_is_away_is_told_in_the_status_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app, engine = pilot.app, room.store.under.engine
        assert isinstance(app, RoomApp)
        lost = Link("reconnecting", room.clock.monotonic(), 1)
        monkeypatch.setattr(engine, "link", lost)
        app.look_at_link()
        await see(pilot, "reconnecting (0 s)")
        advance(room, 0.2)
        app.tick()
        await see(pilot, "reconnecting (10 s)")
        assert app.is_known(Unavailable("unreachable", "away"), asked=False)
        assert not app.is_known(Unavailable("unreachable", "away"), asked=True)
        monkeypatch.setattr(engine, "link", msgspec.structs.replace(lost, state="ok"))
        app.tick()
        await until(pilot, lambda: "reconnecting" not in text(app))


async def test_what_was_typed_while_the_room_was_away_is_offered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app, engine = pilot.app, room.store.under.engine
        assert isinstance(app, RoomApp)

        async def away(*unused: object, **more: object) -> None:
            raise Unavailable("unreachable", "the room cannot be reached", "try again")

        await pilot.press("m")
        await see(pilot, "-12m or 03:12")
        with monkeypatch.context() as gone:
            gone.setattr(record, "note", away)
            gone.setattr(engine, "link", Link("reconnecting", room.clock.monotonic(), 1))
            await pilot.press(*"rang", "enter")
            await see(pilot, "the room cannot be reached")
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        await see(pilot, "   rang")
        await pilot.press("enter")
        await see(pilot, "noted")
        assert (await reading.timeline(room, "INC-1"))[-1].text == "rang"
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        assert "   rang" not in "\n".join(lines(app)[-4:])


async def test_a_room_that_was_upgraded_is_read_only_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        assert isinstance(app, RoomApp)

        async def upgraded(*unused: object, **more: object) -> None:
            raise Unavailable("newer-room", "this room was upgraded", "start the newer one")

        monkeypatch.setattr(places, "beat", upgraded)
        advance(room, 1)
        app._beat()
        await see(pilot, "read-only: upgraded")
        await see(pilot, "nothing can be changed from here")
        await pilot.press("m")
        await see(pilot, "nothing can be changed from here")
        assert app.screen is app.room_screen, "no line to write in opens"


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_room_that_moved_says_where_on_every_screen_until_it_is_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    there = tmp_path / "there.db"
    async with night_room(tmp_path) as room, screen(room).run_test(size=size) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        assert isinstance(app, RoomApp)
        await pilot.press("u")
        await see(pilot, "Who is here")
        other = await Room.open(room.address, actor=Actor("bo"), clock=room.clock)
        async with other:
            await moving.move(other, str(there))
            await see(pilot, "MOVED")
            await see(pilot, "nothing changes here: leave it")
            assert "read-only: moved" in text(app), "told on the screen on top"
            await pilot.press("escape")
            await see(pilot, "MOVED")
            await pilot.press("m")
            await see(pilot, "the room moved to ")
            assert app.screen is app.room_screen, "no line to write in opens"
            await moving.stay(other)
            await until(pilot, lambda: "MOVED" not in text(app))
            await see(pilot, "the room is here again")
            await pilot.press("m")
            await until(pilot, lambda: isinstance(app.screen, Dialog))


async def test_an_act_in_a_moved_room_is_answered_with_where_it_is(tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    async with night_room(tmp_path) as room, screen(room).run_test(size=(160, 48)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        assert isinstance(app, RoomApp)
        await moving.move(room, str(there))
        await see(pilot, "MOVED")
        app.on_failed(Failed(Unavailable("moved", "moved", "look there"), asked=True))
        await see(pilot, "the room moved to ")
        assert app.is_known(Unavailable("moved", "moved"), asked=False)
        know = replace(app.situation, shut=None)
        assert "MOVED" not in str(status_rows(know, 160))
        assert str(there)[:20] in str(status_rows(app.situation, 160))


async def test_facts_set_at_once_show_both_values(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room, screen(room).run_test(size=(120, 36)) as pilot:
        await see(pilot, "Double charge")
        app = pilot.app
        assert isinstance(app, RoomApp)
        seen = app.room_screen.context()
        await facts.set_fact(room.as_actor(Actor("bo")), "INC-1", "amount", "49 euros")
        desk = Desk(app, seen)

        async def act() -> None:
            await facts.set_fact(desk.room, "INC-1", "amount", "98 euros")

        app.beside(act, "act-fact")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "49 euros" in text(app)
        assert "98 euros" in text(app)
        await pilot.press("y")
        await until(pilot, lambda: app.screen is app.room_screen)
        value = ""
        while value != "98 euros":
            value = (await reading.incident(room, "INC-1")).facts["amount"].value
            await pilot.pause(0.02)
