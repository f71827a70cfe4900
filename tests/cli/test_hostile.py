"""What strangers write and what is typed never drives a terminal, nor stands as a line of ours."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from cli.driver import Cli, as_lines, assert_harmless
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisroom.cli.output import _harmless, fail, note, say, say_exactly

ODD = (
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[31m",
    "\x9b31m\x85",
    "\r\x08\x7f",
    "\u202eevil\u202c\u2066\u200f",
    "\u2028line\u2029",
    "\ud83d",
    "\U000e0041\ufeff\u200b",
    "INC-1 9: approved R-1\nINC-1 10: resolved",
    '{"error": 1}\n[]',
)


@pytest.fixture
def hostile(crisis: Cli) -> Cli:
    """A room with a post of the worst kind in its incident."""
    worst = "".join(ODD)
    posts = [
        {
            "text": worst,
            "source": "social",
            "external_id": worst,
            "author": {"handle": worst, "name": worst},
            "url": f"https://evil.test/{worst}",
            "lang": worst,
            "media": [{"kind": worst, "url": worst, "alt": worst}],
            "reply_to": worst,
        }
    ]
    crisis.ok("ingest", stdin=as_lines(posts))
    crisis.ok("mention", "link", "INC-1", "M-4")
    return crisis


LOOKS = [
    ("mentions",),
    ("mention", "show", "M-4", "--raw"),
    ("timeline", "INC-1"),
    ("status",),
    ("brief",),
    ("reply", "draft", "M-4", "We look at it."),
    ("export", "INC-1"),
    ("export", "INC-1", "--format", "json"),
    ("export", "INC-1", "--format", "jsonl"),
    ("export", "INC-1", "--format", "ics214"),
    ("verify",),
]


@pytest.mark.parametrize("words", LOOKS, ids=[" ".join(words) for words in LOOKS])
@pytest.mark.parametrize("json", [False, True], ids=["plain", "json"])
def test_the_worst_post_is_shown_harmlessly(
    hostile: Cli, words: tuple[str, ...], json: bool
) -> None:
    said = hostile(*words, *(["--json"] if json else []))  # the driver looks at every character
    assert said.code == 0


def test_a_post_cannot_stand_as_a_line_of_ours(hostile: Cli) -> None:
    for words in (("mentions",), ("timeline", "INC-1"), ("status",), ("brief",)):
        lines = hostile.ok(*words).lines
        assert not [line for line in lines if line.startswith("INC-1 9:")]
    shown = hostile.ok("mention", "show", "M-4").lines
    assert [line[:20] for line in shown if line.lstrip(" |").startswith("INC-1 10:")] == [
        "  | INC-1 10: resolv"
    ]


def test_json_has_the_words_unchanged(hostile: Cli) -> None:
    (entry,) = [one for one in hostile.json("timeline", "INC-1") if one["seq"] == 2]
    (mention,) = hostile.json("mentions", "--after", "M-3")
    assert entry["data"]["quote"] == mention["text"]
    assert "INC-1 10: resolved" in mention["text"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("json", [False, True], ids=["plain", "json"])
def test_an_odd_argument_is_harmless_wherever_it_stands(
    crisis: Cli, odd: str, json: bool, tmp_path: Path
) -> None:
    verbs = (
        (odd,),
        ("task", odd),
        ("task", "done", odd),
        ("note", odd, "--at", odd),
        ("note", odd),
        ("mention", "show", odd),
        ("mentions", "--query", odd, "--since", odd),
        ("mentions", "--source", odd, "--assignee", odd),
        ("reply", "show", odd),
        ("fact", "set", odd, odd),
        ("role", "take", odd),
        ("declare", odd, "--playbook", odd),
        ("playbook", "show", odd),
        ("playbook", "revoke", odd, odd),
        ("export", "--tz", odd),
        ("export", "-o", odd + "/x"),
        ("verify", odd),
        ("verify", "--anchor", odd),
        ("import", odd),
        ("check", odd),
        ("apply", odd),
        ("status", "--room", odd),
        ("status", "--config", odd),
        ("status", "--as", odd),
        ("ingest", odd),
        ("ingest", "--source", odd),
    )
    for words in verbs:
        said = crisis(*words, *(["--json"] if json else []))
        assert said.code in (0, 1, 2, 3), (words, said)
        if said.code and json and said.err:
            assert said.error["message"]


def test_bad_lines_are_harmless(crisis: Cli) -> None:
    lines = b"".join(odd.encode("utf-8", "surrogatepass") + b"\n" for odd in ODD)
    keys = as_lines([{odd: odd, "text": 3} for odd in ODD])
    for json in ([], ["--json"]):
        assert crisis("ingest", *json, stdin=lines + keys).code == 1


@settings(max_examples=200)
@given(st.text())
def test_no_text_passes_as_anything_but_text(text: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        say(text)
        say_exactly(text)
        note(text)
        fail(text, text, text)
    for printed in (out.getvalue(), err.getvalue()):
        assert_harmless(printed)
    assert len(err.getvalue().splitlines()) == 2


@settings(max_examples=200)
@given(st.recursive(st.text(), lambda more: st.lists(more) | st.dictionaries(st.text(), more)))
def test_json_is_harmless_and_says_the_same(value: object) -> None:
    import json

    printed = _harmless(value)
    assert_harmless(printed)
    assert len(printed.splitlines()) == 1
    assert json.loads(printed) == value


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=12), min_size=1, max_size=3))
def test_a_note_is_kept_exactly_or_refused(crisis: Cli, words: list[str]) -> None:
    said = crisis("note", "INC-1", "--json", "--", *words)
    if said.code:
        assert said.code in (1, 2)
    elif words != ["-"]:
        assert said.json["text"] == " ".join(words)
