"""Evidence: posts as they were seen, pictures counted across posts, files, and their check."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import msgspec
import pytest
from room.people import SETTINGS, declared, post
from room.shown import at, damage, fetched, pictures_of, png, sha, showing, states, taken

from crisisroom.clock import ManualClock
from crisisroom.config import Keep, Term
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.report import Profile
from crisisroom.room import (
    Room,
    correcting,
    evidence,
    keeping,
    linking,
    reading,
    triage,
    verifying,
)
from crisisroom.room.evidence import Found
from crisisroom.room.evidence_bundle import Bundled, bundle
from crisisroom.room.exporting import exportable
from crisisroom.room.settings import apply_config
from crisisroom.store import evidence as rows
from crisisroom.text import lossless

replace = msgspec.structs.replace
ODD = "my \x1b[31mkettle\u202e is on fire \x85\x00"


def assert_sums_agree(folder: Path) -> None:
    """Let a tool that is none of ours check a bundle."""
    subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True)


async def state_of(room: Room) -> Incident:
    return await reading.incident(room, "INC-1")


async def test_linking_notes_the_hash_of_what_was_written_to_the_byte(room: Room) -> None:
    await declared(room, texts=(ODD,))
    (linked,) = (await state_of(room)).mentions.values()
    assert linked.sha256 == sha(lossless(ODD))
    assert linked.quote != ODD  # what is shown is cleaned, what is hashed is not


async def test_every_version_is_kept_with_its_own_hash(room: Room, clock: ManualClock) -> None:
    await declared(room)
    clock.advance(60)
    await triage.ingest(room, [post("I never said that", "p1")])
    seen = await evidence.of_mention(room, "M-1")
    assert [one.number for one in seen.revisions] == [1, 2]
    assert [one.sha256 for one in seen.revisions] == [
        sha(b"my kettle is on fire"),
        sha(b"I never said that"),
    ]
    assert (seen.revisions[1].at - seen.revisions[0].at).total_seconds() == 60
    assert all(one.sound for one in seen.revisions)
    assert not await evidence.check(room, "INC-1")  # what was linked is still among them
    edit = (await reading.timeline(room, "INC-1"))[-1]
    assert (edit.kind, edit.data["sha256"]) == ("mention.edited", sha(b"I never said that"))
    await damage(room, "DELETE FROM original WHERE revision = 2")
    (problem,) = await evidence.check(room, "INC-1")
    assert problem.message == "its words are not those that were seen"


async def test_half_a_character_is_kept_to_the_byte_and_heard(room: Room) -> None:
    await apply_config(room, replace(SETTINGS, terms=(Term(id="kettle", say="kettle"),)), "x")
    half = "my \ud800 kettle\udfff"
    await taken(room, Incoming(text=half, source="s", external_id="1", author=Author("\ud800")))
    await triage.add_by_hand(room, f"{half}!", handle="\udc00")
    posts = await reading.mentions(room)
    assert [one.terms for one in posts] == [("kettle",)] * 2
    kept = [(await evidence.of_mention(room, one.id)).revisions[0] for one in posts]
    assert {one.text for one in kept} == {lossless(half), lossless(f"{half}!")}
    assert all(one.sound for one in kept)


async def test_linking_asks_for_the_pictures_of_a_post(room: Room) -> None:
    await declared(room)
    (first,) = await taken(room, showing("a", at("one"), at("two"), Media("video", "https://x.y/")))
    assert await states(room, first) == ["seen", "seen"]
    await linking.link(room, "INC-1", [f"M-{first}"])
    assert await states(room, first) == ["wanted", "wanted"]


@pytest.mark.parametrize("name", ["none", "drill:x"])
async def test_nothing_is_asked_for_where_nothing_is_kept(room: Room, name: str) -> None:
    none = msgspec.structs.replace(SETTINGS, evidence=Keep(pictures="none"))
    drill = msgspec.structs.replace(SETTINGS, name=name)
    await declared(room, none if name == "none" else drill)
    (first,) = await taken(room, showing("a", at("one")))
    await linking.link(room, "INC-1", [f"M-{first}"])
    assert await states(room, first) == ["seen"]


async def test_pictures_that_are_here_already_are_cited_with_their_post(room: Room) -> None:
    await declared(room)
    (first,) = await taken(room, showing("a", at("one")))
    sha256 = await fetched(room, first, png("kettle"))
    acted = await linking.link(room, "INC-1", [f"M-{first}"])
    assert [entry.kind for entry in acted.entries] == ["mention.linked", "evidence.kept"]
    kept = acted.incident.evidence[sha256]
    assert (kept.size, kept.media, kept.sort) == (100, "image/png", "picture")
    assert kept.url == "https://files.example/one.png"
    assert pictures_of(acted.incident, "M-2") == (sha256,)
    again = await linking.unlink(room, "INC-1", "M-2")
    assert sha256 in again.incident.evidence  # it was seen, and stays so


async def test_the_same_picture_is_counted_across_posts(room: Room, clock: ManualClock) -> None:
    await declared(room)
    data = png("kettle")
    given = Media(sha256=sha(data).upper())
    await taken(room, showing("a", at("one")), showing("b", at("one"), given, source="web"))
    clock.advance(3600)
    await taken(room, showing("c", given, source="web"), showing("d", at("other")))
    sha256 = await fetched(room, 2, data)
    await linking.link(room, "INC-1", ["M-2"])
    (item,) = await evidence.listed(room, "INC-1")
    assert item.shown is not None
    assert (item.sha256, item.state, item.incidents) == (sha256, "kept", ("INC-1",))
    assert (item.shown.posts, item.shown.sources) == (3, ("masto-in", "web"))
    assert (item.shown.last_at - item.shown.first_at).total_seconds() == 3600


async def test_a_hash_alone_is_counted_too(room: Room) -> None:
    given = Media(sha256="ab" * 32)
    await taken(room, showing("a", given), showing("b", given), showing("c", Media(sha256="junk")))
    (item,) = await evidence.in_room(room)
    assert (item.state, item.size, item.sha256) == ("named", None, "ab" * 32)
    assert item.shown is not None
    assert item.shown.posts == 2
    with pytest.raises(Refused, match="only the hash"):
        await evidence.content(room, "abababab")


async def test_files_are_kept_by_their_hash_once(room: Room) -> None:
    await declared(room)
    letter = Found("../../letter\x1b[2J.pdf", b"%PDF-1.7 dear all")
    acted = await evidence.add(room, "INC-1", [letter], about="M-1", words="from the authority")
    (kept,) = acted.incident.evidence.values()
    assert (kept.media, kept.sort, kept.size) == ("application/pdf", "file", 17)
    assert "\x1b" not in kept.name
    assert "about M-1: from the authority" in acted.entry.text
    assert acted.entry.data["about"] == ["M-1"]
    again = await evidence.add(room, "INC-1", [letter], about="M-1")
    assert not again.changed
    assert (await evidence.content(room, kept.sha256[:8]))[1] == letter.data
    assert (await evidence.of_mention(room, "M-1")).items.keys() == {kept.sha256}


async def test_files_that_are_nothing_or_too_much_are_refused(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await declared(room)
    with pytest.raises(Refused, match="empty"):
        await evidence.add(room, "INC-1", [Found("a", b"")])
    monkeypatch.setattr(evidence, "MOST_FILE", 10)
    with pytest.raises(Refused, match="big is larger than 10 bytes"):
        await evidence.add(room, "INC-1", [Found("big", b"x" * 11)])
    with pytest.raises(Refused, match="together"):
        await evidence.add(room, "INC-1", [Found("a", b"x" * 6), Found("b", b"y" * 6)])
    assert not (await state_of(room)).evidence


@pytest.mark.parametrize(
    ("asked", "code"), [("abc", "sha256"), ("../etc", "sha256"), ("0" * 64, "unknown-evidence")]
)
async def test_what_is_no_hash_of_ours_is_refused(room: Room, asked: str, code: str) -> None:
    await declared(room)
    with pytest.raises(Usage) as refusal:
        await evidence.one(room, asked)
    assert refusal.value.code == code


async def test_the_check_names_what_is_missing_or_differs(room: Room) -> None:
    await declared(room)
    files = [Found("a", b"first"), Found("b", b"second")]
    await evidence.add(room, "INC-1", files)
    assert not await evidence.check(room)
    await damage(room, "UPDATE evidence SET bytes = ? WHERE sha256 = ?", b"\0", sha(b"first"))
    await damage(room, "DELETE FROM evidence WHERE sha256 = ?", sha(b"second"))
    await damage(room, "UPDATE original SET text = ?", b"\0")
    found = {(one.where, one.message) for one in await evidence.check(room, "INC-1")}
    assert found == {
        (f"INC-1 evidence {sha(b'first')}", "its bytes are not those that were kept"),
        (f"INC-1 evidence {sha(b'second')}", "its bytes are not in this room"),
        ("INC-1 M-1", "its words are not those that were seen"),
        ("INC-1 M-1", "version 1 is not as it was seen"),
    }
    await damage(room, "DELETE FROM original")
    assert "what its author wrote is not in this room" in {
        one.message for one in await evidence.check(room)
    }


async def test_bytes_that_nothing_cites_are_checked_with_the_room(room: Room) -> None:
    await declared(room)
    (first,) = await taken(room, showing("a", at("one")))
    await fetched(room, first, png("kettle"))
    await damage(room, "UPDATE evidence SET bytes = ?", b"\0")
    (problem,) = await evidence.check(room)
    assert problem.where.startswith("room evidence ")
    assert not await evidence.check(room, "INC-1")


@pytest.mark.sqlite("copies of a room are files")
async def test_a_backup_has_the_bytes_too(room: Room, clock: ManualClock, tmp_path: Path) -> None:
    await declared(room)
    await evidence.add(room, "INC-1", [Found("a", b"first")])
    await keeping.backup(room, tmp_path / "copy.db")
    copy = await Room.open(str(tmp_path / "copy.db"), actor=room.actor, clock=clock)
    async with copy:
        assert (await evidence.content(copy, sha(b"first")))[1] == b"first"
        assert not await evidence.check(copy)
        assert not [one for one in await verifying.verify(copy) if one.problems]


async def bundled(room: Room, folder: Path, profile: Profile = "internal") -> Bundled:
    return await bundle(room, await exportable(room, "INC-1"), profile, folder)


async def test_a_bundle_can_be_checked_by_anybody(room: Room, tmp_path: Path) -> None:
    await declared(room, texts=(ODD, "hello"))
    await evidence.add(room, "INC-1", [Found("../x", b"first"), Found("y", b"second")])
    await damage(room, "DELETE FROM evidence WHERE sha256 = ?", sha(b"second"))
    done = await bundled(room, tmp_path / "out")
    assert done.missing == (sha(b"second"),)
    named = {sha(b"first"), sha(lossless(ODD)), sha(b"hello"), "manifest.json", "SHA256SUMS"}
    assert {*done.files} == named
    assert {path.name for path in done.folder.iterdir()} == named
    assert done.folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in done.folder.iterdir())
    assert_sums_agree(done.folder)


async def test_the_manifest_says_what_each_file_is(room: Room, tmp_path: Path) -> None:
    await declared(room, texts=(ODD,))
    await evidence.add(room, "INC-1", [Found("../x", b"first"), Found("y", b"second")])
    await damage(room, "UPDATE evidence SET bytes = ? WHERE sha256 = ?", b"\0", sha(b"second"))
    await triage.ingest(room, [post("never said", "p1")])
    folder = (await bundled(room, tmp_path / "out")).folder
    told = json.loads((folder / "manifest.json").read_text())
    assert [(one["name"], one["sha256"], one["state"]) for one in told["files"]] == [
        ("../x", sha(b"first"), "kept"),
        ("y", sha(b"second"), "missing"),  # what lies there now is not what was kept
    ]
    assert [(one["version"], one["as_linked"]) for one in told["posts"]] == [(1, True), (2, False)]
    assert all((folder / one["sha256"]).exists() for one in told["posts"])
    again = (await bundled(room, tmp_path / "other")).folder
    assert (again / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()


async def test_what_is_for_legal_alone_goes_to_legal_alone(room: Room, tmp_path: Path) -> None:
    await declared(room, texts=("hello",))
    await evidence.add(room, "INC-1", [Found("open", b"open")])
    acted = await evidence.add(room, "INC-1", [Found("advice", b"advice")])
    await correcting.mark(room, "INC-1", acted.entry.seq, "legal", "advice of counsel")
    assert sha(b"advice") not in (await bundled(room, tmp_path / "internal")).files
    assert sha(b"advice") in (await bundled(room, tmp_path / "legal", "legal")).files
    assert "advice" not in (tmp_path / "internal" / "manifest.json").read_text()
    assert {*(await bundled(room, tmp_path / "public", "public")).files} == {
        *("manifest.json", "SHA256SUMS")
    }


async def test_the_oldest_that_nothing_cites_goes_first(room: Room, clock: ManualClock) -> None:
    await apply_config(room, SETTINGS, "x")
    await declared(room)
    posts = [showing(name, at(name)) for name in "abcd"]
    numbers = await taken(room, *posts)
    hashes = []
    for number in numbers:
        clock.advance(1)
        hashes.append(await fetched(room, number, png(str(number))))
    await linking.link(room, "INC-1", [f"M-{numbers[0]}"])
    assert await room.store.write(lambda tx: rows.make_room(tx, 150, 400))
    left = [await room.store.read(lambda tx, one=one: rows.content(tx, one)) for one in hashes]  # type: ignore[misc]
    assert [one is not None for one in left] == [True, False, False, True]
    assert [await states(room, number) for number in numbers] == [
        ["kept"],
        ["dropped"],
        ["dropped"],
        ["kept"],
    ]
    assert not await room.store.write(lambda tx: rows.make_room(tx, 350, 400))
    assert await states(room, numbers[3]) == ["kept"]  # nothing goes for what does not fit
    assert not await evidence.check(room)
    await linking.link(room, "INC-1", [f"M-{numbers[1]}"])
    assert await states(room, numbers[1]) == ["wanted"]  # what is cited now is asked for again


async def test_evidence_of_an_import_lies_elsewhere(
    room: Room, clock: ManualClock, tmp_path: Path
) -> None:
    from crisisroom.room import importing

    await declared(room)
    await evidence.add(room, "INC-1", [Found("a", b"first")])
    entries = await reading.timeline(room, "INC-1")
    other = await Room.open(str(tmp_path / "other" / "r.db"), actor=room.actor, clock=clock)
    async with other:
        await importing.take_in(other, entries, await state_of(room))
        assert not await evidence.check(other)
        (item,) = await evidence.listed(other, "INC-1")
        assert item.state == "missing"
