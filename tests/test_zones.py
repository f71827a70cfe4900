"""Time zones by name, and this machine's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crisisroom import zones
from crisisroom.core.terms import zone_of


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "a\0b"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone_of(name) is UTC


def test_a_known_zone_is_itself() -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert noon.astimezone(zone_of("Europe/Berlin")).hour == 14


@pytest.mark.parametrize(
    ("tz", "target", "name"),
    [
        ("Asia/Tokyo", "", "Asia/Tokyo"),
        (":Asia/Tokyo", "", "Asia/Tokyo"),
        ("Nowhere/At_All", "", "UTC"),
        ("", "Europe/Berlin", "Europe/Berlin"),
        ("", "", "UTC"),
    ],
)
def test_the_machine_s_zone(
    tz: str, target: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", tz)
    link = tmp_path / "localtime"
    if target:
        link.symlink_to(tmp_path / "usr" / "share" / "zoneinfo" / target)
    monkeypatch.setattr(zones, "LOCALTIME", link)
    assert zones.local_zone_name() == name
