"""Taking mentions in as JSON lines, from a file or a pipe, each batch kept before the next."""

from __future__ import annotations

import asyncio
import os
import stat
from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import opened
from crisisroom.cli.options import arg, takes
from crisisroom.cli.output import fail, note
from crisisroom.core.errors import Usage
from crisisroom.core.kinds import id_flaw
from crisisroom.core.mention import Incoming
from crisisroom.room import Room, triage
from crisisroom.sources.jsonl import LINE_CAP, Problem, parse_line

BATCH = 64  # mentions in one transaction
NAMED = 100  # bad lines that are named: a file that is none of ours has millions
_CHUNK = 1 << 16  # bytes


class Tally(msgspec.Struct):
    """What came of the lines."""

    added: int = 0
    edited: int = 0
    known: int = 0
    bad: int = 0


async def _ingest(context: Context, args: Namespace) -> int:
    if flaw := id_flaw(args.source):
        raise Usage("source", f"--source: {flaw}")
    tally = Tally()
    with opened(args.file, "crisisroom ingest FILE, or a pipe") as stream:
        room = await context.room()
        async for found in _lines(context, stream, args.source):
            _say_bad(context, args.file, found, tally)
            await _keep(room, [one for one in found if isinstance(one, Incoming)], tally)
    if tally.added:
        await _analyse(context, room)
    context.show(lambda: tally, lambda: [_summary(tally)])
    return 1 if tally.bad else 0


async def _analyse(context: Context, room: Room) -> None:
    """Let stories, priorities and early warnings take in what came."""
    from crisisroom import library
    from crisisroom.watch.analysis import analyse_now

    if not await analyse_now(room, lambda: library.every(context.playbooks())):
        note("the mentions are kept; whoever watches the room next analyses them")


async def _lines(
    context: Context, stream: BinaryIO, source: str
) -> AsyncIterator[list[Incoming | Problem]]:
    """Yield what the lines hold, as soon as they came in."""
    cutter = _Cutter()
    async for chunk in _chunks(stream):
        found = [
            Problem(number, f"longer than {LINE_CAP} bytes")
            if line is None
            else parse_line(line, number, source, context.clock.now())
            for number, line in cutter.cut(chunk)
        ]
        if found:
            yield found


async def _chunks(stream: BinaryIO) -> AsyncIterator[bytes]:
    """Yield what there is to read; a pipe is waited for without holding up anything else."""
    waits = _comes_in_time(stream)
    while True:
        if waits:
            await _readable(stream.fileno())
            chunk = os.read(stream.fileno(), _CHUNK)
        else:
            chunk = stream.read(_CHUNK)
        yield chunk
        if not chunk:
            return


def _comes_in_time(stream: BinaryIO) -> bool:
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except OSError:  # a stream in memory
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


async def _readable(descriptor: int) -> None:
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)


class _Cutter:
    """Cuts what comes in into lines; of one that is too long only its number is kept."""

    def __init__(self) -> None:
        self._rest = b""
        self._number = 0
        self._skipping = False

    def cut(self, chunk: bytes) -> list[tuple[int, bytes | None]]:
        """Return the lines that ended in this chunk, by number; an empty chunk ends the last."""
        *whole, self._rest = (self._rest + (chunk or b"\n")).split(b"\n")
        found = [self._line(line) for line in whole]
        if len(self._rest) > LINE_CAP and not self._skipping:
            self._skipping = True
            found.append((self._number + 1, None))
        if self._skipping:
            self._rest = b""
        return [(number, line) for number, line in found if line is None or line.strip()]

    def _line(self, line: bytes) -> tuple[int, bytes | None]:
        self._number += 1
        if self._skipping:
            self._skipping = False
            return self._number, b""
        return self._number, line if len(line) <= LINE_CAP else None


def _say_bad(
    context: Context, name: str, found: Sequence[Incoming | Problem], tally: Tally
) -> None:
    """Say what is wrong with the first bad lines, on stderr; the rest is counted."""
    where = "stdin" if name == "-" else name
    for problem in found:
        if isinstance(problem, Problem):
            tally.bad += 1
            if tally.bad <= NAMED:
                message = f"{where}:{problem.line}: {problem.message}"
                fail("line", message, as_json=context.options.json)


async def _keep(room: Room, items: Sequence[Incoming], tally: Tally) -> None:
    for start in range(0, len(items), BATCH):
        outcome = await triage.ingest(room, items[start : start + BATCH])
        tally.added += len(outcome.added)
        tally.edited += len(outcome.edited)
        tally.known += outcome.known


def _summary(tally: Tally) -> str:
    lines = "bad line" if tally.bad == 1 else "bad lines"
    bad = f", {tally.bad} {lines} left out" if tally.bad else ""
    return f"{tally.added} new, {tally.edited} edited, {tally.known} known already{bad}"


INGEST = Verb(
    _ingest,
    takes(
        arg("file", "the file; without it, or with -, stdin", nargs="?", default="-"),
        arg("--source", "where lines come from that do not say it", default="ingest", metavar="ID"),
    ),
)
