"""The direction of a drill: it brings the script's posts and injects to whoever plays."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.incident import Incident
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.playbook import DrillPost, DrillStep, Playbook
from crisisroom.core.query import Query
from crisisroom.core.timeline import Draft
from crisisroom.room import Actor, Room, Scene, lifecycle, reading, record, triage
from crisisroom.room.warnings import waiting

DIRECTION = Actor("drill", via="drill")
MOST = 200  # posts that a declaration takes along


class Director:
    """Lets things happen in a drill's room; what needs an incident waits until there is one."""

    def __init__(self, room: Room, playbook: Playbook) -> None:
        self._room = room.as_actor(DIRECTION)
        self.playbook = playbook
        self._heard = 0
        self._held: list[DrillStep] = []

    async def incident(self) -> Incident | None:
        """Return the drill's incident, None before it is declared."""
        known = await reading.incidents(self._room)
        return known[-1] if known else None

    async def hear(self, post: DrillPost) -> None:
        """Let a post arrive."""
        self._heard += 1
        item = Incoming(
            text=post.text,
            source=post.source,
            external_id=f"drill-{self._heard}",
            kind=post.kind,
            author=Author(post.handle, "", post.reach),
            posted_at=self._room.clock.now(),
            lang=self.playbook.language,
        )
        await triage.ingest(self._room, [item])

    async def inject(self, step: DrillStep) -> None:
        """Tell the team something, once there is an incident to tell it in."""
        self._held.append(step)
        await self.catch_up()

    async def catch_up(self) -> None:
        """Tell what waited for the declaration."""
        state = await self.incident() if self._held else None
        while state and self._held:
            await self._tell(state.id, self._held.pop(0))

    async def _tell(self, inc: str, step: DrillStep) -> None:
        def decide(state: Incident, scene: Scene) -> Sequence[Draft]:
            return _told(state, step)

        await self._room.act(inc, decide)

    async def declare(self, severity: str, room: Room | None = None) -> None:
        """Declare the incident with all that was heard, unless somebody did already."""
        if await self.incident():
            return
        heard = await reading.mentions(self._room, Query(limit=MOST))
        await lifecycle.declare(
            room or self._room,
            self.playbook.title,
            playbook=self.playbook,
            severity=severity,
            drill=True,
            candidate=await waiting(self._room),
            mentions=[mention.id for mention in reversed(heard)],
        )

    async def note(self, words: str) -> None:
        """Write a note, where there is an incident to write it in."""
        if state := await self.incident():
            await record.note(self._room, state.id, words)


def _told(state: Incident, step: DrillStep) -> list[Draft]:
    role = state.roles.get(step.to)
    whom = f" to {role.title}" if role else ""
    told = [
        Draft(
            kind="drill.inject",
            text=f"inject{whom}: {step.inject}",
            data={"to": step.to, "words": step.inject},
            actor="room",
            source="system",
        )
    ]
    if role:
        told.append(
            Draft(
                kind="person.notified",
                text=f"told {role.holder or role.title}",
                data={"who": role.id, "words": step.inject},
                actor="room",
                source="system",
            )
        )
    return told
