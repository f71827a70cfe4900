"""What a task asks for before it is ticked: its evidence, and what it waits for."""

from __future__ import annotations

from crisisroom.core.condition import Truth, evaluate
from crisisroom.core.incident import Incident, TaskState
from crisisroom.core.settle import KNOWN, look_at, settled

ASKS = {
    "note": "a note",
    "link": "a link",
    "mention": "a mention of this incident, like M-12",
    "statement": "a statement that went out, like ST-3",
    "fact": "a fact that is known",
}
"""Kind of evidence -> what to give."""

_HINTS = {
    "note": "say what was done, or where",
    "link": "it starts with https://",
    "mention": "link it first: crisisroom mention link {inc} M-12",
    "statement": "crisisroom statement list {inc} shows them",
    "fact": "crisisroom fact list {inc} shows them",
}


def asked_for(task: TaskState) -> str:
    """Return what a task wants as evidence, in words; empty where it wants none."""
    return ASKS.get(task.evidence, "")


def evidence_flaw(state: Incident, task: TaskState, given: str) -> tuple[str, str]:
    """Return what is wrong with the evidence for a task, and how to mend it; empty if nothing.

    A mention, a statement and a fact come first in it; words may follow.
    """
    if task.evidence == "none":
        return "", ""
    hint = _HINTS.get(task.evidence, "").format(inc=state.id)
    first = given.split()[0] if given.strip() else ""
    if not first:
        return f"{task.title} asks for {asked_for(task)}", hint
    return _flaw(state, task, first), hint


def _flaw(state: Incident, task: TaskState, first: str) -> str:
    if task.evidence == "link" and not first.startswith(("https://", "http://")):
        return f"{task.title} asks for a link"
    if task.evidence == "mention":
        linked = {one.id for one in state.mentions.values()}
        return "" if first.upper() in linked else f"{first} is no mention of {state.id}"
    if task.evidence == "statement":
        words = state.statements.get(first.upper())
        if words is None:
            return f"{state.id} has no statement {first}"
        return "" if words.sent_at else f"{words.id} has not gone out: it is {words.state}"
    if task.evidence == "fact":
        fact = state.facts.get(first)
        if fact is None:
            return f"{state.id} has no fact {first}"
        return "" if fact.state in KNOWN else f"{fact.label} is {fact.state}"
    return ""


def waits_on(state: Incident, task: TaskState) -> tuple[str, ...]:
    """Return what has to be settled before a task can be done, as `fact.ID` or `task.ID`."""
    spec = next((one for _, one in state.plan.tasks() if one.id == task.id), None)
    if task.state != "waiting" or spec is None:
        return ()
    truth = evaluate(spec.when, look_at(state)) if spec.when else Truth(True)
    facts = (f"fact.{one}" for one in spec.needs_facts if state.facts[one].state not in KNOWN)
    tasks = (f"task.{one}" for one in spec.needs if not settled(state.tasks[one]))
    conditions = () if truth.holds is True else truth.waits_for
    return tuple(dict.fromkeys((*conditions, *facts, *tasks)))


def how_to_settle(state: Incident, subject: str) -> str:
    """Return the command that settles what a task waits for."""
    sort, _, name = subject.partition(".")
    if sort == "fact":
        return f"crisisroom fact set {state.id} {name} VALUE"
    if sort == "task":
        return f"crisisroom task done {state.id} {name}"
    if sort == "role":
        return f"crisisroom role take {state.id} {name}"
    return f"crisisroom statement draft {state.id} {name}"
