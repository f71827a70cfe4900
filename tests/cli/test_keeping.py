"""`backup` and `restore` by the command line."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.clock import ManualClock


def test_a_backup_says_its_head(crisis: Cli) -> None:
    done = crisis.json("backup", "copy.db")
    assert done.keys() == {"file", "entry", "head_hash", "entries", "incidents", "removed"}
    assert (done["file"], done["incidents"]) == ("copy.db", 1)
    said = crisis.ok("backup", "other.db")
    assert "nothing was altered; head " in said.lines[1]
    crisis.refused(1, "backup", "copy.db")


def test_a_folder_keeps_so_many(crisis: Cli, clock: ManualClock) -> None:
    for _ in range(3):
        done = crisis.json("backup", "--to", "kept", "--keep", "2")
        clock.advance(60)
    assert len(done["removed"]) == 1
    assert len(list(Path("kept").iterdir())) == 2


def test_where_to_has_to_be_said_once(crisis: Cli) -> None:
    assert "say where to" in crisis.refused(2, "backup").err
    assert "say where to" in crisis.refused(2, "backup", "copy.db", "--to", "kept").err
    assert "goes with --to" in crisis.refused(2, "backup", "copy.db", "--keep", "3").err
    assert "one copy stays" in crisis.refused(1, "backup", "--to", "kept", "--keep", "0").err


def test_a_copy_comes_back(crisis: Cli) -> None:
    crisis.ok("backup", "copy.db")
    crisis.ok("note", "INC-1", "what came later")
    said = crisis("restore", "copy.db")
    assert said.code == 1
    assert "this copy ends at entry" in said.err
    done = crisis.json("restore", "copy.db", "--force")
    assert done["replaced"].startswith(str(room_file()))
    assert {one["name"] for one in done["behind"]} == {"room", "INC-1"}
    assert crisis.json("verify")["ok"]
    assert "what came later" not in crisis.ok("timeline", "INC-1").out
    fresh = crisis.ok("--room", "new/room.db", "restore", "copy.db")
    assert fresh.lines[0].startswith("restored new/room.db")


def test_a_copy_older_than_an_anchor_says_how_many_entries_are_missing(crisis: Cli) -> None:
    crisis.ok("backup", "copy.db")
    crisis.ok("note", "INC-1", "what came later")
    crisis.ok("anchor", "make", "-o", "anchor.json")
    new = ("--room", "new/room.db", "restore", "copy.db", "--anchor", "anchor.json")
    refused = crisis.refused(1, *new)
    assert "INC-1: this copy ends at entry" in refused.err
    assert "1 entry is missing" in refused.err
    done = crisis.json(*new, "--force")
    assert {one["name"]: one["missing"] for one in done["behind"]} == {"room": 1, "INC-1": 1}
    Path("none.json").write_text("no anchor")
    crisis.refused(1, "--room", "third/room.db", "restore", "copy.db", "--anchor", "none.json")


def test_a_backup_in_use_and_what_is_none_are_told_in_one_line(crisis: Cli) -> None:
    Path("text.db").write_text("hello")
    for given in ("text.db", "nothing.db", "."):
        said = crisis.refused(1, "--room", "new/room.db", "restore", given)
        assert len(said.err.splitlines()) == 1
    assert not Path("new/room.db").exists()
