"""The composer as it looks; CRISISROOM_UPDATE_PICTURES=1 draws it anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.compose.replies import GERMAN, post, reply_night, writes
from tui.compose.stage import settled, showing, until
from tui.pictures import looks

from crisisroom.room import lines
from crisisroom.tui.compose.reply import ReplyScreen

HERE = Path(__file__).parent.parent / "snapshots"
TITLE = "crisisroom · INC-1 · reply"
BO = "Hello @pat@social.example,\nWe look into it at once.\n\nBo, for Ferrow"


@pytest.mark.parametrize(
    ("name", "size", "palette"),
    [
        ("80x24", (80, 24), "dark"),
        ("120x36", (120, 36), "dark"),
        ("120x36-light", (120, 36), "light"),
        ("80x24-ascii", (80, 24), "mono"),
    ],
)
async def test_picture(tmp_path: Path, name: str, size: tuple[int, int], palette: str) -> None:
    async with reply_night(tmp_path) as stage:
        await lines.set_line(stage.room, stage.incident.id, "all", "questions", "answers feed it")
        await writes(stage, "bo", BO)
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, size, palette) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            screen.put_in(screen.editor.text.replace("mistake.", "mistake. We guarantee ‹refund›."))
            await until(pilot, lambda: screen.reviewed and screen.reviewed.blocking)
            await until(pilot, lambda: screen.saved_at)
            await settled(app, pilot)
            await looks(app, pilot, TITLE, HERE / f"reply-{name}.svg")  # type: ignore[arg-type]


async def test_picture_of_a_reply_in_another_language(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        german = await post(stage, GERMAN, lang="de")
        screen = ReplyScreen(stage.room, stage.incident.id, german.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            await looks(app, pilot, TITLE, HERE / "reply-german-80x24.svg")  # type: ignore[arg-type]
