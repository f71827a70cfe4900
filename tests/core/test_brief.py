"""The brief: one page for whoever joins at three in the morning."""

from __future__ import annotations

import msgspec
import pytest
from core.incident_builder import Told, at
from room.crisis import FULL
from room.people import PLAN

from crisisroom.core.brief import brief
from crisisroom.core.playbook import Cadence, Consequence

PLANNED = {"plan": msgspec.to_builtins(FULL)}


def test_it_says_where_we_stand_in_the_case_s_time() -> None:
    told = Told(answers={"harm": "yes"})
    told.tell("fact.set", fact="product", state="known", value="the X1", words="the lab")
    told.tell("fact.set", fact="batch", state="checking", value="seven", words="")
    page = brief(told.state, at(12), "bo")
    assert page.situation == (
        "INC-1 Kettles overheat: SEV2, open, declared 03:07 by ada, 12m old",
        "0 posts linked, 0 without an answer",
        "harm yes",
    )
    assert page.known == ("Product: the X1 (the lab)",)
    assert page.unknown == ("Batch: being checked, so far seven", "Cause")
    assert page.promised == ("public update by 03:37",)
    assert page.open[0] == "Pause what is scheduled (social) by 03:12, late"
    assert page.roles[0] == "Lead: nobody, required"
    assert page.said == ("0 replies sent",)
    titles = [title for title, _ in page.parts()]
    assert titles[:4] == ["needed from you", "what happened", "what we said", "what we promised"]
    assert page.happened == (
        'Since 03:07 we handle "Kettles overheat" as serious: no post is linked.',
        "Known: Product: the X1; not known: Batch, Cause.",
    )


def test_another_day_is_said_with_its_date() -> None:
    page = brief(Told().state, at(24 * 60), "bo")
    assert "declared 2026-11-22 03:07" in page.situation[0]


def test_it_asks_of_each_what_is_theirs() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    told.tell("statement.submitted", id="ST-1", version=1, sha256="s")
    assert brief(told.state, at(1), "cy").needed_from_you == (
        "nobody is Lead (role take INC-1 lead)",
    )
    assert brief(told.state, at(1), "cy", "legal").needed_from_you == (
        "approve ST-1 of ada, by 03:17",
    )
    assert brief(told.state, at(1), "cy").approvals == (
        "ST-1 holding by ada: Legal or Lead since 03:07",
    )
    told.tell("role.taken", role="social", person="bo", was="")
    mine = brief(told.state, at(1), "bo").needed_from_you
    assert mine == ("task: Pause what is scheduled, by 03:12",)
    told.tell("task.assigned", task="pause", person="cy")
    assert brief(told.state, at(1), "bo").needed_from_you == ()


def test_it_quotes_what_was_said() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    told.tell("statement.queued", **told.way("ST-1"))
    told.tell("statement.sent", minute=9, **told.way("ST-1", remote_id="", remote_url=""))
    page = brief(told.state, at(10), "bo")
    assert page.said == ("03:16 ST-1 holding to public: text of ST-1", "0 replies sent")


def test_the_last_words_stand_first_and_whole_those_before_in_short() -> None:
    told = Told()
    for number in range(1, 7):
        name = f"ST-{number}"
        told.tell("statement.drafted", **told.words(name) | {"words": f"{number} " + "x " * 90})
        told.tell("statement.queued", **told.way(name))
        told.tell("statement.sent", minute=number, **told.way(name, remote_id="", remote_url=""))
    said = brief(told.state, at(10), "bo").said
    assert said[0] == f"03:13 ST-6 holding to public: 6 {'x ' * 90}".rstrip()
    assert said[1].startswith("03:12 ST-5 holding to public: 5 x")
    assert len(said[1]) < 100
    assert said[-2:] == ("and 2 more statements", "0 replies sent")


def test_the_last_words_to_everybody_are_told_whole_whatever_was_said_inside_since() -> None:
    told = Told()
    for number, audience in enumerate(("public", *["employees"] * 5), start=1):
        name = f"ST-{number}"
        drafted = told.words(name) | {"words": f"{number} " + "x " * 90, "audience": audience}
        told.tell("statement.drafted", **drafted)
        told.tell("statement.queued", **told.way(name))
        told.tell("statement.sent", minute=number, **told.way(name, remote_id="", remote_url=""))
    said = brief(told.state, at(10), "bo").said
    assert said[-3] == f"03:08 ST-1 holding to public: 1 {'x ' * 90}".rstrip()
    assert said[-2:] == ("and 1 more statement", "0 replies sent")


