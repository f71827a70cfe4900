"""A room's figures as Prometheus reads them: labels are ids, never what people wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from crisisroom import __version__
from crisisroom.core.timeline import ROOM
from crisisroom.report.prometheus import Family, Sample, text_of
from crisisroom.room.vitals import Vitals
from crisisroom.store.pages import WAITING
from crisisroom.store.processes import host_of

_STATES = ("ok", "stale", "failing", "new")
_SENDS = (
    "queued",
    "sending",
    "sent",
    "unknown",
    "failed",
    "retracting",
    "retracted",
)


def metrics_text(vitals: Vitals | None, *, up: bool, at: datetime) -> str:
    """Return the whole text file; without figures only that the room could not be read."""
    return text_of((*_always(vitals, up=up, at=at), *(_all(vitals) if vitals else ())))


def _always(vitals: Vitals | None, *, up: bool, at: datetime) -> Iterator[Family]:
    build = {"version": __version__} | ({"schema": str(vitals.schema)} if vitals else {})
    yield _one("build_info", "The program that wrote this, and the room's schema.", 1, build)
    yield _one("store_up", "Whether the room could be read.", int(up))
    yield _one("written_timestamp_seconds", "When these figures were taken.", at.timestamp())


def _all(vitals: Vitals) -> Iterator[Family]:
    yield from _watching(vitals)
    yield from _listening(vitals)
    yield from _sending(vitals)
    yield from _telling(vitals)
    yield from _database(vitals)
    yield from _keeping(vitals)
    yield from _incidents(vitals)


def _watching(vitals: Vitals) -> Iterator[Family]:
    yield _one(
        "watcher_up", "Whether somebody listens, sends and keeps clocks.", int(bool(vitals.watcher))
    )
    yield _many(
        "lease_age_seconds",
        "Seconds since the holder of a job last gave a sign of life.",
        (Sample(one.age, {"job": one.name, "host": one.host}) for one in vitals.leases),
    )
    yield _many(
        "lease_epoch_total",
        "How often a job changed hands.",
        (Sample(one.epoch, {"job": one.name}) for one in vitals.leases),
        kind="counter",
    )
    yield _many(
        "program_info",
        "The programs at work on the room, with their versions.",
        (
            Sample(
                1,
                {
                    "part": one.part,
                    "host": host_of(one.host),
                    "pid": str(one.pid),
                    "version": one.version,
                },
            )
            for one in vitals.programs
        ),
    )


def _listening(vitals: Vitals) -> Iterator[Family]:
    sources = vitals.sources
    yield _many(
        "source_last_success_timestamp_seconds",
        "When a source was last heard.",
        (
            Sample(one.last_ok_at.timestamp(), {"source": one.id})
            for one in sources
            if one.last_ok_at
        ),
    )
    yield _many(
        "source_state",
        "1 for the state that a source is in, 0 for the others.",
        (
            Sample(int(one.state == state), {"source": one.id, "state": state})
            for one in sources
            for state in _STATES
        ),
    )
    yield _many(
        "source_failures",
        "Tries in vain since a source was last heard.",
        (Sample(one.fails, {"source": one.id}) for one in sources),
    )
    yield _many(
        "source_mentions",
        "Mentions of a source that are kept in the room.",
        (Sample(one.mentions, {"source": one.id}) for one in sources if one.mentions is not None),
    )
    waiting = vitals.unread.mentions if vitals.unread else 0
    yield _one("analysis_waiting_mentions", "Mentions that no story or warning knows yet.", waiting)


def _sending(vitals: Vitals) -> Iterator[Family]:
    states = (*_SENDS, *(sorted(set(vitals.outgoing) - set(_SENDS))))
    yield _many(
        "outbox_texts",
        "Texts by where they stand on their way out; unknown ones need a person.",
        (Sample(vitals.outgoing.get(state, 0), {"state": state}) for state in states),
    )


def _telling(vitals: Vitals) -> Iterator[Family]:
    known = vitals.telling
    yield _many(
        "pages_unacknowledged",
        "Pages without the answer that they want: going on, or after everybody was told.",
        (Sample(known.pages.get(state, 0), {"state": state}) for state in WAITING),
    )
    told = "People who did not answer their last test page."
    yield _one("test_pages_missed", told, known.missed)
    yield _many(
        "messenger_up",
        "0 for a messenger whose last message did not go.",
        (Sample(int(one.state == "ok"), {"messenger": one.id}) for one in known.messengers),
    )
    yield _many(
        "outside_up",
        "0 for a place outside, as the dead-man's switch, that was not reached, or not called.",
        (
            Sample(int(one.state == "ok"), {"place": one.id})
            for one in known.outside
            if one.state != "new"
        ),
    )
    yield _many(
        "token_end_timestamp_seconds",
        "When a token ends, for those that end soon.",
        (Sample(at.timestamp(), {"of": name}) for name, at in known.ending),
    )


def _database(vitals: Vitals) -> Iterator[Family]:
    link = vitals.link
    engine = {"engine": link.engine}
    yield _one("database_seconds", "Seconds that one look at the room took.", link.seconds, engine)
    servers = link.servers
    if servers is None:
        return
    commit = {"synchronous_commit": servers.commit}
    told = "Whether what is acknowledged is on a second server too."
    if servers.synchronous is not None:
        yield _one("database_synchronous", told, int(servers.synchronous), commit)
    yield _one("database_standbys", "Servers that follow the room's.", servers.standbys)
    yield _one("database_standby_lag_seconds", "How far the last of them is behind.", servers.lag)
    told = "Whether commits wait for a standby, and none is in step: nothing can be written."
    yield _one("database_stuck", told, int(servers.stuck))


def _keeping(vitals: Vitals) -> Iterator[Family]:
    if vitals.disk:
        yield _one("room_size_bytes", "Bytes of the room's file.", vitals.disk.room)
        yield _one("room_wal_size_bytes", "Bytes of the room's write-ahead log.", vitals.disk.log)
        yield _one("disk_free_bytes", "Bytes free where the room lies.", vitals.disk.free)
    yield _one(
        "log_entries_total", "Entries in all logs.", sum(vitals.entries.values()), kind="counter"
    )
    room = vitals.entries.get(ROOM, 0)
    yield _one("room_log_seq", "Number of the newest entry in the room's own log.", room)
    yield _one(
        "change_seq", "Number of the newest change that screens follow.", vitals.newest_change
    )
    yield _one("erasure_unfinished", "Whether an erasure was interrupted.", int(vitals.unfinished))
    if vitals.backup_at:
        told = "When the room was last copied by backup."
        yield _one("backup_last_success_timestamp_seconds", told, vitals.backup_at.timestamp())
    yield _many(
        "anchor_last_success_timestamp_seconds",
        "When a place was last given an anchor of the logs.",
        (
            Sample(one.last_at.timestamp(), {"place": one.place.id})
            for one in vitals.anchors
            if one.last_at
        ),
    )
    yield _many(
        "anchor_late",
        "Whether a place lacks an anchor that it should have by now.",
        (
            Sample(int(one.state in ("stale", "failing")), {"place": one.place.id})
            for one in vitals.anchors
        ),
    )


def _incidents(vitals: Vitals) -> Iterator[Family]:
    yield _one("incidents_open", "Open incidents.", sum(vitals.incidents.values()))
    yield _many(
        "clocks",
        "Running clocks of incidents, by kind and state.",
        (
            Sample(count, {"kind": kind, "state": state})
            for (kind, state), count in sorted(vitals.clocks.items())
        ),
    )
    overdue = sum(count for (_, state), count in vitals.clocks.items() if state == "overdue")
    yield _one("clocks_overdue", "Clocks whose time is over.", overdue)
    told = "Steps of escalations that nobody acknowledged yet."
    yield _one("escalations_unacknowledged", told, vitals.calling)


def _one(
    name: str, told: str, value: float, labels: dict[str, str] | None = None, kind: str = "gauge"
) -> Family:
    return _many(name, told, (Sample(value, labels or {}),), kind=kind)


def _many(name: str, told: str, samples: Iterable[Sample], kind: str = "gauge") -> Family:
    sort: Literal["gauge", "counter"] = "counter" if kind == "counter" else "gauge"
    return Family(f"crisisroom_{name}", sort, told, tuple(samples))
