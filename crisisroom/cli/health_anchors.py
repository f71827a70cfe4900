"""Examining the places that anchors go to."""

from __future__ import annotations

from collections.abc import AsyncIterator

from crisisroom.cli.health import Finding, Patient


async def anchors(patient: Patient) -> AsyncIterator[Finding]:
    """Find which places were not given their anchors."""
    from crisisroom.cli.anchoring import whither
    from crisisroom.room import anchoring

    if patient.room is None or not patient.config.anchors:
        return
    for one in await anchoring.standing(patient.room):
        where = f"anchors {one.place.id}"
        there = whither(one.place)
        try_it = f"crisisroom anchor send {one.place.id}"
        if one.state == "failing":
            why = f"{there} was not given its anchor: {one.reason}"
            yield Finding("fail", "anchor", where, why, f"mend it, then {try_it}")
        elif one.state == "stale":
            why = f"{there} lacks what happened since {one.last_at:%Y-%m-%d %H:%M} UTC"
            yield Finding("fail", "anchor", where, why, f"crisisroom watch sends them; {try_it}")
        elif one.state == "new":
            why = f"{there} was never given one"
            yield Finding("warn", "anchor", where, why, f"crisisroom watch sends them; {try_it}")
        else:
            yield Finding("ok", "anchor", where, there)
