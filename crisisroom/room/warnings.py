"""Early warnings: raised by the rule, decided by a person; the machine never declares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from crisisroom.core.candidate import Candidate, CandidateState, Signal
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.query import Query, numbered
from crisisroom.core.rules import MACHINE
from crisisroom.core.timeline import ROOM, Draft, stamp
from crisisroom.room import Room
from crisisroom.room.checks import own, required
from crisisroom.room.repeats import once
from crisisroom.room.stories import linking_draft
from crisisroom.store import Tx, log
from crisisroom.store import candidates as rows
from crisisroom.store import mentions as mention_rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.ids import uuid7

OPEN: tuple[CandidateState, ...] = ("open", "watched")
LINKED = 200  # posts of a warning's stories that are linked when it is declared
BACK = timedelta(hours=24)  # how far back they may lie

replace = msgspec.structs.replace


async def candidates(
    room: Room, states: Sequence[str] = (), limit: int = 200
) -> tuple[Candidate, ...]:
    """Return the early warnings in these states (all without any), the newest first."""
    return await room.store.read(lambda tx: rows.recent(tx, tuple(states), limit))


async def candidate(room: Room, candidate_id: str) -> Candidate:
    """Return one early warning; Usage where there is none with this id."""
    return await room.store.read(lambda tx: _one(tx, candidate_id))


async def waiting(room: Room) -> str:
    """Return the id of the early warning that has waited longest for a person, empty for none."""
    known = await candidates(room, OPEN)
    return known[-1].id if known else ""


async def _one(tx: Tx, candidate_id: str) -> Candidate:
    number = numbered(candidate_id, "C-")
    found = await rows.get(tx, number) if number is not None else None
    if found is None:
        message = f"there is no early warning {candidate_id}"
        raise Usage("unknown-candidate", message, "crisisroom candidates lists them")
    return found


async def note(
    tx: Tx, room: Room, signals: Sequence[Signal], playbook_for: Callable[[Signal], str]
) -> tuple[Candidate, ...]:
    """Write down what the rule says, as part of the analysis; returns what is new or worse."""
    told = []
    for signal in signals:
        if signal.kind == "raised":
            told.append(await _raise(tx, room, signal, playbook_for(signal)))
        elif (known := await rows.by_signal(tx, signal.of)) is not None:
            changed = await _follow_up(tx, room, known, signal)
            told += [changed] if signal.kind == "escalated" else []
    return tuple(told)


async def _raise(tx: Tx, room: Room, signal: Signal, playbook: str) -> Candidate:
    raised = Candidate(
        id=f"C-{await rows.next_number(tx)}",
        uid=uuid7(room.clock.now()),
        signal=signal.uid,
        suggested_playbook=playbook,
        **_of(signal),
    )
    await rows.add(tx, raised)
    await _log(tx, room, raised, "candidate.raised", f"early warning: {signal.reason}")
    return raised


def _of(signal: Signal) -> dict[str, Any]:
    names = (
        *("at", "term", "level", "reason", "observed", "expected", "spread", "window_minutes"),
        *("authors", "sources", "reach", "narratives", "words", "score"),
    )
    return {name: getattr(signal, name) for name in names}


async def _follow_up(tx: Tx, room: Room, known: Candidate, signal: Signal) -> Candidate:
    """Tell that a warning got worse, or that its spike is over."""
    if signal.kind == "ended":
        state: CandidateState = "ended" if known.state == "open" else known.state
        changed = replace(known, state=state, ended_at=signal.at)
        await rows.replace(tx, changed)
        await _log(tx, room, changed, "candidate.ended", signal.reason)
        return changed
    again: CandidateState = "declared" if known.state == "declared" else "open"
    told = {name: value for name, value in _of(signal).items() if name not in ("at", "term")}
    changed = replace(known, **told, state=again, escalated_at=signal.at, ended_at=None)
    await rows.replace(tx, changed)
    await _log(tx, room, changed, "candidate.escalated", f"worse: {signal.reason}")
    return changed


async def _log(tx: Tx, room: Room, one: Candidate, kind: str, text: str) -> None:
    data = {"candidate": one.uid, "id": one.id, "state": one.state, "level": one.level}
    draft = Draft(kind=kind, text=text, data=data, actor=MACHINE, source="system")
    await log.append(tx, ROOM, [draft], room.author(), room.clock.now())


async def watch(
    room: Room, candidate_id: str, words: str = "", *, command_id: str = ""
) -> Candidate:
    """Say that one keeps an eye on an early warning: it stays, and tells when it gets worse."""
    text = f"watches it: {words}" if words else "watches it"
    return await _decide(room, candidate_id, "watched", own(words, "words"), text, command_id)


async def dismiss(room: Room, candidate_id: str, words: str, *, command_id: str = "") -> Candidate:
    """Set an early warning aside, with the reason; it mutes the volume of its own story only."""
    required(words, "say why it is nothing: the room learns from it, and the next shift reads it")
    text = f"dismissed it: {words}"
    return await _decide(room, candidate_id, "dismissed", own(words, "reason"), text, command_id)


async def reopen(room: Room, candidate_id: str, *, command_id: str = "") -> Candidate:
    """Take one's decision on an early warning back."""
    return await _decide(room, candidate_id, "open", "", "took the decision back", command_id)


