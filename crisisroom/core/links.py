"""What an entry is about: the things of the room that it names, and those that somebody named.

A link is written as people write the thing: `M-12`, `ST-3`, `T:pause-posts`, `F:affected`,
`C:legal`, `E:12`. Of a mention and a story an entry may hold only the uid; `called` gives its id
where the incident still has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry

LinkSort = Literal[
    "mention",
    "story",
    "warning",
    "statement",
    "reply",
    "task",
    "phase",
    "pause",
    "fact",
    "contact",
    "role",
    "duty",
    "cadence",
    "escalation",
    "enquiry",
    "promise",
    "bulk",
    "question",
    "ask",
    "message",
    "action",
    "factor",
    "evidence",
    "playbook",
    "entry",
]


class Link(msgspec.Struct, frozen=True):
    """One thing that an entry is about."""

    sort: LinkSort
    id: str

    @property
    def ref(self) -> str:
        """How people write it: `M-12`, `T:pause-posts`."""
        return f"{_SHORT.get(self.sort, '')}{self.id}"


# Ids that say themselves what they are of; an early warning is C-3, a contact C:lab.
_NUMBERED: dict[str, LinkSort] = {
    "M": "mention",
    "N": "story",
    "C": "warning",
    "ST": "statement",
    "R": "reply",
    "EQ": "enquiry",
    "P": "promise",
    "B": "bulk",
    "Q": "question",
    "K": "ask",
    "A": "action",
    "F": "factor",
}

_SHORT: dict[LinkSort, str] = {
    "task": "T:",
    "fact": "F:",
    "contact": "C:",
    "duty": "D:",
    "entry": "E:",
    "role": "role:",
    "phase": "phase:",
    "pause": "pause:",
    "cadence": "cadence:",
    "escalation": "escalation:",
    "message": "message:",
    "evidence": "evidence:",
    "playbook": "playbook:",
}

_LONG: dict[str, LinkSort] = {short.rstrip(":").casefold(): sort for sort, short in _SHORT.items()}
_LONG |= {"task": "task", "fact": "fact", "contact": "contact", "duty": "duty", "entry": "entry"}
_LONG |= {"deadline": "duty"}

_ID = re.compile(r"([A-Za-z]{1,2})-([0-9]{1,9})", re.ASCII)

_KEYS: dict[str, LinkSort] = {
    "mention": "mention",
    "narrative": "story",
    "narratives": "story",
    "candidate": "warning",
    "task": "task",
    "tasks": "task",
    "phase": "phase",
    "item": "pause",
    "items": "pause",
    "fact": "fact",
    "facts": "fact",
    "contact": "contact",
    "called": "contact",
    "role": "role",
    "deadline": "duty",
    "cadence": "cadence",
    "escalation": "escalation",
    "enquiry": "enquiry",
    "promise": "promise",
    "bulk": "bulk",
    "question": "question",
    "ask": "ask",
    "uses": "message",
    "message": "message",
    "answer": "message",
    "action": "action",
    "factor": "factor",
    "entry": "entry",
    "entries": "entry",
    "playbook": "playbook",
}
"""Key of an entry's data -> what it names; a value is an id, a row with one, or a list of these."""

_WORDS = ("id", "reply", "corrects", "translates")  # keys that name words of ours: ST-3, R-12
_UIDS: dict[str, tuple[str, ...]] = {
    "mention": ("id", "mention_id"),
    "narrative": ("id",),
    "candidate": ("id",),
}
"""Key that holds a uid -> the keys beside it that hold the id people know."""

_SAYS_ITSELF: dict[str, tuple[LinkSort, ...]] = {
    "mention": ("mention",),
    "narrative": ("story",),
    "candidate": ("warning",),
}
_CLOCKS: dict[str, LinkSort] = {
    "task": "task",
    "done": "task",
    "cadence": "cadence",
    "deadline": "duty",
    "escalation": "escalation",
    "role": "role",
}
"""What the names of clocks begin with, as in `task:pause@2026-11-22T03:12:00.000Z`."""


