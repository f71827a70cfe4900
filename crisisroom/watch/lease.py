"""The watcher's job: one holder at a time, proven by its heartbeat."""

from __future__ import annotations

LEASE = "watch"
TTL = 20.0  # seconds without a heartbeat until somebody else may take over
BEAT = 5.0
