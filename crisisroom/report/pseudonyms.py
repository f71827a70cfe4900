"""Who is who in a public export: numbers in the order of appearance instead of names.

Numbers cannot be guessed back the way a hash of a handle can, stay the same as the log grows, and
mean nothing outside their incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crisisroom.core.timeline import ERASED, Entry

_MACHINE = "room"
_STAFF = frozenset({"person", "assignee"})
_SHORT = 3  # shorter names are common words: they are left out as a whole handle only


class Pseudonyms:
    """Stand-ins for the strangers and the people of the team who appear in a log."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._strangers: dict[str, str] = {}
        self._staff: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        for entry in entries:
            self._meet(entry)
        self._pattern = _any_of(self._aliases)

    def _meet(self, entry: Entry) -> None:
        if entry.actor and entry.actor != _MACHINE:
            self._staff.setdefault(entry.actor, f"responder-{len(self._staff) + 1}")
        for key, value in _strings(entry.data):
            if key in _STAFF and value:
                self._staff.setdefault(value, f"responder-{len(self._staff) + 1}")
        handle = entry.data.get("handle")
        if isinstance(handle, str) and handle not in ("", ERASED):
            stand_in = f"person-{len(self._strangers) + 1}"
            stand_in = self._strangers.setdefault(_bare(handle), stand_in)
            for alias in _aliases(handle, entry.data.get("name")):
                self._aliases.setdefault(alias.casefold(), stand_in)

    def stranger(self, handle: str) -> str:
        """Return the stand-in for a handle; what is empty or erased stays so."""
        return self._strangers.get(_bare(handle), handle and ERASED)

    def staff(self, name: str) -> str:
        """Return the stand-in for somebody of the team; the machine stays `room`."""
        return name if name in ("", _MACHINE) else self._staff.get(name, "responder")

    def words(self, text: str) -> str:
        """Return a text with every known stranger's handle and name replaced."""
        if self._pattern is None:
            return text
        return self._pattern.sub(self._stand_in, text)

    def _stand_in(self, found: re.Match[str]) -> str:
        # case-blind matching knows pairs that folding does not: i and the dotless ı
        return self._aliases.get(found[0].casefold(), "somebody")


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
    if isinstance(name, str) and len(name) >= _SHORT and name != ERASED:
        yield name


def _any_of(aliases: Mapping[str, str]) -> re.Pattern[str] | None:
    if not aliases:
        return None
    longest_first = sorted(aliases, key=lambda alias: (-len(alias), alias))
    names = "|".join(re.escape(alias) for alias in longest_first)
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
