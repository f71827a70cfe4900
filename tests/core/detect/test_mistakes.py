"""The early warning where it could mislead: clocks, broken states, repeats, new stories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from core.detect.test_warning import START, Room, after, heard, kinds
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.candidate import Heard
from crisisroom.core.detect import EarlyWarning, Window
from crisisroom.core.detect.stories import Stories

# --- one signal a warning, and never smaller ----------------------------------------------------


def test_a_warning_speaks_once_a_tick() -> None:
    room = Room(quiet_for=3000)
    for one in range(12):
        room.warning.hear(heard(room.at, f"p{one}", narrative="N-1", risk=("recall",)))
    room.crowd(60, 20, "q", narrative="N-1", risk=("recall", "fire"), source="news")
    spoken = [(one.uid, one.at) for one in room.said]
    assert len(spoken) == len(set(spoken))
    assert kinds(room.said)[0] == "raised"


def test_a_new_risk_term_keeps_the_larger_figures() -> None:
    room = Room(quiet_for=3000)
    (raised, *_) = room.crowd(30, 1, narrative="N-1")
    room.pass_to(room.at + 5)
    (grown, *_) = room.crowd(3, 1, "q", narrative="N-1", risk=("refund",))
    assert (grown.kind, grown.of, grown.words) == ("escalated", raised.uid, ("refund",))
    assert grown.reason == f"{raised.reason}; and now 'refund' (3 people)"
    assert (grown.observed, grown.authors) == (raised.observed, raised.authors)


def test_two_risk_terms_of_common_mentions_are_one_warning() -> None:
    room = Room(quiet_for=3000)
    room.crowd(2, 1, "a", narrative="N-1", risk=("no signal",))
    room.crowd(2, 1, "b", narrative="N-2", risk=("no signal", "outage"))
    assert kinds(room.said) == ["raised", "escalated"]


# --- a clock that is set back -------------------------------------------------------------------


@pytest.mark.parametrize("leap", [120, 60 * 24 * 30])
def test_a_clock_that_leapt_ahead_and_back_is_not_deaf(leap: int) -> None:
    room = Room(quiet_for=3000)
    room.warning.tick(after(room.at + leap))
    assert kinds(room.crowd(9, 3))[:1] == ["raised"]


def test_what_was_told_ahead_of_time_is_quiet_no_longer_than_else() -> None:
    room = Room(quiet_for=3000)
    ahead = 3000 + 1440 * 30
    for one in range(9):
        room.warning.hear(heard(ahead, f"p{one}", narrative="N-1"))
    (raised,) = room.warning.tick(after(ahead))
    room.warning.dismissed(raised.uid, after(ahead))
    assert set(kinds(room.pass_to(room.at + 1460, 5))) <= {"ended"}
    assert kinds(room.crowd(9, 1, "q", narrative="N-1")) == ["raised"]


def test_a_moment_before_1970_is_no_moment() -> None:
    warning = EarlyWarning()
    old = datetime(1965, 1, 1, tzinfo=UTC)
    warning.hear(Heard(posted_at=old, seen_at=old, source="social"))
    assert warning.tick(old) == ()
    assert warning.tick(old + timedelta(hours=1)) == ()


# --- what a person takes back, and what cannot be read ------------------------------------------


def test_a_dismissal_taken_back_lets_it_speak() -> None:
    muted, spoken = Room(), Room()
    for room in (muted, spoken):
        (raised,) = room.crowd(4, 1, narrative="N-1")
        room.warning.dismissed(raised.uid, after(room.at))
        if room is spoken:
            room.warning.unmuted(raised.uid)
        room.crowd(9, 1, "q", narrative="N-1")
        room.crowd(90, 2, "r", narrative="N-1")
    assert len(spoken.said) > len(muted.said)


@pytest.mark.parametrize("cut", [0, 1, 2, 5, 60, 400])
def test_a_state_that_cannot_be_read_begins_anew(cut: int) -> None:
    import msgspec

    room = Room()
    room.crowd(9, 2, narrative="N-1", risk=("recall",))
    whole = room.warning.dump()
    older = msgspec.msgpack.decode(whole)
    del older["ear"]["stories"]
    odd = msgspec.msgpack.decode(whole) | {"told": [1, [{"uid": 3}]]}
    encode = msgspec.msgpack.encode
    for state in (whole[: -1 - cut], b"junk"[cut:] or b"\x80", encode(older), encode(odd)):
        warning = EarlyWarning(state=state)
        assert not warning.under_way
        assert warning.tick(START) == ()


# --- expected events that are over --------------------------------------------------------------


@pytest.mark.parametrize("own_words", [True, False])
def test_the_end_of_an_expected_event_is_no_alarm(own_words: bool) -> None:
    days = 4 * 1440
    launch = Window(
        title="launch", start=after(days), end=after(days + 120), own_words=own_words
    )  # fmt: skip
    room = Room(None, launch, quiet_for=0)
    while room.at < days + 420:
        on = days <= room.at < days + 120
        for one in range(8 if on else 1):
            fits = ("launch",) if on else ()
            room.warning.hear(heard(room.at, f"p{room.at}-{one}"), fits)
        found = room.pass_to(room.at + 2)
        assert room.at < days or found == []
    assert kinds(room.crowd(300, 5, "q"))[:1] == ["raised"]


# --- new stories --------------------------------------------------------------------------------


def busy(room: Room, until: int) -> None:
    """Let a busy brand be talked of: a mention in two minutes, a story of its own for every two."""
    while room.at < until:
        room.warning.hear(heard(room.at, f"p{room.at}", narrative=f"D-{room.at // 4}"))
        room.pass_to(room.at + 2, 2)


def test_a_large_new_story_of_a_busy_brand_is_told_once() -> None:
    room = Room(quiet_for=0)
    busy(room, 4 * 1440)
    room.said.clear()
    for one in range(45):
        room.warning.hear(heard(room.at, f"q{one}", narrative="N-1"))
        if one % 2:
            busy(room, room.at + 2)
    about = [one for one in room.said if "N-1" in one.narratives and one.kind == "raised"]
    assert len(about) == 1
    assert about[0].authors >= 9


def test_stories_that_are_always_that_large_are_no_news() -> None:
    stories = Stories()
    fresh = stories.surprise(25)
    for story in range(300):
        for _ in range(25):
            stories.add(f"S-{story}", story * 30)
    assert stories.surprise(25) < 2 < fresh
    assert stories.most("S-299", 9000) >= 25
    assert stories.most("S-0", 9000) == 0  # a week old by now


@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 6000)), max_size=1500))
def test_stories_are_bounded_and_their_state_is_their_dump(said: list[tuple[int, int]]) -> None:
    one, other = Stories(), Stories()
    for story, minute in sorted(said, key=lambda pair: pair[1]):
        one.add(f"S-{story}", minute)
    other.restore(one.dump())
    assert other.dump() == one.dump()
    assert len(one.dump()[0]) <= 1000
    assert one.surprise(40) >= one.surprise(20) >= 0


# --- a new stream, and nobody's name ------------------------------------------------------------


def test_a_stream_that_begins_busy_cries_once() -> None:
    room = Room(quiet_for=0)
    for step in range(6 * 60):
        room.warning.hear(heard(room.at, f"p{step}"))
        room.pass_to(room.at + 1)
    assert kinds(room.said).count("raised") == 1
    spoken = [one.observed for one in room.said if one.kind != "ended"]
    assert all(later >= 3 * before for before, later in pairwise(spoken))


def test_unknown_authors_are_said_to_be_unknown() -> None:
    room = Room()
    for _ in range(6):
        room.warning.hear(heard(room.at))
    (one,) = room.pass_to(room.at + 2)
    assert one.reason.endswith("; authors unknown, 1 source")
