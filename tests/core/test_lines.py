from __future__ import annotations

from typing import Any

import msgspec
import pytest
from conftest import START
from core.incident_builder import Told, at
from hypothesis import given
from hypothesis import strategies as st
from room.people import PLAN

from crisisroom.core.incident import Incident
from crisisroom.core.lines import (
    AUTHORS,
    allowed,
    author_notes,
    goes_to_problem,
    legal_role,
    pointed,
    points_to,
    prefills,
    story_line,
)
from crisisroom.core.mention import Author, Mention
from crisisroom.core.said import Line, StoryLine

PAGE = "https://www.ferrow.example/safety"


def mention(text: str = "It smokes.", **more: Any) -> Mention:
    return Mention(
        id="M-1", uid="m1", source="masto-in", external_id="p1", kind="post",
        author=Author("pat@social.example"), text=text, url="", lang="en", media=(),
        posted_at=START, seen_at=START, state="new", **more,
    )  # fmt: skip


def told(**plan: Any) -> Told:
    """Return an incident by a plan with a page and a press role, in which bo leads."""
    ours = {"source_of_truth": PAGE, "goes_to": {"press": "social", "legal": "legal"}} | plan
    made = Told(plan=msgspec.to_builtins(msgspec.structs.replace(PLAN, **ours)))
    made.tell("role.taken", role="lead", person="bo", was="")
    return made


def lined(line: Line, story: str = "s1", **plan: Any) -> Incident:
    made = told(**plan)
    return made.tell("line.set", actor="bo", narrative=story, id="N-3", line=line, words="")


def asked(line: Line, text: str = "", *, said: str = "It smokes.", by: str = "ada") -> str:
    """Return what a line has against a reply, nothing where it may go out."""
    state = lined(line)
    problem = allowed(state.lines["s1"], mention(said), state, by, text)
    assert problem is None or (problem.code, problem.severity) == ("line", "block")
    return problem.message if problem else ""


def line_for(incident: Incident, narrative: str, joined: tuple[str, ...] = ()) -> str:
    held = story_line(incident, narrative, joined)
    return held.line if held else "answer"


def test_a_story_s_own_line_comes_first() -> None:
    made = told()
    assert line_for(made.state, "s1") == "answer"
    made.tell("line.set", actor="bo", narrative="", id="", line="questions", words="")
    state = made.tell("line.set", actor="bo", narrative="s1", id="N-1", line="point", words="why")
    assert [line_for(state, one) for one in ("s1", "s2", "")] == ["point", "questions", "questions"]
    held = story_line(state, "s1")
    assert held == StoryLine(narrative="s1", id="N-1", line="point", by="bo", at=at(0), why="why")
    assert line_for(made.tell("line.cleared", narrative="s1"), "s1") == "questions"


def test_what_joined_a_story_brings_its_line_the_strictest_one() -> None:
    made = told()
    for uid, line in (("s2", "questions"), ("s3", "monitor"), ("s4", "point")):
        made.tell("line.set", actor="bo", narrative=uid, id="N-1", line=line, words="")
    assert line_for(made.state, "s1", ("s2", "s3", "s4")) == "monitor"
    assert line_for(made.state, "s1", ("s2", "s4", "s9", "")) == "point"
    assert line_for(made.state, "s4", ("s3",)) == "point", "its own counts first"


def test_under_monitor_nobody_answers() -> None:
    assert asked("monitor", by="bo") == (
        "bo set 'monitor' for this story: nobody answers; line set changes it"
    )
    assert asked("answer") == ""
    state = lined("monitor", "")
    told_all = allowed(state.lines[""], mention(), state, "ada", "")
    assert told_all is not None
    assert told_all.message.startswith("bo set 'monitor' for all: ")


def test_without_a_line_everybody_may() -> None:
    assert allowed(None, mention(), told().state, "ada", "") is None


def test_questions_are_answered_the_rest_is_not() -> None:
    assert "this asks nothing" in asked("questions")
    assert asked("questions", said="how do i get my money back") == ""
    assert asked("questions", said="Ist mein Kocher betroffen") == ""
    assert asked("questions", said="危険ですか？") == ""


def test_legal_only_is_for_whoever_holds_legal() -> None:
    assert asked("legal") == (
        "bo set 'Legal only' for this story: Legal: nobody holds it, role take INC-1 legal;"
        " line set changes it"
    )
    made = told()
    made.tell("role.taken", role="legal", person="cy", was="")
    state = made.tell("line.set", actor="bo", narrative="s1", id="N-3", line="legal", words="")
    refused = allowed(state.lines["s1"], mention(), state, "ada", "")
    assert refused is not None
    assert "Legal: cy holds it" in refused.message
    assert allowed(state.lines["s1"], mention(), state, "cy", "") is None


