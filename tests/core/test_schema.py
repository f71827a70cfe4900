from __future__ import annotations

import re
from typing import Literal, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.config.team import Member
from crisisroom.core import playbook
from crisisroom.core.kinds import (
    Count,
    Day,
    Duration,
    Id,
    Language,
    Notice,
    Prose,
    Ref,
    Sentence,
    Zone,
    span,
)
from crisisroom.core.problems import Problem, Report
from crisisroom.core.renames import KEYS, VALUES
from crisisroom.core.schema import bind, blank, did_you_mean
from crisisroom.core.yamltext import parse


class Leaf(msgspec.Struct, frozen=True):
    """The inner thing."""

    id: Id
    note: Prose = ""


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """One field of each kind."""

    id: Id
    name: str = ""
    words: Sentence = ""
    prose: Prose = ""
    count: Count = 1
    number: int = 0
    flag: bool = False
    choice: Literal["note", "link"] = "note"
    within: Duration | None = None
    warn: Notice = 0
    day: Day = ""
    zone: Zone = ""
    language: Language = "en"
    ref: Ref = ""
    tags: tuple[str, ...] = ()
    every: dict[str, Duration] = {}
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()


def load(text: str) -> tuple[Tree, list[Problem]]:
    node, problems = parse(text, "t.yaml")
    assert node is not None
    report = Report("t.yaml", problems)
    return bind(node, Tree, report), report.problems()


def good(text: str) -> Tree:
    tree, problems = load(f"id: x\n{text}")
    assert not problems
    return tree


def problem(text: str) -> Problem:
    _, problems = load(f"id: x\n{text}")
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("name: NO", "name", "NO"),
        ("name: 12:30", "name", "12:30"),
        ("name: +49301234567", "name", "+49301234567"),
        ("name: 0123", "name", "0123"),
        ("name: 1.10", "name", "1.10"),
        ("name: 'issue #12 is open'", "name", "issue #12 is open"),
        ("name: C#", "name", "C#"),
        ('name: ""', "name", ""),
        ('words: "Sorry: #1"', "words", "Sorry: #1"),
        ("words: |\n  Two\n\n  lines # here", "words", "Two\n\nlines # here"),
        ("words: >\n  One\n  line", "words", "One line"),
        ("count: 7 # seven", "count", 7),
        ("number: 007", "number", 7),
        ("flag: yes", "flag", True),
        ("flag: true", "flag", True),
        ("flag: no # not yet", "flag", False),
        ("flag: false", "flag", False),
        ("choice: link", "choice", "link"),
        ("within: 90s", "within", 90),
        ("within: 5m", "within", 300),
        ("within: 1h30m", "within", 5400),
        ("within: 2d", "within", 172_800),
        ("within: PT15M", "within", 900),
        ("within: P1DT2H", "within", 93_600),
        ("within: 1d2h3m4s", "within", 93_784),
        ("warn: 0s", "warn", 0),
        ("day: 2026-10-01", "day", "2026-10-01"),
        ("zone: America/Argentina/Buenos_Aires", "zone", "America/Argentina/Buenos_Aires"),
        ("language: no", "language", "no"),
        ("language: pt-BR", "language", "pt-BR"),
        ('ref: ""', "ref", ""),
        ("tags: [a, NO, 12:30]", "tags", ("a", "NO", "12:30")),
        ("tags: []", "tags", ()),
        ("every: {sev1: 20m, no: 1h}", "every", {"sev1": 1200, "no": 3600}),
        ("leaf: {id: y}", "leaf", Leaf("y")),
        ("leaves:\n  - id: y\n    note: z", "leaves", (Leaf("y", "z"),)),
    ],
)
def test_a_value_is_read_as_its_field_says(line: str, field: str, value: object) -> None:
    assert getattr(good(line), field) == value


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("nmae: x", '"nmae" is not known', 'did you mean "name"?'),
        ("zzz: x", '"zzz" is not known', "keys: id, name"),
        ("token: abc", '"token" is not known', "token_env"),
        ("name: issue #12 is open", 'only "issue" would be left', "quotes"),
        ("prose: see #12", 'only "see" would be left', "quotes"),
        ("tags: [a, b #c\n  ]", 'only "b" would be left', "quotes"),
        ("words: We are sorry", "in quotes or as a block", "quotes"),
        ("words: We #1", 'only "We" would be left', "quotes"),
        ("name:", "no value", "leave the line out"),
        ("name: |", "no value", ""),
        ("name: ~", "no value", '""'),
        ("name: null", "no value", '""'),
        ("leaf: {id: }", "no value", ""),
        ("name: [a]", "text belongs here, not a list", ""),
        ("name: {a: b}", "text belongs here, not key: value", ""),
        ("tags: a", "a list belongs here, not a single value", "[ ]"),
        ("tags: {a: b}", "a list belongs here, not key: value", ""),
        ("tags:\n  - Yes: we know", "not key: value", ""),
        ("every: 5m", "lines of key: value belong here, not a single value", ""),
        ("leaf: y", "lines of key: value belong here, not a single value", "id, note"),
        ("leaves: {id: y}", "a list belongs here", ""),
        ("leaves: [y]", "lines of key: value", ""),
        ("count: many", 'not "many"', ""),
        ("count: 1.0", "whole number", ""),
        ("count: -1", "whole number", ""),
        ("count: 0", "from 1 to", "it is 0"),
        ("count: ١٢", "whole number", ""),
        (f"count: {'9' * 10_000}", "whole number", ""),
        ("count: [1]", "a whole number belongs here", ""),
        ("flag: maybe", "yes or no", ""),
        ("flag: on", "yes or no", ""),
        ("flag: Yes", "yes or no", ""),
        ("choice: lnik", '"lnik" is not known', 'did you mean "link"?'),
        ("choice: zzz", '"zzz" is not known', "one of: note, link"),
        ("choice: []", "one word belongs here", ""),
        ("within: 5", "duration", "90s, 5m"),
        ("within: 5 m", "duration", ""),
        ("within: 1:30", "duration", ""),
        ("within: PT", "duration", ""),
        ("within: P", "duration", ""),
        ("within: 30m1h", "duration", ""),
        ("within: -5m", "duration", ""),
        ("within: ٥m", "duration", ""),
        ("within: 0s", "too short", ""),
        ("within: 400d", "too long", ""),
        ("within: {m: 5}", "a duration belongs here", ""),
        ("day: 1.10.2026", "YYYY-MM-DD", ""),
        ("day: 2026-02-30", "no such day", ""),
        ("zone: CET +1", "time zone", ""),
        ("language: English", "language", ""),
        ("ref: Bo Example", "an id has", ""),
        ("ref: ../../etc/passwd", "an id has", ""),
        (f"name: {'x' * 201}", "201 characters are too many", ""),
        (f"words: '{'x' * 501}'", "501 characters are too many", ""),
    ],
)
def test_a_value_that_does_not_fit_says_what_would(line: str, message: str, hint: str) -> None:
    found = problem(line)
    assert message in found.message
    assert hint in found.hint
    assert found.line >= 2


