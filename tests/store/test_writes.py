"""Transactions: on a thread of their own, whole or not at all, shielded, checked."""

from __future__ import annotations

import asyncio
import threading

import pytest
from conftest import Raw
from engines import owned

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import Draft
from crisisroom.store import Store, Tx, log, settings

AUTHOR = log.Author("ada")


async def _one_entry(store: Store, words: str = "a note") -> None:
    async def work(tx: Tx) -> None:
        await log.open_room_chain(tx)
        draft = Draft(kind="note.added", text=words, data={"words": words})
        await log.append(tx, "room", [draft], AUTHOR, store.clock.now())

    await store.write(work)


async def test_work_runs_on_the_store_s_own_thread(store: Store) -> None:
    async def where(tx: Tx) -> str:
        return threading.current_thread().name

    assert await store.write(where) == await store.read(where) == "crisisroom-store"


async def test_a_stuck_screen_holds_no_lock(store: Store, address: str, clock: ManualClock) -> None:
    """While this thread stands still, the begun transaction ends and a colleague gets the turn."""
    begun, done = threading.Event(), threading.Event()

    async def work(tx: Tx) -> None:
        begun.set()
        await settings.put(tx, "mine", "1")

    mine = asyncio.ensure_future(store.write(work))
    await asyncio.sleep(0)

    def colleague() -> None:
        async def act() -> None:
            other = await Store.open(address, clock)
            await other.write(lambda tx: settings.put(tx, "theirs", "1"))
            await other.close()

        asyncio.run(act())
        done.set()

    thread = threading.Thread(target=colleague)
    thread.start()
    assert begun.wait(10)
    assert done.wait(10)  # this blocks our loop, as a stuck screen would
    thread.join()
    await mine
    assert await store.read(lambda tx: settings.get(tx, "theirs")) == "1"


async def test_a_cancelled_caller_does_not_cancel_the_transaction(store: Store) -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    async def work(tx: Tx) -> None:
        begun.set()
        await asyncio.to_thread(go_on.wait, 20)
        await settings.put(tx, "key", "done")
        ended.set()

    caller = asyncio.ensure_future(store.write(work))
    assert await asyncio.to_thread(begun.wait, 20)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    assert await asyncio.to_thread(ended.wait, 20)
    await store.write(lambda tx: settings.put(tx, "after", "1"))  # behind the first one
    assert await store.read(lambda tx: settings.get(tx, "key")) == "done"


async def test_closing_waits_for_what_was_begun(address: str, clock: ManualClock) -> None:
    store = await Store.open(address, clock)
    writes = [
        asyncio.ensure_future(store.write(lambda tx, n=n: settings.put(tx, f"k{n}", "1")))  # type: ignore[misc]
        for n in range(20)
    ]
    reads = [asyncio.ensure_future(store.read(lambda tx: settings.get(tx, "k1"))) for _ in range(5)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes, *reads)
    again = await Store.open(address, clock)
    rows = await again.read(lambda tx: tx.rows("SELECT count(*) FROM room WHERE key LIKE 'k%'"))
    assert rows == [(20,)]
    await again.close()


async def test_a_failure_inside_leaves_nothing_and_forgets_what_it_thought(store: Store) -> None:
    await _one_entry(store)

    async def work(tx: Tx) -> None:
        await settings.put(tx, "key", "half")
        tx.tell("entry", "99")
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        await store.write(work)
    assert store.states == {}
    assert await store.read(lambda tx: settings.get(tx, "key")) == ""
    assert await store.read(lambda tx: tx.rows("SELECT ref FROM change WHERE ref = '99'")) == []
    await store.write(lambda tx: settings.put(tx, "key", "whole"))


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Unavailable, match="cannot be written to"):
        await store.read(lambda tx: settings.put(tx, "key", "value"))


