"""Contacts and messages brought in, beside incidents."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.library import shipped_dir

TEAM = "Name;Telefon;Rolle\nZoë;+49 30 12345;lead\nYan;;\n"
CARDS = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nTEL:+49 30 12345\r\nEND:VCARD\r\n"
WORDS = "## Sorry\nWe are sorry.\n\n## Is it safe?\nYes.\n\n## Empty\n"


def test_contacts_go_into_a_file_that_a_playbook_includes(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text(TEAM)
    said = cli("import", "contacts", "team.csv", "-o", "contacts.yaml")
    assert (said.code, said.err) == (1, "")
    assert said.lines == [
        "refused: line 3: Yan: it has no way to reach them",
        "contacts: 1 taken",
        "1 refused: mend them in the file and bring it in again",
        "wrote contacts.yaml; crisisroom check contacts.yaml",
    ]
    assert cli.ok("check", "contacts.yaml").lines == ["contacts.yaml: ok"]
    text = (shipped_dir() / "product-defect.yaml").read_text()
    mine = text.replace("language: en\n", "language: en\ninclude: [contacts.yaml]\n", 1)
    (tmp_path / "mine.yaml").write_text(mine)
    contacts = cli.json("playbook", "show", "mine.yaml")["plan"]["contacts"]
    assert contacts[-1]["name"] == "Zoë"


def test_cards_are_printed_where_no_file_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "team.VCF").write_bytes(CARDS.encode())
    said = cli("import", "contacts", "team.VCF")
    assert said.code == 0
    assert 'name: "Zoë"' in said.out
    assert said.err == "contacts: 1 taken\n"


def test_messages_are_brought_in(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "words.md").write_text(WORDS)
    found = cli("import", "messages", "words.md", "--json")
    assert found.code == 1
    assert [one["id"] for one in found.json["key_messages"]] == ["sorry"]
    assert [one["answer"] for one in found.json["faq"]] == ["Yes."]
    assert found.json["refused"] == [
        {"line": 7, "what": "Empty", "why": "there are no words under it"}
    ]
    (tmp_path / "words.csv").write_text("Title,Text\nSorry,We are sorry.\n")
    assert cli("import", "messages", "words.csv").code == 0


def test_nothing_is_overwritten(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "team.vcf").write_text(CARDS)
    (tmp_path / "contacts.yaml").write_text("mine")
    words = ("import", "contacts", "team.vcf", "-o", "contacts.yaml")
    assert "--force" in cli.refused(1, *words).err
    assert (tmp_path / "contacts.yaml").read_text() == "mine"
    cli.ok(*words, "--force")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("contacts", "nothing.csv"), 2, "nothing.csv cannot be read"),
        (("contacts", "team.xlsx"), 2, "team.xlsx is neither .csv or .vcf"),
        (("messages", "team.vcf"), 2, "team.vcf is neither .csv or .md"),
        (("contacts", "empty.csv"), 1, "there is no table in this file"),
        (("contacts", "nobody.csv"), 1, "no column is known: Colour"),
        (("contacts",), 2, "are required: FILE"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    cli: Cli, tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    for name in ("team.xlsx", "team.vcf", "empty.csv"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "nobody.csv").write_text("Colour\nred\n")
    assert told in cli.refused(code, "import", *words).err


def test_a_table_without_anybody_writes_no_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text("Name,Phone\nYan,\n")
    said = cli("import", "contacts", "team.csv", "-o", "contacts.yaml")
    assert said.code == 1
    assert "contacts: 0 taken" in said.lines
    assert not (tmp_path / "contacts.yaml").exists()


def test_incidents_are_still_taken_in(crisis: Cli, tmp_path: Path) -> None:
    crisis.ok("export", "INC-1", "--format", "jsonl", "-o", "INC-1.jsonl")
    (tmp_path / "contacts").write_bytes((tmp_path / "INC-1.jsonl").read_bytes())
    assert "imported" in crisis.ok("--room", "other.db", "import", "./contacts").lines[0]
    assert "no.jsonl" in crisis.refused(2, "import", "no.jsonl").err
    assert "import contacts" in crisis.ok("import", "contacts", "--help").out


def test_hostile_names_print_harmlessly(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text("Name,Phone\n\x1b[31mred\u202e,+49 30 1\n\x07,\n")
    said = cli("import", "contacts", "team.csv")
    assert said.code == 1
    assert "control character U+001B" in said.err
