"""The brief: one page for whoever joins at three in the morning."""

from __future__ import annotations

import msgspec
import pytest
from core.incident_builder import Told, at
from room.crisis import FULL

from crisisroom.core.brief import brief

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
    assert titles[:3] == ["where it stands", "what we know", "what we do not know"]


def test_another_day_is_said_with_its_date() -> None:
    page = brief(Told().state, at(24 * 60), "bo")
    assert "declared 2026-11-22 03:07" in page.situation[0]


def test_it_asks_of_each_what_is_theirs() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    told.tell("statement.submitted", id="ST-1", version=1, sha256="s")
    assert brief(told.state, at(1), "cy").needed_from_you == ()
    assert brief(told.state, at(1), "cy", "legal").needed_from_you == ("approve ST-1 by ada",)
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
