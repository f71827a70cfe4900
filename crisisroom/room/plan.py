"""The plan grows while it runs: playbooks, tasks, sentences and answers that come to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from crisisroom.core.additions import ADDED_WORDS, added_ids, authors, check_sayable
from crisisroom.core.canonical import digest
from crisisroom.core.degrees import counterpart
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.grow import in_use, merged, switched
from crisisroom.core.incident import Incident
from crisisroom.core.kinds import date_flaw
from crisisroom.core.naming import beginning, numbered
from crisisroom.core.playbook import Answer, KeyMessage, Playbook, Task
from crisisroom.core.playbook_kept import snapshot
from crisisroom.core.references import parts
from crisisroom.core.schema import did_you_mean
from crisisroom.core.timeline import Draft
from crisisroom.core.wordings import words_of
from crisisroom.room import Acted, Room, Scene, approvals, reading
from crisisroom.room.checks import headline, own, required
from crisisroom.room.lifecycle import moments
from crisisroom.store import Tx, log

_SENTENCE, _PASSAGE = 500, 1000  # what a playbook's file takes
_DETAIL = 2000
_LONGEST = 366 * 86400  # seconds


async def add_playbook(room: Room, inc: str, playbook: Playbook, *, command_id: str = "") -> Acted:
    """Add another playbook to a running incident; its times count from now.

    What was settled between the two is in the entry's `words`, a line each.
    """

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _open(state)
        sha256 = digest(snapshot(playbook))
        if sha256 in (one.sha256 for one in (state.playbook, *state.playbooks)):
            raise Refused("same", f"{state.id} has all of {playbook.id} already")
        plan, words = merged(state.plan, playbook)
        text = f"added playbook {playbook.id}: {_more(state.plan, plan)}"
        return [_grown(state, scene, playbook, plan, text, words)]

    return await room.act(inc, decide, command_id=command_id)


async def switch_playbook(
    room: Room, inc: str, playbook: Playbook, reason: str, *, command_id: str = ""
) -> Acted:
    """Let another playbook lead; what is ticked, known, held, said or owed by law stays.

    The reason is the first line of the entry's `words`, what was settled follows.
    """
    required(reason, "switching the playbook needs a reason")
    own(reason, "reason")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> list[Draft]:
        _open(state)
        if state.playbook.sha256 == digest(snapshot(playbook)):
            raise Refused("same", f"{state.id} follows {playbook.id} already")
        added = added_ids(await log.entries(tx, state.uid), ADDED_WORDS)
        plan, words = switched(state.plan, playbook, in_use(state, added))
        text = f"switched to playbook {playbook.id}: {reason}"
        lines = (" ".join(reason.split()), *words)
        return [
            _grown(state, scene, playbook, plan, text, lines, switch=True),
            *_level(state, plan),
        ]

    return await room.act_in(inc, decide, command_id=command_id)


def _open(state: Incident) -> None:
    if state.status == "resolved":
        hint = f"crisisroom reopen {state.id} REASON opens it again"
        raise Refused("resolved", f"{state.id} is resolved", hint)


def _grown(
    state: Incident,
    scene: Scene,
    playbook: Playbook,
    plan: Playbook,
    text: str,
    words: Sequence[str],
    *,
    switch: bool = False,
) -> Draft:
    sha256 = digest(snapshot(playbook))
    data: dict[str, Any] = {
        "playbook": {"id": playbook.id, "version": playbook.version, "sha256": sha256},
        "plan": snapshot(plan),
        "moments": moments(plan, scene.now, state.zone),
        "switched": switch,
        "words": "\n".join(words),
    }
    return Draft(kind="playbook.added", text=text, data=data)


def _more(before: Playbook, after: Playbook) -> str:
    had = {name for name, _ in parts(before)}
    fresh = [kind for (kind, word), _ in parts(after) if (kind, word) not in had]
    tasks, texts = fresh.count("task"), fresh.count("words")
    return f"{tasks} {'task' if tasks == 1 else 'tasks'} and {texts} texts more"


def _level(state: Incident, plan: Playbook) -> list[Draft]:
    """Return the entry that says the severity as the new playbook calls it, if it has another."""
    level = counterpart(state.severity, state.plan.severities, plan.severities)
    if level == state.severity:
        return []
    text = f"{state.severity.upper()} is {level.upper()} in {plan.id}"
    data = {"severity": level, "was": state.severity, "words": ""}
    return [Draft(kind="incident.severity", text=text, data=data)]


async def add_task(
    room: Room,
    inc: str,
    title: str,
    role: str = "",
    within: int | None = None,
    phase: str = "",
    required: bool = False,
    detail: str = "",
    *,
    command_id: str = "",
) -> Acted:
    """Put a task on the checklist, due `within` seconds from now; `thing` is its id."""
    _line(title, "a task")
    _sound(detail := detail.strip(), "detail", _DETAIL)
    if within is not None and not 0 < within <= _LONGEST:
        raise Usage("within", "a task is due within a second to a year", "write it as 30m or 1h30m")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _open(state)
        _known(role, state.roles, "role")
        phases = {one.id: one.title for one in state.plan.phases}
        _known(phase, phases, "phase")
        task = Task(
            id=numbered("task", state.tasks),
            title=title.strip(),
            role=role,
            within=within,
            after="appears" if within else "",
            required=required,
            detail=detail,
        )
        data = {
            "task": msgspec.to_builtins(task),
            "phase": phase or _present(state),
            "words": task.title,
        }
        return [Draft(kind="task.added", text=f"added a task: {task.title}", data=data)]

    acted = await room.act(inc, decide, command_id=command_id)
    return _with_id(acted, "task")


def _present(state: Incident) -> str:
    """Return the phase in which there is something to do: the first with an open task."""
    for phase, spec in state.plan.tasks():
        if state.tasks[spec.id].state in ("open", "waiting"):
            return phase.id
    return state.plan.phases[-1].id if state.plan.phases else ""


async def add_message(
    room: Room,
    inc: str,
    text: str,
    title: str = "",
    when: Sequence[str] = (),
    expires: str = "",
    *,
    command_id: str = "",
) -> Acted:
    """Add a sentence that replies are built from; it counts once it is approved in the room.

    `when` are words of a mention that make it fit; without a title its beginning is one. `thing`
    is its id.
    """
    _sound(text := required(text, "a message needs words").strip(), "message", _SENTENCE)
    _line(title or beginning(text), "a message")
    if flaw := date_flaw(expires):
        raise Usage("date", f"{expires} is no day: {flaw}", "write it as 2026-11-30")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _open(state)
        check_sayable(state.plan, text)
        message = KeyMessage(
            id=numbered("message", _words(state.plan)),
            title=title.strip() or beginning(text),
            text=text,
            when=_triggers(when),
            expires=expires,
        )
        data = {"message": msgspec.to_builtins(message)}
        said = f"added a message, not approved yet: {message.title}"
        return [Draft(kind="message.added", text=said, data=data)]

    return _with_id(await room.act(inc, decide, command_id=command_id), "message")


async def add_answer(
    room: Room,
    inc: str,
    question: str,
    answer: str,
    when: Sequence[str] = (),
    *,
    command_id: str = "",
) -> Acted:
    """Add a question people ask, and our answer; it counts once it is approved in the room.

    `thing` is its id.
    """
    _line(question, "a question")
    _sound(answer := required(answer, "a question needs its answer").strip(), "answer", _PASSAGE)

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _open(state)
        check_sayable(state.plan, answer)
        added = Answer(
            id=numbered("answer", _words(state.plan)),
            question=question.strip(),
            answer=answer,
            when=_triggers(when),
        )
        data = {"answer": msgspec.to_builtins(added)}
        said = f"added an answer, not approved yet: {added.question}"
        return [Draft(kind="answer.added", text=said, data=data)]

    return _with_id(await room.act(inc, decide, command_id=command_id), "answer")


async def approve_added(
    room: Room, inc: str, ids: Sequence[str] = (), *, command_id: str = ""
) -> tuple[str, ...]:
    """Approve words that were added in the room, all of them when none is named.

    Where there is a team, nobody approves words they added themselves: Refused. Returns the ids of
    what was not approved before.
    """
    state = await reading.incident(room, inc)
    by = authors(await reading.timeline(room, state.id))
    texts = {word.id: word.sha256 for word in words_of(state.plan)}
    added = [name for name in by if name in texts]
    for name in ids:
        if name not in added:
            hint = did_you_mean(name, added, "there is") or "crisisroom message add adds some"
            raise Usage("unknown-words", f"no words {name} were added to {state.id}", hint)
    await room.reload()
    if not room.scene().solo:
        standing = await approvals.approved(room)
        mine = [name for name in ids or added if by[name] == room.actor.name]
        if mine := [name for name in mine if texts[name] not in standing]:
            raise Refused("own-words", f"you added {mine[0]} yourself", "somebody else approves it")
    if not added:
        return ()
    return await approvals.approve_words(room, state.plan, ids or added, command_id=command_id)


def _with_id(acted: Acted, what: str) -> Acted:
    return msgspec.structs.replace(acted, thing=acted.entries[0].data[what]["id"])


def _line(words: str, what: str) -> None:
    if not words.strip():
        raise Usage("empty", f"{what} needs words")
    headline(words)


def _sound(words: str, what: str, most: int) -> None:
    own(words, what)
    if len(words) > most:
        raise Refused("too-long", f"the {what} has {len(words)} characters; {most} fit")


def _known(name: str, known: Collection[str], what: str) -> None:
    if name and name not in known:
        hint = did_you_mean(name, known, "there is")
        raise Usage(f"unknown-{what}", f"there is no {what} {name}", hint)


def _triggers(when: Sequence[str]) -> tuple[str, ...]:
    words = (own(word.strip(), "when") for word in when)
    return tuple(dict.fromkeys(word for word in words if word))


def _words(plan: Playbook) -> set[str]:
    return {"greeting", "sign_off", *(word for (kind, word), _ in parts(plan) if kind == "words")}
