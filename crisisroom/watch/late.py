"""Writing down what came late: each overdue clock leaves one entry, once."""

from __future__ import annotations

from crisisroom.core.clocks import ClockState, clocks
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Room, Scene, reading
from crisisroom.store import Tx, leases
from crisisroom.store.leases import Lease


async def note_late(room: Room, lease: Lease | None = None) -> int:
    """Leave an entry for every clock that ran out since the last look; returns how many."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> list[Draft]:
        if lease:
            await leases.check(tx, lease)
        return _late_drafts(state, scene)

    noted = 0
    for incident in await reading.incidents(room):
        if _fresh(incident, room.scene()):
            acted = await room.act_in(incident.id, decide)
            noted += len(acted.entries) if acted.changed else 0
    return noted


def _late_drafts(state: Incident, scene: Scene) -> list[Draft]:
    return [
        Draft(
            kind="clock.late",
            text=f"late: {clock.title}",
            data={"clock": mark(clock), "due_at": stamp(clock.due_at), "who": clock.who},
            at=clock.due_at,
            actor="room",
            source="system",
        )
        for clock in _fresh(state, scene)
    ]


def _fresh(state: Incident, scene: Scene) -> list[ClockState]:
    return [
        clock
        for clock in clocks(state, scene.now)
        if clock.state == "overdue" and mark(clock) not in state.fired
    ]


def mark(clock: ClockState) -> str:
    """Return what tells one due time of a clock from its next."""
    return f"{clock.id}@{stamp(clock.due_at)}"
