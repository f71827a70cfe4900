"""Timeline entries: whoever changes one is found out, whoever is erased leaves the chain whole."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core import timeline
from crisisroom.core.timeline import (
    ERASED,
    GENESIS,
    Entry,
    Seal,
    flaws,
    masked,
    personal_texts,
    seal,
    stamp,
    unmasked,
    unstamp,
    upcast,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 2, 7, 0, 123000, tzinfo=UTC)
replace = msgspec.structs.replace


def _chain(*texts: str) -> list[Entry]:
    salts = (f"{number:032x}" for number in itertools.count())
    written: list[Entry] = []
    for seq, text in enumerate(texts, 1):
        entry = Entry(
            chain="c", seq=seq, uid=f"u{seq}", kind="note.added", at=NOW, recorded_at=NOW,
            actor="ada", text=text, data={"words": text, "list": [{"name": "Pat", "n": seq}]},
            prev_hash=written[-1].hash if written else GENESIS,
        )  # fmt: skip
        written.append(seal(entry, lambda: next(salts)))
    return written


def test_a_chain_as_it_was_written_holds() -> None:
    assert list(flaws(_chain("one", "two", "three"))) == []
    assert list(flaws([])) == []


CHANGES: list[dict[str, Any]] = [
    {"actor": "bo"},
    {"at": NOW + timedelta(milliseconds=1)},
    {"recorded_at": NOW - timedelta(milliseconds=1)},
    {"kind": "note.other"},
    {"text": "other"},
    {"data": {"words": "two", "list": [{"name": "Sam", "n": 2}]}},
    {"data": {"words": "two", "list": [{"name": "Pat", "n": 3}]}},
    {"data": {"words": "two", "list": []}},
    {"data": {"words": "two", "list": [{"name": "Pat", "n": 2}], "more": 1}},
    {"corrects": 1},
    {"role": "lead"},
    {"source": "rule"},
    {"uid": "u9"},
    {"v": 2},
    {"seals": {}},
    {"hash": "0" * 64},
    {"prev_hash": "0" * 64},
    {"seq": 3},
    {"chain": "d"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_change_is_found(change: dict[str, Any]) -> None:
    written = _chain("one", "two", "three")
    written[1] = replace(written[1], **change)
    assert list(flaws(written)) != []


@pytest.mark.parametrize("order", [(0, 2), (1, 0, 2), (0, 1, 1, 2), (1, 2), (2,)])
def test_leaving_out_moving_and_doubling_are_found(order: tuple[int, ...]) -> None:
    written = _chain("one", "two", "three")
    assert list(flaws([written[index] for index in order])) != []


def _erased(entry: Entry, path: str) -> Entry:
    seals = entry.seals | {path: Seal(entry.seals[path].digest)}
    if path == "text":
        return replace(entry, text=ERASED, seals=seals)
    return replace(entry, data=unmasked(masked_at(entry), {path: ERASED}), seals=seals)


def masked_at(entry: Entry) -> dict[str, Any]:
    words = dict(personal_texts(entry))
    return unmasked(masked(entry.data, entry.seals), words)


def test_erasing_leaves_the_chain_whole() -> None:
    written = _chain("one", "about @pat", "three")
    written[1] = _erased(written[1], "text")
    assert list(flaws(written)) == []
    assert "@pat" not in written[1].text


def test_words_put_where_they_were_erased_are_found() -> None:
    written = _chain("one", "two")
    written[1] = replace(_erased(written[1], "text"), text="invented")
    assert [flaw for _, flaw in flaws(written)] == ["text was added after it had been erased"]


def _added(data: dict[str, Any]) -> Entry:
    return replace(_chain("one")[0], kind="answer.added", data=data)


ADDED: dict[str, Any] = {
    "question": "Q-1",
    "answer": {"id": "answer-1", "question": "who is pat?", "answer": "pat", "when": ["pat", "p"]},
    "task": {"detail": "ring pat", "note": "pat", "when": {"known": "fact.pat"}},
    "plan": {"key_messages": [{"text": "ours", "when": ["ours"]}]},
}


def test_words_that_were_added_are_sealed_and_what_names_things_of_ours_is_not() -> None:
    sealed = seal(_added(ADDED), lambda: "salt")
    fields = ("answer", "question", "when.0", "when.1")
    assert sealed.seals.keys() == {
        "text",
        *(f"data.answer.{field}" for field in fields),
        *("data.task.detail", "data.task.note"),
    }
    hidden = masked(sealed.data, sealed.seals)
    assert hidden["question"] == "Q-1"
    assert hidden["answer"]["when"][0] == {
        "salted_sha256": sealed.seals["data.answer.when.0"].digest
    }
    assert unmasked(hidden, dict(personal_texts(sealed))) == ADDED
    for path in sealed.seals:
        words = {one: text for one, text in personal_texts(sealed) if one != path}
        gone = _erased(replace(sealed, data=unmasked(hidden, {**words, path: ERASED})), path)
        assert list(flaws([gone])) == []


def test_what_was_written_before_they_were_sealed_still_holds() -> None:
    old = _added(ADDED)
    seals = {"text": seal(old, lambda: "salt").seals["text"]}
    older = replace(old, seals=seals)
    older = replace(older, hash=timeline.entry_hash(older))
    assert list(flaws([older])) == []
    changed = replace(older, data=ADDED | {"answer": {"question": "who is sam?"}})
    assert [flaw for _, flaw in flaws([changed])] == ["its content does not match its hash"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "words", "n", "to", "when"]), below, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["name", "x", "quote"]), JSON, max_size=3))
def test_masking_hides_every_personal_text_and_can_be_undone(data: dict[str, Any]) -> None:
    entry = replace(_chain("one")[0], data=data)
    sealed = seal(entry, lambda: "salt")
    hidden = masked(sealed.data, sealed.seals)
    words = {path: text for path, text in personal_texts(sealed) if path != "text"}
    assert unmasked(hidden, words) == data
    assert dict(personal_texts(replace(entry, data=hidden))).keys() == {"text"}


ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.integers(86_400_000, 7_258_118_400_000).flatmap(
    lambda millis: ZONES.map(lambda zone: EPOCH.astimezone(zone) + timedelta(milliseconds=millis))
)


@given(MOMENTS)
def test_times_are_utc_in_milliseconds(moment: datetime) -> None:
    text = stamp(moment)
    assert len(text) == len("2026-11-22T02:07:00.123Z")
    assert unstamp(text) == moment
    assert stamp(moment + timedelta(microseconds=999)) == text
    assert stamp(unstamp(text)) == text


@given(MOMENTS, MOMENTS)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (stamp(one) < stamp(other)) == (unstamp(stamp(one)) < unstamp(stamp(other)))


@pytest.mark.parametrize(
    "text", ["", "now", "2026-11-22", "2026-11-22T02:07:00Z", "2026-11-22T03:07:00.000+01:00"]
)
def test_no_other_form_is_a_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a time|Invalid isoformat"):
        unstamp(text)


def test_old_entries_are_lifted_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    lifts = {
        ("note.added", 1): lambda data: data | {"tone": ""},
        ("note.added", 2): lambda data: data | {"weight": 1},
    }
    monkeypatch.setattr(timeline, "UPCASTS", lifts)
    old = _chain("one")[0]
    lifted = upcast(old)
    assert (lifted.v, lifted.data["tone"], lifted.data["weight"]) == (3, "", 1)
    assert list(flaws([old])) == []
    assert upcast(replace(old, kind="other")) == replace(old, kind="other")
