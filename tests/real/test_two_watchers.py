"""Two watchers share a room, and one is killed again and again: nothing is missed, nothing doubled.

On a file they are processes of one machine, where a death is proven by the kernel. On a server
each lives in a container of its own, as on a machine of its own: only silence tells.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from room.people import PLAN, agreed

from crisisroom.clock import SystemClock
from crisisroom.config import Account, Brand, RoomConfig, Source
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.playbook import Phase, Playbook, Task
from crisisroom.room import Actor, Room, lifecycle, reading, sending, triage, words
from crisisroom.room.settings import apply_config
from crisisroom.store import leases
from crisisroom.watch.lease import MEMBER, SOURCE
from real.conftest import standing
from real.outside import SLOW, Outside
from real.servers.line import Line
from real.servers.postgres import Postgres
from real.two_watchers import Two

pytestmark = pytest.mark.losing

SEED = int(os.environ.get("CRISISROOM_SEED", "20261122"))
KILLS, ALL_KILLS = 6, 100
FEEDS = 5
PERIOD = 3  # seconds between two polls of a feed
JITTER = 0.6  # seconds that a busy machine may take from a period, or add
TASKS_EVERY = 2  # seconds from one task's end of time to the next one's


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server for rooms."""
    with standing(Postgres) as ground:
        yield ground


@pytest.fixture(params=["sqlite", "postgres"])
def two(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Two]:
    """Two watchers that are not begun yet."""
    shared = request.param == "postgres"
    server = request.getfixturevalue("postgres") if shared else None
    folder = tmp_path
    address = str(folder / "room.db")
    if server is not None:
        name = f"two_{random.randrange(10**9)}"
        server.sql(f"CREATE DATABASE {name}", "postgres")
        address = f"postgresql://postgres@127.0.0.1:{server.port}/{name}"
    with Outside.standing() as outside:
        made = Two(address, folder, shared, outside)
        monkeypatch.setenv("XDG_RUNTIME_DIR", made.env(0)["XDG_RUNTIME_DIR"])
        yield made
        made.end()


def _settings(two: Two) -> RoomConfig:
    token = two.folder / "token"
    token.write_text("token")
    token.chmod(0o600)
    social = Account(
        id="main", type="mastodon", server=two.outside.url, private=True, token_file=str(token)
    )
    feeds = tuple(
        Source(
            id=f"feed-{n}", type="feed", url=f"{two.outside.url}/feed/{n}", every=PERIOD,
            private=True,
        )
        for n in range(FEEDS)
    )  # fmt: skip
    return RoomConfig(name="two", brand=Brand("Acme"), accounts=(social,), sources=feeds)


def _plan(seconds: int) -> Playbook:
    """Return a plan whose tasks run out of time one after the other."""
    tasks = tuple(
        Task(f"t{number}", f"Task {number}", within=number)
        for number in range(TASKS_EVERY, seconds, TASKS_EVERY)
    )
    return msgspec.structs.replace(PLAN, phases=(Phase("first", "First", tasks),), cadences=())


@asynccontextmanager
async def _opened(two: Two) -> AsyncIterator[Room]:
    clock = SystemClock()
    async with await Room.open(two.address, actor=Actor("ada"), clock=clock) as room:
        yield room


async def _prepared(room: Room, two: Two, replies: int) -> list[str]:
    """Set the room up and write replies that only have to be let go; returns their ids."""
    await apply_config(room, _settings(two), "x")
    heard = [
        Incoming(
            text=f"it is down, number {n}", source="social", external_id=str(100 + n),
            author=Author(f"pat{n}@social.example"), account="main", lang="en",
        )
        for n in range(replies)
    ]  # fmt: skip
    await triage.ingest(room, heard)
    await lifecycle.declare(
        room, "Down", playbook=_plan(replies * 6 + 60), severity="sev2",
        mentions=[f"M-{n + 1}" for n in range(replies)],
    )  # fmt: skip
    ids = []
    for n in range(replies):
        saved = (
            await words.save_reply(room, "INC-1", f"M-{n + 1}", f"We are on it, pat{n}.")
        ).thing
        await agreed(room, saved.id)
        ids.append(saved.id)
    return ids


