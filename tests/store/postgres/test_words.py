"""Words on a server are cut and folded as in a file, whatever people write."""

from __future__ import annotations

import sqlite3
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.store.postgres.words import cut, match, vector
from crisisroom.store.words import Said


def _as_in_a_file(text: str) -> list[str]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(
            "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2');"
            "CREATE VIRTUAL TABLE v USING fts5vocab('t', 'instance');"
        )
        connection.execute("INSERT INTO t VALUES (?)", (text,))
        return [row[0] for row in connection.execute('SELECT term FROM v ORDER BY "offset"')]
    finally:
        connection.close()


_WRITTEN = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("aeé ́̈ßİıÅ9_-'日本👍🏽‍ﷺ①\N{COMBINING ACUTE ACCENT}"),
    max_size=40,
)


@given(_WRITTEN)
@settings(max_examples=400)
def test_words_are_those_of_a_file(text: str) -> None:
    assert cut(text) == _as_in_a_file(text)


@given(_WRITTEN)
def test_however_a_letter_is_composed(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert cut(composed) == _as_in_a_file(composed)


def test_columns_are_marked_and_kept_apart() -> None:
    made = vector(("@kim", "Kim O'Neil", "Charged twice!"))
    assert made == "'kim':1C 'kim':4B 'o':5B 'neil':6B 'charged':9A 'twice':10A"


def test_nothing_that_is_looked_for_is_an_operator() -> None:
    asked = match([Said("o'neil & !x", begins=True), Said("a b", by=True)])
    assert asked == "('o' <-> 'neil' <-> 'x':*) & ('a':BC <-> 'b':BC)"
    assert match([Said("a"), Said("👍")]) == ""


def test_very_long_texts_are_cut_short() -> None:
    assert vector(("", "", "word " * 30_000)).count(":") < 16_384
    assert vector(("", "", "w" * 9_000)) == f"'{'w' * 200}':5A"
