"""Mentions by the command line: taken in, listed, marked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.driver import MENTIONS, Cli, as_lines
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.cli.ingesting import NAMED, _Cutter
from crisisroom.sources.jsonl import LINE_CAP


def test_good_lines_are_kept_and_each_bad_one_is_named(cli: Cli, tmp_path: Path) -> None:
    lines = as_lines(MENTIONS[:1]) + b"not json\n\n" + as_lines(MENTIONS[1:]) + b'{"text": 3}\n'
    (tmp_path / "in.jsonl").write_bytes(lines)
    said = cli("ingest", "in.jsonl")
    assert said.code == 1
    assert [line.partition(": ")[2][:11] for line in said.err.splitlines()] == [
        "in.jsonl:2:",
        "in.jsonl:6:",
    ]
    assert said.lines == ["3 new, 0 edited, 0 known already, 2 bad lines left out"]
    assert len(cli.json("mentions")) == 3


def test_a_file_that_is_none_of_ours_fills_no_terminal(cli: Cli) -> None:
    said = cli("ingest", stdin=b"\xff\n" * (NAMED + 50))
    assert len(said.err.splitlines()) == NAMED
    assert said.lines == [f"0 new, 0 edited, 0 known already, {NAMED + 50} bad lines left out"]


def test_bad_lines_are_json_where_json_was_asked_for(cli: Cli) -> None:
    said = cli("ingest", "--json", stdin=b"\x1b[31m\n{}\n")
    assert said.code == 1
    assert said.json == {"added": 0, "edited": 0, "known": 0, "bad": 2}
    errors = [json.loads(line)["error"] for line in said.err.splitlines()]
    assert [one["message"].split(": ")[0] for one in errors] == ["stdin:1", "stdin:2"]


def test_the_same_line_again_is_the_same_mention(cli: Cli) -> None:
    cli.ok("ingest", "-", stdin=as_lines(MENTIONS))
    assert cli.json("ingest", stdin=as_lines(MENTIONS))["known"] == 3
    edited = MENTIONS[0] | {"text": "It does not smoke."}
    assert cli.json("ingest", stdin=as_lines([edited]))["edited"] == 1
    assert "version 2" in cli.ok("mention", "show", "M-1").out


def test_many_lines_come_in_batches_and_the_last_needs_no_end(cli: Cli) -> None:
    many = [{"text": f"number {number}", "external_id": str(number)} for number in range(150)]
    assert cli.json("ingest", "--source", "bulk", stdin=as_lines(many)[:-1])["added"] == 150
    assert [one["source"] for one in cli.json("mentions", "--limit", "1")] == ["bulk"]


def test_a_line_without_end_is_refused_and_the_next_one_kept(cli: Cli) -> None:
    stream = b"x" * (2 * LINE_CAP) + b"\n" + as_lines(MENTIONS[:1])
    said = cli("ingest", "--json", stdin=stream)
    assert (said.code, said.json["added"], said.json["bad"]) == (1, 1, 1)
    assert f"stdin:1: longer than {LINE_CAP} bytes" in said.error["message"]


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=12), max_size=12))
def test_lines_are_the_same_however_they_come_in(chunks: list[bytes]) -> None:
    cutter = _Cutter()
    found = [line for chunk in (*filter(None, chunks), b"") for line in cutter.cut(chunk)]
    whole = b"".join(chunks).split(b"\n")
    assert found == [(number, line) for number, line in enumerate(whole, 1) if line.strip()]


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_one_line(cli: Cli, name: str) -> None:
    assert "cannot be read" in cli.refused(2, "ingest", name).err


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--query", "smok"), ["M-1"]),
        (("--source", "news", "--source", "shop"), ["M-2", "M-3"]),
        (("--state", "claimed"), ["M-2"]),
        (("--assignee", "bo"), ["M-2"]),
        (("--incident", "inc-1"), ["M-1"]),
        (("--since", "-5m"), ["M-1", "M-2", "M-3"]),
        (("--since", "2026-11-22T03:00:00Z"), []),
        (("--after", "M-1"), ["M-2", "M-3"]),
        (("--after", "1", "--limit", "1"), ["M-2"]),
        (("--last", "2"), ["M-2", "M-3"]),
        (("--last", "1", "--source", "news"), ["M-2"]),
    ],
)
def test_lists_are_narrowed(crisis: Cli, words: tuple[str, ...], found: list[str]) -> None:
    crisis.ok("mention", "link", "M-1")
    crisis.ok("mention", "claim", "M-2", "--as", "bo")
    assert [one["id"] for one in crisis.json("mentions", *words)] == found
    lines = crisis.ok("mentions", *words).lines
    assert [line.split()[0] for line in lines] == (found or ["no"])


@pytest.mark.parametrize(
    "words",
    [
        ("--state", "gone"),
        ("--after", "M-x"),
        ("--limit", "0"),
        ("--last", "0"),
        ("--query", "???"),
        ("--incident", "INC-9"),
        ("--since", "yesterday"),
        ("--follow", "--limit", "2"),
    ],
)
def test_a_list_that_cannot_be_is_one_line(crisis: Cli, words: tuple[str, ...]) -> None:
    said = crisis.refused(2, "mentions", *words).err
    assert words[0] in said or words[1] in said


def test_a_claim_is_one_persons_and_can_be_taken_over(crisis: Cli) -> None:
    assert crisis.json("mention", "claim", "m-1", "--as", "ada")["assignee"] == "ada"
    assert "ada is on M-1" in crisis.refused(1, "mention", "claim", "M-1", "--as", "bo").err
    assert crisis.json("mention", "claim", "M-1", "--take", "--as", "bo")["assignee"] == "bo"
    assert crisis.json("mention", "release", "M-1")["state"] == "new"
    assert crisis.json("mention", "assign", "M-1", "cleo")["assignee"] == "cleo"
    assert crisis.json("mention", "dismiss", "M-1")["state"] == "dismissed"
    assert crisis.json("mention", "restore", "M-1")["state"] == "new"
    assert crisis.json("mention", "offline", "M-1")["state"] == "offline"


def test_marks_are_set_once_for_a_command_id(crisis: Cli) -> None:
    crisis.ok("mention", "link", "M-1")
    words = ("mention", "dismiss", "M-1", "--command-id", "c1")
    assert crisis.json(*words) == crisis.json(*words)
    assert len(crisis.json("timeline", "INC-1")) == 3
    added = ("mention", "add", "she called", "--command-id", "c2")
    assert crisis.json(*added)["id"] == crisis.json(*added)["id"] == "M-4"
    assert "another act" in crisis.refused(1, "note", "x", "--command-id", "c1").err
    crisis.ok("note", "x", "--command-id", "c3")
    assert "another act" in crisis.refused(1, "mention", "restore", "M-1", "--command-id", "c3").err


def test_links_are_made_and_undone(crisis: Cli) -> None:
    linked = crisis.json("mention", "link", "INC-1", "M-1", "M-2")
    assert [one["incident"] for one in linked["mentions"]] == ["INC-1", "INC-1"]
    assert crisis.ok("mention", "link", "M-1").lines == [
        "INC-1: nothing changed, this stood already"
    ]
    assert crisis.json("mention", "unlink", "M-2")["mentions"][0]["incident"] == ""
    assert "does not belong" in crisis.refused(1, "mention", "unlink", "M-2").err


def test_a_mention_is_shown_with_its_thread_and_original(crisis: Cli) -> None:
    reply = {"text": "Mine too!\x1b[2J", "source": "social", "external_id": "p2", "reply_to": "p1"}
    crisis.ok("ingest", stdin=as_lines([reply]))
    shown = crisis.json("mention", "show", "M-4", "--raw")
    assert [one["id"] for one in shown["thread"]] == ["M-1"]
    assert shown["raw"] == r"'Mine too!\x1b[2J'"
    assert [one["raw"] for one in shown["versions"]] == [r"'Mine too!\x1b[2J'"]
    lines = crisis.ok("mention", "show", "M-4", "--raw").lines
    assert r"  original: 'Mine too!\x1b[2J'" in lines
    assert lines[-1].startswith("  M-1 ")


def test_what_a_person_saw_is_added_once(crisis: Cli) -> None:
    words = ("mention", "add", "--url", "https://fans.test/7", "--kind", "comment", "--at", "-3m")
    added = crisis.json(*words, "It", "burns")
    assert (added["id"], added["kind"], added["text"]) == ("M-4", "comment", "It burns")
    assert added["posted_at"] == "2026-11-22T02:04:00.000Z"
    assert "already" in crisis.refused(1, *words, "It burns").err
    assert "what was said" in crisis.refused(2, "mention", "add").err


@pytest.mark.parametrize("given", ["12", "M-", "R-1", "M-1; rm", "M-99", "M-99999999999999999999"])
def test_what_is_no_mention_is_one_line(crisis: Cli, given: str) -> None:
    assert given in crisis.refused(2, "mention", "show", given).err


def test_a_tag_stands_with_the_mention(crisis: Cli) -> None:
    assert "[troll]" in crisis.ok("mention", "tag", "M-1", "troll").out
    assert "[troll, satire]" in crisis.ok("mention", "tag", "M-1", "satire").out
    off = crisis.ok("mention", "tag", "M-1", "troll", "satire", "--off")
    assert "[" not in off.out
    assert "like an id" in crisis.refused(2, "mention", "tag", "M-1", "two words").err


def test_a_locked_thread_is_taken_over_with_a_reason(crisis: Cli, facts: None) -> None:
    crisis.ok("reply", "draft", "M-2", "We will call you.")
    crisis.ok("reply", "submit", "R-1")
    refused = crisis.refused(1, "mention", "claim", "M-2", "--take", "--as", "bo")
    assert "R-1 waits for its approval" in refused.err
    why = ("--take", "--reason", "they went home", "--as", "bo")
    assert "claimed by bo" in crisis.ok("mention", "claim", "M-2", *why).out
