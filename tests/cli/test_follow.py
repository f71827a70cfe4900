"""Following along as a process: in a pipe, on a terminal, and over a server that was lost."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from crisisroom.clock import SystemClock
from crisisroom.core.mention import Author, Incoming
from crisisroom.library import load
from crisisroom.room import Actor, Room, lifecycle, record, triage

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds; nothing here takes more than a few


def command(address: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "crisisroom", "--room", address, *words]


def environ(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "CRISISROOM_ROOM"}
    return kept | {"PYTHONPATH": str(ROOT)} | more


async def post(room: Room, number: int, text: str = "") -> None:
    """Let a post come in."""
    author = Author("@pat@fans.test", "Pat", 310)
    name = f"p{number}"
    told = Incoming(text=text or f"post {number}", source="in", external_id=name, author=author)
    await triage.ingest(room, [told])


@asynccontextmanager
async def crisis(address: str) -> AsyncIterator[Room]:
    """A room with INC-1."""
    plan, _ = load("product-defect", ())
    assert plan is not None
    async with await Room.open(address, actor=Actor("ada"), clock=SystemClock()) as room:
        await lifecycle.declare(room, "Kettles smoke", playbook=plan)
        yield room


def begun(address: str, work: Callable[[Room], Awaitable[None]]) -> None:
    """Do something in a room with INC-1."""

    async def working() -> None:
        async with crisis(address) as room:
            await work(room)

    asyncio.run(working())


class Following:
    """A verb that goes on, and what it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def until(self, words: str) -> str:
        """Return the next line that has these words."""
        line = self.line()
        while line and words not in line:
            line = self.line()
        assert words in line, "it ended before"
        return line

    def ended(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Return how it ends, by a signal if one is given, and what it complained of."""
        assert self.process.stderr is not None
        if number is not None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE), self.process.stderr.read()


@contextmanager
def following(address: str, *words: str) -> Iterator[Following]:
    with subprocess.Popen(
        command(address, *words, "--follow"), env=environ(), text=True, stdout=-1, stderr=-1
    ) as process:
        try:
            yield Following(process)
        finally:
            process.kill()


async def notes(room: Room) -> None:
    for number in range(20):
        await record.note(room, "INC-1", f"note {number}")


def write(address: str, *words: str, given: str = "") -> None:
    """Run another verb to its end."""
    subprocess.run(
        command(address, *words), env=environ(), check=True, input=given, text=True, stdout=-1
    )


def test_the_timeline_begins_with_the_last_ten_and_says_each_entry_as_a_sentence(
    address: str,
) -> None:
    begun(address, notes)
    with following(address, "timeline", "INC-1") as told:
        lines = [told.line() for _ in range(10)]
        assert [re.sub(r"^\d\d:\d\d, ", "", one) for one in lines] == [
            f"ada: note {number}; entry {number + 2}" for number in range(10, 20)
        ]
        write(address, "note", "INC-1", "it rang")
        assert ": it rang; entry " in told.until("it rang")
        assert told.ended(signal.SIGTERM) == (143, "")


def test_posts_are_said_as_they_come_whoever_brings_them(address: str) -> None:
    async def twelve(room: Room) -> None:
        for number in range(1, 13):
            await post(room, number)

    begun(address, twelve)
    with following(address, "mentions") as told:
        first = told.line()
        assert first.endswith(", M-3, new, @pat@fans.test on in, reach 310: post 3")
        told.until("post 12")
        for words in ("one more", "yet another"):  # each brought by a process that ends
            given = json.dumps({"text": f"{words}\x1b[2J"})
            write(address, "ingest", "-", given=given)
            assert told.line().endswith(f"{words}␛[2J")  # shown, and nothing a terminal obeys
        assert told.ended(signal.SIGINT) == (130, "")


async def test_with_nothing_to_begin_with_only_what_comes_is_said(address: str) -> None:
    async with crisis(address) as room:
        await post(room, 1)
        with following(address, "mentions", "--last", "0", "--json") as told:
            first, number = asyncio.ensure_future(asyncio.to_thread(told.line)), 1
            while not first.done():  # until it listens
                number += 1
                await post(room, number)
                await asyncio.wait([first], timeout=0.2)
            assert json.loads(await first)["id"] != "M-1"


def test_a_reader_who_had_enough_ends_it(address: str) -> None:
    begun(address, notes)
    with following(address, "timeline", "INC-1") as told:
        told.line()
        assert told.process.stdout is not None
        told.process.stdout.close()
        assert told.ended() == (0, "")


@pytest.mark.parametrize(
    ("term", "words", "line"),
    [
        ("dumb", (), r"\d\d:\d\d, ada: it rang; entry \d+"),
        ("xterm-256color", ("--plain",), r"\d\d:\d\d, ada: it rang; entry \d+"),
        ("xterm-256color", (), r" +\d+  \d\d:\d\d  ada  it rang"),
        ("xterm-256color", ("--json",), r'\{.*"text":"it rang".*\}'),
    ],
)
def test_on_a_terminal_nothing_but_lines_is_written(
    address: str, term: str, words: tuple[str, ...], line: str
) -> None:
    begun(address, lambda room: _noted(room, "it rang"))
    pid, terminal = pty.fork()
    if pid == 0:
        given = command(address, "timeline", "INC-1", "--follow", *words)
        os.execve(sys.executable, given, environ(TERM=term))
    try:
        seen = b""
        while b"it rang" not in seen or not seen.endswith(b"\n"):
            seen += os.read(terminal, 65536)
        assert b"\x1b" not in seen
        assert re.fullmatch(line, seen.decode().splitlines()[-1])
        os.write(terminal, b"\x03")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    finally:
        os.close(terminal)


async def _noted(room: Room, words: str) -> None:
    await record.note(room, "INC-1", words)


async def test_a_server_that_is_lost_is_said_and_nothing_is_left_out(
    address: str, engine: str
) -> None:
    if engine != "postgres":
        pytest.skip("a file is never away")
    from store.postgres.proxy import Line

    found = re.search(r":([0-9]+)/", address)
    assert found
    line = Line(int(found[1]))
    await line.start()
    far = re.sub(r":[0-9]+/", f":{line.port}/", address)
    async with crisis(address) as room:
        with following(far, "timeline", "INC-1") as told:
            assert "declared" in await asyncio.to_thread(told.line)
            await record.note(room, "INC-1", "before")
            await asyncio.to_thread(told.until, "before")  # it listens
            line.stall()
            assert "the room is away" in await asyncio.to_thread(told.until, "away")
            await record.note(room, "INC-1", "meanwhile")
            line.go_on()
            assert "the room is back" in await asyncio.to_thread(told.until, "back")
            assert "meanwhile" in await asyncio.to_thread(told.until, "meanwhile")
    await line.stop()