def test_all_problems_are_found_at_once() -> None:
    _, problems = load(
        "name: []\ncuont: 1\nleaf: {note: [x], id: A}\nwithin: soon\nflag: perhaps\n"
    )
    assert [found.line for found in problems] == [1, 1, 2, 3, 3, 4, 5]
    assert {found.code for found in problems} == {"missing_key", "type", "unknown_key", "value"}


@pytest.mark.parametrize("line", ['id: ""', "id: '  '", "id:", "id: ~", "name: x"])
def test_what_has_to_be_there_must_say_something(line: str) -> None:
    _, problems = load(line)
    assert problems


def test_what_does_not_fit_is_left_blank_and_keeps_its_place() -> None:
    tree, problems = load("id: x\nleaves: [3, {id: b}, {note: n}]\ncount: x\nwithin: [1]\n")
    assert len(problems) == 4
    assert tree.leaves == (Leaf(""), Leaf("b"), Leaf("", "n"))
    assert (tree.count, tree.within) == (0, 0)


def test_the_whole_file_has_to_be_keys_and_values() -> None:
    tree, problems = load("- a\n- b\n")
    assert "lines of key: value" in problems[0].message
    assert tree == blank(Tree)


def test_messages_cannot_drive_the_terminal() -> None:
    found = problem("'na\tme': x")
    assert str(found).isprintable()


def test_a_rename_leads_from_what_is_not_there_to_what_is() -> None:
    known = (*vars(playbook).values(), Member)
    shapes = {one.__name__: one for one in known if isinstance(one, type)}
    everything = {name for one in shapes.values() for name in getattr(one, "__struct_fields__", ())}
    for shape, keys in KEYS.items():
        fields = getattr(shapes.get(shape), "__struct_fields__", ())
        assert fields or not shape, shape
        for key, hint in keys.items():
            assert key not in fields, (shape, key)
            assert key == key.casefold()
            said = re.findall(r"([a-z_]+):", hint)
            if hint.startswith("write "):
                assert set(said) <= everything, (shape, key)
            if shape and hint.startswith("write "):
                assert set(said) & {*fields, "include", "window"}, (shape, key)
    options = {word for values in choices() for word in values}
    assert set(VALUES.values()) <= options


def choices() -> list[tuple[str, ...]]:
    kinds = (playbook.StatementKind, playbook.FactType, playbook.Org, playbook.EvidenceKind)
    return [get_args(kind) for kind in kinds]


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("leed", ["lead", "legal"], 'did you mean "lead"?'),
        ("LEAD", ["lead", "legal"], 'did you mean "lead"?'),
        ("deal", ["lead", "dela", "legal"], 'did you mean "dela"?'),
        ("zzz", ["lead", "legal"], "known here: lead, legal"),
        ("zzz", [], ""),
        ("x" * 100_000, ["lead"], "known here: lead"),
    ],
)
def test_did_you_mean(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint


def test_a_long_list_of_names_is_cut() -> None:
    hint = did_you_mean("zzz", (f"name{n}" for n in range(10_000)))
    assert len(hint) < 300


@given(
    st.integers(0, 99_999), st.integers(0, 99_999), st.integers(0, 999_999), st.integers(0, 10**7)
)
def test_durations_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert span(f"{days}d{hours}h{minutes}m{seconds}s") == total


@given(st.text("0123456789smhd :.-+٣", max_size=12))
def test_no_other_text_is_a_duration(text: str) -> None:
    seconds = span(text)
    if seconds is not None:
        assert text.isascii()
        assert text[0].isdigit()
        assert text[-1] in "smhd"


@given(st.text(st.characters(exclude_characters="\n\r"), max_size=60))
def test_a_plain_text_is_kept_or_refused(text: str) -> None:
    node, problems = parse(f"id: x\nname: {text}\n", "t.yaml")
    report = Report("t.yaml", problems)
    if node is not None and text.lstrip()[:1] not in {"'", '"'}:
        tree = bind(node, Tree, report)
        assert report or tree.name == text.strip(" \t")
    assert node is not None or report
