"""A Textual app on two emulated terminals: one gets what Textual writes, one what we send of it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

from term.emulated import Emulated, differences
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot

from crisisroom.term.facts import Facts
from crisisroom.term.remote import Remote


class Twins:
    """Two terminals of one size; the lean one may skip frames, or be written on by others."""

    def __init__(self, width: int, height: int, *, seed: int = 0, fills: bool = True) -> None:
        self.stock = Emulated(width, height)
        self.lean = Emulated(width, height, fills=fills)
        self.remote = Remote(width, height, Facts(fills=fills))
        self.stock_bytes = self.lean_bytes = self.compared = 0
        self.unsure = False  # whether the app has painted all since the size changed
        self._fills = fills
        self._luck = random.Random(seed)
        self._size = (width, height)

    def resize(self, width: int, height: int) -> None:
        """Change both terminals' size."""
        if (width, height) != self._size:
            self._size = (width, height)
            self.unsure = True
            self.stock.resize(width, height)
            self.lean.resize(width, height)
            self.remote.forget()

    def take(self, data: str, size: tuple[int, int]) -> None:
        """Take what an app of a size wrote, and perhaps send it on."""
        self.stock.feed(data)
        self.stock_bytes += len(data.encode())
        self.remote.frames.resize(*size)
        self.remote.take(data)
        if self._luck.random() < 0.02:
            self.lean.soil()
            self.remote.forget()
        if self._luck.random() < 0.3 and not self.unsure:
            self.compare()

    def compare(self) -> None:
        """Send what the lean terminal needs, and hold all cells of the two against each other."""
        self.remote.controls()
        self.remote.fit(*self._size)
        told = self.remote.frame()
        self.lean.feed(told)
        self.lean_bytes += len(told.encode())
        look = Emulated.cells if self._fills else Emulated.seen
        found = differences(look(self.lean), look(self.stock))
        assert not found, f"{len(found)} cells, lean and stock: {found[:3]}"
        self.compared += 1


class Recorder(HeadlessDriver):
    """Gives a pair of twins what the app paints; the app takes it for a real driver."""

    twins: Twins

    @property
    def is_headless(self) -> bool:
        """Whether nothing is drawn."""
        return False

    def write(self, data: str) -> None:
        """Take what is to be seen."""
        self.twins.take(data, tuple(self._app.size))  # type: ignore[arg-type]


async def on_twins(
    app: App[Any],
    size: tuple[int, int],
    drive: Callable[[Pilot[Any], Twins], Awaitable[None]],
    *,
    seed: int = 0,
    fills: bool = True,
) -> Twins:
    """Run an app on twins while `drive` drives it; the twins are compared while it runs."""
    twins = Twins(*size, seed=seed, fills=fills)
    app.driver_class = type("Driver", (Recorder,), {"twins": twins})
    failed: list[BaseException] = []

    async def pilot(pilot: Pilot[Any]) -> None:
        try:
            await drive(pilot, twins)
            await pilot.pause()
            if not twins.unsure:
                twins.compare()
        except BaseException as error:
            failed.append(error)
        app.exit()

    await app.run_async(headless=False, size=size, auto_pilot=pilot)
    if failed:
        raise failed[0]
    assert twins.compared
    return twins


async def resize(pilot: Pilot[Any], twins: Twins, width: int, height: int) -> None:
    """Change the size of the twins, and tell the app."""
    twins.resize(width, height)
    size = Size(width, height)
    assert pilot.app._driver is not None
    pilot.app._driver._size = (width, height)
    pilot.app.post_message(Resize(size, size))
    while pilot.app.screen._compositor.size != size:
        await pilot.pause(0.01)
        if pilot.app._exception:
            break
    await pilot.pause()
    if pilot.app._exception:  # it failed by itself, in the midst of painting
        return
    twins.unsure = False
    twins.compare()
