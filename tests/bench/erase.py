"""What erasing costs, and whether it holds: many persons in every place of a room, in one go.

Run it from the checkout:
`PYTHONPATH=.:tests python tests/bench/erase.py [--persons 1000] [--mentions 0] [--kills 0]`.
The bytes of the room, of its log ahead, of a backup and of each export are searched for all of
them, before and after. With `--kills` the erasure is killed so often before it may end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.month_rows import CHUNK, Maker, connected, insert
from room.planted import person, plant, traces

from crisisroom.clock import SystemClock
from crisisroom.report import FORMATS, streams
from crisisroom.room import Actor, Room, keeping, verifying
from crisisroom.room.exporting import exportable

READABLE = [one for one in FORMATS if one != "pdf"]  # its bytes are packed
_FIRST = 100_000  # the number after which posts of others come


async def _planted(path: Path, persons: int) -> None:
    async with await Room.open(str(path), actor=Actor("ada"), clock=SystemClock()) as room:
        await plant(room, persons)
        await keeping.backup(room, path.parent / "backup.db")


def _crowd(path: Path, many: int) -> None:
    """Write so many posts of others, numbered after those that are there."""
    connection, maker = connected(path), Maker()
    for at in range(0, many, CHUNK):
        numbers = range(at + 1, min(many, at + CHUNK) + 1)
        insert(connection, [maker.row(_FIRST + number, _FIRST + many) for number in numbers])
    connection.close()


async def _looked(path: Path, exports: Path) -> list[str]:
    async with await Room.open(str(path), actor=Actor("ada"), clock=SystemClock()) as room:
        problems = [str(one) for chain in await verifying.verify(room) for one in chain.problems]
        for inc in ("INC-1", "INC-2"):
            one = await exportable(room, inc)
            for format in READABLE:
                for name, pieces in streams(one.record, format).items():
                    (exports / f"{inc}-{format}-{name}").write_bytes(b"".join(pieces))
        return [*problems, *traces(path.parent), *traces(exports)]


def _people(path: Path, many: int) -> None:
    lines = []
    for number in range(many):
        one = person(number)
        known = {"handle": one.handle, "name": one.names, "mail": one.mails}
        lines.append(json.dumps(known | {"phone": one.phones, "link": one.links}))
    path.write_text("\n".join(lines))


def _command(path: Path, people: Path) -> list[str]:
    why = ["--why", "requests of May", "--wide", "--backups"]
    return [
        *(sys.executable, "-m", "crisisroom", "--room", str(path)),
        *("erase", "--from", str(people), *why),
    ]


def _killed(command: list[str], longest: float) -> None:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(random.uniform(0.3, longest))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Plant, erase, look."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=1000)
    parser.add_argument("--mentions", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cr-erase-") as folder:
        base = Path(folder)
        path, exports, people = base / "room" / "room.db", base / "exports", base / "p.jsonl"
        exports.mkdir()
        (base / "run").mkdir(mode=0o700)
        os.environ |= {"XDG_RUNTIME_DIR": str(base / "run"), "XDG_STATE_HOME": str(base / "state")}
        began = time.perf_counter()
        asyncio.run(_planted(path, args.persons))
        if args.mentions:
            _crowd(path, args.mentions)
        _people(people, args.persons)
        size = path.stat().st_size >> 20
        print(f"planted {args.persons} persons, {size} MiB, {time.perf_counter() - began:.0f} s")
        print(f"traces before: {len(traces(path.parent))} files")
        for _ in range(args.kills):
            _killed(_command(path, people), 0.5 + args.persons / 30)
        began = time.perf_counter()
        done = subprocess.run(_command(path, people), check=False, capture_output=True, text=True)
        print(f"erased in {time.perf_counter() - began:.1f} s (exit {done.returncode})")
        print("\n".join(done.stdout.splitlines()[:30]), done.stderr[-600:], sep="\n")
        left = asyncio.run(_looked(path, exports))
        print(f"left: {len(left)}", *left[:10], sep="\n")
        raise SystemExit(1 if left or done.returncode else 0)


if __name__ == "__main__":
    main()
