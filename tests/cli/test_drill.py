"""`crisisroom drill`: refusals, the files it leaves, and the path of somebody new to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.driver import Cli
from drill.small import DRILL, HEAD


def _file(text: str = HEAD + DRILL) -> str:
    Path("small.yaml").write_text(text)
    return "small.yaml"


def test_it_plays_and_says_what_came_late(cli: Cli) -> None:
    said = cli.ok("drill", _file(), "--headless", "-o", "friday")
    assert said.lines[0] == "DRILL: The small crisis; nothing goes out"
    assert "0:00:00  social pat@fans.example: It smokes!" in said.lines
    assert any(line.startswith("0:03:00  room: now to do: Help who is hurt") for line in said.lines)
    times = [line.split()[0] for line in said.lines if line[:1].isdigit()]
    assert times == sorted(times)
    report = said.lines[said.lines.index("DRILL: The small crisis") :]
    assert Path("friday/report.txt").read_text().splitlines() == report
    assert report[-1].startswith("Everything lies in friday: report.md")
    assert "First statement: after 6m, 5m allowed: late" in report


def test_what_it_leaves_is_marked_and_verifies(cli: Cli) -> None:
    cli.ok("drill", _file(), "--headless", "-o", "friday")
    folder = Path("friday")
    assert "**DRILL: this did not happen.**" in (folder / "report.md").read_text()
    assert "**DRILL" in (folder / "export/INC-1.md").read_text()
    assert "(DRILL)" in (folder / "export/INC-1-ics214.txt").read_text()
    assert json.loads((folder / "export/INC-1.json").read_text())["incident"]["drill"] is True
    cli.ok("verify", "friday/export/INC-1.jsonl")
    cli.ok("--room", "friday/room.db", "verify")
    assert "INC-1 DRILL" in cli.ok("--room", "friday/room.db", "incidents").out
    assert (folder / "room.db").stat().st_mode & 0o077 == 0
    assert (folder / "report.md").stat().st_mode & 0o077 == 0


def test_as_json_it_says_nothing_but_its_report(cli: Cli) -> None:
    told = cli.json("drill", _file(), "--headless", "-o", "friday")
    assert told == json.loads(Path("friday/report.json").read_text())
    assert (told["ok"], told["ended"], told["problems"]) == (True, True, [])
    verdicts = {f"{one['kind']}:{one['id']}": one["verdict"] for one in told["outcome"]["items"]}
    assert verdicts["task:pause"] == "on time"
    assert verdicts["task:call"] == "late"
    assert verdicts["task:never"] == "never"


def test_without_a_terminal_it_is_headless_and_finds_a_folder_itself(cli: Cli) -> None:
    told = cli.json("drill", _file(), "--speed", "100000")
    assert told["headless"] is True
    assert (Path(told["folder"]) / "report.md").exists()


def test_the_team_and_the_brand_are_those_of_the_configuration(cli: Cli) -> None:
    Path("crisisroom.yaml").write_text(
        'schema: 1\nroom: {name: "Ours", zone: Europe/Berlin}\nbrand: {name: "Ferrow"}\nteam:\n'
        '  - {id: mo, name: "Mo", roles: [lead, social]}\n'
        '  - {id: nia, name: "Nia", roles: [legal]}\n'
    )
    told = cli.json("drill", _file(), "--headless")
    assert told["brand"] == "Ferrow"
    assert {"Lead: mo", "Legal: nia"} <= set(told["played_by"])
    assert told["stand_ins"] == ["Scribe"]
    alone = cli.json("drill", "small.yaml", "--headless", "--alone")
    assert len({held.partition(": ")[2] for held in alone["played_by"]}) == 1


def test_a_playbook_without_a_drill_is_refused_with_what_to_write(cli: Cli) -> None:
    said = cli.refused(1, "drill", _file(HEAD), "--headless")
    assert "small has no drill" in said.err
    assert "drill:" in said.err
    assert "inject" in said.err


def test_a_broken_playbook_is_listed_as_check_lists_it(cli: Cli) -> None:
    file = _file(HEAD.replace("[legal]", "[leagl]") + DRILL.replace("done: pause", "done: pauze"))
    checked = cli("check", file)
    said = cli("drill", file, "--headless")
    assert (said.code, said.err) == (1, "")
    assert said.lines[:-1] == checked.lines
    assert len(checked.lines) >= 2
    assert said.lines[-1] == "no drill was held: mend these first"
    told = cli("drill", file, "--headless", "--json").json
    assert told["ok"] is False
    assert len(told["problems"]) == len(checked.lines)


def test_what_cannot_be_read_is_refused_in_one_line(cli: Cli) -> None:
    Path("folder.yaml").mkdir()
    Path("bytes.yaml").write_bytes(b"schema: \xff\n")
    for name, code, told in (
        ("nowhere.yaml", 2, "there is no file nowhere.yaml"),
        ("no-such-playbook", 2, 'no playbook is called "no-such-playbook"'),
        ("folder.yaml", 1, "folder.yaml cannot be read: Is a directory"),
        ("bytes.yaml", 1, "bytes.yaml:1:9: this is not UTF-8"),
    ):
        assert told in cli.refused(code, "drill", name, "--headless").err


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "1e9", "fast"])
def test_a_speed_that_is_none_is_refused(cli: Cli, speed: str) -> None:
    assert "--speed" in cli.refused(2, "drill", _file(), "--headless", f"--speed={speed}").err


def test_a_second_drill_does_not_write_over_the_first(cli: Cli) -> None:
    cli.ok("drill", _file(), "--headless", "-o", "friday")
    before = Path("friday/report.md").read_bytes()
    said = cli.refused(1, "drill", "small.yaml", "--headless", "-o", "friday")
    assert "there is a drill in friday already" in said.err
    assert Path("friday/report.md").read_bytes() == before


def test_team_and_alone_exclude_each_other(cli: Cli) -> None:
    said = cli.refused(2, "drill", _file(), "--headless", "--alone", "--with-team")
    assert "--with-team: not allowed with argument --alone" in said.err


def test_a_drill_touches_no_other_room(cli: Cli) -> None:
    cli.ok("drill", _file(), "--headless", "-o", "friday")
    assert "there is no room at" in cli.refused(1, "incidents").err


ANSWERS = """\
title: "Orders do not arrive"
id: orders
source_of_truth: "https://www.example.org/orders"
timezone: Europe/Berlin
team:
  - {name: "Mia Berg", phone: "+00 111", roles: [lead], stands_in: [social]}
  - {name: "Tom Ray", phone: "+00 222", roles: [social, spokesperson], stands_in: [lead]}
  - {name: "Ida Lund", phone: "+00 333", roles: [approver], stands_in: [approver]}
