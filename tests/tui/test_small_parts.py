"""Signs, palettes, hints, times people type: the parts that need no room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.strip import Strip

from crisisroom.firstpaint.cells import TINTED, WHOLE
from crisisroom.text import SafeText
from crisisroom.tui import signs, theme
from crisisroom.tui.acts.when import dated
from crisisroom.tui.rows import Cell, row
from crisisroom.tui.shown import block, content, line, ours, strip

NOW = datetime(2026, 11, 22, 2, 35, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


class Paints:
    palette = theme.PALETTES["dark"]
    ascii_only = False
    tint = WHOLE


class PaintsAscii(Paints):
    ascii_only = True


@given(st.text(max_size=40))
def test_folded_is_ascii_and_keeps_its_width(words: str) -> None:
    folded = signs.folded(words)
    assert folded.isascii()
    if words.isprintable():
        assert len(folded) == cell_len(words)


def test_every_sign_has_its_ascii() -> None:
    for sign in "•▸✓»◦✗▿▹│▌…─‹›":
        assert signs.plain(sign).isascii()
        assert signs.plain(sign) != "?"


def test_all_palettes_know_the_same_roles() -> None:
    roles = {frozenset(palette.looks) for palette in theme.PALETTES.values()}
    assert len(roles) == 1


def test_without_colour_no_role_has_one() -> None:
    assert not any(look.ink or look.ground for look in theme.PALETTES["mono"].looks.values())


@pytest.mark.parametrize("name", ["dark", "light"])
def test_words_can_be_read_on_their_ground(name: str) -> None:
    palette = theme.PALETTES[name]
    for role in ("text", "quiet", "mine", "ok", "warn", "late"):
        for ground in (palette.back, palette.cursor.ground):
            assert _contrast(palette.looks[role].ink, ground) >= 4.5, role


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    lit = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]


def test_words_are_literal() -> None:
    hostile = SafeText("[@click=app.leave]x[/]\nsecond")
    assert line(hostile).plain == "[@click=app.leave]x[/] second"
    assert block(hostile).plain == hostile
    assert ours("[b]x[/]").plain == "[b]x[/]"
    assert not line(hostile).spans


@given(st.lists(st.builds(Cell, st.text(max_size=20)), max_size=5), st.integers(1, 60))
def test_a_strip_is_exactly_as_wide_as_asked(cells: list[Cell], width: int) -> None:
    printable = [Cell(cell.text) for cell in cells if cell.text.isprintable()]
    painted = strip(row(*printable), width, Paints())
    assert sum(cell_len(segment.text) for segment in painted) == width


def test_the_cursor_stands_in_column_0() -> None:
    chosen = row(Cell(" "), Cell("•"), Cell(" post"), cursor=True)
    assert strip(chosen, 8, Paints()).text == "▌• post "
    assert strip(chosen, 8, PaintsAscii()).text == ">* post "


def test_content_of_a_row_keeps_roles() -> None:
    told = content(row(Cell("a", "late"), Cell("b")), Paints())
    assert told.plain == "ab"
    assert len(told.spans) == 2


@pytest.mark.parametrize(
    ("typed", "minutes", "words"),
    [
        ("-12m phoned the bank", 12, "phoned the bank"),
        ("-12 phoned", 12, "phoned"),
        ("-1h phoned", 60, "phoned"),
        ("-1h30m phoned", 90, "phoned"),
        ("12m ago phoned", 12, "phoned"),
        ("1h30m ago phoned", 90, "phoned"),
        ("03:12 phoned", 23, "phoned"),
        ("23:50 phoned", 225, "phoned"),
    ],
)
def test_notes_are_put_back(typed: str, minutes: int, words: str) -> None:
    at, rest = dated(typed, NOW, BERLIN)
    assert at == NOW - timedelta(minutes=minutes)
    assert rest == words


@pytest.mark.parametrize("typed", ["phoned -12m ago", "- phoned", "-x", "12:99 odd", "3:123"])
def test_other_notes_are_of_now(typed: str) -> None:
    assert dated(typed, NOW, BERLIN) == (None, typed)


@given(st.text(max_size=30))
def test_anything_typed_is_a_note(typed: str) -> None:
    at, _ = dated(typed, NOW, BERLIN)
    assert at is None or at <= NOW


def test_over_ssh_the_cursor_tints_only_the_beginning_of_its_row() -> None:
    class Far(Paints):
        tint = TINTED

    chosen = row(Cell(" • 03:45  words of a stranger", foreign=True), cursor=True)
    whole, short = strip(chosen, 30, Paints()), strip(chosen, 30, Far())
    assert short.text == whole.text
    assert _tinted(whole) == 30
    assert _tinted(short) == TINTED


def _tinted(painted: Strip) -> int:
    ground = theme.PALETTES["dark"].ground(under_cursor=True).bgcolor
    return sum(one.cell_length for one in painted if one.style and one.style.bgcolor == ground)
