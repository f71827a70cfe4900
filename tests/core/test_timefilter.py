"""Narrowing a timeline: typed on the screen, given on the command line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from core.night import START
from hypothesis import given
from hypothesis import strategies as st
from report.whole_night import WholeNight, whole_night

from crisisroom.core.earlier import earlier
from crisisroom.core.errors import Usage
from crisisroom.core.links import Link, names
from crisisroom.core.recorded import Correction
from crisisroom.core.timefilter import (
    FAMILIES,
    Filter,
    families,
    fold,
    folded,
    kind_named,
    read,
)
from crisisroom.core.timeline import Entry


@pytest.fixture(scope="module")
def night() -> WholeNight:
    return whole_night()


def moment(text: str) -> datetime:
    return earlier(text, START + timedelta(hours=2), "Europe/Berlin")


def shown(night: WholeNight, **fields: Any) -> list[Entry]:
    """Return what a filter leaves of a night."""
    narrow, called = Filter(**fields), names(night.state)
    return [one for one in night.entries if narrow.fits(one, night.state, called)]


def test_nothing_asked_for_is_everything(night: WholeNight) -> None:
    assert not Filter().narrows
    assert shown(night) == night.entries


def test_every_kind_is_of_a_family(night: WholeNight) -> None:
    assert {one.kind for one in night.entries if not families(one.kind)} == set()
    found = [shown(night, kinds=(name,)) for name in FAMILIES]
    assert all(found)
    assert {one.seq for some in found for one in some} == {one.seq for one in night.entries}


def test_by_kind_author_role_and_source(night: WholeNight) -> None:
    kinds = {one.kind for one in shown(night, kinds=("note", "fact.set"))}
    assert kinds == {"note.added", "fact.set"}
    who = night.people[2]
    assert {one.actor for one in shown(night, actor=who.upper())} == {who}
    assert {one.source for one in shown(night, source="rule")} == {"rule"}
    assert all(one.actor == "room" for one in shown(night, source="system"))
    assert shown(night, role="nobody") == []


def test_by_what_it_is_about(night: WholeNight) -> None:
    found = shown(night, about=(Link("task", "pause"),))
    assert {"task.done", "task.assigned", "role.handed"} <= {one.kind for one in found}
    both = shown(night, about=(Link("task", "pause"), Link("fact", "count")))
    assert len(both) > len(found)


def test_pinned_marked_and_corrected(night: WholeNight) -> None:
    assert [one.seq for one in shown(night, pinned=True)] == [2]
    legal = {one.kind for one in shown(night, seen_by="legal") if one.seq != 2}
    assert legal == {"note.added", "entry.marked"}  # why it is for Legal is for Legal too
    assert 2 in [one.seq for one in shown(night, seen_by="legal")]
    assert {one.seq for one in shown(night, corrected=True)} == {
        int(seq) for seq in night.state.corrected
    }


def test_by_time_as_it_was_corrected(night: WholeNight) -> None:
    middle = night.entries[len(night.entries) // 2].at
    early, late = shown(night, until=middle), shown(night, since=middle)
    assert len(early) + len(late) >= len(night.entries)
    assert all(one.at <= middle for one in early)
    assert all(one.at >= middle for one in late)


def test_words_are_found_whatever_their_case_and_accents() -> None:
    night = whole_night(("staff",))
    night.act("note.added", words="Die Überprüfung der Kessel in ŁÓDŹ ist durch")
    seq = night.state.seq
    for query in ("überprüfung", "UBERPRUFUNG kessel", '"der kessel in"', "łodz"):
        assert seq in [one.seq for one in shown(night, words=folded(query))], query
    assert shown(night, words=folded('"kessel der"')) == []


def test_the_plan_and_hashes_are_not_searched(night: WholeNight) -> None:
    assert night.entries[0] not in shown(night, words=("0" * 40,))
    assert shown(night, words=folded("on_overdue")) == []


def test_a_typed_filter_says_the_same_as_its_parts() -> None:
    words = 'kind:facts kind:note who:me since:-2h about:m-12 pinned "double charge" Refund'
    typed = read(words, moment, "ada")
    assert typed.flaws == ()
    assert typed.filter == Filter(
        kinds=("facts", "note"),
        actor="ada",
        since=START,
        about=(Link("mention", "M-12"),),
        pinned=True,
        words=("double charge", "refund"),
    )


def test_the_verbs_words_mean_the_same() -> None:
    ours = read("who:bo from:rule for:legal", moment).filter
    assert ours == read("actor:bo source:rule visibility:legal", moment).filter
    assert ours == Filter(actor="bo", source="rule", seen_by="legal")
    assert read("legal", moment).filter == Filter(seen_by="legal")
    assert read("internal", moment).filter == Filter(words=("internal",))


def test_what_may_fit_is_told_before_it_is_read(night: WholeNight) -> None:
    narrow = Filter(kinds=("facts",), actor="ADA")
    called = names(night.state)
    for one in night.entries:
        if narrow.fits(one, night.state, called):
            assert narrow.may_fit(one.kind, one.actor)
    assert not narrow.may_fit("note.added", "ada")
    assert not narrow.may_fit("fact.set", "bo")


@pytest.mark.parametrize("text", ["-12m", "12m ago", "07:48", "2026-11-20T06:48:00Z"])
def test_times_are_typed_in_several_ways(text: str) -> None:
    now = START.replace(hour=7, minute=0, second=0, microsecond=0)
    assert earlier(text, now, "Europe/Berlin") == now - timedelta(minutes=12)


@pytest.mark.parametrize("text", ["ago", "12m  ago", " ago", "12 bananas ago", "- 12m"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Usage, match="is no time"):
        earlier(text, START, "Europe/Berlin")


def test_what_is_no_filter_word_is_searched_for_and_told() -> None:
    typed = read("kind:fcts for:nobody colour:red https://x.test", moment)
    assert [flaw.partition(":")[0] for flaw in typed.flaws] == [
        "no entry is of the kind 'fcts'",
        "nobody is unknown",
        "colour",
    ]
    assert typed.filter.words == ("kind:fcts", "for:nobody", "colour:red", "https://x.test")


def test_a_kind_that_is_none_names_the_nearest() -> None:
    assert kind_named("Facts") == "facts"
    assert kind_named("task.done") == "task.done"
    with pytest.raises(Usage) as raised:
        kind_named("fakts")
    assert "facts" in raised.value.hint


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read(typed: str) -> None:
    night = whole_night(())
    narrow = read(typed, moment).filter
    for entry in night.entries:
        assert narrow.fits(entry, night.state, {}) in (True, False)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(words: str) -> None:
    assert fold(fold(words)) == fold(words)


def test_what_was_corrected_goes_by_its_new_time() -> None:
    night = whole_night(("staff",))
    night.act("note.added", words="it rang")
    entry, early = night.entries[-1], START - timedelta(hours=3)
    made = Correction(at=early, entry=entry.seq + 1, by="ada")
    state = msgspec.structs.replace(night.state, corrected={f"{entry.seq}": made})
    assert Filter(corrected=True).fits(entry, state, {})
    assert Filter(until=early).fits(entry, state, {})
    assert not Filter(since=entry.at).fits(entry, state, {})


def test_words_are_found_from_their_beginning_on() -> None:
    night = whole_night(("staff",))
    night.act("note.added", words="The hotline is down, line 2 too (line-2)")
    seq = night.state.seq
    for query, found in (("line", True), ("lin", True), ("otline", False), ("(line", True)):
        assert (seq in [one.seq for one in shown(night, words=folded(query))]) is found, query
