"""Corrective actions: what should change afterwards, whose it is, by when, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec

from crisisroom.core.corrective import is_late, today_in
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import ActionItem, Incident
from crisisroom.core.kinds import date_flaw
from crisisroom.core.recorded import ActionKind
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene, reading
from crisisroom.room.checks import own, required
from crisisroom.room.written import placed
from crisisroom.text.links import safe_url

KINDS: tuple[str, ...] = tuple(one for one in get_args(ActionKind) if one)
CLEARED = "none"  # takes a day, a kind, a link or a story off an action again


class Owned(msgspec.Struct, frozen=True):
    """A corrective action with the incident it came of."""

    incident: Incident
    action: ActionItem


async def add(
    room: Room,
    inc: str,
    title: str,
    owner: str = "",
    due: str = "",
    *,
    kind: str = "",
    link: str = "",
    narrative: str = "",
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Add a corrective action: what should change, whose it is and by when (`2026-12-24`).

    `kind` says whether it prevents, detects, responds or communicates, `link` is a ticket,
    `narrative` the story that asked for it.
    """
    required(title, "an action needs a title")
    _check(due, kind)
    url = _link(link)

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        data = {
            "action": f"A-{len(state.actions) + 1}",
            "title": own(title, "title"),
            "owner": own(owner, "owner"),
            "due": due,
            "kind": kind,
            "url": url,
            "narrative": _story(state, narrative),
        }
        draft = Draft(kind="action.added", text=f"action {data['action']}: {title}", data=data)
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


async def change(
    room: Room, inc: str, action_id: str, *, command_id: str = "", **fields: str
) -> Acted:
    """Change an open action's title, owner, due, kind, link or narrative; `none` clears the last.

    What is not named stays; a change that changes nothing leaves no entry.
    """
    named = {name: "" if words == CLEARED else words for name, words in fields.items()}
    if "title" in fields:
        required(named["title"], "an action needs a title")
    _check(named.get("due", ""), named.get("kind", ""))
    if "link" in named:
        named["link"] = _link(named["link"])

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        item = _open(state, action_id)
        if "narrative" in named:
            named["narrative"] = _story(state, named["narrative"])
        fresh = {name: words for name, words in named.items() if getattr(item, name) != words}
        if not fresh:
            return []
        told = ", ".join(f"{name} {words or 'none'}" for name, words in fresh.items())
        data: dict[str, Any] = {"action": item.id}
        for name, words in fresh.items():
            data["url" if name == "link" else name] = own(words, name)
        return [Draft(kind="action.changed", text=f"changed action {item.id}: {told}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def done(
    room: Room,
    inc: str,
    action_id: str,
    words: str = "",
    *,
    at: datetime | None = None,
    command_id: str = "",
) -> Acted:
    """Mark a corrective action as done, with what came of it."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        item = _open(state, action_id)
        came = f": {words}" if words else ""
        data = {"action": item.id, "words": own(words, "result")}
        text = f"done: action {item.id}, {item.title}{came}"
        return [placed(state, scene, Draft(kind="action.done", text=text, data=data), at=at)]

    return await room.act(inc, decide, command_id=command_id)


async def drop(room: Room, inc: str, action_id: str, why: str, *, command_id: str = "") -> Acted:
    """Say that an action will not be done, and why."""
    required(why, "say why it is not done")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        item = _open(state, action_id)
        data = {"action": item.id, "words": own(why, "reason")}
        text = f"dropped action {item.id}, {item.title}: {why}"
        return [Draft(kind="action.dropped", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def reopen(
    room: Room, inc: str, action_id: str, why: str = "", *, command_id: str = ""
) -> Acted:
    """Open an action again that was done or dropped."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        item = _known(state, action_id)
        if item.state == "open":
            raise Refused("open", f"{item.id} is open")
        note = f": {why}" if why else ""
        data = {"action": item.id, "words": own(why, "reason")}
        text = f"reopened action {item.id}, {item.title}{note}"
        return [Draft(kind="action.reopened", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def everywhere(room: Room) -> tuple[Owned, ...]:
    """Return the actions of all incidents but drills, those due first at the beginning."""
    known = await reading.incidents(room)
    every = [
        Owned(one, action) for one in known if not one.drill for action in one.actions.values()
    ]
    return tuple(sorted(every, key=_sooner))


def _sooner(one: Owned) -> tuple[bool, str, datetime]:
    return (not one.action.due, one.action.due, one.action.at)


async def late(room: Room) -> tuple[Owned, ...]:
    """Return the open actions of all incidents that should have been done before today."""
    now = room.clock.now()
    every = await everywhere(room)
    return tuple(one for one in every if is_late(one.action, today_in(one.incident, now)))


def _known(state: Incident, action_id: str) -> ActionItem:
    item = state.actions.get(action_id.upper())
    if item is None:
        hint = f"crisisroom action list {state.id}"
        raise Usage("unknown-action", f"{state.id} has no action {action_id}", hint)
    return item


def _open(state: Incident, action_id: str) -> ActionItem:
    item = _known(state, action_id)
    if item.state != "open":
        hint = f"crisisroom action reopen {state.id} {item.id}"
        raise Refused(item.state, f"{item.id} is {item.state} already", hint)
    return item


def _check(due: str, kind: str) -> None:
    if flaw := date_flaw(due):
        raise Usage("date", f"{due[:40]} is not a date: {flaw}", "write it as 2026-11-30")
    if kind and kind not in KINDS:
        raise Usage("kind", f"{kind[:40]} is no kind of action", f"one of {', '.join(KINDS)}")


def _link(link: str) -> str:
    if not link.strip():
        return ""
    if url := safe_url(link):
        return url
    raise Usage("link", "that is no link", "give its whole address: https://…")


def _story(state: Incident, named: str) -> str:
    """Return the id of a story of the incident; Usage for any other."""
    if not named:
        return ""
    known = [one.id for one in state.stories.values()]
    if named.upper() in known:
        return named.upper()
    hint = f"one of {', '.join(known)}" if known else f"narrative link {state.id} {named.upper()}"
    raise Usage("unknown-story", f"{state.id} has no story {named}", hint)
