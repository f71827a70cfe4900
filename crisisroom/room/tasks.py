"""Working through the checklist."""

from __future__ import annotations

import difflib
from datetime import datetime

from crisisroom.core.apply import waiting_for
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, TaskState
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, person, required


def _task(state: Incident, task_id: str) -> TaskState:
    if task := state.tasks.get(task_id):
        return task
    near = difflib.get_close_matches(task_id, state.tasks, 1)
    hint = f"did you mean {near[0]}?" if near else f"crisisroom task list {state.id}"
    raise Usage("unknown-task", f"{state.id} has no task {task_id}", hint)


async def done(
    room: Room,
    inc: str,
    task_id: str,
    given: str = "",
    *,
    at: datetime | None = None,
    command_id: str = "",
) -> Acted:
    """Tick a task; `given` is the evidence it asks for (a note, a link)."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        if task.state == "done":
            raise Refused("done", f"{task.title}: {task.closed_by} did this already")
        if reason := waiting_for(state, task):
            raise Refused("waiting", f"{task.title} waits for {reason}")
        if task.evidence != "none" and not given.strip():
            raise Refused(
                "evidence",
                f"{task.title} asks for a {task.evidence}",
                "say what was done, or where",
            )
        if task.evidence == "link" and not given.startswith(("https://", "http://")):
            raise Refused("evidence", f"{task.title} asks for a link", "it starts with https://")
        data = {"task": task.id, "words": own(given, "evidence")}
        text = f"done: {task.title}" + (f" ({given})" if given else "")
        return [Draft(kind="task.done", text=text, data=data, at=at)]

    return await room.act(inc, decide, command_id=command_id)


async def skip(room: Room, inc: str, task_id: str, reason: str, *, command_id: str = "") -> Acted:
    """Leave a task out, with the reason why."""
    required(reason, "skipping a task needs a reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        if task.state in ("done", "skipped"):
            raise Refused("closed", f"{task.title} is {task.state} already")
        data = {"task": task.id, "words": own(reason, "reason")}
        return [Draft(kind="task.skipped", text=f"skipped: {task.title} ({reason})", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def reopen(room: Room, inc: str, task_id: str, *, command_id: str = "") -> Acted:
    """Take a tick or a skip back."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        if task.state in ("open", "waiting"):
            raise Refused("open", f"{task.title} is {task.state} already")
        data = {"task": task.id}
        return [Draft(kind="task.reopened", text=f"reopened: {task.title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def assign(room: Room, inc: str, task_id: str, who: str, *, command_id: str = "") -> Acted:
    """Give a task to somebody."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        task = _task(state, task_id)
        name = person(who, tuple(member.id for member in scene.config.team))
        data = {"task": task.id, "person": name}
        return [Draft(kind="task.assigned", text=f"gave {name}: {task.title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)
