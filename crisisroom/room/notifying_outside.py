"""The room as others outside are told of it: its alerts, silences as answers, what was reached.

A screen reads what was reached at each look, and does without what tells people.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from crisisroom.core.notify_alerts import (
    ALIVE,
    INCIDENT,
    SOURCE,
    UNANSWERED,
    WAY,
    Alert,
    incident_alert,
)
from crisisroom.core.notify_matters import Duty
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.room import Room, notifying_live
from crisisroom.store import Tx, leases, log, pages
from crisisroom.store import settings as kept
from crisisroom.store.leases import Lease
from crisisroom.store.pages import WAITING

if TYPE_CHECKING:
    from crisisroom.notifiers.alerts import Silenced

PLACES = ("deadman", "alerts")
_REFRESH = timedelta(minutes=5)  # between two notes that all is still well
_KINDS = {INCIDENT: "declared", SOURCE: "stale", WAY: "notifier"}


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """How it went to call a place outside: when it was last, and what kept it from working."""

    place: str
    at: datetime
    reason: str = ""  # empty: it was reached


async def alerts(room: Room, *, watchdog: bool) -> tuple[Alert, ...]:
    """Return the alerts that hold; an incident for named people alone is not among them."""
    from crisisroom.room.notifying_people import duty_of

    duty = await duty_of(room, room.clock.now())
    return await room.store.read(lambda tx: _alerts(tx, room, watchdog, duty))


async def _alerts(tx: Tx, room: Room, watchdog: bool, duty: Duty) -> tuple[Alert, ...]:
    now, found = room.clock.now(), list[Alert]()
    live = await notifying_live.live(tx, room, duty)
    whole = room.config.notifying.words == "full"
    for state in live.incidents.values():
        if state.status == "open" and not state.drill and not state.restricted_to:
            found.append(incident_alert(state, whole=whole))
    for one in live.matters:
        if one.kind == "stale":
            found.append(_alert(SOURCE, one.about, f"source {one.about} is silent", one.at))
        elif one.kind == "notifier":
            found.append(_alert(WAY, one.about, f"messenger {one.about} fails", one.at))
    for page in await pages.in_state(tx, pages.UNANSWERED):
        of = await log.state(tx, page.chain, room.store.seen) if page.chain else None
        if page.kind != "test" and (of is None or not (of.drill or of.restricted_to)):
            since = page.closed_at or page.due_at
            found.append(_alert(UNANSWERED, page.id, f"{page.id} has no answer", since))
    if watchdog:
        found.append(
            Alert(name=ALIVE, about="", severity="none", summary="the watcher works", since=now)
        )
    return tuple(found)


def _alert(name: str, about: str, summary: str, since: datetime) -> Alert:
    return Alert(name=name, about=about, severity="critical", summary=summary, since=since)


async def silenced(room: Room, one: Silenced, lease: Lease | None = None) -> bool:
    """Take a silence for an answer to the pages of what it is about; tells whether it was one."""
    kind = _KINDS.get(one.name)

    async def work(tx: Tx) -> list[pages.Page]:
        if lease:
            await leases.check(tx, lease)
        waiting = await pages.in_state(tx, *WAITING)
        if one.name == UNANSWERED:
            return [page for page in waiting if page.id == one.about]
        return [
            page
            for page in waiting
            if page.kind == kind and one.about in (page.incident, page.about)
        ]

    found = await room.store.read(work)
    if found:
        from crisisroom.room.notifying import answered_pages

        await answered_pages(room, found, one.by, "alertmanager")
    return bool(found)


def _key(place: str) -> str:
    return f"outside.{place}"


async def note(room: Room, place: str, reason: str, lease: Lease | None = None) -> None:
    """Remember how it went to call a place; that all is still well only now and then."""
    now = room.clock.now()
    before = await room.store.read(lambda tx: _reached(tx, place))
    if before and before.reason == reason and now - before.at < _REFRESH:
        return

    async def work(tx: Tx) -> None:
        if lease:
            await leases.check(tx, lease)
        at = before.at if before and reason and before.reason == reason else now
        await kept.put(tx, _key(place), msgspec.json.encode([stamp(at), reason]).decode())
        tx.tell("page", place)

    await room.store.write(work, durable=False)


async def _reached(tx: Tx, place: str) -> Reached | None:
    text = await kept.get(tx, _key(place))
    if not text:
        return None
    at, reason = msgspec.json.decode(text, type=tuple[str, str])
    return Reached(place=place, at=unstamp(at), reason=reason)


async def reached(room: Room) -> tuple[Reached, ...]:
    """Return how it went to call the places outside that the settings name."""
    wanted = room.config.notifying
    named = [name for name in PLACES if getattr(wanted, name) is not None]

    async def work(tx: Tx) -> tuple[Reached, ...]:
        found = [await _reached(tx, name) for name in named]
        return tuple(one for one in found if one is not None)

    return await room.store.read(work)
