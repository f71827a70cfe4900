"""The night before it was declared: a week of counts, nine posts, an early warning at 03:07."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tui.night import BEGIN, _listening, advance, empty_room

from crisisroom.core.candidate import Signal
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.narrative import Narrative
from crisisroom.room import Room, triage, warnings
from crisisroom.store import Tx, buckets
from crisisroom.store import mentions as mention_rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.mentions import Analysed

POSTS: tuple[tuple[int, str, str, int | None, str], ...] = (
    (-19, "forum", "halina", 31, "charged twice for the pass?"),
    (-18, "masto", "@rob@social.example", 88, "ferrow took the money two times"),
    (-17, "bsky", "mira.k", 1200, "two payments of 49.00, same minute"),
    (-14, "forum", "p_ortega", 40, "How do I get the second payment back?"),
    (-12, "masto", "@ines@social.example", 540, "two debits for one pass"),
    (-8, "bsky", "lena.rides", 7900, "ferrow charged me twice, lovely start to a Sunday"),
    (-6, "forum", "old_tram", 65, "Renewal went through twice"),
    (-5, "masto", "@pat@social.example", 2100, "anyone else charged twice by ferrow tonight?"),
    (-4, "bsky", "tomk", 310, "is it only me? two payments, ferrow"),
)
REASON = "9 in 20 min, usual 0.4; 9 authors, 3 sources; 'charged twice'"
PLAYBOOK = "billing-error"
PLAYBOOKS = Path(__file__).parent / "playbooks"


def signal(at: datetime, uid: str = "s-1", **changed: object) -> Signal:
    """Return the night's warning."""
    said: dict[str, object] = {
        "kind": "raised",
        "term": "",
        "at": at,
        "level": "early",
        "reason": REASON,
        "observed": 9,
        "expected": 0.4,
        "window_minutes": 20,
        "authors": 9,
        "sources": 3,
        "reach": 11_900,
        "narratives": ("N-1",),
        "words": ("charged twice",),
        "uid": uid,
    }
    return Signal(**{**said, **changed})  # type: ignore[arg-type]


async def warn(room: Room, *signals: Signal, playbook: str = PLAYBOOK) -> None:
    """Let the analysis write down what the rule says."""
    await room.store.write(lambda tx: warnings.note(tx, room, signals, lambda _: playbook))


def week() -> dict[tuple[str, datetime], tuple[int, int]]:
    """Return seven quiet days of counts: a mention now and then, more by day."""
    counts: Counter[tuple[str, datetime]] = Counter()
    start = buckets.start_of(BEGIN - timedelta(days=8))
    for index in range(8 * 288):
        at = start + timedelta(minutes=5 * index)
        many = 2 if 7 <= at.hour < 21 and index % 3 else int(index % 11 == 0)
        if many and at < BEGIN - timedelta(minutes=26):
            source = ("masto", "bsky", "forum")[index % 3]
            counts["", at] = counts[f"source:{source}", at] = many
    return {key: (many, many // 2 if key[1].minute % 4 == 0 else 0) for key, many in counts.items()}


async def _heard(room: Room) -> None:
    items = [
        Incoming(
            text=text,
            source=source,
            external_id=f"{source}-{handle}",
            author=Author(handle, handle, reach),
            posted_at=BEGIN + timedelta(minutes=minute),
        )
        for minute, source, handle, reach, text in POSTS
    ]
    taken = await triage.ingest(room, items)
    story = Narrative(
        id="N-1",
        uid="uid-N-1",
        title="charged twice",
        mentions=len(POSTS),
        authors=len(POSTS),
        complaints=len(POSTS),
        sources=("masto", "bsky", "forum"),
        reach=11_900,
        first_at=BEGIN - timedelta(minutes=19),
        last_at=BEGIN - timedelta(minutes=4),
    )
    counts: Counter[tuple[str, datetime]] = Counter()
    for one in items:
        assert one.posted_at is not None
        at = buckets.start_of(one.posted_at)
        for series in ("", f"source:{one.source}", "narrative:N-1"):
            counts[series, at] += 1

    async def write(tx: Tx) -> None:
        await mention_rows.analysed(tx, [Analysed(one, "N-1", 0.0, 0.9) for one in taken.added])
        await narrative_rows.put(tx, [story])
        await buckets.add(tx, week())
        await buckets.add(tx, {key: (many, many) for key, many in counts.items()})

    await room.store.write(write)


@asynccontextmanager
async def heard_room(folder: Path) -> AsyncIterator[Room]:
    """Open a room at 03:11, in which people complain and nothing was warned of yet."""
    async with empty_room(folder) as room:
        await _listening(room)
        await _heard(room)
        advance(room, 1)
        yield room


@asynccontextmanager
async def warned_room(folder: Path) -> AsyncIterator[Room]:
    """Open it with one early warning, raised at 03:07."""
    async with heard_room(folder) as room:
        await warn(room, signal(BEGIN - timedelta(minutes=3)))
        yield room
