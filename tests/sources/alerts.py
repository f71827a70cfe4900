"""What Alertmanager posts, as version 0.25 wrote it (taken from a real one, names changed)."""

from __future__ import annotations

from typing import Any

FIRING: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "ShopDown", "severity": "critical", "instance": "shop-1"},
    "annotations": {"summary": "The shop does not answer", "runbook": "https://wiki.test/shop"},
    "startsAt": "2026-11-22T02:00:00.123456789Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus.test/graph?g0.expr=up",
    "fingerprint": "0f1e2d3c4b5a6978",
}


def group(status: str = "firing") -> dict[str, Any]:
    """Return one call with one alert, firing or resolved."""
    ended = {"status": "resolved", "endsAt": "2026-11-22T02:12:30Z"} if status != "firing" else {}
    return {
        "receiver": "crisisroom",
        "status": status,
        "alerts": [FIRING | ended],
        "groupLabels": {"alertname": "ShopDown"},
        "commonLabels": FIRING["labels"],
        "commonAnnotations": FIRING["annotations"],
        "externalURL": "http://alertmanager.test:9093",
        "version": "4",
        "groupKey": '{}:{alertname="ShopDown"}',
        "truncatedAlerts": 0,
    }
