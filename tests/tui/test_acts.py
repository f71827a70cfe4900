"""What keys do, end to end: the key, the question, the room's record, the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, TextArea
from tui.night import PLAYBOOK, by_handle, calm_room, night_room, screen
from tui.seeing import see, text, until

from crisisroom.room import Actor, Room, lifecycle, reading, words
from crisisroom.tui.hooks import Hooks
from crisisroom.tui.rows.words import reply_counts


async def write(pilot: Pilot[int], typed: str) -> None:
    """Type words into the line or area that asks, and finish."""
    await until(pilot, lambda: pilot.app.screen.query("Input, TextArea"))
    asks = pilot.app.screen.query("Input, TextArea").first()
    if isinstance(asks, Input):
        asks.value = typed
        await pilot.press("enter")
    elif isinstance(asks, TextArea):
        asks.text = typed
        await pilot.press("ctrl+s")


async def choose(pilot: Pilot[int], told: str) -> None:
    """Take the line of a list that has these words."""
    await until(pilot, lambda: pilot.app.screen.query(OptionList))
    listing = pilot.app.screen.query_one(OptionList)
    await until(pilot, lambda: listing.option_count)
    found = [
        number
        for number in range(listing.option_count)
        if told in str(listing.get_option_at_index(number).prompt)
    ]
    listing.highlighted = found[0]
    await pilot.press("enter")


async def answer(pilot: Pilot[int], *answers: str) -> None:
    """Answer the playbook's questions, one after the other."""
    for number, told in enumerate(answers, 1):
        await see(pilot, f"{number} of {len(answers)}")
        await choose(pilot, told)


async def state_of(room: Room, handle: str) -> str:
    """Return the state of the post of somebody."""
    return (await by_handle(room))[handle].state


