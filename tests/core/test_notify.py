"""What is told in which words, and when people are left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.cli.commands import Command, parse
from crisisroom.core import notify
from crisisroom.core.notify import LONGEST, SORTS, Told, how_to, title_of, what_then, words_of
from crisisroom.core.notify_hours import last_weekly, quiet_flaw, quiet_until, weekly_flaw

BERLIN = ZoneInfo("Europe/Berlin")
UNSEEN = {chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), 0x202E, 0x2066)}


def told(kind: str = "approval", page: int = 3, **more: str) -> Told:
    return Told(page=f"PAGE-{page}", kind=kind, incident="INC-7", severity="sev1", **more)


def test_the_table_of_kinds_is_what_the_module_says() -> None:
    rows = [line.split("|") for line in (notify.__doc__ or "").splitlines() if line.startswith("|")]
    said = {row[1].strip(): (row[2].strip() == "yes", row[3].strip() == "yes") for row in rows[2:]}
    assert said == {kind: (sort.important, sort.answer) for kind, sort in SORTS.items()}


def test_one_thing_several_of_a_kind_and_a_mixture() -> None:
    one = told(about="ST-1")
    assert words_of([one]) == "An approval waits for you, INC-7 SEV1, ST-1."
    assert words_of([told(), told()]) == "2 approvals wait for you, INC-7 SEV1."
    mixed = [told(), told("deadline"), told("unknown")]
    assert words_of(mixed) == "An approval waits for you, INC-7 SEV1, and 2 more."
    assert words_of([one], again=2).endswith("(told 2 times before).")
    assert words_of([told()], drill=True).startswith("DRILL: ")
    assert title_of(mixed) == "crisisroom: PAGE-3 and 2 more, INC-7 SEV1"
    assert title_of([Told(page="PAGE-4", kind="stale", about="reviews")]) == "crisisroom: PAGE-4"
    late = told("deadline", about="gdpr", when="it was due 2026-11-22 14:05 CET")
    assert words_of([late]).endswith("INC-7 SEV1, gdpr, it was due 2026-11-22 14:05 CET.")


def test_only_what_wants_an_answer_says_how() -> None:
    assert how_to([told()]) == "Acknowledge: crisisroom notify ack PAGE-3"
    by_button = how_to([told()], by="the button")
    assert by_button == "Acknowledge: the button, or crisisroom notify ack PAGE-3"
    assert how_to([told("task")], by="the button") == ""


def test_every_kind_says_where_one_goes_on_and_that_can_be_typed() -> None:
    """A test page alone wants nothing but its answer."""
    typed = list[list[str]]()
    for kind in SORTS:
        then = what_then([told(kind, about="C-4" if kind in ("warning", "burst") else "ST-1")])
        label, _, line = then.partition(": crisisroom ")
        assert bool(label) == (kind != "test")
        typed += [line.split()] if line else []
    assert all(isinstance(parse(argv), Command) for argv in typed)
    assert what_then([told(), told("unknown")]) == "Look: crisisroom status"
    reply = what_then([told(about="R-3")])
    assert reply == "Read it: crisisroom reply show INC-7 R-3"


@given(st.lists(st.builds(
    told,
    st.sampled_from(sorted(SORTS)),
    title=st.text(max_size=300),
    about=st.text(max_size=60),
), min_size=1, max_size=30))  # fmt: skip
def test_words_are_one_short_line_that_no_program_takes_for_an_option(many: list[Told]) -> None:
    words = words_of(many)
    assert len(words) <= LONGEST + 2
    assert not UNSEEN & set(words)
    assert not words.startswith(("-", "@", "/", "="))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-22 21:30", None),
        ("2026-11-22 22:00", "2026-11-23 07:00"),
        ("2026-11-23 03:00", "2026-11-23 07:00"),
        ("2026-11-23 07:00", None),
        ("2026-10-25 01:30", "2026-10-25 07:00"),  # the clocks went back that night
        ("2027-03-28 01:30", "2027-03-28 07:00"),  # and forward
    ],
)
def test_quiet_hours_run_on_the_clock_on_the_wall(now: str, until: str | None) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    wanted = until and datetime.fromisoformat(until).replace(tzinfo=BERLIN).astimezone(UTC)
    assert quiet_until("22:00-07:00", BERLIN, at) == wanted


def test_quiet_hours_of_a_siesta() -> None:
    noon = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    assert quiet_until("12:00-14:00", UTC, noon) == noon + timedelta(minutes=90)
    assert quiet_until("12:00-14:00", UTC, noon + timedelta(hours=2)) is None
    assert quiet_until("", UTC, noon) is None


@given(st.integers(0, 5 * 365 * 24 * 60))
def test_the_newest_weekly_moment_is_never_ahead_and_never_older_than_a_week(minutes: int) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = last_weekly("mon 10:00", BERLIN, now)
    assert found is not None
    assert timedelta() <= now - found < timedelta(days=7, hours=2)
    assert (found.astimezone(BERLIN).weekday(), found.astimezone(BERLIN).hour) == (0, 10)


def test_what_is_no_time() -> None:
    assert last_weekly("", UTC, datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert all(map(quiet_flaw, ("22-7", "22:00", "24:00-07:00", "07:00-07:00")))
    assert all(map(weekly_flaw, ("monday 10:00", "mon", "10:00", "mon 25:00")))
    assert not any((quiet_flaw("22:00-07:00"), weekly_flaw("sun 09:30"), quiet_flaw("")))
