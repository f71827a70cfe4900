"""When the days and times of a rota are, as its own zone's clocks show them."""

from __future__ import annotations

from datetime import datetime

from crisisroom.config.settings import OnCall, Swap


def span_of(swap: Swap, rota: OnCall) -> tuple[datetime, datetime] | None:
    """Return a swap's ends as local times, None where they are no times; see `OnCall`."""
    try:
        return local_time(swap.start, rota), local_time(swap.end, rota)
    except ValueError:
        return None


def local_time(text: str, rota: OnCall) -> datetime:
    """Return a day and time without a zone; a bare day is meant at the time of hand-over."""
    return datetime.fromisoformat(text if " " in text else f"{text} {rota.handover}")
