"""What a screen tells of early warnings: each once, again when it got worse, old ones never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from crisisroom.core.candidate import Candidate
from crisisroom.tui.news import Warned
from crisisroom.tui.rows.warning import told
from crisisroom.tui.situation import Situation

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
ONE = Candidate(
    id="C-1",
    uid="u-1",
    at=NOW,
    term="",
    level="early",
    reason="9 in 20 min, usual 0.4; 9 authors, 3 sources",
    observed=9,
    expected=0.4,
    window_minutes=20,
)
TWO = replace(ONE, id="C-2", at=NOW + timedelta(minutes=5), reason="14 in 15 min, usual 1; 12")


def know(*warnings: Candidate) -> Situation:
    return Situation(NOW, "ada", warnings=warnings)


def test_what_waited_when_the_screen_opened_is_no_news() -> None:
    news = Warned()
    assert news.fresh(know(ONE)) == ()
    assert news.fresh(know(ONE)) == ()


def test_each_is_told_once() -> None:
    news = Warned()
    news.fresh(know())
    assert news.fresh(know(ONE)) == (ONE,)
    assert news.fresh(know(TWO, ONE)) == (TWO,)
    assert news.fresh(know()) == ()
    assert news.fresh(know(ONE)) == ()  # somebody took the decision back


def test_worse_is_told_again_also_of_one_that_was_watched() -> None:
    news = Warned()
    watched = replace(ONE, state="watched")
    assert news.fresh(know(watched)) == ()
    worse = replace(ONE, escalated_at=NOW + timedelta(minutes=9))
    assert news.fresh(know(worse)) == (worse,)
    assert news.fresh(know(worse)) == ()


def test_the_newest_comes_first_and_the_others_are_counted() -> None:
    news = Warned()
    news.fresh(know())
    came = news.fresh(know(TWO, ONE))
    assert came == (TWO, ONE)
    words = "early warning: 14 in 15 min, usual 1, and 1 more   W opens it"
    assert told(came, "W") == words
    worse = replace(ONE, escalated_at=NOW)
    assert told([worse], "") == "early warning got worse: 9 in 20 min, usual 0.4"


def test_who_waits_longest_comes_first_in_the_corner() -> None:
    assert [one.id for one in know(TWO, ONE).waiting] == ["C-1", "C-2"]
    assert know(replace(ONE, state="watched")).waiting == ()
