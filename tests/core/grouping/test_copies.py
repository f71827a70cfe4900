"""Reposts are known, and two people who write alike stay two."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crisisroom.core.grouping.copies import SAME_WORDS, Copies, normal

FIRST = "My new kettle started to smoke while it was charging next to the bed last night"


def repeats(first: str, later: str) -> bool:
    """Say whether the later text counts as a repost of the first."""
    known = Copies(100)
    known.keep(normal(first), 7, 3)
    found = known.find(normal(later))
    assert found in (None, (7, 3))
    return found is not None


@pytest.mark.parametrize(
    "later",
    [
        FIRST,
        FIRST.upper() + "!!!",
        f"RT @pat@fans.test: {FIRST}",
        f'"{FIRST}" via @pat',
        f"“{FIRST}” https://t.example/x #kettle #fire",
        f"RT @pat: {FIRST[:60]}…",
        f"{FIRST[:50]}...",
        FIRST.replace("started", "begun"),
        FIRST.replace("next to", "near"),
        f"  {FIRST.replace(' ', '   ')}\n\nbit.ly/3xYz",
    ],
)
def test_a_repost_is_known(later: str) -> None:
    assert repeats(FIRST, later)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("is the app down?", "is the app down?"),
        ("Is the app down for you?", "is the app down for me?"),
        ("I want my money back", "I want my money back"),
        (FIRST, f"{FIRST} - the shop has not said one word about it to anybody since then"),
        (FIRST, f"So sorry to read this, same here, take care of yourself: RT @pat: {FIRST}"),
        (
            "Order 4711 has not arrived after three weeks, can anybody of you look into it please",
            "Order 4712 has not arrived after three weeks, can anybody of you look into it please",
        ),
        (
            "I have been waiting for my refund for three weeks and nobody answers the phone",
            "I have been waiting for my parcel since Monday and nobody in the shop knows anything",
        ),
        ("", ""),
        ("🔥", "🔥"),
    ],
)
def test_two_people_are_two(first: str, later: str) -> None:
    assert not repeats(first, later)


def test_a_short_text_is_a_repost_where_it_says_so() -> None:
    assert repeats("is the app down?", "RT @kim: is the app down?")
    assert not repeats("is the app down?", "RT and tell me: is the app down?")


def test_the_whole_text_after_a_cut_one_is_a_repost() -> None:
    assert repeats(f"{FIRST[:55]}…", FIRST)


def test_scripts_without_blanks_repeat_too() -> None:
    said = "充電中に新しい電気ケトルから煙が出ました"
    assert repeats(said, f"RT @pat: {said} #火事")
    assert not repeats(said, "充電中に新しいスマホが熱くなりました")


def test_the_longest_unused_is_forgotten_first() -> None:
    known = Copies(2)
    texts = [f"{FIRST} and this is number{n} of them all" for n in "abc"]
    one, two, three = (normal(text.replace(" ", f" {n} ")) for n, text in enumerate(texts))
    known.keep(one, 1, 1)
    known.keep(two, 2, 2)
    assert known.find(one) == (1, 1)
    known.keep(three, 3, 3)
    assert len(known) == 2
    assert known.find(one) == (1, 1)
    assert known.find(two) is None
    assert known.find(three) == (3, 3)


def test_memory_is_bounded() -> None:
    known = Copies(50)
    for n in range(500):
        words = " ".join(f"w{n * 20 + at}" for at in range(20))
        known.keep(normal(words), n, n)
    assert len(known) == 50
    assert len(known._by_sign) <= 50 * 8


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9), min_size=SAME_WORDS, max_size=40
)


@given(WORDS, st.sampled_from(["RT @{0}: {1}", "{1} https://x.example/{0}", "“{1}”!", "{1} #{0}"]))
def test_what_reposting_adds_changes_nothing(said: list[str], shape: str) -> None:
    assume(said[0] not in ("rt", "mt", "via", "repost"))
    text = " ".join(said)
    assert repeats(text, shape.format("pat", text))


@given(WORDS, WORDS)
def test_texts_that_share_no_word_never_repeat(one: list[str], other: list[str]) -> None:
    assume(not set(one) & set(other))
    assert not repeats(" ".join(one), " ".join(other))


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_is_read(one: str, other: str) -> None:
    assert repeats(one, one) == (len(normal(one).words) >= SAME_WORDS or normal(one).repost) or (
        normal(one).repost and len(normal(one).words) < 2
    )
    repeats(one, other)


@pytest.mark.parametrize("sign", ["#a", "via @x ", ". . ", '"', "@", "…", "a.a/", "http://", "  "])
def test_hostile_repetition_is_read_quickly(sign: str) -> None:
    """Quadratic patterns would take minutes here, past the time limit of a test."""
    for _ in range(50):
        assert len(normal(sign * 100_000 + "!").words) <= 100_000
