"""The brief for each audience: what it reads, in which order, on which lines."""

from __future__ import annotations

from typing import get_args

import pytest
from core.briefed import crisis, stamp
from core.incident_builder import Told, at
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.brief import AUDIENCES, Audience, Brief, brief
from crisisroom.core.briefs.layout import SCREEN, WIDTH, text, wrapped
from crisisroom.text import cells


def page(
    audience: Audience = "", person: str = "ada", role: str = "", told: Told | None = None
) -> Brief:
    """Return the page somebody reads twelve minutes in."""
    return brief((told or crisis()).state, at(12), person, role, audience)


def titles(told: Brief) -> list[str]:
    """Return the headings of a page that have something below them."""
    return [title for title, lines in told.parts() if lines]


@pytest.mark.parametrize("audience", get_args(Audience))
def test_every_page_begins_with_what_is_needed_and_what_happened(audience: Audience) -> None:
    parts = [title for title, _ in page(audience).parts()]
    assert parts[:2] == ["needed from you", "what happened"]
    assert len(set(parts)) == len(parts)


def test_each_audience_reads_its_own() -> None:
    told = {one: {title for title, _ in page(one).parts()} for one in get_args(Audience)}
    assert {"legal duties", "what has to be kept", "evidence"} <= told["legal"]
    assert "what we said in public, to the letter" in told["legal"]
    assert {"key messages", "how stories are answered", "goes on in private"} <= told["care"]
    assert {"channels", "enquiries", "paused", "not paused yet"} <= told["comms"]
    assert "in figures" in told["exec"]
    assert not told["exec"] & {"key messages", "evidence", "channels", "contacts to check"}


def test_the_page_for_legal_is_for_whoever_holds_legal() -> None:
    assert page("legal").needed_from_you == ("approve ST-1 of ada, by 03:17",)
    assert page("legal", person="cy").needed_from_you == ("approve ST-1 of ada, by 03:17",)
    assert "approve ST-1 of ada, by 03:17" in page("", role="legal").needed_from_you
    told = crisis()
    told.tell("role.left", role="legal", person="cy")
    assert page("legal", told=told).needed_from_you == ("approve ST-1 of ada, by 03:17",)


def test_nobody_s_tasks_are_not_asked_of_a_part_that_nobody_holds() -> None:
    told = crisis()
    told.tell("role.left", role="legal", person="cy")
    needed = page("legal", told=told).needed_from_you
    assert not [line for line in needed if line.startswith("task:")]


def test_what_not_to_say() -> None:
    told = crisis()
    assert page(told=told).do_not_say == (
        'never: "no risk", "isolated case", "user error", "never", "always", "safe"',
        'nor what says nothing: "no comment"',
    )
    told.tell("outgoing.stopped", words="a leak", incident="INC-1")
    assert page(told=told).do_not_say[0] == "anything: ada stopped all words at 03:07: a leak"
    assert page("exec", told=told).do_not_say[0] == "nothing goes out since 03:07"
    assert page("exec").do_not_say == (
        '"no risk", "isolated case", "user error", "never", "always" and 1 more',
    )


def test_how_stories_are_answered() -> None:
    assert page("care").lines == ("N-3 charged twice: monitor (ada), a hoax",)


def test_key_messages_are_filled_and_name_their_blanks() -> None:
    told = page("care").messages
    assert told[0] == "Unplug it: Please unplug the X1. We write again by ‹next update›."
    assert told[1] == "Money back: You get your money back."


def test_legal_reads_to_the_letter_what_was_said() -> None:
    told = crisis()
    told.tell("statement.queued", **told.way("ST-1"))
    way = told.way("ST-1", remote_id="", remote_url="https://s.test/1")
    told.tell("statement.sent", minute=9, **way)
    assert page("legal", told=told).verbatim == (
        "03:16 ST-1 holding on masto https://s.test/1:\ntext of ST-1",
    )
    lines = text(page("legal", told=told))
    assert "    | text of ST-1" in lines


def test_a_hold_and_evidence_are_told() -> None:
    told = crisis()
    assert page("legal", told=told).holds == (
        "no hold: what is not linked may be purged by its age",
    )
    told.tell("hold.set", minute=2, words="a lawsuit")
    told.tell(
        "evidence.kept", minute=3, sha256="a" * 64, size=9, media="image/png", sort="picture",
        name="", url="", mention="u1",
    )  # fmt: skip
    found = page("legal", told=told)
    assert found.holds[0] == "held since 03:09 by ada: a lawsuit; nothing is purged or erased"
    for audience in get_args(Audience):  # what must not be thrown away concerns everybody
        assert "what has to be kept" in titles(page(audience, told=told))
        assert audience == "legal" or not page(audience).holds
    assert found.evidence == ("1 file or picture is kept, the newest since 03:10 by ada",)