async def _decide(
    room: Room,
    candidate_id: str,
    state: CandidateState,
    words: str,
    text: str,
    command_id: str,
) -> Candidate:
    async def work(tx: Tx) -> Candidate:
        known = await _one(tx, candidate_id)
        if known.state == "declared":
            raise Refused("declared", f"{known.id} is {known.incident} already")
        now, who = room.clock.now(), room.actor.name
        made = replace(known, state=state, decided_by=who, decided_at=now, decision=words)
        await rows.replace(tx, made)
        data = {"candidate": made.uid, "id": made.id, "state": state, "words": words}
        entry = Draft(kind=f"candidate.{state}", text=f"{made.id}: {text}", data=data)
        await log.append(tx, ROOM, [entry], room.author(), now)
        return made

    return await once(room, command_id, work, again=_one, thing=lambda made: made.id)


async def declaring(tx: Tx, room: Room, state: Incident, candidate_id: str) -> list[Draft]:
    """Make an early warning this incident's; returns the entries that say so.

    Its stories are linked, and the newest posts of the last day in them. Refused when somebody
    declared it already.
    """
    known = await _one(tx, candidate_id)
    if known.state == "declared":
        hint = f"crisisroom open {known.incident}"
        raise Refused("declared", f"{known.id} was declared already: {known.incident}", hint)
    now = room.clock.now()
    made = replace(
        known,
        state="declared",
        decided_by=room.actor.name,
        decided_at=now,
        incident=state.id,
    )
    await rows.replace(tx, made)
    drafts = [_as_evidence(made)]
    numbers: list[str] = []
    for name in made.narratives:
        story = await narrative_rows.get(tx, numbered(name, "N-") or 0)
        if story is not None:
            drafts.append(linking_draft(story))
        query = Query(narrative=name, since=now - BACK, limit=LINKED - len(numbers), others=False)
        free = [one for one in await mention_rows.find(tx, query) if not one.incident]
        numbers += [one.id for one in free]
        if len(numbers) >= LINKED:
            break
    from crisisroom.room.linking import link_drafts  # every look asks what waits, few declare

    return [*drafts, *await link_drafts(tx, room, state, list(reversed(numbers)))]


def _as_evidence(made: Candidate) -> Draft:
    names = ("id", "level", "reason", "observed", "window_minutes")
    data: dict[str, Any] = {name: getattr(made, name) for name in names}
    data |= {"candidate": made.uid, "authors": made.authors, "sources": made.sources}
    data |= {
        "expected_hundredths": round(made.expected * 100),  # the log keeps no floats
        "narratives": list(made.narratives),
        "suggested_playbook": made.suggested_playbook,
        "raised_at": stamp(made.at),
    }
    text = f"early warning {made.id}: {made.reason}"
    return Draft(
        kind="candidate.raised", text=text, data=data, at=made.at, actor=MACHINE, source="system"
    )
