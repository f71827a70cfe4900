"""What is wrong with a room as a service: what `health` exits by, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from crisisroom.room.vitals import Vitals
from crisisroom.room.vitals_link import Servers

LITTLE = 500 << 20  # bytes of disk: soon full
SUBJECTS = (
    *("watcher", "sources", "analysis", "outbox", "notifiers", "tokens"),
    *("anchors", "backup", "disk", "database", "erasure"),
)


class Trouble(msgspec.Struct, frozen=True):
    """One thing that is not as it should be; `where` is an id."""

    subject: str
    code: str
    where: str
    message: str


def troubles(vitals: Vitals, *, backup_within: timedelta | None = None) -> Iterator[Trouble]:
    """Yield what is wrong; a backup counts only where an age for it is given."""
    if vitals.watcher is None:
        yield Trouble("watcher", "no_watcher", "watcher", "nobody listens or sends now")
    yield from _sources(vitals)
    if vitals.unread:
        why = f"{vitals.unread.mentions} mentions wait for stories and warnings"
        yield Trouble("analysis", "unread", "analysis", why)
    for state, told in (("unknown", "nobody knows whether they went out"), ("failed", "failed")):
        if count := vitals.outgoing.get(state, 0):
            many = "1 text" if count == 1 else f"{count} texts"
            yield Trouble("outbox", f"outbox_{state}", "outbox", f"{many}: {told}")
    yield from _telling(vitals)
    for one in vitals.anchors:
        if one.state in ("stale", "failing"):
            why = f"{one.place.id} was not given its anchor"
            yield Trouble("anchors", f"anchor_{one.state}", one.place.id, why)
    yield from _kept(vitals, backup_within)


def _sources(vitals: Vitals) -> Iterator[Trouble]:
    for one in vitals.sources:
        if one.state in ("stale", "failing"):
            last = f"last heard {_ago(vitals.at - one.last_ok_at)} ago" if one.last_ok_at else ""
            why = f"{one.id} {one.state}, {last or 'never heard yet'}"
            yield Trouble("sources", f"source_{one.state}", one.id, why)


def _telling(vitals: Vitals) -> Iterator[Trouble]:
    """Yield what keeps people from being told, and what they did not answer."""
    told = vitals.telling
    for one in told.messengers:
        if one.state == "failing" and one.at:
            why = f"{one.id} fails: its last message did not go, {_ago(vitals.at - one.at)} ago"
            yield Trouble("notifiers", "notifier_failing", one.id, why)
    for one in told.outside:
        if one.state in ("failing", "stale") and one.at:
            how = "not reached for" if one.state == "failing" else "not called for"
            why = f"{one.id} {how} {_ago(vitals.at - one.at)}"
            yield Trouble("notifiers", f"outside_{one.state}", one.id, why)
    if told.unanswered:
        many = "1 page" if len(told.unanswered) == 1 else f"{len(told.unanswered)} pages"
        why = f"{many} that nobody answered: {', '.join(told.unanswered[:5])}"
        yield Trouble("notifiers", "unanswered", "pages", why)
    for name, at in told.ending:
        if at <= vitals.at:
            yield Trouble("tokens", "token_ended", name, f"that of {name} ended on {at:%Y-%m-%d}")


def _database(servers: Servers) -> Iterator[Trouble]:
    if servers.stuck:
        why = "commits wait for a standby, and none is in step: nothing can be written"
        yield Trouble("database", "no_standby", "database", why)
    if not servers.durable or servers.commit == "local":
        why = "what was acknowledged can be lost with the server (fsync, synchronous_commit)"
        yield Trouble("database", "commit", "database", why)


def _kept(vitals: Vitals, backup_within: timedelta | None) -> Iterator[Trouble]:
    if backup_within is not None:
        at = vitals.backup_at
        if at is None:
            yield Trouble("backup", "no_backup", "backup", "the room was never copied")
        elif vitals.at - at > backup_within:
            yield Trouble("backup", "old_backup", "backup", f"{_ago(vitals.at - at)} old")
    if vitals.disk and vitals.disk.full:
        yield Trouble("disk", "disk_full", "disk", "full: nothing is written")
    elif vitals.disk and vitals.disk.free < LITTLE:
        why = f"{vitals.disk.free >> 20} MiB free beside the room"
        yield Trouble("disk", "disk", "disk", why)
    if vitals.link.servers:
        yield from _database(vitals.link.servers)
    if vitals.unfinished:
        yield Trouble("erasure", "erasure", "erasure", "one was interrupted")


def _ago(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
