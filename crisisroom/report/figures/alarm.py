"""How it began: the first sign, the alert, who came, and when all parts were held."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crisisroom.core.incident import Incident
from crisisroom.core.settle import KNOWN
from crisisroom.core.timeline import Entry, unstamp
from crisisroom.report.figures.points import Point
from crisisroom.report.history import GIVEN, PLANS

IMPACT = "impact_started"
"""The fact that says since when people were hit, in playbooks that ask for it."""

_WARNED = "candidate.raised"
_CALLED = "escalation.started"
_HAS_IT = "escalation.acknowledged"
_RESOLVED = "incident.resolved"
_RANG = "contact.called"


class Alarm:
    """The moments from the first sign to the end, and the people who came."""

    kinds = frozenset(
        {*PLANS, *GIVEN, "role.left", "fact.set", _WARNED, _CALLED, _HAS_IT, _RESOLVED, _RANG}
    )

    def __init__(self, incident: Incident) -> None:
        self._incident = incident
        self.declared = Point(incident.declared_at, 1)
        self.impact: Point | None = None
        self._points: dict[str, list[Point]] = {}
        self._reached: list[Point] = []
        self._lead: list[Point] = []
        self._staffing: list[tuple[Point, str, Any]] = []

    def take(self, entry: Entry, at: datetime) -> None:
        """Take what tells of alerts, calls and parts."""
        point, data = Point(at, entry.seq), entry.data
        self._points.setdefault(entry.kind, []).append(point)
        if entry.kind == "fact.set":
            self._fact(data, point)
        elif entry.kind == _RANG and data["reached"]:
            self._reached.append(point)
        elif entry.kind in PLANS:
            self._staffing.append((point, "plan", _required(data["plan"])))
            if entry.seq == 1:
                self.declared = point
        elif entry.kind in GIVEN or entry.kind == "role.left":
            self._staffing.append((point, entry.kind, data["role"]))
            if entry.kind in GIVEN and data["role"] == self._leading:
                self._lead.append(point)

    def _fact(self, data: dict[str, Any], point: Point) -> None:
        if data["fact"] != IMPACT:
            return
        since: datetime | None = point.at
        if self._incident.facts[IMPACT].type == "time":
            since = _moment(data["value"])  # withheld or erased, nobody can tell
        self.impact = Point(since, point.seq) if since and data["state"] in KNOWN else None

    @property
    def _leading(self) -> str:
        """Return the id of the part that leads: the one called `lead`, else the first."""
        roles = self._incident.roles
        return "lead" if "lead" in roles else next(iter(roles), "")

    def _first(self, *kinds: str) -> Point | None:
        return earliest(point for kind in kinds for point in self._points.get(kind, ()))

    @property
    def warned(self) -> Point | None:
        """Return when the first early warning was raised."""
        return self._first(_WARNED)

    @property
    def alerted(self) -> Point | None:
        """Return when the first alert was: an early warning, or the start of calls."""
        return self._first(_WARNED, _CALLED)

    @property
    def acknowledged(self) -> Point | None:
        """Return when somebody first took an alert up.

        That is who acknowledged a call, or who declared the incident on an early warning.
        """
        declared = self.declared if self.warned else None
        return earliest((self._first(_HAS_IT), declared))

    @property
    def rang(self) -> Point | None:
        """Return when somebody was first called, by the room or by a person."""
        return self._first(_CALLED, _RANG)

    @property
    def answered(self) -> Point | None:
        """Return when a person was first reached."""
        return earliest((*self._reached, self._first(_HAS_IT)))

    @property
    def led(self) -> Point | None:
        """Return when somebody first held the part that leads."""
        return earliest(self._lead)

    @property
    def resolved(self) -> Point | None:
        """Return when it was resolved for the last time, None while it is open."""
        if self._incident.status == "open":
            return None
        return max(self._points[_RESOLVED], key=lambda point: point.seq)

    @property
    def staffed(self) -> Point | None:
        """Return when every part that was required by then was held for the first time."""
        (_, _, required), *rest = self._staffing
        held: set[str] = set()
        for point, kind, what in sorted(rest, key=lambda one: one[0]):
            if kind == "plan":
                required = what
            elif kind == "role.left":
                held.discard(what)
            else:
                held.add(what)
            if required and required <= held:
                return point
        return None


def earliest(points: Iterable[Point | None]) -> Point | None:
    """Return the first of some moments, None where there is none."""
    return min((point for point in points if point is not None), default=None)


def _moment(value: str) -> datetime | None:
    try:
        return unstamp(value)
    except ValueError:
        return None


def _required(plan: dict[str, Any]) -> frozenset[str]:
    return frozenset(role["id"] for role in plan.get("roles", ()) if role.get("required"))
