"""Both engines with very many mentions: windows, searches and counts; purging; moving."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from crisisroom.clock import SystemClock
from crisisroom.core.query import Query
from crisisroom.room import Room, purging, triage
from crisisroom.store import Store, Tx, mention_windows, moving

STOCK = 20_000  # mentions that are taken in; the others are made of them where they lie
LOOKS: tuple[tuple[str, Query], ...] = (
    ("newest", Query()),
    ("further back", Query(before=STOCK // 2)),
    ("of a source", Query(sources=("bsky",))),
    ("of two sources", Query(sources=("bsky", "feed"))),
    ("of a kind", Query(kind="review")),
    ("in a language", Query(lang="de")),
    ("of a state", Query(states=("done",))),
    ("of a story", Query(narrative="N-7")),
    ("with a watched word", Query(term="t1")),
    ("urgent", Query(least_priority=0.5)),
    ("that say a common word", Query(text="refund")),
    ("that say a phrase", Query(text='"house 3"')),
    ("that say a rare word", Query(text="4e1f")),
    ("that say no such word", Query(text="zebra")),
    ("by an author", Query(author="guest7@example.test")),
    ("of a source, a common word", Query(text="refund", sources=("bsky",))),
    ("of a story, a common word", Query(text="refund", narrative="N-7")),
    ("of a state, a rare word", Query(text="4e1f", states=("done",))),
)
_VARIED = (
    "UPDATE mention SET source = CASE id % 10 WHEN 0 THEN 'bsky' WHEN 1 THEN 'feed' ELSE 'masto'"
    " END, lang = CASE id % 7 WHEN 0 THEN 'de' WHEN 1 THEN 'en-GB' ELSE 'en' END,"
    " kind = CASE id % 50 WHEN 3 THEN 'review' ELSE 'post' END,"
    " state = CASE id % 20 WHEN 0 THEN 'done' ELSE 'new' END,"
    " others = CASE id % 9 WHEN 0 THEN 1 ELSE 0 END,"
    " priority = CASE id % 40 WHEN 0 THEN 80 ELSE 10 END,"
    " narrative = CASE id % 3 WHEN 0 THEN 'N-' || CAST(id % 97 AS text) ELSE '' END,"
    " terms = CASE id % 4 WHEN 0 THEN 't1' ELSE '' END"
)
_KEPT = (
    "kind, brand, account, handle, name, reach, text, url, lang, media, reply_to, posted_at,"
    " seen_at, state, assignee, claimed_until, narrative, incident, revision, tags, terms, others,"
    " direct, priority, complaint, why, verdict, copies, copy_of"
)


async def grow(room: Room, items: Sequence[Any], count: int) -> None:
    """Fill an empty room with so many mentions, of several sources, kinds, states and stories."""
    for start in range(0, len(items), 500):
        await triage.ingest(room, items[start : start + 500], durable=False)

    async def varied(tx: Tx) -> None:
        await tx.run(_VARIED)
        await tx.run(
            "INSERT INTO said (term, mention) SELECT 't1', id FROM mention WHERE terms != ''"
        )

    await room.store.write(varied, durable=False)
    for more in range(len(items), count, len(items)):
        again = partial(_again, more=more, count=len(items))
        await room.store.write(again, durable=False)


async def _again(tx: Tx, more: int, count: int) -> None:
    await tx.run(
        f"INSERT INTO mention (id, uid, source, external_id, {_KEPT}) SELECT id + {more},"
        f" uid || '-{more}', source, external_id || '-{more}', {_KEPT} FROM mention"
        f" WHERE id <= {count} ORDER BY id"
    )
    await tx.run(
        f"INSERT INTO said (term, mention) SELECT term, mention + {more} FROM said"
        f" WHERE mention <= {count}"
    )
    if tx.engine == "postgres":
        await tx.run(
            f"INSERT INTO mention_words SELECT mention + {more}, words FROM mention_words"
            f" WHERE mention <= {count} ORDER BY mention"
        )
    else:
        await tx.words.add(tx, range(more + 1, more + count + 1))


async def looking(rooms: dict[str, Room], times: int) -> None:
    """Print how long windows of 50 and counts take, and whether both engines find the same."""
    print("windows of 50, and counts up to their cap: median milliseconds")
    for what, query in LOOKS:
        query, told, found = msgspec.structs.replace(query, limit=50), [], []
        for name, room in rooms.items():
            took, seen = await _median(room, partial(mention_windows.find, query=query), times)
            counting, many = await _median(room, partial(mention_windows.count, query=query), 3)
            told.append(f"{name} {took:8.2f} {counting:8.2f}")
            found.append(([one.number for one in seen], many))
        same = "" if found[0] == found[-1] else "  NOT THE SAME"
        print(f"{what:30} {'   '.join(told)}  ({found[0][1]}){same}", flush=True)


async def _median(
    room: Room, work: Callable[[Tx], Awaitable[Any]], times: int
) -> tuple[float, Any]:
    took, outcome = [], None
    for _ in range(times):
        began = time.perf_counter()
        outcome = await room.store.read(work)
        took.append(time.perf_counter() - began)
    return sorted(took)[times // 2] * 1000, outcome


async def purge(rooms: dict[str, Room]) -> None:
    """Print how long it takes to purge all mentions, turn by turn."""
    for name, room in rooms.items():
        began, before = time.perf_counter(), await room.store.read(moving.mentions)
        await purging.purge(room, SystemClock().now() - timedelta(seconds=1))
        took, left = time.perf_counter() - began, await room.store.read(moving.mentions)
        print(f"{name:9} purged {before - left:,} of {before:,} in {took:.1f} s", flush=True)


async def move(folder: Path, file: Room, server: str) -> None:
    """Print how long a whole room takes to a server and back."""
    clock = SystemClock()
    for source, target in ((str(file.store.path), server), (server, str(folder / "back.db"))):
        here, there = await Store.open(source, clock), await Store.open(target, clock)
        began, cpu = time.perf_counter(), time.process_time()
        rows = await moving.pour(here, there)
        took, used = time.perf_counter() - began, time.process_time() - cpu
        print(
            f"moved     {rows['mention']:,} mentions, {rows['entry']:,} entries from"
            f" {here.kind} to {there.kind} in {took:.1f} s, {used:.1f} s of CPU here",
            flush=True,
        )
        await here.close()
        await there.close()
