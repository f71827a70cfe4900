"""A report in the making: the record, and how its times are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.report.model import Record
from crisisroom.report.plain import local, zone_of, zone_or_utc
from crisisroom.report.redact import TOLD


@dataclass(frozen=True, slots=True)
class Page:
    """What the sections of a report are written from."""

    record: Record
    zone: ZoneInfo

    @classmethod
    def of(cls, record: Record, zone: str = "") -> Page:
        """Return the page in a zone (Refused for an unknown one), or else in the incident's."""
        return cls(record, zone_of(zone) if zone else zone_or_utc(record.incident.zone))

    @property
    def incident(self) -> Incident:
        """Return the incident as its log tells it."""
        return self.record.incident

    @property
    def public(self) -> bool:
        """Tell whether strangers read it."""
        return self.record.profile == "public"

    @property
    def told(self) -> tuple[Entry, ...]:
        """Return the entries that the profile's timeline shows, in the order they happened."""
        shown = (one for one in self.record.entries if not self.public or one.kind in TOLD)
        return tuple(sorted(shown, key=lambda entry: (entry.at, entry.seq)))

    def when(self, at: datetime | None) -> str:
        """Return a time of the zone with UTC beside it; nothing for no time."""
        if at is None:
            return ""
        return f"{local(at, self.zone)} ({at.astimezone(UTC):%H:%M:%SZ})"

    def role(self, role_id: str) -> str:
        """Return a role's title."""
        role = self.incident.roles.get(role_id)
        return role.title if role else role_id

    def who(self, entry: Entry) -> str:
        """Return who did it, and in which role."""
        role = self.role(entry.role)
        return f"{entry.actor} ({role})" if role else entry.actor
