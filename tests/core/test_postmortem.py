"""The review's headings: their ids, what is open, whom words name."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from core.incident_builder import Told
from hypothesis import given
from hypothesis import strategies as st
from room.people import PLAN

from crisisroom.core.playbook import Playbook, Review
from crisisroom.core.postmortem import (
    USUAL,
    all_headings,
    blamed,
    blaming,
    find,
    gentle,
    headings,
    open_headings,
    said,
    trimmed,
    written,
)


def plan(**review: Any) -> Playbook:
    """Return a plan with this review."""
    return msgspec.structs.replace(PLAN, review=Review(**review))


def told(**review: Any) -> Told:
    """Return an incident that runs by such a plan."""
    return Told(plan=msgspec.to_builtins(plan(**review)))


def test_headings_have_ids_that_people_can_type() -> None:
    found = headings(
        plan(
            sections=("What happened", "Übermut & Ärger!", "何が起きたか", "What  happened?"),
            questions=("Who knew?", "Since when?"),
            optional=("Who knew?",),
        )
    )
    assert [one.id for one in found] == [
        "what-happened",
        "ubermut-arger",
        "section-3",
        "what-happened-4",
        "question:1",
        "question:2",
    ]
    assert [one.required for one in found] == [True, True, True, True, False, True]
    assert found[4].sort == "question"


def test_a_long_heading_is_cut_between_words() -> None:
    long = ("Who was harmed, and how we looked after them that night", "x" * 90)
    assert [one.id for one in headings(plan(sections=long))] == [
        "who-was-harmed-and-how-we-looked-after",
        "x" * 40,
    ]


def test_a_plan_without_headings_gets_the_usual_ones() -> None:
    assert [one.title for one in headings(PLAN)] == list(USUAL)
    assert [one.id for one in headings(plan(questions=("Why?",)))] == ["question:1"]


@given(st.lists(st.text(max_size=50), max_size=12))
def test_every_heading_has_an_id_of_its_own(titles: list[str]) -> None:
    ids = [one.id for one in headings(plan(sections=tuple(titles), questions=("Why?",)))]
    assert len(set(ids)) == len(ids) == len(titles) + 1


def test_what_is_written_and_what_is_open() -> None:
    case = told(sections=("Summary", "Thanks"), optional=("Thanks",))
    assert [one.id for one in open_headings(case.state)] == ["summary"]
    case.tell("review.written", section="summary", words="\n\n  It smoked.\n")
    assert said(case.state, "summary") == "  It smoked."
    assert open_headings(case.state) == ()
    held = written(case.state, "summary")
    assert held is not None
    assert held.by == "ada"
    case.tell("review.written", section="summary", words="   \n")
    assert written(case.state, "summary") is None


def test_words_of_a_plan_that_was_left_stay_in_sight() -> None:
    case = told(sections=("Summary",))
    case.tell("review.written", section="how-they-got-in", words="By the back door.")
    assert [one.id for one in all_headings(case.state)] == ["summary", "how-they-got-in"]
    assert not all_headings(case.state)[1].required


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("what-went-well", "what-went-well"),
        ("What went well", "what-went-well"),
        ("1", "what-happened"),
        ("question:1", "question:1"),
        ("thanks", "thanks"),
        ("th", "thanks"),
        ("what", ""),  # two begin so
        ("0", ""),
        ("9", ""),
        ("", ""),
    ],
)
def test_a_heading_is_found_by_what_people_type(named: str, found: str) -> None:
    case = told(sections=("What happened", "What went well", "Thanks"), questions=("Why?",))
    heading = find(case.state, named)
    assert (heading.id if heading else "") == found


PEOPLE = {"ada": "Ada Ax", "bo": "Bo", "will.s": "Will Smith"}


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("ada forgot the list", ("ada",)),
        ("Ax was asleep, so was Bo", ("bo",)),
        ("Smith, Ada and bo", ("ada", "bo", "will.s")),
        ("it will boil over, the bottle and the lada", ()),
        ("nobody was there at night", ()),
    ],
)
def test_names_of_people_are_seen(words: str, who: tuple[str, ...]) -> None:
    assert blamed(words, PEOPLE) == who


def test_it_asks_gently() -> None:
    assert gentle(("ada", "bo")).startswith("this names ada, bo: name the thing, not the person")
    assert gentle(()) == ""


@pytest.mark.parametrize(
    ("words", "judged"),
    [
        ("It was human error; Bo was careless and should have known", 3),
        ("the team's fault, and theirs was negligence", 2),
        ("Menschliches Versagen, und wer war schuld?", 2),
        ("a default value, a faulty lock, the failed job, blameless, Schulden", 0),
        ("nobody had said who rings whom", 0),
    ],
)
def test_words_that_judge_people_are_seen(words: str, judged: int) -> None:
    assert len(blaming(words)) == judged


def test_it_names_what_judges() -> None:
    asked = gentle(("bo",), blaming("Careless, careless"))
    assert asked.startswith('this names bo and says "careless": name the thing')
    assert gentle((), ("to blame",)).startswith('this says "to blame": ')


def test_a_heading_that_thanks_may_name_people() -> None:
    found = headings(plan(sections=("Thanks", "What went well", "What did not")))
    assert [one.praises for one in found] == [True, True, False]


@given(st.text())
def test_trimming_twice_changes_nothing(words: str) -> None:
    assert trimmed(trimmed(words)) == trimmed(words)
