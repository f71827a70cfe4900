"""Every figure of the terminal beside its peers', measured in the same run: one table.

Run it from the checkout: `python tests/bench/terminal.py [PART ...] [--quick]`. CPU is that of the
whole tree of processes, the least of several rounds in turn; bytes are exact. Every program has a
pty of its own and a terminal that answers. newsboat, lnav and `--posting PATH` are compared where
they are installed. Nothing is asserted: the last column says what was met.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # without byte code a start costs four times more

from bench import (
    terminal_memory,
    terminal_million,
    terminal_pixel,
    terminal_rows,
    terminal_stall,
    terminal_start,
)
from bench.terminal_ground import Bench, load
from bench.terminal_table import Table

PARTS: dict[str, Callable[[Bench], None]] = {
    "start": terminal_start.measure,
    "rows": terminal_rows.measure,
    "stall": terminal_stall.measure,
    "million": terminal_million.measure,
    "pixel": terminal_pixel.measure,
    "memory": terminal_memory.measure,
}


def main() -> None:
    """Run the named parts, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--rounds", type=int, default=0, help="starts of each program (default: 7)")
    parser.add_argument("--posting", default="", metavar="PATH", help="posting, in its own venv")
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES", help="default: none")
    parser.add_argument("--table", type=Path, metavar="FILE", help="keep a copy of the table")
    parser.add_argument("--nice", type=int, default=0, help="-10 on a machine that others use too")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; parts: {', '.join(PARTS)}")
    os.nice(args.nice)  # all that is started has it too
    bench = Bench(
        Table(args.table),
        rounds=args.rounds or (3 if args.quick else 7),
        quick=args.quick,
        posting=args.posting,
        soak=args.soak,
    )
    bench.table.say(f"begin: {load()}, Python {sys.version.split()[0]}")
    for name, part in PARTS.items():
        if not args.parts or name in args.parts:
            _run(name, part, bench)
    bench.table.say(f"\nend: {load()}")


def _run(name: str, part: Callable[[Bench], None], bench: Bench) -> None:
    """Run a part; what goes wrong there is told, and the others still run."""
    try:
        part(bench)
    except AssertionError as error:
        bench.table.say(f"{name}: broke off: {error}")


if __name__ == "__main__":
    main()
