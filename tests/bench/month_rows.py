"""The rows of a big brand's month: some twenty words each, from a vocabulary like people's.

They are written with raw `sqlite3.executemany` through the room's own tables, word index included:
the baseline that ingest is measured against.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crisisroom.core.timeline import stamp
from crisisroom.store import buckets

START = datetime(2026, 10, 22, tzinfo=UTC)
DAYS = 31
END = START + timedelta(days=DAYS)
CHUNK = 20_000
STORIES = 2_000
WORDS = 20_000  # of the vocabulary, as frequent as words are: the n-th is n times rarer
SOURCES = ("bluesky", "mastodon", "x", "reviews", "forum", "press", "mail", "hackernews")
SOURCE_OF = [
    one
    for one, often in zip(SOURCES, (40, 10, 30, 8, 6, 3, 2, 1), strict=True)
    for _ in range(often)
]
KIND_OF = [*["post"] * 40, *["review"] * 4, *["comment"] * 4, "article", "mail"]
LANG_OF = [*["en"] * 60, *["de"] * 20, *["fr"] * 8, *["es"] * 6, *["it"] * 5, "da"]
TERMS = ("ferrow", "kettle", "support", "ceo", "rival")


class Maker:
    """Makes rows that look like a month of mentions, the same for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._words = [f"{'wertgab'[number % 7]}{number:x}" for number in range(WORDS)]
        self._weights = list(self._cumulated(WORDS))
        self._stories = list(self._cumulated(STORIES))

    @staticmethod
    def _cumulated(many: int) -> Iterator[float]:
        total = 0.0
        for number in range(many):
            total += 1 / (number + 1)
            yield total

    def text(self) -> str:
        """Return some twenty words."""
        return " ".join(
            self._random.choices(
                self._words, cum_weights=self._weights, k=self._random.randint(8, 32)
            )
        )

    def row(self, number: int, size: int) -> tuple[object, ...]:
        """Return a mention as a row, without its search index."""
        pick = self._random
        seen = stamp(START + timedelta(days=DAYS * number / size))
        others = int(pick.random() < 0.2)
        copy = (
            pick.randint(max(1, number - 5000), number - 1)
            if pick.random() < 0.1 and number > 9
            else 0
        )
        story = pick.choices(range(1, STORIES + 1), cum_weights=self._stories)[0]
        told = f"N-{story}" if pick.random() < 0.6 else ""
        state = pick.choices(
            ("new", "dismissed", "answered", "claimed", "offline"), (90, 6, 3, 0.9, 0.1)
        )[0]
        urgent = pick.randint(50, 100) if pick.random() < 0.04 else pick.randint(0, 49)
        sizes = pick.choice(SOURCE_OF), pick.choice(KIND_OF), pick.choice(LANG_OF)
        author = f"pat{pick.randint(1, 400_000)}@social.example", "Pat Example", number % 5000
        return (
            *(number, f"00000000-0000-7000-8000-{number:012d}", sizes[0], f"post-{number}"),
            *(sizes[1], "", "", *author, self.text(), f"https://social.example/{number}"),
            *(sizes[2], "[]", "", seen, seen, state, "ada" if state == "claimed" else "", told),
            *(TERMS[4] if others else TERMS[number % 4], others, 0, urgent, urgent),
            *('["asks a question"]', "", 0, copy),
        )


_COLUMNS = (
    "id, uid, source, external_id, kind, brand, account, handle, name, reach, text, url, lang,"
    " media, reply_to, posted_at, seen_at, state, assignee, narrative, terms, others, direct,"
    " priority, complaint, why, verdict, copies, copy_of"
)
INSERT = f"INSERT INTO mention ({_COLUMNS}) VALUES ({','.join('?' * 29)})"
INDEX = "INSERT INTO mention_words (rowid, text, handle, name) VALUES (?, ?, ?, ?)"
ORIGINAL = "INSERT INTO original VALUES (?, 1, ?, ?, ?, ?)"
SAID = "INSERT INTO said VALUES (?, ?)"
BUCKET = "INSERT INTO bucket VALUES (?, ?, 1, 0) ON CONFLICT DO UPDATE SET mentions = mentions + 1"


def insert(connection: sqlite3.Connection, rows: list[tuple[object, ...]]) -> None:
    """Write rows as plainly as sqlite3 can: what ingest is compared with."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, rows)
    connection.executemany(INDEX, [(row[0], row[10], row[7], row[8]) for row in rows])
    connection.executemany(
        ORIGINAL,
        [
            (
                row[0],
                row[16],
                str(row[10]).encode(),
                b"[]",
                hashlib.sha256(str(row[10]).encode()).hexdigest(),
            )
            for row in rows
        ],
    )
    connection.executemany(SAID, [(row[20], row[0]) for row in rows])
    connection.execute("COMMIT")


def connected(path: Path) -> sqlite3.Connection:
    """Return a plain connection with the room's own settings."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in (
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {setting}").fetchall()
    return connection


def build(path: Path, size: int) -> None:
    """Write `size` mentions, their search index, originals, terms, buckets and stories."""
    connection, maker, began = connected(path), Maker(), time.perf_counter()
    cpu = 0.0
    for first in range(1, size + 1, CHUNK):
        rows = [maker.row(number, size) for number in range(first, min(first + CHUNK, size + 1))]
        before = time.process_time()
        insert(connection, rows)
        cpu += time.process_time() - before
        _count(connection, rows)
        done = first + len(rows) - 1
        if done % (CHUNK * 10) == 0 or done == size:
            rate = done / (time.perf_counter() - began)
            print(
                f"  {done:>9,} written, {cpu / done * 1e6:.1f} us CPU each, {rate:,.0f}/s",
                flush=True,
            )
    _stories(connection)
    connection.close()


def _count(connection: sqlite3.Connection, rows: list[tuple[object, ...]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for row in rows:
        at = buckets.start_of(datetime.fromisoformat(str(row[15])))
        names = ["", f"term:{row[20]}", f"source:{row[2]}"]
        names += [f"narrative:{row[19]}"] if row[19] else []
        connection.executemany(BUCKET, [(name, stamp(at)) for name in names])
    connection.execute("COMMIT")


def _stories(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO narrative (id, uid, title, mentions, authors, first_at, last_at)"
        " SELECT CAST(substr(narrative, 3) AS INTEGER), narrative, 'a story', count(*),"
        " count(DISTINCT handle), min(posted_at), max(posted_at) FROM mention"
        " WHERE narrative != '' GROUP BY narrative"
    )
    connection.execute("COMMIT")
