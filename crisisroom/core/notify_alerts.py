"""What an Alertmanager is told: alerts by their labels, which end when nobody repeats them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.timeline import stamp
from crisisroom.text import clean_line

INCIDENT, SOURCE = "CrisisroomIncident", "CrisisroomSourceSilent"
WAY, UNANSWERED = "CrisisroomWayToPeopleFails", "CrisisroomPageUnanswered"
ALIVE = "CrisisroomWatcherAlive"
LASTS = timedelta(minutes=4)  # until an alert ends that is not repeated
_GRAVE = {"sev1": "critical", "sev2": "critical", "sev3": "warning"}
_TITLE = 120  # characters


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert; `about` is what it names, an id of ours."""

    name: str
    about: str
    severity: str
    summary: str
    since: datetime

    def labels(self, room: str) -> dict[str, str]:
        """Return what tells it from others."""
        named = {"alertname": self.name, "severity": self.severity, "service": "crisisroom"}
        return named | {"id": self.about or "room"} | ({"room": room} if room else {})

    def posted(self, room: str, now: datetime, *, over: bool = False) -> dict[str, Any]:
        """Return it as the Alertmanager takes it, for a while or as over."""
        return {
            "labels": self.labels(room),
            "annotations": {"summary": self.summary},
            "startsAt": stamp(min(self.since, now)),
            "endsAt": stamp(now if over else now + LASTS),
        }


def incident_alert(incident: Incident, *, whole: bool) -> Alert:
    """Return the alert of an open incident; its title is told only where that is wanted."""
    title = f": {clean_line(incident.title, limit=_TITLE)}" if whole else ""
    return Alert(
        name=INCIDENT,
        about=incident.id,
        severity=_GRAVE.get(incident.severity, "warning"),
        summary=f"{incident.id} {incident.severity.upper()} is open{title}",
        since=incident.declared_at,
    )


def gone(before: Iterable[Alert], now: Iterable[Alert]) -> list[Alert]:
    """Return the alerts that are over: those that were told and do not hold any more."""
    held = {(one.name, one.about, one.severity) for one in now}
    return [one for one in before if (one.name, one.about, one.severity) not in held]
