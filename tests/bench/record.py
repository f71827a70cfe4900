"""What exports of a large room cost: 200,000 mentions, a log of 20,000 entries.

Run it from the checkout:
`PYTHONPATH=.:tests python tests/bench/record.py [--mentions 200000] [--entries 20000] [--keep F]`.
Each format is one run of the program: wall time, CPU and the most memory, then a second run whose
bytes must be the same. The baseline, `cat`, is the log read with sqlite3 and written as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.long_night import long_night
from bench.month_rows import build

from crisisroom.clock import SystemClock
from crisisroom.core.apply import replay
from crisisroom.report import FORMATS
from crisisroom.room import Actor, Room, importing

MEBI = 1 << 20


async def _made(path: Path, mentions: int, entries: int) -> None:
    os.environ["XDG_RUNTIME_DIR"] = str(path.parent)
    log = tuple(long_night(entries))
    room = await Room.open(str(path), actor=Actor("ada"), clock=SystemClock())
    async with room:
        told = replay(log)
        assert told is not None
        await importing.take_in(room, log, told)
    build(path, mentions)


def _timed(command: list[str], out: Path) -> tuple[float, float, float]:
    began = time.perf_counter()
    with out.open("wb") as file:
        process = subprocess.Popen(command, stdout=file)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            whole.update(file.name.encode() + file.read_bytes())
    return whole.hexdigest()


def _baseline(path: Path) -> None:
    began = time.perf_counter()
    rows = sqlite3.connect(path).execute("SELECT data FROM entry ORDER BY chain, seq")
    size = sum(len(row[0]) for row in rows)
    print(f"{'cat':10} {time.perf_counter() - began:7.2f} s {'':18} {size / MEBI:8.1f} MiB")


def _formats(path: Path, folder: Path, program: list[str]) -> int:
    wrong = 0
    for form in FORMATS:
        digests = []
        for turn in (1, 2):
            target = folder / f"{form}-{turn}"
            target.mkdir()
            command = [*program, "--room", str(path), "export", "INC-1", "--format", form]
            wall, cpu, most = _timed([*command, "-o", f"{target}/"], folder / "said")
            digests.append(_digest(target))
        size = sum(one.stat().st_size for one in target.iterdir()) / MEBI
        same = digests[0] == digests[1]
        wrong += not same
        print(
            f"{form:10} {wall:7.2f} s {cpu:7.2f} s CPU {most:6.0f} MiB {size:8.1f} MiB"
            f"  {'same bytes' if same else 'OTHER BYTES'}",
            flush=True,
        )
    return wrong


def main() -> int:
    """Build the room where there is none yet, and export it; 1 where bytes differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=200_000)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "room.db"
        if not path.exists():
            asyncio.run(_made(path, asked.mentions, asked.entries))
        _baseline(path)
        with tempfile.TemporaryDirectory() as out:
            return _formats(path, Path(out), [sys.executable, "-m", "crisisroom"])


if __name__ == "__main__":
    sys.exit(main())