"""


def test_somebody_new_writes_edits_checks_drills_and_reads(cli: Cli) -> None:
    Path("answers.yaml").write_text(ANSWERS)
    cli.ok("playbook", "new", "--answers", "answers.yaml", "-o", "orders.yaml")
    file = Path("orders.yaml")
    written = file.read_text()
    assert "within: 5m" in written
    file.write_text(written.replace("within: 5m", "within: 5 mins", 1))
    problem = cli("check", "orders.yaml").lines[0]
    assert problem.startswith("orders.yaml:")
    assert cli("drill", "orders.yaml", "--headless").lines[0] == problem
    file.write_text(written.replace("calling each of you", "writing to each of you"))
    cli.ok("check", "orders.yaml")
    said = cli.ok("drill", "orders.yaml", "--headless", "--speed", "100000", "-o", "first")
    assert any("writing to each of you" in line for line in said.lines)
    report = Path("first/report.md").read_text()
    assert "# Drill: Orders do not arrive" in report
    assert "Crisis lead: mia-berg" in report
    assert "Log verified" in report
    told = json.loads(Path("first/report.json").read_text())
    assert (told["ok"], told["slips"], told["stand_ins"]) == (True, [], [])
    verdicts = {one["id"]: one["verdict"] for one in told["outcome"]["items"]}
    assert (verdicts["holding"], verdicts["resolution"]) == ("on time", "running")
