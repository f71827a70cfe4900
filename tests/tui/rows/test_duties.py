"""What stands above the checklist: calls, duties by law, questions from outside."""

from __future__ import annotations

from core.night import START, Night

from crisisroom.core.clocks import clocks
from crisisroom.tui.rows.duties import duty_rows
from crisisroom.tui.rows.tasks import task_rows, tasks_head
from crisisroom.tui.situation import Situation


def _know(night: Night) -> Situation:
    state = night.state
    return Situation(night.now, "ada", incident=state, clocks=clocks(state, night.now))


def _texts(night: Night, width: int = 80) -> list[str]:
    return [one.text.rstrip() for one in duty_rows(_know(night), width)]


def test_a_quiet_night_has_only_the_law_waiting() -> None:
    assert _texts(Night()) == [
        "   Legal duties",
        " ◦ waits        2 more: fact: personal data, fact: what happened",
    ]


def test_a_call_says_whom_and_how() -> None:
    night = Night()
    night.look(6)
    shown = _texts(night)
    assert shown[:3] == [
        "   Call now",
        " ! in 4m        Ada: Call the lead",
        "                phone +1",
    ]
    night.look(60)
    assert " ! nobody       Bo, Cy: Call the lead" in _texts(night)
    night.tell("escalation.acknowledged", 61, escalation="call-lead", words="")
    assert "   Call now" not in _texts(night)


def test_a_running_duty_has_its_time() -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.fact("aware", "2026-11-20T22:00:00.000Z", 1)
    assert " ! Mon 23h lega Data protection authority" in _texts(night)[1]
    night.now = START
    night.tell("deadline.met", 2, deadline="gdpr", words="sent, 2026-77")
    assert "Data protection" not in "\n".join(_texts(night))


def test_a_question_shows_who_has_it() -> None:
    night = Night()
    asked = {"sort": "media", "outlet": "Daily", "name": "", "to": "", "quote": "Is it true?"}
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
    assert any("every 45m, 1 times so far" in text for text in shown)
