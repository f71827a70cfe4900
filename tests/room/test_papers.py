"""An export as one thing: all of its files or none, with evidence and signatures."""

from __future__ import annotations

import errno
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from room.people import declared

from crisisroom import signing
from crisisroom.core.errors import Refused, Unavailable, Usage
from crisisroom.report import FORMATS, PROFILES
from crisisroom.room import Room, evidence, papers, reading, writing
from crisisroom.room.evidence import Found
from crisisroom.room.papers import ALL, KEPT, READ, SIGNED, WROTE, Order, Papers, write_papers
from crisisroom.room.writing import Stop


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder beside the room's."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key of its own to sign with."""
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


async def begun(room: Room) -> None:
    """An incident with a post and a kept file."""
    await declared(room)
    await evidence.add(room, "INC-1", [Found("letter.pdf", b"%PDF-1.7 letter")])


def in_it(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too."""
    found = [one for one in folder.rglob("*") if one.is_file()]
    return {str(one.relative_to(folder)): one.read_bytes() for one in found}


async def exports(room: Room) -> int:
    """Return how many exports are on record."""
    return sum(one.kind == "export.made" for one in await reading.room_log(room))


async def test_everything_goes_into_one_folder_twice_the_same(room: Room, tmp_path: Path) -> None:
    await begun(room)
    order = Order(format=ALL, evidence=True)
    made: list[Papers] = []
    for name in ("one", "two"):
        made.append(await write_papers(room, "INC-1", order, tmp_path / name))
    first, second = in_it(tmp_path / "one"), in_it(tmp_path / "two")
    assert first == second
    assert {tmp_path / "one" / name for name in first} == {*made[0].files}
    assert {"INC-1.html", "INC-1.json", "INC-1-timeline.csv"} < {*first}
    assert "INC-1-evidence/manifest.json" in first
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in made[0].files)
    assert await exports(room) == 2
    assert (await reading.room_log(room))[-1].seq == made[1].entry


async def test_a_format_without_its_package_is_left_out_of_all_and_refused_alone(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(room)
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    made = await write_papers(room, "INC-1", Order(format=ALL), tmp_path / "out")
    assert [line for line in made.left_out if "crisisroom[pdf]" in line]
    assert not [path for path in made.files if path.suffix == ".pdf"]
    with pytest.raises(Refused, match="not installed"):
        await write_papers(room, "INC-1", Order(format="pdf"), tmp_path / "alone")
    assert not (tmp_path / "alone").exists()


async def test_what_is_there_stays_unless_it_is_written_over(room: Room, out: Path) -> None:
    await begun(room)
    order = Order(format=ALL, evidence=True)
    await write_papers(room, "INC-1", order, out)
    before = in_it(out)
    with pytest.raises(Refused, match="already"):
        await write_papers(room, "INC-1", order, out)
    assert in_it(out) == before
    (out / "INC-1.md").write_text("mine")
    await write_papers(room, "INC-1", order, out, force=True)
    assert in_it(out) == before


async def test_one_file_in_the_way_keeps_all_of_them_out(room: Room, out: Path) -> None:
    await begun(room)
    taken = out / "INC-1-evidence" / "SHA256SUMS"
    taken.parent.mkdir()
    taken.write_text("mine")
    with pytest.raises(Refused, match="SHA256SUMS already"):
        await write_papers(room, "INC-1", Order(format=ALL, evidence=True), out)
    assert in_it(out) == {"INC-1-evidence/SHA256SUMS": b"mine"}
    assert not await exports(room)


async def test_nothing_but_a_file_is_ever_written_over(room: Room, out: Path) -> None:
    await begun(room)
    (out / "INC-1.md").mkdir()
    with pytest.raises(Refused, match="no plain file"):
        await write_papers(room, "INC-1", Order(), out, force=True)


@pytest.mark.parametrize("phase", [READ, WROTE, KEPT, SIGNED])
async def test_stopping_leaves_nothing(room: Room, tmp_path: Path, key: Path, phase: str) -> None:
    await begun(room)
    stop = Stop()

    def told(now: str, done: int, of: int) -> None:
        if now == phase:
            stop.set()

    order = Order(format=ALL, evidence=True, sign=True, key=str(key))
    folder = tmp_path / "deep" / "out"
    with pytest.raises(Refused, match="nothing was written"):
        await write_papers(room, "INC-1", order, folder, progress=told, stop=stop)
    assert not (tmp_path / "deep").exists()
    assert not await exports(room)


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, Unavailable), (errno.EIO, Refused)])
async def test_a_disk_that_does_not_take_it_leaves_nothing_half(
    room: Room,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    kind: type[Refused],
) -> None:
    await begun(room)
    whole = writing.write

    def full(path: Path, pieces: Iterable[bytes]) -> None:
        if path.suffix == ".html":
            raise OSError(number, "it does not")
        whole(path, pieces)

    monkeypatch.setattr(papers, "write", full)
    with pytest.raises(kind, match="it does not"):
        await write_papers(room, "INC-1", Order(format=ALL), out)
    assert in_it(out) == {}
    assert not await exports(room)


async def test_a_signature_is_of_every_file(room: Room, tmp_path: Path, key: Path) -> None:
    await begun(room)
    public = (tmp_path / "key.pub").read_text().split()
    (tmp_path / "signers").write_text(f"ada@example.org {public[0]} {public[1]}\n")
    order = Order(format="html", evidence=True, sign=True, key=str(key))
    await write_papers(room, "INC-1", order, tmp_path / "out")
    for name in ("INC-1.html", "INC-1-evidence/SHA256SUMS"):
        path = tmp_path / "out" / name
        signature = path.with_name(f"{path.name}.sig").read_bytes()
        told = signing.check(path, signature, str(tmp_path / "signers"))
        assert told.who == "ada@example.org"


async def test_without_a_key_nothing_is_written(room: Room, tmp_path: Path) -> None:
    await begun(room)
    order = Order(sign=True, key=str(tmp_path / "missing"))
    with pytest.raises(Refused, match="key cannot be read"):
        await write_papers(room, "INC-1", order, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "order",
    [
        Order(format="docx"),
        Order(profile="secret"),  # type: ignore[arg-type]
        Order(profile="public", evidence=True),
    ],
)
async def test_what_cannot_be_is_refused_first(room: Room, tmp_path: Path, order: Order) -> None:
    with pytest.raises(Usage):
        await write_papers(room, "INC-1", order, tmp_path)


def test_every_format_and_profile_says_what_it_is_for() -> None:
    assert {*papers.ABOUT} == {*FORMATS, ALL}
    assert {*papers.FOR} == {*PROFILES}


async def test_one_file_gets_the_name_that_is_asked_for(room: Room, out: Path) -> None:
    await begun(room)
    made = await write_papers(room, "inc-1", Order(evidence=True), out, name="one.md")
    assert made.files[-1] == out / "one.md"
    told = json.loads((out / "INC-1-evidence" / "manifest.json").read_text())
    assert told["head_hash"] == made.one.record.head_hash
