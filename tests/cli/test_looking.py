"""Where we stand, by the command line; and what goes on while it is looked at."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from cli.conftest import room_file
from cli.driver import MENTIONS, Cli
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.cli import watching
from crisisroom.cli.context import parse_moment
from crisisroom.clock import ManualClock, SystemClock
from crisisroom.core.errors import Usage
from crisisroom.room import Actor, Room, places, record, triage
from crisisroom.sources.jsonl import parse_line
from crisisroom.store import Tx, leases
from crisisroom.store import sources as rows
from crisisroom.store.processes import started_at
from crisisroom.watch.lease import TTL

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)


def test_status_without_a_room_says_how_to_get_one(cli: Cli) -> None:
    error = cli.refused(1, "status", "--json").error
    assert error["code"] == "no-room"
    assert "crisisroom declare" in error["hint"]


def test_status_in_lines(crisis: Cli, clock: ManualClock) -> None:
    clock.advance(6 * 60)
    lines = crisis.ok("status").lines
    assert lines[0].startswith("room: /")
    assert lines[1].startswith("watcher: none")
    assert lines[2].startswith("incident: INC-1 SEV2 open: Kettles smoke")
    late = next(line for line in lines if "Pause all scheduled posts" in line)
    assert late.startswith("  overdue 02:12 ")
    assert late.endswith("(social), 1m late")


SOURCES = """
schema: 1
room: {name: "Ours", zone: Europe/Berlin}
accounts:
  - {id: main, type: mastodon, server: "https://social.test", token_env: OUR_TOKEN}
sources:
  - {id: news, type: feed, url: "https://example.org/feed.xml"}
"""


def test_status_says_for_how_long_a_source_fails(
    cli: Cli, tmp_path: Path, clock: ManualClock
) -> None:
    (tmp_path / "crisisroom.yaml").write_text(SOURCES)
    cli.ok("mention", "add", "hello")
    row = rows.SourceRow(id="news", reason="HTTP 503", fails=3)
    asyncio.run(_remember(row))
    assert "source: news failing: HTTP 503, never heard yet" in cli.ok("status").lines
    asyncio.run(_remember(msgspec.structs.replace(row, last_ok_at=clock.now())))
    clock.advance(12 * 60)
    expected = "source: news failing for 12m: HTTP 503, last heard 03:07"
    assert expected in cli.ok("status").lines


async def _remember(row: rows.SourceRow) -> None:
    async with await Room.open(str(room_file()), actor=Actor("ada"), clock=SystemClock()) as room:
        await room.store.write(lambda tx: rows.put(tx, row))


async def test_a_second_watcher_says_whom_it_shares_with(room: Room) -> None:
    assert (await watching._words(room)).endswith(": 0 sources")
    clock = room.clock
    await room.store.write(lambda tx: leases.acquire(tx, "watch", "watch-1", clock, TTL))
    assert f"0 sources, shared with process {os.getpid()} on " in await watching._words(room)


def test_status_names_each_watcher_with_what_it_holds(cli: Cli, clock: ManualClock) -> None:
    cli.ok("mention", "add", "hello")
    one, two, three = os.getpid(), os.getppid(), 1
    jobs = {"watch": one, "watcher a": one, "source news": one, "source x": two, "watcher b": two}
    jobs |= {"watcher c": three, "erase": three}

    async def hold(name: str, pid: int) -> None:
        async with await Room.open(str(room_file()), actor=Actor("ada"), clock=clock) as room:

            async def work(tx: Tx) -> None:
                await leases.acquire(tx, name, "w", clock, TTL)
                held = "UPDATE lease SET pid = ?, started = ? WHERE name = ?"
                await tx.run(held, (pid, started_at(pid), name))

            await room.store.write(work)

    for name, pid in jobs.items():
        asyncio.run(hold(name, pid))
    here = socket.gethostname()
    assert [line for line in cli.ok("status").lines if line.startswith(("watcher", "job"))] == [
        f"job: erase: process {three} on {here}",
        f"watcher: process {one} on {here}: leads, source news",
        f"watcher: process {two} on {here}: source x",
        f"watcher: process {three} on {here}: stands by",
    ]
    assert {each["name"]: each["pid"] for each in cli.json("status")["jobs"]} == jobs


def test_status_shows_sources_people_and_what_nobody_watches(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "crisisroom.yaml").write_text(SOURCES)
    cli.ok("mention", "add", "hello")
    asyncio.run(look_at(room_file()))
    status = cli.json("status")
    assert status["sources"] == [{"id": "news", "state": "new", "last_ok_at": None, "reason": ""}]
    assert status["unwatched"] == ["main"]
    (person,) = status["people"]
    assert (person["actor"], person["view"]) == ("ada", "feed")
    lines = cli.ok("status").lines
    assert "source: news new" in lines
    assert "unwatched, silence there is not calm: main" in lines
    assert any(line.startswith("here: ada since ") for line in lines)


async def look_at(address: Path) -> None:
    async with await Room.open(str(address), actor=Actor("ada"), clock=SystemClock()) as room:
        await places.here(room, "s1", "", "feed")


def test_brief_in_lines(crisis: Cli) -> None:
    lines = crisis.ok("brief").lines
    assert lines[0].startswith("INC-1 Kettles smoke: brief, 2026-11-22 ")
    assert lines[1] == "needed from you:"
    assert any(line.startswith("  INC-1 Kettles smoke: SEV2, open") for line in lines)
    headings = [line for line in lines if not line.startswith(" ")]
    always = (
        "needed from you:",
        "what happened:",
        "what we said:",
        "what we promised:",
        "do not say:",
        "where it stands:",
        "what we do not know:",
        "what is open:",
        "who does what:",
        "key times:",
        "what comes due:",
    )
    assert [heading for heading in headings if heading in always] == [*always]
    assert "what was decided:" not in headings  # nothing was
    assert "no role king" in crisis.refused(2, "brief", "--role", "king").err


@asynccontextmanager
async def following(*words: str) -> AsyncIterator[asyncio.StreamReader]:
    """Run a verb that goes on, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "crisisroom",
        *words,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.terminate()
        await process.wait()


