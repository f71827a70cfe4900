"""What entries are about, as people know it, and where on the screen that is."""

from __future__ import annotations

from crisisroom.core.incident import Incident, LinkedMention
from crisisroom.core.links import Link
from crisisroom.tui.act_table import act_of
from crisisroom.tui.acts import Desk, text_row
from crisisroom.tui.reasons import FEED, TIMELINE, WORDS
from crisisroom.tui.rows import Cell, Row, gap, row
from crisisroom.tui.rows.duties import way_words
from crisisroom.tui.rows.feed import one_line, safe_name
from crisisroom.tui.screens.dialogs import Reader, asking

_TASK_ROWS = {
    "task": "task",
    "phase": "phase",
    "duty": "deadline",
    "escalation": "call",
    "enquiry": "enquiry",
}
_SCREENS = ("role", "pause", "promise", "warning", "evidence", "bulk")


def leads(link: Link) -> bool:
    """Tell whether there is something on the screen to show for a link."""
    there = ("mention", "story", "statement", "reply", "fact", "contact", "entry")
    return link.sort in (*there, *_TASK_ROWS, *_SCREENS)


def called(state: Incident, link: Link) -> str:
    """Return what a thing is called, empty where its id says all; strangers by safe names."""
    if link.sort == "mention":
        return next((safe_name(one.handle) for one in _mentions(state) if one.id == link.id), "")
    if link.sort == "story":
        return next((one.title for one in state.stories.values() if one.id == link.id), "")
    if link.sort in ("statement", "reply"):
        words = state.words(link.id)
        return f"{words.kind}, {words.state}" if words else ""
    if link.sort == "evidence":
        held = state.evidence.get(link.id)
        return (one_line(held.name) or held.sort) if held else ""
    return _titles(state, link)


def _mentions(state: Incident) -> tuple[LinkedMention, ...]:
    return tuple(state.mentions.values())


def _titles(state: Incident, link: Link) -> str:
    plan = state.plan
    if link.sort == "task":
        return state.tasks[link.id].title if link.id in state.tasks else ""
    if link.sort == "fact":
        return state.facts[link.id].label if link.id in state.facts else ""
    if link.sort == "role":
        return state.roles[link.id].title if link.id in state.roles else ""
    if link.sort == "contact":
        return next((one.name for one in plan.contacts if one.id == link.id), "")
    if link.sort == "duty":
        return next((one.title for one in plan.deadlines if one.id == link.id), "")
    if link.sort == "escalation":
        return next((one.title for one in plan.escalations if one.id == link.id), "")
    if link.sort == "phase":
        return next((one.title for one in plan.phases if one.id == link.id), "")
    return ""


async def follow(desk: Desk, link: Link) -> None:
    """Show what an entry is about; of another entry its row in the timeline."""
    if link.sort == "mention":
        desk.go(view=FEED, mention=link.id)
    elif link.sort == "story":
        desk.narrow(f"story:{link.id}")
    elif link.sort in _TASK_ROWS:
        desk.go_to_row(f"{_TASK_ROWS[link.sort]}:{link.id}")
    elif link.sort in ("statement", "reply"):
        desk.go_to_row(f"words:{link.id}", WORDS)
    elif link.sort == "fact":
        desk.go_to_row(f"fact:{link.id}", WORDS)
    elif link.sort == "entry":
        desk.go_to_row(f"entry:{link.id}", TIMELINE)
    elif link.sort == "contact":
        await _contact(desk, link.id)
    else:
        names = {"role": "roles", "pause": "pauses", "promise": "promises", "bulk": "bulks"}
        names |= {"warning": "warnings", "evidence": "evidence"}
        await act_of(names[link.sort])(desk)


async def _contact(desk: Desk, contact_id: str) -> None:
    """Show how somebody is reached."""
    found = next((one for one in desk.incident.plan.contacts if one.id == contact_id), None)
    if found is None:
        desk.said(f"the playbook has no contact {contact_id}", role="warn")
        return
    lines: list[Row] = [text_row(way_words(way)) for way in found.reach]
    lines += [row(gap(3), Cell("note: ", "quiet"), Cell(found.note))] if found.note else []
    await desk.ask(Reader(asking(found.name, found.org), lines))
