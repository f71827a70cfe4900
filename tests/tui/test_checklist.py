"""The checklist: evidence of every kind, skipping, what comes and goes, where the cursor stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.duty_night import case, choose, duty_room, now, offered, on_row, tell
from tui.night import advance, incoming, screen
from tui.seeing import lines, see, text, until

from crisisroom.core.incident import Words
from crisisroom.room import (
    Actor,
    Room,
    facts,
    plan,
    roles,
    sending,
    statements,
    tasks,
    triage,
    words,
)
from crisisroom.tui.app import RoomApp


async def link_post(room: Room, said: str = "[red]leak[/red] of my data") -> str:
    """Let a post belong to the incident."""
    added = await triage.ingest(room, [incoming(1, "masto", "@pat@social.example", 9, said)])
    post = f"M-{added.added[0]}"
    await triage.link(room, "INC-1", [post])
    return post


async def publish(room: Room) -> None:
    """Let a statement go out."""
    lou = room.as_actor(Actor("lou"))
    await roles.take(lou, "INC-1", "legal")
    drafted = await statements.draft(room, "INC-1", "update", "We know.")
    await words.submit(room, "INC-1", drafted.thing.id)
    await words.approve(lou, "INC-1", drafted.thing.id, drafted.thing.sha256)
    await sending.send(room, "INC-1", drafted.thing.id, channel="by-hand")
    await sending.confirm(room, "INC-1", drafted.thing.id, "https://x.example/1")


def sent(app: RoomApp) -> list[Words]:
    """Return the statements that went out, as far as the screen knows."""
    return [one for one in case(app).statements.values() if one.sent_at]


async def test_a_note_may_be_of_a_while_ago(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:pause")
            await pilot.press("space")
            await tell(pilot, "what was done?", "")
            await tell(pilot, "it needs some words", "-7m")
            await tell(pilot, "it needs some words after", "-7m rests, [b]all[/b] of it")
            await see(pilot, "done: Pause posts")
            await see(pilot, "✓ 03:13   ada  Pause posts                       rests, [b]all[/b]")
            task = (await now(room)).tasks["pause"]
            assert task.given == "rests, [b]all[/b] of it"
            await pilot.press("z")
            await see(pilot, "taken back: tick of Pause posts")
            assert (await now(room)).tasks["pause"].state == "open"


async def test_a_link_has_to_be_one(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:page")
            await see(pilot, "needs a link")
            await pilot.press("space")
            await tell(pilot, "where is it?", "on the page")
            await tell(pilot, "Write the page asks for a link", "https://x.example/page")
            await see(pilot, "done: Write the page")
            assert (await now(room)).tasks["page"].given == "https://x.example/page"


async def test_a_post_is_chosen_and_its_words_stay_words(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:post")
            await pilot.press("space")
            await see(pilot, "no post belongs to the incident yet: i in the feed links one")
            post = await link_post(room)
            await until(pilot, lambda: case(app).mentions)
            await pilot.press("space")
            await see(pilot, "which post shows it?")
            assert offered(pilot) == ["03:11 a post [red]leak[/red] of my data"]
            await pilot.press("1")
            await see(pilot, "done: Find the first post")
            assert (await now(room)).tasks["post"].given == post


async def test_only_a_statement_that_went_out_counts(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:said")
            await pilot.press("space")
            await see(pilot, "no statement went out yet: c writes one")
            await publish(room)
            await until(pilot, lambda: sent(app))
            await pilot.press("space")
            await choose(pilot, "which statement was it?", "ST-1 update out since 03:20")
            await see(pilot, "done: Publish")
            assert (await now(room)).tasks["said"].given == "ST-1"


async def test_only_a_known_fact_counts(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:fact")
            await pilot.press("space")
            await see(pilot, "no fact is known yet: f sets one")
            await facts.set_fact(room, "INC-1", "count", "1200")
            await until(pilot, lambda: case(app).facts["count"].value)
            await pilot.press("space")
            await choose(pilot, "which fact was found?", "how many 1200 people")
            await see(pilot, "done: Find one fact")
            assert (await now(room)).tasks["fact"].given == "count"


async def test_a_task_that_comes_again_says_when(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:threads")
            await pilot.press("space")
            await see(pilot, "done: Look at the threads, again by 04:05")
            await see(
                pilot, "• 04:05   free Look at the threads               every 45m, done once"
            )
            await pilot.press("space")
            await see(pilot, "done twice")
            await pilot.press("z", "z")
            await until(pilot, lambda: "done" not in lines(app)[13])
            assert (await now(room)).tasks["threads"].times == 0


async def test_skipping_needs_a_reason_and_can_be_taken_back(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:page")
            await pilot.press("x")
            await tell(pilot, "Skip Write the page", "")
            await tell(pilot, "it needs some words", "we have [i]none[/i]")
            await see(pilot, "skipped: we have [i]none[/i]")
            await pilot.press("x")
            await see(pilot, "skip: it is skipped already")
            await pilot.press("z")
            await see(pilot, "taken back: skipping of Write the page")


async def test_a_fact_brings_a_task_that_is_noticed_and_takes_another_off(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:judge")
            await see(pilot, "for fact: personal data")
            await pilot.press("space")
            await see(pilot, "done: it waits for fact: personal data")
            await pilot.press("1")
            lou = room.as_actor(Actor("lou"))
            await facts.set_fact(lou, "INC-1", "personal", "unclear")
            await see(pilot, "now to do: Judge the risk   not needed: Say that nothing is lost")
            await pilot.press("3")
            await see(pilot, "• 05:20   free new Judge the risk")
            assert "Say that nothing is lost" not in text(app)
            await see(pilot, "First  0 of 7, 1 not needed")
            await pilot.press("j")
            await until(pilot, lambda: "new Judge" not in text(app))


async def test_one_is_told_beside_the_others_words(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await on_row(pilot, "task:judge")
            await pilot.press("f")
            await until(pilot, lambda: "1 of" in text(app) or "0 of 5 known" in text(app))
            await pilot.press("enter")  # the fact that the task waits for
            await choose(pilot, "personal data", "unclear")
            await tell(pilot, "who says so?", "")
            await see(pilot, "fact: personal data: unclear   now to do: Judge the risk")


async def test_whoever_is_told_of_something_late_hears_it(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        rings: list[int] = []
        app.bell = lambda: rings.append(1)  # type: ignore[method-assign]
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "Leak")
            advance(room, 21)
            await facts.set_fact(room.as_actor(Actor("bo")), "INC-1", "known", "yes")
            await see(pilot, "call Bo Bee: Reach the lead   for you: Pause posts")
            assert rings == [1]


async def test_a_task_of_ones_own_is_added_found_and_taken_back(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:pause")
            await pilot.press("plus")
            await tell(pilot, "what is to be done?", "Ring the [plant]")
            await tell(pilot, "within?", "at once")
            await tell(pilot, "write it like 10m or 1h", "10m")
            await see(pilot, "on the list: Ring the [plant]")
            await see(pilot, "▌• 03:30   free")
            task = next(one for one in (await now(room)).tasks.values() if "plant" in one.title)
            await until(pilot, lambda: app.room_screen.tasks.chosen == f"task:{task.id}")
            await pilot.press("enter")
            await see(pilot, "added by: ada")
            await pilot.press("escape", "z")
            await see(pilot, "taken back: task Ring the [plant]")
            assert (await now(room)).tasks[task.id].state == "skipped"


async def test_what_others_add_is_told(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await plan.add_task(room.as_actor(Actor("bo")), "INC-1", "Ring [red]them[/red]")
            await see(pilot, "added a task: Ring [red]them[/red]")
            await pilot.press("3")
            await see(pilot, "new Ring [red]them[/red]")


async def test_a_task_read_whole_says_who_when_and_what_if_not(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, "task:pause")
            await pilot.press("enter")
            for told in (
                "The newsletter first.",
                "who: Crisis lead: ada",
                "due: 03:40",
                "evidence: a note",
                "required: before the incident can be resolved",
                "if late: calls: Reach the lead",
                "if late: tells ada",
            ):
                await see(pilot, told)


async def test_the_cursor_goes_to_the_phase_that_folds_under_it(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            for task in ("page", "post", "said", "fact", "threads", "judge", "calm"):
                await tasks.skip(room, "INC-1", task, "test")
            await on_row(pilot, "task:pause")
            await pilot.press("space")
            await tell(pilot, "what was done?", "rests")
            await until(pilot, lambda: app.room_screen.tasks.chosen == "phase:first")
            await pilot.press("enter")
            await see(pilot, "skipped: test")


async def test_the_list_keeps_its_place_while_another_view_shows(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 16)) as pilot:
            await on_row(pilot, "task:thank")
            top = app.room_screen.tasks.top
            assert top > 0
            await pilot.press("1")
            await facts.set_fact(room, "INC-1", "known", "yes")
            await until(pilot, lambda: case(app).facts["known"].value)
            await pilot.press("3")
            await pilot.pause()
            assert (app.room_screen.tasks.chosen, app.room_screen.tasks.top) == ("task:thank", top)
            await pilot.press("g")
            await see(pilot, "Legal duties")


@pytest.mark.parametrize(
    ("at", "keys"),
    [
        ("task:pause", " space done   x skip   a claim   A assign   m note   : more   ? keys"),
        ("phase:first", " enter fold   + add a task   f facts   m note   : more   ? keys"),
        ("deadlines:waiting", " enter list   f facts   m note   : more   ? keys"),
    ],
)
async def test_the_keys_are_those_of_the_row(tmp_path: Path, at: str, keys: str) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await on_row(pilot, at)
            await until(pilot, lambda: lines(app)[23] == keys)
