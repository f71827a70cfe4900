"""Letting old mentions go."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, takes
from crisisroom.core.errors import Usage
from crisisroom.core.later import seconds_of
from crisisroom.core.timeline import stamp
from crisisroom.room import purging
from crisisroom.room.purging import Purged


async def _purge(context: Context, args: Namespace) -> int:
    before = _before(context.clock.now(), args.older)
    room = await context.here()
    done = await purging.purge(room, before, dry_run=args.dry_run, compact=args.compact)
    context.show(lambda: purged_json(done), lambda: _lines(done))
    return 0


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
        "entry": done.entry or None,
    }


VERBS = {
    "purge": Verb(
        _purge,
        takes(
            arg("--older", "older than so much: 90d", required=True, metavar="SPAN"),
            flag("--dry-run", "only say what would go"),
            flag("--compact", "make the file smaller too; nobody else can write meanwhile"),
        ),
    ),
}
