"""The pause list: what speaks for us by itself is made quiet, confirmed, and resumed one day.

Everybody may confirm that something is quiet. Resuming is a decision of the lead's with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

import msgspec

from crisisroom.config import RoomConfig
from crisisroom.config.settings import Account
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.pausing import LOUD, keepers, merged
from crisisroom.core.rules import MACHINE
from crisisroom.core.said import PauseState
from crisisroom.core.schema import did_you_mean
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.access import read_only
from crisisroom.room.checks import own, required
from crisisroom.room.hooks import DRILL, Hooked, call_all, hook_of
from crisisroom.room.leading import refuse_unless_lead
from crisisroom.room.written import placed
from crisisroom.store import Tx, log, settings

Said = Literal["paused", "not_needed", "failed"]

_PAST: dict[str, str] = {"paused": "paused", "not_needed": "no need to pause"}


def wanted(config: RoomConfig) -> tuple[PauseState, ...]:
    """Return the list by the room's settings.

    Accounts on which everybody reads us are on it too, unless an item has their id.
    """
    items = [
        PauseState(
            id=one.id,
            title=one.title,
            kind=one.kind,
            owner=one.owner,
            backup=one.backup,
            hook=one.hook,
            detail=one.detail,
        )
        for one in config.pauses
    ]
    named = {one.id for one in items}
    public = [one for one in config.accounts if one.read_by == "public" and one.id not in named]
    return (*(_account(one) for one in public), *items)


def _account(one: Account) -> PauseState:
    title = f"{one.type} account {one.handle or one.id}"
    return PauseState(id=one.id, title=title, kind="account", owner=one.owner, backup=one.backup)


def with_list(state: Incident, config: RoomConfig) -> Incident:
    """Return an incident with the list as it is now, whether or not the timeline has it so yet."""
    return msgspec.structs.replace(state, pauses=merged(state.pauses, wanted(config)))


async def listed(room: Room, inc: str = "") -> tuple[PauseState, ...]:
    """Return the list, in the order of the settings, and note it where it differs from theirs.

    Of a resolved incident nothing is noted any more, nor by who may only look.
    """

    state = await _now(room, inc)
    notes = state.status == "open" and read_only(room) is None
    if notes and _listing(state, room.config):
        acted = await room.act(state.id, lambda now, scene: _listing(now, scene.config))
        state = acted.incident
    return tuple(with_list(state, room.config).pauses.values())


async def _now(room: Room, inc: str) -> Incident:
    async def look(tx: Tx) -> Incident:
        chain = await room.chain_of(tx, inc, room.store.seen)
        state = await log.state(tx, chain, room.store.seen)
        assert state is not None
        await room.refresh(tx)
        return state

    return await room.store.read(look)


def _listing(state: Incident, config: RoomConfig) -> list[Draft]:
    """Return the entry that brings the timeline's list up to the settings', if it has to be."""
    items = wanted(config)
    if merged(state.pauses, items) == state.pauses:
        return []
    keys = ("id", "title", "kind", "owner", "backup", "hook", "detail")
    data = {"items": [{key: getattr(item, key) for key in keys} for item in items]}
    titles = ", ".join(item.title for item in items) or "nothing"
    text = f"what may have to be paused: {titles}"
    return [Draft(kind="pause.listed", text=text, data=data, actor=MACHINE, source="system")]


def _item(pauses: Mapping[str, PauseState], item_id: str) -> PauseState:
    if item := pauses.get(item_id):
        return item
    usual = "pauses: in crisisroom.yaml says what speaks for us by itself"
    hint = did_you_mean(item_id, pauses, "one of") or usual
    raise Usage("unknown-item", f"{item_id} is not on the pause list", hint)


async def confirm(
    room: Room,
    inc: str,
    item_id: str,
    said: str,
    words: str = "",
    *,
    at: datetime | None = None,
    command_id: str = "",
) -> Acted:
    """Say that something is paused, need not be, or could not be; the last needs its reason."""
    if said not in get_args(Said):
        known = ", ".join(get_args(Said))
        raise Usage("state", f"nothing is {said!r} on the pause list", f"one of {known}")
    if said == "failed":
        required(words, "why could it not be paused?")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        item = _item(with_list(state, scene.config).pauses, item_id)
        if item.state == said and words in ("", item.words):
            return []
        if item.state == "paused" and said == "not_needed":
            hint = "the lead resumes it: crisisroom pause resume"
            raise Refused("paused", f"{item.title} is paused, by {item.by}", hint)
        told = f"not paused: {item.title}" if said == "failed" else f"{_PAST[said]}: {item.title}"
        text = told + (f": {words}" if words else "")
        data = _data(item, said, own(words, "words"))
        draft = placed(state, scene, Draft(kind="pause.set", text=text, data=data), at=at)
        return [*_listing(state, scene.config), draft]

    return _of([item_id], await room.act(inc, decide, command_id=command_id))


def _data(
    item: PauseState, state: str, words: str, *, by_hook: bool = False
) -> dict[str, str | bool]:
    return {"item": item.id, "state": state, "words": words, "by_hook": by_hook}


def _of(items: Sequence[str], acted: Acted) -> Acted:
    """Return what was done, with the items it was about."""
    touched = tuple(acted.incident.pauses[one] for one in items if one in acted.incident.pauses)
    return msgspec.structs.replace(acted, thing=touched)


async def run(
    room: Room,
    inc: str,
    items: Sequence[str] = (),
    *,
    command_id: str = "",
    where: Path | None = None,
) -> Acted:
    """Call the hooks of these items, or of all that are loud and have one, and note what came.

    The `thing` that comes back are the items. In a drill no hook runs. `where` has the hooks in
    place of this host's own folder.
    """
    if refusal := read_only(room):  # before a program of the host is started, not after it
        raise refusal
    if command_id and await _done(room, command_id):
        return await _again(room, inc, command_id)
    state = await _now(room, inc)
    _refuse_confined(room, state)
    known = with_list(state, room.config).pauses
    chosen = [_to_run(_item(known, one), state, room.config) for one in dict.fromkeys(items)]
    if not items:
        every = known.values() if state.status == "open" else ()
        chosen = [one for one in every if one.state in LOUD and hook_of(one, room.config)]
    if not chosen:
        hint = "crisisroom pause set says what was done by hand"
        raise Refused("nothing", "no hook is left to be run", hint)
    came = await call_all(state, chosen, "pause", room.config, where)

    def decide(now: Incident, scene: Scene) -> list[Draft]:
        there = with_list(now, scene.config).pauses
        told = [_ran(item, one, drill=now.drill) for item, one in came if item.id in there]
        return [*_listing(now, scene.config), *told]

    acted = await room.act(state.id, decide, command_id=command_id)
    return _of([item.id for item in chosen], acted)


def _refuse_confined(room: Room, state: Incident) -> None:
    """Refuse to start a program of the host for somebody who came by an SSH key."""
    if room.actor.confined and not state.drill:
        hint = "it is done by hand, and said so: pause set, pause resume --by-hand"
        raise Refused("not-over-key", "no hook is called over this key", hint)


def _to_run(item: PauseState, state: Incident, config: RoomConfig) -> PauseState:
    if state.status != "open":
        raise Refused("resolved", f"{state.id} is resolved: nothing is paused for it any more")
    if not hook_of(item, config):
        who = keepers(item)
        hint = item.detail or f"{who or 'somebody'} does it by hand; pause set says so"
        raise Refused("no-hook", f"{item.title} has no hook", hint)
    if item.state == "paused":
        raise Refused("paused", f"{item.title} is paused already, by {item.by}")
    return item


def _ran(item: PauseState, came: Hooked, *, drill: bool) -> Draft:
    if drill:
        data = _data(item, "paused", DRILL)
        return Draft(kind="pause.set", text=f"paused: {item.title}: {DRILL}", data=data)
    line = f": {came.words}" if came.words else ""
    told = "paused by its hook" if came.done else "not paused"
    data = _data(item, "paused" if came.done else "failed", came.words, by_hook=True)
    return Draft(kind="pause.set", text=f"{told}: {item.title}{line}", data=data)


async def resume(
    room: Room,
    inc: str,
    reason: str,
    items: Sequence[str] = (),
    *,
    by_hand: bool = False,
    command_id: str = "",
    where: Path | None = None,
) -> Acted:
    """Decide that these items, or all that are paused, speak again; their hooks are called.

    Only the lead may. What its hook could not resume stays paused; with `by_hand` no hook is
    called. The `thing` that comes back are the items.
    """
    required(reason, "resuming needs a reason: why is it time again?")
    own(reason, "reason")
    if command_id and await _done(room, command_id):
        return await _again(room, inc, command_id)
    if room.actor.confined and not by_hand:
        state = await _now(room, inc)
        if any(hook_of(one, room.config) for one in _to_resume(state, items)):
            _refuse_confined(room, state)

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        refuse_unless_lead(state, scene, "resume what is paused")
        titles = ", ".join(item.title for item in _to_resume(state, items))
        data = {"words": f"resume: {titles}", "why": reason}
        text = f"decided: resume {titles}, because {reason}"
        return [Draft(kind="decision.made", text=text, data=data)]

    first = f"{command_id}:decided" if command_id else ""
    decided = await room.act(inc, decide, command_id=first)
    state, config = decided.incident, room.config
    chosen = _to_resume(state, items)
    hooked = [] if by_hand else [one for one in chosen if hook_of(one, config)]
    calls = await call_all(state, hooked, "resume", config, where)
    came = {item.id: one for item, one in calls}

    def record(now: Incident, scene: Scene) -> list[Draft]:
        return [_resumed(item, came.get(item.id), reason, drill=now.drill) for item in chosen]

    acted = await room.act(state.id, record, command_id=command_id)
    whole = msgspec.structs.replace(acted, entries=(*decided.entries, *acted.entries))
    return _of([item.id for item in chosen], whole)


def _to_resume(state: Incident, items: Sequence[str]) -> list[PauseState]:
    """Return what is to speak again: of the named also what nobody could pause for certain."""
    if not items:
        chosen = [item for item in state.pauses.values() if item.state == "paused"]
        if not chosen:
            raise Refused("nothing", f"nothing is paused for {state.id}")
        return chosen
    named = [_item(state.pauses, one) for one in dict.fromkeys(items)]
    for item in named:
        if item.state not in ("paused", "failed"):
            said = item.state.replace("_", " ")
            raise Refused("not-paused", f"{item.title} is not paused but {said}")
    return named


def _resumed(item: PauseState, came: Hooked | None, reason: str, *, drill: bool) -> Draft:
    line = f": {came.words}" if came and came.words else ""
    if came is None or came.done:
        data = _data(item, "resumed", reason, by_hook=came is not None and not drill)
        return Draft(kind="pause.set", text=f"resumed: {item.title}{line}", data=data)
    words = f"could not be resumed{line}"
    text = f"still {item.state}: {item.title}: {words}"
    return Draft(kind="pause.set", text=text, data=_data(item, item.state, words, by_hook=True))


async def _done(room: Room, command_id: str) -> bool:
    return await room.store.read(lambda tx: settings.outcome(tx, command_id)) is not None


async def _again(room: Room, inc: str, command_id: str) -> Acted:
    """Return what a command came to that was carried out before: no hook runs twice for it."""
    acted = await room.act(inc, lambda state, scene: [], command_id=command_id)
    return _of([one.data["item"] for one in acted.entries if one.kind == "pause.set"], acted)
