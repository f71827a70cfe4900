"""The review by the command line, with an editor that is a script."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.core.reviewdoc import END

Script = pytest.MonkeyPatch


def editor(monkeypatch: Script, script: str, variable: str = "EDITOR", arguments: str = "") -> None:
    """Let `$EDITOR` be a script that is run on the file, its last argument."""
    path = Path("my editor.sh").absolute()
    path.write_text("#!/bin/sh\nfor file; do :; done\n" + script + "\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setenv(variable, f"'{path}' {arguments}".strip())


def under(heading: str, words: str) -> str:
    """Return a script that writes words under a heading."""
    return f"""sed -i '/^<!-- == {heading} /a\\
\\
{words}' "$file" """


def test_it_is_written_heading_by_heading(crisis: Cli) -> None:
    first = crisis.ok("review", "show").lines
    assert first[0].startswith("INC-1 Kettles smoke: the review is a draft, 0 of 13 headings")
    assert "timeline: Timeline (nothing yet, may stay empty)" in first
    assert first[-1].startswith("open: summary, ")
    crisis.ok("review", "write", "INC-1", "summary", "A batch overheated.")
    crisis.ok("review", "write", "what-did", "-", "--add", stdin=b"The list was old.\n")
    shown = crisis.json("review", "show")
    by_id = {one["id"]: one for one in shown["sections"]}
    assert by_id["summary"]["words"] == "A batch overheated."
    assert by_id["what-did-not"]["words"] == "The list was old."
    assert (shown["state"], shown["owner"]) == ("draft", "lead")
    assert "summary" not in shown["open"]
    assert "timeline" not in shown["open"]
    assert {"time_to_declare", "first_statement"} <= {one["id"] for one in shown["figures"]}
    lines = crisis.ok("review", "show").lines
    assert "  | A batch overheated." in lines
    assert "figures to look at:" in lines
    refused = crisis.refused(1, "review", "write", "summary", "Nothing.", "--as", "bo")
    assert "wrote under Summary already" in refused.err
    assert "one of summary" in crisis.refused(2, "review", "write", "nowhere", "x").err


def test_names_are_asked_about_beside(crisis: Cli) -> None:
    crisis.ok("join", "INC-1", "--as", "bo")
    said = crisis("review", "write", "INC-1", "what-did-not", "bo was late", "--as", "bo")
    assert said.code == 0
    assert "this names bo: name the thing, not the person" in said.err
    made = crisis.json("factor", "add", "bo was late", "--sort", "badly", "--as", "bo")
    assert made["ask"].startswith("this names bo")


def test_the_whole_review_in_an_editor(crisis: Cli, monkeypatch: Script) -> None:
    editor(monkeypatch, under("summary", "A batch overheated.") + "\n" + under("thanks", "x"))
    said = crisis.ok("review", "edit", "INC-1", "--as", "ada")
    assert said.lines == ["INC-1 wrote: Summary"]
    again = crisis.json("review", "edit", "--as", "ada")
    assert [one["words"] for one in again["written"]] == [
        "A batch overheated.\n\nA batch overheated."
    ]
    assert list(Path().glob("*kept*")) == []


def test_one_heading_in_an_editor_with_arguments(crisis: Cli, monkeypatch: Script) -> None:
    script = 'test "$1" = --wait || exit 3\ncp "$file" seen.md\n' + under("summary", "It smoked.")
    editor(monkeypatch, script, "VISUAL", "--wait")
    assert crisis.ok("review", "edit", "INC-1", "summary").lines == ["INC-1 wrote: Summary"]
    seen = Path("seen.md").read_text()
    assert seen.count("<!-- == ") == 1
    assert "time" in seen
    assert seen.rstrip().endswith(END)


def test_an_untouched_document_changes_nothing(crisis: Cli, monkeypatch: Script) -> None:
    editor(monkeypatch, "true")
    assert crisis.ok("review", "edit", "INC-1").lines == ["INC-1: nothing changed"]


def test_a_broken_document_is_kept_and_named(crisis: Cli, monkeypatch: Script) -> None:
    editor(
        monkeypatch,
        under("summary", "My long night.") + "\nsed -i '/end of the review/d' \"$file\"",
    )
    refused = crisis.refused(1, "review", "edit", "INC-1")
    assert "the last line is gone" in refused.err
    assert "INC-1-review-kept.md" in refused.err
    kept = Path("INC-1-review-kept.md")
    assert "My long night." in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert crisis.json("review", "show")["sections"][0]["words"] == ""
    crisis.refused(1, "review", "edit", "INC-1")
    assert Path("INC-1-review-kept-2.md").exists()
    with kept.open("a") as file:
        file.write(f"{END}\n")
    said = crisis.ok("review", "edit", "INC-1", "--from", str(kept))
    assert said.lines == ["INC-1 wrote: Summary"]
    assert kept.exists()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exit 3", "nothing changed"),
        ('echo more >> "$file"; exit 3', "the editor failed; what it had is in"),
        ('rm "$file"', "the editor left no file"),
        ("""printf '\\377' >> "$file" """, "is not UTF-8"),
    ],
)
def test_an_editor_that_fails_loses_nothing(
    crisis: Cli, monkeypatch: Script, script: str, told: str
) -> None:
    editor(monkeypatch, script)
    assert told in crisis.refused(1, "review", "edit", "INC-1").err


