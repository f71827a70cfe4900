"""The pause list on the screen: confirmed by a key, hooks beside it, resumed by the lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.bulk.night import speaking_room
from tui.night import empty_room, screen
from tui.seeing import lines, see, text, until
from tui.test_acts import write

from crisisroom.core.said import PauseState
from crisisroom.core.timeline import Draft
from crisisroom.room import Actor, Room, hooks, lifecycle, pausing, reading
from crisisroom.tui.pauses.screen import PausesScreen


@pytest.fixture(autouse=True)
def _own_hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def hook(name: str, body: str) -> None:
    """Put a hook where this host's own lie."""
    place = hooks.folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    (place / name).write_text(f"#!/bin/sh\n{body}\n")
    (place / name).chmod(0o700)


async def opened(pilot: Pilot[int]) -> None:
    """Open the list."""
    await see(pilot, "mira.k")
    await pilot.press("H")
    await see(pilot, "sees to it")


async def state_of(room: Room, item: str) -> PauseState:
    """Return an item as it stands."""
    return (await reading.incident(room, "INC-1")).pauses[item]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_it_lists_what_speaks_and_who_sees_to_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            shown = text(app)
            assert "Pause list   6 still speak" in shown
            assert "account    nobody     bluesky account" in shown
            assert "ada, else bo" in shown
            assert "nobody has said anything of it yet" in shown
            await pilot.press("G")
            await see(pilot, "ring Kaya")
            assert "h hook: none" in lines(app)[-1]


