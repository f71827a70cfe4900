"""What every export is made from: the log, and the incident that replaying it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from crisisroom.core.apply import replay
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.report.log import Log

Profile = Literal["internal", "legal", "public"]
PROFILES: tuple[Profile, ...] = ("internal", "legal", "public")
SCHEMA = 2  # of the JSON and JSON-lines exports

# what replaying data of the wrong shape runs into
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)

_ID = re.compile(r"INC-[1-9][0-9]{0,8}", re.ASCII)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A log as one profile may read it; `as_of` is when its newest entry was recorded."""

    entries: Log
    incident: Incident
    as_of: datetime
    head_hash: str
    profile: Profile = "internal"


def record(entries: Iterable[Entry], profile: Profile = "internal") -> Record:
    """Replay an incident's entries; Refused when they do not tell an incident.

    `profile` says what the entries are, it leaves nothing out: `redact.narrowed` does.
    """
    kept = entries if isinstance(entries, Log) else Log(entries)
    try:
        incident = _sound(replay(kept))
    except UNREADABLE as error:
        raise Refused("unreadable", f"the entries cannot be replayed: {_words(error)}") from error
    last = kept[-1]
    return Record(
        entries=kept,
        incident=incident,
        as_of=last.recorded_at,
        head_hash=last.hash,
        profile=profile,
    )


def _sound(incident: Incident | None) -> Incident:
    """Return the incident with every value of the type it should have."""
    if incident is None:
        raise ValueError("there are none")
    sound = msgspec.convert(msgspec.to_builtins(incident), Incident)
    if not _ID.fullmatch(sound.id):
        raise ValueError(f"{sound.id!r} is not the id of an incident")
    return sound


def _words(error: BaseException) -> str:
    return f"{error}" if isinstance(error, ValueError) else f"{type(error).__name__} {error}"
