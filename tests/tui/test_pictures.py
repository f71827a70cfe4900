"""The two pictures that the README shows; CRISISROOM_UPDATE_PICTURES=1 draws them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tui.night import night_room, screen
from tui.pictures import picture
from tui.seeing import see, until

HERE = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize(("name", "size"), [("80x24", (80, 24)), ("120x36", (120, 36))])
async def test_picture(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            posts = app.room_screen.feed
            while posts.mention is not None and "@pat" not in posts.mention.author.handle:
                await pilot.press("j")
            if size[0] >= 120:
                await see(pilot, "2 answers")
            await until(pilot, lambda: app.room_screen.timeline.book.head_hash)
            drawn = picture(app, "crisisroom · INC-1")
    kept = HERE / f"room-{name}.svg"
    if os.environ.get("CRISISROOM_UPDATE_PICTURES"):
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8"), "the screen looks different now"
