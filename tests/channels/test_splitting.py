"""One text as a thread: where it is cut, and that nothing is lost or added."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from crisisroom.channels import lengths
from crisisroom.channels.lengths import Measure
from crisisroom.channels.splitting import posts

MARK = re.compile(r" \((\d+)/(\d+)\)\Z")
NETWORKS: dict[str, Callable[[str], Measure]] = {
    "x": lengths.x,
    "bluesky": lengths.bluesky,
    "mastodon": lengths.mastodon,
    "small": lambda text: lengths.plain(text, 40),
}


def small(text: str) -> Measure:
    """Count characters, of which there may be forty."""
    return lengths.plain(text, 40)


def bare(parts: tuple[str, ...]) -> list[str]:
    """Return the posts without their numbers, which have to be right."""
    made = []
    for number, part in enumerate(parts, 1):
        found = MARK.search(part)
        assert found
        assert (int(found[1]), int(found[2])) == (number, len(parts))
        made.append(part[: found.start()])
    return made


def test_what_fits_stays_as_it_is() -> None:
    for text in ("", "We know.", " two  blanks\n", "x" * 40):
        assert posts(text, small, 10) == (text,)
    assert posts("x" * 9999, lengths.plain, 1) == ("x" * 9999,)


def test_cut_at_a_paragraph() -> None:
    text = "We know the cause. It is ours.\n\nYou need to do nothing. Nor pay."
    assert bare(posts(text, small, 3)) == text.split("\n\n")


def test_cut_at_a_line() -> None:
    text = "We know. It is ours. Sorry.\nCall us at any hour. We answer."
    assert bare(posts(text, small, 3)) == text.split("\n")


def test_cut_at_a_sentence() -> None:
    text = "We know the cause of it. You need to do nothing at all."
    assert bare(posts(text, small, 3)) == [
        "We know the cause of it.",
        "You need to do nothing at all.",
    ]


def test_cut_at_a_word() -> None:
    text = "every card that was charged twice gets its money back by Tuesday"
    assert bare(posts(text, small, 3)) == [
        "every card that was charged twice",
        "gets its money back by Tuesday",
    ]


def test_an_early_paragraph_makes_no_post_of_its_own() -> None:
    text = "Hi @pat,\n\nwe know the cause of it by now. You need to do nothing at all."
    assert bare(posts(text, small, 5))[0].startswith("Hi @pat,\n\nwe know")


def test_pauses_give_way_where_posts_are_few() -> None:
    text = "aaaaa bbbbb ccccc ddddd. Eeeee fffff gggg hhhhh iiiii jjjjj kkkkk"
    assert bare(posts(text, small, 3))[0] == "aaaaa bbbbb ccccc ddddd."
    assert len(bare(posts(text, small, 2))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "x" * 41,
        "word " * 400,
        "see https://acme.test/" + "x" * 40,
        "now {{" + "a b " * 20 + "}} here",
        "now \u2039" + "what we know " * 4 + "\u203a here",
        "word " * 200_000,
        "日" * 200_000,
    ],
)
def test_what_does_not_fit_is_refused(text: str) -> None:
    assert posts(text, small, 10) == ()


def test_one_post_only() -> None:
    assert posts("a " * 40, small, 1) == ()


@pytest.mark.parametrize(
    "whole",
    [
        "https://acme.test/status/2026/a-b",
        "@pat@fans.example.org",
        "#BrokenKettle",
        "{{ fact.what_happened }}",
        "\u2039what is known by now\u203a",
        "0800 123 456 78",
        "5\u00a0000\u202f\u20ac",
        "👩\u200d👩\u200d👧",
    ],
)
@pytest.mark.parametrize("before", range(20, 34))
def test_never_cut(whole: str, before: int) -> None:
    text = f"{'word ' * 8}"[:before].strip() + f" {whole} and then some more words follow"
    assert sum(whole in part for part in posts(text, small, 6)) == 1


def test_a_script_without_blanks() -> None:
    text = (
        "このたびはご迷惑をおかけして申し訳ございません。原因は判明しました。"
        "返金は火曜日までに行います。もう少々お待ちください。"
    )
    parts = bare(posts(text, small, 5))
    assert "".join(parts) == text
    assert all(part.endswith("。") for part in parts)
    assert "".join(bare(posts("漢" * 100, small, 5))) == "漢" * 100


def test_a_mark_never_begins_a_post() -> None:
    text = "word word word word word word word \u0301x more words to follow here and there"
    assert all(not part.startswith("\u0301") for part in posts(text, small, 5))
    small_kana = "きょうはちょっと" * 12
    assert all(part[0] not in "ょっゃゅ" for part in posts(small_kana, small, 9))


WORDS = st.sampled_from(
    [
        *(
            "We",
            "know",
            "the",
            "cause.",
            "Sorry!",
            "日本語。",
            "naïve",
            "(really)",
            "—",
            "5",
            "000",
        ),
        *(
            "https://acme.com/a_b?c=d",
            "@pat@fans.test",
            "#tag",
            "👩\u200d👩\u200d👧",
            "e\u0301",
            "don't",
        ),
        *("acme.com", "{{fact.what}}", "…", "“Yes.”", "g.", "हिन्दी", "العربية", "कि", "🇩🇪"),
    ]
)
GAPS = st.sampled_from([" ", " ", " ", "\n", "\n\n", "  ", "\r\n", "\t", "\n \n"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw words with gaps between them."""
    words = draw(st.lists(WORDS, min_size=1, max_size=150))
    return "".join(word + draw(GAPS) for word in words)


