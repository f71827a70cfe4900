"""What a killed process left is told from what somebody works on."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from crisisroom.store import leftover

_LEAVE = """
import sys
from pathlib import Path
from crisisroom.store import leftover
for name in ("room.db", "room.db", ""):
    made = Path(sys.argv[1]) / leftover.name(name)
    if name:
        made.write_text("words")
        made.with_name(made.name + "-wal").write_text("more")
    else:
        made.mkdir()
        (made / "INC-1.html").write_text("half")
"""


async def test_what_the_dead_left_goes_and_all_else_stays(tmp_path: Path) -> None:
    mine = tmp_path / leftover.name("room.db")
    others = [tmp_path / name for name in (".room.db.9cb5789b", "room.db", ".crisisroom-notes")]
    for path in (mine, *others):
        path.write_text("stays")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _LEAVE, str(tmp_path))
    assert await process.wait() == 0
    assert len(os.listdir(tmp_path)) == 9
    leftover.clear(tmp_path)
    assert {*os.listdir(tmp_path)} == {one.name for one in (mine, *others)}


def test_another_host_s_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / ".room.db.crisisroom-00000000-999999999-1-00000000"
    theirs.write_text("words")
    leftover.clear(tmp_path)
    leftover.clear(tmp_path / "not there")
    assert theirs.exists()
