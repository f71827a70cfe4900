"""A report in the making: the record, and how its times are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from crisisroom.core import corrected
from crisisroom.core.factvalue import written_value
from crisisroom.core.incident import Incident
from crisisroom.core.recorded import Correction
from crisisroom.core.timeline import ERASED, WITHHELD, Entry, stamp, unstamp
from crisisroom.report.model import Record
from crisisroom.report.plain import local, local_iso, zone_of, zone_or_utc
from crisisroom.report.redact import LEFT_OUT


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
    def told(self) -> Iterator[Entry]:
        """Yield the entries that the profile's timeline shows, in the order they happened.

        Where a time was corrected, the right one counts.
        """
        log = self.record.entries
        shown = (one for one in log if not self.public or one.text != LEFT_OUT)
        return (log[seq - 1] for _, seq in sorted((self.happened(one), one.seq) for one in shown))

    def happened(self, entry: Entry) -> datetime:
        """Return when the thing happened that an entry tells of, by the newest correction."""
        return corrected.at(self.incident, entry)

    def correction(self, entry: Entry) -> Correction | None:
        """Return what an entry should have said, or when it was; None where it stands."""
        return corrected.correction(self.incident, entry)

    def when(self, at: datetime | None) -> str:
        """Return a time of the zone, with UTC beside it where that differs; nothing for no time."""
        if at is None:
            return ""
        beside = at.astimezone(self.zone).utcoffset()
        return (
            f"{local(at, self.zone)} ({at.astimezone(UTC):%H:%M:%SZ})"
            if beside
            else local(at, self.zone)
        )

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
        """Return what a fact is, as people read it: times of the zone, numbers with their unit."""
        fact = self.incident.facts.get(fact_id)
        if fact is None or value in ("", LEFT_OUT, ERASED, WITHHELD):
            return value
        if fact.type == "time" and (moment := _moment(value)):
            return self.when(moment)
        shown = written_value(msgspec.structs.replace(fact, value=value), self.zone)
        return f"{shown} {fact.unit}" if fact.type == "number" and fact.unit else shown

    def severity(self, severity_id: str) -> str:
        """Return a severity as people read it: `SEV1 Serious`."""
        known = (one.label for one in self.incident.plan.severities if one.id == severity_id)
        return f"{severity_id.upper()} {next(known, '')}".strip()

    def rank(self, severity_id: str) -> int:
        """Return the place of a severity among those of the plan, 0 for the most serious."""
        ids = [one.id for one in self.incident.plan.severities]
        return ids.index(severity_id) if severity_id in ids else len(ids)

    def who(self, entry: Entry) -> str:
        """Return who did it, and in which role."""
        role = self.role(entry.role)
        return f"{entry.actor} ({role})" if role else entry.actor


def _moment(value: str) -> datetime | None:
    """Return the moment that a value of the log is; None for one from before it was a time."""
    try:
        return unstamp(value)
    except ValueError:
        return None