async def test_claim_and_undo(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("a")
            await see(pilot, "mira.k is yours for 15 minutes")
            assert await state_of(room, "mira.k") == "claimed"
            await pilot.press("z")
            await see(pilot, "taken back: claim of mira.k")
            assert await state_of(room, "mira.k") == "new"
            await pilot.press("z")
            await see(pilot, "nothing of yours to take back")


async def test_claim_of_somebody_elses_is_asked_for(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("j", "a")
            await see(pilot, "Take it over from bo?")
            await pilot.press("n")
            await until(pilot, lambda: app.screen is app.room_screen)
            assert (await by_handle(room))["kettle_on"].assignee == "bo"
            await pilot.press("a")
            await see(pilot, "Take it over from bo?")
            await pilot.press("y")
            await see(pilot, "kettle_on is yours")


async def test_dismiss_link_and_their_undo(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("i")
            await see(pilot, "mira.k belongs to INC-1")
            await pilot.press("x")
            await see(pilot, "mira.k: not relevant")
            await pilot.press("z")
            await see(pilot, "taken back: dismissal of mira.k")
            await pilot.press("z")
            await see(pilot, "taken back: link of M-")
            assert (await by_handle(room))["mira.k"].incident == ""


async def test_tick_asks_for_its_note(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("3")
            await see(pilot, "Decide: tell regulator?")
            await pilot.press("j", "j", "j", "space")
            await see(pilot, "what was done?")
            await write(pilot, "")
            await see(pilot, "it needs some words")
            await write(pilot, "told them at 03:36")
            await see(pilot, "done: Decide: tell regulator?")
            state = await reading.incident(room, "INC-1")
            assert state.tasks["regulator"].given == "told them at 03:36"
            await pilot.press("z")
            await see(pilot, "taken back: tick of")


async def test_what_waits_says_for_what(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("3")
            await see(pilot, "Write to customers")
            await pilot.press("j", "j", "j", "j", "space")
            await see(pilot, "done: it waits for fact: affected")


async def test_note_can_be_put_back(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("m")
            await write(pilot, "-12m phoned the bank")
            await see(pilot, "noted, at 03:23")
            last = (await reading.timeline(room, "INC-1"))[-1]
            assert last.text == "phoned the bank"


@pytest.mark.parametrize("typed", ["+12m x", "-12mshop", "25:10 x", "03:125"])
async def test_what_only_looks_like_a_time_is_refused(tmp_path: Path, typed: str) -> None:
    async with night_room(tmp_path) as room:
        before = await reading.timeline(room, "INC-1")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("m")
            await write(pilot, typed)
            await see(pilot, "is no time: write -12m, -1h30m or 09:12")
            await write(pilot, "-12m")
            await see(pilot, "it needs some words after the time")
        assert await reading.timeline(room, "INC-1") == before


async def test_a_note_of_yesterday_names_the_day(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("m")
            await write(pilot, "03:59 came home")
            await see(pilot, "noted, at Sat 03:59")


async def test_a_reply_that_waits_is_no_draft(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        post = (await by_handle(room))["mira.k"]
        saved = await words.save_reply(room, "INC-1", post.id, "We look into it.", "by-hand")
        assert reply_counts(saved.incident) == "0 sent, 1 draft, 0 failed"
        waits = structs.replace(saved.thing, state="submitted")
        incident = structs.replace(saved.incident, replies={waits.id: waits})
        assert reply_counts(incident) == "0 sent, 0 drafts, 0 failed, 1 waiting"


async def begin_second(pilot: Pilot[int]) -> None:
    """Declare until the title is given."""
    await pilot.press("I")
    await choose(pilot, "Service outage")
    await answer(pilot, "no", "yes", "yes")
    await choose(pilot, "SEV2")
    await see(pilot, "What is it called?")


async def test_an_incident_declared_meanwhile_is_looked_at_instead(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await begin_second(pilot)
            bo = room.as_actor(Actor("bo"))
            await lifecycle.declare(bo, "Kettles overheat", playbook=PLAYBOOK, severity="sev2")
            await write(pilot, "Checkout down")
            await see(pilot, "INC-1 is open already")
            await see(pilot, "Kettles overheat, since 02:34 (bo)")
            await pilot.press("1")
            await until(pilot, lambda: app.screen is app.room_screen)
            await until(pilot, lambda: app.incident_id == "INC-1")
            assert [one.id for one in await reading.incidents(room)] == ["INC-1"]


async def test_a_second_incident_is_declared_when_it_is_meant(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await begin_second(pilot)
            await write(pilot, "Checkout down")
            await choose(pilot, "declare another")
            await see(pilot, "INC-2 Checkout down")


async def test_declare_asks_playbook_severity_and_title(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("I")
            await choose(pilot, "Service outage")
            await answer(pilot, "no", "we do not know", "no")
            await see(pilot, "nothing is published by declaring")
            await choose(pilot, "SEV2")
            await write(pilot, "Checkout down")
            await see(pilot, "INC-1 Checkout down")
            assert (await reading.incident(room, "INC-1")).severity == "sev2"


async def test_a_broken_playbook_is_named_where_one_is_chosen(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "service-outage.yaml").write_text(" - :: x")
    async with calm_room(tmp_path) as room:
        app = screen(room, hooks=Hooks(playbooks=(plans,)))
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("I")
            await see(pilot, "service-outage cannot be read")
            await choose(pilot, "Product defect")
            await answer(pilot, "yes", "no", "no")
            await see(pilot, "How serious is it?")
            await see(pilot, "your answers say SEV1")


async def test_severity_fact_role_and_assignment(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("s")
            await choose(pilot, "SEV3")
            await write(pilot, "numbers fall")
            await see(pilot, "INC-1 is SEV3")
            await pilot.press("f")
            await choose(pilot, "amount")
            await choose(pilot, "known")
            await write(pilot, "49.00 each")
            await write(pilot, "payments log")
            await see(pilot, "amount: 49.00 each")
            await pilot.press("A")
            await choose(pilot, "bo")
            await see(pilot, "bo answers mira.k")
            await pilot.press("colon")
            await write(pilot, "roles: who")
            await choose(pilot, "Executive")
            await choose(pilot, "ada")
            await see(pilot, "you are Executive")
            state = await reading.incident(room, "INC-1")
    assert (state.severity, state.facts["amount"].value) == ("sev3", "49.00 each")
    assert state.roles["exec"].holder == "ada"


async def test_contact_is_called(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("exclamation_mark")
            await choose(pilot, "Payments on call")
            await choose(pilot, "no answer")
            await write(pilot, "")
            await see(pilot, "did not reach Payments on call by phone")
            assert not (await reading.incident(room, "INC-1")).calls[-1].reached


async def test_add_by_hand(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("plus")
            await write(pilot, "https://forum.example/t/9")
            await see(pilot, "What was said?")
            await write(pilot, "charged me twice too")
            await see(pilot, "Who said it?")
            await write(pilot, "neighbour")
            await see(pilot, "neighbour")
            assert await state_of(room, "neighbour") == "new"


async def test_resolve_names_what_is_open(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("I")
            await choose(pilot, "Service outage")
            await answer(pilot, "no", "yes", "yes")
            await choose(pilot, "SEV2")
            await write(pilot, "Checkout down")
            await see(pilot, "INC-1 Checkout down")
            await pilot.press("colon")
            await write(pilot, "resolve: close")
            await see(pilot, "cannot be resolved yet")


async def test_link_over_ssh_is_copied_and_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    async with night_room(tmp_path) as room:
        app = screen(room)
        app.remote = True
        monkeypatch.setattr(app, "open_url", opened.append)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("o")
            await see(pilot, "over SSH nothing is opened on the server")
            await until(pilot, lambda: "social.example/24" in text(app))
            assert app.clipboard == "https://social.example/24"
    assert opened == []


async def test_leaving_a_question_does_nothing(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            before = len(await reading.timeline(room, "INC-1"))
            await pilot.press("m")
            await see(pilot, "puts it back")
            await pilot.press("x", "escape")
            await until(pilot, lambda: app.screen is app.room_screen)
            assert len(await reading.timeline(room, "INC-1")) == before


async def test_palette_says_why_a_command_rests(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("ctrl+p", *"severity")
            await see(pilot, "no incident, I declares one")
