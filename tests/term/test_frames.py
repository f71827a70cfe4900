"""What an application writes, read into cells: whatever bytes come."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from term.drawn import NOISE, Piece, pieces
from term.emulated import Emulated, differences, repainted, sound

from crisisroom.term.frames import Frames, painted
from crisisroom.term.glyphs import glyphs
from crisisroom.term.style import PLAIN, styled, transition

# What may be passed on: whole sequences and the bell.
_WHOLE = re.compile(
    r"\x07|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[]PX^_][^\x1b\x07]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]"
)


@given(st.lists(NOISE, max_size=4), st.integers(0, 9), st.integers(0, 4))
def test_whatever_comes_is_read_and_no_control_becomes_text(
    drawn: list[str], width: int, height: int
) -> None:
    frames = Frames(8, 3)
    for data in drawn:
        frames.take(data)
        frames.resize(width, height)
    assert sound(frames.grid)
    for row in frames.grid.rows:
        for glyph, style in row:
            assert not re.search("[\x00-\x1f\x7f-\x9f]", glyph)
            assert re.fullmatch("[0-9:;]*", ";".join(style.parameters()))
    assert all(map(_WHOLE.fullmatch, frames.controls))


@given(st.lists(pieces(20, 4)), st.data())
def test_a_frame_torn_between_sequences_is_the_same(
    drawn: list[Piece], data: st.DataObject
) -> None:
    told = [
        f"\x1b[{y + 1};{x + 1}H{transition(None, style)}{text}\x1b[0m"
        for x, y, text, style in drawn
    ]
    whole, torn = Frames(20, 4), Frames(20, 4)
    whole.take("".join(told))
    at = data.draw(st.integers(0, len(told)))
    torn.take("".join(told[:at]))
    torn.take("".join(told[at:]))
    assert whole.grid.rows == torn.grid.rows
    assert (whole.x, whole.y) == (torn.x, torn.y)


@given(st.lists(pieces(20, 4)), st.booleans())
def test_a_terminal_of_others_reads_the_same(drawn: list[Piece], lines: bool) -> None:
    terminal, frames = Emulated(20, 4), Frames(20, 4)
    for x, y, text, style in drawn:
        if x + sum(width for _, width in glyphs(text)) > 20:
            continue
        end = "\n" if lines and y < 3 else ""
        told = f"\x1b[{y + 1};{x + 1}H{transition(None, style)}{text}\x1b[0m{end}"
        frames.take(told)
        terminal.feed(told)
    assert not differences(terminal.cells(), repainted(frames.grid).cells())


def test_places_lines_and_erasing() -> None:
    frames = Frames(6, 4)
    frames.take("\x1b[2;3Hab\ncd\x1b[H\x1b[31mx\x1b[44m\x1b[K")
    assert frames.grid.text() == ["x     ", "  ab  ", "cd    ", "      "]
    assert frames.grid.rows[0][5][1] is styled(PLAIN, "31;44")
    frames.take("\x1b[2J")
    assert frames.grid.rows[3][0] == (" ", styled(PLAIN, "31;44"))


def test_a_line_feed_never_leaves_the_screen() -> None:
    frames = Frames(3, 2)
    frames.take("a\nb\nc\rd")
    assert frames.grid.text() == ["a  ", "d  "]


@pytest.mark.parametrize(
    "place", ["\x1b[99999;99999H", "\x1b[0;0H", "\x1b[?5H", "\x1b[1;2;3H", "\x1b[999999999H"]
)
def test_a_place_outside_is_none(place: str) -> None:
    frames = Frames(3, 2)
    frames.take(f"{place}x")
    assert sum(row.count("x") for row in frames.grid.text()) == 1


@pytest.mark.parametrize(
    "control",
    [
        "\x07",
        "\x1b[?1049h",
        "\x1b[?25l",
        "\x1b[>1u",
        "\x1b[?2026$p",
        "\x1b]52;c;aGk=\x07",
        "\x1b]22;pointer\x1b\\",
        "\x1bP+q544e\x1b\\",
        "\x1b[5A",
        "\x1bc",
    ],
)
def test_what_is_not_painting_is_passed_on_whole(control: str) -> None:
    frames = Frames(4, 1)
    frames.take(f"a{control}b")
    assert frames.grid.text() == ["ab  "]
    assert frames.taken_controls() == control
    assert frames.taken_controls() == ""


@pytest.mark.parametrize("inner", ["\x1b]9;come\x07", "\x1b]99;;come\x1b\\", "\x1b[1mx\x1b[m"])
def test_what_tmux_is_to_pass_on_goes_there_whole(inner: str) -> None:
    doubled = inner.replace("\x1b", "\x1b\x1b")
    frames = Frames(20, 2)
    frames.take(f"a\x1bPtmux;{doubled}\x1b\\b")
    assert frames.taken_controls() == f"\x1bPtmux;{doubled}\x1b\\"
    assert frames.grid.text()[0].strip() == "ab"


def test_controls_keep_their_order_and_say_nothing_twice() -> None:
    frames = Frames(4, 1)
    frames.take("\x07\x07\x1b]52;c;aGk=\x07\x07\x1b[?25h\x1b[?25h\x07")
    assert frames.taken_controls() == "\x07\x1b]52;c;aGk=\x07\x07\x1b[?25h\x07"


@pytest.mark.parametrize("piece", ["\x1b[31", "\x1b[", "\x1b", "\x1b]0;title", "\x1bP..", "\x9b1m"])
def test_what_was_cut_off_is_never_passed_on(piece: str) -> None:
    frames = Frames(8, 1)
    frames.take(piece)
    frames.take("\x1b[1;1Hok")
    assert frames.taken_controls() == ""
    assert frames.grid.text()[0].startswith("ok")


def test_a_link_is_a_part_of_the_style() -> None:
    frames = Frames(4, 1)
    frames.take("\x1b]8;id=1;https://x.test\x1b\\ab\x1b]8;;\x07c")
    links = [style.link for _, style in frames.grid.rows[0]]
    assert links == ["id=1;https://x.test", "id=1;https://x.test", "", ""]


def test_it_is_known_whether_the_application_wraps_its_frames() -> None:
    plain, wrapped = Frames(4, 1), Frames(4, 1)
    plain.take("a")
    wrapped.take("\x1b[?2026ha\x1b[?2026l")
    assert not plain.synchronizes
    assert wrapped.synchronizes
    assert wrapped.taken_controls() == ""


def test_a_frame_can_be_looked_at_by_itself() -> None:
    assert painted("\x1b[1;2Hab", 4, 2).text() == [" ab ", "    "]
