from __future__ import annotations

import json

import pytest
import yaml
from awkward_yaml import REFUSED, Awkward
from hypothesis import example, given
from hypothesis import strategies as st

from crisisroom.core.problems import MAX_PROBLEMS, Problem
from crisisroom.core.yamltext import (
    Broken,
    Mapping,
    Node,
    Scalar,
    Sequence,
    locate,
    parse,
)
from crisisroom.text.own import check_own

SURPRISES = [  # a YAML 1.1 loader makes something else of each of these
    "NO", "no", "off", "Yes", "on", "y", "12:30", "22:30:00", "1:30", "+49301234567", "0123",
    "0044123", "0x1F", "0b11", "0o17", "1_000", "1.10", "1e3", ".5", ".inf", ".nan", "2026-10-01",
    "2026-02-30", "9" * 10_000, "=", "C#", "a#b", "50%", "x@y.org", "~/room", "a&b", "f*ck",
    "what?", "it's", "5\" screen", "-1", "--", "nil", "None", "\\d", "🏳️‍🌈", "می‌خواهم",
]  # fmt: skip


def read(text: str) -> Node:
    node, problems = parse(text, "t.yaml")
    assert not problems
    assert node is not None
    return node


def value_of(text: str, key: str = "a") -> Scalar:
    node = locate(read(text), (key,))
    assert isinstance(node, Scalar)
    return node


