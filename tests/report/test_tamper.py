"""Tampering with rooms and exports, at random and again by the same seed: all of it is named."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest
from report.tampering import Ground, built, opened, problems_of
from report.tampering_export import DAMAGES, NOTED, SHEETS, problems_in
from report.tampering_replay import REPLAYS
from report.tampering_room import ACTS

from crisisroom.core.errors import Refused

SEED = 20261122
_ROOM = [act for act, many in (*ACTS, *REPLAYS) for _ in range(many)]
_FILE = [act for act, many in DAMAGES for _ in range(many)]


class Outcome(msgspec.Struct, frozen=True):
    """What came of one tampering: whether it was seen, without an anchor and with it, and where."""

    name: str
    seen: bool
    named: bool
    anchored: bool  # whether only the anchor shows it, as it has to be
    said: str


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with (
        tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XDG_RUNTIME_DIR", folder)
        yield built(Path(folder))


def on_room(ground: Ground, folder: Path, seed: int) -> Outcome:
    """Tamper with a copy of the room, and verify it: alone, and against the anchors."""
    chance = Random(seed)
    act = _ROOM[seed % len(_ROOM)]
    path = folder / f"{seed}.db"
    with opened(ground.room, path, chance, ground.olders) as copy:
        expected = act(copy)
    alone = problems_of(path)
    found = problems_of(path, ground.noted) if expected.anchor else alone
    path.unlink()
    return _outcome(f"room: {act.__name__}", expected.where, expected.anchor, alone, found)


def on_export(seed: int) -> Outcome:
    """Tamper with an export, and verify it: alone, and against the anchors."""
    chance = Random(seed)
    act = _FILE[seed % len(_FILE)]
    sheet = SHEETS[seed // len(_FILE) % len(SHEETS)]
    data, expected = act(sheet, chance)
    alone = problems_in(sheet, data)
    found = problems_in(sheet, data, NOTED) if expected.anchor else alone
    name = f"{sheet.name.rpartition('.')[2]}: {act.__name__}"
    return _outcome(name, expected.where, expected.anchor, alone, found)


def _outcome(
    name: str,
    where: tuple[str, ...],
    anchor: bool,
    alone: Sequence[object],
    found: Sequence[object],
) -> Outcome:
    first = str(found[0]) if found else "nothing"
    return Outcome(
        name=name,
        seen=bool(found),
        named=first.startswith(where),
        anchored=not alone if anchor else True,
        said=first,
    )


def missed(outcomes: list[tuple[int, Outcome]]) -> list[tuple[int, Outcome]]:
    """Return the tamperings that were not seen, or not named as what they are."""
    return [(seed, one) for seed, one in outcomes if not (one.seen and one.named and one.anchored)]


def test_the_ground_is_sound(ground: Ground) -> None:
    assert problems_of(_copy(ground.room, "sound.db"), ground.noted) == []
    for sheet in SHEETS:
        assert problems_in(sheet, b"\n".join(sheet.rows), NOTED) == []


def _copy(path: Path, name: str) -> Path:
    copy = path.with_name(name)
    shutil.copyfile(path, copy)
    return copy


def test_an_old_copy_in_place_of_the_room_shows_against_the_anchor(ground: Ground) -> None:
    older = _copy(ground.olders[1], "replayed.db")
    assert problems_of(older) == []
    found = problems_of(older, ground.noted)
    assert {one.code for one in found} == {"anchor"}
    assert [one.where.partition(" ")[0] for one in found] == ["room", "INC-1", "INC-2", "INC-9"]


def test_a_room_is_tampered_with_in_every_way(ground: Ground, tmp_path: Path) -> None:
    first = {act: seed for seed, act in reversed([*enumerate(_ROOM)])}
    assert missed([(seed, on_room(ground, tmp_path, seed)) for seed in first.values()]) == []


def test_a_hundred_exports_are_tampered_with() -> None:
    assert missed([(seed, on_export(seed)) for seed in range(SEED, SEED + 100)]) == []


@pytest.mark.full
@pytest.mark.timeout(3600, func_only=True)
def test_a_thousand_tamperings(ground: Ground, tmp_path: Path) -> None:
    rooms = [(seed, on_room(ground, tmp_path, seed)) for seed in range(SEED, SEED + 600)]
    exports = [(seed, on_export(seed)) for seed in range(SEED, SEED + 400)]
    assert missed(rooms + exports) == []


_LOGS = ("entry", "sealed", "chain", "projection", "evidence", "room", "anchor")


def told_of(path: Path) -> list[object]:
    """Return all that a room's logs and their tables hold."""
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as db:
        db.text_factory = bytes
        rows = [db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _LOGS]
        schema = db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
    db.close()
    return [*rows, schema]


def flipped(ground: Ground, folder: Path, seed: int) -> bool:
    """Flip one bit of the room's file; tell whether it is seen, and else that nothing changed."""
    chance = Random(seed)
    path = folder / f"flip-{seed}.db"
    data = bytearray(ground.room.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    try:
        found = problems_of(path)
    except Refused:  # it cannot even be opened
        return True
    if not found:
        assert told_of(path) == told_of(ground.room), (seed, at)
    path.unlink()
    return bool(found)


def test_a_flipped_bit_is_seen_or_hits_nothing_of_the_record(
    ground: Ground, tmp_path: Path
) -> None:
    seen = [flipped(ground, tmp_path, seed) for seed in range(25)]
    assert any(seen)


@pytest.mark.full
@pytest.mark.timeout(3600, func_only=True)
def test_many_flipped_bits(ground: Ground, tmp_path: Path) -> None:
    assert sum(flipped(ground, tmp_path, seed) for seed in range(600)) > 100
