"""The night of the pictures as the analysis leaves it: stories, priorities, sources that fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
from tui.night import BEGIN, PLAYBOOK, POSTS, advance, empty_room, incoming

from crisisroom.config import Account, Campaign, Member, RoomConfig, Source, Term
from crisisroom.core.mention import Incoming
from crisisroom.core.narrative import Narrative
from crisisroom.room import Room, improving, lifecycle, triage
from crisisroom.store import Tx, buckets, leases, sources
from crisisroom.store import mentions as rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.mentions import Analysed
from crisisroom.store.sources import SourceRow

TOLD: Mapping[str, tuple[str, Sequence[str]]] = {
    "N-1": (
        "charged twice",
        ("old_tram", "@pat@social.example", "tomk", "@ines@social.example", "mira.k", "kettle_on"),
    ),
    "N-2": ("when is the refund", ("p_ortega", "sunniva")),
}
WHY = ("likely a complaint", "asks a question", "2.1k reach", "says: charged, rent")


@asynccontextmanager
async def story_room(folder: Path, *, posts: int = 0, incident: bool = True) -> AsyncIterator[Room]:
    """Open the room at 03:34: two stories, one with `posts` more, and posts of no story."""
    async with empty_room(folder) as room:
        await settle(room)
        if incident:
            await lifecycle.declare(room, "Double charge", playbook=PLAYBOOK, severity="sev2")
        advance(room, 24)
        more = [more_of(number) for number in range(posts)]
        await triage.ingest(room, [*more, *(incoming(*post) for post in POSTS)])
        await tell(room, posts)
        await ask(room)
        yield room


def more_of(number: int) -> Incoming:
    """Return one more post of the first story."""
    text = f"Charged two times as well, number {number}"
    return incoming(1, "bsky", f"rider{number}", 12 + number, text)


async def settle(room: Room) -> None:
    """Give the room sources, of which one fails, and a watch of terms and campaigns."""
    names = ("masto", "bsky", "forum", "stars", "mail")
    accounts = (
        Account(id="masto", type="mastodon", server="https://social.example", handle="@ferrow"),
        Account(id="tube", type="youtube", handle="@ferrow-rides"),
    )
    room.config = RoomConfig(
        zone="Europe/Berlin",
        accounts=accounts,
        sources=tuple(
            Source(id=name, type="demo", every=300, account="masto" if name == "masto" else "")
            for name in names
        ),
        team=(Member("ada", "Ada"), Member("bo", "Bo Lind")),
        terms=(Term(id="ferrow", say="ferrow"), Term(id="pass", say="november pass")),
        campaigns=(
            Campaign(
                id="autumn",
                title="Autumn pass",
                terms=("pass",),
                start="2026-11-16",
                end="2026-11-20",
                owner="bo",
                goal="500 people say its name",
            ),
        ),
    )
    text = msgspec.json.encode(room.config).decode()
    from crisisroom.store import settings as kept

    await room.store.write(lambda tx: kept.put(tx, "config", text))
    await room.reload()


async def ask(room: Room) -> None:
    """Let every source have been asked just now; the forum fails."""
    now = room.clock.now()
    for name in (source.id for source in room.config.sources):
        row = SourceRow(
            id=name, last_try_at=now, last_ok_at=now, next_at=now + timedelta(minutes=5)
        )
        if name == "forum":
            row = SourceRow(
                id=name,
                last_try_at=now - timedelta(minutes=1),
                last_ok_at=now - timedelta(minutes=12),
                next_at=now + timedelta(minutes=4),
                fails=3,
                reason="forum.example answers 503: down for maintenance",
            )
        await room.store.write(lambda tx, row=row: sources.put(tx, row))  # type: ignore[misc]
    await room.store.write(lambda tx: leases.acquire(tx, "watch", "night", room.clock, 6000))


async def tell(
    room: Room, posts: int, stories: Mapping[str, tuple[str, Sequence[str]]] = TOLD
) -> None:
    """Write down what the analysis says of the night."""
    from crisisroom.core.query import Query

    found = await room.store.read(lambda tx: rows.find(tx, Query(limit=5_000)))
    by_handle = {one.author.handle: one for one in found}
    extra = [f"rider{number}" for number in range(posts)]

    async def write(tx: Tx) -> None:
        for name, (title, handles) in stories.items():
            told = [by_handle[one] for one in (*handles, *(extra if name == "N-1" else ()))]
            await rows.analysed(
                tx,
                [
                    Analysed(
                        one.number, name, 0.8 if one.author.handle[1:4] == "pat" else 0.3, 0.7, WHY
                    )
                    for one in told
                ],
            )
            story = Narrative(
                id=name,
                uid=f"uid-{name}",
                title=title,
                mentions=len(told),
                authors=len(told),
                complaints=len(told),
                reach=sum(one.author.reach or 0 for one in told),
                sources=("masto", "bsky", "forum"),
                first_at=min(one.posted_at for one in told),
                last_at=max(one.posted_at for one in told),
            )
            await narrative_rows.put(tx, [story])
            counts = {
                (f"narrative:{name}", buckets.start_of(one.posted_at)): (1, 1) for one in told
            }
            counts |= {
                (f"narrative:{name}", BEGIN - timedelta(hours=hour)): (hour % 5, hour % 2)
                for hour in range(1, 20)
            }
            await buckets.add(tx, counts)
        for one in found:
            at = buckets.start_of(one.posted_at)
            await buckets.add(tx, {("", at): (1, 1), (f"source:{one.source}", at): (1, 0)})
        for day in range(10):
            at = buckets.start_of(BEGIN - timedelta(days=day))
            await buckets.add(tx, {("term:pass", at): (40 - day * 3, 12 if day == 3 else 1)})

    await room.store.write(write)


async def mended(room: Room) -> None:
    """Give the stories owners, one of them late."""
    await improving.add(
        room, "Stop the second charge", owner="bo", due="2026-11-20", narrative="N-1"
    )
    await improving.add(room, "Say refund days on the receipt", owner="ada", narrative="N-2")
    await improving.done(room, "ACT-2", "It says three days now; nobody asked since.")
