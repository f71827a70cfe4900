"""Pictures of the review and the brief; CRISISROOM_UPDATE_PICTURES=1 draws them anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.after.after_night import after_room
from tui.night import night_room, screen
from tui.pictures import looks
from tui.seeing import see

HERE = Path(__file__).parents[1] / "snapshots"
SIZES = {"80x24": (80, 24), "120x36": (120, 36)}
LOOKS: dict[str, dict[str, object]] = {
    "": {},
    "-light": {"light": True},
    "-ascii": {"ascii_only": True},
}
PARTS = {
    "review": ("1", "Nothing is written yet"),
    "actions": ("2", "A-1 of INC-1"),
    "programme": ("3", "we promised (P-1, open)"),
}


@pytest.mark.parametrize(
    ("name", "size", "look"),
    [
        ("review", "80x24", ""),
        ("review", "120x36", "-light"),
        ("actions", "80x24", "-ascii"),
        ("actions", "120x36", ""),
        ("programme", "80x24", ""),
    ],
)
async def test_the_review(tmp_path: Path, name: str, size: str, look: str) -> None:
    key, told = PARTS[name]
    async with after_room(tmp_path) as room:
        app = screen(room, **LOOKS[look])
        async with app.run_test(size=SIZES[size]) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("l")
            await see(pilot, "It was seen at 03:10.")
            await pilot.press(key, *("jj" if name == "review" else ""))
            await see(pilot, told)
            kept = HERE / f"{name}-{size}{look}.svg"
            await looks(app, pilot, f"crisisroom · {name}", kept)  # type: ignore[arg-type]


@pytest.mark.parametrize(("size", "look"), [("80x24", ""), ("120x36", "-light")])
async def test_the_brief(tmp_path: Path, size: str, look: str) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room, **LOOKS[look])
        async with app.run_test(size=SIZES[size]) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("b")
            await see(pilot, "what we promised")
            kept = HERE / f"brief-{size}{look}.svg"
            await looks(app, pilot, "crisisroom · brief", kept)  # type: ignore[arg-type]
