"""The pause list by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.driver import Cli, declared

from crisisroom.room import hooks

ITEM = {
    *("id", "title", "kind", "owner", "backup", "hook", "detail", "state", "by", "at", "words"),
    "by_hook",
}
CONFIG = """
schema: 1
room: {name: "Ours"}
brand: {name: "Ferrow"}
accounts:
  - {id: main, type: mastodon, server: "https://social.example", owner: ada, backup: bo}
pauses:
  - {id: ads, title: "Ads", kind: ads, owner: ada, hook: stop-ads}
  - {id: agency, title: "The agency", kind: agency, detail: "ring +49 30 5"}
team:
  - {id: ada, name: "Ada", roles: [lead]}
  - {id: bo, name: "Bo"}
"""


@pytest.fixture
def listed(cli: Cli) -> Cli:
    """The command line of a room with a pause list and INC-1."""
    Path("crisisroom.yaml").write_text(CONFIG.partition("team:")[0])
    declared(cli)
    return cli


def hook(body: str) -> None:
    place = hooks.folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    (place / "stop-ads").write_text(f"#!/bin/sh\n{body}\n")
    (place / "stop-ads").chmod(0o700)


def test_the_list_from_the_first_look_to_the_last_decision(listed: Cli) -> None:
    lines = listed.ok("pause", "list", "INC-1").lines
    assert lines == [
        "running    main  mastodon account main (account, ada, else bo)",
        "running    ads  Ads (ads, ada, hook stop-ads)",
        "running    agency  The agency (agency, nobody)",
        "  by hand: ring +49 30 5",
    ]
    items = listed.json("pause", "list")
    assert all(item.keys() == ITEM for item in items)
    assert "not paused yet:" in listed.ok("brief").lines
    hook("echo 3 campaigns stopped")
    said = listed.ok("pause", "run", "INC-1", "--all")
    assert said.lines[-1].endswith("paused by its hook: Ads: 3 campaigns stopped")
    one = listed.json("pause", "set", "INC-1", "agency", "paused", "by", "phone")
    assert (one["state"], one["words"]) == ("paused", "by phone")
    assert one["entry"] > 0
    listed.ok("pause", "set", "main", "not_needed")
    assert "not paused yet:" not in listed.ok("brief").lines
    assert listed.ok("pause", "list").lines[1].startswith("paused     ads  Ads")
    came = listed.json("pause", "resume", "INC-1", "ads", "agency", "quiet", "for", "a", "day")
    assert [item["state"] for item in came["pauses"]] == ["resumed", "resumed"]
    assert listed.ok("timeline").out.count("because quiet for a day") == 1


def test_what_did_not_work_is_told_by_the_exit_code(listed: Cli) -> None:
    hook("echo token expired; exit 2")
    said = listed("pause", "run", "ads")
    assert (said.code, said.err) == (1, "")
    assert said.lines[-1].endswith("not paused: Ads: ended with 2: token expired")
    hook("exit 0")
    listed.ok("pause", "run", "ads")
    hook("exit 2")
    assert listed("pause", "resume", "--all", "over").code == 1
    listed.ok("pause", "resume", "--all", "--by-hand", "over")


def test_only_the_lead_resumes(listed: Cli) -> None:
    listed.ok("pause", "set", "ads", "paused")
    Path("crisisroom.yaml").write_text(CONFIG.replace('"Ours"', '"drill: Ours"'))
    listed.ok("apply", "crisisroom.yaml", "--as", "ada")
    said = listed.refused(1, "pause", "resume", "ads", "over", "--as", "bo")
    assert "may resume what is paused" in said.err


def test_how_it_is_called(listed: Cli) -> None:
    assert "say --all" in listed.refused(2, "pause", "run").err
    assert "say --all" in listed.refused(2, "pause", "run", "ads", "--all").err
    assert "is not on the pause list" in listed.refused(2, "pause", "resume", "adds", "over").err
    listed.ok("pause", "set", "ads", "paused")
    assert "needs a reason" in listed.refused(2, "pause", "resume", "ads").err
    listed.refused(2, "pause", "set", "ads", "resumed")


def test_a_room_without_one_says_how_to_have_it(crisis: Cli) -> None:
    assert "crisisroom.yaml" in crisis.ok("pause").out
    assert crisis.json("pause", "list") == []
