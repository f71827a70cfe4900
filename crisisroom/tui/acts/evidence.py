"""What a task asks for before it is ticked: words, a link, or one of what is there to choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisisroom.core.errors import Refused
from crisisroom.core.evidence import evidence_flaw
from crisisroom.core.factvalue import said_value
from crisisroom.core.incident import Incident, TaskState
from crisisroom.core.settle import KNOWN
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.rows.feed import one_line, safe_name
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.screens.picking import Choice

_QUOTE = 48  # cells of a post to know it again by
_ABSENT = {
    "mention": ("no post belongs to the incident yet", "i in the feed links one"),
    "statement": ("no statement went out yet", "c writes one"),
    "fact": ("no fact is known yet", "f sets one"),
}
_ASKS = {
    "mention": "which post shows it?",
    "statement": "which statement was it?",
    "fact": "which fact was found?",
}


async def evidence(desk: Desk, task: TaskState) -> tuple[datetime | None, str]:
    """Ask for what the task wants: when it was done, None for now, and the evidence."""
    if task.evidence == "none":
        return None, ""
    if task.evidence == "note":
        return await desk.told(task.title, "what was done?")
    if task.evidence == "link":
        state = desk.incident
        return None, await desk.line(
            task.title, "where is it? https://…", check=lambda typed: _flaw(state, task, typed)
        )
    choices = _there(desk, task.evidence)
    if not choices:
        message, hint = _ABSENT[task.evidence]
        raise Refused("evidence", message, hint)
    return None, await desk.pick(task.title, choices, _ASKS[task.evidence])


def _flaw(state: Incident, task: TaskState, typed: str) -> str:
    flaw, hint = evidence_flaw(state, task, typed)
    return f"{flaw}: {hint}" if flaw else needed(typed)


def _there(desk: Desk, kind: str) -> Sequence[Choice]:
    """Return what can be given as this kind of evidence, the newest first."""
    state, now, zone = desk.incident, desk.now, desk.zone
    if kind == "mention":
        posts = sorted(state.mentions.values(), key=lambda one: one.posted_at, reverse=True)
        return [
            Choice(
                one.id,
                f"{brief_clock(one.posted_at, now, zone)}  {safe_name(one.handle)}",
                one_line(one.quote)[:_QUOTE],
            )
            for one in posts
        ]
    if kind == "statement":
        sent = [one for one in state.statements.values() if one.sent_at]
        return [
            Choice(one.id, f"{one.id} {one.kind}", f"out since {clock(one.sent_at, now, zone)}")
            for one in reversed(sent)
            if one.sent_at
        ]
    known = [one for one in state.facts.values() if one.state in KNOWN]
    return [Choice(one.id, one.label, said_value(one, now, zone)) for one in known]
