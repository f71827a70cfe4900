"""A room that moves: all of it or nothing, and never two that are alive."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from pathlib import Path

import pytest
from conftest import AddressOf
from room.planted import plant

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.query import Query
from crisisroom.room import Actor, Room, keeping, moving, reading, record, verifying
from crisisroom.store import Tx
from crisisroom.store import moving as rows

ADA = Actor("ada")


async def night(room: Room) -> None:
    await plant(room, 20)


def sound(found: tuple[verifying.Checked, ...]) -> bool:
    return not any(one.problems for one in found)


async def opened(address: str, clock: ManualClock) -> Room:
    return await Room.open(address, actor=ADA, clock=clock, create=False)


async def told(room: Room) -> tuple[object, ...]:
    """Everything that a person would see differ: logs, incidents, mentions, what is found."""
    return (
        await reading.room_log(room),
        await reading.incidents(room),
        await reading.mentions(room, Query(limit=500, copies=True)),
        await reading.mentions(room, Query(text="refund", limit=500)),
        await room.store.under.read(rows.heads),
    )


async def test_a_room_moves_there_and_back_with_all_that_is_in_it(
    room: Room, address_of: AddressOf, tmp_path: Path, clock: ManualClock
) -> None:
    await night(room)
    there = address_of(tmp_path / "there" / "room.db")
    moved = await moving.move(room, there)
    before = await told(room)
    assert moved.head == (await reading.room_log(room))[-1].hash
    async with await opened(there, clock) as other:
        assert await told(other) == before
        assert sound(await verifying.verify(other))
        back = await moving.move(other, str(tmp_path / "back.db"))
        after = await told(other)
    async with await opened(back.target, clock) as again:
        assert await told(again) == after
        await record.note(again, "INC-1", "ring the plant")


async def test_the_old_place_takes_no_more_words_and_says_where_the_room_is(
    room: Room, address_of: AddressOf, tmp_path: Path
) -> None:
    await night(room)
    moved = await moving.move(room, address_of(tmp_path / "there.db"))
    before = await told(room)
    with pytest.raises(Unavailable, match=r"moved to .+ nothing was changed here") as refused:
        await record.note(room, "INC-1", "ring the plant")
    assert moved.target in str(refused.value)
    assert await told(room) == before


async def test_a_move_is_taken_back_until_the_other_place_went_on(
    room: Room, address_of: AddressOf, tmp_path: Path, clock: ManualClock
) -> None:
    await night(room)
    there = address_of(tmp_path / "there.db")
    await moving.move(room, there)
    await moving.stay(room)
    await record.note(room, "INC-1", "ring the plant")
    async with await opened(there, clock) as other:
        with pytest.raises(Unavailable, match="moved to"):
            await record.note(other, "INC-1", "ring the plant")
    with pytest.raises(Refused, match="did not move"):
        await moving.stay(room)
    with pytest.raises(Refused, match="already"):
        await moving.move(room, there)


async def test_a_place_that_went_on_is_not_forgotten(
    room: Room, address_of: AddressOf, tmp_path: Path, clock: ManualClock
) -> None:
    await night(room)
    there = address_of(tmp_path / "there.db")
    await moving.move(room, there)
    async with await opened(there, clock) as other:
        await record.note(other, "INC-1", "ring the plant")
    with pytest.raises(Refused, match="went on since"):
        await moving.stay(room)
    await moving.stay(room, force=True)
    await record.note(room, "INC-1", "ring the plant")


async def test_a_move_killed_after_its_last_word_is_finished_by_asking_again(
    room: Room, address_of: AddressOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both places are shut then, and hold the same."""
    await night(room)
    there = address_of(tmp_path / "there.db")
    with monkeypatch.context() as patched:
        patched.setattr(moving, "_compared", _dead)
        with pytest.raises(_Killed):
            await moving.move(room, there)
    for place in (room.address, there):
        async with await opened(place, ManualClock(room.clock.now())) as one:
            with pytest.raises(Unavailable, match="moved to"):
                await record.note(one, "INC-1", "ring the plant")
    with pytest.raises(Refused, match="moved to"):
        await moving.move(room, address_of(tmp_path / "elsewhere.db"))
    moved = await moving.move(room, there)
    assert moved.head == (await reading.room_log(room))[-1].hash
    async with await opened(there, ManualClock(room.clock.now())) as other:
        await record.note(other, "INC-1", "ring the plant")
    with pytest.raises(Refused, match="is not the same"):
        await moving.move(room, there)
    with pytest.raises(Unavailable, match="moved to"):
        await record.note(room, "INC-1", "ring the plant")


