"""A report in the making: the record, and how its times are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from crisisroom.core.factvalue import written_value
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import ERASED, Entry, stamp
from crisisroom.report.model import Record
from crisisroom.report.plain import local, local_iso, zone_of, zone_or_utc
from crisisroom.report.redact import LEFT_OUT, TOLD


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

    def times(self, at: datetime | None) -> tuple[str, str]:
        """Return a time for programs, in the zone and in UTC; twice nothing for no time."""
        return ("", "") if at is None else (local_iso(at, self.zone), stamp(at))

    def clock(self, at: datetime) -> str:
        """Return a time of the day in the zone: `03:12:00`."""
        return f"{at.astimezone(self.zone):%H:%M:%S}"

    def role(self, role_id: str) -> str:
        """Return a role's title."""
        role = self.incident.roles.get(role_id)
        return role.title if role else role_id

    def value(self, fact_id: str, value: str) -> str:
        """Return what a fact is, as people read it: times in the zone, numbers with their unit."""
        fact = self.incident.facts.get(fact_id)
        if fact is None or value in ("", LEFT_OUT, ERASED):
            return value
        shown = written_value(msgspec.structs.replace(fact, value=value), self.zone)
        return f"{shown} {fact.unit}" if fact.type == "number" and fact.unit else shown

    def who(self, entry: Entry) -> str:
        """Return who did it, and in which role."""
        role = self.role(entry.role)
        return f"{entry.actor} ({role})" if role else entry.actor
