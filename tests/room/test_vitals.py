"""A room in figures: how telling people does, the way to the database, and what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from report.prometheus_text import parse
from room.people import PLAN, as_
from watch.paging import AGAIN, TOLD, Ground, NotDelivered, ground

from crisisroom.clock import ManualClock
from crisisroom.config.notifying import Deadman
from crisisroom.core.errors import Unavailable
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, lifecycle, notifying_outside
from crisisroom.room.metrics_text import metrics_text
from crisisroom.room.settings import apply_config
from crisisroom.room.troubles import troubles
from crisisroom.room.vitals import Vitals, leases_of, vitals_of
from crisisroom.room.vitals_link import Servers, link_of, servers_of
from crisisroom.store.engine import Link
from crisisroom.store.examining import ServerFacts
from crisisroom.store.postgres.standing import Standing
from crisisroom.watch.turn import turn


@pytest.fixture
async def there(room: Room, clock: ManualClock) -> AsyncIterator[Ground]:
    async with Fetcher() as fetch:
        yield await ground(room, clock, fetch)


async def taken(room: Room) -> Vitals:
    return await vitals_of(room.for_machine(), full=True)


def said(vitals: Vitals, subject: str = "notifiers") -> list[str]:
    return [one.message for one in troubles(vitals) if one.subject == subject]


def figures(vitals: Vitals) -> dict[str, float]:
    found = parse(metrics_text(vitals, up=True, at=vitals.at))
    return {
        name.removeprefix("crisisroom_") + "".join(f" {value}" for _, value in labels): number
        for (name, labels), number in found.items()
    }


async def test_a_messenger_that_fails_is_no_good_health_until_it_works_again(
    there: Ground, clock: ManualClock
) -> None:
    vitals = await taken(there.room)
    assert said(vitals) == []
    assert figures(vitals)["messenger_up pings"] == 1
    there.pings.fails = NotDelivered("it is gone")
    await lifecycle.declare(
        as_(there.room, "ada"), "Kettles overheat", playbook=PLAN, severity="sev1"
    )
    await there.work()
    clock.advance(240)
    vitals = await taken(there.room)
    assert said(vitals) == ["pings fails: its last message did not go, 4 min ago"]
    told = figures(vitals)
    assert (told["messenger_up pings"], told["messenger_up letters"]) == (0, 1)
    there.pings.fails = None
    await there.work(AGAIN)
    await there.work(AGAIN)
    assert figures(await taken(there.room))["messenger_up pings"] == 1


async def test_pages_count_as_well_as_escalations_and_those_nobody_answered_are_named(
    there: Ground,
) -> None:
    await lifecycle.declare(
        as_(there.room, "ada"), "Kettles overheat", playbook=PLAN, severity="sev1"
    )
    await there.work()
    before = await taken(there.room)
    assert figures(before)["pages_unacknowledged open"] == 1
    assert (figures(before)["pages_unacknowledged unanswered"], said(before)) == (0, [])
    for _ in range(45):
        await there.work(AGAIN)
    after = await taken(there.room)
    assert figures(after)["pages_unacknowledged unanswered"] == 2
    assert said(after) == ["2 pages that nobody answered: PAGE-1, PAGE-2"]


async def test_the_dead_mans_switch_that_is_not_reached_or_not_called_is_told(
    room: Room, clock: ManualClock
) -> None:
    deadman = Deadman(token_env="PING", every=60)
    told = msgspec.structs.replace(TOLD.notifying, deadman=deadman)
    await apply_config(room, msgspec.structs.replace(TOLD, notifying=told), "x")
    new = await taken(room)
    assert [one.state for one in new.telling.outside] == ["new"]
    assert said(new) == []
    await notifying_outside.note(room, "deadman", "")
    assert figures(await taken(room))["outside_up deadman"] == 1
    clock.advance(14 * 60)
    late = await taken(room)
    assert said(late) == ["deadman not called for 14 min"]
    await notifying_outside.note(room, "deadman", "it cannot be called (timeout)")
    clock.advance(180)
    lost = await taken(room)
    assert said(lost) == ["deadman not reached for 3 min"]
    assert figures(lost)["outside_up deadman"] == 0
    assert "cannot be called" not in metrics_text(lost, up=True, at=lost.at)


async def test_a_token_that_ended_is_told(room: Room, clock: ManualClock) -> None:
    messenger = msgspec.structs.replace(TOLD.messengers[0], expires="2026-11-24")
    await apply_config(room, msgspec.structs.replace(TOLD, messengers=(messenger,)), "x")
    soon = await taken(room)
    assert said(soon, "tokens") == []
    assert [key for key in figures(soon) if key.startswith("token_end")] != []
    clock.advance(timedelta(days=4).total_seconds())
    (told,) = said(await taken(room), "tokens")
    assert "pings ended on 2026-11-2" in told


async def test_the_way_to_the_room_is_timed_and_a_lost_one_is_said_at_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    vitals = await taken(room)
    assert 0 < figures(vitals)[f"database_seconds {room.store.kind}"] < 60
    assert (vitals.link.servers is None) is (room.store.kind == "sqlite")
    monkeypatch.setattr(type(room.store.under), "link", Link("reconnecting", 1.0, 1))
    with pytest.raises(Unavailable, match="does not answer"):
        await link_of(room)


STANDING = Standing(
    server="15.20", host="", user="worker", appends_only=True, durable=True,
    standbys=("other streaming sync",), waits_for="ANY 1 (other)", encrypted=True, bytes=1,
    free_connections=90,
)  # fmt: skip
FACTS = ServerFacts(
    database="room", standby=False, commit="on", behind=(("other", 0.25),), local=True,
    seconds=0.0, lacks=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("commit", "waits_for", "standbys", "synchronous", "stuck"),
    [
        ("on", "ANY 1 (other)", ("other streaming sync",), True, False),
        ("remote_apply", "other", ("other streaming quorum",), True, False),
        ("on", "", ("other streaming async",), False, False),
        ("on", "", (), False, False),
        ("local", "other", ("other streaming sync",), False, False),
        ("on", "other", (), False, True),
        ("on", "other", ("elsewhere streaming async",), False, True),
        ("on", "other", ("hidden",), None, False),
    ],
)
async def test_servers_are_judged_by_what_commits_wait_for(
    room: Room,
    commit: str,
    waits_for: str,
    standbys: tuple[str, ...],
    synchronous: bool | None,
    stuck: bool,
) -> None:
    servers = servers_of(
        msgspec.structs.replace(FACTS, commit=commit),
        msgspec.structs.replace(STANDING, waits_for=waits_for, standbys=standbys),
    )
    assert (servers.synchronous, servers.stuck) == (synchronous, stuck)
    found = _with(await taken(room), servers)
    told = figures(found)
    assert told["database_stuck"] == stuck
    assert told.get(f"database_synchronous {commit}") == synchronous
    assert told["database_standby_lag_seconds"] == 0.25
    assert ("none is in step" in "".join(said(found, "database"))) is stuck
    assert ("can be lost" in "".join(said(found, "database"))) is (commit == "local")


def _with(vitals: Vitals, servers: Servers) -> Vitals:
    link = msgspec.structs.replace(vitals.link, servers=servers)
    return msgspec.structs.replace(vitals, link=link)


async def test_jobs_are_listed_with_who_holds_them(room: Room) -> None:
    assert await leases_of(room) == ()
    async with turn(room, "watch"):
        (one,) = await leases_of(room)
    assert (one.name, one.epoch, one.age) == ("watch", 1, 0)
