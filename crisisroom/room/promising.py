"""Promises in replies: what we told somebody we would do, by when, and who sees to it."""

from __future__ import annotations

from datetime import datetime

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.factvalue import on_the_clock
from crisisroom.core.incident import Incident, Words
from crisisroom.core.promises import whom
from crisisroom.core.said import Promise
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, person, required
from crisisroom.room.written import placed
from crisisroom.text.links import safe_url


async def add(
    room: Room,
    inc: str,
    reply_id: str,
    words: str,
    *,
    due_at: datetime | None = None,
    owner: str = "",
    ticket: str = "",
    command_id: str = "",
) -> Acted:
    """Write down what a reply promises.

    `owner` is a person or a role, whoever writes it down where nobody is named; `ticket` a link.
    """
    required(words, "what was promised?")
    link = _link(ticket)

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        reply = _reply(state, reply_id)
        if due_at is not None and due_at <= scene.now:
            raise Refused("past", "that time lies in the past", "a promise is kept later")
        keeper = _owner(state, scene, owner)
        data = {
            "promise": f"P-{len(state.promised) + 1}",
            "reply": reply.id,
            "mention": reply.mention,
            "words": own(words, "promise"),
            "due_at": stamp(due_at) if due_at else "",
            "owner": keeper,
            "url": link,
        }
        by = f" by {on_the_clock(due_at, scene.now, zone_of(state.zone))}" if due_at else ""
        text = f"{data['promise']} in {reply.id}, {keeper}{by}: {words}"
        return [Draft(kind="promise.made", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _link(ticket: str) -> str:
    if not ticket.strip():
        return ""
    if link := safe_url(ticket):
        return link
    raise Usage("ticket", "the ticket is no link", "give its whole address: https://…")


def _reply(state: Incident, reply_id: str) -> Words:
    reply = state.replies.get(reply_id)
    if reply is None:
        hint = f"one of {', '.join(state.replies)}" if state.replies else "crisisroom reply draft"
        raise Usage("unknown-reply", f"{state.id} has no reply {reply_id}", hint)
    if reply.state == "withdrawn" and reply.sent_at is None:
        raise Refused("withdrawn", f"{reply.id} was withdrawn: it promises nothing to anybody")
    return reply


def _owner(state: Incident, scene: Scene, owner: str) -> str:
    """Return who sees to it: a role of the plan, or a person of the team."""
    if owner in state.roles:
        return owner
    return person(owner or scene.actor, tuple(member.id for member in scene.config.team))


async def keep(
    room: Room,
    inc: str,
    promise_id: str,
    words: str = "",
    *,
    at: datetime | None = None,
    command_id: str = "",
) -> Acted:
    """Record that a promise is kept, with what came of it."""
    return await _close(room, inc, promise_id, "kept", words, at, command_id)


async def drop(
    room: Room, inc: str, promise_id: str, reason: str, *, command_id: str = ""
) -> Acted:
    """Record that a promise will not be kept, and why."""
    required(reason, "somebody counts on it: why is it not kept, and were they told?")
    return await _close(room, inc, promise_id, "dropped", reason, None, command_id)


async def _close(
    room: Room,
    inc: str,
    promise_id: str,
    how: str,
    words: str,
    at: datetime | None,
    command_id: str,
) -> Acted:
    def decide(state: Incident, scene: Scene) -> list[Draft]:
        promise = _open(state, promise_id)
        told = f": {words}" if words else ""
        text = f"{how}: {promise.id} to {whom(state, promise)}: {promise.words}{told}"
        data = {"promise": promise.id, "words": own(words, "words")}
        draft = Draft(kind=f"promise.{how}", text=text, data=data)
        return [placed(state, scene, draft, at=at)]

    return await room.act(inc, decide, command_id=command_id)


def _open(state: Incident, promise_id: str) -> Promise:
    promise = state.promised.get(promise_id)
    if promise is None:
        known = ", ".join(state.promised)
        hint = f"one of {known}" if known else "crisisroom promise add writes the first one down"
        raise Usage("unknown-promise", f"{state.id} has no promise {promise_id}", hint)
    if promise.state != "open":
        raise Refused("closed", f"{promise.id} was {promise.state} by {promise.closed_by} already")
    return promise
