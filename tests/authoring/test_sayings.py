"""Messages and answers from tables and from Markdown."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.authoring.imported import Imported
from crisisroom.authoring.markdown import messages_from_markdown
from crisisroom.authoring.sayings import messages_from_table
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Answer, KeyMessage, Playbook, Severity
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.yamlwrite import write


def said(found: Imported) -> list[KeyMessage | Answer]:
    """Return all that was taken."""
    return [*found.sections["key_messages"], *found.sections["faq"]]


def table(text: str) -> Imported:
    """Read a table."""
    return messages_from_table(text.encode())


def markdown(text: str) -> Imported:
    """Read Markdown."""
    return messages_from_markdown(text.encode())


def test_a_table_gives_messages_and_answers() -> None:
    found = table(
        "Titel;Text;Frage;Stichworte;Gültig bis;Privat;Autor\n"
        'Sorry;"We are sorry.\n\nReally.";;"angry, sad; angry";31.03.2027;ja;me\n'
        ";It is safe: {{fact.safe}}.;Is it safe?;safe;;;\n"
        ";Only words.;;;;;\n"
    )
    assert said(found) == [
        KeyMessage(
            "sorry", "Sorry", "We are sorry.\n\nReally.", ("angry", "sad"), "2027-03-31", True
        ),
        KeyMessage("only-words", "Only words.", "Only words."),
        Answer("is-it-safe", "Is it safe?", "It is safe: {{fact.safe}}.", ("safe",)),
    ]
    assert found.remarks == ("columns that are not read: Autor",)
    assert not found.refused


def test_rows_that_are_no_words_are_said_with_their_line() -> None:
    found = table(
        "ID,Title,Text,Private,Expires\n,A,,,\n,B,Words,maybe,\nNo Id,C,Words,,\n"
        f",D,{'x' * 501},,\n,E,Words,,soon\n,F,Words {{{{nam}}}},,\n,G,bell\x07,,\nok,H,Words,,\n"
        "ok,H,Words,,\n"
    )
    assert said(found) == [KeyMessage("ok", "H", "Words")]
    assert [(one.line, one.what) for one in found.refused] == [
        (2, "A"), (3, "B"), (4, "C"), (5, "D"), (6, "E"), (7, "F"), (8, "G"), (10, "H"),
    ]  # fmt: skip
    whys = [one.why for one in found.refused]
    for part, why in zip(
        ("no words", "yes or no", "small letters", "501 characters", "YYYY-MM-DD", '"nam"',
         "control character U+0007", "the same stands on line 9"),
        whys, strict=True,
    ):  # fmt: skip
        assert part in why


MARKDOWN = """\
---
layout: page
---
# What we say

## We are sorry
I am **sorry** about
this.

- call us
- or [write](https://x.test/help)

Keywords: angry, sad
Expires: 31.03.2027

## Short ones
- We do not guess.
* We write again.

## Is it safe?
Yes\\*, as far as we know.

***

**Do I get my money back?**
You do.

Q: Since when?
A: Since Monday.

Frage: Wo?
Antwort: Hier.
<!-- not
said -->
"""


def test_markdown_gives_messages_and_answers() -> None:
    found = markdown(MARKDOWN)
    assert said(found) == [
        KeyMessage(
            "we-are-sorry",
            "We are sorry",
            "I am sorry about this.\n\n- call us\n\n- or write (https://x.test/help)",
            ("angry", "sad"),
            "2027-03-31",
        ),
        KeyMessage("we-do-not-guess", "We do not guess.", "We do not guess."),
        KeyMessage("we-write-again", "We write again.", "We write again."),
        Answer("is-it-safe", "Is it safe?", "Yes*, as far as we know."),
        Answer("do-i-get-my-money-back", "Do I get my money back?", "You do."),
        Answer("since-when", "Since when?", "Since Monday."),
        Answer("wo", "Wo?", "Hier."),
    ]
    assert not found.refused


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("words\n\n## A\nwords", 1, "under no heading"),
        ("# Intro\nwords\n## A\nwords", 1, "leads to what follows"),
        ("## Empty\n## A\nwords", 1, "no words under it"),
        ("## A\nwords\n\n## Code\n```\nx\n## not a heading\n```\n", 4, "code"),
        ("## A\nwords\n\n## Table\n| a | b |\n|---|---|\n", 4, "table"),
        ("## A\nwords\n## B\n" + "x" * 501, 3, "501 characters"),
        ("## A\nwords\n## B\n" + "x" * 4001, 3, "a line of 4001 characters"),
        ("## A\nwords\n## B\nbell \x07", 3, "control character U+0007"),
        ("## A\nwords\n## A\nwords", 3, "the same stands on line 1"),
    ],
)
def test_what_is_no_message_is_said_with_its_line(text: str, line: int, why: str) -> None:
    found = markdown(text)
    assert [one.id for one in said(found)] == ["a"]
    (refusal,) = found.refused
    assert refusal.line == line
    assert why in refusal.why


@pytest.mark.parametrize("text", ["", "\n\n", "---\n---\n", "<!-- nothing -->"])
def test_markdown_without_words_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no headings with words"):
        markdown(text)


def loads(found: Imported) -> None:
    """Fail unless what was taken passes `check` in a playbook, but for facts it does not name."""
    plan = Playbook(
        schema=1,
        id="p",
        title="P",
        version=1,
        severities=(Severity("sev1", "Crisis"),),
        key_messages=found.sections["key_messages"],
        faq=found.sections["faq"],
    )
    _, problems = load_playbook(write(plan), "p.yaml")
    assert {one.code for one in problems} <= {"reference"}, problems


PIECES = st.sampled_from(
    (
        "# A",
        "## B?",
        "### C",
        "- item",
        "1. one",
        "text",
        "**Bold?**",
        "Q: a?",
        "A: b",
        "```",
        "<!--",
        "-->",
        "---",
        "| a |",
        "Keywords: a, b",
        "Expires: 2027-01-01",
        "",
        "> quote",
        "[a](b)",
        "**a",
        "{{handle}}",
        "{{fact.x}}",
        "‹blank›",
        "\\*",
        "  indented",
        "\ttab",
        "#",
        "# ",
        "é",
        "\x00",
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=20), max_size=15))
def test_any_markdown_is_read_or_refused(lines: list[str]) -> None:
    with suppress(Refused):
        found = messages_from_markdown("\n".join(lines).encode("utf-8", "replace"))
        loads(found)
        assert all(str(one).isprintable() for one in found.refused)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=15), st.text(max_size=15)), max_size=5))
def test_any_table_is_read_or_refused(rows: list[tuple[str, str]]) -> None:
    text = "Question,Text\n" + "\n".join(f'"{a}","{b}"' for a, b in rows)
    with suppress(Refused):
        found = messages_from_table(text.encode("utf-8", "replace"))
        loads(found)
        assert len(said(found)) + len(found.refused) <= len(text.splitlines())


def test_hostile_marks_take_no_time() -> None:
    for sign in ("**a ", "[a](", "# ", "__b ", "| ", "\\", "<!--"):
        line = (sign * 4000)[:3999]
        found = markdown(f"## A\n{line}\n" * 40)
        assert len(said(found)) + len(found.refused) <= 40
