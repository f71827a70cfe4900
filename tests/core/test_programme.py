"""What should change: complaints, promises and actions by story."""

from __future__ import annotations

from typing import Any

from core.briefed import story
from core.incident_builder import Told

from crisisroom.core.programme import Heard, changes
from crisisroom.core.rules import REVIEW


def case() -> Told:
    """Return an incident with two stories."""
    told = Told()
    told.tell("narrative.linked", **story())
    second = {"narrative": "n4", "id": "N-4", "quote": "nobody answers", "mentions": 12}
    told.tell("narrative.linked", **story() | second)
    return told


def promise(number: int, mention: str = "", reply: str = "R-1") -> dict[str, Any]:
    """Return a promise in a reply."""
    return {
        "promise": f"P-{number}", "reply": reply, "mention": mention, "words": "money back",
        "due_at": "", "owner": "bo", "url": "",
    }  # fmt: skip


def action(number: int, **more: Any) -> dict[str, Any]:
    """Return an action."""
    title = f"change {number}"
    return {"action": f"A-{number}", "title": title, "owner": "bo", "due": ""} | more


def test_what_most_complain_of_comes_first() -> None:
    state = case().state
    assert [one.narrative for one in changes(state)] == ["N-4", "N-3"]
    assert {one.complaints for one in changes(state)} == {None}
    heard = {"n3": Heard(mentions=20, complaints=9, sources=("masto", "news"))}
    first = changes(state, heard)[0]
    assert (first.narrative, first.mentions, first.complaints) == ("N-3", 20, 9)
    assert first.sources == ("masto", "news")
    assert first.unowned


def test_promises_are_with_the_story_of_whom_they_were_made_to() -> None:
    told = case()
    told.tell("promise.made", **promise(1, mention="u1"))
    told.tell("promise.made", **promise(2, mention="u2"))
    found = changes(told.state, told_in={"u1": "n3"})
    assert [one.id for one in found[1].promised] == ["P-1"]
    assert [one.id for one in found[2].promised] == ["P-2"]
    assert (found[2].narrative, found[2].title, found[2].unowned) == ("", "money back", False)


def test_an_action_answers_its_story_and_the_review_is_none() -> None:
    told = case()
    told.tell("action.added", **action(1, narrative="N-3"))
    told.tell("action.added", **action(2))
    told.tell("action.added", **action(3) | {"title": REVIEW})
    by_story = {one.narrative: one for one in changes(told.state)}
    assert by_story["N-3"].action is not None
    assert not by_story["N-3"].unowned
    assert by_story["N-4"].unowned
    assert [one.title for one in changes(told.state) if not one.narrative] == ["change 2"]


def test_what_was_dropped_leaves_the_story_to_nobody() -> None:
    told = case()
    told.tell("action.added", **action(1, narrative="N-3"))
    told.tell("action.dropped", action="A-1", words="no money")
    assert next(one for one in changes(told.state) if one.narrative == "N-3").unowned
    told.tell("action.added", **action(2, narrative="N-3"))
    told.tell("action.done", action="A-2", words="done")
    change = next(one for one in changes(told.state) if one.narrative == "N-3")
    assert (change.unowned, change.action and change.action.id) == (False, "A-2")


def test_an_answer_to_many_says_whom_a_promise_was_made_to() -> None:
    told = case()
    told.tell("bulk.begun", bulk="B-1", narrative="n3", id="N-3", uses="refund", replies=1)
    told.tell("reply.drafted", **told.words("R-1", "reply", mention="u9", bulk="B-1"))
    told.tell("promise.made", **promise(1, mention="u9"))
    by_story = {one.narrative: one for one in changes(told.state)}
    assert [one.id for one in by_story["N-3"].promised] == ["P-1"]


def test_what_was_never_said_was_never_promised() -> None:
    told = case()
    told.tell("reply.drafted", **told.words("R-1", "reply", mention="u9"))
    told.tell("promise.made", **promise(1))
    told.tell("reply.withdrawn", id="R-1", words="")
    assert [one.narrative for one in changes(told.state)] == ["N-4", "N-3"]
