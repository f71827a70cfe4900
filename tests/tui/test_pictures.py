"""Pictures of the room at each size and in each look; the README shows the first two.

CRISISROOM_UPDATE_PICTURES=1 draws them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tui.every import steady
from tui.matrix import LARGE, PHONE, SMALL, TERMINALS
from tui.night import night_room, screen
from tui.pictures import picture
from tui.seeing import see, until

HERE = Path(__file__).parent / "snapshots"
WIDE = (120, 36)  # the least that shows four parts side by side


@pytest.mark.parametrize(
    ("name", "size", "look"),
    [
        ("80x24", SMALL, "dark"),
        ("120x36", WIDE, "dark"),
        ("50x30", PHONE, "dark"),
        ("200x60", LARGE, "light"),
        ("80x24-contrast", SMALL, "contrast"),
        ("120x36-contrast-light", WIDE, "contrast on light"),
        ("80x24-16-colours", SMALL, "16 colours"),
        ("120x36-ascii", WIDE, "ascii, no colour"),
    ],
)
async def test_picture(tmp_path: Path, name: str, size: tuple[int, int], look: str) -> None:
    on = TERMINALS[look]
    async with night_room(tmp_path) as room:
        app = screen(
            room, environ=on.environ, light=on.light, contrast=on.contrast, ascii_only=on.ascii
        )
        async with app.run_test(size=size) as pilot:
            await see(pilot, "12 posts")
            posts = app.room_screen.feed
            while posts.mention is None or "@pat" not in posts.mention.author.handle:
                await pilot.press("j")
            if size[0] >= 120:
                await see(pilot, "2 answers")
            await until(pilot, lambda: app.room_screen.timeline.book.head_hash)
            await steady(app, pilot)
            drawn = picture(app, "crisisroom · INC-1")
    kept = HERE / f"room-{name}.svg"
    if os.environ.get("CRISISROOM_UPDATE_PICTURES"):
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8"), "the screen looks different now"