def test_an_update_is_asked_of_whoever_is_told_when_it_is_late() -> None:
    cadence = Cadence("public", "public", "holding", 1800, on_overdue=(Consequence(notify="lead"),))
    told = Told(plan=msgspec.to_builtins(msgspec.structs.replace(PLAN, cadences=(cadence,))))
    told.tell("role.taken", role="lead", person="ada", was="")
    assert "public update, by 03:37" in brief(told.state, at(5), "ada").needed_from_you
    assert "public update, by 03:37, late" in brief(told.state, at(45), "ada").needed_from_you
    assert not [x for x in brief(told.state, at(5), "bo").needed_from_you if "update" in x]


def test_what_was_lowered_tells_how_serious_it_was() -> None:
    told = Told()
    assert "as serious:" in brief(told.state, at(1), "bo").happened[0]
    told.tell("incident.severity", severity="sev1", was="sev2", words="worse", minute=2)
    assert "as grave:" in brief(told.state, at(3), "bo").happened[0]
    told.tell("incident.severity", severity="sev3", was="sev1", words="calmer", minute=4)
    told.tell("incident.resolved", words="over", minute=6)
    assert "as minor, at its worst as grave:" in brief(told.state, at(9), "bo").happened[0]


def test_what_was_left_when_it_ended_is_not_more_than_nothing() -> None:
    told = Told()
    told.tell("incident.resolved", words="over", minute=6)
    lines = brief(told.state, at(9), "bo").open
    assert [line for line in lines if "task" in line] == ["3 tasks never done"]


def test_it_tells_of_duties_enquiries_and_calls() -> None:
    told = Told(**PLANNED)
    assert brief(told.state, at(1), "bo").duties == (
        "Tell the authority (Art. 33): waits for fact: Known since",
        "Tell those affected: waits for fact: Personal data",
    )
    told.tell(
        "deadline.started",
        deadline="gdpr",
        started_at="2026-11-22T02:07:00.000Z",
        due_at="2026-11-25T02:07:00.000Z",
    )
    told.tell(
        "enquiry.added", enquiry="EQ-1", sort="media", outlet="Daily", name="", to="",
        quote="Is it safe?", due_at="2026-11-22T04:07:00.000Z",
    )  # fmt: skip
    told.tell("escalation.started", escalation="lead-awake", why="")
    told.tell("escalation.step", escalation="lead-awake", round=1, step=0, called=["ada"], names=[])
    told.tell("decision.made", words="stop the sale", why="")
    told.tell("update.snoozed", cadence="public", until="2026-11-22T03:07:00.000Z", words="lab")
    page = brief(told.state, at(1), "bo")
    assert page.duties[0] == "Tell the authority (Art. 33) (nobody) by 2026-11-25 03:07"
    assert page.enquiries == ("EQ-1 Daily (media, nobody) by 05:07: Is it safe?",)
    assert page.escalations == ("Wake the lead: called Ada, the next call is at 03:12",)
    assert page.decided == ("03:07 ada: stop the sale",)
    assert "public update by 04:07, put off by ada: lab" in page.promised
    told.tell("escalation.exhausted", escalation="lead-awake")
    told.tell("enquiry.closed", enquiry="EQ-1", words="")
    page = brief(told.state, at(1), "bo")
    assert page.escalations == ("Wake the lead: everybody was called, nobody answered",)
    assert page.enquiries == ()


def test_it_flags_contacts_nobody_checked() -> None:
    assert brief(Told().state, at(1), "bo").contacts == ("The lab: nobody ever checked it",)
    assert brief(Told(**PLANNED).state, at(1), "bo").contacts == ()


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc", "UTC"])
def test_it_opens_also_where_the_zone_is_unknown(zone: str) -> None:
    page = brief(Told(zone=zone).state, at(12), "bo")
    assert "declared 02:07" in page.situation[0]