async def test_a_copy_that_the_old_place_never_spoke_of_is_shut(
    room: Room, address_of: AddressOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the two commits: the old place is the one in use."""
    await night(room)
    there = address_of(tmp_path / "there.db")

    async def poured(self: rows.Pouring, source: Tx) -> dict[str, int]:
        await pour(self, source)
        raise _Killed

    pour = rows.Pouring.__call__
    with monkeypatch.context() as patched:
        patched.setattr(rows.Pouring, "__call__", poured)
        with pytest.raises(_Killed):
            await moving.move(room, there)
    await record.note(room, "INC-1", "ring the plant")
    async with await opened(there, ManualClock(room.clock.now())) as copy:
        with pytest.raises(Unavailable, match="moved to"):
            await record.note(copy, "INC-1", "ring the other plant")
    with pytest.raises(Refused, match="already"):
        await moving.move(room, there)
    await moving.move(room, address_of(tmp_path / "elsewhere.db"))


async def test_a_move_that_somebody_breaks_off_is_undone(
    room: Room, address_of: AddressOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await night(room)
    monkeypatch.setattr(rows, "BATCH", 1)
    there, going = address_of(tmp_path / "there.db"), asyncio.Event()
    loop = asyncio.get_running_loop()
    before = await told(room)

    def begun(table: str, done: int) -> None:
        loop.call_soon_threadsafe(going.set)

    working = loop.create_task(moving.move(room, there, begun))
    await going.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert await told(room) == before
    assert (await moving.move(room, there)).target == there


_MOVER = """
import asyncio, sys, time
from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room, moving
from crisisroom.store import Tx
from crisisroom.store import moving as rows

written = rows._written
async def slowly(*given):
    time.sleep(0.01)
    await written(*given)
rows.BATCH, rows._written = 3, slowly

async def main(source, target):
    room = await Room.open(source, actor=Actor("ada"), clock=SystemClock(), create=False)
    async with room:
        await moving.move(room, target, lambda *_: print("going", flush=True))

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_move_that_is_killed_again_and_again_has_done_nothing(
    room: Room, address_of: AddressOf, tmp_path: Path, clock: ManualClock
) -> None:
    """With `kill -9`, at any moment: the old place is the one in use until the end."""
    await night(room)
    there, chance = address_of(tmp_path / "there.db"), random.Random(7)
    for number in range(5):
        mover = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _MOVER, room.address, there), stdout=asyncio.subprocess.PIPE
        )
        assert mover.stdout is not None
        for _ in range(chance.randint(1, 12)):
            assert await mover.stdout.readline() == b"going\n"
        mover.kill()
        await mover.communicate()
        assert mover.returncode == -signal.SIGKILL
        assert await moving.gone(room) is None
        await record.note(room, "INC-1", f"ring plant {number}")
    assert sound(await verifying.verify(room))
    moved = await moving.move(room, there)
    before = await told(room)
    async with await opened(moved.target, clock) as other:
        assert await told(other) == before
        await record.note(other, "INC-1", "it is here")


class _Killed(BaseException):
    pass


async def _dead(*unused: object) -> None:
    raise _Killed


async def test_a_move_that_fails_leaves_the_room_where_it_is(
    room: Room, address_of: AddressOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await night(room)

    async def full(*unused: object) -> None:
        raise Unavailable("disk-full", "the disk is full")

    monkeypatch.setattr(rows, "_written", full)
    with pytest.raises(Unavailable, match="full"):
        await moving.move(room, address_of(tmp_path / "there.db"))
    await record.note(room, "INC-1", "ring the plant")
    assert {entry.kind for entry in await reading.room_log(room)}.isdisjoint(
        {"room.moved", "room.stayed"}
    )


async def test_a_copy_is_of_one_moment_while_others_write(
    room: Room, tmp_path: Path, clock: ManualClock
) -> None:
    await night(room)
    path = tmp_path / "copy.db"
    copying = asyncio.ensure_future(keeping.backup(room, path))
    for number in range(5):
        await record.note(room, "INC-1", f"ring plant {number}")
    assert (await copying).copy.problems == ()
    async with await opened(str(path), clock) as copy:
        assert sound(await verifying.verify(copy))


async def test_there_is_a_room_already(
    room: Room, address_of: AddressOf, tmp_path: Path, clock: ManualClock
) -> None:
    there = address_of(tmp_path / "there.db")
    await (await Room.open(there, actor=ADA, clock=clock)).close()
    with pytest.raises(Refused, match="already") as refused:
        await moving.move(room, there)
    if "://" in there:
        assert "never used" in refused.value.message
        assert "room prepare" in refused.value.hint
    with pytest.raises(Refused, match=r"is at .+ already"):
        await moving.move(room, room.address)
    assert await reading.incidents(room) == ()


def test_everything_moves_but_what_belongs_to_one_place() -> None:
    assert not set(rows.STAYS) & set(rows.tables())
    assert {"entry", "sealed", "mention", "draft", "page"} <= set(rows.tables())
