"""The record of a real incident: who did what when, and no byte of it changed unseen."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crisisroom.clock import SystemClock
from crisisroom.report import verify_file
from crisisroom.room import Actor, Room, verifying
from real.program import PLAYBOOK, Json, Program
from real.servers.mastodon_mock import MastodonMock

Change = Callable[[sqlite3.Connection], object]

SAMPLED = 400  # bytes of the export that are changed, one at a time
SAMPLED_IN_ROOM = 120
PEOPLE = ("ada", "bo")


@pytest.fixture(scope="module")
def told(mastodon_mock: MastodonMock) -> Iterator[Program]:
    """A room in which two people worked on an incident and answered a post."""
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        program = Program(Path(folder))
        program.answers_as(mastodon_mock.brand)
        program.listens_to_account()
        program.configure()
        mastodon_mock.stranger.post("@brand down again, this is ridiculous. on-record")
        program.run("watch", "--once")
        _work(program)
        yield program


def _work(program: Program) -> None:
    def by(person: str, *argv: str) -> None:
        program.run("--as", person, *argv)

    mention = program.mentions("on-record")[0]["id"]
    by("ada", "playbook", "approve", PLAYBOOK)
    by("ada", "declare", "App down", "--playbook", PLAYBOOK, "--severity", "sev2")
    by("bo", "join")
    by("bo", "note", "the first call came in", "--at", "-12m")
    by("bo", "task", "done", "pause-posts", "all paused")
    by("ada", "decision", "we speak first", "--why", "people ask")
    by("ada", "fact", "set", "what", "nobody can log in")
    by("bo", "reply", "draft", mention)
    by("bo", "reply", "send", "R-1")


@pytest.fixture(scope="module")
def exported(told: Program) -> dict[str, bytes]:
    """The incident's record, by format."""
    files = {form: told.folder / f"INC-1.{form}" for form in ("md", "json", "jsonl")}
    for form, file in files.items():
        told.run("export", "INC-1", "--format", form, "-o", str(file))
    return {form: file.read_bytes() for form, file in files.items()}


def test_every_format_tells_who_and_when(told: Program, exported: dict[str, bytes]) -> None:
    lines = [json.loads(line) for line in exported["jsonl"].splitlines()]
    document: Json = json.loads(exported["json"])
    entries = told.timeline()
    acts = {one["kind"]: one for one in entries}

    assert [one["actor"] for one in document["timeline"]] == [one["actor"] for one in entries]
    assert [one["at"] for one in document["timeline"]] == [one["at"] for one in entries]
    assert [one["text"] for one in lines[:-1]] == [one["text"] for one in entries]
    assert lines[-1]["count"] == len(entries)
    assert {"ada", "bo", "room"} == {one["actor"] for one in entries}
    assert acts["task.done"]["actor"] == "bo"
    assert acts["decision.made"]["actor"] == "ada"
    assert acts["reply.sent"]["actor"] == "room"

    page = exported["md"].decode()
    for entry in entries:
        told_at = datetime.fromisoformat(entry["at"])
        assert any(f"{told_at:%H:%M:%S}" in row for row in _rows(page, entry["text"])), entry
        assert any(entry["actor"] in row for row in _rows(page, entry["text"])), entry
    assert told.reply("R-1")["remote_url"] in page


def _rows(page: str, words: str) -> list[str]:
    """The rows that say the words; handles and links stand in code there."""
    return [row for row in page.splitlines() if words in row.replace("`", "")]


def test_what_happened_earlier_keeps_both_times(told: Program) -> None:
    (note,) = [one for one in told.timeline() if one["kind"] == "note.added"]
    happened, written = (datetime.fromisoformat(note[key]) for key in ("at", "recorded_at"))

    assert timedelta(minutes=11) < written - happened < timedelta(minutes=13)


def test_a_sound_record_passes(told: Program, exported: dict[str, bytes]) -> None:
    head = json.loads(exported["json"])["head_hash"]

    assert told.json("verify")["ok"]
    assert told.json("verify", "INC-1", "--anchor", head)["ok"]
    for form in ("json", "jsonl"):
        assert told.json("verify", str(told.folder / f"INC-1.{form}"))["ok"]
        assert verify_file(exported[form], f"INC-1.{form}") == []


def _verdict(program: Program, data: bytes, form: str) -> list[str]:
    """Where the program finds something wrong in a file."""
    file = program.folder / f"changed.{form}"
    file.write_bytes(data)
    verdict = program.json("verify", str(file), codes=[1])
    assert not verdict["ok"]
    return [one["where"] for one in verdict["problems"]]


