"""Pictures of the early warning and the charts; CRISISROOM_UPDATE_PICTURES=1 draws them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tui.night import screen
from tui.pictures import picture
from tui.seeing import see
from tui.warned_night import PLAYBOOKS, warned_room

from crisisroom.tui.hooks import Hooks

HERE = Path(__file__).parent / "snapshots"
SHOWN = {
    "warning": ("W", "", "9 in 20 min, usual 0.4; 9 authors"),
    "volume": ("t", "", "Likely complaints"),
    "volume-week": ("t", "3", "7 days, every 3h"),
}
SIZES = {"80x24": (80, 24), "120x36": (120, 36), "160x48": (160, 48)}
LOOKS: dict[str, dict[str, object]] = {
    "": {},
    "-light": {"light": True},
    "-ascii": {"ascii_only": True},
}
CASES = [
    *((name, size, "") for name in SHOWN for size in SIZES),
    *((name, "120x36", look) for name in ("warning", "volume") for look in ("-light", "-ascii")),
]


@pytest.mark.parametrize(("name", "size", "look"), CASES)
async def test_picture(tmp_path: Path, name: str, size: str, look: str) -> None:
    opens, then, words = SHOWN[name]
    async with warned_room(tmp_path) as room:
        app = screen(room, hooks=Hooks(playbooks=(PLAYBOOKS,)), **LOOKS[look])
        async with app.run_test(size=SIZES[size]) as pilot:
            await see(pilot, "waits 4m")
            await pilot.press(opens)
            await see(pilot, words if not then else "Likely complaints")
            if then:
                await pilot.press(then)
                await see(pilot, words)
            drawn = picture(app, f"crisisroom · {name}")
    kept = HERE / f"{name}-{size}{look}.svg"
    if os.environ.get("CRISISROOM_UPDATE_PICTURES"):
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8"), "the screen looks different now"
