"""The whole picture beside the live room: where it lies, what it says, and what it is made of."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from operator import eq
from pathlib import Path

import pytest
from firstpaint import drawn
from firstpaint.drawn import Size
from textual.pilot import Pilot
from tui.night import calm_room, empty_room, night_room, screen

from crisisroom.core.candidate import Candidate
from crisisroom.firstpaint.memo import Painting
from crisisroom.firstpaint.picture import Layout
from crisisroom.room import Room, places
from crisisroom.room.settings import apply_config
from crisisroom.store import candidates
from crisisroom.term.frames import painted
from crisisroom.tui.screens.layout import layout_for
from crisisroom.tui.widgets.status import left_width

Made = Callable[[Path], AbstractAsyncContextManager[Room]]
SIZES: tuple[Size, ...] = ((80, 24), (120, 40), (200, 60), (62, 16), (119, 50), (140, 36))
HINTS = "keys you type are kept"
LEAST = 0.95  # of the cells stay as they are


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Room]:
    async with night_room(tmp_path) as room:
        await apply_config(room, room.config, "crisisroom.yaml")
        yield room


async def settled(room: Room, size: Size) -> list[str]:
    """Return what the live room shows once it has read everything."""
    app = screen(room)
    async with app.run_test(size=size) as pilot:
        await _until_read(pilot)
        return drawn.live(app)


async def _until_read(pilot: Pilot[int]) -> None:
    """Wait until nothing has changed on the screen for a while."""
    before: list[str] = []
    same = 0
    for _ in range(1000):
        await pilot.pause(0.02)
        now = drawn.live(pilot.app)  # type: ignore[arg-type]
        same = same + 1 if now == before else 0
        if same >= 15 and pilot.app.screen.feed.loaded:  # type: ignore[attr-defined]
            return
        before = now


def alike(ours: list[str], live: list[str]) -> float:
    """Return which share of the cells is the same."""
    same = list(map(eq, "".join(ours), "".join(live)))
    return same.count(True) / len(same)


@pytest.mark.parametrize("width", [62, 80, 119, 120, 159, 160, 200, 300])
@pytest.mark.parametrize("height", [12, 16, 19, 20, 24, 35, 36, 40, 60, 100])
@pytest.mark.parametrize("active", [1, 2, 3, 4, 5])
def test_panes_lie_where_the_live_ones_do(width: int, height: int, active: int) -> None:
    ours, live = Layout((width, height), active), layout_for(width, height)
    assert ours.wide == live.wide
    assert tuple(ours.panes) == live.shows(active)
    assert ours.left == left_width(width)
    for view, (_, top, _, lines) in ours.panes.items():
        if ours.wide and active != 5:
            assert lines == live.height(view, active)
        assert top + lines <= height - (1 if live.low else 2)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_night_is_as_the_live_room_shows_it(night: Room, size: Size) -> None:
    ours, live = drawn.lines(night, size), await settled(night, size)
    assert alike(ours, live) >= (LEAST if size[1] > 16 else 0.9)  # the last line is another
    thread = next((at for at, line in enumerate(live) if "2 Thread  " in line), size[1] - 1)
    assert ours[:thread] == live[:thread]
    assert HINTS in ours[-1]


@pytest.mark.parametrize("view", ["2", "3", "4", "5"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_it_shows_the_view_and_post_that_one_comes_back_to(
    night: Room, size: Size, view: str
) -> None:
    await places.here(night, "mine", "INC-1", view, "M-5")
    await places.gone(night, "mine")
    ours, live = drawn.lines(night, size), await settled(night, size)
    if view in ("3", "4"):
        assert alike(ours, live) >= 0.9
    assert ours[:4] == live[:4]


async def test_the_cursor_is_on_the_post_that_one_comes_back_to(night: Room) -> None:
    await places.here(night, "mine", "INC-1", "1", "M-5")
    await places.gone(night, "mine")
    size = (80, 16)
    ours, live = drawn.lines(night, size), await settled(night, size)
    assert ours[:-1] == live[:-1]
    assert "▌" in next(line for line in ours if "@ines" in line)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_rooms_without_an_incident_or_a_post(tmp_path: Path, size: Size) -> None:
    for number, made in enumerate((calm_room, empty_room)):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        async with made(folder) as room:
            await places.here(room, "mine", "", "1", "")
            await places.gone(room, "mine")
            ours, live = drawn.lines(room, size), await settled(room, size)
            assert alike(ours, live) >= LEAST


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_holds_only_places_styles_and_words_within_its_rows(
    night: Room, size: Size
) -> None:
    for fills in (True, False):
        how = Painting({"text": "38;2;1;2;3;48;2;4;5;6", ">text": "44"}, plain=False, fills=fills)
        frame = drawn.frame(night, size, how)
        bare = re.sub(r"\x1b\[(?:[0-9]*;?[0-9]*H|[0-9]+C|[0-9;]*m|K)|\r\n", "", frame)
        assert bare.isprintable()
        assert ("\x1b[K" in frame) == fills
        rows = painted(frame, *size).rows
        assert len(rows) == size[1]
        assert all("".join(sign for sign, _ in row) for row in rows)


@pytest.mark.parametrize("far", [False, True])
async def test_styles_are_those_of_the_live_room(night: Room, far: bool) -> None:
    size = (80, 24)
    app = screen(night, remote=far)
    async with app.run_test(size=size) as pilot:
        await _until_read(pilot)
        how = drawn.painting(app)
        strips = app.screen._compositor.render_strips()
        live = painted(
            "".join(
                f"\x1b[{y + 1};1H" + strip.render(app.console) for y, strip in enumerate(strips)
            ),
            *size,
        )
    ours = painted(drawn.frame(night, size, how, tint=app.tint), *size)
    for mine, theirs in zip(ours.rows[:-1], live.rows[:-1], strict=False):
        assert [cell for cell in mine if cell[0] != " "] == [one for one in theirs if one[0] != " "]
        assert [style.back for _, style in mine] == [style.back for _, style in theirs]


async def test_ascii_shows_nothing_else(night: Room) -> None:
    how = Painting({"text": "", ">text": "7"}, plain=True, fills=True)
    frame = drawn.frame(night, (120, 40), how)
    assert frame.isascii()
    assert "SEV1 !!" in frame


def warning(room: Room, number: int) -> Candidate:
    """Return an early warning that has waited for some minutes."""
    return Candidate(
        id="",
        uid=f"warning-{number}",
        at=room.clock.now() - timedelta(minutes=5 * number),
        term="ferrow",
        level="rising",
        reason=f"{number} in 20 min, usual 0.4; and more",
        observed=number,
        expected=0.4,
        window_minutes=20,
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("made", [night_room, calm_room])
async def test_early_warnings_stand_where_the_live_ones_do(
    tmp_path: Path, size: Size, count: int, made: Made
) -> None:
    async with made(tmp_path) as room:
        await apply_config(room, room.config, "crisisroom.yaml")
        for number in range(1, count + 1):
            await room.store.write(partial(candidates.add, made=warning(room, number)))
        await places.here(room, "mine", "INC-1" if made is night_room else "", "1", "")
        await places.gone(room, "mine")
        ours, live = drawn.lines(room, size), await settled(room, size)
        assert ours[:2] == live[:2]
        assert "warning" in ours[0] + ours[1]
