"""Statements and replies by the command line, up to their release."""

from __future__ import annotations

import pytest
from cli.driver import Cli

APPROVED = "Please unplug it and keep it outside."


def test_a_reply_begins_with_approved_words(crisis: Cli, facts: None) -> None:
    said = crisis.ok("reply", "draft", "INC-1", "M-1")
    assert "Hello @pat@fans.test," in said.out
    assert APPROVED in said.out
    assert said.lines[-1] == "next: crisisroom reply send INC-1 R-1"
    assert crisis.json("mentions", "--state", "claimed")[0]["id"] == "M-1"


def test_without_approved_words_a_reply_says_what_to_do(cli: Cli) -> None:
    cli.ok("mention", "add", "hello there")
    cli.ok("declare", "x", "--playbook", "product-defect")
    assert "playbook approve" in cli.refused(1, "reply", "draft", "M-1").err


def test_own_words_need_an_approval_of_exactly_this_text(crisis: Cli, facts: None) -> None:
    drafted = crisis.ok("reply", "draft", "M-2", "We will call you.")
    assert "ask: 1 sentence is your own: Legal or Crisis lead approves" in drafted.lines
    assert drafted.lines[-1] == "next: crisisroom reply submit INC-1 R-1"
    refusal = crisis.refused(1, "reply", "send", "R-1")
    assert "crisisroom reply submit INC-1 R-1" in refusal.err
    submitted = crisis.ok("reply", "submit", "INC-1", "R-1")
    digits = crisis.json("reply", "show", "R-1")["sha256"][:12]
    asked = f"next: Legal or Crisis lead: crisisroom reply approve INC-1 R-1 {digits}"
    assert submitted.lines[-1] == asked
    assert "reads differently" in crisis.refused(1, "reply", "approve", "R-1", "0" * 12).err
    approved = crisis.ok("reply", "approve", "R-1", digits.upper())
    assert not [line for line in approved.lines if line.startswith("ask:")]
    edited = crisis.ok("reply", "edit", "R-1", "We will call you today.")
    assert "its approval lapsed" in edited.lines[0]
    crisis.refused(1, "reply", "send", "R-1")


def test_a_rejection_and_a_withdrawal_say_why(crisis: Cli, facts: None) -> None:
    crisis.ok("reply", "draft", "M-2", "We will call you.")
    crisis.ok("reply", "submit", "R-1")
    rejected = crisis.json("reply", "reject", "R-1", "when will we?")
    assert rejected["state"] == "rejected"
    assert rejected["approvals"][0]["reason"] == "when will we?"
    assert "rejected by" in crisis.ok("reply", "show", "R-1").out
    assert crisis.json("reply", "withdraw", "R-1")["state"] == "withdrawn"
    assert crisis.json("reply", "draft", "M-2", "Again.")["id"] == "R-2"


def test_a_statement_fills_itself_from_the_facts(crisis: Cli) -> None:
    blank = crisis.ok("statement", "draft", "INC-1", "holding")
    assert blank.lines[-1] == "next: crisisroom statement edit INC-1 ST-1 TEXT"
    assert any(line.startswith("block: ‹product› is blank") for line in blank.lines)
    crisis.ok("fact", "set", "product", "the kettle")
    filled = crisis.json("statement", "draft", "INC-1", "holding")
    assert "that the kettle" in filled["text"]
    assert "product" not in filled["blanks"]


def test_own_words_are_printed_byte_for_byte(crisis: Cli, facts: None) -> None:
    words = "e\u0301 and \u00e9, \u200dzwj\u200d, नम\u094dस\u094dते\n  indented\n\nend"
    crisis.ok("statement", "draft", "INC-1", "holding", "-", stdin=words.encode())
    assert f"\n\n{words}\n\n" in crisis.ok("statement", "show", "ST-1").out
    assert crisis.json("statement", "show", "ST-1")["text"] == words


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("reply", "draft", "M-99", "x"), 2, "M-99"),
        (("reply", "show", "R-9"), 2, "R-9"),
        (("reply", "show", "ST-1"), 2, "ST-1 is a statement"),
        (("statement", "submit", "R-1"), 2, "R-1 is a reply"),
        (("statement", "draft", "hold"), 2, "holding"),
        (("reply", "draft", "M-1", "a\u202eb"), 1, "column 2"),
        (("reply", "draft", "M-1", "-"), 1, "no approved words"),
        (("reply", "approve", "R-1"), 2, "HASH"),
    ],
)
def test_what_is_off_is_one_line(crisis: Cli, words: tuple[str, ...], code: int, hint: str) -> None:
    assert hint in crisis.refused(code, *words).err


def test_nobody_answers_twice(crisis: Cli, facts: None) -> None:
    crisis.ok("reply", "draft", "M-1", "--as", "ada")
    said = crisis.refused(1, "reply", "draft", "M-1", "me too", "--as", "bo")
    assert "ada" in said.err


def _handed_in(crisis: Cli) -> str:
    digits: str = crisis.json("statement", "draft", "INC-1", "holding")["sha256"]
    crisis.ok("statement", "submit", "ST-1")
    return digits


def test_an_approval_s_progress_is_printed(crisis: Cli, facts: None) -> None:
    digits = _handed_in(crisis)
    waiting = crisis.ok("statement", "show", "ST-1")
    (line,) = [line for line in waiting.lines if line.startswith("approval: ")]
    assert "waits for Legal or Crisis lead" in line
    assert ", due " in line
    assert f"statement approve INC-1 ST-1 {digits[:12]}" in waiting.lines[-1]
    approved = crisis.ok("statement", "approve", "ST-1", digits)
    (line,) = [line for line in approved.lines if line.startswith("approval: ")]
    assert line.startswith("approval: approved, until ")
    assert "(agreed: " in line


def test_an_approval_is_taken_back(crisis: Cli, facts: None) -> None:
    digits = _handed_in(crisis)
    assert "no approval to take back" in crisis.refused(1, "statement", "revoke", "ST-1", "x").err
    crisis.ok("statement", "approve", "ST-1", digits)
    back = crisis.json("statement", "revoke", "ST-1", "another", "batch")
    assert back["state"] == "submitted"
    assert back["approvals"][-1]["verdict"] == "revoked"
    assert back["approvals"][-1]["reason"] == "another batch"
    publish = ("statement", "publish", "ST-1", "--channel", "by-hand")
    assert "not approved yet" in crisis.refused(1, *publish).err


def test_an_emergency_release_has_a_reason(crisis: Cli, facts: None) -> None:
    digits = _handed_in(crisis)
    assert "3 words or more" in crisis.refused(2, "statement", "release", "ST-1").err
    why = "people may get hurt, nobody answers"
    stale = ("statement", "release", "ST-1", "--reason", why, "--sha256", "0" * 12)
    assert "reads differently" in crisis.refused(1, *stale).err
    said = crisis.ok("statement", "release", "ST-1", "--reason", why, "--sha256", digits[:12])
    assert f"RELEASED ST-1 v1 WITHOUT APPROVAL: {why}" in said.out
    assert any(line.startswith("approval: released without approval") for line in said.lines)