def test_the_plan_says_who_legal_is() -> None:
    assert legal_role(msgspec.structs.replace(PLAN, goes_to={"legal": "lead"})) == "lead"
    assert legal_role(PLAN) == "legal"
    without = msgspec.structs.replace(PLAN, roles=PLAN.roles[:1])
    assert legal_role(without) == ""
    state = lined("legal", roles=PLAN.roles[:1], goes_to={})
    problem = allowed(state.lines["s1"], mention(), state, "bo", "")
    assert problem is not None
    assert "the plan has no role for that" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        f"More: {PAGE}",
        "More: ferrow.example/safety.",
        "More (https://ferrow.example/safety)",
        "HTTPS://FERROW.example/safety/kettles?lang=de",
        "„ferrow.example/safety“",
        "See: www.ferrow.example/safety/",
    ],
)
def test_pointing_is_to_our_page_however_it_is_spelt(text: str) -> None:
    assert asked("point", text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "", "We look into it.", "ferrow.example", "notferrow.example/safety",
        "ferrow.example/safety-first", "ferrow.example/safety2",
        "evil.example/ferrow.example/safety",
        "ferrow.example/safety.evil.example", "ferrow.example/safety@evil.example",
        "a@ferrow.example/safety",
    ],
)  # fmt: skip
def test_another_page_is_not_ours(text: str) -> None:
    assert f"put {PAGE} into the reply" in asked("point", text)


def test_a_host_alone_is_not_its_namesake() -> None:
    assert pointed("see ferrow.example", ("ferrow.example",))
    assert pointed("see ferrow.example/x, yes", ("ferrow.example",))
    assert not pointed("see ferrow.example.evil.example", ("ferrow.example",))
    assert not pointed("see ferrow.example:8080", ("ferrow.example",))
    assert pointed("see our status  page.", ("our status page",))


def test_a_statement_that_is_out_is_something_to_point_to() -> None:
    made = told(source_of_truth="")
    state = made.tell("line.set", actor="bo", narrative="s1", id="N-3", line="point", words="")
    nothing = allowed(state.lines["s1"], mention(), state, "ada", "We look into it.")
    assert nothing is not None
    assert "publish a statement first" in nothing.message
    made.tell("statement.drafted", **made.words("ST-1"))
    made.tell("statement.queued", **made.way("ST-1"))
    made.tell("statement.sending", **made.trying("ST-1"))
    url = "https://social.example/@us/9"
    state = made.tell("statement.sent", **made.way("ST-1", remote_id="9", remote_url=url))
    assert points_to(state) == (url,)
    line = state.lines["s1"]
    assert allowed(line, mention(), state, "ada", f"Please read {url}") is None
    missing = allowed(line, mention(), state, "ada", "https://social.example/@us/91")
    assert missing is not None
    assert "put the link to the statement into the reply" in missing.message


def test_what_is_only_for_us_is_nothing_to_point_to() -> None:
    made = told(source_of_truth="")
    made.tell("statement.drafted", **made.words("ST-1", audience="employees"))
    made.tell("statement.queued", **made.way("ST-1"))
    made.tell("statement.sending", **made.trying("ST-1"))
    way = made.way("ST-1", remote_id="9", remote_url="https://chat.example/9")
    assert points_to(made.tell("statement.sent", **way)) == ()


def test_press_goes_to_its_role() -> None:
    made = told()
    free = goes_to_problem(("press",), made.state, "bo")
    assert free is not None
    assert (free.code, free.severity) == ("goes_to", "block")
    assert free.message == "press goes to Social media: nobody holds it, role take INC-1 social"
    state = made.tell("role.taken", role="social", person="ada", was="")
    held = goes_to_problem(("press",), state, "bo")
    assert held is not None
    assert held.message == "press goes to Social media: ada holds it"
    assert goes_to_problem(("press", "angry"), state, "ada") is None
    assert goes_to_problem(("angry",), state, "bo") is None


def test_without_a_role_it_is_asked_whose_it_is() -> None:
    asks = goes_to_problem(("minor", "employee"), told().state, "bo")
    assert asks is not None
    assert (asks.severity, "minor, employee" in asks.message) == ("ask", True)


def test_any_one_of_several_roles_will_do() -> None:
    made = told(goes_to={"press": "social", "minor": "legal"})
    made.tell("role.taken", role="social", person="ada", was="")
    state = made.tell("role.taken", role="legal", person="cy", was="")
    assert goes_to_problem(("press", "minor"), state, "cy") is None
    neither = goes_to_problem(("press", "minor"), state, "bo")
    assert neither is not None
    assert "Social media: ada holds it or Legal: cy holds it" in neither.message


def test_whom_nothing_is_written_beforehand() -> None:
    for tag in AUTHORS:
        assert not prefills((tag,), PLAN)
    vip = msgspec.structs.replace(PLAN, goes_to={"vip": "lead"})
    assert not prefills(("vip",), vip)
    assert prefills(("vip", "troll"), PLAN)


def test_what_to_bear_in_mind_with_an_author() -> None:
    def codes(*tags: str, reach: int | None = None, public: bool = True) -> list[tuple[str, str]]:
        return [(one.code, one.severity) for one in author_notes(tags, reach, public=public)]

    assert codes() == codes(reach=9_999) == codes("press", reach=90_000) == []
    assert codes(reach=10_000) == [("reach", "info")]
    assert codes("minor") == [("minor", "ask")]
    assert codes("minor", public=False) == []


@given(
    st.text(max_size=100),
    st.from_regex(r"[a-z]{2,9}\.example(/[a-z0-9]{1,9}){0,3}/?", fullmatch=True),
)
def test_any_place_is_found_where_it_stands(text: str, place: str) -> None:
    assert pointed(f"{text}\nMore: https://{place}.", (place,))
    assert not pointed(text, ())
    pointed(place, (text,))  # whatever a plan says
