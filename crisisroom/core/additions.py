"""What was added to a plan in the room, and how it goes back into the playbook's file."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.placeholders import FIXED, blanks_in, fill, names
from crisisroom.core.playbook import Answer, KeyMessage, Playbook, Task
from crisisroom.core.schema import did_you_mean
from crisisroom.core.timeline import Entry

ADDED_WORDS = {"message.added": "message", "answer.added": "answer"}
ADDED = {"task.added": "task", **ADDED_WORDS}
"""Kind of entry -> the key of its data that holds what was added."""


class AddedTask(msgspec.Struct, frozen=True):
    """A task and the phase it was put into."""

    phase: str
    task: Task


class Additions(msgspec.Struct, frozen=True):
    """Everything that was added to an incident's plan, in order."""

    tasks: tuple[AddedTask, ...] = ()
    messages: tuple[KeyMessage, ...] = ()
    answers: tuple[Answer, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks or self.messages or self.answers)


def added_ids(entries: Iterable[Entry], kinds: Collection[str]) -> tuple[str, ...]:
    """Return the ids of what entries of these kinds added."""
    return tuple(one.data[ADDED[one.kind]]["id"] for one in entries if one.kind in kinds)


def authors(entries: Iterable[Entry]) -> dict[str, str]:
    """Return who added which words, by their ids."""
    return {
        entry.data[ADDED_WORDS[entry.kind]]["id"]: entry.actor
        for entry in entries
        if entry.kind in ADDED_WORDS
    }


def additions(entries: Iterable[Entry]) -> Additions:
    """Return what a timeline tells was added."""
    tasks, messages, answers = [], [], []
    for entry in entries:
        if entry.kind == "task.added":
            task = msgspec.convert(entry.data["task"], Task)
            tasks.append(AddedTask(entry.data["phase"], task))
        elif entry.kind == "message.added":
            messages.append(msgspec.convert(entry.data["message"], KeyMessage))
        elif entry.kind == "answer.added":
            answers.append(msgspec.convert(entry.data["answer"], Answer))
    return Additions(tuple(tasks), tuple(messages), tuple(answers))


def check_sayable(plan: Playbook, text: str) -> None:
    """Raise Usage or Refused for words whose blanks nobody could fill, or may not fill."""
    facts = {f"fact.{one.id}": one for one in plan.facts}
    for name in names(text):
        if name not in facts and name not in FIXED:
            hint = did_you_mean(name, [*facts, *sorted(FIXED)])
            raise Usage("placeholder", f"no placeholder is called {name}", hint)
        if name in facts and not facts[name].may_fill:
            message = f"{facts[name].label} may not vary inside approved words"
            raise Refused("placeholder", message, "write it out, or leave it out")
    filled = fill(text, dict.fromkeys(names(text), "x"))
    if open_ones := blanks_in(filled.text):
        odd = filled.text[open_ones[0].start : open_ones[0].end]
        raise Refused("placeholder", f"{odd} is no placeholder", "write it like {{fact.what}}")
