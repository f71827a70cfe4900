"""The word index of a file: FTS5, external content, newest first by the number of the mention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.store.words import Found, Said, Spoken

if TYPE_CHECKING:
    from crisisroom.store.tx import Tx

PAGES = 400  # of the word index that are merged in one turn
_ROWS = (
    "id, text, handle, name FROM mention"
    " WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"
)


class FtsWords:
    """The word index that SQLite keeps beside the mentions.

    Not by trigger, which an untrusted schema may not do.
    """

    async def add(
        self, tx: Tx, numbers: Sequence[int], rows: Sequence[Spoken] | None = None
    ) -> None:
        """Take mentions into the index as they stand now; it reads by itself what they say."""
        await tx.run(
            f"INSERT INTO mention_words (rowid, text, handle, name) SELECT {_ROWS}",
            (_listed(numbers),),
        )

    async def forget(self, tx: Tx, numbers: Sequence[int]) -> None:
        """Take mentions out of the index, before their words change or go."""
        await tx.run(
            "INSERT INTO mention_words (mention_words, rowid, text, handle, name)"
            f" SELECT 'delete', {_ROWS}",
            (_listed(numbers),),
        )

    async def merge(self, tx: Tx, *, begin: bool) -> bool:
        """Merge a part of the index, so that deleted words leave the file; False once whole."""
        before = await tx.row("SELECT total_changes()")
        await tx.run(
            "INSERT INTO mention_words (mention_words, rank) VALUES ('merge', ?)",
            (-PAGES if begin else PAGES,),
        )
        after = await tx.row("SELECT total_changes()")
        assert before is not None
        assert after is not None
        return bool(after[0] - before[0] >= 2)

    async def leads(self, tx: Tx, said: Sequence[Said]) -> Found:
        """Return how mentions `m` are walked by what they say."""
        rows = "mention_words AS w CROSS JOIN mention AS m ON m.id = w.rowid"
        return Found(rows, "w.rowid", "w.mention_words MATCH ?", (match(said),))

    def fits(self, said: Sequence[Said], least: int = 0) -> tuple[str, tuple[Any, ...]]:
        """Return the condition on mentions `m` that they say it."""
        # once for all of them: to begin a match anew for each takes as long as the word is common
        fitting = "SELECT rowid FROM mention_words WHERE mention_words MATCH ? AND rowid >= ?"
        return f"+m.id IN ({fitting})", (match(said), least)


def match(said: Sequence[Said]) -> str:
    """Return what FTS5 is asked for."""
    return " AND ".join(_asked(one) for one in said)


def _asked(one: Said) -> str:
    beginning = "*" if one.begins else ""
    return f'{"{handle name} : " if one.by else ""}"{one.words}"{beginning}'


def _listed(numbers: Sequence[int]) -> str:
    return msgspec.json.encode(list(numbers)).decode()