def test_decisions_for_legal_are_for_legal() -> None:
    told = crisis()
    told.tell("decision.made", words="settle quietly", why="")
    told.tell("entry.marked", entry=told.state.seq, visibility="legal", words="")
    for audience in ("", "exec", "care", "comms"):
        assert "settle quietly" not in "\n".join(text(page(audience, told=told)))
    assert "settle quietly" in "\n".join(text(page("legal", told=told)))
    assert "settle quietly" in "\n".join(text(page("", person="cy", told=told)))


def test_late_actions_are_asked_of_their_owner() -> None:
    told = crisis()
    title = "Test the fuse"
    told.tell("action.added", action="A-1", title=title, owner="lead", due="2026-11-20")
    told.tell("action.added", action="A-2", title=title, owner="bo", due="2027-01-20")
    assert page(told=told).needed_from_you[0] == "do A-1, 2 days late: Test the fuse"
    assert page(person="bo", told=told).needed_from_you == ()
    assert "A-1 (ada), 2 days late: Test the fuse" in page(told=told).open


def test_an_offer_stands_first() -> None:
    told = crisis()
    told.tell("role.offered", role="lead", person="bo", words="all is calm", tasks=[])
    assert page(person="bo", told=told).needed_from_you == (
        "take Lead over from ada, or decline (role accept INC-1 lead): all is calm",
    )
    assert "Lead is still yours: bo has not accepted it yet" in page(told=told).needed_from_you
    assert "Lead: ada, offered to bo" in page(told=told).roles
    assert page("exec", person="bo", role="lead", told=told).needed_from_you[0] == (
        "take Lead over from ada, or decline: all is calm"
    )


def test_what_is_needed_soonest_comes_first() -> None:
    told = crisis()
    told.tell("role.taken", role="social", person="ada", was="")
    needed = page(told=told).needed_from_you
    assert needed[0] == "task: Pause what is scheduled, by 03:12"
    assert needed.index("approve ST-1 of ada, by 03:17") > 0


def test_key_times_and_what_comes() -> None:
    told = crisis()
    told.tell("incident.severity", minute=5, severity="sev1", words="")
    found = page(told=told)
    assert found.key_times == (
        "02:48 first post",
        "03:07 declared by ada",
        "03:12 SEV1 from then on",
    )
    assert found.ahead[0] == "03:17 approve ST-1 (cy, ada), 2m late"
    assert not [line for line in found.ahead if "Pause" in line]  # tasks are what is open
    assert page("exec", told=told).key_times[-1] == "03:12 Grave from then on"


def test_the_page_for_who_decides_above_has_no_ids() -> None:
    told = crisis()
    told.tell("role.taken", role="social", person="ada", was="")
    lines = "\n".join(text(page("exec", told=told))[1:])
    for sign in ("ST-1", "M-1", "N-3", "SEV2", "sev2"):
        assert sign not in lines


def fat() -> Told:
    """Return a crisis in which everybody is wanted for everything."""
    told = crisis()
    long = "something that is rather long and goes on about what is to be done here, " * 4
    for number in range(30):
        told.tell(
            "action.added", action=f"A-{number + 1}", title=long, owner="ada", due="2026-11-21"
        )
        told.tell(
            "action.added", action=f"A-{number + 50}", title=long, owner="bo", due="2026-11-01"
        )
    for number in range(20):
        told.tell(
            "enquiry.added", enquiry=f"EQ-{number}", sort="media", outlet=long, name="", to="",
            quote=long, due_at=stamp(at(90)),
        )  # fmt: skip
    return told


@pytest.mark.parametrize("told", [crisis(), fat()])
def test_it_fits_on_one_screen(told: Told) -> None:
    lines = text(page("exec", told=told))
    assert len(lines) <= SCREEN
    assert "needed from you:" in lines
    assert "who does what:" in lines


@pytest.mark.parametrize("audience", get_args(Audience))
def test_it_is_eighty_columns_wide_and_free_of_signs(audience: Audience) -> None:
    lines = text(page(audience, told=fat()))
    assert all(cells(line) <= WIDTH for line in lines)
    assert all(line.isprintable() or not line for line in lines)


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(20, 100))
def test_wrapping_loses_no_word(words: str, width: int) -> None:
    lines = wrapped(words, width, "  ", "    ")
    assert " ".join(lines).split() == words.split()
    for line in lines:
        assert cells(line) <= width or len(line.split()) == 1


def test_the_audiences_are_named_once() -> None:
    assert AUDIENCES == ("exec", "legal", "care", "comms")
