"""Who is who in a public export: numbers in the order of appearance instead of names.

Numbers cannot be guessed back the way a hash of a handle can, and mean nothing outside their
incident. They are the same in every format and stay the same as the log grows, also where
somebody's words were erased meanwhile: an erased person keeps their number, though nobody can tell
any more whose it was.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crisisroom.core.persons import Person
from crisisroom.core.timeline import ERASED, Entry
from crisisroom.report.aliases import SHORT, Known, Names, reached, stranger, telling, way_to_reach
from crisisroom.report.history import PLANS
from crisisroom.report.log import Log

_MACHINE = "room"
_STAFF = frozenset({"person", "assignee"})
_OWNED = ("action.", "promise.")  # of what is sent, the owner is a program
_ADDRESSES = ("url", "external_id")
_SAYS = ("key_messages", "faq", "statements", "sign_off", "pointer")
_SPOKEN = frozenset({"text", "also", "answer", "sign_off", "pointer"})  # of these, what goes out


class Pseudonyms:
    """Stand-ins for everybody who appears in a log: strangers, the team, contacts, enquirers."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        log = entries if isinstance(entries, Log) else Log(entries)
        self._together = _erased_together(log)
        self._strangers = _People("person")
        self._enquirers = _People("enquirer")
        self._contacts = _People("contact")
        self._authors: dict[str, str] = {}  # by the uid of a mention
        self._staff: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._ours: dict[str, None] = {}
        self._sayable: set[str] = set()  # facts that fill words of ours
        for entry in log:
            self._meet(entry)
        others = [name for name in self._owners if name and name not in self._staff]
        self._owners = {name: f"owner-{number}" for number, name in enumerate(others, 1)}
        outside = [*self._met()]
        team = [
            Known(person=Person(names=(name,)), called=called)
            for name, called in (self._staff | self._owners).items()
            if telling(name)
        ]
        self._said = Names(outside, self._ours)
        self._inner = Names([*outside, *team], self._ours)

    def _met(self) -> Iterator[Known]:
        for one in self._strangers.known():
            handles = one.handles or {"": None}
            for number, handle in enumerate(handles):
                names, addresses = (one.names, one.ways) if number == 0 else ((), ())
                yield stranger(one.called, handle, names, addresses)
        for people in (self._enquirers, self._contacts):
            for one in people.known():
                yield reached(one.called, one.names, one.ways)

    def _meet(self, entry: Entry) -> None:
        data = entry.data
        self._colleague(entry.actor)
        for key, value in _strings(data):
            if key in _STAFF:
                self._colleague(value)
            elif key == "owner" and entry.kind.startswith(_OWNED):
                self._owners.setdefault(value, "")
        if isinstance(handle := data.get("handle"), str) and handle:
            self._stranger(entry, handle)
        if entry.kind in PLANS:
            self._plan(data["plan"])
        elif entry.kind == "enquiry.added":
            self._enquirer(entry)
        elif entry.kind == "fact.set" and data["fact"] in self._sayable:
            if way_to_reach(data["value"]):  # where people reach us: we gave it out ourselves
                self._ours[data["value"]] = None
        elif entry.kind in ("contact.called", "approval.asked"):
            self._contact(data)
        elif entry.kind == "escalation.step":
            for one in data.get("people", ()):
                self._contact(one)

    def _colleague(self, name: str) -> None:
        if name not in ("", _MACHINE):
            self._staff.setdefault(name, f"responder-{len(self._staff) + 1}")

    def _stranger(self, entry: Entry, handle: str) -> None:
        data, key = entry.data, _bare(handle)
        if handle != ERASED:
            if entry.kind == "mention.linked":
                self._authors[data["mention"]] = key
            else:  # a reply may leave out the server
                self._strangers.same(key, self._authors.get(data.get("mention", ""), key))
            one = self._strangers.number(key)
            one.handles[handle] = None
            one.learn(data.get("name"), *map(data.get, _ADDRESSES))
        elif entry.kind in ("mention.linked", "reply.drafted") and entry.seq in self._together:
            self._strangers.number(self._together[entry.seq])

    def _enquirer(self, entry: Entry) -> None:
        name, reach = entry.data.get("name"), entry.data.get("to")
        if name == ERASED:
            self._enquirers.number(self._together.get(entry.seq, f"erased {entry.seq}"))
        elif _long(name):
            self._enquirers.number(_bare(f"{name}")).learn(name, reach)
        else:
            self._enquirers.unnamed.learn("", reach)

    def _plan(self, plan: Mapping[str, Any]) -> None:
        for contact in plan.get("contacts", ()):
            self._contact(contact)
        self._sayable |= {fact["id"] for fact in plan.get("facts", ()) if fact.get("may_fill")}
        self._ours |= dict.fromkeys(_spoken({key: plan.get(key) for key in _SAYS}, ""))

    def _contact(self, contact: Mapping[str, Any]) -> None:
        name = contact.get("name")
        ways = [reach["to"] for reach in contact.get("reach", ())]
        if name == ERASED:
            self._contacts.number(f"erased {contact.get('id', '')}").learn("", *ways)
        elif _long(name):
            self._contacts.number(_bare(f"{name}")).learn(name, *ways)
        else:
            self._contacts.unnamed.learn("", *ways)

    def stranger(self, handle: str) -> str:
        """Return the stand-in for a handle; what is empty or erased stays so."""
        return self._strangers.called(_bare(handle)) or (handle and ERASED)

    def staff(self, name: str) -> str:
        """Return the stand-in for somebody of the team; the machine stays `room`."""
        if name in ("", _MACHINE):
            return name
        return self._staff.get(name) or self._owners.get(name, "responder")

    def words(self, text: str) -> str:
        """Return words that went out with the name of everybody outside replaced.

        Colleagues stay: we named them to the public ourselves, and what they are called (`will`,
        `mark`) is often a word of the sentence.
        """
        return self._said.replaced(text)

    def inner(self, text: str) -> str:
        """Return what was meant for the room, with every known name replaced."""
        return self._inner.replaced(text)

    def names(self, text: str) -> bool:
        """Tell whether a text names anybody outside."""
        return self._said.names(text)

    def knows(self, text: str) -> bool:
        """Tell whether a text names somebody who is known, of the team or from outside."""
        return self._inner.knows(text)


