"""The pause list in the room: who confirms, what hooks do, and who lets things speak again."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from room.people import PLAN, SETTINGS, WITH_TEAM, as_

from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig
from crisisroom.config.settings import Account, Pause
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.room import Actor, Room, hooks, lifecycle, pausing, reading, roles, tasks
from crisisroom.room.settings import apply_config

ITEMS = (
    Pause(id="scheduled", title="Scheduled posts", kind="scheduled", owner="ada", hook="stop"),
    Pause(id="ads", title="Ads", kind="ads", owner="ada", backup="bo", hook="stop-ads"),
    Pause(id="agency", title="The agency", kind="agency", detail="ring +49 30 5"),
)


def paused(settings: RoomConfig = WITH_TEAM, items: tuple[Pause, ...] = ITEMS) -> RoomConfig:
    return msgspec.structs.replace(settings, pauses=items)


async def begun(room: Room, settings: RoomConfig | None = None, *, drill: bool = False) -> None:
    """Declare INC-1; bo is the lead where there is a team."""
    config = paused() if settings is None else settings
    await apply_config(room, config, "crisisroom.yaml")
    await lifecycle.declare(room, "It burns", playbook=PLAN, severity="sev2", drill=drill)
    if config.team:
        await roles.take(as_(room, "bo"), "", "lead")


def hook(name: str, body: str) -> None:
    place = hooks.folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    (place / name).write_text(f"#!/bin/sh\n{body}\n")
    (place / name).chmod(0o700)


def states(state: Incident) -> dict[str, str]:
    return {item.id: item.state for item in state.pauses.values()}


async def kinds(room: Room) -> list[str]:
    return [one.kind for one in await reading.timeline(room, "INC-1")]


async def test_the_list_is_noted_once_and_follows_the_settings(room: Room) -> None:
    await begun(room)
    assert (await kinds(room)).count("pause.listed") == 0
    listed = await pausing.listed(room)
    assert [one.id for one in listed] == ["masto", "scheduled", "ads", "agency"]
    assert (listed[0].kind, listed[0].title) == ("account", "mastodon account masto")
    assert {one.state for one in listed} == {"running"}
    again = await pausing.listed(as_(room, "cy"))
    assert again == listed
    assert (await kinds(room)).count("pause.listed") == 1
    entry = next(e for e in await reading.timeline(room) if e.kind == "pause.listed")
    assert entry.actor == "room"
    await pausing.confirm(room, "", "ads", "paused")
    await apply_config(room, paused(items=ITEMS[:1]), "crisisroom.yaml")
    now = await pausing.listed(room)
    assert [one.id for one in now] == ["masto", "scheduled", "ads"]
    assert (await kinds(room)).count("pause.listed") == 2
    assert await pausing.listed(room) == now
    assert (await kinds(room)).count("pause.listed") == 2


def test_accounts_are_on_the_list_unless_they_are_named_or_only_we_read_them() -> None:
    accounts = (
        Account(id="main", type="bluesky", handle="kessel.example", owner="ada", backup="bo"),
        Account(id="second", type="x"),
        Account(id="inside", type="slack"),
        Account(id="letters", type="mail", smtp="mail.example:587"),
    )
    own = Pause(id="second", title="Our X", kind="account", hook="stop-x")
    config = msgspec.structs.replace(SETTINGS, accounts=accounts, pauses=(own,))
    main, second = pausing.wanted(config)
    assert (main.id, main.title) == ("main", "bluesky account kessel.example")
    assert (main.owner, main.backup) == ("ada", "bo")
    assert (second.id, second.title, second.hook) == ("second", "Our X", "stop-x")


async def test_everybody_confirms(room: Room, clock: ManualClock) -> None:
    await begun(room)
    acted = await pausing.confirm(as_(room, "cy"), "", "agency", "paused", "by phone")
    assert [one.kind for one in acted.entries] == ["pause.listed", "pause.set"]
    assert acted.entry.text == "paused: The agency: by phone"
    (one,) = acted.thing
    assert (one.state, one.by, one.words, one.by_hook) == ("paused", "cy", "by phone", False)
    assert one.at == clock.now()
    assert not (await pausing.confirm(room, "", "agency", "paused")).changed
    acted = await pausing.confirm(room, "", "ads", "not_needed", "none run")
    assert acted.entry.text == "no need to pause: Ads: none run"
    acted = await pausing.confirm(room, "", "scheduled", "failed", "nobody has the password")
    assert acted.entry.text == "not paused: Scheduled posts: nobody has the password"
    with pytest.raises(Refused, match="The agency is paused, by cy"):
        await pausing.confirm(room, "", "agency", "not_needed")
    with pytest.raises(Usage, match="why could it not"):
        await pausing.confirm(room, "", "masto", "failed")
    with pytest.raises(Usage, match="nothing is 'resumed'"):
        await pausing.confirm(room, "", "agency", "resumed")
    with pytest.raises(Usage, match="adds is not on the pause list") as refused:
        await pausing.confirm(room, "", "adds", "paused")
    assert "ads" in refused.value.hint
    with pytest.raises(Refused, match="at line 1, column 1"):
        await pausing.confirm(room, "", "masto", "paused", "\x1b[2J")


async def test_hooks_pause_and_what_they_say_is_kept(room: Room, tmp_path: Path) -> None:
    await begun(room)
    hook("stop", f"cat > {tmp_path}/given; echo 12 posts stopped")
    hook("stop-ads", "echo token expired >&2; exit 3")
    acted = await pausing.run(room, "")
    assert [one.kind for one in acted.entries] == ["pause.listed", "pause.set", "pause.set"]
    scheduled, ads = acted.thing
    assert (scheduled.state, scheduled.words, scheduled.by_hook) == (
        "paused", "12 posts stopped", True,
    )  # fmt: skip
    assert (ads.state, ads.words) == ("failed", "ended with 3: token expired")
    assert acted.entry.text == "not paused: Ads: ended with 3: token expired"
    assert msgspec.json.decode((tmp_path / "given").read_bytes()) == {
        "id": "scheduled", "title": "Scheduled posts", "kind": "scheduled", "owner": "ada",
        "backup": "", "detail": "", "act": "pause", "incident": "INC-1",
    }  # fmt: skip
    assert states(acted.incident)["masto"] == "running"
    hook("stop-ads", "exit 0")
    again = await pausing.run(room, "")
    assert [one.id for one in again.thing] == ["ads"]
    with pytest.raises(Refused, match="no hook is left"):
        await pausing.run(room, "")
    with pytest.raises(Refused, match="Ads is paused already, by ada"):
        await pausing.run(room, "", ["ads"])
    with pytest.raises(Refused, match="The agency has no hook") as refused:
        await pausing.run(room, "", ["agency"])
    assert refused.value.hint == "ring +49 30 5"


async def test_over_an_ssh_key_no_hook_is_called(room: Room, tmp_path: Path) -> None:
    await begun(room)
    marker = tmp_path / "ran"
    hook("stop", f"touch {marker}")
    far = room.as_actor(Actor("bo", via="shell"))
    with pytest.raises(Refused, match="no hook is called over this key"):
        await pausing.run(far, "", ["scheduled"])
    await pausing.confirm(far, "", "scheduled", "paused")
    before = await kinds(room)
    with pytest.raises(Refused, match="no hook is called over this key"):
        await pausing.resume(far, "", "it is calm", ["scheduled"])
    assert await kinds(room) == before  # nor was it decided
    resumed = await pausing.resume(far, "", "it is calm", ["scheduled"], by_hand=True)
    assert states(resumed.incident)["scheduled"] == "resumed"
    assert not marker.exists()


async def test_who_only_looks_on_calls_no_hook_and_notes_no_list(
    room: Room, tmp_path: Path
) -> None:
    await begun(room)
    marker = tmp_path / "ran"
    hook("stop", f"touch {marker}")
    before = await kinds(room)
    room.store.under.looks_on = True
    assert "scheduled" in {one.id for one in await pausing.listed(room)}
    with pytest.raises(Refused, match="only"):
        await pausing.run(room, "", ["scheduled"])
    room.store.under.looks_on = False
    assert await kinds(room) == before
    assert not marker.exists()


async def test_a_hook_that_this_machine_has_not_is_told_of(room: Room) -> None:
    await begun(room)
    acted = await pausing.run(room, "", ["ads"])
    (ads,) = acted.thing
    assert ads.state == "failed"
    assert ads.words.startswith("no hook stop-ads on this machine: there is none: put an")


async def test_a_command_given_twice_calls_its_hooks_once(room: Room, tmp_path: Path) -> None:
    await begun(room)
    hook("stop", f"echo run >> {tmp_path}/runs")
    first = await pausing.run(room, "", ["scheduled"], command_id="one")
    again = await pausing.run(room, "", ["scheduled"], command_id="one")
    assert (again.entry.seq, again.thing) == (first.entry.seq, first.thing)
    hook("stop", f"echo back >> {tmp_path}/runs")
    lead = as_(room, "bo")
    first = await pausing.resume(lead, "", "quiet", ["scheduled"], command_id="two")
    again = await pausing.resume(lead, "", "quiet", ["scheduled"], command_id="two")
    assert (again.entry.seq, again.thing) == (first.entry.seq, first.thing)
    assert (tmp_path / "runs").read_text() == "run\nback\n"
    assert (await kinds(room)).count("decision.made") == 1


async def test_only_the_lead_resumes_and_says_why(room: Room, tmp_path: Path) -> None:
    await begun(room)
    hook("stop", f"echo $1 $2 >> {tmp_path}/acts")
    await pausing.run(room, "", ["scheduled"])
    await pausing.confirm(room, "", "agency", "paused")
    with pytest.raises(Refused, match=r"only Lead \(bo\) may resume what is paused"):
        await pausing.resume(as_(room, "cy"), "", "it is over")
    lead = as_(room, "bo")
    with pytest.raises(Usage, match="needs a reason"):
        await pausing.resume(lead, "", " ")
    with pytest.raises(Refused, match="Ads is not paused but running"):
        await pausing.resume(lead, "", "it is over", ["ads"])
    acted = await pausing.resume(lead, "", "it is over")
    assert [one.kind for one in acted.entries] == ["decision.made", "pause.set", "pause.set"]
    decision = acted.incident.decisions[-1]
    assert (decision.words, decision.reason, decision.by) == (
        "resume: Scheduled posts, The agency", "it is over", "bo",
    )  # fmt: skip
    assert {one.id: (one.state, one.by_hook) for one in acted.thing} == {
        "scheduled": ("resumed", True),
        "agency": ("resumed", False),
    }
    assert (tmp_path / "acts").read_text() == "pause scheduled\nresume scheduled\n"
    with pytest.raises(Refused, match="nothing is paused"):
        await pausing.resume(lead, "", "it is over")
    ran = await pausing.run(room, "", ["scheduled"])
    assert ran.thing[0].state == "paused"


async def test_what_its_hook_cannot_resume_stays_paused(room: Room) -> None:
    await begun(room, paused(SETTINGS))
    hook("stop", "exit 0")
    await pausing.run(room, "", ["scheduled"])
    hook("stop", "echo down; exit 1")
    acted = await pausing.resume(room, "", "it is over")
    (one,) = acted.thing
    assert (one.state, one.words) == ("paused", "could not be resumed: ended with 1: down")
    by_hand = await pausing.resume(room, "", "it is over", by_hand=True)
    assert (by_hand.thing[0].state, by_hand.thing[0].by_hook) == ("resumed", False)


async def test_the_first_role_leads_where_no_role_is_called_so(room: Room) -> None:
    plan = msgspec.structs.replace(PLAN, roles=PLAN.roles[1:], phases=())
    await apply_config(room, paused(), "crisisroom.yaml")
    await lifecycle.declare(room, "It burns", playbook=plan, severity="sev2")
    await pausing.confirm(room, "", "ads", "paused")
    with pytest.raises(Refused, match="only Social media may"):
        await pausing.resume(room, "", "over")
    await roles.take(room, "", "social")
    assert (await pausing.resume(room, "", "over", by_hand=True)).thing[0].state == "resumed"


async def test_in_a_drill_no_hook_runs(room: Room, tmp_path: Path) -> None:
    await begun(room, drill=True)
    hook("stop", f"touch {tmp_path}/ran")
    acted = await pausing.run(room, "", ["scheduled"])
    assert acted.entry.text == "paused: Scheduled posts: drill: not run"
    assert (acted.thing[0].state, acted.thing[0].by_hook) == ("paused", False)
    acted = await pausing.resume(as_(room, "bo"), "", "over")
    assert acted.entry.text == "resumed: Scheduled posts: drill: not run"
    assert not (tmp_path / "ran").exists()


async def test_after_the_end_things_are_resumed_and_nothing_is_paused(room: Room) -> None:
    await begun(room)
    await pausing.confirm(room, "", "agency", "paused")
    await tasks.skip(room, "", "pause", "so")
    known = await lifecycle.before_the_end(room, await reading.incident(room))
    assert "The agency is paused until the lead resumes it" in known.loose
    await lifecycle.resolve(room, "", "over")
    with pytest.raises(Refused, match="is resolved"):
        await pausing.run(room, "INC-1", ["ads"])
    before = await kinds(room)
    await apply_config(room, paused(items=ITEMS[:1]), "crisisroom.yaml")
    assert [one.id for one in await pausing.listed(room, "INC-1")] == [
        "masto", "scheduled", "agency",
    ]  # fmt: skip
    assert await kinds(room) == before
    acted = await pausing.resume(as_(room, "bo"), "INC-1", "over")
    assert acted.thing[0].state == "resumed"
