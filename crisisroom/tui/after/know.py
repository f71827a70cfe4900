"""What the screen of the review shows: the incident, its figures, what should change, actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from crisisroom.core.corrective import days_left, is_late, today_in
from crisisroom.core.incident import Incident
from crisisroom.core.postmortem import Heading, all_headings
from crisisroom.core.programme import Change
from crisisroom.report.metrics import Metric
from crisisroom.room.corrective import Owned

REVIEW, ACTIONS, PROGRAMME = 1, 2, 3
"""The parts of the screen."""


@dataclass(frozen=True, slots=True)
class After:
    """One moment of the review; `actions` are of this incident, or of all where one looks there."""

    incident: Incident
    changes: Sequence[Change]
    actions: Sequence[Owned]
    me: str
    now: datetime
    zone: tzinfo
    figures: Sequence[Metric] | None = None  # None: they are being counted
    everywhere: bool = False

    @property
    def today(self) -> date:
        """The day it is where the incident is handled."""
        return today_in(self.incident, self.now)

    def heading(self, name: str) -> Heading | None:
        """Return a heading by its id."""
        return next((one for one in all_headings(self.incident) if one.id == name), None)

    def owned(self, name: str) -> Owned | None:
        """Return an action by `INC-1/A-2`."""
        return next((one for one in self.actions if reference(one) == name), None)

    def change(self, name: str) -> Change | None:
        """Return what should change, by its place in the list."""
        place = int(name) if name.isdecimal() else -1
        return self.changes[place] if 0 <= place < len(self.changes) else None

    def days(self, one: Owned) -> int | None:
        """Return how many days an open action has left, None without a day."""
        return days_left(one.action, today_in(one.incident, self.now))

    def late(self, one: Owned) -> bool:
        """Tell whether an action should have been done before today."""
        return is_late(one.action, today_in(one.incident, self.now))


def reference(one: Owned) -> str:
    """Return what names an action among those of all incidents."""
    return f"{one.incident.id}/{one.action.id}"


def by_urgency(found: Sequence[Owned]) -> list[Owned]:
    """Return actions in the order they are looked at: open ones first, the earliest due on top."""

    def place(one: Owned) -> tuple[bool, str, datetime]:
        action = one.action
        return action.state != "open", action.due or "9", action.at

    return sorted(found, key=place)
