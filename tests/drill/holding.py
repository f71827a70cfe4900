"""What tests of drills share: when they begin, and under which settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from crisisroom.config import Brand, RoomConfig
from crisisroom.core.timeline import Entry
from crisisroom.drill.result import Result

BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OURS = RoomConfig(name="Ours", zone="Europe/Berlin", brand=Brand("Kessel", ("Kessel",)))

Hold = Callable[..., Awaitable[tuple[Result, tuple[Entry, ...]]]]