def links(entry: Entry, called: Mapping[str, str] | None = None) -> tuple[Link, ...]:
    """Return what an entry is about, each thing once: what its data names, then what was named.

    `called` gives the ids that people know for uids; see `names`.
    """
    found = dict.fromkeys(_named(entry, called or {}))
    return tuple(link for link in found if link.id)


def names(incident: Incident) -> dict[str, str]:
    """Return the ids that people know for what an incident has, by uid or as it is written."""
    known = {f"{_SHORT['role']}{name}": name for name in incident.roles}
    known |= {one.uid: one.id for one in incident.mentions.values()}
    known |= {one.uid: one.id for one in incident.stories.values()}
    return known | {one.uid: one.id for one in incident.warnings}


def _named(entry: Entry, called: Mapping[str, str]) -> Iterator[Link]:
    if entry.corrects is not None:
        yield Link("entry", f"{entry.corrects}")
    for key, value in entry.data.items():
        if sort := _KEYS.get(key):
            yield from _values(entry, key, sort, value, called)
        elif key in _WORDS and isinstance(value, str):
            yield from _self_telling(value, ("statement", "reply"))
        elif key == "sha256" and entry.kind.startswith("evidence."):
            yield Link("evidence", value)
        elif key in ("clock", "mark"):
            yield from _clock(value)
    if entry.kind == "task.done":
        yield from _given(entry.data.get("words", ""))
    if entry.kind == "person.notified":
        yield from _notified(entry, called)
    for ref in entry.data.get("about", ()):
        if link := parse(ref):
            yield link


def _values(
    entry: Entry, key: str, sort: LinkSort, value: Any, called: Mapping[str, str]
) -> Iterator[Link]:
    for one in value if isinstance(value, list) else [value]:
        name = one.get("id", one.get(key.removesuffix("s"), "")) if isinstance(one, dict) else one
        if key in _UIDS and name:
            name = _known(entry, key, name, called)
        yield Link(sort, f"{name}")


def _known(entry: Entry, key: str, uid: str, called: Mapping[str, str]) -> str:
    """Return the id people know for a uid: the entry's own word for it first."""
    for beside in _UIDS[key]:
        given = entry.data.get(beside, "")
        if link := next(_self_telling(given, _SAYS_ITSELF[key]), None):
            return link.id
    return called.get(uid, uid)


def _self_telling(value: Any, sorts: tuple[LinkSort, ...]) -> Iterator[Link]:
    found = _ID.fullmatch(value) if isinstance(value, str) else None
    sort = _NUMBERED.get(found[1].upper()) if found else None
    if sort in sorts and sort is not None:
        yield Link(sort, value.upper())


def _clock(value: str) -> Iterator[Link]:
    kind, _, rest = value.partition(":")
    name = rest.partition("@")[0]
    if sort := _CLOCKS.get(kind):
        yield Link(sort, name)
    elif kind in ("approval", "enquiry", "promise"):
        yield from _self_telling(name, ("statement", "reply", "enquiry", "promise"))


def _given(words: str) -> Iterator[Link]:
    """Yield what a task was ticked with, where that is a mention or a statement."""
    first = words.split(maxsplit=1)[0] if words.strip() else ""
    yield from _self_telling(first, ("mention", "statement", "reply", "enquiry"))


def _notified(entry: Entry, called: Mapping[str, str]) -> Iterator[Link]:
    """Yield whom the plan had told something; only the plan knows roles from contacts."""
    who = entry.data.get("who", "")
    yield Link("role" if f"{_SHORT['role']}{who}" in called else "contact", who)


def parse(ref: str) -> Link | None:
    """Return what a link as people write it means, None where it is none."""
    found = _ID.fullmatch(ref.strip())
    if found:
        sort = _NUMBERED.get(found[1].upper())
        return Link(sort, f"{found[1].upper()}-{int(found[2])}") if sort else None
    kind, colon, name = ref.strip().partition(":")
    sort = _LONG.get(kind.casefold())
    return Link(sort, name.strip()) if colon and sort and name.strip() else None
