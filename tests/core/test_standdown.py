"""What stands between an incident and its end, said in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from core.incident_builder import Told, at
from room.growing import RICH

from crisisroom.core.playbook import Calm, Resolve
from crisisroom.core.standdown import Standdown, standdown
from crisisroom.core.timeline import stamp

replace = msgspec.structs.replace

LATER = at(600)


def told(resolve: Resolve = RICH.resolve, **changes: Any) -> Told:
    plan = replace(RICH, resolve=resolve, **changes)
    return Told(plan=msgspec.to_builtins(plan))


def closed(incident: Told) -> Told:
    """Skip every task, and have the fact that the law waits for ruled out by a waiver."""
    for task in tuple(incident.state.tasks):
        incident.tell("task.skipped", task=task, words="so")
    incident.tell("deadline.waived", deadline="authority", words="nothing to tell")
    return incident


def look(incident: Told, now: datetime = LATER, posts: tuple[datetime, ...] = ()) -> Standdown:
    return standdown(incident.state, now, posts)


def test_everything_open_is_named() -> None:
    assert look(told()).firm == (
        "required task pause (Pause what is scheduled) is open",
        "required task doctor (Ring whoever is hurt) is waiting, it waits for fact: Is anybody"
        " hurt",
        "legal duty authority (Tell the authority) waits for fact: When we knew: settle that, or"
        " waive it",
    )


def test_all_tasks_may_be_asked_for_and_what_repeats_counts_once_it_was_done() -> None:
    incident = told(Resolve(tasks="all", deadlines=False))
    assert len(look(incident).firm) == len(incident.state.tasks)
    before = look(incident).firm
    incident.tell("task.done", task="round", words="")
    assert set(before) - set(look(incident).firm) == {"task round (Look at the feed) is open"}


def test_a_task_the_facts_rule_out_is_not_missed() -> None:
    incident = told()
    incident.tell("fact.set", fact="hurt", state="known", value="no", words="")
    assert not any("doctor" in line for line in look(incident).firm)


def test_laws_are_met_or_waived() -> None:
    incident = told()
    incident.tell("fact.set", fact="aware", state="known", value=stamp(at(0)), words="")
    incident.tell(
        "deadline.started", deadline="authority", started_at=stamp(at(0)), due_at=stamp(at(4320))
    )
    (line,) = [line for line in look(incident).firm if "authority" in line]
    assert line == (
        "legal duty authority (Tell the authority) is neither met nor waived, due 2026-11-25 03:07"
    )
    incident.tell("deadline.met", deadline="authority", words="by fax")
    assert not any("authority" in line for line in look(incident).firm)
    assert not any("authority" in line for line in look(told(Resolve(deadlines=False))).firm)


def test_words_on_their_way_and_calls_that_ring_keep_it_open() -> None:
    incident = closed(told())
    incident.tell("statement.drafted", **incident.words("ST-1"))
    incident.tell("statement.queued", **incident.way("ST-1"))
    assert look(incident).firm == ("ST-1 is queued",)


def test_only_the_calm_may_be_cut_short() -> None:
    incident = closed(told())
    posts = tuple(at(590 + minute) for minute in range(9))
    restless = look(incident, posts=posts)
    assert (restless.firm, restless.calm) == ((), "posts keep coming in")
    assert restless.blocking == ("it is not calm yet: posts keep coming in",)
    soon = look(incident, LATER + timedelta(minutes=65), posts)
    assert soon.calm.startswith("quiet since 14:0")
    assert "calm at 15:0" in soon.calm
    assert look(incident, LATER + timedelta(hours=3), posts) == Standdown()
    assert look(closed(told(Resolve())), posts=posts) == Standdown()


def test_a_crowd_asleep_is_not_calm() -> None:
    rule = Resolve(calm=Calm(quiet=3600, below=3))
    night = look(closed(told(rule)), at(120))
    assert night.calm == "quiet since 03:07, calm at 2026-11-23 12:00 if it stays so"


def test_open_questions_and_drafts_are_good_to_know() -> None:
    incident = closed(told())
    incident.tell(
        "enquiry.added", enquiry="EQ-1", sort="media", outlet="The Paper", name="", to="", quote="?"
    )
    incident.tell("statement.drafted", **incident.words("ST-1"))
    incident.tell("statement.submitted", **incident.said("ST-1"))
    assert look(incident).loose == (
        "enquiry EQ-1 of The Paper is open",
        "ST-1 waits for approval",
    )
    assert look(incident).blocking == ()
