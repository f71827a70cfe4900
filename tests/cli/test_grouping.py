"""`narratives --from`: a file grouped without a room."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import room_file
from cli.driver import Cli, as_lines

TOLD = (
    {"text": "My kettle smokes while charging"},
    {"text": "Two hours of waiting at the hotel check-out", "external_id": "h1", "source": "web"},
    {"text": "The kettle started to smoke, the charging base glows red hot on the table"},
    {"text": "RT @kim: The kettle started to smoke, the charging base glows red hot on the table"},
    {
        "text": "Hotel check-out again: hours of waiting in the queue",
        "external_id": "h2",
        "source": "social",
        "author": {"handle": "@pat"},
        "posted_at": "2026-11-22T02:00:00+01:00",
    },
)


def test_a_file_is_grouped_and_needs_no_room(cli: Cli) -> None:
    Path("told.jsonl").write_bytes(as_lines(TOLD))
    found = cli.json("narratives", "--from", "told.jsonl", "--full")
    assert [one["mention_ids"] for one in found] == [["1", "3", "4"], ["h1", "h2"]]
    assert found[1] == {
        "id": "N-2",
        "title": found[1]["title"],
        "terms": found[1]["terms"],
        "mentions": 2,
        "copies": 0,
        "authors": 1,
        "sources": ["web", "social"],
        "first_at": "2026-11-22T01:00:00.000Z",
        "last_at": "2026-11-22T01:00:00.000Z",
        "state": "open",
        "mention_ids": ["h1", "h2"],
    }
    assert (found[0]["copies"], found[0]["first_at"], found[0]["sources"]) == (1, None, [])
    assert not room_file().exists()


def test_the_ids_of_mentions_come_only_when_asked_for(cli: Cli) -> None:
    found = cli.json("narratives", "--from", "-", stdin=as_lines(TOLD))
    assert all("mention_ids" not in one for one in found)


def test_plain_lines_say_how_many_tell_it(cli: Cli) -> None:
    said = cli.ok("narratives", "--from", "-", "--full", stdin=as_lines(TOLD))
    assert said.lines[0].startswith("N-1 3 mentions, 1 of them reposts: ")
    assert said.lines[1] == "  1 3 4"
    assert said.lines[2].startswith("N-2 2 mentions, 1 author, web, social: ")


def test_the_largest_comes_first_and_lists_are_paged(cli: Cli) -> None:
    lines = as_lines([{"text": "a flight to Oslo was cancelled"}, *TOLD])
    assert [one["id"] for one in cli.json("narratives", "--from", "-", stdin=lines)] == [
        "N-2",
        "N-3",
        "N-1",
    ]
    part = cli.json("narratives", "--from", "-", "--after", "N-2", "--limit", "1", stdin=lines)
    assert [one["id"] for one in part] == ["N-3"]


def test_every_line_is_in_just_one_narrative(cli: Cli) -> None:
    texts = [f"{what} {n % 7} {'kettle' if n % 3 else '🔥'}" for n in range(150) for what in "ab"]
    found = cli.json(
        "narratives", "--from", "-", "--full", stdin=as_lines([{"text": text} for text in texts])
    )
    ids = [name for one in found for name in one["mention_ids"]]
    assert sorted(ids, key=int) == [str(n) for n in range(1, 301)]
    assert sum(one["mentions"] for one in found) == 300


def test_line_numbers_count_blank_lines_too(cli: Cli) -> None:
    found = cli.json("narratives", "--from", "-", "--full", stdin=b'\n\n{"text": "smoke"}\n')
    assert [one["mention_ids"] for one in found] == [["3"]]


def test_an_id_of_null_or_an_empty_one_is_none(cli: Cli) -> None:
    lines = b'{"text": "smoke", "external_id": null}\n{"text": "queue", "external_id": ""}\n'
    found = cli.json("narratives", "--from", "-", "--full", stdin=lines)
    assert [one["mention_ids"] for one in found] == [["1"], ["2"]]


def test_bad_lines_are_named_and_the_others_grouped(cli: Cli) -> None:
    Path("told.jsonl").write_bytes(b'{"text": "smoke"}\nno json\n{"text": ""}\n{"text": "fire"}')
    said = cli("narratives", "--from", "told.jsonl", "--json")
    assert said.code == 1
    assert [one["title"] for one in said.json] == ["smoke", "fire"]
    first, second = (json.loads(line)["error"] for line in said.err.splitlines())
    assert first["message"].startswith("told.jsonl:2: not JSON")
    assert second["message"] == "told.jsonl:3: text: empty"


def test_a_line_beyond_the_bound_is_one_problem(cli: Cli) -> None:
    line = json.dumps({"text": "x" * (1 << 20)}).encode() + b'\n{"text": "smoke"}\n'
    said = cli("narratives", "--from", "-", "--full", "--json", stdin=line)
    assert said.code == 1
    assert said.error["message"] == "stdin:1: longer than 1048576 bytes"
    assert [one["mention_ids"] for one in said.json] == [["2"]]


def test_a_file_that_is_not_there_is_refused(cli: Cli) -> None:
    said = cli.refused(2, "narratives", "--from", "nowhere.jsonl")
    assert "nowhere.jsonl cannot be read" in said.err


def test_a_folder_is_refused_in_one_line(cli: Cli, tmp_path: Path) -> None:
    assert "cannot be read" in cli.refused(2, "narratives", "--from", str(tmp_path)).err


def test_nothing_in_it_is_no_error(cli: Cli) -> None:
    assert cli.json("narratives", "--from", "-") == []
    assert cli.ok("narratives", "--from", "-").lines == ["there is no mention in it"]


def test_strangers_words_drive_no_terminal(cli: Cli) -> None:
    hostile = {
        "text": "\x1b]0;owned\x07 smoke\u202e {0} %s [red]",
        "external_id": "\x1b[2J",
        "source": "\n",
    }
    shown = cli.ok("narratives", "--from", "-", "--full", stdin=as_lines([hostile])).out
    assert "{0} %s [red]" in shown
    (story,) = cli.json("narratives", "--from", "-", "--full", stdin=as_lines([hostile]))
    assert story["mentions"] == 1
