"""How entries change what belongs to our words: lines of stories, promises, pauses, corrections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.questions import Question
from crisisroom.core.said import Asked, Bulk, Owed, PauseState, Promise, Stopped, StoryLine
from crisisroom.core.timeline import Entry, unstamp

replace = msgspec.structs.replace


def _line(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    line = StoryLine(
        narrative=data["narrative"],
        id=data["id"],
        line=data["line"],
        by=entry.actor,
        at=entry.at,
        why=data["words"],
    )
    return replace(state, lines=state.lines | {line.narrative: line})


def _no_line(state: Incident, entry: Entry) -> Incident:
    rest = {uid: line for uid, line in state.lines.items() if uid != entry.data["narrative"]}
    return replace(state, lines=rest)


def _promised(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    made = Promise(
        id=data["promise"],
        reply=data["reply"],
        mention=data["mention"],
        words=data["words"],
        due_at=unstamp(data["due_at"]) if data["due_at"] else None,
        owner=data["owner"],
        ticket=data["url"],
        by=entry.actor,
        at=entry.at,
    )
    return replace(state, promised=state.promised | {made.id: made})


def _promise_closed(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    closed = replace(
        state.promised[data["promise"]],
        state="kept" if entry.kind == "promise.kept" else "dropped",
        closed_at=entry.at,
        closed_by=entry.actor,
        outcome=data["words"],
    )
    return replace(state, promised=state.promised | {closed.id: closed})


def _private_closed(state: Incident, entry: Entry) -> Incident:
    linked = state.mentions.get(entry.data["mention"])
    if linked is None:
        return state
    closed = replace(linked, outcome=entry.data["words"])
    return replace(state, mentions=state.mentions | {linked.uid: closed})


def _bulk(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    begun = Bulk(
        id=data["bulk"],
        narrative=data["narrative"],
        narrative_id=data["id"],
        words=data["uses"],
        replies=data["replies"],
        by=entry.actor,
        at=entry.at,
    )
    return replace(state, bulks=state.bulks | {begun.id: begun})


def _bulk_stopped(state: Incident, entry: Entry) -> Incident:
    before = state.bulks[entry.data["bulk"]]
    stopped = replace(before, stopped_at=entry.at, stopped_by=entry.actor, why=entry.data["words"])
    return replace(state, bulks=state.bulks | {before.id: stopped})


def _bulk_resumed(state: Incident, entry: Entry) -> Incident:
    before = state.bulks[entry.data["bulk"]]
    going = replace(before, stopped_at=None, stopped_by="", why="")
    return replace(state, bulks=state.bulks | {before.id: going})


def _pauses(state: Incident, entry: Entry) -> Incident:
    """Take the list as the room's settings give it; what was said of its items stays."""
    listed: dict[str, PauseState] = {}
    for item in entry.data["items"]:
        before = state.pauses.get(item["id"])
        kept = (
            {name: getattr(before, name) for name in ("state", "by", "at", "words", "by_hook")}
            if before
            else {}
        )
        listed[item["id"]] = PauseState(
            id=item["id"],
            title=item["title"],
            kind=item["kind"],
            owner=item["owner"],
            backup=item["backup"],
            hook=item["hook"],
            detail=item["detail"],
            **kept,
        )
    rest = {id_: one for id_, one in state.pauses.items() if one.state != "running"}
    return replace(state, pauses=rest | listed)


