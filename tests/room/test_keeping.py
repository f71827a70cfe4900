"""Copies of a room: whole, or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisroom.core.errors import Unavailable
from crisisroom.room import Room, keeping, reading


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
    assert not (tmp_path / "copy.db").exists()
    assert await reading.room_log(room) == before


async def test_a_backup_is_on_record(room: Room, tmp_path: Path) -> None:
    entry = await keeping.backup(room, tmp_path / "copy.db")
    assert (entry.kind, entry.data) == ("backup.made", {"file": str(tmp_path / "copy.db")})
