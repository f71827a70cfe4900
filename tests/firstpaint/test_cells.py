"""The words of a first paint read as those of the live screen do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core import clocks
from crisisroom.firstpaint import cells
from crisisroom.text import clean, clean_line
from crisisroom.tui import rows
from crisisroom.tui.guard import harmless
from crisisroom.tui.rows import times
from crisisroom.tui.signs import plain

NOW = datetime(2026, 11, 22, 2, 35, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
LETTERS = st.text(
    st.characters(max_codepoint=0x24F) | st.sampled_from("日本語ру́сский•▸✓»◦✗│▌…─×♦😀"), max_size=60
).map(lambda text: clean_line(text))
SIZES = st.integers(0, 40)
SPANS = st.integers(-400 * 86400, 400 * 86400)


@given(LETTERS, SIZES, st.booleans())
def test_words_are_fitted_the_same(text: str, size: int, right: bool) -> None:
    assert cells.fit(text, size, right=right) == rows.fit(text, size, right=right)
    assert cells.clip(text, size) == rows.clip(text, size)


@given(st.text(max_size=80), st.integers(1, 40))
def test_nothing_is_wider_than_its_place(raw: str, size: int) -> None:
    fitted = cells.fit(cells.one_line(raw), size)
    assert rows.cell_len(fitted) <= size


@given(st.text(max_size=80))
def test_nothing_that_a_terminal_obeys_gets_through(raw: str) -> None:
    told = cells.harmless(raw)
    assert harmless(told) == told
    assert "\n" not in told


@given(LETTERS)
def test_one_line_is_what_the_feed_shows(text: str) -> None:
    assert cells.one_line(clean(text)) == clean_line(clean(text), limit=300)


@given(LETTERS)
def test_ascii_is_the_same(text: str) -> None:
    assert cells.plain(text) == plain(text)


@given(st.none() | st.integers(0, 10**10))
def test_numbers_are_the_same(count: int | None) -> None:
    assert cells.number(count) == times.number(count)


@given(SPANS)
def test_spans_are_the_same(span: int) -> None:
    assert cells.minutes(span) == clocks.minutes(timedelta(seconds=span))


@pytest.mark.parametrize("name", ZONES)
@given(span=SPANS)
def test_times_are_the_same(name: str, span: int) -> None:
    moment, zone = NOW + timedelta(seconds=span), ZoneInfo(name)
    there, now = int(moment.timestamp()), int(NOW.timestamp())
    pairs: tuple[tuple[Callable[[int, int], str], Callable[..., str]], ...] = (
        (cells.brief_clock, times.brief_clock),
        (cells.full_clock, times.clock),
    )
    here = cells.Zone(name)
    try:
        assert here.known
        for ours, live in pairs:
            assert ours(there, now) == live(moment, NOW, zone)
        for state in ("ok", "warn", "overdue"):
            assert cells.due(there, now, state) == times.due(moment, NOW, zone, state)
    finally:
        here.leave()


@pytest.mark.parametrize("name", ["Nowhere/Else", "../../etc/passwd", "", "Europe/Ber\0lin"])
def test_a_zone_that_the_system_does_not_know_is_not_guessed(name: str) -> None:
    assert not cells.Zone.knows(name)


@given(st.lists(st.tuples(LETTERS, st.sampled_from(["text", "mine"])), max_size=5), SIZES)
def test_a_line_is_parted_and_nothing_is_lost(line: cells.Line, size: int) -> None:
    before, after = cells.parted(line, size)
    whole = [(sign, role) for text, role in line for sign in text]
    assert [(sign, role) for text, role in (*before, *after) for sign in text] == whole
    assert sum(cells.width(text) for text, _ in before) <= size
    rest = "".join(text for text, _ in after)
    assert not rest or sum(cells.width(text) for text, _ in before) + cells.width(rest[0]) > size
