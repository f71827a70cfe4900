"""Statements of the store as PostgreSQL reads them; texts in them are never touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.store.postgres.dialect import changed_in_bulk, copied, in_bulk, translated


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT a FROM t WHERE b = ? AND c = ?", "SELECT a FROM t WHERE b = $1 AND c = $2"),
        ("VALUES (?2, ?, ?1)", "VALUES ($2, $3, $1)"),
        ("SELECT '?', \"?\", 'it''s ?' WHERE a = ?", "SELECT '?', \"?\", 'it''s ?' WHERE a = $1"),
        ("FROM mention AS m INDEXED BY by_id WHERE +m.id > ?", "FROM mention AS m WHERE m.id > $1"),
        ("FROM mention AS m NOT INDEXED WHERE a", "FROM mention AS m WHERE a"),
        ("a CROSS JOIN b AS c ON c.x = a.x", "a JOIN b AS c ON c.x = a.x"),
        ("a CROSS JOIN b INDEXED BY i ON b.x = ?", "a JOIN b ON b.x = $1"),
        ("a CROSS JOIN b AS c WHERE c.x = a.x", "a CROSS JOIN b AS c WHERE c.x = a.x"),
        (
            "x CROSS JOIN (SELECT max(?) FROM t) AS s ON 1",
            "x JOIN (SELECT max($1) FROM t) AS s ON 1",
        ),
        ("CAST(value AS INTEGER)", "CAST(value AS bigint)"),
        ("CAST(a AS REAL), CAST(b AS BLOB )", "CAST(a AS double precision), CAST(b AS bytea)"),
        ("SELECT a AS integer FROM t", "SELECT a AS integer FROM t"),
        ("a LIKE ? ESCAPE '\\'", "a ILIKE $1 ESCAPE '\\'"),
        ("'LIKE' || a -- LIKE ?\n|| ?", "'LIKE' || a  \n|| $1"),
        ("a + b, (+c), x||+d", "a + b, (c), x||+d"),
    ],
)
def test_what_differs_is_translated(ours: str, theirs: str) -> None:
    assert _blanks(translated(ours)) == _blanks(theirs)


def _blanks(sql: str) -> str:
    return " ".join(sql.split())


_TEXTS = st.text(max_size=20).map(lambda text: "'" + text.replace("'", "''") + "'")
_CODE = st.sampled_from(
    ["SELECT ", " LIKE ", " = ?", " = ?1", ", +m.a", " INDEXED BY x", " || ", "CAST(a AS INTEGER)"]
)


@given(st.lists(st.tuples(_CODE, _TEXTS), max_size=8))
def test_texts_stay_as_they_are(parts: list[tuple[str, str]]) -> None:
    sql = translated("".join(f"{code} {text}" for code, text in parts))
    assert re.findall(r"'(?:[^']|'')*'", sql) == [text for _, text in parts]
    assert "?" not in re.sub(r"'(?:[^']|'')*'", "", sql)


@given(st.integers(0, 40))
def test_every_argument_is_named_once_and_in_order(count: int) -> None:
    named = re.findall(r"\$([0-9]+)", translated(f"VALUES ({','.join('?' * count)})"))
    assert named == [str(number) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        (
            "INSERT INTO t (a, b) VALUES ($1, $2)",
            "INSERT INTO t (a, b) SELECT given.v1, given.v2"
            " FROM unnest($1::int8[], $2::text[]) AS given (v1, v2)",
        ),
        (
            "INSERT INTO t VALUES ($1, '$2)', upper($2)) ON CONFLICT (a) DO NOTHING",
            "INSERT INTO t SELECT given.v1, '$2)', upper(given.v2)"
            " FROM unnest($1::int8[], $2::text[]) AS given (v1, v2) ON CONFLICT (a) DO NOTHING",
        ),
        ("INSERT INTO t VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = excluded.b", None),
        ("INSERT INTO t VALUES ($2, $1)", None),
        ("INSERT INTO t VALUES ($1, $1 || $2)", None),
        ("INSERT INTO t SELECT a FROM s WHERE b = $1 AND c = $2", None),
        ("INSERT INTO t VALUES ($1, $2) RETURNING a", None),
        ("UPDATE t SET a = $1 WHERE b = $2", None),
    ],
)
def test_an_insert_of_many_rows_is_one_statement(one: str, many: str | None) -> None:
    assert in_bulk(one, ("int8", "text")) == many


@pytest.mark.parametrize(
    ("one", "many"),
    [
        (
            "UPDATE t SET a = $1, b = b + $2 WHERE c = $3 AND d = $4",
            (
                "UPDATE t SET a = given.v1, b = b + given.v2 FROM unnest($1::int8[], $2::int8[],"
                " $3::int8[], $4::int8[]) AS given (v1, v2, v3, v4)"
                " WHERE c = given.v3 AND d = given.v4",
                2,
            ),
        ),
        (
            "DELETE FROM t WHERE a = $1 AND b = '$2'",
            (
                "DELETE FROM t USING unnest($1::int8[]) AS given (v1)"
                " WHERE a = given.v1 AND b = '$2'",
                0,
            ),
        ),
        ("UPDATE t SET a = $2 WHERE b = $1", None),
        ("DELETE FROM t WHERE a IN (SELECT a FROM s WHERE b = $1)", None),
        ("INSERT INTO t VALUES ($1)", None),
    ],
)
def test_a_change_of_many_rows_is_one_statement(one: str, many: tuple[str, int] | None) -> None:
    assert changed_in_bulk(one, ("int8",) * len(set(re.findall(r"\$\d(?!')", one)))) == many


@pytest.mark.parametrize(
    ("one", "into"),
    [
        ("INSERT INTO t VALUES ($1,$2)", ("t", None)),
        ("INSERT INTO t (a, b) VALUES ($1, $2)", ("t", ("a", "b"))),
        ("INSERT INTO t (a, b) VALUES ($1, 'x')", None),
        ("INSERT INTO t VALUES ($1) ON CONFLICT DO NOTHING", None),
    ],
)
def test_only_plain_rows_are_copied_in(one: str, into: tuple[str, object] | None) -> None:
    assert copied(one) == into
