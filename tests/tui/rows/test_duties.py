"""What stands above the checklist: calls, duties by law, questions from outside."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from core.night import START, Night

from crisisroom.core.clocks import clocks
from crisisroom.core.playbook import Reach
from crisisroom.tui.rows import cell_len
from crisisroom.tui.rows.duties import calls_of, duty_rows
from crisisroom.tui.rows.tasks import task_rows, tasks_head
from crisisroom.tui.situation import Situation


def _know(night: Night) -> Situation:
    state = night.state
    return Situation(night.now, "ada", incident=state, clocks=clocks(state, night.now))


def _texts(night: Night, width: int = 80) -> list[str]:
    return [one.text.rstrip() for one in duty_rows(_know(night), width)]


def test_a_quiet_night_has_only_the_law_waiting() -> None:
    assert _texts(Night()) == ["   Legal duties   2 wait for personal data, what happened"]


def test_a_call_says_whom_and_how() -> None:
    night = Night()
    night.look(6)
    assert _texts(night)[:3] == [
        "   Call now",
        " ! in 4m   call Call the lead",
        "           Ada  +1",
    ]
    night.look(60)
    shown = _texts(night)
    assert " ! nobody  call Call the lead" in shown
    assert "           Bo  +2" in shown
    night.tell("escalation.acknowledged", 61, escalation="call-lead", words="")
    assert "   Call now" not in _texts(night)


def test_a_call_that_came_to_nothing_is_not_made_twice() -> None:
    night = Night()
    night.look(6)
    night.tell(
        "contact.called",
        7,
        contact="ada",
        name="Ada",
        way="phone",
        outcome="no-answer",
        reached=False,
        words="",
    )
    assert "           Ada  +1  no answer 23:07" in _texts(night)


def test_a_call_of_somebody_without_a_number_names_them() -> None:
    night = Night()
    night.tell("role.assigned", 1, role="lead", person="zoe", was="")
    night.look(6)
    run = night.state.escalations["call-lead"]
    nobody = msgspec.structs.replace(run, called=("zoe",))
    state = msgspec.structs.replace(night.state, escalations={run.id: nobody})
    know = Situation(night.now, "ada", incident=state, clocks=clocks(state, night.now))
    assert "           zoe" in [one.text.rstrip() for one in duty_rows(know, 80)]


def test_a_number_is_not_cut_off_where_there_is_room_for_it() -> None:
    night = Night()
    night.look(6)
    plan = night.state.plan
    long = tuple(msgspec.structs.replace(one, name="Forensic specialists") for one in plan.contacts)
    ways = tuple(
        msgspec.structs.replace(one, reach=(Reach("phone", "+00 000 000 310"),)) for one in long
    )
    state = msgspec.structs.replace(night.state, plan=msgspec.structs.replace(plan, contacts=ways))
    know = Situation(night.now, "ada", incident=state, clocks=clocks(state, night.now))
    shown = [one.text for one in duty_rows(know, 41)]
    assert "   Forensic specialists  +00 000 000 310" in shown


def test_calls_rest_when_the_incident_does() -> None:
    night = Night()
    night.look(6)
    over = msgspec.structs.replace(night.state, status="resolved")
    assert [run.id for run in calls_of(night.state)] == ["call-lead"]
    assert calls_of(over) == []


@pytest.mark.parametrize("width", [38, 41, 53, 78, 120])
def test_no_row_is_wider_than_its_pane(width: int) -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.fact("aware", "2026-11-20T22:00:00.000Z", 1)
    night.look(40)
    asked: dict[str, Any] = {
        "sort": "media",
        "outlet": "Daily" * 9,
        "name": "",
        "to": "",
        "quote": "why? " * 30,
    }
    night.tell("enquiry.added", 41, enquiry="EQ-1", **asked)
    for one in task_rows(_know(night), set(), width, {"dpo"}):
        assert cell_len(one.text.rstrip()) <= width, one.text


def test_a_running_duty_has_its_time() -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.fact("aware", "2026-11-20T22:00:00.000Z", 1)
    assert _texts(night) == [
        "   Legal duties   1 more waits for what happened",
        " ! Mon 23h free Data protection authority",
    ]
    night.tell("role.assigned", 2, role="legal", person="cy", was="")
    assert " ! Mon 23h cy   Data protection authority" in _texts(night)
    night.now = START
    night.tell("deadline.met", 2, deadline="gdpr", words="sent, 2026-77")
    assert "Data protection" not in "\n".join(_texts(night))


def test_a_question_shows_who_has_it() -> None:
    night = Night()
    asked: dict[str, Any] = {
        "sort": "media",
        "outlet": "Daily",
        "name": "",
        "to": "",
        "quote": "Is it true?",
    }
    night.tell("enquiry.added", 1, enquiry="EQ-1", due_at="2026-11-20T23:00:00.000Z", **asked)
    assert " • 00:00   free EQ-1 Daily: Is it true?" in _texts(night)
    night.tell("enquiry.assigned", 2, enquiry="EQ-1", person="ada")
    assert " ▸ 00:00   ada  EQ-1 Daily: Is it true?" in _texts(night)
    night.tell("enquiry.answered", 3, enquiry="EQ-1", words="yes")
    assert not [text for text in _texts(night) if "EQ-1" in text]


def test_what_is_not_needed_is_counted_and_out_of_the_way() -> None:
    night = Night()
    night.fact("data", "no", 1)
    night.fact("affected", "3", 1)
    shown = [one.text for one in task_rows(_know(night), set(), 80)]
    assert not [text for text in shown if "Call the DPO" in text]
    assert any("Assess" in text and "1 not needed" in text for text in shown)
    assert "of 6" in tasks_head(_know(night), wide=False, focused=True).text


def test_a_repeating_task_says_how_often() -> None:
    night = Night()
    night.done("threads", 3)
    shown = [one.text for one in task_rows(_know(night), set(), 100)]
    assert any("every 45m, done once" in text for text in shown)


def test_a_long_title_takes_the_room_that_its_needs_leave() -> None:
    night = Night()
    tasks = night.state.tasks
    long = "Pause all scheduled posts, newsletters and advertising"
    tasks = tasks | {"pause": msgspec.structs.replace(tasks["pause"], title=long, evidence="note")}
    state = msgspec.structs.replace(night.state, tasks=tasks)
    know = Situation(night.now, "ada", incident=state)
    shown = next(one.text for one in task_rows(know, set(), 78) if "Pause" in one.text)
    assert shown.endswith("Pause all scheduled posts, newsletters and adver… needs a note")
    short = next(one.text for one in task_rows(know, set(), 78) if "Publish" in one.text)
    assert short.index("for task") == 50


def test_what_came_while_one_looked_elsewhere_is_marked() -> None:
    night = Night()
    shown = [one.text for one in task_rows(_know(night), set(), 78, {"threads"})]
    assert any("free new Look at the threads" in text for text in shown)
    night.done("threads", 3)
    night.done("pause", 3)
    gone = [one.text for one in task_rows(_know(night), set(), 78, {"pause"})]
    assert not any("new Pause" in text for text in gone)
