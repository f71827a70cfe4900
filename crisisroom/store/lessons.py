"""What posts were answered with: the room's memory of what fits what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.query import numbered
from crisisroom.core.timeline import stamp
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert

KEPT = 2_000  # lessons of a playbook that suggestions learn from
PER_WORDS = 20  # of them for each message or answer

_WRITTEN = ("mention", "playbook", "words", "narrative", "actor", "at")
_COLUMNS = (
    "l.mention, l.words, m.text, l.at FROM lesson AS l CROSS JOIN mention AS m ON m.id = l.mention"
)


class Lesson(msgspec.Struct, frozen=True):
    """One post, and the ids of the approved words it was answered with."""

    mention: int
    words: tuple[str, ...]
    text: str
    at: str = ""  # when, as in the log


async def learn(
    tx: Tx,
    mention: int,
    playbook: str,
    words: Sequence[str],
    narrative: str,
    actor: str,
    now: datetime,
) -> None:
    """Remember with which words of a playbook M-mention was answered, over what was known.

    An answer without approved words teaches nothing.
    """
    if words:
        await tx.run(
            upsert("lesson", _WRITTEN, ("mention",)),
            (mention, playbook, " ".join(words), narrative, actor, stamp(now)),
        )


async def forget(tx: Tx, mention: int) -> bool:
    """Forget what M-mention was answered with: it was taken back. Returns whether it was known."""
    return bool(await tx.run("DELETE FROM lesson WHERE mention = ?", (mention,)))


async def of_playbook(tx: Tx, playbook: str, limit: int = KEPT) -> tuple[Lesson, ...]:
    """Return a playbook's newest lessons, the newest first, at most `PER_WORDS` for each words."""
    rows = await tx.rows(
        f"SELECT {_COLUMNS} WHERE l.playbook = ? ORDER BY l.at DESC, l.mention DESC LIMIT ?",
        (playbook, limit),
    )
    taken: dict[str, int] = {}
    kept: list[Lesson] = []
    for lesson in map(_from_row, rows):
        rare = tuple(one for one in lesson.words if taken.get(one, 0) < PER_WORDS)
        taken.update((one, taken.get(one, 0) + 1) for one in rare)
        if rare:
            kept.append(msgspec.structs.replace(lesson, words=rare))
    return tuple(kept)


async def latest(tx: Tx, playbook: str, limit: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the mention and the words of a playbook's newest lessons, the newest first."""
    rows = await tx.rows(
        "SELECT mention, words FROM lesson WHERE playbook = ?"
        " ORDER BY at DESC, mention DESC LIMIT ?",
        (playbook, limit),
    )
    return tuple((row[0], tuple(row[1].split())) for row in rows)


async def of_narrative(
    tx: Tx, playbook: str, narrative: str, limit: int = KEPT
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the mention and the words of a story's newest answers.

    What was merged into the story counts as told in it.
    """
    number = numbered(narrative, "N-")
    if number is None:
        return ()
    rows = await tx.rows(
        "SELECT mention, words FROM lesson INDEXED BY lesson_by_narrative WHERE playbook = ?"
        " AND narrative IN (SELECT CAST(? AS TEXT) UNION ALL"
        " SELECT 'N-' || id FROM narrative WHERE into_id != 0 AND into_id = ?)"
        " ORDER BY at DESC, mention DESC LIMIT ?",
        (playbook, f"N-{number}", number, limit),
    )
    return tuple((row[0], tuple(row[1].split())) for row in rows)


def _from_row(row: tuple[Any, ...]) -> Lesson:
    return Lesson(row[0], tuple(row[1].split()), row[2], row[3])