async def _both_work(room: Room, two: Two, before: set[str]) -> set[str]:
    """Wait until two watchers live, one of them new, and share the feeds; returns their names.

    A dead one counts as alive until its silence tells.
    """
    until = time.monotonic() + 60
    while time.monotonic() < until:
        held = await room.store.read(lambda tx: leases.held(tx, room.clock, MEMBER, SOURCE))
        live = {one.holder for one in held if one.name.startswith(MEMBER)}
        shares = Counter(one.holder for one in held if one.name.startswith(SOURCE))
        fair = sorted(shares.values()) == [FEEDS // 2, FEEDS - FEEDS // 2]
        if len(live) == 2 and live - before and live == shares.keys() and fair:
            return live
        await asyncio.sleep(0.05)
    raise AssertionError(f"they do not share: {live}, {shares}; {two.logs()}")


async def _storm(two: Two, kills: int) -> None:
    rng = random.Random(SEED)
    async with _opened(two) as room:
        replies = await _prepared(room, two, kills)
        victims = [number % 2 for number in range(kills)]
        rng.shuffle(victims)
        two.begin()
        names: set[str] = set()
        for reply, victim in zip(replies, victims, strict=True):
            names = await _both_work(room, two, names)
            await asyncio.sleep(rng.uniform(PERIOD / 2, PERIOD * 3 / 2))
            await sending.send(room, "INC-1", reply, "main")
            await asyncio.sleep(rng.uniform(0, 4 * SLOW))
            two.kill(victim)
        await _both_work(room, two, names)
        await asyncio.sleep(2 * PERIOD)
        await _check(room, two, kills)


async def _check(room: Room, two: Two, kills: int, *, dead: bool = True) -> None:
    incident = await reading.incident(room, "INC-1")
    entries = await reading.timeline(room, "INC-1")
    late = Counter(one.text for one in entries if one.kind == "clock.late")
    posts = Counter(one["text"] for one in two.outside.posts)
    states = Counter(one.state for one in incident.replies.values())
    gaps = two.gaps()
    polls = sum(len(one) for one in two.outside.asked.values())
    missed = sum(gap > 2 * PERIOD - JITTER for gap in gaps)
    late_polls = sum(gap > PERIOD + JITTER for gap in gaps) - missed
    print(
        f"{kills} kills, {polls} polls, gaps {min(gaps):.2f} to {max(gaps):.2f} s of {PERIOD} s, "
        f"{late_polls} polls late, {missed} missed; {len(late)} clocks ran out, "
        f"{late.total() - len(late)} twice; {len(posts)} posts, "
        f"{posts.total() - len(posts)} twice; {dict(states)}"
    )
    age = (room.clock.now() - incident.declared_at).total_seconds()
    assert min(gaps) >= PERIOD - JITTER, "a feed was asked twice in a period"
    too_long = two.around(2 * PERIOD + JITTER)
    assert not (dead and too_long), f"more than one poll was missed: {too_long}"
    assert len(two.outside.asked) == FEEDS
    assert set(late.values()) == {1}, "a clock ran out twice"
    assert len(late) >= (age - 5) // TASKS_EVERY - 1, "a clock was missed"
    assert set(posts.values()) <= {1}, "a reply went out twice"
    assert states["sent"] + states["unknown"] + states["sending"] == kills


@pytest.mark.timeout(180, func_only=True)
async def test_one_of_two_watchers_is_killed_again_and_again(two: Two) -> None:
    await _storm(two, KILLS)


@pytest.mark.full
@pytest.mark.timeout(1800, func_only=True)
async def test_one_of_two_watchers_is_killed_a_hundred_times(two: Two) -> None:
    await _storm(two, ALL_KILLS)


@pytest.mark.parametrize(
    ("times", "seconds"), [(3, 6.0), pytest.param(4, 90.0, marks=pytest.mark.full)]
)
@pytest.mark.timeout(900, func_only=True)
async def test_a_watcher_that_was_stopped_and_goes_on_does_nothing_twice(
    two: Two, times: int, seconds: float
) -> None:
    """A frozen one may hold the room's turn at writing, so polls may be late here."""
    rng = random.Random(SEED)
    async with _opened(two) as room:
        ids = await _prepared(room, two, int(times * (1 + seconds / 6)))
        two.begin()
        for number, reply in enumerate(ids[:times]):
            await _both_work(room, two, set())
            await asyncio.sleep(rng.uniform(PERIOD / 2, PERIOD * 3 / 2))
            await sending.send(room, "INC-1", reply, "main")
            await asyncio.sleep(rng.uniform(0, 4 * SLOW))
            two.freeze(number % 2, signal.SIGSTOP)
            await asyncio.sleep(seconds)
            two.freeze(number % 2, signal.SIGCONT)
        await _both_work(room, two, set())
        await asyncio.sleep(2 * PERIOD)
        await _check(room, two, times, dead=False)


@pytest.mark.timeout(300, func_only=True)
@pytest.mark.parametrize("two", ["postgres"], indirect=True)
async def test_machines_whose_clocks_are_forty_seconds_apart(two: Two) -> None:
    two.aside = (-10.0, 30.0)
    await _storm(two, KILLS // 2)


@pytest.mark.timeout(300, func_only=True)
@pytest.mark.parametrize("two", ["postgres"], indirect=True)
async def test_a_watcher_cut_off_from_the_server_does_nothing_twice(
    two: Two, postgres: Postgres
) -> None:
    """Nothing comes through, and nobody is told; the other takes over, and gives back its share."""
    rng = random.Random(SEED)
    with Line(postgres.port).standing() as line:
        two.reached = two.address.replace(f":{postgres.port}/", f":{line.port}/")
        async with _opened(two) as room:
            replies = await _prepared(room, two, 4)
            two.begin()
            for reply in replies[:2]:
                await _both_work(room, two, set())
                await sending.send(room, "INC-1", reply, "main")
                await asyncio.sleep(rng.uniform(0, 4 * SLOW))
                line.cut()
                await asyncio.sleep(4 * PERIOD)
                line.mend()
            await _both_work(room, two, set())
            await asyncio.sleep(2 * PERIOD)
            await _check(room, two, 2, dead=False)
