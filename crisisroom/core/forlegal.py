"""What only Legal may read of a log, with all that follows of it, and how entries go without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from crisisroom.core.corrected import readers
from crisisroom.core.incident import Incident
from crisisroom.core.links import Link, links
from crisisroom.core.recorded import Visibility
from crisisroom.core.timeline import WITHHELD, Entry, Seal, personal_texts, unmasked

replace = msgspec.structs.replace
T = TypeVar("T")

_NAMED = {
    "fact.set": "fact",
    "enquiry.added": "enquiry",
    "action.added": "action",
    "action.changed": "action",
    "promise.made": "promise",
    "task.added": "task",
}
"""Kinds of entries that say what a thing is or is called, which the room's own entries repeat."""

_ADDED = _NAMED | {"factor.added": "factor", "question.asked": "question"}
"""Kinds of entries whose thing is not there for who may not read them."""


class Shut:
    """The entries of one log that only Legal may read, gathered in the log's order.

    `written_by` says of each whose words it tells: authors read their own.
    """

    def __init__(self) -> None:
        self.written_by: dict[int, frozenset[str]] = {}
        self._named: dict[Link, frozenset[str]] = {}  # what they name
        self._posts: dict[str, frozenset[str]] = {}  # the uids of posts that they linked

    def look_at(self, entry: Entry, marked: Mapping[str, Visibility]) -> bool:
        """Take one more entry, of a log in which this was marked; returns whether it is one."""
        legal = readers(marked, entry) == "legal"
        said = f"{entry.seq}" in marked or bool(entry.data.get("visibility"))
        whose = frozenset({entry.actor}) if legal else frozenset() if said else self._of(entry)
        if whose:
            self.know(entry, whose)
        return bool(whose)

    def know(self, entry: Entry, whose: frozenset[str]) -> None:
        """Take an entry of which it is known already that only Legal may read it."""
        self.written_by[entry.seq] = whose
        for link in named_by(entry):
            self._named[link] = self._named.get(link, frozenset()) | whose
        if entry.kind == "mention.linked":
            post = entry.data["mention"]
            self._posts[post] = self._posts.get(post, frozenset()) | whose

    def _of(self, entry: Entry) -> frozenset[str]:
        """Return whose words an entry repeats that nobody marked."""
        found = self.written_by.get(entry.corrects or 0, frozenset())
        if self._named and entry.source in ("rule", "system"):
            found = found.union(*(self._named.get(link, ()) for link in links(entry)))
        if self._posts and _shows(entry):
            found |= self._posts.get(entry.data.get("mention", ""), frozenset())
        return found


def named_by(entry: Entry) -> frozenset[Link]:
    """Return the things that an entry says the name or the state of."""
    return _of_sort(entry, _NAMED.get(entry.kind))


def added_by(entry: Entry) -> frozenset[Link]:
    """Return the things that are not there for who may not read an entry."""
    return _of_sort(entry, _ADDED.get(entry.kind))


def _of_sort(entry: Entry, sort: str | None) -> frozenset[Link]:
    return frozenset(link for link in links(entry) if link.sort == sort) if sort else frozenset()


def _shows(entry: Entry) -> bool:
    """Tell whether an entry shows a post again: edited, claimed, its pictures."""
    picture = entry.kind == "evidence.kept" and entry.data["sort"] == "picture"
    return picture or entry.kind.startswith("mention.")


def shut(entries: Iterable[Entry], marked: Mapping[str, Visibility]) -> Shut:
    """Return the entries of a log that only Legal may read, with all that follows of them."""
    found = Shut()
    for entry in entries:
        found.look_at(entry, marked)
    return found


def for_legal(entries: Iterable[Entry], incident: Incident) -> frozenset[int]:
    """Return the numbers of the entries that only Legal may read, with all that follows of them.

    The same for a log that lacks their texts already.
    """
    return frozenset(shut(entries, incident.marked).written_by)


def withheld(entry: Entry) -> Entry:
    """Return an entry without its free texts; what was erased before stays erased.

    One written before all of these were sealed does not have its hash any more, see
    `report.withheld.unsealed`.
    """
    held = {path: seal for path, seal in entry.seals.items() if seal.salt}
    clear = [path for path, words in personal_texts(entry) if words and path not in entry.seals]
    data = unmasked(entry.data, dict.fromkeys((*held, *clear), WITHHELD))
    text = WITHHELD if "text" in held else entry.text
    blank = {path: Seal(seal.digest) for path, seal in held.items()}
    return replace(entry, text=text, data=data, seals=entry.seals | blank)


def without(state: Incident, named: Iterable[Link]) -> Incident:
    """Return an incident without the things that only Legal may know of.

    What was added goes: enquiries, corrective actions, promises, tasks, factors, questions. A fact
    of the plan stays, as one that is not known yet: nothing that rests on it may go out.
    """
    gone: dict[str, set[str]] = {}
    for link in named:
        gone.setdefault(link.sort, set()).add(link.id)
    facts = {
        key: replace(fact, state="checking") if fact.value == WITHHELD else fact
        for key, fact in state.facts.items()
    }
    return replace(
        state,
        facts=facts,
        enquiries=_less(state.enquiries, gone.get("enquiry")),
        actions=_less(state.actions, gone.get("action")),
        promised=_less(state.promised, gone.get("promise")),
        tasks=_less(state.tasks, gone.get("task")),
        factors=_less(state.factors, gone.get("factor")),
        questions=_less(state.questions, gone.get("question")),
    )


def _less(known: dict[str, T], gone: set[str] | None) -> dict[str, T]:
    return {key: one for key, one in known.items() if key not in gone} if gone else known
