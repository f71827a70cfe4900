"""What Prometheus' Alertmanager posts to a webhook (version 4), as mentions of kind alert.

An alert is one mention from the time it fires: its id is its fingerprint and when it began. That
it is over comes as an edit of the same mention, so that nothing stands twice and the incident it
belongs to has the edit on its timeline.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.mention import Author, Incoming
from crisisroom.wire.dates import clamp, parse

_MOST_LABELS = 40
_LONGEST = 4000  # characters of one label or annotation
_FIRST = ("summary", "description", "message")


class Alert(msgspec.Struct, frozen=True, rename="camel"):
    """One alert of a group."""

    status: str
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    starts_at: str = ""
    ends_at: str = ""
    generator_url: str = msgspec.field(default="", name="generatorURL")
    fingerprint: str = ""


class Group(msgspec.Struct, frozen=True, rename="camel"):
    """What one call says: alerts that fired or ended together."""

    alerts: tuple[Alert, ...]
    receiver: str = ""
    group_key: str = ""
    external_url: str = msgspec.field(default="", name="externalURL")
    version: str = ""


def is_group(values: Any) -> bool:
    """Tell whether this is what Alertmanager posts."""
    return isinstance(values, dict) and "alerts" in values and "text" not in values


def mentions_of(values: Any, source: str, now: datetime) -> tuple[Incoming, ...]:
    """Return the alerts of a group as mentions; ValueError with the field that does not fit."""
    group = msgspec.convert(values, Group)
    return tuple(_mention(alert, group, source, now) for alert in group.alerts)


def _mention(alert: Alert, group: Group, source: str, now: datetime) -> Incoming:
    began = parse(alert.starts_at)
    key = alert.fingerprint or ",".join(f"{k}={v}" for k, v in sorted(alert.labels.items()))
    url = alert.generator_url or group.external_url
    return Incoming(
        text="\n".join(_lines(alert)),
        source=source,
        external_id=f"{key}@{alert.starts_at}",
        kind="alert",
        author=Author("alertmanager", group.receiver),
        url=url if url.startswith(("http://", "https://")) else "",
        posted_at=began and clamp(began, now),
        direct=True,
    )


def _lines(alert: Alert) -> Iterator[str]:
    name = alert.labels.get("alertname", "alert")
    severity = alert.labels.get("severity", "")
    state = "resolved" if alert.status == "resolved" else "firing"
    yield f"{state}: {name}" + (f" ({severity})" if severity else "")
    if state == "resolved" and alert.ends_at:
        yield f"ended {alert.ends_at}"
    for key in _FIRST:
        if words := alert.annotations.get(key, "").strip():
            yield words[:_LONGEST]
    rest = {k: v for k, v in alert.annotations.items() if k not in _FIRST}
    for key, value in [*sorted(alert.labels.items()), *sorted(rest.items())][:_MOST_LABELS]:
        if key not in ("alertname", "severity"):
            yield f"{key}: {value[:_LONGEST]}"
