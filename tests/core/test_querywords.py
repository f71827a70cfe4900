"""The query language as the networks speak it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core import querywords as words
from crisisroom.core.watchquery import Query, parse, phrase

Translate = Callable[[Query, tuple[str, ...]], tuple[str, ...]]

# the network's longest search, and how its length is counted
NETWORKS: dict[str, tuple[Translate, int]] = {
    "bluesky": (words.as_bluesky, 300),
    "mastodon": (words.as_mastodon, 300),
    "hackernews": (words.as_hackernews, 512),
    "stackexchange": (words.as_stackexchange, 240),
    "discourse": (words.as_discourse, 200),
    "x": (words.as_x, 512),
    "reddit": (words.as_reddit, 512),
    "gdelt": (words.as_gdelt, 250),
}
QUERY = 'ferrow OR "ferrow hotel" OR #ferrow OR @ferrow OR kettle smoke -jobs -@bot'


@pytest.mark.parametrize(
    ("network", "searches"),
    [
        (
            "bluesky",
            ("ferrow lang:de", "#ferrow lang:de", '"@ferrow" lang:de', "kettle smoke lang:de"),
        ),
        ("mastodon", ("ferrow -jobs", "#ferrow -jobs", '"@ferrow" -jobs', "kettle smoke -jobs")),
        ("hackernews", ("ferrow -jobs", "kettle smoke -jobs")),
        ("stackexchange", ("ferrow", "kettle smoke")),
        ("discourse", ("ferrow", "kettle smoke")),
        (
            "x",
            (
                "(ferrow OR #ferrow OR @ferrow OR (kettle smoke))"
                " -jobs -@bot -from:bot lang:de -is:retweet",
            ),
        ),
        ("reddit", ("(ferrow OR (kettle smoke)) NOT jobs",)),
        (
            "gdelt",
            ("ferrow -jobs sourcelang:german", "kettle smoke -jobs sourcelang:german"),
        ),
    ],
)
def test_a_query_as_each_network_speaks(network: str, searches: tuple[str, ...]) -> None:
    translate, _ = NETWORKS[network]
    assert translate(parse(QUERY), ("de-AT",)) == searches


def test_several_languages() -> None:
    query = parse("ferrow")
    assert words.as_x(query, ("de", "en-GB")) == ("ferrow (lang:de OR lang:en) -is:retweet",)
    assert words.as_bluesky(query, ("de", "en")) == ("ferrow",)
    assert words.as_gdelt(query, ("de", "xx")) == ("ferrow",)  # one it has no name for: all


def test_words_are_searched_as_they_are_written_and_as_people_write_them() -> None:
    assert words.as_bluesky(parse("Nestlé")) == ("nestlé", "nestle")
    assert words.as_hackernews(parse("e-mail")) == ('"e-mail"', "email")
    assert words.as_reddit(parse("McDonald\u2019s")) == (
        '("mcdonald\u2019s" OR "mcdonald\'s" OR mcdonalds)',
    )


def test_a_full_handle_is_asked_for_as_a_mention() -> None:
    assert words.as_bluesky(parse("@ferrow.bsky.social")) == ("mentions:ferrow.bsky.social",)
    assert words.as_x(parse("@ferrow.bsky.social"))[0].startswith('"ferrow.bsky.social"')


def test_hashtags_are_the_tags_and_the_single_words() -> None:
    assert words.hashtags(parse('Ferrow OR #kettle OR "two words" OR a b OR @c')) == (
        "ferrow",
        "kettle",
    )


def test_what_another_alternative_finds_is_not_asked_for_twice() -> None:
    assert words.as_discourse(parse('"big ferrow hotel" OR ferrow OR ferrow kettle')) == ("ferrow",)
    assert words.as_discourse(parse("ferrows OR ferrow")) == ("ferrows", "ferrow")


def test_a_long_query_becomes_several_searches() -> None:
    query = parse(" OR ".join(f"brandname{number:02}" for number in range(60)))
    found = words.as_x(query)
    assert len(found) == 2
    assert sorted(re.findall(r"brandname\d\d", " ".join(found))) == [
        f"brandname{number:02}" for number in range(60)
    ]


def test_words_that_gdelt_refuses_are_left_out() -> None:
    assert words.as_gdelt(parse("ev ferrow OR uk")) == ("ferrow",)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    "evil",
    [
        "or:from:elon",
        '"OR" from:elon',
        "lang:en",
        "a|b",
        "foo\\",
        '"x\\" OR from:elon',
        '"$(id)"',
        "sourcelang:english",
        "order:latest",
        "in:title",
        "title:x~2",
    ],
)
def test_nothing_written_becomes_an_operator(network: str, evil: str) -> None:
    translate, _ = NETWORKS[network]
    for search in translate(parse(evil), ()):
        bare = re.sub(r'"[^"]*"', "", search).replace("-is:retweet", "")
        assert not re.search(r"[:\\|~$]", bare), search
        assert search.count('"') % 2 == 0


_QUERIES = st.lists(
    st.builds(
        lambda sign, text: sign + phrase(text), st.sampled_from(["", "-"]), st.text(max_size=150)
    )
    | st.sampled_from(["OR", "(a OR b)", "#tag", "@who", "-@not", "refund*", "é'è-ê"]),
    max_size=12,
).map(" ".join)


@given(
    _QUERIES, st.sampled_from(sorted(NETWORKS)), st.sampled_from([(), ("de",), ("de", "en", "fr")])
)
def test_every_search_fits_and_keeps_its_quotes_and_brackets(
    text: str, network: str, languages: tuple[str, ...]
) -> None:
    try:
        query = parse(text)
    except ValueError:
        return
    translate, most = NETWORKS[network]
    for search in translate(query, languages):
        assert len(search.encode() if network == "hackernews" else search) <= most
        assert search == search.strip()
        bare = re.sub(r'"[^"]*"', "w", search)
        assert '"' not in bare
        assert bare.count("(") == bare.count(")")
        assert "()" not in bare
