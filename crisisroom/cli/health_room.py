"""Examining the room: its configuration, file, playbooks, and whoever watches."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from crisisroom.cli.context import room_config
from crisisroom.cli.health import Finding, Patient
from crisisroom.config.terms import terms_of
from crisisroom.core.errors import Refused

_LITTLE = 500 << 20  # bytes of disk: soon full
_NEARLY_NONE = 50 << 20


async def config(patient: Patient) -> AsyncIterator[Finding]:
    """Find whether the configuration can be used, and is the one in force."""
    context = patient.context
    if context.config_file is None:
        hint = "crisisroom init --brand NAME writes one that listens"
        yield Finding("warn", "no_config", "configuration", "there is no crisisroom.yaml", hint)
        return
    where = str(context.config_file)
    if context.flaw:
        yield Finding("fail", "config", where, context.flaw.message, context.flaw.hint)
        return
    read = context.config()
    if patient.room is not None and read and room_config(read) != patient.config:
        why = "it is not what is in force in the room"
        yield Finding("warn", "not_applied", where, why, f"crisisroom apply {where}")
        return
    yield Finding("ok", "config", where, "sound, and in force")


async def watched(patient: Patient) -> AsyncIterator[Finding]:
    """Find whether there is anything to listen for, and anywhere to listen."""
    terms = terms_of(patient.config)
    if not terms:
        hint = "add brand: with its name, or terms:"
        yield Finding("warn", "no_terms", "watched words", "nothing is listened for", hint)
    else:
        said = ", ".join(term.id for term in terms[:8])
        yield Finding("ok", "terms", "watched words", f"{len(terms)}: {said}")
    if not patient.config.sources:
        hint = "add sources: hackernews, news and reddit need no account"
        yield Finding("fail", "no_sources", "sources", "the room listens nowhere", hint)


async def playbooks(patient: Patient) -> AsyncIterator[Finding]:
    """Find how many playbooks there are, and which cannot be used."""
    from crisisroom.library import list_ids, load

    try:
        folders = patient.context.playbooks()
    except Refused as refused:
        yield Finding("fail", refused.code, "playbooks", refused.message, refused.hint)
        return
    ids = list_ids(folders)
    for name in ids:
        try:
            _, problems = load(name, folders)
        except Refused as refused:
            yield Finding("fail", refused.code, f"playbook {name}", refused.message, refused.hint)
            continue
        if problems:
            why = f"{len(problems)} problems, the first at {problems[0]}"
            yield Finding("fail", "playbook", f"playbook {name}", why, "crisisroom check")
    yield Finding("ok", "playbooks", "playbooks", f"{len(ids)} to choose from")


async def file(patient: Patient) -> AsyncIterator[Finding]:
    """Find whether the room's file is ours alone, sound, and has room to grow."""
    from crisisroom.room import moving

    address = patient.address
    if address and "://" not in address:
        for found in _file(Path(address), opened=patient.room is not None):
            yield found
    if patient.room is not None and (gone := await moving.gone(patient.room)):
        why = f"it moved to {gone.to} at {gone.at}: nothing goes on here"
        hint = "room.address: and --room name that place; crisisroom room stay takes it back"
        yield Finding("fail", "moved", "room", why, hint)


def _file(path: Path, *, opened: bool) -> Iterator[Finding]:
    from crisisroom.store import SCHEMA

    if opened:
        yield Finding("ok", "room", "room", f"{path}, schema {SCHEMA}")
    elif not path.exists():
        why = f"there is none yet at {path}"
        yield Finding("ok", "room", "room", why, "crisisroom opens it, so does watch")
    yield from _space(path)


def _space(path: Path) -> Iterator[Finding]:
    folder = next(one for one in path.absolute().parents if one.exists())
    free = shutil.disk_usage(folder).free
    why = f"{free >> 20:,} MiB free under {folder}"
    hint = "make room: where the disk is full, nothing is taken in"
    if free < _LITTLE:
        yield Finding("fail" if free < _NEARLY_NONE else "warn", "disk", "disk", why, hint)
    else:
        yield Finding("ok", "disk", "disk", why)


async def watcher(patient: Patient) -> AsyncIterator[Finding]:
    """Find whether somebody listens now, and what waits because nobody does."""
    from crisisroom.room import reading

    if patient.room is None:
        return
    status = await reading.status(patient.room)
    if status.watcher is None:
        hint = "crisisroom watch; an open screen starts one too"
        yield Finding("warn", "no_watcher", "watcher", "nobody listens or sends now", hint)
    else:
        why = f"pid {status.watcher.pid} on {status.watcher.host}"
        yield Finding("ok", "watcher", "watcher", why)
    if status.unread:
        why = f"{status.unread.mentions} mentions wait for stories, priorities and warnings"
        hint = "the watcher's log says what stopped it; crisisroom watch --once tries again"
        yield Finding("fail", "unread", "analysis", why, hint)
    if status.outbox:
        why = f"{len(status.outbox)} texts are on their way, in doubt or failed"
        yield Finding("warn", "outbox", "outbox", why, "crisisroom outbox")


async def retention(patient: Patient) -> AsyncIterator[Finding]:
    """Find whether anything is older than the room keeps it, or an erasure was interrupted."""
    from crisisroom.room import purging

    if patient.room is None:
        return
    due = await purging.due(patient.room)
    if due.unfinished:
        why = "one was interrupted: free pages may still hold what it erased"
        hint = "open the room once more; if it was refused, give its command again"
        yield Finding("fail", "erasure", "erasure", why, hint)
    if said := str(due):
        why = f"{said} are older than the room keeps them"
        hint = "crisisroom purge --dry-run says what, purge lets it go"
        yield Finding("warn", "retention", "retention", why, hint)
