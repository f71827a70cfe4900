"""Pictures of listening: by story, the digest, the sources; drawn anew as the README's are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tui.night import screen
from tui.pictures import picture
from tui.seeing import see
from tui.story_night import mended, story_room

HERE = Path(__file__).parent / "snapshots"
SHOWN = {
    "stories-80x24": ((80, 24), ("v",), "when is the refund", {}),
    "stories-120x36": ((120, 36), ("v",), "why     likely a complaint", {}),
    "stories-ascii": ((80, 24), ("v",), "when is the refund", {"ascii_only": True}),
    "digest-80x24": ((80, 24), ("D",), "| Checked again", {"ascii_only": True}),
    "digest-120x36": ((120, 36), ("D",), "│ Checked again", {"light": True}),
    "sources-80x24": ((80, 24), ("S",), "silence there is not calm", {}),
}


@pytest.mark.parametrize("name", SHOWN)
async def test_picture(tmp_path: Path, name: str) -> None:
    size, keys, words, wishes = SHOWN[name]
    async with story_room(tmp_path) as room:
        await mended(room)
        app = screen(room, **wishes)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            await pilot.press(*keys)
            await see(pilot, words)
            await pilot.pause()
            drawn = picture(app, "crisisroom · INC-1")
    kept = HERE / f"{name}.svg"
    if os.environ.get("CRISISROOM_UPDATE_PICTURES"):
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8"), "the screen looks different now"
