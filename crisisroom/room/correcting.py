"""What is said of entries that stand: corrections, pins, who may read them.

No entry is ever changed: each of these is a new one that points to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

from crisisroom.core.corrected import at as at_of
from crisisroom.core.corrected import correction, plausible, time_flaw, visibility, words_flaw
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.factvalue import on_the_clock
from crisisroom.core.incident import Incident
from crisisroom.core.recorded import Visibility
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft, Entry, stamp
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, required
from crisisroom.room.written import refuse_unless_legal_or_lead
from crisisroom.store import Tx, log, pointing

READERS = {
    "internal": "the team",
    "legal": "Legal",
    "public": "everybody",
}
"""Who may read an entry, in words."""

_NOT_PINNED = ("entry.pinned", "entry.unpinned", "entry.marked")


async def correct(
    room: Room,
    inc: str,
    seq: int,
    words: str = "",
    *,
    at: datetime | None = None,
    command_id: str = "",
) -> Acted:
    """Correct what an entry says, or when it happened; the old one stays as it is.

    A correction of a correction is one of what that corrected. It is for the same readers.
    """
    if at is None:
        required(words, "a correction needs words, or a time")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        root = await _root(tx, state, seq)
        if flaw := (time_flaw(root) if at else "") or words_flaw(root):
            raise Refused("not-corrected", f"entry {root.seq} cannot be corrected so: {flaw}")
        moment = plausible(state, at, scene.now)
        made = correction(state, root)
        if moment == at_of(state, root) and words in ("", made.words if made else ""):
            raise Refused("same", f"entry {root.seq} is of that time already")
        if moment is None and made and words == made.words:
            raise Refused("same", f"entry {root.seq} says that already")
        data: dict[str, Any] = {"words": own(words, "correction")}
        if moment:
            data["at"] = stamp(moment)
        if (seen_by := visibility(state, root)) != "internal":
            data["visibility"] = seen_by
        text = _told(state, root, seq, words, moment, scene.now)
        return [Draft(kind="entry.corrected", text=text, data=data, corrects=seq)]

    return await room.act_in(inc, decide, command_id=command_id)


def _told(
    state: Incident, root: Entry, seq: int, words: str, moment: datetime | None, now: datetime
) -> str:
    if moment is None:
        return f"corrected entry {seq}: {words}"
    zone = zone_of(state.zone)
    was, became = (on_the_clock(one, now, zone) for one in (at_of(state, root), moment))
    time = f"corrected entry {seq}: it was at {became}, not {was}"
    return f"{time}; {words}" if words else time


async def _root(tx: Tx, state: Incident, seq: int) -> Entry:
    """Return the entry that a number means: of a correction, what it corrected first."""
    entry = await _entry(tx, state, seq)
    while entry.kind == "entry.corrected" and entry.corrects:
        entry = await _entry(tx, state, entry.corrects)
    return entry


async def _entry(tx: Tx, state: Incident, seq: int) -> Entry:
    if not 1 <= seq <= state.seq or seq in await log.shut(tx, state.uid):
        raise Usage("unknown-entry", f"{state.id} has no entry {seq}", f"1 to {state.seq}")
    (entry,) = await log.entries(tx, state.uid, seq - 1, 1)
    return entry


async def pin(room: Room, inc: str, seq: int, *, command_id: str = "") -> Acted:
    """Put an entry among those that matter most; `unpin` takes that back."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        entry = await _entry(tx, state, seq)
        if entry.kind in _NOT_PINNED:
            hint = f"pin entry {entry.data['entry']} itself"
            raise Refused("not-pinned", f"entry {seq} only speaks of another one", hint)
        if seq in state.pinned:
            return []
        text = f"pinned entry {seq}"
        return [Draft(kind="entry.pinned", text=text, data={"entry": seq})]

    return await room.act_in(inc, decide, command_id=command_id)


async def unpin(room: Room, inc: str, seq: int, *, command_id: str = "") -> Acted:
    """Take a pin back."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        await _entry(tx, state, seq)
        if seq not in state.pinned:
            return []
        text = f"unpinned entry {seq}"
        return [Draft(kind="entry.unpinned", text=text, data={"entry": seq})]

    return await room.act_in(inc, decide, command_id=command_id)


async def mark(
    room: Room, inc: str, seq: int, seen_by: str, words: str, *, command_id: str = ""
) -> Acted:
    """Say who may read an entry: the team (`internal`), Legal, or everybody (`public`), and why.

    Its corrections go with it. Only Legal and the lead open what was for Legal, or make it public.
    """
    if seen_by not in get_args(Visibility):
        known = ", ".join(get_args(Visibility))
        raise Usage("visibility", f"{seen_by[:40]} is no readership", f"one of {known}")
    required(words, "say why: who may read it is a decision")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        entry = await _entry(tx, state, seq)
        if entry.kind in _NOT_PINNED:
            raise Refused("not-marked", f"entry {seq} only speaks of another one")
        before = visibility(state, entry)
        if before == seen_by:
            return []
        if before == "legal":
            refuse_unless_legal_or_lead(state, scene, "open what is for Legal alone")
        elif seen_by == "public":
            refuse_unless_legal_or_lead(state, scene, "make an entry public")
        every = [seq, *await pointing.corrections(tx, state.uid, seq)]
        return [_marked(one, seen_by, words) for one in reversed(every)]

    return await room.act_in(inc, decide, command_id=command_id)


def _marked(seq: int, seen_by: str, words: str) -> Draft:
    data = {"entry": seq, "visibility": seen_by, "words": own(words, "reason")}
    text = f"entry {seq} is for {READERS[seen_by]}: {words}"
    return Draft(kind="entry.marked", text=text, data=data)
