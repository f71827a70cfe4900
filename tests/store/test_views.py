"""The tables as one person sees them: none forgotten, and no query past the views."""

from __future__ import annotations

import re

import pytest

from crisisroom.store.schema import MIGRATIONS
from crisisroom.store.views import TABLES, UNNAMED, UnfitError, read_of, refuse_to_read


def _tables() -> set[str]:
    every = "\n".join(sql for _, sql in MIGRATIONS)
    made: list[str] = re.findall(r"CREATE (?:VIRTUAL )?TABLE (\w+)", every)
    return set(made)


def test_every_table_is_filtered_or_said_to_name_no_incident() -> None:
    assert TABLES | UNNAMED.keys() == _tables()
    assert not TABLES & UNNAMED.keys()
    assert all(UNNAMED.values())


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM main.entry",
        "SELECT * FROM crisisroom.chain",
        'SELECT * FROM "main" . "entry"',
        'SELECT * FROM "entry"',
        "SELECT * FROM [entry]",
        "SELECT * FROM `entry`",
        "WITH entry AS (SELECT 1) SELECT * FROM entry",
        "WITH x AS (SELECT 1), chain (id) AS NOT MATERIALIZED (SELECT 2) SELECT * FROM chain",
        "VALUES ((SELECT words FROM sealed))",
        "(SELECT words FROM sealed)",
        "-- all of them\nSELECT words FROM sealed",
        "EXPLAIN SELECT words FROM sealed",
        "INSERT INTO room SELECT chain, kind FROM entry RETURNING value",
        "UPDATE room SET value = (SELECT words FROM sealed) RETURNING value",
    ],
)
def test_a_query_that_the_views_do_not_fit_is_refused(sql: str) -> None:
    with pytest.raises(UnfitError):
        read_of(sql)


def test_others_are_asked_through_the_views() -> None:
    assert read_of("SELECT e.kind FROM ENTRY e JOIN Chain c ON c.id = e.chain") == {
        *("entry", "chain")
    }
    assert read_of("SELECT 1 FROM mention WHERE uid = 'entry'") == frozenset()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO room SELECT chain, kind FROM entry",
        "UPDATE room SET value = words FROM sealed WHERE key = seq",
        "UPDATE room SET value = (SELECT max(head) FROM chain)",
        "DELETE FROM mention WHERE incident IN (SELECT id FROM chain)",
        "DELETE FROM mention WHERE uid IN (SELECT m.uid FROM mention AS m, entry AS e)",
        "DELETE FROM page WHERE key IN (SELECT key FROM page)",
        'INSERT INTO room SELECT id, body FROM main."projection"',
        "INSERT INTO room WITH x AS (SELECT words FROM sealed) SELECT words, words FROM x",
    ],
)
def test_writing_what_was_read_past_the_views_is_refused(sql: str) -> None:
    with pytest.raises(UnfitError):
        refuse_to_read(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO entry VALUES (?, ?)",
        "INSERT INTO place (actor, at) VALUES (?, ?) ON CONFLICT (actor) DO UPDATE SET at = 1",
        "DELETE FROM draft WHERE id = ?",
        "UPDATE chain SET seq = ?, head = ? WHERE id = ?",
        "DELETE FROM mention WHERE id IN (SELECT value FROM json_each(?))",
        "SAVEPOINT one",
    ],
)
def test_writing_is_not(sql: str) -> None:
    refuse_to_read(sql)
