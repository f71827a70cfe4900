"""The word index on PostgreSQL: text vectors whose words are cut and folded as SQLite does it.

An index in memory, SQLite's own, is asked what becomes of each character: so no table of Unicode
of ours can differ from the one that rooms in files are searched by.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.store.words import Found, Said, Spoken

if TYPE_CHECKING:
    from crisisroom.store.tx import Tx

_LONGEST = 200  # characters of a word that are kept: PostgreSQL takes up to 2046 bytes
_LAST = 16_000  # the last place in a text vector is 16,383
_GAP = 2  # places between the columns, so that no phrase runs from one into the next
_SAMPLE = 2_000  # of the newest mentions are asked how many say what is looked for
_COLUMNS = "CBA"  # marks for the handle, the name, the text


class VectorWords:
    """The word index in a table beside the mentions, one text vector each."""

    async def add(
        self, tx: Tx, numbers: Sequence[int], rows: Sequence[Spoken] | None = None
    ) -> None:
        """Take mentions into the index as they stand now; `rows` is what they say, where known."""
        if rows is None:
            found = await tx.rows(
                "SELECT id, handle, name, text FROM mention"
                " WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
                (msgspec.json.encode(list(numbers)).decode(),),
            )
            rows = [(row[0], row[1], row[2], row[3]) for row in found]
        await tx.many(
            "INSERT INTO mention_words (mention, words)"
            " VALUES (?, CAST(CAST(? AS text) AS tsvector))",
            [(number, vector(columns)) for number, *columns in rows],
        )

    async def forget(self, tx: Tx, numbers: Sequence[int]) -> None:
        """Take mentions out of the index, before their words change or go."""
        await tx.run(
            "DELETE FROM mention_words WHERE mention IN"
            " (SELECT CAST(value AS INTEGER) FROM json_each(?))",
            (msgspec.json.encode(list(numbers)).decode(),),
        )

    async def merge(self, tx: Tx, *, begin: bool) -> bool:
        """Do nothing: the server sweeps by itself what was forgotten."""
        return False

    async def leads(self, tx: Tx, said: Sequence[Said]) -> Found:
        """Return how mentions `m` are walked by what they say.

        What many say is found soonest newest first, what few say by the index: the server cannot
        know which it is, so the newest are asked.
        """
        asked = match(said)
        row = await tx.row(_SAMPLED, (_SAMPLE, asked))
        many = row is not None and row[0] > _SAMPLE // 100
        if many:
            rows = "mention_words AS w JOIN mention AS m ON m.id = w.mention"
            return Found(rows, "w.mention", f"ts_match_vq(w.words, {_ASKED})", (asked,))
        return Found(_EACH, "(w.mention + 0)", f"w.words @@ {_ASKED}", (asked,))

    def fits(self, said: Sequence[Said], least: int = 0) -> tuple[str, tuple[Any, ...]]:
        """Return the condition on mentions `m` that they say it."""
        where = f"SELECT 1 FROM mention_words AS w WHERE w.mention = m.id AND w.words @@ {_ASKED}"
        return f"EXISTS ({where})", (match(said),)


_ASKED = "CAST(CAST(? AS text) AS tsquery)"
# One mention is looked up for each that says it: the server takes them for more than they are.
_EACH = (
    "mention_words AS w CROSS JOIN LATERAL"
    " (SELECT * FROM mention AS one WHERE one.id = w.mention OFFSET 0) AS m"
)
_SAMPLED = (
    "SELECT count(*) FROM (SELECT words FROM mention_words ORDER BY mention DESC LIMIT ?) AS newest"
    f" WHERE words @@ {_ASKED}"
)


def match(said: Iterable[Said]) -> str:
    """Return what a text vector is asked for; what has no word in it fits nothing."""
    parts = [_asked(one) for one in said]
    return " & ".join(parts) if all(parts) else ""


def _asked(one: Said) -> str:
    *first, last = cut(one.words) or [""]
    if not last:
        return ""
    marks = ":BC" if one.by else ""
    row = [f"{_quoted(word)}{marks}" for word in first]
    end = f":*{marks.lstrip(':')}" if one.begins else marks
    return f"({' <-> '.join((*row, _quoted(last) + end))})"


def vector(columns: Sequence[str]) -> str:
    """Return the text vector of a handle, a name and a text."""
    place, found = 1, []
    for column, mark in zip(columns, _COLUMNS, strict=True):
        words = cut(column)[: max(0, _LAST - place + 1)]
        if len(column) > _LONGEST:
            words = [word[:_LONGEST] for word in words]
        found += [f"'{word}':{at}{mark}" for at, word in enumerate(words, place)]
        place += len(words) + _GAP
    return " ".join(found)


def _quoted(word: str) -> str:
    return f"'{word[:_LONGEST]}'"


def cut(text: str) -> list[str]:
    """Return the words of a text, folded, in their order."""
    return text.translate(_characters()).split()


class _Characters(dict[int, str]):
    """What becomes of each character: folded, nothing for an accent, else a blank."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = threading.Lock()
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.executescript(
            "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2');"
            "CREATE VIRTUAL TABLE v USING fts5vocab('t', 'instance');"
        )

    def __missing__(self, number: int) -> str:
        with self._turn:
            self._index.execute("INSERT INTO t VALUES (?)", (f"x{chr(number)}x",))
            terms = [row[0] for row in self._index.execute("SELECT term FROM v")]
            self._index.execute("DELETE FROM t")
        self[number] = terms[0][1:-1] if len(terms) == 1 else " "
        return self[number]


@cache
def _characters() -> _Characters:
    return _Characters()
