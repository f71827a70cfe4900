"""The figures of the driver's README: bytes on both drivers, 120x40, true colour.

Run it from the checkout: `python tests/bench/driver.py`. Bytes do not depend on the machine.
"""

from __future__ import annotations

import statistics
import sys
from contextlib import AbstractContextManager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import terminal_ground as ground_of
from bench.terminal_ground import LARGE
from bench.terminal_pty import Pty
from e2e.ground import Ground

_APP = str(Path(__file__).with_name("driver_app.py"))
_QUIET = 0.7  # seconds after which all is drawn

_SHOWN = {"table": "@guest20", "log": " 59 ", "room": "guest399"}
_DOWN, _ESCAPE = "\x1b[B", "\x1b"
# What happens, by which key, and how often.
STEPS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "table": (
        ("cursor a row down", _DOWN, 9),
        ("page down", "pagedown", 5),
        ("a row is added at the end", "a", 9),
    ),
    "log": (("a line is added", "a", 9),),
    "room": (
        ("cursor a post down", "j", 9),
        ("help opens", "?", 1),
        ("help closes", _ESCAPE, 1),
    ),
}


def main() -> None:
    """Print a row of the table for each step."""
    with ground_of.grounds(incident=False) as ground:
        for kind in STEPS:
            both = [_measured(kind, driver, ground) for driver in ("stock", "lean")]
            for (what, stock), (_, lean) in zip(*both, strict=True):
                print(f"| {kind} | {what} | {stock:,.0f} | {lean:,.0f} |", flush=True)


def _measured(kind: str, driver: str, ground: Ground) -> list[tuple[str, float]]:
    """Return the bytes of each step; of one that is done several times, the median."""
    with _started(kind, driver, ground) as screen:
        screen.wait_for(_SHOWN[kind]).rest(2.0)
        found = [("first screen", float(screen.sent))]
        for what, key, times in STEPS[kind]:
            found.append((what, statistics.median(_sent(screen, key) for _ in range(times))))
    return found


def _sent(screen: Pty, key: str) -> float:
    before = screen.sent
    screen.press(key)
    screen.rest(_QUIET)
    return float(screen.sent - before)


def _started(kind: str, driver: str, ground: Ground) -> AbstractContextManager[Pty]:
    if kind == "room":
        return ground_of.room(ground, driver="stock" if driver == "stock" else "", near=True)
    argv = [sys.executable, _APP, kind, driver]
    return Pty(argv, env=ground.env, cwd=ground.folder, size=LARGE)


if __name__ == "__main__":
    main()
