"""Watching for words: whole words in every script, exclusions, languages, hosts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core import watchlist
from crisisroom.core.watchlist import Look, Watchlist, finder, one_by_one
from crisisroom.core.watchquery import phrase


class Term(msgspec.Struct, frozen=True):
    """A term as the configuration has it."""

    id: str
    say: str
    ours: bool = True
    languages: tuple[str, ...] = ()


def says(query: str, text: str) -> bool:
    return bool(Watchlist([Term("t", query)]).look(text).terms)


@pytest.mark.parametrize(
    ("query", "text", "hit"),
    [
        ("ferrow", "FERROW!", True),
        ("ferrow", "the Ferrow's kettle, Ferrow\u2019s fault", True),
        ("ferrow", "#ferrow", True),
        ("ferrow", "@ferrow hello", True),
        ("ferrow", "info@ferrow.example", True),
        ("ferrow", "ferrows", False),
        ("ferrow", "unferrow", False),
        ("ferrow", "ferrow_fan", False),
        ("ferrow", "ferrow2", False),
        ("ferrow", "フェFerrowの", True),
        ("ferrow", "", False),
        ("Nestlé", "i hate nestle", True),
        ("nestle", "NESTLÉ", True),
        ("straße", "Strasse", True),
        ('"charged twice"', "charged\n  twice", True),
        ('"charged twice"', "twice charged", False),
        ('"charged twice"', "charged, twice", False),
        ('"ferrow hotel"', "ferrow-hotel", True),
        ("charged twice", "twice I was charged", True),
        ("charged twice", "charged", False),
        ("e-mail", "Email e mail", True),
        ("e-mail", "no e  mails", False),
        ("email", "e-mail", False),
        ("McDonald's", "mcdonalds", True),
        ("McDonald's", "McDonald\u2019s", True),
        ("refund*", "refunded", True),
        ("refund*", "prerefund", False),
        ("#ferrow", "#Ferrow.", True),
        ("#ferrow", "ferrow", False),
        ("#ferrow", "#ferrowgate", False),
        ("#ferrow*", "#ferrowgate", True),
        ("@ferrow", "dear @Ferrow, hello", True),
        ("@ferrow", "@ferrow@social.example", True),
        ("@ferrow", "@ferrow.bsky.social", True),
        ("@ferrow", "@ferrow-fans", False),
        ("@ferrow", "@ferrow - hello", True),
        ("@ferrow", "info@ferrow.example", False),
        ("@ferrow", "ferrow", False),
        ("フェロー", "このフェローはひどい", True),
        ("โรงแรม", "ไปโรงแรมนี้", True),
        ("삼성", "삼성이 환불", True),
        ("酒店", "这家酒店太差", True),
        ("🚗", "my 🚗🔥", True),
        ("☎", "call ☎️ now", True),
        ("at&t", "AT&T down", True),
        ("c++", "I use C++ daily", True),
        ("ferrow.example", "see www.ferrow.example/x", True),
        ("a b OR c", "c", True),
        ("ferrow -jobs", "ferrow jobs", False),
        ("ferrow -jobs", "ferrow jobless", True),
        ("ferrow -job*", "ferrow jobless", False),
    ],
)
def test_a_term_is_a_whole_word(query: str, text: str, hit: bool) -> None:
    assert says(query, text) is hit


def test_ours_come_first_and_others_alone_are_others() -> None:
    watched = Watchlist(
        [Term("rival", "acme", ours=False), Term("brand", "ferrow"), Term("trade", "kettle", False)]
    )
    assert watched.look("acme and ferrow") == Look(("brand", "rival"), others=False)
    assert watched.look("acme kettle") == Look(("rival", "trade"), others=True)
    assert watched.look("nothing") == Look()


def test_what_is_excluded_is_none_of_ours_whatever_else_it_says() -> None:
    watched = Watchlist([Term("brand", "ferrow")], ['"ferrow valley"', "hiring (london OR paris)"])
    assert watched.look("ferrow valley, and the ferrow kettle") == Look(excluded=True)
    assert watched.look("ferrow is hiring in Paris").excluded
    assert watched.look("ferrow is hiring").terms == ("brand",)


def test_a_term_counts_in_its_languages_and_where_none_is_known() -> None:
    watched = Watchlist([Term("de", "schloss", languages=("de", "pt-BR"))])
    for lang, hit in [("", 1), ("de", 1), ("DE-at", 1), ("pt", 1), ("pt-BR", 1), ("pt-PT", 0)]:
        assert len(watched.look("Schloss", lang=lang).terms) == hit, lang
    assert not watched.look("Schloss", lang="den").terms


def test_an_author_is_no_mention_and_can_be_left_out() -> None:
    watched = Watchlist([Term("at", "@ferrow"), Term("k", "kettle -@ferrow")], ["@spam"])
    assert watched.look("hello", handle="@ferrow") == Look()
    assert watched.look("kettle", handle="Ferrow") == Look()
    assert watched.look("kettle", handle="@pat").terms == ("k",)
    assert watched.look("kettle", handle="@spam").excluded


def test_only_the_host_of_an_address_is_read_and_only_for_domains() -> None:
    watched = Watchlist([Term("d", "ferrow.example"), Term("w", "ferrow"), Term("n", "net")])
    assert watched.look("", url="https://shop.ferrow.example/x").terms == ("d",)
    assert watched.look("", url="https://x.test/ferrow.example") == Look()
    assert watched.look("", url="https://notferrow.example/") == Look()
    assert watched.look("", url="http://[::1") == Look()


def test_nothing_watched_says_nothing() -> None:
    assert Watchlist([]).look("anything", url="https://a.test", handle="@b") == Look()


def test_a_term_that_is_no_query_is_refused() -> None:
    with pytest.raises(ValueError, match="exclusions only"):
        Watchlist([Term("t", "-a")])


_SIGNS = st.text("ab 'é-#@.の", max_size=12)


@given(st.lists(_SIGNS.filter(str.strip), min_size=1, max_size=6, unique=True), _SIGNS)
def test_both_ways_of_finding_find_the_same(patterns: list[str], text: str) -> None:
    assert sorted(finder(patterns)(text)) == sorted(one_by_one(patterns)(text))


@given(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=5), _SIGNS)
def test_it_finds_what_an_expression_a_word_finds(words: list[str], text: str) -> None:
    look = Watchlist([Term(f"t{at}", phrase(word)) for at, word in enumerate(words)]).look(text)
    plain = text.replace("é", "e")
    expected = [
        f"t{at}" for at, word in enumerate(words) if re.search(rf"(?<![a-z]){word}(?![a-z])", plain)
    ]
    assert list(look.terms) == expected


_ANY = st.characters()  # halves of characters too, which no bytes can be made of


@given(st.text(_ANY), st.text(_ANY, max_size=8), st.text(_ANY, max_size=20), st.text(_ANY))
def test_no_text_breaks_it(text: str, lang: str, handle: str, url: str) -> None:
    terms = [Term("a", "ferrow OR 🚗 OR が -@b", languages=("de",)), Term("b", "a.b", ours=False)]
    look = Watchlist(terms, ["xx*"]).look(text, lang=lang, handle=handle, url=url)
    assert {*look.terms} <= {"a", "b"}


def test_it_works_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Sequence[str]] = []

    def slower(patterns: Sequence[str]) -> watchlist.Find:
        used.append(patterns)
        return one_by_one(patterns)

    monkeypatch.setitem(__import__("sys").modules, "ahocorasick_rs", None)
    monkeypatch.setattr(watchlist, "one_by_one", slower)
    assert says("ferrow", "Ferrow is here")
    assert used
