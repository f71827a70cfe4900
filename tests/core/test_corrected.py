"""Corrected times, and how far back something may be said to have been."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from core.night import START, Night
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core import corrected
from crisisroom.core.apply import apply
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import Draft, Entry, stamp

EARLIER = START - timedelta(hours=2)


def corrects(night: Night, seq: int, words: str = "", at: datetime | None = None) -> None:
    """Let somebody correct an entry."""
    data = {"words": words} | ({"at": stamp(at)} if at else {})
    entry = night._entry(Draft(kind="entry.corrected", text="corrected", data=data))
    night.state = apply(night.state, msgspec.structs.replace(entry, corrects=seq))


def test_the_newest_correction_says_when_it_was() -> None:
    night = Night()
    night.tell("note.added", minutes=5, words="it rang")
    entry = night.entries[-1]
    assert corrected.at(night.state, entry) == entry.at
    corrects(night, entry.seq, "it rang twice")
    assert corrected.at(night.state, entry) == entry.at  # only its words were wrong
    corrects(night, entry.seq, at=EARLIER)
    assert corrected.at(night.state, entry) == EARLIER
    corrects(night, night.entries[-1].seq, at=EARLIER - timedelta(hours=1))
    assert corrected.at(night.state, entry) == EARLIER - timedelta(hours=1)
    made = corrected.correction(night.state, entry)
    assert made is not None
    assert (made.words, made.entry) == ("it rang twice", night.state.seq)


def test_who_may_read_an_entry_is_what_was_said_last() -> None:
    night = Night()
    night.tell("note.added", minutes=1, words="counsel", visibility="legal")
    entry = night.entries[-1]
    assert corrected.visibility(night.state, entry) == "legal"
    night.tell("entry.marked", minutes=2, entry=entry.seq, visibility="public", words="let it be")
    assert corrected.visibility(night.state, entry) == "public"
    assert corrected.visibility(night.state, night.entries[0]) == "internal"


def test_a_time_may_be_from_before_the_first_sign_but_not_long_before() -> None:
    state = Night().state
    now = START + timedelta(hours=1)
    first = corrected.earliest(state)
    assert first == START - timedelta(days=30)
    assert corrected.plausible(state, first, now) == first
    assert corrected.plausible(state, None, now) is None
    long_ago, to_come = first - timedelta(seconds=1), START.replace(year=2027)
    for wrong, code in ((long_ago, "too-early"), (to_come, "future")):
        with pytest.raises(Refused) as raised:
            corrected.plausible(state, wrong, now)
        assert raised.value.code == code
        assert "\n" not in raised.value.message + raised.value.hint


def test_clocks_that_differ_by_a_moment_do_not_make_a_future() -> None:
    state = Night().state
    assert corrected.plausible(state, START + timedelta(seconds=50), START) == START


@given(st.integers(-600, 600), st.integers(0, 86_400_000))
def test_a_time_is_kept_as_it_was_given_or_refused(days: int, millis: int) -> None:
    state = Night().state
    given_at = START + timedelta(days=days, milliseconds=millis)
    try:
        at = corrected.plausible(state, given_at, START)
    except Refused:
        return
    assert at == min(given_at, START)
    assert at >= corrected.earliest(state)


@pytest.mark.parametrize(
    ("kind", "source", "mends"),
    [
        ("incident.declared", "person", "both"),
        ("note.added", "person", "both"),
        ("contact.called", "person", "both"),
        ("statement.sent", "person", "both"),
        ("statement.sent", "system", "words"),
        ("statement.approved", "person", "words"),
        ("clock.late", "system", "words"),
        ("entry.corrected", "person", "words"),
        ("evidence.kept", "person", "words"),
        ("entry.pinned", "person", ""),
        ("volume.counted", "system", ""),
        ("words.erased", "person", ""),
    ],
)
def test_what_of_an_entry_can_be_corrected(kind: str, source: str, mends: str) -> None:
    first = Night().entries[0]
    entry: Entry = msgspec.structs.replace(first, kind=kind, source=source)
    assert (corrected.words_flaw(entry) == "") == (mends != "")
    assert (corrected.time_flaw(entry) == "") == (mends == "both")
