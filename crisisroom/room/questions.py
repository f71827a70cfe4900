"""Asking a colleague about a text: it stands on the timeline, and in the brief of who is asked."""

from __future__ import annotations

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.questions import Question
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, person, required
from crisisroom.room.leading import role_and_holder
from crisisroom.room.texts import words_of


async def ask(
    room: Room, inc: str, question: str, *, words_id: str = "", whom: str = "", command_id: str = ""
) -> Acted:
    """Ask about a text whoever wrote it, or `whom`: a person or a role; `.thing` is the `Question`.

    Without a text it has to be said who is asked. Nothing is decided by it.
    """
    required(question, "what do you want to know?")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id) if words_id else None
        asked = _asked(state, scene, whom or (words.author if words else ""))
        about = f" about {words.id}" if words else ""
        data = {
            "question": f"Q-{len(state.questions) + 1}",
            "id": words.id if words else "",
            "person": asked,
            "words": own(question, "question"),
        }
        text = f"{data['question']} to {_title(state, asked)}{about}: {question}"
        return [Draft(kind="question.asked", text=text, data=data)]

    return _with_it(await room.act(inc, decide, command_id=command_id))


async def answer(
    room: Room, inc: str, question_id: str, words: str, *, command_id: str = ""
) -> Acted:
    """Answer a question, also in another's place; `.thing` is the `Question`."""
    required(words, "what is the answer?")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        one = state.questions.get(question_id)
        if one is None:
            known = ", ".join(state.questions) or "none was asked"
            raise Usage("unknown-question", f"{state.id} has no question {question_id}", known)
        if not one.open:
            raise Refused("answered", f"{one.answered_by} answered {one.id} already: {one.answer}")
        about = f" about {one.words}" if one.words else ""
        data = {"question": one.id, "words": own(words, "answer")}
        text = f"answered {one.id} of {one.by}{about}: {words}"
        return [Draft(kind="question.answered", text=text, data=data)]

    return _with_it(await room.act(inc, decide, command_id=command_id))


def _asked(state: Incident, scene: Scene, whom: str) -> str:
    """Return who is asked: a role of the incident, or somebody of the team."""
    if whom in state.roles:
        return whom
    name = person(whom, tuple(member.id for member in scene.config.team))
    if name == scene.actor:
        raise Usage("yourself", "that would be a question to yourself", "name somebody else: --to")
    return name


def _title(state: Incident, whom: str) -> str:
    role = state.roles.get(whom)
    return whom if role is None else role_and_holder(role)


def _with_it(acted: Acted) -> Acted:
    made: Question = acted.incident.questions[acted.entry.data["question"]]
    return msgspec.structs.replace(acted, thing=made)
