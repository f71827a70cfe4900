"""Heads of stories: fixed places, the title last, numbers that fit their cells."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui.rows.test_rows import EYES, HOSTILE, KNOW, mention, ours_after_theirs
from tui.test_storylist import story

from crisisroom.tui.rows import cell_len
from crisisroom.tui.rows.feed import FeedHead, feed_head, feed_row
from crisisroom.tui.rows.story import COUNTS, counts, more_row, others_row, rough, story_row, trend
from crisisroom.tui.rows.thread import Talk, thread_rows


@given(HOSTILE, st.integers(0, 10**7), st.integers(0, 10**9), st.integers(60, 160), st.booleans())
def test_a_head_keeps_its_places(
    title: str, total: int, reach: int, width: int, opened: bool
) -> None:
    free = min(total, 2000)
    one = msgspec.structs.replace(
        story(1, free=free), title=title, mentions=total, reach=reach, trend=(1, 0, 9)
    )
    row = story_row(one, width, opened=opened)
    assert cell_len(row.text) == width
    assert row.at == "story:N-1"
    assert ours_after_theirs(row) == []
    begin = sum(cell_len(cell.text) for cell in row.cells[:-1])
    assert begin == (26 if width < 100 else 41)


@pytest.mark.parametrize(
    ("free", "total", "words"),
    [
        (11, 38, "11 free of 38"),
        (0, 0, "0 free of 0"),
        (211, 3800, "211 of 3.8k"),
        (2000, 48000, "2.0k+ of 48k"),
    ],
)
def test_counts_fit_their_cells(free: int, total: int, words: str) -> None:
    assert counts(free, total) == words
    assert len(words) <= COUNTS


@given(st.integers(0, 10**8))
def test_a_reach_fits_its_cells(reach: int) -> None:
    assert len(rough(reach)) <= 4
    assert len(rough(reach)) <= 3 or reach >= 99_500


@given(st.lists(st.integers(0, 10**6), max_size=24), st.integers(1, 24))
def test_a_trend_has_a_cell_an_hour(hourly: list[int], hours: int) -> None:
    drawn = trend(hourly, hours)
    assert len(drawn) == hours
    assert drawn.strip() != "" or not any(hourly[-hours:])


def test_the_rows_around_stories_say_what_they_are() -> None:
    assert "4+ free of 9+" in others_row(9, 4, 78, opened=False, more=True).text
    assert more_row("N-1", 40, at_least=False).text.strip() == "and 40 more: enter"


def test_a_decision_takes_the_flag_s_place_and_reposts_are_counted() -> None:
    post = mention(priority=0.8, copies=2)
    row = feed_row(post, EYES, 78)
    assert row.text[8] == "!"
    assert row.text[26:28] == "×3"
    assert row.text[36:].startswith("charged")
    decided = feed_row(mention(verdict="correct", copies=2), EYES, 78)
    assert decided.text[8] == "F"
    wide = feed_row(mention(verdict="correct", copies=2), EYES, 120)
    assert wide.text[29:41] == "×3   facts  "
    assert feed_row(post, EYES, 78, marked=True).cells[3].role == "chip"


def test_the_thread_says_why_and_what_belongs_to_it() -> None:
    post = mention(
        complaint=0.9,
        why=("likely a complaint", "asks a question", "says: rent"),
        terms=("ferrow",),
        tags=("press",),
        copies=2,
        verdict="restore",
        narrative="N-1",
    )
    rows = thread_rows(KNOW, Talk(post, story=story(1)), 74)
    shown = "\n".join(row.text.rstrip() for row in rows)
    assert "needs   to be put right" in shown
    assert "why     very likely a complaint" in shown
    assert "asks a question; says: rent" in shown
    assert "says    ferrow" in shown
    assert "tags    press" in shown
    assert "posted  3 times, nearly the same" in shown
    assert "story   N-1, 1 free of 3   story 1" in shown
    assert all(ours_after_theirs(row) == [] for row in rows)


def test_the_notice_says_the_most_urgent_of_what_there_is() -> None:
    head = FeedHead(3, 1, newer=7, typed="zz:1", flaw="zz: is no filter word", marked=2)
    assert "2 marked" in feed_head(head, wide=False)[0].text
    assert "zz: is no" in feed_head(but(head, marked=0), wide=True)[1].text
    assert "7 newer" in feed_head(but(head, marked=0, flaw=""), wide=True)[1].text
    by_story = FeedHead(1, 1, by_story=True)
    assert feed_head(by_story, wide=False)[0].text == "   1 post, 1 free   by story"


def but(head: FeedHead, **changed: object) -> FeedHead:
    from msgspec.structs import replace

    return replace(head, **changed)