@pytest.fixture(params=["libyaml", "pure"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(yaml, "__with_libyaml__", request.param == "libyaml")
    return str(request.param)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_an_awkward_file_is_refused_where_it_is_awkward(case: Awkward) -> None:
    node, problems = parse(case.text, "t.yaml")
    assert problems, node
    assert problems[0].line == case.line
    assert case.code in {"", problems[0].code}
    assert len(problems) <= MAX_PROBLEMS
    for problem in problems:
        assert str(problem).startswith(f"t.yaml:{problem.line}:{problem.col}: ")
        assert str(problem).isprintable()


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_without_libyaml_the_same_files_are_refused(
    case: Awkward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert parse(case.text, "t.yaml")[1]


@pytest.mark.parametrize("text", SURPRISES)
def test_what_yaml_would_change_stays_as_it_is_written(text: str, loader: str) -> None:
    assert value_of(f"a: {text}\n").value == text
    assert value_of(f"- {text}\n".replace("- ", "a: ", 1)).value == text


@pytest.mark.parametrize("text", ["NO", "12:30", "on", "0123", "1.10"])
def test_keys_stay_as_they_are_written(text: str, loader: str) -> None:
    node = read(f"{text}: x\n")
    assert isinstance(node, Mapping)
    assert node.entries[0][0].value == text


def test_nodes_know_their_place(loader: str) -> None:
    root = read("a: x\nb:\n  - 'y'\n  - {c: z}\n")
    assert isinstance(locate(root, ("b",)), Sequence)
    place = locate(root, ("b", 1, "c"))
    assert (place.line, place.column) == (4, 9)
    assert locate(root, ("b", 0)) == Scalar(3, 5, "y", "quoted")
    assert locate(root, ("b", 7, "c")) is locate(root, ("b",))
    assert locate(root, ("nowhere",)) is root


def test_columns_count_characters(loader: str) -> None:
    node = locate(read('"größe 👍": x\n'), ("größe 👍",))
    assert (node.line, node.column) == (1, 12)


@pytest.mark.parametrize(
    ("line", "commented"),
    [
        ("a: x # y", True),
        ("a: x  #", True),
        ("a: x#y", False),
        ("a: 'x' # y", False),
        ("a: x\n# y", False),
        ("a: x\n  z # y", True),
        ("a: [b, x # y\n  ]", False),
    ],
)
def test_a_comment_behind_plain_text_is_seen(line: str, commented: bool, loader: str) -> None:
    node = locate(read(line + "\n"), ("a",))
    assert (isinstance(node, Scalar) and node.commented) is commented


def test_a_comment_behind_a_tab_is_seen() -> None:
    assert value_of("a: x\t# y\n").commented


def test_a_block_keeps_its_lines_and_not_the_last_line_end(loader: str) -> None:
    node = value_of("a: |\n  One # two: 3\n\n  {four}\n\nb: c\n")
    assert node.value == "One # two: 3\n\n{four}"
    assert node.style == "block"


def test_windows_files_read_like_ours(loader: str) -> None:
    ours = "a: |\n  one\n  two\nb: x\n"
    assert read("\ufeff" + ours.replace("\n", "\r\n")) == read(ours)


def test_what_is_refused_leaves_the_rest_readable() -> None:
    node, problems = parse("a: &x 1\nb: *x\nc: !t [1]\nd: fine\na: 2\n", "t.yaml")
    assert node is not None
    assert [problem.line for problem in problems] == [1, 2, 3, 5]
    assert isinstance(locate(node, ("c",)), Broken)
    assert locate(node, ("d",)) == Scalar(4, 4, "fine")


def test_problems_come_in_the_order_of_the_file_and_end_somewhere() -> None:
    _, problems = parse("a: 1\n" * 5000, "t.yaml")
    assert len(problems) == MAX_PROBLEMS
    assert [p.line for p in problems] == sorted(p.line for p in problems)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a: Note: this\n", "quotes"),
        ("a:\n\tb: c\n", "spaces"),
        ("a: @ada\n", "quotes"),
        ('a: "C:\\share"\n', "backslash"),
        ('a: "C:\\temp"\n', "backslash"),
        ("a: {b: issue #12 is open}\n", "quotes"),
        ('a: "x\n', "quote"),
        ("a: *urgent*\n", "quotes"),
        ("a: !important\n", "quotes"),
        ("a:\n    b: c\n  d: e\n", "indentation"),
    ],
)
def test_a_broken_file_says_how_to_mend_it(text: str, advice: str) -> None:
    _, problems = parse(text, "t.yaml")
    assert advice in problems[0].hint


def test_a_problem_is_one_line_for_editors() -> None:
    problem = Problem("p.yaml", 3, 7, "no role is called x", 'did you mean "y"?', "reference")
    assert str(problem) == 'p.yaml:3:7: no role is called x (did you mean "y"?)'
    assert str(Problem("p.yaml", 3, 7, "gone")) == "p.yaml:3:7: gone"


def test_the_name_of_a_file_cannot_drive_the_terminal() -> None:
    _, problems = parse("", "\x1b[2J.yaml")
    assert str(problems[0]).startswith("\\u001b[2J.yaml:1:1: ")


@given(st.text(max_size=300) | st.text("ab:-[]{}&*!#|>'\"%@`?, \n\t\\", max_size=60))
@example("a: '\n")
@example("\ufeff\ufeffa: b")
def test_any_text_is_read_or_refused(text: str) -> None:
    node, problems = parse(text, "t.yaml")
    assert node is not None or problems
    lines = text.count("\n") + text.count("\r") + 2
    assert all(1 <= p.line <= lines and p.col >= 1 for p in problems)


SENTENCES = st.text(
    st.sampled_from("aZé👍#:@%'\"-,.!?&*|>[]{}`~\\0+ \t\u200c\u200d\u202e\x1b"), min_size=1
) | st.builds(
    " ".join,
    st.lists(
        st.sampled_from(
            ["issue", "#12", "is", "open:", "call", "+49 30 1234", "at", "12:30", "NO", "0123",
             "@ada", "50%", "it's", '"quoted"', "– no", "👩‍👩‍👧", "می‌خواهم", "[1]", "{{fact.x}}",
             "a: b", "#", ":", "-", "null", "~", "C:\\temp", "&c.", "*now*", "!", "|", ">",
             "...", "---"]
        ),
        min_size=1,
        max_size=8,
    ),
)  # fmt: skip


@given(SENTENCES)
def test_a_quoted_sentence_is_byte_identical_or_refused(sentence: str) -> None:
    single = sentence.replace("'", "''")
    for written in (json.dumps(sentence, ensure_ascii=False), f"'{single}'"):
        node, problems = parse(f"a: {written}\n", "t.yaml")
        if check_own(sentence) or ("\t" in sentence and written.startswith('"')):
            assert problems
        else:
            assert not problems
            assert isinstance(node, Mapping)
            assert node.entries[0][1] == Scalar(1, 4, sentence, "quoted")


@given(SENTENCES)
def test_a_sentence_in_a_block_is_byte_identical_or_refused(sentence: str) -> None:
    node, problems = parse(f"a: |2\n  {sentence}\n", "t.yaml")
    if not problems:
        assert isinstance(node, Mapping)
        assert node.entries[0][1] == Scalar(1, 4, sentence, "block")
    else:
        assert check_own(sentence)
