"""What is said of entries that stand: pinned, marked for its readers, corrected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from crisisroom.core.corrected import correction, plausible, time_flaw, visibility, words_flaw
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.room import correcting, leafing, reading
from crisisroom.room.correcting import READERS
from crisisroom.tui.acted import Undo, final
from crisisroom.tui.acts import PUT_BACK, Desk, fine, needed
from crisisroom.tui.acts.when import dated
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.timeline import READERS as WORDS
from crisisroom.tui.screens.picking import Choice

_MEANS = {
    "internal": "it leaves the house in no public export",
    "legal": "its words leave no export but that for Legal",
    "public": "it stands in the public export",
}


def _entry(desk: Desk) -> Entry:
    if desk.context.entry is None:
        raise Refused("no-entry", "choose an entry of the timeline first", "4 shows it")
    return desk.context.entry


async def pin(desk: Desk) -> None:
    """Put the entry among those that matter most, or take that back."""
    await pin_entry(desk, _entry(desk))


async def pin_entry(desk: Desk, entry: Entry) -> None:
    """Pin an entry, or unpin it."""
    inc, seq = desk.incident.id, entry.seq
    state = (await reading.incident(desk.room, inc)).pinned
    do, back = correcting.pin, correcting.unpin
    if seq in state:
        do, back = back, do
    await do(desk.room, inc, seq)
    told = "unpinned" if seq in state else "pinned"
    desk.said(f"{told} entry {seq}", Undo(f"{told} {seq}", partial(back, desk.room, inc, seq)))


async def readers(desk: Desk) -> None:
    """Say who may read the entry, and why."""
    await mark_entry(desk, _entry(desk))


async def mark_entry(desk: Desk, entry: Entry) -> None:
    """Ask who may read an entry, and why."""
    state = await reading.incident(desk.room, desk.incident.id)
    before = visibility(state, entry)
    choices = [
        Choice(name, f"{WORDS[name][0] or 'internal'}: {READERS[name]}", _MEANS[name])
        for name in WORDS
    ]
    chosen = await desk.pick(f"Who may read entry {entry.seq}?", choices, chosen=before)
    if chosen == before:
        desk.said(f"entry {entry.seq} is for {READERS[before]} already", role="text")
        return
    why = await desk.line(f"Entry {entry.seq} is for {READERS[chosen]}", "why?", check=needed)
    mark = partial(correcting.mark, desk.room, state.id, entry.seq)
    await mark(chosen, why)
    undo = Undo(f"mark on entry {entry.seq}", partial(mark, before, "taken back"))
    desk.said(f"entry {entry.seq} is for {READERS[chosen]}", undo)


async def correct(desk: Desk) -> None:
    """Correct the entry under the cursor."""
    await correct_entry(desk, _entry(desk))


async def correct_entry(desk: Desk, entry: Entry) -> None:
    """Ask how it really was, and when: the old words stay, the new ones point to them."""
    state = await reading.incident(desk.room, desk.incident.id)
    while entry.kind == "entry.corrected" and entry.corrects:
        entry = (await leafing.some(desk.room, state.id, [entry.corrects]))[entry.corrects]
    if flaw := words_flaw(entry):
        raise Refused("not-corrected", f"entry {entry.seq}: {flaw}")
    made = correction(state, entry)
    now = one_line(made.words if made and made.words else entry.text)
    check = partial(_flaw, desk, state, entry, now)
    rest = "the old words stay" if time_flaw(entry) else f"the old words stay   {PUT_BACK}"
    typed = await desk.line(f"Correct entry {entry.seq}", rest, value=now, check=check)
    at, words = dated(typed, desk.now, desk.zone)
    words = "" if words == now and at else words
    acted = await correcting.correct(desk.room, state.id, entry.seq, words, at=at)
    desk.said(f"corrected by entry {acted.entry.seq}", final(f"the correction of {entry.seq}"))


def _flaw(desk: Desk, state: Incident, entry: Entry, before: str, typed: str) -> str:
    at, words = dated(typed, desk.now, desk.zone)
    if at is None and words == before:
        return "nothing is different yet"
    if at is None:
        return needed(words)
    if flaw := time_flaw(entry):
        return f"its time stands: {flaw}"
    try:
        plausible(state, at, desk.now)
    except Refused as refused:
        return f"{refused.message}: {refused.hint}"
    return fine(words)


ACTS: Mapping[str, Callable[[Desk, Entry], Awaitable[None]]] = {
    "pin": pin_entry,
    "readers": mark_entry,
    "correct": correct_entry,
}
"""What can be done with an entry that is read whole."""
