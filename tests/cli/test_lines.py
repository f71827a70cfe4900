"""The line for each story and the tags of authors, by the command line."""

from __future__ import annotations

import json

from cli.driver import Cli, as_lines


def test_a_line_is_set_listed_and_cleared(crisis: Cli) -> None:
    assert crisis.ok("line", "list", "INC-1").out == "every story is answered\n"
    made = crisis.json("line", "set", "INC-1", "all", "questions", "too", "many", "jokes")
    assert (made["incident"], made["lines"][0]["line"]) == ("INC-1", "questions")
    assert isinstance(made["entry"], int)
    [one] = crisis.json("line", "list", "INC-1")
    assert one == {
        "narrative": "",
        "line": "questions",
        "by": one["by"],
        "at": "2026-11-22T02:07:00.000Z",
        "why": "too many jokes",
    }
    assert "all questions only" in crisis.ok("line").out
    crisis.ok("line", "clear", "INC-1", "all")
    assert crisis.json("line", "list", "INC-1") == []


def test_what_is_no_line_is_refused(crisis: Cli) -> None:
    assert "monitor" in crisis.refused(2, "line", "set", "INC-1", "all", "shout").err
    assert "N-3" in crisis.refused(2, "line", "set", "INC-1", "M-1", "monitor").err
    assert "there is no story N-9" in crisis.refused(2, "line", "set", "N-9", "monitor").err
    assert "line list" in crisis.refused(1, "line", "clear", "INC-1", "all").err


def test_authors_are_tagged_listed_and_untagged(crisis: Cli) -> None:
    assert "no author is tagged" in crisis.ok("author", "list").out
    crisis.ok("mention", "tag", "M-1", "press")
    crisis.ok("mention", "tag", "M-2", "rude", "--author")
    found = crisis.json("author", "list")
    assert [(one["handle"], one["source"], one["tag"]) for one in found] == [
        ("kim", "news", "rude"),
        ("pat@fans.test", "social", "press"),
    ]
    assert len(crisis.json("author", "list", "--tag", "press")) == 1
    assert len(crisis.json("author", "list", "--limit", "1", "--after", found[0]["id"])) == 1
    assert (
        "pat@fans.test is not press" in crisis.ok("author", "untag", "@PAT@fans.test", "press").out
    )
    assert "author list" in crisis.refused(1, "author", "untag", "pat@fans.test", "press").err
    assert (
        "nobody knows who wrote M-3"
        in crisis.refused(1, "mention", "tag", "M-3", "rude", "--author").err
    )
    crisis.ok("verify")


def test_a_stranger_s_handle_drives_no_terminal(crisis: Cli) -> None:
    odd = {"text": "x", "source": "s", "external_id": "e", "author": {"handle": "\x1b[2Jk\u202e\n"}}
    crisis.ok("ingest", stdin=as_lines([odd]))
    crisis.ok("mention", "tag", "M-4", "minor")
    assert "minor" in crisis.ok("author", "list").out
    assert json.loads(crisis.ok("author", "list", "--json").out)[0]["tag"] == "minor"
