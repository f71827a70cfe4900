"""The one line that comes over SSH, taken apart."""

from __future__ import annotations

import shlex
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crisisroom.cli.commands import Command, parse, works_over_key
from crisisroom.cli.context import Globals
from crisisroom.cli.shell_words import MOST, refuse_forced, refuse_lookalike, split
from crisisroom.core.errors import Refused, Usage

DOOR = Globals(room="/srv/room.db", config="/srv/crisisroom.yaml", person="ada")
SAFE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("status", ["status"]),
        ("  note   'a  b'  c ", ["note", "a  b", "c"]),
        ("note it\\'s 'so'\"-\"called", ["note", "it's", "so-called"]),
        ('note "a \\"b\\" \\\\ \\c \\$5"', ["note", 'a "b" \\ \\c $5']),
        ("note '$(id) `id` ; | & < > * ? ~ {} []'", ["note", "$(id) `id` ; | & < > * ? ~ {} []"]),
        ("note '' x", ["note", "", "x"]),
        ("note a\\ b\\;c", ["note", "a b;c"]),
        ("note 50% #tag @pat a=b x!", ["note", "50%", "#tag", "@pat", "a=b", "x!"]),
        ("note na\u00efve \U0001f642", ["note", "na\u00efve", "\U0001f642"]),
    ],
)
def test_quotes_are_as_a_shell_has_them(line: str, words: list[str]) -> None:
    assert split(line) == words


@pytest.mark.parametrize("sign", list(";|&<>()$`*?[]{}~"))
def test_what_a_shell_would_act_on_has_to_be_quoted(sign: str) -> None:
    for line in (f"status {sign}", f"status{sign}id", f"note a{sign}b"):
        with pytest.raises(Usage, match="stands unquoted, and no shell is here"):
            split(line)
    assert split(f"note '{sign}' \\{sign}") == ["note", sign, sign]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("''", "empty"),
        ("note 'a", "never closed"),
        ('note "a\\"', "never closed"),
        ("note a\\", "a backslash ends"),
        ("note a\nb", "a line end"),
        ("note a\x00b", "a control sign"),
        ("note a\x1bb", "a control sign"),
        ("note a\u2028b", "a line end"),
        ("note \udcff", "not UTF-8"),
        ("note " + "x" * MOST, "at most 64 kB"),
        ('note "$HOME"', "in double quotes"),
    ],
)
def test_what_is_no_command(line: str, message: str) -> None:
    with pytest.raises(Usage, match=message) as said:
        split(line)
    assert "\n" not in str(said.value)


@given(st.lists(SAFE, min_size=1).filter(any))
def test_what_was_quoted_for_a_shell_comes_out_as_it_was(words: list[str]) -> None:
    assert split(shlex.join(words)) == words


@pytest.mark.parametrize(
    "word",
    [
        *("--room", "--room=x", "--roo", "--r", "--config", "--co", "--c", "--as", "--as=eve"),
        *("--a", "--AS", "--Room=x", "\u2013as", "\u2014room", "\u2212\u2212as", "-\u2013as"),
    ],
)
def test_what_the_key_says_nobody_else_does(word: str) -> None:
    for words in ([word, "x", "status"], ["status", word], ["note", "--", word, "x"]):
        with pytest.raises(Refused):
            refuse_forced(words)


@pytest.mark.parametrize(
    "word",
    ["--at", "--all", "--command-id", "--role", "--", "-", "-12m", "--room is shut", "\u20135"],
)
def test_other_options_and_words_pass(word: str) -> None:
    refuse_forced(["note", word])


@pytest.mark.parametrize(
    "verb", ["st\u0430tus", "status\u200b", "\ufeffnote", "\uff33tatus", "\u202e"]
)
def test_a_verb_that_only_looks_like_one_is_named_with_its_odd_letter(verb: str) -> None:
    with pytest.raises(Usage, match=r"is no verb: it has U\+[0-9A-F]{4} in it") as said:
        refuse_lookalike([verb, "x"])
    assert str(said.value).isascii()
    refuse_lookalike(["note", verb])


def test_what_follows_two_dashes_is_told_as_it_was_typed() -> None:
    with pytest.raises(Usage) as said:
        parse(["status", "--", "--json", "x"])
    assert said.value.message == "unrecognized arguments: --json x"


VERBS = [*works_over_key()]
LIKELY = st.sampled_from(
    [
        *("status", "note", "export", "team", "playbook", "show", "verify", "backup", "shell"),
        *("-o", "-o/x", "--output=/x", "/etc/passwd", "--from", "INC-1", "--", "-", "--json"),
        *("--room", "--as=x", "--help", "-h", "help", "--version", "'", '"', "\\", "@x", "--key"),
        *("evidence", "add", "watch", "doctor", "authorized-keys", "--sign", "--evidence", "x"),
    ]
)


@given(st.lists(LIKELY | SAFE, max_size=6))
@example(["help"])
@example(["backup", "--help"])
@example(["evidence", "--help"])
def test_words_only_ever_reach_what_works_over_a_key(words: list[str]) -> None:
    """Any line is a command of the list, in the key's room and person, or help, or refused."""
    try:
        parsed = parse(split(" ".join(words)), DOOR)
    except Refused:
        return
    if isinstance(parsed, Command):
        assert parsed.name in VERBS
        assert parsed.context.confined
        options = parsed.context.options
        assert (options.room, options.config, options.person) == (
            *(DOOR.room, DOOR.config, DOOR.person),
        )
        assert parsed.verb.over_key is not None
        assert not parsed.verb.over_key.flaw(parsed.args)


@given(st.text(max_size=40))
def test_no_line_is_an_error_of_ours(line: str) -> None:
    with suppress(Refused):
        words = split(line)
        refuse_forced(words)
        parse(words, DOOR)
