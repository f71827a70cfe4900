"""Finding persons in texts: every spelling of them, and nobody else."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.handles import bridged, handle_key
from crisisroom.core.persons import Finder, Person
from crisisroom.core.timeline import ERASED

PAT = Person(
    handle="@pat_doe@fans.test",
    names=("Pat Doe",),
    mails=("pat.doe@mail.test",),
    phones=("+49 30 1234567",),
    links=("https://www.patdoe.test/about",),
)


@pytest.mark.parametrize(
    "text",
    [
        "@pat_doe@fans.test wrote",
        "@pat_doe says",
        "so PAT_DOE did",
        "https://fans.test/@pat_doe/12",
        "see https://fans.test/users/pat%5Fdoe",
        "%40pat_doe",
        "Pat Doe called",
        "PAT  DOE",
        "Doe, Pat",
        "p\u200bat d\u00adoe",
        "\uff30\uff41\uff54 \uff24\uff4f\uff45",  # full width
        "mail Pat.Doe@MAIL.test now",
        "call 030 1234567",
        "0049-30-123 45 67",
        "+49 (0)30/1234567, please",
        "on 2026-11-22 at 030 1234567",
        "http://patdoe.test/about/",
        "patdoe.test/about?x=1",
    ],
)
def test_a_person_is_found_however_they_are_spelt(text: str) -> None:
    assert Finder((PAT,)).who(text) == {0}
    assert not Finder((PAT,)).who(Finder((PAT,)).without(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ERASED,
        "@pat_doe@elsewhere.test",
        "@pat_doe_2",
        "@the_pat_doe",
        "pat-doeing",
        "Pat Doelling",
        "Patrick Doe",
        "1234567",
        "030 12345678",
        "patdoe.test",
        "a pat on the back, doe eyes",
    ],
)
def test_somebody_else_is_not(text: str) -> None:
    assert not Finder((PAT,)).who(text)
    assert Finder((PAT,)).without(text) == text


def test_al_is_not_in_alabama() -> None:
    finder = Finder((Person(handle="Al"),))
    assert not finder.who("Alabama, also, all, festival, metal")
    assert finder.without("Al of Alabama") == f"{ERASED} of Alabama"


def test_a_handle_may_count_only_with_its_sign() -> None:
    finder = Finder((Person(handle="kim", bare=False),))
    assert not finder.who("kim takes the lead")
    assert finder.who("ask @kim") == {0}
    assert finder.who("https://fans.test/kim") == {0}


@pytest.mark.parametrize("name", ["山田太郎", "กมลวรรณ", "김철수"])
def test_scripts_without_spaces_need_no_ends_of_words(name: str) -> None:
    finder = Finder((Person(names=(name,)),))
    assert finder.who(f"昨日{name}さんが") == {0}
    assert finder.without(f"昨日{name}さんが") == f"昨日{ERASED}さんが"


POST = "My kettle caught fire on Tuesday and nobody at your shop would listen to me"


def test_who_is_quoted() -> None:
    finder = Finder((Person(handle="pat", words=(POST, "too short", "It burns my fingers badly")),))
    assert finder.quoted(f"They write: “{POST.upper()}”") == {0}
    assert finder.quoted("heard: caught fire on tuesday and nobody at your") == {0}
    assert finder.quoted("'it burns my fingers badly', says one") == {0}
    assert not finder.quoted("my kettle caught fire on Tuesday, and so did yours")
    assert not finder.quoted("too short")


def test_our_own_words_are_not_theirs_when_they_quote_us() -> None:
    said = "We are sorry. All kettles of batch 7 can be brought back to any shop"
    finder = Finder(
        (Person(handle="pat", words=(f"Haha: {said} they say, every time",)),), ours=(said,)
    )
    assert not finder.quoted(f"statement out: {said}")


def test_titles_are_cut_out_of_posts() -> None:
    finder = Finder((Person(handle="pat", words=(POST, "smoke")), Person(handle="kim")))
    assert finder.told("My kettle caught fire on…", (0, 1)) == {0}
    assert finder.told("smoke", (0,)) == {0}
    assert not finder.told("kettle", (0,))
    assert not finder.told("My kettle caught fire on…", (1,))


WORD = st.text("abcdefgh", min_size=4, max_size=8)


@given(WORD, st.text(max_size=30), st.text(max_size=30))
def test_nothing_of_a_handle_is_left_and_the_rest_stays(
    handle: str, before: str, after: str
) -> None:
    finder = Finder((Person(handle=handle),))
    text = f"{before} @{handle} {after}"
    left = finder.without(text)
    assert not finder.who(left)
    assert ERASED in left
    if not finder.named(before) and not finder.named(after):
        assert left == f"{before} {ERASED} {after}"


@given(st.text(min_size=1, max_size=40), st.text(max_size=60))
def test_any_text_can_be_looked_through(handle: str, text: str) -> None:
    finder = Finder((Person(handle=handle, names=(handle,), words=(text,)),))
    for one in finder.named(text):
        assert 0 <= one.start < one.end <= len(text)
    finder.quoted(text)
    finder.told(text, (0,))


@given(WORD, WORD)
def test_encoded_decomposed_and_upper_case_are_the_same(first: str, last: str) -> None:
    name = f"{first}é {last}ü"
    finder = Finder((Person(names=(name,)),))
    for spelt in (quote(name), name.upper(), unicodedata.normalize("NFD", name)):
        assert finder.who(f"by {spelt}.", quotes=False) == {0}


def test_a_handle_is_compared_without_its_sign() -> None:
    assert handle_key(" @Pät@Fans.Test ") == "pat@fans.test"


def test_a_thousand_are_found_as_fast_as_one() -> None:
    persons = [Person(handle=f"user{n:04}x", names=(f"First{n} Last{n}",)) for n in range(1000)]
    finder = Finder(persons)
    assert finder.who("so First7 Last7 and @user0999x met") == {7, 999}


@pytest.mark.parametrize(
    "text", ["pat-m.fans.test.ap.brid.gy wrote", "bsky.app/profile/pat-m.fans.test.ap.brid.gy"]
)
def test_a_bridge_hides_nobody(text: str) -> None:
    finder = Finder([Person(handle="@Pat_M@fans.test", bare=False)])
    assert finder.who(text) == {0}
    assert "pat-m" not in finder.without(text)
    assert bridged(handle_key("@Pat_M@fans.test")) == "pat-m.fans.test.ap.brid.gy"
    assert bridged("pat.bsky.social") == ""
