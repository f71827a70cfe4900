"""A drill on the screen: the script comes by itself, a person acts, a report follows."""

from __future__ import annotations

import json

from drill.small import DRILL, HEAD
from e2e.ground import Ground

from crisisroom.drill.performance import OVER

BELL = "\x07"
FASTER = ("--speed", "200")  # the ten minutes of the script in three seconds


def test_a_drill_plays_on_the_screen_and_leaves_a_report(ground: Ground) -> None:
    (ground.folder / "small.yaml").write_text(HEAD + DRILL)
    folder = ground.folder / "friday"
    with ground.screen("small.yaml", *FASTER, "-o", str(folder), verb="drill") as screen:
        screen.wait_for("DRILL").wait_for("The small crisis")
        screen.press("4").wait_for("inject to Lead")
        screen.wait_for("the drill is over", seconds=60)
        screen.press("q").wait_for("1 Feed").press("q")
        assert screen.wait_end() == 0
        said = screen.drained().after
    assert "that was a drill: nothing went out." in said
    assert "Injects: 0 of 3 taken up" in said
    assert {one.token for one in screen.wire.violations} <= {BELL}  # it rings for what is late
    told = json.loads((folder / "report.json").read_text())
    assert (told["ok"], told["headless"], told["problems"]) == (True, False, [])
    timeline = (folder / "export" / "INC-1.md").read_text()
    assert OVER.partition(":")[0] in timeline
    assert "Pause posts" in (folder / "report.md").read_text()


def test_who_leaves_early_is_told_so(ground: Ground) -> None:
    (ground.folder / "small.yaml").write_text(HEAD + DRILL)
    folder = str(ground.folder / "friday")
    with ground.screen("small.yaml", "-o", folder, verb="drill") as screen:
        screen.wait_for("DRILL").press("q")
        assert screen.wait_end() == 1
        said = screen.drained().after
    assert "of 11 steps of the script" in said
    assert "Nobody declared an incident" in said


def test_a_colleague_joins_the_drill_of_a_team(ground: Ground) -> None:
    (ground.folder / "small.yaml").write_text(HEAD + DRILL)
    folder = ground.folder / "friday"
    begun = ("small.yaml", "--with-team", "-o", str(folder))
    with ground.screen(*begun, verb="drill") as screen:
        screen.wait_for("press enter to begin").press("enter").wait_for("DRILL")
        screen.wait_for(lambda _: (folder / "room.db").exists())
        ground.room = folder / "room.db"
        ground.do("declare", "Smoke", "--playbook", "small.yaml", "--drill", "--as", "bo")
        ground.do("role", "take", "lead", "--as", "bo")
        screen.wait_for("Smoke")
        screen.press("q")
        screen.wait_end()
    assert json.loads((folder / "report.json").read_text())["played_by"] == ["Lead: bo"]
