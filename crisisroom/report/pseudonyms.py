"""Who is who in a public export: numbers in the order of appearance instead of names.

Numbers cannot be guessed back the way a hash of a handle can, stay the same as the log grows, and
mean nothing outside their incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crisisroom.core.timeline import ERASED, Entry
from crisisroom.report.history import PLANS

_MACHINE = "room"
_STAFF = frozenset({"person", "assignee"})
_SHORT = 3  # shorter names are common words: they are left out as a whole handle only


class Pseudonyms:
    """Stand-ins for everybody who appears in a log: strangers, the team, contacts, enquirers."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._strangers: dict[str, str] = {}
        self._staff: dict[str, str] = {}
        self._outside: dict[str, str] = {}
        self._contacts: dict[str, str] = {}
        for entry in entries:
            self._meet(entry)
        team = {name.casefold(): called for name, called in self._staff.items() if _long(name)}
        self._said = _Names(self._outside)
        self._planned = _Names(self._contacts)
        self._titled = _Names(team | self._contacts | self._outside)

    def _meet(self, entry: Entry) -> None:
        self._colleague(entry.actor)
        for key, value in _strings(entry.data):
            if key in _STAFF:
                self._colleague(value)
        handle = entry.data.get("handle")
        if isinstance(handle, str) and handle not in ("", ERASED):
            stand_in = f"person-{len(self._strangers) + 1}"
            stand_in = self._strangers.setdefault(_bare(handle), stand_in)
            for alias in _aliases(handle, entry.data.get("name")):
                self._outside.setdefault(alias.casefold(), stand_in)
        if entry.kind == "enquiry.added":
            _name(self._outside, entry.data.get("name"), "enquirer")
        if entry.kind in PLANS:
            for contact in entry.data["plan"].get("contacts", ()):
                _name(self._contacts, contact["name"], "contact")

    def _colleague(self, name: str) -> None:
        if name not in ("", _MACHINE):
            self._staff.setdefault(name, f"responder-{len(self._staff) + 1}")

    def stranger(self, handle: str) -> str:
        """Return the stand-in for a handle; what is empty or erased stays so."""
        return self._strangers.get(_bare(handle), handle and ERASED)

    def staff(self, name: str) -> str:
        """Return the stand-in for somebody of the team; the machine stays `room`."""
        return name if name in ("", _MACHINE) else self._staff.get(name, "responder")

    def words(self, text: str) -> str:
        """Return words that went out with the name of everybody outside replaced.

        Colleagues stay: we named them to the public ourselves.
        """
        return self._said.replaced(text)

    def title(self, text: str) -> str:
        """Return what somebody in the room called a thing, with every known name replaced."""
        return self._titled.replaced(text)

    def planned(self, text: str) -> str:
        """Return what a playbook says with the names of its contacts replaced."""
        return self._planned.replaced(text)


class _Names:
    """Finds names in a text, whole words and whatever their case."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        self._pattern = _any_of(aliases)

    def replaced(self, text: str) -> str:
        """Return the text with a stand-in for every name."""
        return self._pattern.sub(self._stand_in, text) if self._pattern else text

    def _stand_in(self, found: re.Match[str]) -> str:
        # case-blind matching knows pairs that folding does not: i and the dotless ı
        return self._aliases.get(found[0].casefold(), "somebody")


def _name(known: dict[str, str], name: Any, sort: str) -> None:
    if _long(name):
        number = sum(called.startswith(f"{sort}-") for called in known.values()) + 1
        known.setdefault(name.casefold(), f"{sort}-{number}")


def _long(name: Any) -> bool:
    return isinstance(name, str) and len(name) >= _SHORT and name != ERASED


def _bare(handle: str) -> str:
    """Return a handle as it is the same everywhere: replies write it with an @."""
    return handle.lstrip("@").casefold()


def _strings(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, value in data.items() if isinstance(value, str))


def _aliases(handle: str, name: Any) -> Iterator[str]:
    """Yield how a stranger may be called in our own words."""
    bare = handle.lstrip("@")
    local = bare.split("@")[0]
    yield from (handle, f"@{bare}", f"@{local}")
    yield from (alias for alias in (bare, local) if len(alias) >= _SHORT)
    if _long(name):
        yield name


def _any_of(aliases: Mapping[str, str]) -> re.Pattern[str] | None:
    if not aliases:
        return None
    longest_first = sorted(aliases, key=lambda alias: (-len(alias), alias))
    names = "|".join(re.escape(alias) for alias in longest_first)
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
