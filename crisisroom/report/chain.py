"""Whether a chain of entries holds, entry by entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crisisroom.core.apply import KINDS, replay
from crisisroom.core.timeline import (
    ERASED,
    GENESIS,
    ROOM,
    UPCASTS,
    WITHHELD,
    Entry,
    flaws,
    personal_texts,
    stamp,
    unstamp,
)
from crisisroom.report.model import UNREADABLE
from crisisroom.report.problem import Problem, about
from crisisroom.report.withheld import for_legal

Where = Callable[[int], str]
"""Names the entry at a position, counted from 0."""

BESIDE = frozenset(
    {
        *("incident.declared", "phase.begun", "task.opened", "task.not_needed"),
        *("person.notified", "drill.inject", "mention.tagged", "left.out"),
    }
)
"""The kinds of an incident's entries that change nothing of it by themselves."""

ROOM_KINDS = (
    *("room.", "config.", "export.", "import.", "backup.", "words.", "outgoing.", "campaign."),
    *("improvement.", "author.", "candidate.", "narrative.", "anchor.", "person."),
    "page.",
)
"""What the kinds of entries begin with that stand on the room's own chain."""

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ANCHOR = re.compile(r"[0-9a-f]{12,64}", re.ASCII)
_MASK = "salted_sha256"
_UPDATE = "a newer crisisroom wrote it, or nobody did: verify it with the newest one"


def chain_problems(
    entries: Sequence[Entry], where: Where, *, redacted: bool = False, lent: bool = True
) -> list[Problem]:
    """Return what does not hold in a chain, in its order; of a redacted one only the links show.

    Texts may be withheld in what came from elsewhere (`lent`), if they were marked for Legal.
    """
    found = _link_problems(entries, where, redacted=redacted)
    first = entries[0].chain if entries else ""
    for place, entry in enumerate(entries):
        own = [Problem("entry", where(place), odd) for odd in _oddities(entry, first)]
        if odd := unheard_of(entry):
            own.append(Problem("newer", where(place), odd, _UPDATE))
        found += [(place, about(one, entry)) for one in own]
    if not redacted:
        silent = [(place, _silent(entries[place], where(place))) for place in unsaid(entries)]
        kept = [
            (place, _taken(entries[place], where(place))) for place in withheld(entries, lent=lent)
        ]
        found += [*silent, *kept]
    return [problem for _, problem in sorted(found, key=lambda one: one[0])]


def _link_problems(
    entries: Sequence[Entry], where: Where, *, redacted: bool
) -> list[tuple[int, Problem]]:
    at, now = 0, None

    def counted() -> Iterator[Entry]:
        nonlocal at, now
        for at, now in enumerate(entries):  # noqa: B007 - read by the loop below
            yield now

    found: list[tuple[int, Problem]] = []
    try:
        for _, flaw in (_link_flaws if redacted else flaws)(counted()):
            assert now is not None
            found.append((at, about(Problem("chain", where(at), flaw), now)))
    except UNREADABLE as error:
        assert now is not None
        hint = "what follows it was not checked"
        problem = Problem("entry", where(at), f"it has no hash: {error}", hint)
        found.append((at, about(problem, now)))
    return found


def unheard_of(entry: Entry) -> str:
    """Return why this program cannot know what an entry means, empty where it can."""
    if entry.chain == ROOM:
        known = entry.kind.startswith(ROOM_KINDS)
    else:
        known = entry.kind in KINDS or entry.kind in BESIDE
    if not known:
        return f"this program knows no entries of the kind {entry.kind[:60]!r}"
    newest = 1
    while (entry.kind, newest) in UPCASTS:
        newest += 1
    if entry.v > newest:
        return f"it is of edition {entry.v}, this program knows {newest}"
    return ""


def unsaid(entries: Iterable[Entry]) -> list[int]:
    """Return the positions of entries whose words are gone though no later entry says so."""
    blank: list[tuple[int, int]] = []
    named: dict[int, int] = {}
    somebody = -1  # where the room's own log tells last of a person that was erased
    for place, entry in enumerate(entries):
        if entry.kind == "words.erased":
            listed = entry.data.get("entries")
            seqs = listed if isinstance(listed, list) else ()
            named |= {seq: place for seq in seqs if isinstance(seq, int)}
        elif entry.kind == "person.erased" and entry.chain == ROOM:
            somebody = place
        if _lost(entry, ERASED):
            blank.append((place, entry.seq))
    return [place for place, seq in blank if max(named.get(seq, -1), somebody) <= place]


def withheld(entries: Sequence[Entry], *, lent: bool) -> list[int]:
    """Return the positions of entries that lack texts which nobody had to withhold."""
    lacking = [place for place, entry in enumerate(entries) if _lost(entry, WITHHELD)]
    if not lacking or not lent:
        return lacking
    try:
        told = replay(entries)
    except UNREADABLE:
        return lacking
    hidden = for_legal(entries, told) if told else frozenset()
    return [place for place in lacking if entries[place].seq not in hidden]


def _lost(entry: Entry, instead: str) -> bool:
    """Tell whether this stands where a text of the entry was."""
    bare = [path for path, held in entry.seals.items() if not held.salt]
    if not bare:
        return False
    words = dict(personal_texts(entry))
    return any(words.get(path) == instead for path in bare)


def _silent(entry: Entry, where: str) -> Problem:
    message = "its words are gone, and no later entry says that they were erased"
    hint = "of a backup that was erased too, the room's own log says so"
    return about(Problem("erased", where, message, hint), entry)


def _taken(entry: Entry, where: str) -> Problem:
    message = "its words were withheld, and it was not marked for Legal in a log from elsewhere"
    return about(Problem("erased", where, message), entry)


def anchor_problems(
    entries: Iterable[Entry], where: str, anchor: str, noted: Iterable[str] = ()
) -> list[Problem]:
    """Return what is wrong when a hash noted elsewhere (12 digits or more) is not in the chain.

    `noted` are the sums of anchors that the room itself tells of: they are good for one as well.
    """
    wanted = anchor.strip().lower()
    if not wanted:
        return []
    if not _ANCHOR.fullmatch(wanted):
        return [Problem("anchor", where, "an anchor is 12 to 64 digits of a hash", "0-9 and a-f")]
    if any(entry.hash.startswith(wanted) for entry in entries):
        return []
    if any(one.startswith(wanted) for one in noted):
        return []
    message = f"no entry has the hash {wanted[:12]}…: its end was removed, or it was rewritten"
    return [Problem("anchor", where, message, "compare it with an export from that time")]


def _link_flaws(entries: Iterable[Entry]) -> Iterator[tuple[int, str]]:
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected:
            yield entry.seq, f"entry {expected} should stand here: one was removed, added or moved"
        if entry.prev_hash != previous:
            yield entry.seq, "it does not follow from the entry before it"
        if not _HASH.fullmatch(entry.hash):
            yield entry.seq, "its hash is none"
        expected, previous = entry.seq + 1, entry.hash


def _oddities(entry: Entry, chain: str) -> Iterator[str]:
    """Yield what hashes alone do not show."""
    if entry.chain != chain:
        yield "it belongs to another chain"
    if _has_mask(entry.data):
        yield "a hash stands where a text was"
    try:
        exact = all(unstamp(stamp(moment)) == moment for moment in (entry.at, entry.recorded_at))
    except UNREADABLE:
        exact = False
    if not exact:
        yield "its times are not as the log keeps them"


def _has_mask(value: Any) -> bool:
    if isinstance(value, Mapping):
        return _MASK in value or any(map(_has_mask, value.values()))
    return isinstance(value, list) and any(map(_has_mask, value))