async def test_each_key_says_one_thing_of_an_item(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("space")
            await see(pilot, "paused: mastodon account @ferrow")
            await see(pilot, "5 still speak, 1 paused")
            assert (await state_of(room, "masto")).by == "ada"
            await pilot.press("z")
            await see(pilot, "taken back: what was said of mastodon account @ferrow")
            await see(pilot, "said by mistake")
            assert (await state_of(room, "masto")).state == "failed"
            await pilot.press("space")
            await see(pilot, "5 still speak, 1 paused")
            await pilot.press("space")
            await see(pilot, "is paused already")
            await pilot.press("n")
            await see(pilot, "is paused: r lets it speak again")
            await pilot.press("j", "n")
            await see(pilot, "no need to pause: bluesky")
            await pilot.press("G", "x")
            await see(pilot, "why not?")
            await write(pilot, "")
            await see(pilot, "it needs some words")
            await write(pilot, "nobody answers the phone")
            await see(pilot, "not paused: Agency")
            await see(pilot, "nobody answers the phone")
            assert (await state_of(room, "agency")).state == "failed"
            await pilot.press("h")
            await see(pilot, "hook of Agency that posts stories for us: none   by hand: ring")


async def test_hooks_run_beside_the_screen_and_tell_what_came(tmp_path: Path) -> None:
    done = tmp_path / "go"
    hook("q", f"while [ ! -e {done} ]; do sleep 0.05; done; echo 14 posts held")
    hook("ads", "echo the api said 403; exit 1")
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("H")
            await see(pilot, "NOT paused: Ads for the autumn pass   1 still run")
            await see(pilot, "1 hook runs")
            await pilot.press("j", "j")
            await see(pilot, "its hook runs since 03:34")
            await pilot.press("h")
            await see(pilot, "hook of Scheduled posts: it runs")
            done.touch()
            await see(pilot, "1 paused by hooks")
            await see(pilot, "14 posts held")
            assert (await state_of(room, "planned")).by_hook
            await pilot.press("j")
            await see(pilot, "the api said 403")
            await pilot.press("h")
            await see(pilot, "NOT paused: Ads")


async def test_over_an_ssh_key_no_hook_runs_and_the_key_says_so(
    tmp_path: Path,
) -> None:
    marker = tmp_path / "ran"
    for name in ("q", "ads"):
        hook(name, f"touch {marker}")
    async with speaking_room(tmp_path) as room:
        app = screen(room.as_actor(Actor("ada", via="shell")))
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await see(pilot, "h hook: not over this key")
            await pilot.press("H")
            await see(pilot, "hooks: not over this key")
            await pilot.press("space")
            await see(pilot, "paused: ")
    assert not marker.exists()


async def test_a_hook_that_cannot_be_called_leaves_the_screen_usable(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("j", "j", "h")
            await see(pilot, "NOT paused: Scheduled posts")
            await see(pilot, "no hook q on this machine")
            await pilot.press("space")
            await see(pilot, "paused: Scheduled posts")


async def test_the_lead_resumes_with_a_reason(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        for item in ("masto", "letter", "planned"):
            await pausing.confirm(room, "INC-1", item, "paused")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("r")
            await see(pilot, "why is it time again?")
            await write(pilot, "all refunds are out")
            await see(pilot, "mastodon account @ferrow: speaks again")
            assert (await state_of(room, "masto")).words == "all refunds are out"
            await pilot.press("r")
            await see(pilot, "only what is paused can be resumed")
            await pilot.press("R")
            await see(pilot, "Let 2 things speak again?")
            await pilot.press("n")
            await see(pilot, "2 paused")
            await pilot.press("R", "y")
            await write(pilot, "it is over")
            await see(pilot, "still paused: Scheduled posts")
            assert (await state_of(room, "letter")).state == "resumed"


async def test_others_see_who_decides(tmp_path: Path) -> None:
    async with speaking_room(tmp_path, lead="bo") as room:
        await pausing.confirm(room, "INC-1", "masto", "paused")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            assert "r resume: Lead (bo) decides" in lines(app)[-1]
            await pilot.press("r")
            await see(pilot, "only Lead (bo) may resume what is paused")
            assert (await state_of(room, "masto")).state == "paused"
            await pilot.press("j", "R")
            await see(pilot, "Let" if "things" in text(app) else "only Lead (bo)")


async def test_a_drill_says_that_no_hook_runs(tmp_path: Path) -> None:
    async with speaking_room(tmp_path, drill=True) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await until(pilot, lambda: "drill: no hook is run" in text(app))
            await pilot.press("H")
            await see(pilot, "2 paused by hooks")
            assert (await state_of(room, "ads")).words == "drill: not run"


async def test_a_resolved_incident_can_only_be_resumed(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await pausing.confirm(room, "INC-1", "masto", "paused")
        over = Draft(kind="incident.resolved", text="over", data={"words": "over"})
        await room.act("INC-1", lambda _, __: [over])
        app = screen(
            room,
        )
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            app.incident_id = "INC-1"
            app.look()
            await until(pilot, lambda: app.situation.incident)
            await pilot.press("H")
            await see(pilot, "INC-1 is resolved: r lets what is paused speak again")
            await pilot.press("r")
            await write(pilot, "it is over")
            await see(pilot, "speaks again")


async def test_an_empty_list_says_where_it_comes_from(tmp_path: Path) -> None:
    from tui.night import PLAYBOOK

    async with empty_room(tmp_path) as room:
        await lifecycle.declare(room, "Double charge", playbook=PLAYBOOK, severity="sev2")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.situation.incident)
            await pilot.press("escape", "H")
            await until(pilot, lambda: isinstance(app.screen, PausesScreen))
            await see(pilot, "Nothing is on the list.")
            await until(pilot, lambda: "pauses: in crisisroom.yaml" in text(app))
            for pressed, told in (("space", "nothing is on"), ("H", "no hook is left")):
                await pilot.press(pressed)
                await see(pilot, told)
            await pilot.press("R")
            await see(pilot, "nothing is paused")


async def test_what_has_no_way_back_is_never_passed_over(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("space")
            await see(pilot, "5 still speak, 1 paused")
            await pilot.press("r")
            await see(pilot, "why is it time again?")
            await write(pilot, "all refunds are out")
            await see(pilot, "speaks again")
            await pilot.press("z")
            await see(pilot, "what you did last cannot be taken back from here")
            assert (await state_of(room, "masto")).state == "resumed"
            await pilot.press("z")
            await see(pilot, "nothing of yours to take back")
            await pilot.press("j", "space")
            await see(pilot, "1 paused")
            await pilot.press("z")
            await see(pilot, "taken back: what was said of bluesky")
