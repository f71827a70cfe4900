"""What holds of figures whatever the night was like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from report.builders import night
from report.whole_night import BLOCKS, whole_night

from crisisroom.core.timeline import Entry, stamp
from crisisroom.report.figures.catalogue import FIGURES, MARGIN
from crisisroom.report.figures.course import Course
from crisisroom.report.figures.points import read
from crisisroom.report.log import Log
from crisisroom.report.metrics import Metric, metrics
from crisisroom.report.model import Record, record

replace = msgspec.structs.replace

FEW = settings(max_examples=15, deadline=None)
NIGHTS = st.integers(1, 6)
BESIDE = ("note.added", "person.joined", "entry.pinned", "review.written", "person.notified")


@cache
def entries_of(seed: int) -> tuple[Entry, ...]:
    """Return a night of every kind of entry, in an order and at a pace of its own."""
    chance = Random(seed)
    blocks = chance.sample(BLOCKS, len(BLOCKS))
    return tuple(whole_night(blocks, pace=chance.choices(range(1, 900), k=9)).record.entries)


def uncorrected(seed: int) -> list[Entry]:
    """Return a night in which nobody was wrong."""
    told = [one for one in entries_of(seed) if one.kind != "entry.corrected"]
    return [replace(one, seq=place) for place, one in enumerate(told, 1)]


def told(one: Metric) -> tuple[Any, ...]:
    """Return what a figure says, without the numbers of its entries."""
    return one.id, one.label, one.state, one.seconds, one.so_far, one.met, one.of


@FEW
@given(NIGHTS, st.integers(1, 400))
def test_only_time_left_is_ever_less_than_nothing(seed: int, length: int) -> None:
    whole = record(entries_of(seed)[:length])
    found = metrics(whole)
    duties = [one.id for one in found if one.id.startswith(f"{MARGIN}:")]
    assert [one.id for one in found if one.id not in duties] == [*FIGURES]
    for one in found:
        if not one.id.startswith(MARGIN):
            assert (one.seconds or 0) >= 0, one
        assert (one.so_far or 0) >= 0, one
        assert 0 <= (one.met or 0) <= (one.of or 0), one
        assert {one.since, one.to} <= {None, *range(1, len(whole.entries) + 1)}, one
        assert (one.state == "recorded") == (one.seconds is not None or one.of is not None) or (
            one.state == "pending"
        ), one


@FEW
@given(NIGHTS, st.integers())
def test_when_it_was_written_down_changes_nothing(seed: int, chance: int) -> None:
    entries = entries_of(seed)
    written = [entry.recorded_at for entry in entries[:-1]]
    Random(chance).shuffle(written)
    mixed = [replace(one, recorded_at=at) for one, at in zip(entries, written, strict=False)]
    assert metrics(record([*mixed, entries[-1]])) == metrics(record(entries))


@FEW
@given(NIGHTS, st.data())
def test_what_has_nothing_to_do_with_it_changes_nothing(seed: int, data: st.DataObject) -> None:
    entries = entries_of(seed)
    places = data.draw(st.sets(st.integers(1, len(entries)), max_size=20))
    kinds = data.draw(st.lists(st.sampled_from(BESIDE), min_size=1, max_size=5))
    more = _with(entries, {place: kinds[place % len(kinds)] for place in places})
    assert len(more) == len(entries) + len(places)
    before, after = metrics(record(entries)), metrics(record(more))
    assert [told(one) for one in after] == [told(one) for one in before]


def _with(entries: Sequence[Entry], places: dict[int, str]) -> list[Entry]:
    """Return the entries with others put in after some of them, numbered anew."""
    made: list[Entry] = []
    numbers: dict[int, int] = {}
    for entry in entries:
        numbers[entry.seq] = len(made) + 1
        corrects = numbers[entry.corrects] if entry.corrects else None
        made.append(replace(entry, seq=len(made) + 1, corrects=corrects))
        if kind := places.get(entry.seq):
            beside: dict[str, Any] = {"words": "x", "entry": 1, "section": "summary"}
            made.append(replace(made[-1], seq=len(made) + 1, kind=kind, data=beside, corrects=None))
    return made


@FEW
@given(NIGHTS, st.data())
def test_a_correction_makes_it_as_if_it_had_been_written_so(seed: int, data: st.DataObject) -> None:
    entries = uncorrected(seed)
    chosen = data.draw(st.sampled_from(entries))
    moved = chosen.at + timedelta(minutes=data.draw(st.integers(-300, 300)))
    last = entries[-1]
    righted = replace(
        last,
        seq=last.seq + 1,
        kind="entry.corrected",
        data={"words": "", "at": stamp(moved)},
        corrects=chosen.seq,
    )
    note = replace(righted, kind="note.added", data={"words": ""}, corrects=None)
    so = [replace(one, at=moved) if one.seq == chosen.seq else one for one in entries]
    assert metrics(record([*entries, righted])) == metrics(record([*so, note]))


@FEW
@given(NIGHTS, st.integers(1, 400))
def test_what_moves_the_plan_is_all_that_has_to_be_replayed(seed: int, length: int) -> None:
    whole = record(uncorrected(seed)[:length])
    course = Course(whole.incident)
    read(whole, (course,))
    assert course.incident.tasks == whole.incident.tasks
    assert course.incident.severities == whole.incident.severities


class Counting(Log):
    """A log that counts how often its entries are unpacked."""

    unpacked = 0

    def of(self, kinds: Any) -> Any:
        for entry in super().of(kinds):
            self.unpacked += 1
            yield entry

    def __iter__(self) -> Any:
        raise AssertionError("the whole log is not walked")


def test_the_log_is_read_once() -> None:
    whole = night().record
    log = Counting()
    log.extend(whole.entries)
    again = Record(
        entries=log, incident=whole.incident, as_of=whole.as_of, head_hash=whole.head_hash
    )
    assert metrics(again) == metrics(whole)
    assert log.unpacked <= len(whole.entries)
