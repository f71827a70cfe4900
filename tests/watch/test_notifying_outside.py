"""The call that stops when the work stops, and the alerts that say what holds."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import pytest
from room.people import PLAN, as_
from watch.paging import TOLD

from crisisroom.clock import ManualClock
from crisisroom.config.notifying import Alerts, Deadman
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, lifecycle, notifying, notifying_looking
from crisisroom.room.settings import apply_config
from crisisroom.store import pages
from crisisroom.watch.notifying_outside import Outside
from crisisroom.wire.answer import FetchError

PING = "https://hc.example/ping/secret-4711"


class Calls:
    """A network that writes down who was called, and fails when it is told to."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.alerts: list[set[str]] = []
        self.silenced: list[dict[str, Any]] = []
        self.fails: FetchError | None = None

    async def get(self, url: str, **options: object) -> Any:
        self.called.append(url)
        if self.fails is not None:
            raise self.fails
        said = {"createdBy": "cy"} if "/silence/" in url else self.silenced
        return type("Answer", (), {"body": msgspec.json.encode(said)})

    async def post(self, url: str, *, json: list[dict[str, Any]], **options: object) -> None:
        assert url == "https://alerts.example/api/v2/alerts"
        self.alerts.append({one["labels"]["alertname"] for one in json})


@pytest.fixture
async def calls(room: Room, monkeypatch: pytest.MonkeyPatch) -> Calls:
    monkeypatch.setenv("PING", PING)
    outside = msgspec.structs.replace(TOLD.notifying, deadman=Deadman(token_env="PING", every=60))
    await apply_config(room, msgspec.structs.replace(TOLD, notifying=outside), "x.yaml")
    return Calls()


async def test_the_call_stops_when_people_are_not_told(
    room: Room, clock: ManualClock, calls: Calls
) -> None:
    outside = Outside(room.for_machine(), cast(Fetcher, calls))
    for _ in range(13):
        await outside.work()
        clock.advance(5)
    assert calls.called == [PING, PING]
    await lifecycle.declare(as_(room, "ada"), "Kettles", playbook=PLAN, severity="sev1")
    await notifying.notice(room.for_machine())
    clock.advance(200)
    await outside.work()
    assert calls.called == [PING, PING]
    (place,) = (await notifying_looking.standing(room)).outside
    assert (place.place, place.reason) == ("deadman", "people are not told of what is due")


async def test_a_call_that_fails_is_seen_without_its_address(room: Room, calls: Calls) -> None:
    calls.fails = FetchError("timeout", f"no answer from {PING}")
    await Outside(room.for_machine(), cast(Fetcher, calls)).work()
    (place,) = (await notifying_looking.standing(room)).outside
    assert place.reason == "it cannot be called (timeout)"


async def test_an_incident_is_an_alert_within_twenty_seconds(
    room: Room, clock: ManualClock, calls: Calls
) -> None:
    alerts = Alerts(server="https://alerts.example")
    told = msgspec.structs.replace(TOLD.notifying, alerts=alerts)
    await apply_config(room, msgspec.structs.replace(TOLD, notifying=told), "x.yaml")
    outside = Outside(room.for_machine(), cast(Fetcher, calls))
    await outside.work()
    assert calls.alerts == [{"CrisisroomWatcherAlive"}]
    await lifecycle.declare(as_(room, "ada"), "Kettles", playbook=PLAN, severity="sev1")
    for _ in range(4):
        clock.advance(5)
        await outside.work()
    assert calls.alerts[-1] == {"CrisisroomWatcherAlive", "CrisisroomIncident"}


@pytest.mark.parametrize(("whose", "state"), [("", "acknowledged"), ("another room", "open")])
async def test_a_silence_answers_for_its_own_room_alone(
    room: Room, calls: Calls, whose: str, state: str
) -> None:
    alerts = Alerts(server="https://alerts.example")
    told = msgspec.structs.replace(TOLD.notifying, alerts=alerts)
    config = msgspec.structs.replace(TOLD, notifying=told, name="ours")
    await apply_config(room, config, "x.yaml")
    await lifecycle.declare(as_(room, "ada"), "Kettles", playbook=PLAN, severity="sev1")
    await notifying.notice(room.for_machine())
    labels = {"alertname": "CrisisroomIncident", "id": "INC-1", "room": whose or "ours"}
    calls.silenced = [{"labels": labels, "status": {"silencedBy": ["s1"]}}]
    await Outside(room.for_machine(), cast(Fetcher, calls)).work()
    told_of = await room.for_machine().store.read(lambda tx: pages.recent(tx, 9))
    assert {one.state for one in told_of if one.kind == "declared"} == {state}
