"""Questions to colleagues by the command line."""

from __future__ import annotations

from cli.driver import Cli

FIELDS = {"id", "words", "whom", "ask", "by", "at", "answer", "answered_by", "answered_at"}


def test_a_question_from_the_asking_to_the_answer(crisis: Cli, facts: None) -> None:
    crisis.ok("statement", "draft", "INC-1", "holding", "It is batch 7.", "--as", "bo")
    asked = crisis.json("question", "ask", "INC-1", "st-1", "is it sure?", "--as", "cy")
    assert asked.keys() == FIELDS | {"entry"}
    assert (asked["id"], asked["words"], asked["whom"], asked["by"]) == ("Q-1", "ST-1", "bo", "cy")
    assert (asked["at"], asked["answered_at"]) == ("2026-11-22T02:07:00.000Z", None)
    line = "open     Q-1  cy asks bo about ST-1 02:07: is it sure?"
    assert crisis.ok("question", "list", "INC-1").lines == [line]
    assert crisis.ok("question", "list", "--mine", "--as", "bo").lines == [line]
    assert crisis.ok("question", "list", "--mine").lines == ["no question is open"]
    needed = "answer Q-1 of cy about ST-1: is it sure?"
    assert needed in crisis.json("brief", "--as", "bo")["needed_from_you"]
    answered = crisis.json("question", "answer", "INC-1", "q-1", "the lab says so", "--as", "bo")
    assert (answered["answer"], answered["answered_by"]) == ("the lab says so", "bo")
    assert crisis.json("question") == []
    (told,) = crisis.ok("question", "list", "--all").lines
    assert told.endswith("is it sure? (bo 02:07: the lab says so)")
    assert needed not in crisis.json("brief", "--as", "bo")["needed_from_you"]
