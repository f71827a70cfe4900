"""The timeline by the command line: narrowed, searched, aligned, followed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli
from cli.test_looking import following, next_line

from crisisroom.clock import ManualClock, SystemClock
from crisisroom.room import Actor, Room, record


def seqs(cli: Cli, *words: str) -> list[int]:
    """Return the numbers of the entries that a timeline shows."""
    return [one["seq"] for one in cli.json("timeline", "INC-1", *words)]


@pytest.fixture
def night(crisis: Cli, clock: ManualClock) -> Cli:
    """A note of earlier, and after an hour a fact that concerns a post."""
    crisis.ok("note", "INC-1", "the Plant\nrang: Überhitzung", "--at", "-12m", "--as", "bo")
    crisis.ok("mention", "link", "INC-1", "M-1")
    clock.advance(3600)
    crisis.ok("fact", "set", "INC-1", "affected", "batch 7", "--about", "M-1", "--at", "-59m")
    return crisis


def test_when_it_happened_and_when_it_was_written(crisis: Cli) -> None:
    crisis.ok("note", "it\nrang", "--at", "-12m", "--as", "bo")
    line = crisis.ok("timeline").lines[-1]
    assert line.split() == ["2", "01:55", "bo", "[written", "down", "02:07]", "it", "rang"]
    assert seqs(crisis, "--after", "1") == [2]
    assert seqs(crisis, "--last", "1") == [2]
    assert seqs(crisis, "--limit", "1") == [1]
    assert seqs(crisis, "--reverse") == [2, 1]
    assert seqs(crisis, "--reverse", "--limit", "1") == [2]
    assert seqs(crisis, "--last", "0") == []
    for words in (
        ("--after", "x"),
        ("--limit", "0"),
        ("--last", "-1"),
        ("--follow", "--limit", "1"),
        ("--follow", "--reverse"),
    ):
        crisis.refused(2, "timeline", *words)


def test_columns_stand_below_each_other(crisis: Cli) -> None:
    crisis.ok("role", "take", "lead", "--as", "bo")
    crisis.ok("note", "by the lead", "--as", "bo")
    crisis.ok("note", "by nobody")
    lines = crisis.ok("timeline").lines
    assert lines[-2].index("by the") == lines[-1].index("by nobody")
    assert " bo (lead)  by the lead" in lines[-2]


def test_what_was_said_of_an_entry_stands_in_words(crisis: Cli, clock: ManualClock) -> None:
    clock.advance(3600)
    crisis.ok("note", "INC-1", "counsel called", "--legal", "--about", "F:affected")
    seq = seqs(crisis, "--kind", "note")[-1]
    crisis.ok("correct", "INC-1", str(seq), "it was the insurer", "--at", "03:00")
    crisis.ok("pin", "INC-1", str(seq))
    (line,) = crisis.ok("timeline", "INC-1", "--pinned").lines
    corrected = f"corrected by {seq + 1}: it was 03:00, it was the insurer"
    assert f"[pinned; {corrected}; for Legal; about F:affected]" in line
    (told,) = crisis.json("timeline", "INC-1", "--pinned")
    assert (told["pinned"], told["visibility"], told["source"]) == (True, "legal", "person")
    assert told["corrected"]["at"] == "2026-11-22T03:00:00.000Z"
    assert told["links"] == [{"sort": "fact", "id": "affected", "ref": "F:affected"}]


def test_narrowed_by_kind_time_words_and_thing(night: Cli) -> None:
    (note,) = seqs(night, "--kind", "note", "--source", "person")
    (fact,) = seqs(night, "--kind", "facts", "--source", "person")
    assert seqs(night, "--query", "plant uberhitzung") == [note]
    assert seqs(night, "--query", '"rang: Überhitzung"') == [note]
    assert seqs(night, "--actor", "bo") == [note]
    assert seqs(night, "--about", "f:affected", "--kind", "facts") == [fact]
    assert seqs(night, "--about", "m-1", "--kind", "facts", "--kind", "posts") == [3, fact]
    assert seqs(night, "--until", "02:00") == [note]
    assert fact in seqs(night, "--since", "-1h")
    assert note not in seqs(night, "--since", "-1h")
    assert night.ok("timeline", "INC-1", "--query", "nowhere").lines == ["no entry fits"]
    assert night.json("timeline", "INC-1", "--query", "nowhere") == []
    assert seqs(night, "--visibility", "legal") == []
    assert seqs(night, "--corrected") == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--kind", "fakts"), "facts"),
        (("--about", "kettle"), "M-12"),
        (("--since", "soon"), "-12m"),
        (("--query", " "), "no word"),
    ],
)
def test_what_cannot_be_meant_is_one_line(crisis: Cli, words: tuple[str, ...], hint: str) -> None:
    assert hint in crisis.refused(2, "timeline", "INC-1", *words).err


def test_following_brings_every_entry_once_and_goes_on_after_a_restart(crisis: Cli) -> None:
    async def watch() -> None:
        async with await Room.open(
            str(room_file()), actor=Actor("bo"), clock=SystemClock()
        ) as room:
            told: list[int] = []
            for number in range(3):  # a reader that is started again and again
                written = [
                    asyncio.create_task(record.note(room, "INC-1", f"note {number}.{one}"))
                    for one in range(5)
                ]
                after = ("--after", str(told[-1])) if told else ()
                async with following("timeline", "INC-1", "--follow", "--json", *after) as stream:
                    notes = 0
                    while notes < 5:
                        entry = json.loads(await next_line(stream))
                        told.append(entry["seq"])
                        notes += entry["text"].startswith(f"note {number}.")
                await asyncio.gather(*written)
            assert told == [*range(1, told[-1] + 1)]

    asyncio.run(watch())


def test_following_only_what_fits_begins_with_the_newest(crisis: Cli) -> None:
    async def watch() -> None:
        async with await Room.open(
            str(room_file()), actor=Actor("bo"), clock=SystemClock()
        ) as room:
            await record.note(room, "INC-1", "one")
            await record.note(room, "INC-1", "two")
            words = ("timeline", "INC-1", "--follow", "--json", "--last", "1", "--kind", "note")
            async with following(*words) as stream:
                assert json.loads(await next_line(stream))["text"] == "two"
                await record.decide(room, "INC-1", "stop", "")
                await record.note(room, "INC-1", "three")
                assert json.loads(await next_line(stream))["text"] == "three"

    asyncio.run(watch())


def test_a_reader_that_leaves_and_ctrl_c_end_it_in_good_order(crisis: Cli) -> None:
    words = [sys.executable, "-m", "crisisroom", "timeline", "INC-1", "--follow", "--json"]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(words, stdout=-1, stderr=-1, env=env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == b""
    with subprocess.Popen(words, stdout=-1, stderr=-1, env=env) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        crisis.ok("note", "INC-1", "nobody reads this")
        assert process.wait(30) == 0
        assert process.stderr.read() == b""