class _One:
    """What one person turned out to be called and reached by."""

    def __init__(self, called: str) -> None:
        self.called = called
        self.handles: dict[str, None] = {}
        self.names: dict[str, None] = {}
        self.ways: dict[str, None] = {}

    def learn(self, name: Any, *ways: Any) -> None:
        """Take in a name and ways to reach them; what is erased or no text is passed over."""
        self.names |= dict.fromkeys(_said(name))
        self.ways |= dict.fromkeys(_said(*ways))


class _People:
    """People of one sort, numbered in the order they are met."""

    def __init__(self, sort: str) -> None:
        self._sort = sort
        self._known: dict[str, _One] = {}
        self._count = 0
        self.unnamed = _One(sort)

    def number(self, key: str) -> _One:
        """Return the person of this key, new ones with the next number."""
        found = self._known.get(key)
        if found is None:
            self._count += 1
            found = self._known[key] = _One(f"{self._sort}-{self._count}")
        return found

    def same(self, key: str, other: str) -> None:
        """Take in that a person has another key as well, where that one is nobody's yet."""
        if other in self._known:
            self._known.setdefault(key, self._known[other])

    def called(self, key: str) -> str:
        """Return the stand-in, nothing for somebody nobody met."""
        found = self._known.get(key)
        return found.called if found else ""

    def known(self) -> Iterator[_One]:
        """Yield everybody, those without a name last."""
        yield from {one.called: one for one in self._known.values()}.values()
        yield self.unnamed


def _erased_together(log: Log) -> dict[int, str]:
    """Return which entries were erased in one go: they told of the same person."""
    return {
        seq: f"erased in {entry.seq}"
        for entry in log.of(("words.erased",))
        for seq in entry.data.get("entries", ())
        if isinstance(seq, int)
    }


def _said(*texts: Any) -> Iterator[str]:
    return (one for one in texts if isinstance(one, str) and one not in ("", ERASED))


def _long(name: Any) -> bool:
    return isinstance(name, str) and len(name) >= SHORT and name != ERASED


def _bare(handle: str) -> str:
    """Return a handle as it is the same everywhere: replies write it with an @."""
    return unicodedata.normalize("NFKC", handle).casefold().lstrip("@")


def _strings(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, value in data.items() if isinstance(value, str))


def _spoken(value: Any, key: str) -> Iterator[str]:
    """Yield the approved words in a part of a plan."""
    if isinstance(value, str) and key in _SPOKEN:
        yield value
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield from _spoken(below, name)
    elif isinstance(value, list):
        for below in value:
            yield from _spoken(below, key)
