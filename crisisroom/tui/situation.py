"""What every screen knows of the room at one moment."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

from crisisroom.core.candidate import Candidate
from crisisroom.core.clocks import ClockState
from crisisroom.core.incident import Incident
from crisisroom.core.said import Stopped
from crisisroom.core.terms import zone_of

if TYPE_CHECKING:
    from crisisroom.room.notifying_looking import Standing
    from crisisroom.room.reading import Status
    from crisisroom.store.places import Doing, Presence


class Shut(msgspec.Struct, frozen=True):
    """Why nothing can be changed in this room any more: one word, what happened, what to say."""

    chip: str
    told: str
    refusal: str


class Situation(msgspec.Struct, frozen=True):
    """The incident in view, its clocks, the room's status: as read at `now`."""

    now: datetime
    me: str
    incident: Incident | None = None
    clocks: tuple[ClockState, ...] = ()
    status: Status | None = None
    zone_name: str = "UTC"
    drill_note: str = ""
    warnings: tuple[Candidate, ...] = ()  # early warnings, open and watched, the newest first
    stopped: Stopped | None = None  # who stopped all outgoing words of the room
    telling: Standing | None = None  # who was told what, and what keeps it from working
    access: str = ""  # as what this person only reads: observer, executive
    away: str = ""  # that the room is not reached, or only read, in words
    shut: Shut | None = None

    @property
    def zone(self) -> tzinfo:
        """The zone in which times are shown: the case's, else the room's."""
        return zone_of(self.incident.zone if self.incident else self.zone_name)

    @property
    def people(self) -> tuple[Presence, ...]:
        """The open screens of everybody who is here."""
        return self.status.people if self.status else ()

    @property
    def drill_over(self) -> bool:
        """Whether the drill of this room has come to its end."""
        return bool(self.drill_note and self.incident and self.incident.status == "resolved")

    @property
    def waiting(self) -> tuple[Candidate, ...]:
        """The early warnings nobody has decided on, the one that waits longest first."""
        return tuple(one for one in reversed(self.warnings) if one.state == "open")


@runtime_checkable
class Situated(Protocol):
    """An app that knows the situation and tells its screens when it changes."""

    situation: Situation


@runtime_checkable
class Placed(Protocol):
    """An app that lets the others know where this person is."""

    def moved(self, *, soon: bool = False) -> None:
        """Note that the place changed; `soon` says it at once: somebody begins to write."""


@runtime_checkable
class Engaged(Protocol):
    """A screen on which something is done that colleagues should know of."""

    def engaged(self) -> tuple[Doing, str, str]:
        """Return what is done, to which post, on which row of the incident."""


@runtime_checkable
class Sheeted(Protocol):
    """An app that can open the fact sheet above whatever is on the screen."""

    def open_sheet(self) -> None:
        """Open it; what is below waits."""


@runtime_checkable
class Undoing(Protocol):
    """An app that remembers what this person did, and how it is taken back."""

    def take_back(self) -> None:
        """Take the last act back, and say so."""


@runtime_checkable
class Leading(Protocol):
    """An app whose room's screen can be led somewhere from a screen above it."""

    def show_posts(self, typed: str) -> None:
        """Go back to the feed, narrowed to what fits."""

    def show_place(self, incident: str, view: str, mention: str) -> None:
        """Go back to the room and look where somebody else looks."""

    def show_incident(self, incident: str) -> None:
        """Go back to the room and look at an incident."""