async def next_line(stream: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(stream.readline(), 30)


def test_following_goes_on_with_what_is_written(crisis: Cli) -> None:
    async def watch() -> None:
        actor = Actor("bo")
        async with (
            await Room.open(str(room_file()), actor=actor, clock=SystemClock()) as room,
            following("timeline", "INC-1", "--follow", "--json") as entries,
            following("mentions", "--follow", "--json", "--last", "1") as mentions,
        ):
            assert json.loads(await next_line(entries))["kind"] == "incident.declared"
            assert json.loads(await next_line(mentions))["id"] == "M-3"
            await record.note(room, "INC-1", "it rang")
            told = [json.loads(await next_line(entries))["text"]]
            while told[-1] != "it rang":  # what was late by then comes first
                told.append(json.loads(await next_line(entries))["text"])
            assert len(set(told)) == len(told)
            fresh = parse_line(json.dumps(MENTIONS[0] | {"external_id": "p9"}).encode(), 1, "x")
            await triage.ingest(room, [fresh])  # type: ignore[list-item]
            assert json.loads(await next_line(mentions))["id"] == "M-4"

    asyncio.run(watch())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("-12m", "2026-11-22T01:55:00+00:00"),
        ("-1h30m", "2026-11-22T00:37:00+00:00"),
        ("03:07", "2026-11-22T02:07:00+00:00"),
        ("03:08", "2026-11-21T02:08:00+00:00"),
        ("2026-11-22T03:00", "2026-11-22T02:00:00+00:00"),
        ("2026-11-22T03:00:00.123456Z", "2026-11-22T03:00:00.123000+00:00"),
        ("2026-11-21", "2026-11-20T23:00:00+00:00"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, meant: str) -> None:
    assert parse_moment(text, NOW, "Europe/Berlin").isoformat() == meant


@pytest.mark.parametrize("text", ["", "-", "-12", "25:00", "a:b", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Usage):
        parse_moment(text, NOW, "UTC")


@given(st.text(max_size=30))
def test_no_time_is_anything_but_a_time_or_a_refusal(text: str) -> None:
    try:
        moment = parse_moment(text, NOW, "Europe/Berlin")
    except Usage:
        return
    assert moment.tzinfo is UTC
    assert moment.microsecond % 1000 == 0
