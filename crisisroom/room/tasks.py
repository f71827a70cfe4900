"""Working through the checklist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.evidence import evidence_flaw, how_to_settle, waits_on
from crisisroom.core.incident import Incident, TaskState
from crisisroom.core.schema import did_you_mean
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, person, required
from crisisroom.room.restricting import refuse_outsider
from crisisroom.room.written import placed


def _task(state: Incident, task_id: str) -> TaskState:
    if task := state.tasks.get(task_id):
        return task
    hint = did_you_mean(task_id, state.tasks, "there is")
    raise Usage("unknown-task", f"{state.id} has no task {task_id}", hint)


async def done(
    room: Room,
    inc: str,
    task_id: str,
    given: str = "",
    *,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Tick a task; `given` is the evidence it asks for.

    That is a note, a link, a mention of the incident, a statement that went out, or a known fact;
    words may follow the last three. A repeating task is due again afterwards.
    """

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        _refuse_to_tick(state, task)
        flaw, hint = evidence_flaw(state, task, given)
        if flaw:
            raise Refused("evidence", flaw, hint)
        data = {"task": task.id, "words": own(given, "evidence")}
        again = f", for the {_ordinal(task.times + 1)} time" if task.repeat and task.times else ""
        text = f"done: {task.title}{again}" + (f" ({given})" if given else "")
        draft = Draft(kind="task.done", text=text, data=data)
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


def _refuse_to_tick(state: Incident, task: TaskState) -> None:
    if task.state == "done":
        raise Refused("done", f"{task.title}: {task.closed_by} did this already")
    if task.state == "skipped":
        hint = f"crisisroom task reopen {state.id} {task.id}"
        raise Refused("skipped", f"{task.title}: {task.closed_by} skipped this", hint)
    if task.state == "not_needed":
        raise Refused("not-needed", f"{task.title} is not needed", "by what the fact sheet says")
    if task.state == "waiting":
        waits = waits_on(state, task)
        hint = how_to_settle(state, waits[0]) if waits else ""
        raise Refused("waiting", f"{task.title} waits for {task.waiting_for}", hint)


def _ordinal(count: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}th" if count % 100 in (11, 12, 13) else f"{count}{ending}"


async def skip(room: Room, inc: str, task_id: str, reason: str, *, command_id: str = "") -> Acted:
    """Leave a task out, with the reason why; a required one too."""
    required(reason, "skipping a task needs a reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        if task.state in ("done", "skipped"):
            raise Refused("closed", f"{task.title} is {task.state} already")
        if task.state == "not_needed":
            raise Refused("closed", f"{task.title} is not needed anyway")
        data = {"task": task.id, "words": own(reason, "reason")}
        return [Draft(kind="task.skipped", text=f"skipped: {task.title} ({reason})", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def reopen(room: Room, inc: str, task_id: str, *, command_id: str = "") -> Acted:
    """Take a tick or a skip back, of a repeating task the last tick."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        if task.state not in ("done", "skipped") and not task.times:
            now = task.state.replace("_", " ")
            raise Refused("open", f"{task.title} is {now} already")
        data = {"task": task.id}
        return [Draft(kind="task.reopened", text=f"reopened: {task.title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def assign(room: Room, inc: str, task_id: str, who: str, *, command_id: str = "") -> Acted:
    """Give a task to somebody."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        name = person(who, tuple(member.id for member in scene.config.team))
        refuse_outsider(state, name, task.title)
        data = {"task": task.id, "person": name}
        return [Draft(kind="task.assigned", text=f"gave {name}: {task.title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def unassign(room: Room, inc: str, task_id: str, *, command_id: str = "") -> Acted:
    """Take a task from who has it: it is nobody's again; nothing where it is already."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        if not task.assignee:
            return []
        data = {"task": task.id, "person": ""}
        return [Draft(kind="task.assigned", text=f"nobody's again: {task.title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)
