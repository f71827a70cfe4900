"""Pages of the manual: every sign as it is, whatever roff would make of it."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.cli import roff

AWKWARD = (
    ".SH not a heading",
    "'br not a request",
    "back\\slash \\fB \\n(.H \\*(lq",
    "-12m, --at and a - between",
    'it\'s `so` ^~ "quoted"',
    "100 % of #1 {a|b} <c> [d] $e @f",
    "a line of so many words that it does not fit. .begins with a dot where it may break, 'ere too",
)


def meant(words: str) -> str:
    """Return what has to be read of words: blanks count once, what cannot be seen is a blank."""
    seen = "".join(sign if sign.isprintable() else " " for sign in words)
    return " ".join(seen.replace("…", "...").split())


@given(st.text())
def test_what_is_escaped_reads_as_it_was(words: str) -> None:
    told = roff.escaped(words)
    assert told.isascii()
    assert "\n" not in told
    assert not told.startswith((".", "'"))
    assert roff.plain(told) == meant(words)


@given(st.text(st.sampled_from("ab .'\\-\n"), max_size=400))
def test_filled_lines_hold_every_word_and_no_request(words: str) -> None:
    lines = roff.filled(words)
    assert not [line for line in lines if line.startswith((".", "'"))]
    assert " ".join(map(roff.plain, lines)).split() == meant(words).split()


@given(st.lists(st.text(st.sampled_from("ab .'\\-"), min_size=1, max_size=100), min_size=1))
def test_the_plain_page_has_every_word_in_its_order(told: list[str]) -> None:
    page = [line for one in told for line in roff.item(roff.bold("tag"), one)]
    expected = [word for one in told for word in ("tag", *meant(one).split())]
    assert roff.as_text("\n".join(page)).split() == expected


def test_the_plain_page_keeps_literal_lines_and_what_is_set_in() -> None:
    inner = roff.inset(roff.item(roff.bold("--in"), "further in"))
    page = [roff.section("Name"), *roff.item("tag", "words"), *inner, *roff.literal(["a  b"])]
    assert roff.as_text("\n".join(page)) == (
        "\nNAME\n    tag\n        words\n        --in\n            further in\n\n        a b\n"
    )


@pytest.mark.parametrize("reader", [["groff", "-man", "-ww", "-Tascii", "-P-cbou"], ["mandoc"]])
def test_other_readers_agree(reader: list[str]) -> None:
    if shutil.which(reader[0]) is None:
        pytest.skip(f"no {reader[0]} on this machine")
    body = [line for words in AWKWARD for line in roff.paragraph(words)]
    page = "\n".join(['.TH T 1 "2026-11-22" "v" "m"', ".nh", ".ad l", roff.section("S"), *body, ""])
    done = subprocess.run(reader, input=page, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    lines = done.stdout.replace("\b", "").splitlines()
    shown = " ".join(" ".join(lines).split())
    for words in AWKWARD:
        assert meant(words) in shown
