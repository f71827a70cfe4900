"""What every part of a brief is written with: the incident, the hour, who reads."""

from __future__ import annotations

from datetime import datetime, tzinfo

from crisisroom.core.clocks import ClockState, clocks
from crisisroom.core.incident import Incident, Words
from crisisroom.core.terms import zone_of

ANYBODY = ("public", "media")  # the audiences whose words anybody may read
NOBODY = "\0"  # what nobody can be called: whose page it is while nobody holds the part


class Writer:
    """One brief while it is written, for a person in some roles."""

    def __init__(
        self, incident: Incident, now: datetime, person: str, roles: frozenset[str]
    ) -> None:
        self.incident = incident
        self.now = now
        self.person = person
        self.mine = roles
        self.zone: tzinfo = zone_of(incident.zone)
        self.running = clocks(incident, now)

    def at(self, moment: datetime) -> str:
        """Return a time of today as 03:07, of another day with its date."""
        local = moment.astimezone(self.zone)
        today = local.date() == self.now.astimezone(self.zone).date()
        return f"{local:%H:%M}" if today else f"{local:%Y-%m-%d %H:%M}"

    def holder(self, role_id: str) -> str:
        """Return who holds a role, else what it is called."""
        role = self.incident.roles.get(role_id)
        return (role.holder or role.title) if role else "nobody"

    def seer(self, owner: str) -> str:
        """Return who sees to something, a role by its holder."""
        return self.holder(owner) if owner in self.incident.roles else owner or "nobody"

    def words(self) -> tuple[Words, ...]:
        """Return all statements and replies."""
        return (*self.incident.statements.values(), *self.incident.replies.values())

    def out(self) -> list[tuple[datetime, Words]]:
        """Return the statements that are out, the oldest first."""
        sent = [(one.sent_at, one) for one in self.incident.statements.values() if one.sent_at]
        return sorted(sent, key=lambda pair: pair[0])

    def is_for_legal(self, entry: int) -> bool:
        """Tell whether an entry is marked for Legal's eyes only."""
        return self.incident.marked.get(f"{entry}") == "legal"


def late(clock: ClockState) -> str:
    """Return what is added to a clock that has run out."""
    return ", late" if clock.state == "overdue" else ""
