"""Playbooks by the command line: listed, shown, approved."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.core.wordings import words_of
from crisisroom.library import load, shipped_dir


def shipped_words(name: str) -> list[str]:
    """Return the texts of a shipped playbook."""
    playbook, problems = load(name, [])
    assert playbook is not None, problems
    return [one.text for one in words_of(playbook)]


def test_a_list_says_how_much_is_approved(crisis: Cli) -> None:
    lines = {line.split()[0]: line for line in crisis.ok("playbook", "list").lines}
    mine, others = shipped_words("product-defect"), shipped_words("service-outage")
    assert lines["product-defect"].endswith(f"{len(mine)} of {len(mine)} approved")
    same = sum(text in mine for text in others)  # an approval is of a text, wherever it stands
    assert same > 0
    assert lines["service-outage"].endswith(f"version 1, {same} of {len(others)} approved")


def test_a_playbook_with_problems_is_listed_with_them(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "broken.yaml").write_text("schema: 1\nid: broken\n")
    (broken,) = [one for one in cli.json("playbook", "list") if one["id"] == "broken"]
    assert broken["problems"][0]["line"] >= 1
    assert "problems" in next(
        line for line in cli.ok("playbook").lines if line.startswith("broken:")
    )
    assert "crisisroom check" in cli.refused(1, "playbook", "show", "broken").err


def test_listing_makes_no_room(cli: Cli) -> None:
    cli.ok("playbook", "list")
    assert "no room" in cli.refused(1, "status").err


def test_a_playbook_is_shown_with_its_words(crisis: Cli) -> None:
    shown = crisis.json("playbook", "show", "product-defect")
    assert {word["approved"] for word in shown["words"]} == {True}
    assert shown["plan"]["id"] == "product-defect"


def test_words_are_approved_as_they_read_now(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = (shipped_dir() / "product-defect.yaml").read_text()
    file.write_text(text)
    one = cli.json("playbook", "approve", "mine.yaml", "advice", "sorry")
    assert [word["id"] for word in one["approved"]] == ["advice", "sorry"]
    assert cli.json("playbook", "show", "mine.yaml")["approved"] == 2
    every = len(shipped_words("product-defect"))
    assert len(cli.ok("playbook", "approve", "mine.yaml").lines) == every - 2
    assert "nothing to approve" in cli.ok("playbook", "approve", "mine.yaml").lines[0]
    file.write_text(text.replace("I am sorry. You have", "I am so sorry. You have"))
    changed = cli.json("playbook", "show", "mine.yaml")
    lapsed = [word["id"] for word in changed["words"] if not word["approved"]]
    assert lapsed == ["sorry", "sorry@de"]  # a translation lapses with its source


def test_an_approval_is_taken_back_with_a_reason(crisis: Cli) -> None:
    taken = crisis.json("playbook", "revoke", "product-defect/advice", "it was wrong")
    assert (taken["id"], taken["approved"]) == ("advice", False)
    sha256 = {
        one["id"]: one["sha256"]
        for one in crisis.json("playbook", "show", "product-defect")["words"]
    }
    crisis.ok("playbook", "revoke", sha256["sorry"][:12].upper(), "too weak")
    shown = crisis.json("playbook", "show", "product-defect")
    lapsed = {word["id"] for word in shown["words"] if not word["approved"]}
    assert lapsed == {"advice", "advice@de", "sorry", "sorry@de"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "nothing"), 'no playbook is called "nothing"'),
        (("show", "../x/nothing.yaml"), "there is no file ../x/nothing.yaml"),
        (("approve", "product-defect", "nothing"), "product-defect has no words nothing"),
        (("revoke", "product-defect/nothing", "x"), "no approved text is product-defect/nothing"),
        (("revoke", "0", "x"), "no approved text is 0"),
        (("revoke", "product-defect/advice"), "are required: REASON"),
    ],
)
def test_what_is_off_is_one_line(crisis: Cli, words: tuple[str, ...], told: str) -> None:
    assert told in crisis.refused(2, "playbook", *words).err
