"""Values of facts: what people type is kept in one form, or refused with what would fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.condition import number
from crisisroom.core.errors import Usage
from crisisroom.core.factvalue import read_moment, read_value, said_value, written_value, yes_or_no
from crisisroom.core.incident import FactState
from crisisroom.core.timeline import stamp, unstamp

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)  # 03:07 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")


def fact(type_: str, **more: object) -> FactState:
    return FactState(id="f", label="How many", type=type_, **more)  # type: ignore[arg-type]


def read(one: FactState, text: str) -> str:
    return read_value(one, text, NOW, BERLIN)


@pytest.mark.parametrize(
    "text",
    ["0", "1200", "1,200", "12 000", "1_000_000", "-3", "+5", "3.5", "1,200.75", "12\u00a0000"],
)
def test_numbers_stay_as_written_and_compare(text: str) -> None:
    assert read(fact("number"), f" {text} ") == text
    assert number(text) is not None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1.200", "1200, or 1.2"),
        ("1,5", "3.5"),
        ("many", "1200"),
        ("nan", "1200"),
        ("1e9", "1200"),
        ("12 00", "1200"),
        ("٣", "1200"),
        ("0x1F", "1200"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused(text: str, hint: str) -> None:
    with pytest.raises(Usage, match="How many is a number") as refused:
        read(fact("number"), text)
    assert hint in refused.value.hint


def test_a_unit_may_be_written_and_is_shown() -> None:
    counted = fact("number", unit="customers")
    assert read(counted, "1,200 Customers") == "1,200"
    known = fact("number", unit="customers", value="1,200")
    assert said_value(known, NOW, BERLIN) == "1,200 customers"
    assert read(fact("number", unit="%"), "5%") == "5"


@pytest.mark.parametrize("text", ["yes", "Ja", "Y", "oui", " SÍ ", "yes!"])
def test_yes_is_said_in_many_ways(text: str) -> None:
    assert read(fact("yes-no"), text) == "yes" == yes_or_no(text)


@pytest.mark.parametrize("text", ["no", "Nein", "N", "não", "nee"])
def test_and_so_is_no(text: str) -> None:
    assert read(fact("yes-no"), text) == "no" == yes_or_no(text)


@pytest.mark.parametrize("text", ["maybe", "?", "yes and no", "probably", "unknown"])
def test_a_maybe_is_neither(text: str) -> None:
    assert yes_or_no(text) == ""
    with pytest.raises(Usage, match="yes or no, not") as refused:
        read(fact("yes-no"), text)
    assert "unknown" in refused.value.hint


def test_a_choice_is_spelt_as_the_plan_spells_it() -> None:
    chosen = fact("choice", options=("All of Europe", "Germany", "one shop"))
    assert read(chosen, "germany ") == "Germany"
    with pytest.raises(Usage) as refused:
        read(chosen, "germny")
    assert refused.value.hint == 'did you mean "Germany"?'
    with pytest.raises(Usage) as refused:
        read(chosen, "Mars")
    assert "All of Europe, Germany, one shop" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("03:00", "2026-11-22T02:00:00.000Z"),
        ("03:10", "2026-11-21T02:10:00.000Z"),  # the last such
        ("-20m", "2026-11-22T01:47:00.000Z"),
        ("+1h30m", "2026-11-22T03:37:00.000Z"),
        ("2026-11-22 02:10", "2026-11-22T01:10:00.000Z"),
        ("2026-11-22T02:10:00Z", "2026-11-22T02:10:00.000Z"),
        ("2026-11-22T02:10:00.123456-05:00", "2026-11-22T07:10:00.123Z"),
        ("2026-03-29 02:30", "2026-03-29T01:30:00.000Z"),  # skipped: the clocks go forward
    ],
)
def test_times_are_kept_as_the_log_writes_them(text: str, kept: str) -> None:
    assert read(fact("time"), text) == kept


@pytest.mark.parametrize(
    "text", ["soon", "25:00", "3:10", "-", "-20", "20m", "99", "2026-13-01", "-99999d"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Usage, match="is a time, not") as refused:
        read(fact("time"), text)
    assert "-20m" in refused.value.hint


def test_times_are_shown_on_the_clock_of_the_case() -> None:
    assert said_value(fact("time", value="2026-11-22T01:47:00.000Z"), NOW, BERLIN) == "02:47"
    assert (
        said_value(fact("time", value="2026-11-20T23:30:00.000Z"), NOW, BERLIN)
        == "2026-11-21 00:30"
    )
    assert said_value(fact("time", value="about two"), NOW, BERLIN) == "about two"
    assert said_value(fact("time"), NOW, BERLIN) == ""


def test_times_in_words_name_their_day() -> None:
    since = fact("time", value="2026-11-22T01:47:00.000Z")
    assert written_value(since, BERLIN) == "2026-11-22 02:47"
    assert written_value(fact("time", value="about two"), BERLIN) == "about two"
    assert written_value(fact("number", value="1,200", unit="kettles"), BERLIN) == "1,200"
    assert written_value(fact("time"), BERLIN) == ""


def test_text_is_text() -> None:
    assert read(fact("text"), " it says: #1 ") == " it says: #1 "


@given(st.sampled_from(["number", "yes-no", "choice", "time"]), st.text(max_size=40))
def test_whatever_is_typed_is_kept_soundly_or_refused(type_: str, text: str) -> None:
    one = fact(type_, options=("a", "b"))
    try:
        value = read(one, text)
    except Usage:
        return
    assert read(one, value) == value
    assert said_value(fact(type_, value=value), NOW, BERLIN)


@given(st.integers(0, 7 * 10**15))
def test_a_time_reads_back_to_the_millisecond(microseconds: int) -> None:
    moment = datetime(1971, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    kept = read_moment(stamp(moment), NOW, BERLIN)
    assert moment - kept < timedelta(milliseconds=1)
    assert unstamp(stamp(kept)) == kept
