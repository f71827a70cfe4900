"""The leases of watchers, and how fast their hearts beat: a death is to cost one poll at most.

Every live watcher holds `watcher …`; one of them holds `watch`, and does what happens once in a
room; each source belongs to whoever holds `source …`.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

LEASE = "watch"
MEMBER = "watcher "
SOURCE = "source "
TTL = 20.0  # seconds without a heartbeat until somebody else may take over, at most
BEAT = 5.0
PROMPT = 0.8  # seconds: the shortest silence that is not taken for a busy machine
PART = 0.6  # of the shortest period: what is left of it is for noticing, and for asking anew
BEATS = 4  # in the time of one silence


class Pace(msgspec.Struct, frozen=True):
    """Seconds of silence that lose a lease, and between two heartbeats."""

    ttl: float = TTL
    beat: float = BEAT


def pace_for(periods: Iterable[float]) -> Pace:
    """Return how fast to beat so that a death costs none of these sources more than one poll."""
    ttl = min(TTL, max(PROMPT, PART * min(periods, default=TTL / PART)))
    return Pace(ttl, min(BEAT, ttl / BEATS))