@given(texts(), st.sampled_from(sorted(NETWORKS)), st.integers(1, 12))
def test_nothing_is_lost_and_nothing_added(text: str, network: str, most: int) -> None:
    measure = NETWORKS[network]
    parts = posts(text, measure, most)
    assert parts == posts(text, measure, most)
    assert len(parts) <= most
    if not parts:
        assert not measure(text).fits
        return
    assert all(measure(part).fits for part in parts)
    if len(parts) == 1:
        assert parts == (text,)
        return
    written = bare(parts)
    assert [word for part in written for word in part.split()] == text.split()
    at = 0
    for part in written:  # every part stands in the text as it is
        at = text.index(part, at) + len(part)
    assert all(part == part.strip() and part for part in written)


@given(texts())
def test_no_character_is_cut(text: str) -> None:
    parts = posts(text, small, 99)
    assume(len(parts) > 1)
    whole = [sign for sign in regex.findall(r"\X", text) if sign.strip()]
    cut = [sign for part in bare(parts) for sign in regex.findall(r"\X", part) if sign.strip()]
    assert cut == whole


@given(st.text(max_size=300), st.integers(1, 30))
def test_any_text(text: str, most: int) -> None:
    parts = posts(text, small, most)
    assert len(parts) <= most
    if len(parts) > 1:
        assert "".join("".join(bare(parts)).split()) == "".join(text.split())
        assert all(small(part).fits for part in parts)


@pytest.mark.parametrize(
    "unit",
    ["word ", "日", "https://a.com/x ", "@a ", "a. ", "{{", "\u2039", "。", "\n", "5 ", "e\u0301"],
)
def test_hostile_text_is_cut_soon(unit: str) -> None:
    for network in NETWORKS.values():
        assert posts(unit * 20_000, network, 10) in ((), (unit * 20_000,))


def test_these_cuts_stand_for_ever() -> None:
    """What is in somebody's outbox was cut like this; another cut would send a second thread."""
    text = (
        "Hello @pat, we are sorry. Since 03:07 some cards were charged twice.\n\n"
        "We know the cause. Every double charge goes back by Tuesday; you need to do nothing. "
        "If your bank asks, call 0800 123 456 at any time of the day. Our page "
        "https://status.acme.com/incidents/2026-11-22-cards has each step as it happens, and we "
        "write there every hour.\n\nWhat we don't know yet: how many people are affected. We check "
        "that with the bank and say it at 06:00. Thank you for telling us."
    )
    assert [len(part) for part in posts(text, lengths.x, 10)] == [221, 255]
    assert [len(part) for part in posts(text, lengths.bluesky, 10)] == [221, 255]
    assert [len(part) for part in posts(text, lambda t: lengths.plain(t, 150), 10)] == [
        94,
        132,
        125,
        134,
    ]