def test_without_an_editor_it_says_so(crisis: Cli, monkeypatch: Script) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    assert "no editor is set" in crisis.refused(1, "review", "edit", "INC-1").err
    monkeypatch.setenv("EDITOR", "vi 'oh")
    assert "EDITOR cannot be read" in crisis.refused(2, "review", "edit", "INC-1").err


def test_what_a_colleague_wrote_meanwhile_is_shown_and_stays(
    crisis: Cli, monkeypatch: Script
) -> None:
    editor(monkeypatch, 'cp "$file" mine.md')
    crisis.ok("review", "edit", "INC-1")
    crisis.ok("review", "write", "summary", "Theirs.\nTwo lines.", "--as", "bo")
    mine = Path("mine.md")
    text = mine.read_text().replace("== Summary -->", "== Summary -->\nMine.")
    mine.write_text(text.replace("== What did not -->", "== What did not -->\nThe list."))
    said = crisis("review", "edit", "--from", "mine.md")
    assert said.code == 1
    assert "INC-1 wrote: What did not" in said.lines
    assert "Summary: bo wrote here meanwhile, yours is not in:" in said.lines
    assert "  | Theirs." in said.lines
    assert "your words are in mine.md" in said.lines[-1]
    by_id = {one["id"]: one["words"] for one in crisis.json("review", "show")["sections"]}
    assert (by_id["summary"], by_id["what-did-not"]) == ("Theirs.\nTwo lines.", "The list.")


def test_a_clash_in_the_editor_keeps_the_document(crisis: Cli, monkeypatch: Script) -> None:
    crisis.ok("review", "write", "INC-1", "summary", "as it was", "--as", "bo")
    editor(
        monkeypatch,
        """sed -i 's/== summary [0-9a-f]*/== summary 000000000000/;s/^as it was/mine/' "$file" """,
    )
    said = crisis("review", "edit", "INC-1", "--json")
    assert said.code == 1
    (clash,) = said.json["clashes"]
    assert (clash["id"], clash["mine"], clash["theirs"], clash["by"]) == (
        "summary",
        "mine",
        "as it was",
        "bo",
    )
    assert "mine" in Path(said.json["kept"]).read_text()


def test_it_is_closed_when_nothing_is_open(crisis: Cli) -> None:
    refused = crisis.refused(1, "review", "state", "INC-1", "closed")
    assert "nothing is written yet under: Summary" in refused.err
    for heading in crisis.json("review", "show")["open"]:
        crisis.ok("review", "write", "INC-1", heading, "It is said.")
    closed = crisis.json("review", "state", "INC-1", "closed")
    assert (closed["state"], closed["open"]) == ("closed", [])
    assert "is closed" in crisis.refused(1, "review", "write", "summary", "x").err
    assert crisis.refused(2, "review", "state", "INC-1", "forgotten").out == ""


def test_factors(crisis: Cli) -> None:
    assert crisis.ok("factor", "list").lines[0] == "no factor is written down"
    assert len(crisis.ok("factor", "list").lines) > 1  # what the playbook asks
    crisis.ok("factor", "add", "INC-1", "the", "alarm", "rang", "in", "an", "empty", "room")
    crisis.ok("factor", "add", "the lab was awake", "--sort", "lucky")
    assert [one["sort"] for one in crisis.json("factor", "list")] == ["contributed", "lucky"]
    assert crisis.json("factor", "drop", "F-1", "twice") == {
        "id": "F-1",
        "dropped": True,
        "entry": crisis.json("timeline")[-1]["seq"],
    }
    assert crisis.ok("factor").lines[0].startswith("F-2 lucky: the lab was awake")


def test_the_programme(crisis: Cli) -> None:
    assert crisis.ok("review", "programme").lines[0].startswith("no story is linked")
    crisis.ok("action", "add", "INC-1", "answer on Sundays")
    assert crisis.ok("review", "programme").lines == [
        "of no story: answer on Sundays",
        "  open  A-1  answer on Sundays (nobody)",
    ]
    (one,) = crisis.json("review", "programme")
    assert (one["narrative"], one["complaints"], one["unowned"]) == ("", None, False)
