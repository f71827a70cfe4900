"""Examining the engine below the room: SQLite's file, or PostgreSQL's servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from crisisroom.cli.health import Finding, Level, Patient
from crisisroom.store.examining import (
    FileFacts,
    ServerFacts,
    answering,
    file_facts,
    server_facts,
)

if TYPE_CHECKING:
    from crisisroom.room.vitals_link import LinkVitals
    from crisisroom.store.postgres.standing import Standing

_LARGE = 256 << 20  # bytes of a WAL: somebody reads for very long
_SPARE = 0.5  # of the file: worth giving back
_ASIDE = timedelta(seconds=5)
_FEW = 6  # connections: the next two screens
_SLOW = 0.1  # seconds for one look
_BEHIND = 30.0  # seconds that a standby may be behind


async def database(patient: Patient) -> AsyncIterator[Finding]:
    """Find whether the engine keeps its promises."""
    if "://" in patient.address:
        async for one in _servers(patient):
            yield one
    if patient.room is None:
        return
    if "://" in patient.address:
        from crisisroom.room.vitals_link import link_of
        from crisisroom.store.postgres.engine import PostgresEngine

        store = patient.room.store.under
        assert isinstance(store.engine, PostgresEngine)
        link = await link_of(patient.room)
        facts_of_server = await store.read(server_facts)
        for one in _server(patient, facts_of_server, await store.submit(store.engine.standing())):
            yield one
        yield _speed(link)
        return
    facts = await patient.room.store.read(file_facts)
    for one in _file(facts):
        yield one
    from crisisroom.room.vitals import disk_of

    disk = disk_of(patient.room.address)
    if disk and disk.log > _LARGE:
        why = f"the write-ahead log has grown to {disk.log >> 20:,} MiB"
        hint = "somebody reads for very long: close what hangs; it shrinks by itself then"
        yield Finding("warn", "wal", "database", why, hint)


def _file(facts: FileFacts) -> Iterator[Finding]:
    if facts.problems:
        why = f"the file is damaged: {facts.problems[0][:120]}"
        hint = "crisisroom backup what can be read, then crisisroom restore a backup"
        yield Finding("fail", "damaged", "database", why, hint)
    else:
        yield Finding("ok", "database", "database", f"SQLite {facts.version}, its file is sound")
    if facts.racy:
        why = f"SQLite {facts.version} can damage files that others checkpoint meanwhile"
        hint = "crisisroom's writers take turns, so it cannot happen here; let nothing else write"
        yield Finding("ok", "wal_reset", "database", f"{why}; {hint}")
    if facts.free_share > _SPARE:
        why = f"{facts.free_share:.0%} of the file is empty"
        yield Finding("warn", "spare", "database", why, "crisisroom purge --compact, at night")


async def _servers(patient: Patient) -> AsyncIterator[Finding]:
    """Find which of the address' servers answer at all."""
    from crisisroom.store.address import ServerAddress, parse

    address = parse(patient.address)
    if not isinstance(address, ServerAddress) or patient.offline:
        return
    answers = await answering(address.hosts)
    down = [one for one, why in answers.items() if why]
    for (host, port), why in answers.items():
        where = f"server {host}:{port}"
        if not why:
            yield Finding("ok", "server", where, "answers")
            continue
        level: Level = "fail" if len(down) == len(answers) else "warn"
        yield Finding(level, "server", where, why, "start it, or check the address and firewall")
    if len(address.hosts) == 1:
        why = "the address names one server: when it is down, so is the room"
        hint = "a standby, named after a comma: postgresql://a,b/room"
        yield Finding("warn", "one_server", "database", why, hint)


def _server(patient: Patient, facts: ServerFacts, standing: Standing) -> Iterator[Finding]:
    why = f"PostgreSQL {standing.server}, database {facts.database}, as {standing.user}"
    yield Finding("ok", "database", "database", f"{why}, {standing.bytes >> 20:,} MiB")
    yield from _kept(facts, standing)
    yield from _privileges(facts, standing)
    aside = facts.seconds - patient.context.clock.now().timestamp()
    if abs(aside) > _ASIDE.total_seconds():
        way = "slow" if aside > 0 else "fast"
        why = f"this machine is {abs(aside):.0f} s {way} beside the server, whose time holds"
        yield Finding("warn", "clock", "clock", why, "timedatectl set-ntp true")
    if not standing.encrypted and not facts.local:
        why = "what is said to the server can be read on the way"
        yield Finding("fail", "plain", "database", why, "add ?sslmode=verify-full to the address")
    if standing.free_connections < _FEW:
        why = f"{standing.free_connections} connections are free on the server"
        hint = "each screen and watcher takes three: raise max_connections"
        yield Finding("warn", "connections", "database", why, hint)


def _speed(link: LinkVitals) -> Finding:
    told = f"one look takes {link.seconds * 1000:.0f} ms"
    if link.seconds < _SLOW:
        return Finding("ok", "link", "link", told)
    hint = "each act takes some twenty of them: come nearer to the server, by ssh"
    return Finding("warn", "link", "link", told, hint)


def _kept(facts: ServerFacts, standing: Standing) -> Iterator[Finding]:
    """Yield whether what is acknowledged survives the loss of a server."""
    from crisisroom.room.vitals_link import servers_of

    servers = servers_of(facts, standing)
    if facts.standby:
        why = "this server only follows another one: nothing can be written"
        yield Finding("fail", "standby", "database", why, "promote it, or name the other one too")
    if not standing.durable or facts.commit == "local":
        why = f"fsync, or synchronous_commit ({facts.commit}): what was acknowledged can be lost"
        hint = "fsync = on and synchronous_commit = on, on the server"
        yield Finding("fail", "commit", "database", why, hint)
    if not standing.waits_for:
        why = "no synchronous standby: losing the server loses what the standby has not yet"
        hint = "synchronous_standby_names = 'ANY 1 (other)' on the server"
        yield Finding("warn", "asynchronous", "database", why, hint)
    elif servers.stuck:
        why = f"commits wait for a standby ({standing.waits_for}), and none is in step: all hangs"
        hint = "start it, see its application_name; or synchronous_standby_names = '' meanwhile"
        yield Finding("fail", "no_standby", "database", why, hint)
    elif servers.synchronous:
        why = f"what is acknowledged is on a second server too (synchronous_commit {facts.commit})"
        yield Finding("ok", "synchronous", "database", why)
    elif servers.in_step is None:
        why = f"{standing.user} may not see whether the standby is in step"
        hint = f"as superuser: GRANT pg_monitor TO {standing.user}"
        yield Finding("warn", "hidden", "database", why, hint)
    behind = dict(facts.behind)
    for name in standing.standbys:
        seconds = behind.get(name.partition(" ")[0], 0.0)
        level: Level = "warn" if seconds > _BEHIND else "ok"
        yield Finding(level, "replica", "database", f"standby {name}, {seconds:.1f} s behind")


def _privileges(facts: ServerFacts, standing: Standing) -> Iterator[Finding]:
    if facts.lacks:
        why = f"{standing.user} may not read and add to {', '.join(facts.lacks)}"
        yield Finding(
            "fail", "privileges", "database", why, "as the owner: GRANT it SELECT, INSERT"
        )
    if not standing.appends_only:
        why = f"{standing.user} could rewrite the log: triggers stop accidents, not this role"
        hint = "come as a role that owns nothing: crisisroom room prepare --for ROLE"
        yield Finding("warn", "owner", "database", why, hint)