def _pause_set(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    after = replace(
        state.pauses[data["item"]],
        state=data["state"],
        by=entry.actor,
        at=entry.at,
        words=data["words"],
        by_hook=data["by_hook"],
    )
    return replace(state, pauses=state.pauses | {after.id: after})


def _asked(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    asked = Asked(
        id=data["ask"],
        words=data["id"],
        sha256=data["sha256"],
        contact=data["contact"],
        name=data["name"],
        roles=tuple(data["roles"]),
        way=data["way"],
        salt=data["salt"],
        digest=data["digest"],
        by=entry.actor,
        at=entry.at,
        expires_at=unstamp(data["expires_at"]),
    )
    return replace(state, asked=state.asked | {asked.id: asked})


def _ask_closed(state: Incident, entry: Entry) -> Incident:
    before = state.asked[entry.data["ask"]]
    return replace(state, asked=state.asked | {before.id: replace(before, state="void")})


def _wrong_code(state: Incident, entry: Entry) -> Incident:
    before = state.asked[entry.data["ask"]]
    after = replace(before, wrong=before.wrong + 1, state="void" if entry.data["void"] else "open")
    return replace(state, asked=state.asked | {before.id: after})


def _question(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    one = Question(
        id=data["question"],
        words=data["id"],
        whom=data["person"],
        ask=data["words"],
        by=entry.actor,
        at=entry.at,
    )
    return replace(state, questions=state.questions | {one.id: one})


def _answered(state: Incident, entry: Entry) -> Incident:
    before, said = state.questions[entry.data["question"]], entry.data["words"]
    after = replace(before, answer=said, answered_by=entry.actor, answered_at=entry.at)
    return replace(state, questions=state.questions | {before.id: after})


def _stopped(state: Incident, entry: Entry) -> Incident:
    why, where = entry.data.get("words", ""), entry.data.get("incident", "")
    return replace(state, stopped=Stopped(by=entry.actor, at=entry.at, why=why, incident=where))


def _because(state: Incident, entry: Entry) -> Incident:
    if state.stopped is None:
        return state
    return replace(state, stopped=replace(state.stopped, why=entry.data["words"]))


def _resumed(state: Incident, entry: Entry) -> Incident:
    return replace(state, stopped=None)


def _moved(state: Incident, entry: Entry) -> Incident:
    return replace(state, moved=state.moved | {entry.data["fact"]: entry.at})


def _upheld(state: Incident, entry: Entry) -> Incident:
    return replace(state, upheld=state.upheld | {entry.data["uses"]: entry.at})


def owe(state: Incident, entry: Entry) -> Incident:
    """Note that words which are out rest on a fact that moved."""
    data = entry.data
    owed = Owed(
        words=data["id"],
        fact=data["fact"],
        label=data["label"],
        was=_value(data["before"]),
        now=_value(data["after"]),
        at=entry.at,
    )
    return replace(state, owed=state.owed | {f"{owed.words}/{owed.fact}": owed})


def settle_owed(state: Incident, entry: Entry) -> Incident:
    """Close every correction that these words owe."""
    data = entry.data
    closed = {
        key: replace(
            one,
            settled_at=entry.at,
            settled_by=entry.actor,
            how=data["how"],
            why=data["words"],
        )
        for key, one in state.owed.items()
        if one.words == data["id"] and one.settled_at is None
    }
    return replace(state, owed=state.owed | closed)


def _value(held: dict[str, Any]) -> str:
    value: str = held["value"]
    return value


SAID: dict[str, Callable[[Incident, Entry], Incident]] = {
    "line.set": _line,
    "line.cleared": _no_line,
    "promise.made": _promised,
    "promise.kept": _promise_closed,
    "promise.dropped": _promise_closed,
    "mention.closed": _private_closed,
    "bulk.begun": _bulk,
    "bulk.stopped": _bulk_stopped,
    "bulk.resumed": _bulk_resumed,
    "pause.listed": _pauses,
    "pause.set": _pause_set,
    "approval.asked": _asked,
    "approval.void": _ask_closed,
    "approval.wrong": _wrong_code,
    "question.asked": _question,
    "question.answered": _answered,
    "outgoing.stopped": _stopped,
    "outgoing.because": _because,
    "outgoing.resumed": _resumed,
    "fact.moved": _moved,
    "wording.upheld": _upheld,
    **{f"{sort}.owed": owe for sort in ("statement", "reply")},
    **{f"{sort}.settled": settle_owed for sort in ("statement", "reply")},
}
"""Kind of entry -> what it does to the incident."""
