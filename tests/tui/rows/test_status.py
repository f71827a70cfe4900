"""The two lines at the top: a call before every clock, the law with its title and time."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from core.night import Night
from msgspec.structs import replace

from crisisroom.core.clocks import clocks
from crisisroom.core.incident import Words
from crisisroom.core.said import Owed, Stopped
from crisisroom.tui.rows import cell_len, urgent
from crisisroom.tui.rows.status import phase, status_rows
from crisisroom.tui.situation import Situation


def _know(night: Night) -> Situation:
    state = night.state
    return Situation(night.now, "ada", incident=state, clocks=clocks(state, night.now))


def _below(night: Night, width: int = 80) -> str:
    right = 48 if width == 120 else 60
    return status_rows(_know(night), width, right=right)[1].text.rstrip()


def test_a_call_takes_the_place_of_the_alarm() -> None:
    night = Night()
    night.look(6)
    assert _below(night).startswith("  call now   Ada: Call the…")
    assert _below(night, 120).startswith("  call now   Ada: Call the lead")
    night.look(60)
    night.tell("escalation.acknowledged", 61, escalation="call-lead", words="")
    assert "call now" not in _below(night)


def test_a_call_nobody_answered_still_calls() -> None:
    night = Night()
    night.look(60)
    assert _below(night, 120).startswith("  call now   nobody answered: Call the lead")


def test_several_calls_are_counted() -> None:
    night = Night()
    night.tell("incident.severity", 1, severity="sev1", was="sev2", words="")
    night.look(6)
    night.tell("escalation.started", 7, escalation="grave", why="all of it")
    assert _below(night).startswith("  2 calls    Ada: Call the…")


def test_a_role_nobody_takes_is_told_as_what_to_do() -> None:
    night = Night()
    night.done("pause", 1)
    night.look(11)
    assert _below(night, 120).startswith("  late 1m    take Crisis lead was 23:10")


def test_the_law_stands_with_its_hours_and_where_there_is_room_with_its_title() -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.fact("aware", "2026-11-20T22:00:00.000Z", 1)
    assert _below(night).endswith("legal 71h")
    assert _below(night, 120).endswith("Data protectio… Mon 23:00")
    assert _below(night, 160).endswith("Data protection authority Mon 23:00")
    night.fact("what", "a list was copied", 2)
    assert _below(night, 160).endswith("Data protection authority Mon 23:00 +1")
    night.look(71.9 * 60)
    assert _below(night, 160).endswith("Data protection authority in 6m +1")


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_the_clocks_never_touch_each_other(width: int) -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.fact("aware", "2026-11-20T22:00:00.000Z", 1)
    night.look(300)
    for line in status_rows(_know(night), width, right=48):
        assert cell_len(line.text.rstrip()) <= width
    told = _below(night, width).replace("late", " late ").split()
    assert told.count("late") >= 2


def test_a_phase_with_a_long_title_is_told_by_its_number() -> None:
    know = _know(Night())
    assert phase(know, 9) == "assess"
    assert phase(know, 5) == "phase 1/2"


# What is out and untrue.


def _owing(night: Night, *ids: str) -> Situation:
    state = night.state
    known = {one: msgspec.structs.replace(_words(), id=one) for one in ids}
    owed = {
        f"{one}/refund": Owed(
            words=one, fact="refund", label="refund by", was="Tuesday", now="Friday", at=night.now
        )
        for one in ids
    }
    held = msgspec.structs.replace(state, statements=known, owed=owed)
    return Situation(night.now, "ada", incident=held, clocks=clocks(held, night.now))


def _words() -> Words:
    return Words(
        id="ST-1",
        sort="statement",
        kind="holding",
        version=1,
        state="sent",
        author="ada",
        text="Back by Tuesday.",
        sha256="0" * 64,
        drafted_at=datetime(2026, 11, 20, 22, tzinfo=UTC),
    )


def test_a_correction_that_is_due_has_the_corner_before_every_clock() -> None:
    night = Night()
    night.look(6)
    night.tell("escalation.acknowledged", 7, escalation="call-lead", words="")
    know = _owing(night, "ST-1", "ST-2")
    below = status_rows(know, 80)[1]
    assert below.text.startswith("  correct    ST-1 +1")
    assert next(cell for cell in below.cells if "correct" in cell.text).role == "past"
    wide = status_rows(know, 120, right=60)[1].text
    assert wide.startswith("  correct    ST-1 +1 refund by: was Tuesday, is Friday")
    assert urgent.opens(know) == "owed"
    assert urgent.opens(Situation(night.now, "ada")) == ""


def test_a_call_is_more_urgent_than_a_correction() -> None:
    night = Night()
    night.look(6)
    assert status_rows(_owing(night, "ST-1"), 80)[1].text.startswith("  call now")
    assert urgent.opens(_owing(night, "ST-1")) == ""


# The stop of all words.

HALT = Stopped(by="maximilian", at=datetime(2026, 11, 20, 22, 4, tzinfo=UTC))


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_a_stop_shows_with_and_without_an_incident(width: int) -> None:
    night = Night()
    chip = " STOPPED max"
    for know in (Situation(night.now, "ada"), _know(night), _owing(night, "ST-1")):
        above = status_rows(replace(know, stopped=HALT), width)[0]
        assert chip in above.text
        assert above.text.count("STOPPED") == 1
        assert next(one for one in above.cells if "STOPPED" in one.text).text.endswith(" ")
        assert cell_len(above.text.rstrip()) <= width
        assert "STOPPED" not in status_rows(know, width)[0].text
