"""Setting a room up by the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.config import Brand, Config
from crisisroom.config.load import load_config
from crisisroom.config.terms import terms_of
from crisisroom.core.watchlist import Watchlist

TEAM = """
schema: 1
room: {name: "Ours", zone: Europe/Berlin}
team:
  - {id: ada, name: "Ada", roles: [lead]}
"""


def test_init_writes_what_check_accepts_and_overwrites_nothing(cli: Cli, tmp_path: Path) -> None:
    first = cli.json("init", "room")
    assert first["kept"] == []
    assert (tmp_path / "room" / "crisisroom.yaml").exists()
    assert (tmp_path / "room" / "playbooks" / "product-defect.yaml").exists()
    (tmp_path / "room" / "crisisroom.yaml").write_text("schema: 1\n")
    (tmp_path / "room" / "playbooks" / "product-defect.yaml").unlink()
    again = cli.ok("init", "room")
    assert "wrote room/playbooks/product-defect.yaml" in again.lines
    assert "kept room/crisisroom.yaml, it was there" in again.lines
    assert (tmp_path / "room" / "crisisroom.yaml").read_text() == "schema: 1\n"
    cli.ok("check", "room", "room/playbooks")
    cli.ok("check", "--config", "room/crisisroom.yaml")


def configured(text: str) -> Config:
    config, problems = load_config(text, "/srv/crisisroom.yaml")
    assert not problems
    assert config is not None
    return config


def said_of(path: Path) -> Config:
    return configured(path.read_text())


def test_init_for_a_brand_writes_a_room_that_listens(cli: Cli, tmp_path: Path) -> None:
    said = cli.ok("init", "--brand", "Ferrow", "--site", "https://www.ferrow.example/en")
    assert "crisisroom watch --once" in said.out
    cli.ok("check")
    config = said_of(tmp_path / "crisisroom.yaml")
    assert config.brand == Brand(name="Ferrow", names=("Ferrow",))
    assert [(one.id, one.say) for one in config.terms] == [("brand", '"Ferrow" OR ferrow.example')]
    assert [one.type for one in config.sources] == ["hackernews", "news", "reddit"]
    watched = Watchlist(terms_of(config))
    assert watched.look("", url="https://shop.ferrow.example/").terms == ("brand",)
    for name in ("ferrow", "Ferrow's"):
        assert watched.look(f"oh {name} again").terms == ("brand",)


@pytest.mark.parametrize(
    "brand", ['Ben & "Jerry"', "L'Oréal", "O’Neil # 1", "100%: yes", "フェロー", "{a}", "*", "\\n"]
)
def test_any_brand_may_begin(cli: Cli, tmp_path: Path, brand: str) -> None:
    said = cli("init", "--brand", brand)
    if brand == "*":
        assert (said.code, "a letter or a digit" in said.err) == (2, True)
        assert not (tmp_path / "crisisroom.yaml").exists()
        return
    assert said.code == 0
    config = said_of(tmp_path / "crisisroom.yaml")
    assert config.brand.name == brand
    assert Watchlist(terms_of(config)).look(brand.replace("*", "").replace('"', " ")).terms


def test_init_takes_a_query_and_says_what_is_wrong_with_it(cli: Cli, tmp_path: Path) -> None:
    assert "OR in capitals" in cli.refused(2, "init", "--brand", "A", "--terms", "a or b").err
    assert "https://example.org" in cli.refused(2, "init", "--brand", "A", "--site", "a.b").err
    assert "--brand" in cli.refused(2, "init", "--terms", "a").err
    assert not (tmp_path / "crisisroom.yaml").exists()
    cli.ok("init", "--brand", "A", "--terms", "alpha OR #al -beta")
    assert said_of(tmp_path / "crisisroom.yaml").terms[0].say == "alpha OR #al -beta"


def test_init_asks_a_person_three_questions(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisroom.cli.beginning._at_terminal", lambda: True)
    answers = "!\nFerrow\nFerow, Ferrow Hotels,, \nferrow\nhttps://ferrow.example\n"
    said = cli.ok("init", stdin=answers.encode())
    assert said.out.count("once more, please") == 2
    config = said_of(tmp_path / "crisisroom.yaml")
    assert config.brand.names == ("Ferrow", "Ferow", "Ferrow Hotels")
    assert config.terms[0].say == '"Ferrow" OR "Ferow" OR "Ferrow Hotels" OR ferrow.example'
    assert "brand called" not in cli.ok("init").out  # what is there is kept


def test_init_that_is_left_writes_nothing(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisroom.cli.beginning._at_terminal", lambda: True)
    assert cli("init", stdin=b"Ferrow\n").code == 1
    assert not (tmp_path / "crisisroom.yaml").exists()


def test_init_says_why_it_cannot_write(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot write" in cli.refused(1, "init", "file").err


def test_check_names_every_problem_with_its_place(cli: Cli, tmp_path: Path) -> None:
    cli.ok("init")
    config = tmp_path / "crisisroom.yaml"
    config.write_text("schema: 1\nroom: {zone: Mars}\nsourcs: []\n")
    (tmp_path / "playbooks" / "bad.yaml").write_text("schema: 1\n\tid: x\n")
    said = cli("check")
    assert said.code == 1
    assert said.err == ""
    places = [line.split(": ")[0] for line in said.lines]
    assert f"{config}:2:14" in places
    assert f"{config}:3:1" in places
    assert any("bad.yaml:2:" in place for place in places)
    verdict = cli("check", "--json")
    assert (verdict.code, verdict.json["ok"]) == (1, False)
    for problem in verdict.json["problems"]:
        assert problem.keys() == {"code", "file", "line", "col", "message", "hint"}
    assert "did you mean" in "".join(one["hint"] for one in verdict.json["problems"])


def test_check_tells_a_configuration_from_a_playbook(cli: Cli, tmp_path: Path) -> None:
    cli.ok("init")
    (tmp_path / "crisisroom.yaml").rename(tmp_path / "staging.yaml")
    (tmp_path / "playbooks" / "product-defect.yaml").rename(tmp_path / "mine.yml")
    assert cli.ok("check", "staging.yaml", "mine.yml").lines == ["staging.yaml: ok", "mine.yml: ok"]


def test_check_of_nothing_says_so(cli: Cli) -> None:
    assert "crisisroom init" in cli.refused(2, "check").err
    assert "no file" in cli.refused(2, "check", "missing.yaml").err
    assert "--config" in cli.refused(2, "check", "--config", "missing.yaml").err


def test_a_file_that_is_no_text_is_a_problem(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"schema: \xff\n")
    said = cli("check", "x.yaml")
    assert said.code == 1
    assert "UTF-8" in said.out


def test_check_says_where_a_file_stops_being_text(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"schema: 1\ntitle: \xff\n")
    (found,) = cli("check", "x.yaml", "--json").json["problems"]
    assert (found["file"], found["line"], found["col"]) == ("x.yaml", 2, 8)


def test_check_of_what_cannot_be_read_is_no_verdict(cli: Cli, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "cannot be read" in cli.refused(2, "check", "pipe.yaml").err


def test_check_reads_what_playbooks_share(cli: Cli, tmp_path: Path) -> None:
    plan = 'schema: 1\nid: plan\ntitle: "Plan"\nversion: 1\ninclude: [shared/people.yaml]\n'
    plan += 'severities: [{id: sev1, label: "Crisis"}]\nowner: lead\n'
    (tmp_path / "plan.yaml").write_text(plan)
    assert "shared/people.yaml" in cli("check", "plan.yaml").out
    (tmp_path / "shared").mkdir()
    people = tmp_path / "shared" / "people.yaml"
    people.write_text('roles:\n  - {id: lead, title: "Lead"}\n')
    assert cli.ok("check", "plan.yaml", "shared").lines == [
        "plan.yaml: ok",
        "shared/people.yaml: ok",
    ]
    people.write_text('roles:\n  - {id: led, titel: "Lead"}\n')
    said = cli("check", "plan.yaml", "shared")
    assert said.code == 1
    assert "plan.yaml:7:8: no role" in said.out
    assert said.out.count("shared/people.yaml:2:15: ") == 1  # found twice, said once


def test_check_says_what_has_grown_old(cli: Cli, tmp_path: Path) -> None:
    cli.ok("init")
    path = tmp_path / "playbooks" / "hoax.yaml"
    text = path.read_text()
    day = next(line for line in text.split("\n") if line.startswith("reviewed: "))
    path.write_text(text.replace(day, "reviewed: 2020-01-01"))
    (found,) = cli("check", "playbooks/hoax.yaml", "--json").json["problems"]
    assert found["code"] == "stale"
    assert cli.ok("playbook", "show", "hoax").out


def test_apply_shows_the_difference_once(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text('schema: 1\nroom: {name: "Ours"}\n')
    changed = cli.ok("apply", "ours.yaml")
    assert any("Ours" in line for line in changed.lines)
    assert changed.lines[-1] == "in force: ours.yaml"
    assert cli.ok("apply", "ours.yaml").lines == ["nothing differs: in force"]
    assert cli.json("apply", "ours.yaml") == {"file": "ours.yaml", "changes": []}
    assert cli.json("verify")["chains"][0]["entries"] == 2


def test_a_new_room_takes_its_first_configuration_by_itself(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "crisisroom.yaml"
    file.write_text('schema: 1\nroom: {name: "Ours", zone: Europe/Berlin}\n')
    cli.ok("declare", "x", "--playbook", "product-defect")
    assert cli.json("incidents")[0]["zone"] == "Europe/Berlin"
    file.write_text('schema: 1\nroom: {name: "Ours", zone: UTC}\n')
    cli.ok("declare", "y", "--playbook", "product-defect")
    assert cli.json("incidents")[1]["zone"] == "Europe/Berlin"


def test_nobody_locks_themselves_out(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text(TEAM)
    assert "not in the team" in cli.refused(1, "apply", "team.yaml").err
    cli.ok("mention", "add", "still here")


def test_where_a_team_is_nobody_takes_another_name(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "team.yaml").write_text(TEAM)
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "ada")
    cli.ok("apply", "team.yaml")
    cli.ok("status")
    assert "--as is not for this room" in cli.refused(1, "status", "--as", "ada").err
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "eve")
    assert "eve is not in this room's team" in cli.refused(1, "incidents").err
    cli.ok("status")  # whoever owns the room's file may ask how it is


def test_the_room_is_where_flag_environment_or_file_say(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    config = tmp_path / "sub" / "ours.yaml"
    config.write_text('schema: 1\nroom: {name: "Ours", address: "rooms/r.db"}\n')
    cli.ok("mention", "add", "x", "--config", "sub/ours.yaml")
    assert (tmp_path / "sub" / "rooms" / "r.db").exists()
    monkeypatch.setenv("CRISISROOM_ROOM", str(tmp_path / "env.db"))
    cli.ok("mention", "add", "x", "--config", "sub/ours.yaml")
    assert (tmp_path / "env.db").exists()
    cli.ok("mention", "add", "x", "--room", "flag.db")
    assert (tmp_path / "flag.db").exists()


@pytest.mark.parametrize(
    ("address", "code", "hint"),
    [
        ("mysql://host", 2, "file"),
        (".", 1, "not a file"),
        ("/proc/nothing/room.db", 3, "cannot make"),
    ],
)
def test_an_address_that_cannot_be_is_one_line(
    cli: Cli, address: str, code: int, hint: str
) -> None:
    assert hint in cli.refused(code, "mention", "add", "x", "--room", address).err


def test_a_broken_configuration_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "crisisroom.yaml").write_text("schema: 1\nrom: {}\n")
    assert "crisisroom check" in cli.refused(1, "status").err


def test_a_broken_configuration_costs_no_running_incident(cli: Cli, tmp_path: Path) -> None:
    good = "schema: 1\nroom: {address: here.db}\nbrand: {name: Ferrow}\n"
    (tmp_path / "crisisroom.yaml").write_text(good)
    cli.ok("declare", "Kettles", "--playbook", "product-defect", "--severity", "sev2")
    (tmp_path / "crisisroom.yaml").write_text(good + "rom: {}\nbrand: {}\n")
    said = cli("note", "we go on")
    assert said.code == 0
    assert "crisisroom.yaml:4:1" in said.err
    assert "the room goes on as it is" in said.err
    assert cli.json("timeline")[-1]["text"] == "we go on"
    assert "crisisroom.yaml:4:1" in cli.refused(1, "apply", "crisisroom.yaml").err
    (tmp_path / "crisisroom.yaml").write_text("room:\n  address: [here.db\n")
    assert "--room" in cli.refused(1, "status").err  # never another room without a word
    assert cli("status", "--room", "here.db").code == 0


def test_another_programs_database_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 100)
    assert cli("status", "--room", "x.db").code in (1, 3)
    assert (tmp_path / "x.db").read_bytes() == b"not a database at all" * 100


def test_the_difference_names_what_changed_in_one_source(cli: Cli, tmp_path: Path) -> None:
    source = 'schema: 1\nsources:\n  - {id: news, type: feed, url: "https://a.test/", every: 60s}\n'
    (tmp_path / "a.yaml").write_text(source)
    (tmp_path / "b.yaml").write_text(source.replace("60s", "5m"))
    cli.ok("apply", "a.yaml")
    assert cli.json("apply", "b.yaml")["changes"] == ["sources.news.every: 60 -> 300"]
    two = source + '  - {id: more, type: feed, url: "https://b.test/", every: 5m}\n'
    (tmp_path / "two.yaml").write_text(two)
    changes = cli.json("apply", "two.yaml")["changes"]
    assert [change.split(":")[0] for change in changes] == [
        "sources.more",
        "sources.news.every",
    ]
    head, *sources = two.split("  - ")
    (tmp_path / "turned.yaml").write_text("  - ".join([head, *reversed(sources)]))
    assert cli.json("apply", "turned.yaml")["changes"] == ["sources: another order"]
    assert cli.json("apply", "turned.yaml")["changes"] == []
