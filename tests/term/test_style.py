"""From one style to the next: the terminal ends up in the one that was meant, in few bytes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term.drawn import SHOWN, parameters, styles
from term.emulated import Emulated

from crisisroom.term.style import PLAIN, Style, linked, style_of, styled, transition

_SGR = re.compile(r"\x1b\[([0-9:;]*)m")
_LINK = re.compile(r"\x1b\]8;([^\x1b]*)\x1b\\")
LINKS = ("", "id=1;https://one.test", ";https://two.test")


def applied(style: Style, told: str) -> Style:
    """Return the style of a terminal that is told this."""
    for link in _LINK.findall(told):
        style = linked(style, link)
    for sequence in _SGR.findall(told):
        style = styled(style, sequence)
    rest = _SGR.sub("", _LINK.sub("", told))
    assert rest == ""
    return style


any_style = st.builds(linked, styles(), st.sampled_from(LINKS))


@given(any_style, any_style, st.booleans())
def test_a_transition_leads_from_one_style_to_the_other(
    one: Style, other: Style, reset: bool
) -> None:
    told = transition(one, other, only_reset=reset)
    assert applied(one, told) is other
    assert (told == "") == (one is other)


@given(any_style)
def test_from_a_style_that_is_not_known_all_is_told(style: Style) -> None:
    told = transition(None, style)
    messy = style_of("31", "44", frozenset((1, 4, 7)), "", "73")
    assert applied(messy, told) is style


@given(any_style, any_style)
def test_a_terminal_that_only_resets_gets_nothing_else(one: Style, other: Style) -> None:
    for sequence in _SGR.findall(transition(one, other, only_reset=True)):
        assert sequence == "" or sequence.split(";")[0] == "0"


@given(styles(), styles())
def test_a_transition_is_no_longer_than_telling_all(one: Style, other: Style) -> None:
    assert len(transition(one, other)) <= len(transition(None, other))


@given(styles(SHOWN), styles(SHOWN))
def test_a_terminal_of_others_agrees(one: Style, other: Style) -> None:
    short, full = Emulated(1, 1), Emulated(1, 1)
    short.feed(f"{transition(None, one)}{transition(one, other)}x")
    full.feed(f"{transition(None, other)}x")
    assert short.cells() == full.cells()


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("1;31", "31", "\x1b[22m"),
        ("31", "1;31", "\x1b[1m"),
        ("31", "32", "\x1b[32m"),
        ("31;44", "31", "\x1b[49m"),
        ("1;2", "2", "\x1b[0;2m"),
        ("21", "4;21", "\x1b[4;21m"),  # the later of two lines counts
        ("1;3;4;31;44", "", "\x1b[m"),
        ("38;2;1;2;3;48;2;4;5;6", "38;2;7;8;9;48;2;4;5;6", "\x1b[38;2;7;8;9m"),
    ],
)
def test_what_is_told(one: str, other: str, told: str) -> None:
    assert transition(styled(PLAIN, one), styled(PLAIN, other)) == told


def test_a_link_begins_and_ends() -> None:
    link = linked(PLAIN, LINKS[1])
    assert transition(PLAIN, link).startswith("\x1b]8;id=1;https://one.test\x1b\\")
    assert transition(link, PLAIN) == "\x1b]8;;\x1b\\"
    assert linked(link, ";") is PLAIN


@given(parameters())
def test_equal_styles_are_one_object(drawn: str) -> None:
    style = styled(PLAIN, drawn)
    made = style_of(style.fore, style.back, style.attributes, style.link, style.extra)
    assert made is style
    assert styled(PLAIN, ";".join(style.parameters())) is style


def test_a_style_in_use_stays_the_one_however_many_come() -> None:
    first = styled(PLAIN, "38;2;1;1;1")
    for number in range(10_000):
        styled(PLAIN, f"38;2;{number // 256};{number % 256};9")
    assert styled(first, "38;2;1;1;1") is first
    assert styled(styled(PLAIN, "1"), "0") is PLAIN


@given(st.text("0123456789;:", max_size=30))
def test_any_parameters_can_be_read_and_told_again(drawn: str) -> None:
    style = styled(PLAIN, drawn)
    assert applied(PLAIN, transition(None, style)) is style


@pytest.mark.parametrize(
    ("drawn", "style"),
    [
        ("", PLAIN),
        ("38", PLAIN),
        ("38;5", PLAIN),
        ("38;2;1;2", PLAIN),
        ("38;7", PLAIN),
        ("031", style_of("31")),
        ("31;39", PLAIN),
        ("101;49", PLAIN),
        ("58;2;255;0;0", style_of(extra="58;2;255;0;0")),
        ("4:3", style_of(extra="4:3")),
        ("38:2::1:2:3", style_of("38:2::1:2:3")),
        ("9" * 5000, style_of(extra="9" * 5000)),
    ],
)
def test_parameters_and_what_they_mean(drawn: str, style: Style) -> None:
    assert styled(PLAIN, drawn) is style


def test_what_blanks_may_be_wiped() -> None:
    assert styled(PLAIN, "1;3;31;44").erasable
    for seen in ("4", "21", "7", "9", "51", "53"):
        assert not styled(PLAIN, seen).erasable
    assert not linked(PLAIN, LINKS[2]).erasable


def test_the_cells_of_a_style_do_not_fill_the_memory() -> None:
    style = styled(PLAIN, "38;5;99")
    for number in range(10_000):
        assert style.cells[chr(0x4E00 + number)] == (chr(0x4E00 + number), style)
    assert len(style.cells) <= style.cells.MOST
