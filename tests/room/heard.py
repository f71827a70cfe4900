"""A room in which people talked: mentions, stories and warnings as the analysis leaves them."""

from __future__ import annotations

from collections.abc import Mapping

from conftest import START

from crisisroom.core.candidate import Signal
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.narrative import Narrative
from crisisroom.core.query import numbered
from crisisroom.room import Room, triage, warnings
from crisisroom.store import Tx
from crisisroom.store import mentions as rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.mentions import Analysed


async def stories_told(room: Room, sizes: Mapping[str, int], complaint: float = 0.0) -> None:
    """Let so many people tell each story, on top of what was told already."""
    for name, size in sizes.items():
        before = len(await room.store.read(lambda tx, name=name: _told(tx, name)))  # type: ignore[misc]
        items = [
            Incoming(
                text=f"{name} says {index}",
                source="web",
                external_id=f"{name}-{index}",
                author=Author(f"p{index}"),
                posted_at=START,
            )
            for index in range(before, before + size)
        ]
        taken = await triage.ingest(room, items)
        story = Narrative(
            id=name,
            uid=f"uid-{name}",
            title=f"story {name}",
            mentions=before + size,
            authors=before + size,
            complaints=(before + size) * (complaint >= 0.5),
            sources=("web",),
            first_at=START,
            last_at=START,
        )

        async def write(
            tx: Tx, story: Narrative = story, taken: tuple[int, ...] = taken.added
        ) -> None:
            said = [Analysed(one, story.id, 0.0, complaint) for one in taken]
            await rows.analysed(tx, said)
            await narrative_rows.put(tx, [story])

        await room.store.write(write)


async def _told(tx: Tx, name: str) -> tuple[int, ...]:
    from crisisroom.core.query import Query

    return await rows.numbers(tx, Query(narrative=name))


def signal(uid: str = "s-1", **changed: object) -> Signal:
    """Return a warning such as the rule raises."""
    said: dict[str, object] = {
        "kind": "raised",
        "term": "",
        "at": START,
        "level": "early",
        "reason": "9 in 20 min, usual 0.4; 9 people, 3 sources",
        "observed": 9,
        "expected": 0.4,
        "window_minutes": 20,
        "authors": 9,
        "sources": 3,
        "narratives": ("N-1",),
        "uid": uid,
    }
    return Signal(**{**said, **changed})  # type: ignore[arg-type]


async def warned(room: Room, *signals: Signal, playbook: str = "") -> None:
    """Let the analysis write down what the rule says."""
    await room.store.write(lambda tx: warnings.note(tx, room, signals, lambda signal: playbook))


def number_of(name: str) -> int:
    """Return the number in a story's id."""
    return numbered(name, "N-") or 0
