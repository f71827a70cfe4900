"""Every screen of ours: what we send looks as what Textual writes, in every cell.

rich keeps what it once made of a style, whatever the depth: in one process depths of colour mix.
Run one alone with `-k true`, `-k 256` or `-k "16"`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from unittest.mock import patch

import pytest
from term.recorder import Twins, on_twins, resize
from textual.pilot import Pilot
from tui.every import EVERY, app_for

from crisisroom.tui.app import RoomApp

SIZES = ((80, 24), (120, 40), (50, 30))
COLOURS: Mapping[str, Mapping[str, str]] = {
    "true": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "256": {"TERM": "tmux-256color", "COLORTERM": ""},
    "16": {"TERM": "linux", "COLORTERM": "", "LC_ALL": "C"},
}
NAMES = tuple(EVERY)
# In the default run each screen has its turn of colours, and one of a few is opened.
SAMPLE = tuple((name, tuple(COLOURS)[at % 3]) for at, name in enumerate(NAMES) if at % 8 == 0)
REST = tuple(one for one in product(NAMES, COLOURS) if one not in SAMPLE)


@pytest.fixture(autouse=True)
def one_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room asks now and then how large the terminal is: that is the one of the test's run."""
    monkeypatch.setattr(RoomApp, "fit", lambda *_: None)


async def look(name: str, colours: str, folder: Path, sizes: Sequence[tuple[int, int]]) -> Twins:
    """Go to a screen in the first size, then show it in the others, and move about in it."""
    shown = EVERY[name]
    first, *others = (shown.size,) if shown.size else sizes

    async def drive(pilot: Pilot[int], twins: Twins) -> None:
        await shown.reach(app, pilot)
        for size in (None, *others):
            if size is not None:
                await resize(pilot, twins, *size)
            await pilot.press("down", "j", "pagedown", "up")
            await pilot.pause()

    environ = COLOURS[colours]
    async with shown.night(folder) as room:
        with patch.dict(os.environ, environ):  # Textual takes the depth of colour from there
            app = app_for(shown, room, environ)
        return await on_twins(app, first, drive, seed=NAMES.index(name), fills=colours != "16")


@pytest.mark.parametrize(("name", "colours"), SAMPLE)
async def test_it_looks_the_same(name: str, colours: str, tmp_path: Path) -> None:
    twins = await look(name, colours, tmp_path, SIZES)
    assert twins.lean_bytes < twins.stock_bytes


@pytest.mark.full
@pytest.mark.parametrize(("name", "colours"), REST)
async def test_it_does_in_all_colours(name: str, colours: str, tmp_path: Path) -> None:
    await look(name, colours, tmp_path, SIZES)
