"""The query language: what it reads, what it refuses and where, that it writes what it reads."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crisisroom.core.watchfold import folded
from crisisroom.core.watchquery import (
    LONGEST,
    MOST,
    Atom,
    Query,
    as_written,
    flaw,
    parse,
    phrase,
    spellings,
    written,
)


def read(text: str) -> str:
    query = parse(text)
    return written(query.any_of, query.without)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ferrow", "ferrow"),
        ("ferrow  hotel", "ferrow hotel"),
        ('"Ferrow  Hotel"', '"ferrow hotel"'),
        ("\u201cFerrow Hotel\u201d", '"ferrow hotel"'),
        ("a OR b c", "a OR b c"),
        ("(a OR b) c", "a c OR b c"),
        ("(a OR b) (c OR d)", "a c OR a d OR b c OR b d"),
        ("((a))", "a"),
        ("a AND b", "a b"),
        ("a a OR a", "a"),
        ("ferrow -jobs", "ferrow -jobs"),
        ("-jobs ferrow", "ferrow -jobs"),
        ("ferrow \u2013jobs", "ferrow -jobs"),
        ('ferrow -"lost and found"', 'ferrow -"lost and found"'),
        ("ferrow -(jobs OR careers)", "ferrow -jobs -careers"),
        ("ferrow -#ad -@bot", "ferrow -#ad -@bot"),
        ("#Ferrow @Ferrow@social.example", "#ferrow @ferrow@social.example"),
        ("refund*", "refund*"),
        ('"charged twi*"', '"charged twi*"'),
        ('"charged twi"*', '"charged twi*"'),
        ('"or" "and"', '"or" "and"'),
        ('"-jobs" "#no"', '"-jobs" "#no"'),
        ("e-mail AT&T C++", "e-mail at&t c++"),
        ("McDonald\u2019s", "mcdonald's"),
        ("Nestlé", "nestle"),
        ("\U0001f697", '"\U0001f697"'),
        ("フェロー", "フェロー"),
    ],
)
def test_what_is_read_is_the_same_in_its_plain_form(text: str, plain: str) -> None:
    assert read(text) == plain
    assert read(plain) == plain


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("", 0, "needs a word"),
        ("  ", 0, "needs a word"),
        ("-jobs", 0, "exclusions only"),
        ("OR a", 1, "before this OR"),
        ("a OR", 3, "after this OR"),
        ("a OR OR b", 3, "after this OR"),
        ("a OR -b", 3, "after this OR"),
        ("a or b", 3, "OR in capitals"),
        ("Marks and Spencer", 7, "quotes"),
        ("a NOT b", 3, "-word"),
        ("(a OR b", 1, "never closed"),
        ("x a)", 4, "closes nothing"),
        ("a ()", 3, "nothing between"),
        ('a "b', 3, "never closed"),
        ("a (b -c)", 6, "whole query"),
        ("a -(b c)", 3, "one thing"),
        ("a - b", 3, "right behind"),
        ("a b*c", 3, "end of a word"),
        ("*", 1, "no letter"),
        ("a ... b", 3, "no letter"),
        ("# a", 1, "hashtag"),
        ("#two-words", 1, "hashtag"),
        ("@", 1, "handle"),
        ("x*", 1, "nearly everything"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, where: int, says: str) -> None:
    said = flaw(text)
    assert says in said
    assert f"(character {where})" in said or not where


def test_a_query_is_bounded() -> None:
    eight = "(a OR b OR c OR d OR e OR f OR g OR h)"
    assert len(parse(eight * 2).any_of) == MOST
    assert f"{MOST} alternatives" in flaw(f"{eight * 2} (i OR j)")
    assert f"{MOST} alternatives" in flaw(" OR ".join(f"w{i}" for i in range(MOST + 1)))
    assert "brackets" in flaw("(" * 400 + "a" + ")" * 400)
    assert str(LONGEST) in flaw("a" * (LONGEST + 1))
    assert flaw("a " * (LONGEST // 2)) == ""


_PIECES = st.sampled_from(
    [
        "a",
        "Ferrow",
        '"',
        " ",
        "(",
        ")",
        "OR",
        "-",
        "#",
        "@",
        "*",
        "or",
        ".",
        "é",
        "ﬃ",
        "＂",
        "＊",
        "’",
    ]
)


@given(st.text(max_size=60) | st.lists(_PIECES, max_size=20).map("".join))
@example('"\uff02a"')
@example("\uff0a\uff0a")
@example("a\u0345*")
def test_reading_answers_or_says_why_and_writes_what_it_read(text: str) -> None:
    if said := flaw(text):
        with pytest.raises(ValueError, match=re.escape(said)):
            parse(text)
        return
    query = parse(text)
    again = parse(written(query.any_of, query.without))
    assert (again.any_of, again.without) == (query.any_of, query.without)
    assert 0 < len(query.any_of) <= MOST
    assert all(atom.text for every in query.any_of for atom in every)


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=80))
def test_any_name_becomes_a_phrase(text: str) -> None:
    said = flaw(phrase(text))
    assert not said or "no letter" in said


def test_accents_and_case_do_not_count_and_vowel_signs_do() -> None:
    assert folded("NESTLÉ Łódź Ağrı İstanbul straße") == "nestle lodz agri istanbul strasse"
    assert folded("Ｆｅｒｒｏｗ’s e‑mail") == "ferrow's e-mail"
    assert folded("ที่") == "ที่"
    assert folded("が") == "が" != folded("か")


def test_hyphens_and_apostrophes_as_people_write_them() -> None:
    assert set(spellings("e-mail")) == {"e-mail", "e mail", "email"}
    assert set(spellings("mcdonald's")) == {"mcdonald's", "mcdonalds"}
    assert set(spellings("ferrow hotel")) == {"ferrow hotel", "ferrow-hotel"}
    assert spellings("email") == ("email",)


def test_a_query_remembers_how_it_was_written() -> None:
    query = parse('Nestlé -"Été Jobs" #Straße refund*')
    assert as_written(query) == {
        "nestle": "Nestlé",
        "ete jobs": "Été Jobs",
        "strasse": "Straße",
        "refund": "refund",
    }


def test_a_query_says_which_things_it_means() -> None:
    text = '#a "b c" OR dd* -@e'
    any_of = ((Atom("a", "tag"), Atom("b c")), (Atom("dd", prefix=True),))
    assert parse(text) == Query(text, any_of, (Atom("e", "handle"),))
