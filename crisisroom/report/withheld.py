"""What only Legal may read, and how entries go without it: seals stay, words and salts go."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from crisisroom.core.corrected import visibility
from crisisroom.core.incident import Incident
from crisisroom.core.links import Link, links
from crisisroom.core.timeline import WITHHELD, Entry, Seal, personal_texts, unmasked

replace = msgspec.structs.replace

_NAMED = {
    "fact.set": "fact",
    "enquiry.added": "enquiry",
    "action.added": "action",
    "action.changed": "action",
    "promise.made": "promise",
    "task.added": "task",
}
"""Kinds of entries that say what a thing is or is called, which the room's own entries repeat."""


def for_legal(entries: Iterable[Entry], incident: Incident) -> frozenset[int]:
    """Return the numbers of the entries that only Legal may read, with all that follows of them.

    The same for a log that lacks their texts already.
    """
    hidden: set[int] = set()
    named: set[Link] = set()  # what they name
    posts: set[str] = set()  # the uids of posts that they linked
    for entry in entries:
        said = f"{entry.seq}" in incident.marked or entry.data.get("visibility")
        repeats = _repeats(entry, named) or _shows(entry, posts)
        if visibility(incident, entry) == "legal" or (
            not said and (entry.corrects in hidden or repeats)
        ):
            hidden.add(entry.seq)
            sort = _NAMED.get(entry.kind)
            named |= {link for link in links(entry) if link.sort == sort}
            if entry.kind == "mention.linked":
                posts.add(entry.data["mention"])
    return frozenset(hidden)


def _repeats(entry: Entry, named: set[Link]) -> bool:
    """Tell whether the room itself wrote an entry about one of these things."""
    by_itself = bool(named) and entry.source in ("rule", "system")
    return by_itself and not named.isdisjoint(links(entry))


def _shows(entry: Entry, posts: set[str]) -> bool:
    """Tell whether an entry shows one of these posts again: edited, claimed, its pictures."""
    if not posts or entry.data.get("mention") not in posts:
        return False
    picture = entry.kind == "evidence.kept" and entry.data["sort"] == "picture"
    return picture or entry.kind.startswith("mention.")


def withheld(entry: Entry) -> Entry:
    """Return an entry without its free texts; what was erased before stays erased.

    One written before all of these were sealed does not have its hash any more, see `unsealed`.
    """
    held = {path: seal for path, seal in entry.seals.items() if seal.salt}
    clear = [path for path, words in personal_texts(entry) if words and path not in entry.seals]
    data = unmasked(entry.data, dict.fromkeys((*held, *clear), WITHHELD))
    text = WITHHELD if "text" in held else entry.text
    blank = {path: Seal(seal.digest) for path, seal in held.items()}
    return replace(entry, text=text, data=data, seals=entry.seals | blank)


def unsealed(entries: Iterable[Entry]) -> int:
    """Return the first entry from which a text was withheld that its hash is over; 0 for none."""
    for entry in entries:
        for path, words in personal_texts(entry):
            if words == WITHHELD and path not in entry.seals:
                return entry.seq
    return 0


def lacking(entries: Iterable[Entry]) -> int:
    """Return how many texts were withheld from these entries."""
    return sum(_lacks(entry) for entry in entries)


def _lacks(entry: Entry) -> int:
    """Return how many texts of an entry are withheld."""
    blank = {path for path, seal in entry.seals.items() if not seal.salt}
    return sum(path in blank and text == WITHHELD for path, text in personal_texts(entry))