def test_a_changed_removed_moved_or_added_entry_is_named(
    told: Program, exported: dict[str, bytes]
) -> None:
    *rows, footer = exported["jsonl"].splitlines(keepends=True)
    assert b"all paused" in rows[3]
    changes = {
        "changed": [*rows[:3], rows[3].replace(b"all paused", b"all posted"), *rows[4:]],
        "removed": [*rows[:3], *rows[4:]],
        "moved": [*rows[:3], rows[4], rows[3], *rows[5:]],
        "added": [*rows[:4], rows[3], *rows[4:]],
    }
    named = {"changed": "4", "removed": "5", "moved": "5", "added": "4"}
    for how, lines in changes.items():
        found = _verdict(told, b"".join([*lines, footer]), "jsonl")
        assert any(where.endswith(f"entry {named[how]}") for where in found), (how, found)


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_no_byte_of_an_export_changes_unseen(exported: dict[str, bytes], form: str) -> None:
    sound = exported[form]
    rng = random.Random(7)
    for place in rng.sample(range(len(sound)), SAMPLED):
        changed = bytearray(sound)
        changed[place] ^= rng.choice((0x01, 0x20, 0x80))
        assert verify_file(bytes(changed), f"INC-1.{form}"), (place, sound[place - 20 : place + 20])


@pytest.fixture
def copied(told: Program, tmp_path: Path) -> Path:
    """A copy of the room without a journal, to be changed from outside."""
    copy = tmp_path / "copy.db"
    told.run("backup", str(copy))
    return copy


async def _problems(file: Path) -> list[str]:
    """Where `verify` finds something wrong in a room."""
    async with await Room.open(str(file), actor=Actor("eve"), clock=SystemClock()) as room:
        checked = await verifying.verify(room)
    return [problem.where for one in checked for problem in one.problems]


async def _changed(file: Path, change: Change) -> list[str]:
    """What `verify` says of the room after a change made past the program."""
    other = _copy(file)
    database = sqlite3.connect(other)
    database.execute("PRAGMA foreign_keys = OFF")
    triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        if name.startswith(("entry_", "sealed_")):
            database.execute(f"DROP TRIGGER {name}")
    change(database)
    database.commit()
    database.close()
    return await _problems(other)


def _copy(file: Path, data: bytes | None = None) -> Path:
    """A copy of a room's file, or other bytes in its place, without the journal of another."""
    other = file.with_name(f"changed-{len(list(file.parent.glob('changed-*.db')))}.db")
    other.write_bytes(file.read_bytes() if data is None else data)
    return other


def _doing(sql: str, *values: object) -> Change:
    return lambda database: database.execute(sql, values)


async def test_no_field_of_an_entry_in_the_room_changes_unseen(copied: Path) -> None:
    with sqlite3.connect(copied) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(entry)")]
        sealed = ("path", "digest", "salt", "words")
        seqs = [row[0] for row in database.execute("SELECT seq FROM entry WHERE chain != 'room'")]
    assert await _problems(copied) == []
    for seq in (1, max(seqs) // 2, max(seqs)):
        at = f"WHERE chain != 'room' AND seq = {seq}"
        ways = [
            f"UPDATE entry SET {one} = CASE typeof({one}) WHEN 'integer' THEN {one} + 100"
            f" WHEN 'null' THEN 1 ELSE {one} || ' ' END {at}"
            for one in columns
        ]
        ways += [f"UPDATE sealed SET {one} = {one} || 'x' {at} AND path = 'text'" for one in sealed]
        for way in ways:
            found = await _changed(copied, _doing(way))
            assert any("INC-1" in where for where in found), way


async def test_an_entry_removed_moved_or_added_in_the_room_is_named(copied: Path) -> None:
    at = "chain != 'room' AND seq"
    whole = "uid, kind, v, at, recorded_at, actor, role, source, data, corrects, prev_hash, hash"
    again = whole.replace("uid", "uid || '-2'", 1)
    changes = {
        "removed": _doing(f"DELETE FROM entry WHERE {at} = 4"),
        "cut": _doing(f"DELETE FROM entry WHERE {at} >= 4"),
        "moved": lambda db: [
            db.execute(f"UPDATE entry SET seq = {to} WHERE {at} = {seq}")
            for seq, to in ((4, 999), (5, 4), (999, 5))
        ],
        "added": _doing(
            f"INSERT INTO entry (chain, seq, {whole}) SELECT chain, 999, {again}"
            f" FROM entry WHERE {at} = 4"
        ),
    }
    named = {"removed": "entry 5", "cut": "entry 3", "moved": "entry 4", "added": "entry 999"}
    for how, change in changes.items():
        found = await _changed(copied, change)
        assert any(where.endswith(named[how]) for where in found), (how, found)


async def test_no_byte_of_an_entry_in_the_rooms_file_changes_unseen(copied: Path) -> None:
    with sqlite3.connect(copied) as database:
        seq, uid, kind, end = database.execute(
            "SELECT seq, uid, kind, hash FROM entry WHERE kind = 'decision.made'"
        ).fetchone()
    sound = await asyncio.to_thread(copied.read_bytes)
    first = sound.index(f"{uid}{kind}".encode())
    last = sound.index(end.encode(), first) + len(end)
    rng = random.Random(11)
    for place in rng.sample(range(first, last), SAMPLED_IN_ROOM):
        changed = bytearray(sound)
        changed[place] ^= rng.choice((0x01, 0x20, 0x80))
        found = await _problems(_copy(copied, bytes(changed)))
        assert any(where.endswith(f"entry {seq}") for where in found), (place - first, found)
