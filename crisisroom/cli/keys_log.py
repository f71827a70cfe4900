"""Who was turned away at the room's door: one line each in `keys.log` of the room's account.

sshd drops what an AuthorizedKeysCommand says on stderr, and a refusal over a key is seen by its
person alone; whoever runs the host looks here. Ids, codes and fingerprints, never what was typed.
"""

from __future__ import annotations

from crisisroom.clock import SystemClock
from crisisroom.logbook import Level, Logbook, Value


def turned_away(event: str, level: Level = "warn", /, **values: Value) -> None:
    """Write down that somebody was refused, as far as anything can be written."""
    Logbook.usual(SystemClock(), "keys").event(event, level, **values)
