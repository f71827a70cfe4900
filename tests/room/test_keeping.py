"""Copies of a room: whole, or not there; and one of them in its place again."""

from __future__ import annotations

import asyncio
import os
import stat
from itertools import count
from pathlib import Path

import msgspec
import pytest
from room.people import SETTINGS, declared
from room.planted import person, plant

from crisisroom.clock import ManualClock
from crisisroom.config.anchors import Place
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.report.anchor import Anchors, encode, parse
from crisisroom.room import Actor, Room, anchoring, erasing, keeping, reading, record, verifying
from crisisroom.room.copies import examine

pytestmark = pytest.mark.sqlite("copies of a room are files")

ADA = Actor("ada")


def half_write(path: Path) -> None:
    path.write_bytes(b"half")


async def test_what_could_not_be_finished_is_not_left_behind(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(path: Path) -> None:
        half_write(path)
        raise Unavailable("disk-full", "the disk is full")

    monkeypatch.setattr(room.store, "copy_to", full)
    before = await reading.room_log(room)
    with pytest.raises(Unavailable):
        await keeping.backup(room, tmp_path / "copy.db")
    assert os.listdir(tmp_path) == ["room"]
    assert await reading.room_log(room) == before


async def test_a_backup_is_on_record_private_and_read_again(room: Room, tmp_path: Path) -> None:
    done = await keeping.backup(room, tmp_path / "copy.db")
    file = {"file": str(tmp_path / "copy.db"), "head_hash": done.copy.head}
    assert (done.entry.kind, done.entry.data) == ("backup.made", file)
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert done.copy.head == (await reading.room_log(room))[-2].hash
    assert done.copy.problems == ()
    with pytest.raises(Refused, match="already"):
        await keeping.backup(room, tmp_path / "copy.db")


async def test_a_hundred_backups_under_load_are_beginnings_of_the_chains(
    room: Room, tmp_path: Path, clock: ManualClock
) -> None:
    await declared(room)
    over = asyncio.Event()

    async def load(other: Room) -> None:
        for number in count():
            if over.is_set():
                return
            await record.note(other, "INC-1", f"note {number}")

    async with await Room.open(room.address, actor=Actor("bo"), clock=clock) as other:
        loading = asyncio.ensure_future(load(other))
        made = [await keeping.backup(room, tmp_path / f"{number}.db") for number in range(100)]
        over.set()
        await loading
    whole = await examine(Path(room.address))
    lengths = set()
    for one in made:
        assert not one.copy.problems
        for uid, chain in one.copy.chains.items():
            assert chain.hashes == whole.chains[uid].hashes[: chain.entries]
        lengths.add(one.copy.entries)
        assert stat.S_IMODE(one.path.stat().st_mode) == 0o600
    assert len(lengths) == 100


async def test_a_folder_keeps_the_newest(room: Room, tmp_path: Path, clock: ManualClock) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "room-notes.db").write_text("mine")
    removed: list[Path] = []
    for _ in range(5):
        removed += (await keeping.backup_to(room, folder, keep=3)).removed
        clock.advance(3600)
    left = sorted(one.name for one in folder.iterdir())
    assert left == [
        *(f"room-20261122T{hour}0700Z.db" for hour in ("04", "05", "06")),
        "room-notes.db",
    ]
    assert len(removed) == 2
    same = [(await keeping.backup_to(room, folder, keep=9)).path.name for _ in range(2)]
    assert same == ["room-20261122T070700Z.db", "room-20261122T070700Z-1.db"]


async def test_a_copy_becomes_a_room(room: Room, tmp_path: Path, clock: ManualClock) -> None:
    await declared(room)
    await keeping.backup(room, tmp_path / "copy.db")
    target = tmp_path / "new" / "room.db"
    done = await keeping.restore(tmp_path / "copy.db", target, actor=ADA, clock=clock)
    assert (done.lost, done.aside, done.entry.kind) == ((), None, "room.restored")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    async with await Room.open(str(target), actor=ADA, clock=clock) as again:
        assert (await reading.incident(again, "INC-1")).title
        assert all(not one.problems for one in await verifying.verify(again))


