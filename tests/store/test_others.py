"""Several processes at one room: nobody loses a turn, a dead one holds nothing."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from store.processes import finish, start

from crisisroom.clock import ManualClock, SystemClock
from crisisroom.core.errors import Unavailable
from crisisroom.store import Store, Tx, changes, leases, settings, turns
from crisisroom.store.postgres import servers

FEW, MANY = 4, 100


async def _count(writers: int, times: int, store: Store) -> list[int]:
    """Let processes count up together while we follow the changes; return each one's share."""
    seen: list[str] = []

    async def follow() -> None:
        async for batch in store.changes(0):
            seen.extend(change.ref for change in batch if change.topic == "entry")
            if len(seen) >= writers * times:
                return

    following = asyncio.ensure_future(follow())
    others = [
        await start("count", store.label, f"w{number}", str(times)) for number in range(writers)
    ]
    await asyncio.gather(*map(finish, others))
    await asyncio.wait_for(following, 60)
    assert await store.read(lambda tx: settings.get(tx, "count")) == str(writers * times)
    assert [int(ref.partition(":")[2]) for ref in seen] == list(range(1, writers * times + 1))
    return [sum(ref.startswith(f"w{number}:") for ref in seen) for number in range(writers)]


async def test_four_writers_lose_nothing_and_every_change_is_seen(store: Store) -> None:
    assert await _count(FEW, MANY, store) == [MANY] * FEW


async def test_writers_take_turns(store: Store) -> None:
    """While two writers never rest, neither goes twice in a row for long."""
    others = [await start("count", store.label, name, "150") for name in ("a", "b")]
    await asyncio.gather(*map(finish, others))
    rows = await store.read(lambda tx: tx.rows("SELECT ref FROM change ORDER BY seq"))
    order = "".join(ref[0] for (ref,) in rows)
    both = order[max(order.index("a"), order.index("b")) :]  # until then one was still starting
    both = both[: min(both.rfind("a"), both.rfind("b")) + 1]  # from then on one had finished
    runs = sorted(len(list(group)) for _, group in itertools.groupby(both))
    if len(runs) < 20:
        pytest.skip("one had finished before the other began")
    assert runs[len(runs) // 2] <= 2


@pytest.mark.full
async def test_eight_writers_lose_nothing(store: Store) -> None:
    assert await _count(8, 1000, store) == [1000] * 8


async def test_a_killed_writer_leaves_nothing_and_holds_nothing(
    store: Store, clock: ManualClock
) -> None:
    other = await start("hang", store.label, "watch")
    assert other.stdout is not None
    assert await asyncio.wait_for(other.stdout.readline(), 30) == b"holding\n"
    now = SystemClock()
    held = await store.read(lambda tx: leases.holder(tx, "watch", now))
    assert held is not None
    assert held.pid == other.pid
    other.send_signal(signal.SIGKILL)
    await other.wait()
    assert await store.read(lambda tx: settings.get(tx, "half")) == ""
    assert await store.read(lambda tx: leases.holder(tx, "watch", now)) is None
    taken = await store.write(lambda tx: leases.acquire(tx, "watch", "ours", now, 20.0))
    assert taken is not None
    assert taken.epoch == held.epoch + 1


async def test_a_room_that_is_busy_for_too_long_says_so(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT", 0.2)
    monkeypatch.setitem(servers._WRITING, "lock_timeout", "200")
    other, hasty, leaving = [await Store.open(store.address, clock) for _ in range(3)]
    begun, go_on = asyncio.Event(), asyncio.Event()
    ours, theirs = asyncio.get_running_loop(), other._loop

    async def slow(tx: Tx) -> None:
        ours.call_soon_threadsafe(begun.set)
        await go_on.wait()

    holding = asyncio.ensure_future(other.write(slow))
    await begun.wait()
    with pytest.raises(Unavailable, match="too long") as refused:
        await hasty.write(lambda tx: settings.put(tx, "key", "value"))
    assert refused.value.code == "busy"
    await leaving.close()  # whoever leaves need not wait for it
    theirs.call_soon_threadsafe(go_on.set)
    await holding
    monkeypatch.undo()
    await store.write(lambda tx: settings.put(tx, "key", "value"))  # the late turn was given back
    for one in (hasty, other):
        await one.write(lambda tx: settings.put(tx, "key", "other"))
        await one.close()


async def test_whoever_fell_far_behind_is_told_to_read_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT", 50)

    async def tell(tx: Tx) -> None:
        for number in range(700):
            tx.tell("entry", str(number))

    await store.write(tell)
    await store.write(tell)
    found = await store.read(lambda tx: changes.since(tx, 3))
    assert found[0].topic == "reset"
    assert [one.seq for one in found] == list(range(found[0].seq, found[0].seq + len(found)))
    followed = await anext(store.changes(3))
    assert followed[0].topic == "reset"


async def test_following_goes_on_where_it_stopped(store: Store) -> None:
    async def tell(tx: Tx, ref: str) -> None:
        tx.tell("entry", ref)
        tx.tell("entry", ref)  # twice in one transaction is one change

    await store.write(lambda tx: tell(tx, "1"))
    first = await anext(store.changes(0))
    await store.write(lambda tx: tell(tx, "2"))
    await store.write(lambda tx: tell(tx, "3"))
    second = await anext(store.changes(first[-1].seq))
    assert [one.ref for one in (*first, *second)] == ["1", "2", "3"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if mount is None or os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip("needs the right to mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_is_said_and_reading_goes_on(small_disk: Path) -> None:
    code, done, rows, check = (await finish(await start("fill", f"{small_disk}/room.db"))).split()
    assert code == "disk-full"
    assert int(done) == int(rows) > 10
    assert check == "ok"


@pytest.mark.sqlite("a limit on the size of files")
async def test_a_file_that_may_not_grow_is_said_and_reading_goes_on(address: str) -> None:
    code, done, rows, check = (await finish(await start("fill", address, "1000000"))).split()
    assert code in ("disk-error", "disk-full")
    assert int(done) == int(rows) > 10
    assert check == "ok"
