from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.incident import FactState, FactStatus
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.playbook import StatementTemplate, Variant
from crisisroom.core.statement import (
    draft,
    due_words,
    fact_line,
    fact_values,
    fill_in,
    may_fill,
    over_words,
    promised,
    variant,
)

TEMPLATE = StatementTemplate(
    id="holding",
    kind="holding",
    title="Holding",
    text="Tonight {{fact.what}} ({{fact.amount}}). We write again by {{next_update}}.",
    approval="public-words",
    needs_facts=("what", "since"),
)
WHAT = FactState(id="what", label="what happened", state="known", value="some passes failed")
SINCE = FactState(id="since", label="since when", state="checking")
AMOUNT = FactState(id="amount", label="amount")


def test_the_fact_sheet_fills_a_statement() -> None:
    made = draft(TEMPLATE, (WHAT, SINCE, AMOUNT), {"next_update": "04:00"})
    assert made.text == "Tonight some passes failed (‹amount›). We write again by 04:00."
    assert [blank.name for blank in made.blanks] == ["fact.amount"]
    assert made.missing == ("since when",)
    assert (made.kind, made.audience, made.approval) == ("holding", "public", "public-words")


def test_a_fact_the_sheet_lacks_is_missing_by_its_id() -> None:
    assert draft(TEMPLATE, (), {}).missing == ("what", "since")


def test_a_text_begun_earlier_is_filled_in() -> None:
    text = "Well: ‹what happened›, ‹amount›, {{fact.what}}, by ‹next update›."
    filled = fill_in(text, (WHAT, SINCE, AMOUNT), {"next_update": "04:00"})
    assert filled == "Well: some passes failed, ‹amount›, some passes failed, by 04:00."


def test_a_label_of_two_facts_is_left_to_a_person() -> None:
    other = FactState(id="other", label="what happened", state="known", value="x")
    assert fill_in("‹what happened›", (WHAT, other), {}) == "‹what happened›"


@pytest.mark.parametrize(
    ("state", "value", "line", "fills", "varies"),
    [
        ("known", "9", "number: 9", True, True),
        ("changed", "12", "number: 12 (changed)", True, False),
        ("checking", "9", "number: being checked", False, False),
        ("unknown", "", "number: unknown", False, False),
        ("known", "{{x}}", "number: {{x}}", False, False),
    ],
)
def test_states_of_a_fact(
    state: FactStatus, value: str, line: str, fills: bool, varies: bool
) -> None:
    fact = FactState(id="number", label="number", may_fill=True, state=state, value=value)
    assert fact_line(fact) == line
    assert (fact_values((fact,)) == {"fact.number": value}) is fills
    assert ("number" in may_fill((fact,))) is varies


def test_a_fact_that_is_not_marked_may_not_vary() -> None:
    assert may_fill((WHAT,)) == frozenset()


def test_due_times_are_in_the_zone_of_the_case() -> None:
    zone = timezone(timedelta(hours=2))
    now = datetime(2026, 10, 18, 21, 30, tzinfo=UTC)
    assert due_words(now + timedelta(minutes=20), now, zone) == "23:50"
    assert due_words(now + timedelta(minutes=30), now, zone) == "00:00"
    assert due_words(now + timedelta(hours=12, minutes=30), now, zone) == "2026-10-19 12:00"


@given(st.text(max_size=40), st.sampled_from(["known", "changed", "checking", "unknown"]))
def test_a_statement_without_blanks_has_all_it_says(value: str, state: FactStatus) -> None:
    fact = FactState(id="what", label="what", state=state, value=value)
    made = draft(TEMPLATE, (fact,), {"next_update": "04:00"})
    assert [blank.label for blank in made.blanks] == [one.label for one in blanks_in(made.text)]
    assert ("what" in made.missing) == any(one.name == "fact.what" for one in made.blanks)


@given(st.text(max_size=60))
def test_filling_in_twice_changes_nothing_more(text: str) -> None:
    once = fill_in(text, (WHAT, AMOUNT), {"next_update": "04:00"})
    assert fill_in(once, (WHAT, AMOUNT), {"next_update": "04:00"}) == once


def test_a_channel_has_words_of_its_own() -> None:
    short = Variant("Passes failed: {{fact.what}}.", 280)
    template = msgspec.structs.replace(TEMPLATE, variants={"mastodon": short, "press": short})
    assert variant(template, "masto", "mastodon") is short
    assert variant(template, "press", "by-hand") is short
    assert variant(template, "forum", "by-hand") is None
    assert draft(template, (WHAT,), {}, short).text == "Passes failed: some passes failed."


NOON = datetime(2026, 10, 18, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("More by 12:30.", 30),
        ("More by 12:31.", None),
        ("More by 112:30.", None),
        ("More by 2026-10-18 12:30.", 30),
        ("More by 2026-10-19 12:30.", 30 + 24 * 60),
        ("More soon.", None),
    ],
)
def test_a_promise_is_the_time_a_text_names(text: str, minutes: int | None) -> None:
    times = (None, NOON + timedelta(minutes=30), NOON + timedelta(days=1, minutes=30))
    found = promised(text, times, NOON, UTC)
    assert found == (None if minutes is None else NOON + timedelta(minutes=minutes))


def test_a_promise_that_is_past_is_told() -> None:
    assert over_words(NOON, NOON, UTC) == "12:00"
    assert over_words(NOON + timedelta(minutes=1), NOON, UTC) == ""
    assert over_words(None, NOON, UTC) == ""


def test_a_time_is_written_with_its_day_on_the_case_s_clock() -> None:
    since = FactState(
        id="since",
        label="since when",
        type="time",
        state="known",
        value="2026-11-22T02:07:00.000Z",
    )
    berlin = ZoneInfo("Europe/Berlin")
    assert fact_values((since,), berlin) == {"fact.since": "2026-11-22 03:07"}
    assert fill_in("Since ‹since when›.", (since,), {}, berlin) == "Since 2026-11-22 03:07."