async def _old_copy(address: str, tmp_path: Path, clock: ManualClock) -> Path:
    async with await Room.open(address, actor=ADA, clock=clock) as room:
        await declared(room)
        await keeping.backup(room, tmp_path / "old.db")
        await record.note(room, "INC-1", "what came later")
    return tmp_path / "old.db"


async def test_over_a_room_it_says_what_is_lost_and_keeps_that(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old = await _old_copy(address, tmp_path, clock)
    room = Path(address)
    with pytest.raises(Refused, match="this copy ends at entry") as refused:
        await keeping.restore(old, room, actor=ADA, clock=clock)
    assert refused.value.code == "exists"
    done = await keeping.restore(old, room, actor=ADA, clock=clock, force=True)
    assert {one.name for one in done.lost} == {"room", "INC-1"}
    assert done.aside is not None
    async with await Room.open(str(done.aside), actor=ADA, clock=clock) as before:
        assert (await reading.timeline(before, "INC-1"))[-1].text == "what came later"
    async with await Room.open(address, actor=ADA, clock=clock) as now:
        told = await reading.room_log(now)
        assert told[-1].kind == "room.restored"
        assert "ends at entry" in told[-1].text


async def test_who_was_erased_since_is_not_brought_back_in_silence(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    async with await Room.open(address, actor=ADA, clock=clock) as room:
        await plant(room, 1)
        await keeping.backup(room, tmp_path / "old.db")
        await erasing.erase(room, [person(0)], "a request")
    done = await keeping.restore(
        tmp_path / "old.db", Path(address), actor=ADA, clock=clock, force=True
    )
    assert done.erased == 1


async def test_not_while_somebody_has_the_room_open(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old = await _old_copy(address, tmp_path, clock)
    async with await Room.open(address, actor=ADA, clock=clock) as room:
        with pytest.raises(Refused, match=f"open.*{os.getpid()}"):
            await keeping.restore(old, Path(address), actor=ADA, clock=clock, force=True)
        assert (await reading.timeline(room, "INC-1"))[-1].text == "what came later"
        await record.note(room, "INC-1", "and still works")


async def test_a_copy_older_than_the_anchor_is_refused(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old = await _old_copy(address, tmp_path, clock)
    async with await Room.open(address, actor=ADA, clock=clock) as room:
        anchor = (await reading.timeline(room, "INC-1"))[-1].hash
    target = tmp_path / "new.db"
    with pytest.raises(Refused, match="older than"):
        await keeping.restore(old, target, actor=ADA, clock=clock, anchor=anchor)
    assert not target.exists()
    sound = (await examine(old)).head
    await keeping.restore(old, target, actor=ADA, clock=clock, anchor=sound[:16])


async def _anchored(address: str, tmp_path: Path, clock: ManualClock) -> tuple[Path, Anchors]:
    """Return a copy, and an anchor of the room as it was one entry later."""
    async with await Room.open(address, actor=ADA, clock=clock) as room:
        place = Place(id="vault", to=f"file:{tmp_path / 'anchors.jsonl'}")
        anchored = msgspec.structs.replace(SETTINGS, anchors=(place,))
        await declared(room, anchored)
        await keeping.backup(room, tmp_path / "old.db")
        await record.note(room, "INC-1", "what came later")
        made = await anchoring.make(room)
        await anchoring.note(room, "vault", made, state="sent")
    return tmp_path / "old.db", parse(encode(made), "anchors.jsonl")


async def test_it_says_how_much_was_noted_that_a_copy_lacks(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old, noted = await _anchored(address, tmp_path, clock)
    (tmp_path / "anchors.jsonl").write_bytes(encode(noted.anchors[0]) + b"\n")
    done = await keeping.restore(old, tmp_path / "new.db", actor=ADA, clock=clock)
    lost = {one.name: one.missing for one in done.lost}
    assert lost == {"room": 1, "INC-1": 1}
    assert all("1 entry is missing" in str(one) for one in done.lost)
    assert "1 entry is missing" in done.entry.text


async def test_the_anchors_of_a_room_that_cannot_be_read_whole_still_count(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old, _ = await _anchored(address, tmp_path, clock)
    await asyncio.to_thread(_spoil, Path(address), "altered")
    done = await keeping.restore(old, Path(address), actor=ADA, clock=clock, force=True)
    assert {one.name for one in done.lost} == {"room", "INC-1"}


async def test_a_copy_behind_the_anchors_that_are_given_is_refused(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old, noted = await _anchored(address, tmp_path, clock)

    async def back(against: Anchors, *, force: bool = False) -> None:
        target = tmp_path / "new.db"
        await keeping.restore(old, target, actor=ADA, clock=clock, against=against, force=force)

    with pytest.raises(Refused, match=r"INC-1: this copy ends at entry .* 1 entry is missing"):
        await back(noted)
    other = msgspec.structs.replace(noted.anchors[0], room="another")
    with pytest.raises(Refused, match="of another room"):
        await back(Anchors("theirs", (other,)))
    assert "new.db" not in os.listdir(tmp_path)
    await back(noted, force=True)


async def test_a_copy_that_tells_another_story_than_was_noted_is_refused_by_itself(
    address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old, noted = await _anchored(address, tmp_path, clock)
    anchor = noted.anchors[0]
    heads = tuple(msgspec.structs.replace(one, entries=1, head="0" * 64) for one in anchor.chains)
    forked = msgspec.structs.replace(anchor, chains=heads)
    (tmp_path / "anchors.jsonl").write_bytes(encode(forked) + b"\n")
    with pytest.raises(Refused, match="entry 1 is another than was noted"):
        await keeping.restore(old, tmp_path / "new.db", actor=ADA, clock=clock)


@pytest.mark.parametrize("end", ["-wal", "-journal"])
async def test_what_is_left_of_another_room_is_not_played_into_the_copy(
    end: str, address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old = await _old_copy(address, tmp_path, clock)
    target = tmp_path / "gone.db"
    left = tmp_path / f"gone.db{end}"
    left.write_bytes(b"of a room that somebody deleted")
    with pytest.raises(Refused, match="there is"):
        await keeping.restore(old, target, actor=ADA, clock=clock)
    async with await Room.open(address, actor=ADA, clock=clock) as room:
        with pytest.raises(Refused, match="there is"):
            await keeping.backup(room, target)
    done = await keeping.restore(old, target, actor=ADA, clock=clock, force=True)
    assert done.aside is not None
    kept = await asyncio.to_thread(Path(f"{done.aside}{end}").read_bytes)
    assert kept == b"of a room that somebody deleted"


@pytest.mark.parametrize("kind", ["nothing", "text", "torn", "altered"])
async def test_what_is_no_sound_copy_replaces_nothing(
    kind: str, address: str, tmp_path: Path, clock: ManualClock
) -> None:
    old = await _old_copy(address, tmp_path, clock)
    await asyncio.to_thread(_spoil, old, kind)
    before = await asyncio.to_thread(Path(address).read_bytes)
    with pytest.raises(Refused):
        await keeping.restore(old, Path(address), actor=ADA, clock=clock, force=True)
    assert await asyncio.to_thread(Path(address).read_bytes) == before
    assert not [one for one in os.listdir(tmp_path / "room") if "replaced" in one]


def _spoil(path: Path, kind: str) -> None:
    import sqlite3

    if kind == "nothing":
        path.unlink()
    elif kind == "text":
        path.write_text("no room at all")
    elif kind == "torn":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        connection = sqlite3.connect(path)
        connection.execute("DROP TRIGGER sealed_erased")
        connection.execute("UPDATE sealed SET words = 'changed' WHERE path = 'text' AND seq = 2")
        connection.commit()
        connection.close()
