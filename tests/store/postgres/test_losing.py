"""A link that is lost: nothing acknowledged is gone, nothing happens twice, screens are told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from engines import Databases, owned
from store.postgres.proxy import Line

from crisisroom.clock import SystemClock
from crisisroom.core.errors import OutcomeUnknown, Refused, Unavailable
from crisisroom.store import Change, Store, Tx
from crisisroom.store.postgres import ear, engine, servers


@pytest.fixture
async def line(server: Databases, address: str) -> AsyncIterator[Line]:
    found = re.search(r":([0-9]+)/", address)
    assert found
    made = Line(int(found[1]))
    await made.start()
    yield made
    made.go_on()
    await made.stop()


@pytest.fixture
async def far(line: Line, address: str) -> AsyncIterator[Store]:
    """The room, at the other end of a line that can be cut."""
    opened = await Store.open(re.sub(r":[0-9]+/", f":{line.port}/", address), SystemClock())
    yield opened
    line.go_on()
    await opened.close()


async def _count(tx: Tx) -> int:
    """Add one to a number and tell it."""
    await tx.run("INSERT INTO room VALUES ('n', '0') ON CONFLICT (key) DO NOTHING")
    await tx.run("UPDATE room SET value = CAST(CAST(value AS INTEGER) + 1 AS text)")
    row = await tx.row("SELECT value FROM room WHERE key = 'n'")
    assert row is not None
    tx.tell("counted", row[0])
    return int(row[0])


def _state(store: Store) -> str:
    return store.link.state


async def _say(tx: Tx, what: str) -> None:
    tx.tell("said", what)


async def _counted(tx: Tx) -> int:
    row = await tx.row("SELECT value FROM room WHERE key = 'n'")
    return int(row[0]) if row else 0


async def test_a_lost_link_is_made_again(far: Store, line: Line) -> None:
    for turn in range(1, 6):
        line.cut()
        assert await far.write(_count) == turn
        line.cut()
        assert await far.read(_counted) == turn
    assert far.link.state == "ok"
    assert far.link.losses >= 5


async def test_what_landed_before_the_answer_was_lost_is_not_done_again(
    far: Store, line: Line
) -> None:
    for turn in range(1, 6):
        line.cut_answer_to = b"COMMIT"
        assert await far.write(_count) == turn
        assert line.cut_answer_to == b""  # the answer was lost indeed
    assert await far.read(_counted) == 5


async def test_what_was_lost_before_it_landed_is_done_again(far: Store, line: Line) -> None:
    tries = 0

    async def work(tx: Tx) -> int:
        nonlocal tries
        tries += 1
        if tries < 3:
            line_cut.set()
            await asyncio.sleep(0.1)
        return await _count(tx)

    line_cut = _Cutter(line)
    assert await far.write(work) == 1
    assert tries == 3
    assert await far.read(_counted) == 1


class _Cutter:
    """Cuts the line from the store's own thread."""

    def __init__(self, line: Line) -> None:
        self._line, self._loop = line, asyncio.get_running_loop()

    def set(self) -> None:
        self._loop.call_soon_threadsafe(self._line.cut)


async def test_a_refusal_is_a_refusal_and_nothing_is_tried_again(far: Store) -> None:
    tries = 0

    async def work(tx: Tx) -> None:
        nonlocal tries
        tries += 1
        await _count(tx)
        raise Refused("no", "not today")

    with pytest.raises(Refused, match="not today"):
        await far.write(work)
    with pytest.raises(Unavailable, match=r"relation .* does not exist"):
        await far.write(lambda tx: tx.run("DELETE FROM nowhere"))
    assert tries == 1
    assert await far.write(_count) == 1


async def test_where_no_server_comes_back_a_person_is_told_what_is_known(
    far: Store, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 0.5)
    await far.write(_count)
    await line.stop()
    with pytest.raises(Unavailable, match="does not answer") as missed:
        await far.read(_counted)
    assert missed.value.code == "unreachable"
    with pytest.raises(Unavailable, match="does not answer"):
        await far.write(_count)
    assert _state(far) == "reconnecting"
    await line.start()
    assert await far.write(_count) == 2
    assert _state(far) == "ok"


async def test_a_commit_that_nobody_can_know_of_is_said_to_be_one(
    far: Store, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 0.5)

    async def stop() -> None:
        await line.answer_is_cut.wait()
        await line.stop()

    assert await far.write(_count) == 1
    line.cut_answer_to = b"COMMIT"
    stopping = asyncio.get_running_loop().create_task(stop())
    with pytest.raises(OutcomeUnknown, match="may have happened"):
        await far.write(_count)
    await stopping
    await line.start()
    assert await far.read(_counted) == 2


async def test_a_silent_server_is_noticed(
    far: Store, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ear, "SILENCE", 0.3)
    monkeypatch.setattr(ear, "BEAT", 0.1)
    monkeypatch.setattr(servers, "TRY", 0.5)
    heard: list[Change] = []
    follower = asyncio.get_running_loop().create_task(_follow(far, heard))
    while not heard:
        await far.write(lambda tx: _say(tx, "hello"))
        await asyncio.sleep(0.05)
    line.stall()
    writing = asyncio.get_running_loop().create_task(far.write(_count))
    await _until(lambda: any(one.ref == "reconnecting" for one in heard))
    line.cut()
    line.go_on()
    assert await writing == 1
    await _until(lambda: any(one.topic == "reset" for one in heard))
    assert [one.ref for one in heard if one.topic == "link"] == ["reconnecting", "ok"]
    await far.write(_count)
    await _until(lambda: any(one.ref == "2" for one in heard))
    follower.cancel()


async def _follow(store: Store, heard: list[Change]) -> None:
    async for batch in store.changes():
        heard.extend(batch)


async def _until(condition: Callable[[], object]) -> None:
    for _ in range(1500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")


async def test_a_server_that_gave_up_on_its_standby_is_not_believed(
    server: Databases, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelling the wait makes it commit alone, with a warning: that is no yes."""
    monkeypatch.setattr(engine, "PATIENCE", 1.0)
    monkeypatch.setattr(engine, "COMMITTED", 5.0)
    store = await Store.open(address, SystemClock())
    admin = await asyncpg.connect(owned(address))
    try:
        await admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        await admin.execute("SELECT pg_reload_conf()")
        await _until_shown(admin, "synchronous_standby_names", "nobody")
        writing = asyncio.get_running_loop().create_task(store.write(_count))
        cancelled = 0
        while not writing.done():
            cancelled += await admin.fetchval(
                "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity"
                " WHERE wait_event = 'SyncRep'"
            )
            await asyncio.sleep(0.05)
        with pytest.raises(OutcomeUnknown):
            await writing
        assert cancelled > 1
    finally:
        await admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
        await admin.execute("SELECT pg_reload_conf()")
        await admin.close()
        await store.close()


async def _until_shown(admin: asyncpg.Connection[asyncpg.Record], name: str, value: str) -> None:
    for _ in range(1500):
        if await admin.fetchval(f"SHOW {name}") == value:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("waited in vain")
