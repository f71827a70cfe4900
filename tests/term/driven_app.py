"""An app that does as its keys say, on a real pty: `python driven_app.py FOLDER [HOLD]`.

It writes into FOLDER how often it painted and how long its loop stood still at most.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from crisisroom.term.driver import LeanDriver

TICK = 0.03
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()


class Held(LeanDriver):
    """Shows nothing until told, or for so long."""

    hold = 60.0


class Driven(App[None]):
    """All of the screen is one text."""

    CSS = "Static { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("p", "paint", "paint without end"),
        ("f", "freeze", "stop painting"),
        ("b", "ring", "bell, clipboard, bell"),
        ("t", "thread", "write from a thread"),
        ("s", "show", "show what is held"),
        ("z", "away", "suspend"),
        ("c", "stop", "as ctrl+z"),
        ("q", "quit", "quit"),
    ]

    painted = 0
    worst = 0.0
    paints = False

    def compose(self) -> ComposeResult:
        """Make the text."""
        yield Static("begun", markup=False)

    async def on_mount(self) -> None:
        self.run_worker(self._watch())

    async def _watch(self) -> None:
        """Paint where it is wanted, and see how long the loop stands still."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(TICK)
            self.worst = max(self.worst, time.monotonic() - before - TICK)
            if self.paints:
                self.painted += 1
                colour = "red" if self.painted % 2 else "blue"
                self.query_one(Static).styles.background = colour
                self.query_one(Static).update(self._page())
            self._tell()

    def _page(self) -> str:
        letters = "".join(chr(97 + (self.painted + x) % 26) for x in range(self.size.width))
        return "\n".join(f"{y:02} {letters[y:]}"[: self.size.width] for y in range(60))

    def _tell(self) -> None:
        told = FOLDER / "told.new"
        told.write_text(f"{self.painted} {self.worst}")
        told.rename(FOLDER / "told")

    def action_paint(self) -> None:
        """Paint all anew at each tick."""
        self.paints, self.worst = True, 0.0

    def action_freeze(self) -> None:
        """Paint no more."""
        self.paints = False
        self.query_one(Static).styles.background = "green"
        self.query_one(Static).update("frozen\n" * 5)
        (FOLDER / "frozen").touch()

    def action_ring(self) -> None:
        """Write what is no painting."""
        self.bell()
        self.copy_to_clipboard("one")
        self.bell()

    def action_thread(self) -> None:
        """Write from another thread, as libraries do."""
        assert self._driver is not None
        threading.Thread(target=self._driver.write, args=("\x07",)).start()

    def action_show(self) -> None:
        """Show what is held."""
        assert isinstance(self._driver, LeanDriver)
        self._driver.show()

    def action_away(self) -> None:
        """Give the terminal to somebody else for a moment."""
        with self.suspend():
            print("somebody else", flush=True)

    def action_stop(self) -> None:
        """Stop as ctrl+z does."""
        self.action_suspend_process()


if __name__ == "__main__":
    Driven(driver_class=Held if len(sys.argv) > 2 else LeanDriver).run(mouse=False)
