"""The screen of figures: what each says, what was asked, the entries it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.night import PLAYBOOK, advance, calm_room, empty_room, night_room, screen
from tui.pictures import looks
from tui.seeing import lines, see, text, until

from crisisroom.core.incident import Incident
from crisisroom.room import Room, lifecycle, reading, record, statistics
from crisisroom.tui.figures.rows import Seen, figure_rows, figure_sheet

PICTURES = Path(__file__).parent.parent / "snapshots"
SIZES = [(80, 24), (120, 36)]


async def opened(pilot: Pilot[int]) -> None:
    """Open the screen."""
    await see(pilot, "mira.k")
    await pilot.press("h")
    await see(pilot, "There in time")


@pytest.mark.parametrize("size", SIZES)
async def test_how_fast_we_were(tmp_path: Path, size: tuple[int, int]) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            await until(pilot, lambda: "   from  " in text(app))
            await until(pilot, lambda: "b from entry" in lines(app)[-1])
            kept = PICTURES / f"figures-{size[0]}x{size[1]}.svg"
            await looks(app, pilot, "crisisroom · figures", kept)  # type: ignore[arg-type]


async def test_a_figure_leads_to_its_entries(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        found = await statistics.figures_of(room, "INC-1")
        staffed = {one.id: one for one in found.metrics}["time_to_staff"]
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await see(pilot, "declared to all required roles held")
            await pilot.press("j")
            await see(pilot, f"enter entry {staffed.to}")
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is app.room_screen)
            pane = app.room_screen.timeline
            await until(pilot, lambda: pane.chosen == f"entry:{staffed.to}")


async def test_what_happens_meanwhile_changes_the_figures(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            before = (await state(room)).seq
            await see(pilot, f"as of entry {before}")
            advance(room, 3)
            await record.note(room, "INC-1", "the bank rang")
            after = (await state(room)).seq
            await see(pilot, f"as of entry {after}")


async def test_a_new_drill_has_nothing_to_show_yet(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        await lifecycle.declare(room, "A rehearsal", playbook=PLAYBOOK, severity="sev2", drill=True)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "A rehears")
            await pilot.press("h")
            await see(pilot, "a drill, not in stats")
            await pilot.press("b")
            await see(pilot, "no entry yet")


async def test_without_an_incident_the_key_says_so(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("h")
            await see(pilot, "figures: no incident")


async def test_each_figure_stands_there_once_and_strangers_words_are_foreign(
    tmp_path: Path,
) -> None:
    async with night_room(tmp_path) as room:
        found = await statistics.figures_of(room, "INC-1")
        zone = room.scene().now.tzinfo
        assert zone is not None
        seen = Seen(found, room.clock.now(), zone)
        for width in (40, 78, 118):
            rows = [one for one in figure_rows(seen, width) if one.at]
            assert sorted(one.at for one in rows) == sorted(
                f"figure:{one.id}" for one in found.metrics
            )
            for one in rows:
                for line in figure_sheet(seen, one.at, width):
                    assert not any(cell.foreign for cell in line.cells[:-1])


async def state(room: Room) -> Incident:
    """Return the incident."""
    return await reading.incident(room, "INC-1")
