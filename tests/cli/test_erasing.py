"""`erase` by the command line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.clock import ManualClock
from crisisroom.core.persons import Person
from crisisroom.room import Actor, Room, erasing_kept
from crisisroom.room.erasing_kept import Request
from crisisroom.store import leases

FIELDS = {
    *("persons", "dry_run", "posts", "others", "texts", "incidents", "tables", "files", "left"),
    *("copies", "copies_erased", "whole", "entry", "exports", "beyond"),
}


@pytest.fixture
def linked(crisis: Cli) -> Cli:
    """A room whose first post is an incident's, and told of in a note."""
    crisis.ok("mention", "link", "INC-1", "M-1")
    crisis.ok("note", "INC-1", "@pat@fans.test wrote again")
    return crisis


def test_it_says_what_would_go_and_leaves_it(linked: Cli) -> None:
    said = linked.ok("erase", "--handle", "@pat@fans.test", "--dry-run")
    assert said.lines[0] == "would erase 1 person: 1 post of theirs, 8 texts of logs"
    assert len(linked.json("mentions")) == 3


def test_nobody_is_found_any_more(linked: Cli) -> None:
    done = linked.json("erase", "--handle", "@pat@fans.test", "--why", "request of 2 May")
    assert done.keys() == FIELDS
    assert (done["posts"], done["whole"], done["left"]) == (1, True, [])
    assert [one["id"] for one in linked.json("mentions")] == ["M-2", "M-3"]
    assert linked.json("verify")["ok"]
    for format in ("md", "json", "jsonl", "ics214"):
        assert "fans.test" not in linked.ok("export", "INC-1", "--format", format).out
    assert b"fans.test" not in room_file().read_bytes()


def test_exports_made_before_are_named(linked: Cli) -> None:
    linked.ok("export", "--format", "md", "-o", "INC-1.md")
    said = linked.ok("erase", "--handle", "@pat@fans.test", "--dry-run")
    assert said.lines[-2].startswith("these exports were made before and keep their words")
    assert said.lines[-1].endswith("exported INC-1 as md, internal")
    (made,) = linked.json("erase", "--handle", "@pat@fans.test", "--why", "x")["exports"]
    assert (made["format"], made["profile"]) == ("md", "internal")


def test_from_a_file(linked: Cli) -> None:
    people = [
        {"handle": "@pat@fans.test", "name": ["Pat Doe"]},
        {"handle": "kim", "mail": "k@x.test"},
    ]
    Path("people.jsonl").write_text("\n".join(map(json.dumps, people)) + "\n\n")
    done = linked.json("erase", "--from", "people.jsonl", "--why", "requests of May")
    assert (done["persons"], done["posts"]) == (2, 2)


@pytest.mark.parametrize(
    "line", ["no json", "[]", '{"handel": "@pat"}', '{"handle": ["a"]}', '{"name": 7}', "{}"]
)
def test_what_is_no_person_is_named_by_its_line(linked: Cli, line: str) -> None:
    Path("people.jsonl").write_text(f'{{"handle": "@pat"}}\n{line}\n')
    linked.refused(2, "erase", "--from", "people.jsonl", "--why", "x")
    assert len(linked.json("mentions")) == 3


def test_nobody_or_no_reason_is_refused(linked: Cli) -> None:
    linked.refused(2, "erase", "--why", "x")
    assert linked("erase", "--handle", "@pat@fans.test").code in (1, 2)
    assert len(linked.json("mentions")) == 3


def test_copies_are_named(linked: Cli) -> None:
    linked.ok("backup", "copy.db")
    said = linked.ok("erase", "--handle", "@pat@fans.test", "--why", "request of 2 May")
    assert any("copy.db; --backups erases them there too" in line for line in said.lines)
    again = linked.ok("erase", "--handle", "@pat@fans.test", "--why", "x y", "--backups")
    assert any(line.startswith("erased in") for line in again.lines)
    assert b"fans.test" not in Path("copy.db").read_bytes()


def test_a_hold_stops_it_in_one_clear_line(linked: Cli) -> None:
    linked.ok("hold", "set", "INC-1", "the court asks")
    asked = ("erase", "--handle", "@pat@fans.test", "--why", "request of 2 May")
    said = linked.refused(1, *asked)
    assert said.err.splitlines() == [
        "crisisroom: INC-1 is on hold, and has to do with them"
        " (hold lift, by Legal, lets it be erased)"
    ]
    assert len(linked.json("mentions")) == 3
    linked.ok("hold", "lift", "INC-1", "it is over")
    assert linked.json(*asked)["posts"] == 1


def test_whoever_is_not_here_is_not_said_to_be_erased(linked: Cli) -> None:
    said = linked.ok("erase", "--handle", "@zzpat@else.test", "--why", "request of 2 May")
    assert said.lines == ["nothing of 1 person is in this room"]


async def _killed(room: Room) -> None:
    """Leave behind what a killed erasure does: what was asked for, and nobody who does it."""
    asked = Request(
        persons=(Person(handle="@pat@fans.test"),), why="request of 2 May", actor=room.actor
    )
    lease = await erasing_kept.begin(room, asked)
    await room.store.write(lambda tx: leases.release(tx, lease))


def test_whatever_opens_the_room_ends_what_was_killed(linked: Cli, clock: ManualClock) -> None:
    async def kill() -> None:
        async with await Room.open(str(room_file()), actor=Actor("ada"), clock=clock) as room:
            await _killed(room)

    asyncio.run(kill())
    said = linked("mentions")
    assert (said.code, said.err) == (0, "an erasure was interrupted: it is ended now\n")
    assert "pat" not in said.out
    assert b"fans.test" not in room_file().read_bytes()
    assert linked.ok("mentions").lines == said.lines
