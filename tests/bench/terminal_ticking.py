"""The program with a ticker on its event loop: `terminal_ticking.py FOLDER ARGUMENT ...`.

FOLDER/ticks gets a line each 100 ms: when (monotonic seconds), how long since the line before, and
how long this thread stood in line for a core meanwhile. On SIGUSR1 the whole screen is drawn anew,
as a terminal that knows nothing would need it, into FOLDER/full.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

EVERY = 0.1  # seconds


async def tick(folder: Path) -> None:
    """Write down how regularly the loop turns."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, draw, folder)
    with (folder / "ticks").open("a", buffering=1) as told:
        last, waited = time.monotonic(), in_line()
        while True:
            await asyncio.sleep(EVERY)
            now, waits = time.monotonic(), in_line()
            told.write(f"{now:.4f} {now - last:.4f} {waits - waited:.4f}\n")
            last, waited = now, waits


def in_line() -> float:
    """Return the seconds that this thread stood in line for a core."""
    stat = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text()
    return int(stat.split()[1]) / 1e9


def draw(folder: Path) -> None:
    """Draw the whole screen as it should be now."""
    from textual.app import App

    app = next(one for one in pumps() if isinstance(one, App))
    compositor = app.screen._compositor
    with app._context():
        dirty = set(compositor._dirty_regions)
        update: Any = compositor.render_update(full=True, screen_stack=app._background_screens)
        compositor._dirty_regions |= dirty
        written = update.render_segments(app.console)
    columns, rows = app.size
    new = folder / "full.new"
    new.write_text(f"{columns} {rows}\n{written}", encoding="utf-8", newline="")
    new.rename(folder / "full")


def pumps() -> Iterator[object]:
    """Yield what the tasks of this loop run the methods of."""
    for task in asyncio.all_tasks():
        waiting: Any = task.get_coro()
        while (frame := getattr(waiting, "cr_frame", None)) is not None:
            yield frame.f_locals.get("self")
            waiting = waiting.cr_await


def main() -> None:
    """Run the program, every loop of it with a ticker."""
    folder, run = Path(sys.argv[1]), asyncio.Runner.run

    def ticking(self: asyncio.Runner, work: Coroutine[Any, Any, Any], **more: Any) -> Any:
        async def both() -> Any:
            beside = asyncio.ensure_future(tick(folder))
            try:
                return await work
            finally:
                beside.cancel()

        return run(self, both(), **more)

    asyncio.Runner.run = ticking  # type: ignore[method-assign, assignment]
    sys.argv = ["crisisroom", *sys.argv[2:]]
    from crisisroom.__main__ import main as crisisroom

    crisisroom()


if __name__ == "__main__":
    sys.path[0] = os.getcwd()
    main()
