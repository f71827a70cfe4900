"""`playbook new`, by questions and by a file of answers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.cli import STOPPED

TALK = (
    "Cold kettles\n"  # title
    "\n"  # id: as proposed
    "1\n"  # the skeleton
    "\n"  # its summary
    "https://kettles.test/help\n"
    "Europe/Berlin\n"
    "warm\n"
    "Zoë Muß, +49 30 12345, zoe@kettles.test\n"
    "Yan, +49 30 12346\n"
    ".\n"
    "1 2\n2 1\n\n-\n"  # the four roles
)
ANSWERS = """\
title: "Cold kettles"
start: product-defect
source_of_truth: "https://kettles.test/help"
tone: formal
team:
  - {name: "Zoë Muß", phone: "+49 30 12345", roles: [lead, social, legal, care]}
  - {name: "Yan", phone: "+49 30 12346", roles: [lead], stands_in: [social, legal, care]}
"""


def test_a_person_is_asked_and_a_sound_file_written(cli: Cli) -> None:
    said = cli.ok("playbook", "new", stdin=TALK.encode())
    assert "wrote playbooks/cold-kettles.yaml" in said.lines
    assert said.lines[-3].endswith("crisisroom check playbooks/cold-kettles.yaml")
    assert cli.ok("check", "playbooks/cold-kettles.yaml").lines == [
        "playbooks/cold-kettles.yaml: ok"
    ]
    shown = cli.json("playbook", "show", "cold-kettles")["plan"]
    assert [one["name"] for one in shown["contacts"]] == ["Zoë Muß", "Yan"]
    assert {role["id"]: role["backup"] for role in shown["roles"]} == {
        "lead": "yan", "social": "zoe-muss", "approver": "yan", "spokesperson": "",
    }  # fmt: skip
    assert shown["greeting"] == "Hi {{handle}},"


def test_an_unsound_answer_is_asked_again(cli: Cli) -> None:
    talk = TALK.replace("\n\n1\n", "\nNot An Id\n\n99\n1\n", 1)
    talk = talk.replace("https://kettles", "kettles\nhttps://kettles", 1)
    talk = talk.replace("Yan,", "Yan\nYan,", 1).replace("2 1\n", "7\n2 1\n", 1)
    talk = "bell \x07\n\n" + talk
    lines = cli.ok("playbook", "new", stdin=talk.encode()).lines
    again = [line for line in lines if line.endswith("once more, please")]
    assert len(again) == 7
    assert "control character" in again[0]
    assert again[1].startswith("an answer is needed here")


def test_answers_come_from_a_file_too(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    done = cli.json("playbook", "new", "--answers", "answers.yaml", "-o", "mine/ours.yaml")
    assert (done["file"], done["id"]) == ("mine/ours.yaml", "cold-kettles")
    assert any("is made up" in one for one in done["to_do"])
    assert cli.ok("check", "mine/ours.yaml").lines == ["mine/ours.yaml: ok"]


def test_nothing_is_overwritten(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    (tmp_path / "ours.yaml").write_text("mine")
    words = ("playbook", "new", "--answers", "answers.yaml", "-o", "ours.yaml")
    assert "already" in cli.refused(1, *words).err
    assert (tmp_path / "ours.yaml").read_text() == "mine"
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "cold-kettles.yaml").symlink_to(tmp_path / "nowhere")
    assert cli("playbook", "new", stdin=TALK.encode()).code == 1
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("lines", [0, 1, 4, 8, 10, 12])
def test_answers_that_end_too_early_write_nothing(cli: Cli, tmp_path: Path, lines: int) -> None:
    talk = "".join(TALK.splitlines(keepends=True)[:lines])
    said = cli("playbook", "new", stdin=talk.encode())
    assert said.code == 1
    assert "the answers end before" in said.err
    assert not list(tmp_path.rglob("*.yaml"))


def test_ctrl_c_writes_nothing(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            raise KeyboardInterrupt

    monkeypatch.setattr("crisisroom.cli.interview.sys.stdin", io.TextIOWrapper(Stopped()))
    from crisisroom.cli import run

    assert run(["playbook", "new"]) == STOPPED
    assert not list(tmp_path.rglob("*.yaml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\n", "answers.yaml:1:1"),
        (ANSWERS.replace("formal", "loud"), "loud"),
        (ANSWERS.replace("+49 30 12345", "call me"), "no telephone number"),
        (ANSWERS.replace("product-defect", "product-defekt"), "product-defect"),
        (ANSWERS.replace("title:", "titel:"), "did you mean"),
    ],
)
def test_unsound_answers_are_refused(cli: Cli, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "answers.yaml").write_text(text)
    refusal = cli("playbook", "new", "--answers", "answers.yaml")
    assert refusal.code in (1, 2)
    assert said in refusal.err
    assert not (tmp_path / "playbooks").exists()


def test_an_editor_finds_the_schema_beside_it(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    (tmp_path / "playbook.schema.json").write_text("{}")
    cli.ok("playbook", "new", "--answers", "answers.yaml", "-o", "ours.yaml")
    text = (tmp_path / "ours.yaml").read_text()
    assert "\n# yaml-language-server: $schema=playbook.schema.json\n" in text
