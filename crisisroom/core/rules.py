"""What follows from an act by rule: tasks that appear or tick themselves, the law's time begun.

Pure: from the incident before and after to the entries that say so. Nothing here publishes.
"""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.incident import EscalationRun, Incident, TaskState
from crisisroom.core.playbook import Deadline, Task
from crisisroom.core.settle import holds, law_starts, phase_begun
from crisisroom.core.terms import add_term, zone_of
from crisisroom.core.timeline import Draft, stamp
from crisisroom.core.truth import consequences_of_truth

MACHINE = "room"  # the actor of what nobody did


def consequences(before: Incident | None, after: Incident) -> tuple[Draft, ...]:
    """Return what the plan makes of a change: each entry brings the next round closer to none."""
    if after.status == "resolved":
        return (
            *_closing(before, after),
            *_law(after),
            *_answered_calls(before or after, after),
            *consequences_of_truth(before, after),
        )
    known = before or after
    return (
        *_phases(known, after),
        *_appearances(known, after),
        *_ticked(before, after),
        *_law(after),
        *_answered_calls(known, after),
        *consequences_of_truth(before, after),
    )


def rule(kind: str, text: str, **data: object) -> Draft:
    """Return the entry for something the plan itself did."""
    return Draft(kind=kind, text=text, data=data, actor=MACHINE, source="rule")


def _phases(before: Incident, after: Incident) -> Iterator[Draft]:
    for phase in after.plan.phases[1:]:
        known = any(one.id == phase.id for one in before.plan.phases)
        if known and phase_begun(after, phase.id) and not phase_begun(before, phase.id):
            yield rule("phase.begun", f"began: {phase.title}", phase=phase.id)


def _appearances(before: Incident, after: Incident) -> Iterator[Draft]:
    """Say which tasks came onto the list, or off it, because the situation changed."""
    for _, spec in after.plan.tasks():
        old, new = before.tasks.get(spec.id), after.tasks[spec.id]
        if old is None or not (spec.when or spec.needs_facts):
            continue
        if new.opened_at and not old.opened_at and old.state != "skipped":
            yield _appeared(new)
        elif new.state == "not_needed" and old.state != "not_needed":
            yield rule("task.not_needed", f"not needed: {new.title}", task=new.id, words=new.title)


def _appeared(task: TaskState) -> Draft:
    due = {"due_at": stamp(task.due_at)} if task.due_at else {}
    return rule("task.opened", f"now to do: {task.title}", task=task.id, **due)


def _ticked(before: Incident | None, after: Incident) -> Iterator[Draft]:
    """Tick the tasks that are done once something is so; what a person reopened stays open."""
    for _, spec in after.plan.tasks():
        task = after.tasks[spec.id]
        if _done_by_rule(after, spec) and not (before and _was_so(before, spec)):
            text = f"done by itself: {task.title}"
            yield rule("task.done", text, task=task.id, words="", rule=True)


def _done_by_rule(state: Incident, spec: Task) -> bool:
    is_open = state.status == "open" and state.tasks[spec.id].state == "open"
    return is_open and spec.done_when is not None and holds(state, spec.done_when)


def _was_so(before: Incident, spec: Task) -> bool:
    """Tell whether a task was ticked before, or could have been: then it was reopened."""
    task = before.tasks.get(spec.id)
    return task is not None and (task.state == "done" or _done_by_rule(before, spec))


def _law(after: Incident) -> Iterator[Draft]:
    for duty in after.plan.deadlines:
        if after.deadlines[duty.id].state not in ("met", "waived"):
            yield from _started(after, duty)


def _started(state: Incident, duty: Deadline) -> Iterator[Draft]:
    """Say when the law's time began: once, and again where it turns out to have been earlier.

    A later one moves nothing: a duty that runs cannot be put off.
    """
    begun, known = law_starts(state, duty), state.deadlines[duty.id]
    running = known.started_at if known.state == "running" else None
    if begun is not None and (running is None or begun < running):
        due = add_term(begun, duty.within, zone_of(state.zone))
        yield rule(
            "deadline.started",
            f"legal duty: {duty.title}, within {duty.within}",
            deadline=duty.id,
            started_at=stamp(begun),
            due_at=stamp(due),
        )


def _answered_calls(before: Incident, after: Incident) -> Iterator[Draft]:
    """Whoever is reached has acknowledged what they were called for, if they call back too."""
    for call in after.calls[len(before.calls) :]:
        for run in after.escalations.values():
            if call.outcome == "reached" and run.next_at and call.contact in run.asked:
                yield acknowledged(run, call.name)


def acknowledged(run: EscalationRun, by: str) -> Draft:
    """Return the entry that ends an escalation because somebody was reached."""
    text = f"{by} acknowledged: {run.title}"
    return rule("escalation.acknowledged", text, escalation=run.id, name=by)


def _closing(before: Incident | None, after: Incident) -> Iterator[Draft]:
    """Put the review on somebody's list when the incident is resolved."""
    review = after.plan.review
    if before is None or before.status == "resolved" or not review.owner:
        return
    if not after.resolved_at or any(one.title == REVIEW for one in after.actions.values()):
        return
    due = add_term(after.resolved_at, review.due, zone_of(after.zone))
    held = after.roles.get(review.owner)
    owner = held.holder if held and held.holder else review.owner
    day = due.astimezone(zone_of(after.zone)).date().isoformat()
    yield rule(
        "action.added",
        f"to do by {day}: {REVIEW} ({owner})",
        action=f"A-{len(after.actions) + 1}",
        title=REVIEW,
        owner=owner,
        due=day,
    )


REVIEW = "Hold the review"
