"""What is out and became untrue is an alarm on the room's screen, a click from its mending."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.compose.sides import moved, published, spoken
from tui.night import screen
from tui.seeing import lines, see, until

from crisisroom.room import statements
from crisisroom.tui.compose.owed import OwedScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_moved_fact_raises_the_alarm_until_it_is_settled(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto")
        app = screen(stage.room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "Double charge")
            await until(pilot, lambda: app.situation.incident)
            await moved(stage)
            await until(pilot, lambda: lines(app)[1].startswith("  correct    ST-1"))
            await see(pilot, "ST-1 is out and says Tuesday")
            await pilot.click(offset=(3, 1))
            await until(pilot, lambda: isinstance(app.screen, OwedScreen))
            await see(pilot, "1 correction due")
            assert lines(app)[1].startswith("  correct    ST-1")
            await statements.settle_owed(stage.room, stage.incident.id, "ST-1", "a day only")
            await until(pilot, lambda: "correct" not in lines(app)[1])
            await see(pilot, "no correction is due")
