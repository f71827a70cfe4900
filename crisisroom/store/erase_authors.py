"""Whose post it is, when somebody asks to be erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crisisroom.core.handles import bridged, handle_key
from crisisroom.core.persons import Person


class Authors:
    """Tells whose post a row is: by handle, mail address, or the whole name of who has no handle.

    A handle without its server is somebody's at any; `doubtful` names those of several people.
    """

    def __init__(self, persons: Sequence[Person]) -> None:
        self._persons = persons
        self._handles: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, list[int]] = defaultdict(list)
        self._mails: dict[str, list[int]] = defaultdict(list)
        self._called: dict[int, set[str]] = defaultdict(set)
        for who, person in enumerate(persons):
            if key := handle_key(person.handle):
                self._handles[key.partition("@")[0]].append(who)
            if other := bridged(key):
                self._mails[other].append(who)
            for name in person.names:
                self._names[_name_key(name)].append(who)
            for mail in person.mails:
                self._mails[handle_key(mail)].append(who)

    def of(self, source: str, handle: str, name: str) -> int | None:
        """Return who wrote what came from a source under this handle and name."""
        key = handle_key(handle)
        for who in self._mails.get(key, ()) if key else ():
            return who
        for who in self._handles.get(key.partition("@")[0], ()) if key else ():
            if self._is(who, key, source):
                self._called[who].add(key)
                return who
        if not key and name:
            return next(iter(self._names.get(_name_key(name), ())), None)
        return None

    def _is(self, who: int, key: str, source: str) -> bool:
        person = self._persons[who]
        if person.source and person.source != source:
            return False
        wanted = handle_key(person.handle)
        if "@" in wanted:
            return key == wanted or ("@" not in key and bool(person.source))
        return True

    def doubtful(self) -> dict[int, tuple[str, ...]]:
        """Return who may be several people, with the handles that were met."""
        return {
            who: tuple(sorted(met))
            for who, met in self._called.items()
            if len({one.partition("@")[2] for one in met} - {""}) > 1
        }


def _name_key(name: str) -> str:
    return " ".join(handle_key(name).split())
