"""A question to a colleague waits in their brief until it is answered."""

from __future__ import annotations

import pytest
from room.people import as_, prepared, reply

from crisisroom.core.brief import brief
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, questions, reading


async def needed(room: Room, person: str) -> tuple[str, ...]:
    """Return what the brief says that the room needs from a person."""
    state = await reading.incident(room)
    return brief(state, room.clock.now(), person).needed_from_you


async def test_whoever_wrote_it_is_asked_and_answers(room: Room) -> None:
    await prepared(room, team=True)
    saved = await reply(room)
    asked = await questions.ask(as_(room, "cy"), "", "is batch 7 sure?", words_id=saved.id)
    assert (asked.thing.id, asked.thing.whom, asked.thing.open) == ("Q-1", "ada", True)
    assert asked.entry.text == "Q-1 to ada about R-1: is batch 7 sure?"
    line = "answer Q-1 of cy about R-1: is batch 7 sure?"
    assert line in await needed(room, "ada")
    assert line not in await needed(room, "cy")
    with pytest.raises(Usage, match="what is the answer"):
        await questions.answer(room, "", "Q-1", " ")
    done = await questions.answer(room, "", "Q-1", "the lab wrote so")
    assert (done.thing.answer, done.thing.answered_by) == ("the lab wrote so", "ada")
    assert line not in await needed(room, "ada")
    with pytest.raises(Refused, match="ada answered Q-1 already: the lab wrote so"):
        await questions.answer(room, "", "Q-1", "again")
    with pytest.raises(Usage, match="has no question Q-9"):
        await questions.answer(room, "", "Q-9", "x")


async def test_a_role_is_asked_whoever_holds_it(room: Room) -> None:
    await prepared(room, team=True)
    saved = await reply(room)
    asked = await questions.ask(room, "", "may we?", words_id=saved.id, whom="lead")
    assert asked.entry.text == "Q-1 to Lead (bo) about R-1: may we?"
    assert "answer Q-1 of ada about R-1: may we?" in await needed(room, "bo")


async def test_a_question_needs_somebody_and_words(room: Room) -> None:
    await prepared(room, team=True)
    saved = await reply(room)
    with pytest.raises(Usage, match="to yourself"):
        await questions.ask(room, "", "why?", words_id=saved.id)
    with pytest.raises(Usage, match="not in the team"):
        await questions.ask(room, "", "why?", words_id=saved.id, whom="stranger")
    with pytest.raises(Usage, match="say who"):
        await questions.ask(room, "", "why?")
    with pytest.raises(Usage, match="what do you want to know"):
        await questions.ask(room, "", " ", words_id=saved.id, whom="bo")


async def test_a_question_is_asked_once_for_a_command_id(room: Room) -> None:
    await prepared(room, team=True)
    for _ in range(2):
        made = await questions.ask(room, "", "why?", whom="bo", command_id="c1")
        assert made.thing.id == "Q-1"
    assert len((await reading.incident(room)).questions) == 1
