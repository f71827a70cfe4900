"""The brief: one page for whoever joins at three in the morning."""

from __future__ import annotations

import pytest
from core.incident_builder import Told, at

from crisisroom.core.brief import brief


def test_it_says_where_we_stand_in_the_case_s_time() -> None:
    told = Told()
    told.tell("fact.set", fact="product", state="known", value="the X1", words="")
    page = brief(told.state, at(12), "bo")
    assert page.situation == (
        "INC-1 Kettles overheat: SEV2, open, declared 03:07 by ada, 12m old",
        "0 posts linked, 0 without an answer",
        "Product: the X1",
        "Batch: unknown",
        "Cause: unknown",
    )
    assert page.promised == ("public update by 03:37",)
    assert page.open[0] == "Pause what is scheduled (social) by 03:12, late"
    assert page.roles[0] == "Lead: nobody"
    assert page.said == ("0 replies sent",)


def test_it_asks_of_each_what_is_theirs() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    told.tell("statement.submitted", id="ST-1", version=1, sha256="s")
    assert brief(told.state, at(1), "cy").needed_from_you == ()
    assert brief(told.state, at(1), "cy", "legal").needed_from_you == ("approve ST-1 by ada",)
    told.tell("role.taken", role="social", person="bo", was="")
    assert brief(told.state, at(1), "bo").needed_from_you == ("task: Pause what is scheduled",)


def test_it_quotes_what_was_said() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    told.tell("statement.queued", **told.way("ST-1"))
    told.tell("statement.sent", minute=9, **told.way("ST-1", remote_id="", remote_url=""))
    page = brief(told.state, at(10), "bo")
    assert page.said == ("03:16 ST-1 holding to public: text of ST-1", "0 replies sent")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc", "UTC"])
def test_it_opens_also_where_the_zone_is_unknown(zone: str) -> None:
    page = brief(Told(zone=zone).state, at(12), "bo")
    assert "declared 02:07" in page.situation[0]
