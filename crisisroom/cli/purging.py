"""Letting old mentions go."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import flag, option, takes
from crisisroom.cli.output import note
from crisisroom.core.errors import Usage
from crisisroom.core.later import seconds_of
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import plainly
from crisisroom.room import holding, purging
from crisisroom.room.purging import Emptied, Purged

_SPEED = 60 << 20  # bytes of a file that are compacted in a second, or more


async def _purge(context: Context, args: Namespace) -> int:
    room = await context.here()
    kept = room.config.retention
    before: datetime | None
    over: datetime | None
    if args.older:
        before, over = _before(context.clock.now(), args.older), None
    else:
        before = purging.kept_since(room, kept.mentions)
        over = purging.kept_since(room, kept.incidents)
    if before is None and over is None:
        hint = "--older 90d, or retention: {mentions: 90d, incidents: 3y} in crisisroom.yaml"
        raise Usage("older", "nothing says how old is too old", hint)
    told = sys.stderr.isatty() and not (args.dry_run or context.options.json)
    if args.compact and told and room.store.kind == "sqlite":
        note(_warning(room.store.path.stat().st_size))
    done = None
    if before is not None:
        done = await purging.purge(room, before, dry_run=args.dry_run, compact=args.compact)
    emptied = await purging.empty(room, over, dry_run=args.dry_run) if over else ()
    held = await holding.held_incidents(room)
    context.show(
        lambda: _json(done, emptied) | {"held": [one.id for one in held]},
        lambda: (
            *_both(done, emptied, args.dry_run),
            *(f"{one.id} is on hold, nothing of it goes: hold lift, by Legal" for one in held),
        ),
    )
    return 0


def _warning(size: int) -> str:
    """Say what compacting means for others, before it begins."""
    seconds = max(1, round(size / _SPEED))
    return (
        f"compacting {size >> 20:,} MiB in the end: others read on; the first time they wait for"
        f" about {seconds} s when they write, later on for a moment"
    )


def _json(done: Purged | None, emptied: Sequence[Emptied]) -> dict[str, Any]:
    shown = purged_json(done) if done else {}
    return shown | {"incidents": [plainly(one) for one in emptied]}


def _both(done: Purged | None, emptied: Sequence[Emptied], dry_run: bool) -> Iterator[str]:
    if done:
        yield from _lines(done)
    verb = "would take" if dry_run else "took"
    for one in emptied:
        yield f"{verb} people outside out of {one.id}: {one.texts:,} texts, {one.posts:,} posts"


def _before(now: datetime, older: str) -> datetime:
    span = timedelta(seconds=seconds_of(older))
    if span < timedelta(days=1):
        raise Usage("older", "what came in during the last day stays", "--older 90d")
    return now - span


def _lines(done: Purged) -> Iterator[str]:
    verb = "would purge" if done.dry_run else "purged"
    yield f"{verb} {done.mentions:,} mentions seen before {stamp(done.before)}"
    yield f"kept {done.cited:,} that are older: incidents cite them, or somebody works on them"
    if not done.dry_run:
        yield (
            f"with them went {done.clicks:,} triage decisions, {done.narratives:,} stories"
            f" and {done.counts:,} rows of counts"
        )
    if done.authors:
        yield f"tags of {done.authors:,} authors of whom no post is left went too"
    if done.compacted:
        yield "the file is as small as it can be"


def purged_json(done: Purged) -> dict[str, Any]:
    """Return what a purge came to, or would, as JSON."""
    return {
        "before": stamp(done.before),
        "dry_run": done.dry_run,
        "compacted": done.compacted,
        "mentions": done.mentions,
        "cited": done.cited,
        "clicks": done.clicks,
        "narratives": done.narratives,
        "counts": done.counts,
        "authors": done.authors,
        "entry": done.entry or None,
    }


VERBS = {
    "purge": Verb(
        _purge,
        takes(
            option(
                "--older",
                "older than so much: 90d; else as the room's retention says",
                metavar="SPAN",
            ),
            flag("--dry-run", "only say what would go"),
            flag("--compact", "make the file smaller too; the first time others wait to write"),
        ),
        serves=True,
    ),
}