async def test_a_read_sees_one_moment(store: Store) -> None:
    await store.write(lambda tx: settings.put(tx, "key", "old"))
    seen, go_on = asyncio.Event(), threading.Event()
    ours = asyncio.get_running_loop()

    async def work(tx: Tx) -> tuple[str, str]:
        first = await settings.get(tx, "key")
        ours.call_soon_threadsafe(seen.set)
        await asyncio.to_thread(go_on.wait, 20)
        return first, await settings.get(tx, "key")

    reading = asyncio.ensure_future(store.read(work))
    await seen.wait()
    await store.write(lambda tx: settings.put(tx, "key", "new"))
    go_on.set()
    assert await reading == ("old", "old")
    assert await store.read(lambda tx: settings.get(tx, "key")) == "new"


def _sqlite(sql: str) -> object:
    return pytest.param(sql, marks=pytest.mark.sqlite("a statement of its own"))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM entry",
        "UPDATE entry SET kind = 'x'",
        "UPDATE entry SET data = '{}'",
        "INSERT INTO entry SELECT * FROM entry WHERE true ON CONFLICT (chain, seq) DO UPDATE"
        " SET kind = 'x'",
        _sqlite("INSERT OR REPLACE INTO entry SELECT * FROM entry"),
        _sqlite(
            "REPLACE INTO entry SELECT chain, seq, uid || 'x', 'x', v, at, recorded_at, actor,"
            " role, source, data, corrects, prev_hash, hash FROM entry"
        ),
        _sqlite("UPDATE OR REPLACE entry SET seq = seq + 1"),
        "DELETE FROM sealed",
        "UPDATE sealed SET words = 'something else'",
        "UPDATE sealed SET words = '[erased]'",
        "UPDATE sealed SET words = '[erased]', salt = '', digest = 'x'",
        "UPDATE sealed SET words = '[erased]', salt = '', path = 'x'",
        "INSERT INTO sealed SELECT chain, seq, path, digest, salt, 'x' FROM sealed WHERE true"
        " ON CONFLICT (chain, seq, path) DO UPDATE SET words = excluded.words",
        _sqlite(
            "INSERT OR REPLACE INTO sealed SELECT chain, seq, path, digest, salt, 'x' FROM sealed"
        ),
    ],
)
async def test_the_log_only_grows(store: Store, clock: ManualClock, sql: str) -> None:
    """For whoever works in the room by their rights, for the owner of its tables by triggers."""
    await _one_entry(store)
    before = await store.read(lambda tx: log.entries(tx, "room"))
    with pytest.raises(Refused, match=r"only grows|only be erased|permission denied"):
        await store.write(lambda tx: tx.run(sql))
    owner = await Store.open(owned(store.label), clock)
    with pytest.raises(Unavailable, match=r"only grows|only be erased"):
        await owner.write(lambda tx: tx.run(sql))
    await owner.close()
    assert await store.read(lambda tx: log.entries(tx, "room")) == before


async def test_sealed_text_can_be_erased_with_its_salt(
    store: Store, address: str, raw: Raw
) -> None:
    await _one_entry(store, "about @pat")
    erase = "UPDATE sealed SET words = '[erased]', salt = '' WHERE path = 'text'"
    assert await store.write(lambda tx: tx.run(erase)) == 1
    entries = await store.read(lambda tx: log.entries(tx, "room"))
    assert entries[0].text == "[erased]"
    left = await asyncio.to_thread(
        raw, address, "SELECT words FROM sealed WHERE path != 'data.words'"
    )
    assert "about @pat" not in repr(left)


async def test_references_are_kept(store: Store) -> None:
    with pytest.raises(Unavailable, match=r"(?i)foreign key"):
        await store.write(
            lambda tx: tx.run("INSERT INTO sealed VALUES ('no', 1, 'text', '', '', '')")
        )


@pytest.mark.sqlite("the server decides when it flushes")
async def test_what_a_person_did_is_flushed_and_what_can_be_repeated_need_not_be(
    store: Store,
) -> None:
    async def level(tx: Tx) -> int:
        rows = await tx.rows("PRAGMA synchronous")
        return int(rows[0][0])

    assert await store.write(level) == 2  # FULL
    assert await store.write(level, durable=False) == 1  # NORMAL
    assert await store.write(level) == 2
