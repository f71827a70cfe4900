"""Places in the report that can be pointed at: only ids of our own making become anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisisroom.core.timeline import Entry
from crisisroom.report.html.pieces import Inline, Line, Ref
from crisisroom.report.page import Page

_ID = re.compile(r"(?:ST|R|M|EQ|A)-[1-9][0-9]{0,8}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", re.ASCII)


def thing(name: str) -> str:
    """Return the anchor of a statement, reply, mention, enquiry or action; else nothing."""
    return name if _ID.fullmatch(name) else ""


def task(name: str) -> str:
    """Return the anchor of a task of the checklist; nothing for an id that can be none."""
    return f"task-{name}" if _SLUG.fullmatch(name) else ""


def fact(name: str) -> str:
    """Return the anchor of a fact; nothing for an id that can be none."""
    return f"fact-{name}" if _SLUG.fullmatch(name) else ""


def entry(seq: int) -> str:
    """Return the anchor of an entry of the timeline."""
    return f"e{seq}"


def entry_at(anchor: str) -> bool:
    """Tell whether an anchor is that of an entry."""
    return anchor[:1] == "e" and anchor[1:].isdecimal()


def point(name: str, anchor: str) -> Inline:
    """Return a name that leads to its place, the name alone where it has none."""
    return Ref(anchor, name) if anchor else name


def between(since: int | None, to: int | None) -> Line:
    """Return the two entries that a figure comes from."""
    if since is None or to is None:
        return ""
    if since == to:
        return (Ref(entry(to), f"entry {to}"),)
    return ("entries ", Ref(entry(since), f"{since}"), " to ", Ref(entry(to), f"{to}"))


class Places:
    """Knows what the report has a place for, so that a timeline's entry can lead there."""

    def __init__(self, page: Page) -> None:
        incident = page.incident
        words = (*incident.statements.values(), *incident.replies.values())
        self._incident = incident
        self._known = frozenset(
            (
                *(one.id for one in incident.mentions.values()),
                *(one.id for one in words if not page.public or one.sent_at is not None),
                *incident.enquiries,
                *incident.actions,
            )
        )

    def of_entry(self, one: Entry) -> Iterator[Ref]:
        """Yield what an entry is about, each leading to its place where the report has one."""
        seen = set()
        for name, anchor in (*self._named(one), *self._about(one)):
            if anchor and anchor not in seen:
                seen.add(anchor)
                yield Ref(anchor, name)

    def _named(self, one: Entry) -> Iterator[tuple[str, str]]:
        data, incident = one.data, self._incident
        for key in ("id", "mention_id", "enquiry", "action"):
            name = data.get(key)
            if isinstance(name, str) and name in self._known:
                yield name, thing(name)
        uid = data.get("mention")
        if isinstance(uid, str) and (linked := incident.mentions.get(uid)):
            yield linked.id, thing(linked.id)
        if isinstance(name := data.get("task"), str) and name in incident.tasks:
            yield "the task", task(name)
        if isinstance(name := data.get("fact"), str) and name in incident.facts:
            yield "the fact", fact(name)

    def _about(self, one: Entry) -> Iterator[tuple[str, str]]:
        about = one.data.get("about")
        for name in about if isinstance(about, list) else ():
            if isinstance(name, str):
                yield name, self._place(name)

    def _place(self, name: str) -> str:
        sort, _, rest = name.partition(":")
        if sort == "T" and rest in self._incident.tasks:
            return task(rest)
        if sort == "F" and rest in self._incident.facts:
            return fact(rest)
        if sort == "E" and rest.isascii() and rest.isdigit():
            return entry(int(rest)) if 0 < int(rest) <= self._incident.seq else ""
        return thing(name) if name in self._known else ""
