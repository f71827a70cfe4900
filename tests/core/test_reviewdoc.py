"""The review as a document: what was written comes back to the letter, or nothing does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.postmortem import Heading, base_of, trimmed
from crisisroom.core.reviewdoc import END, Broken, Section, document, parsed

SUMMARY = Heading(id="summary", title="Summary", sort="section")
ASKED = Heading(id="question:1", title="Whom did we tell -- too late -->?", sort="question")
BOTH = ("summary", "question:1")

_LINE = st.one_of(
    st.sampled_from([END, "<!-- == summary 000000000000 == x -->", "\\<!-- a", "<!--", "## x", ""]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20),
)
_WORDS = st.lists(_LINE, max_size=6).map("\n".join)


def made(one: str = "", other: str = "") -> str:
    """Return the document with these words under its two headings."""
    return document("INC-7", "Kettles --> smoke", [(SUMMARY, one), (ASKED, other)], ["mind --> it"])


@given(_WORDS, _WORDS)
def test_any_words_come_back_to_the_letter(one: str, other: str) -> None:
    back = parsed(made(one, other), "INC-7", BOTH)
    assert (back["summary"].words, back["question:1"].words) == (trimmed(one), trimmed(other))
    assert not back["summary"].touched


@given(_WORDS, _WORDS)
def test_the_same_words_make_the_same_bytes(one: str, other: str) -> None:
    assert made(one, other) == made(trimmed(one), trimmed(other))


@given(st.text(max_size=200))
def test_any_text_is_read_back_or_named_broken(text: str) -> None:
    for given_text in (text, made() + text, text + made(), made().replace("\n\n", text, 1)):
        try:
            found = parsed(given_text, "INC-7", BOTH)
        except Broken:
            continue
        assert set(found) == set(BOTH)


def test_what_is_written_below_a_heading_is_its_own() -> None:
    text = made("as it was").replace("as it was", "as it was\n\nand a second\nparagraph")
    back = parsed(text.replace("\n", "\r\n"), "INC-7", BOTH)
    assert back["summary"] == Section("as it was\n\nand a second\nparagraph", base_of("as it was"))
    assert back["summary"].touched
    assert not back["question:1"].touched


def test_an_editor_may_put_a_mark_before_it() -> None:
    assert parsed("\ufeff" + made("words"), "INC-7", BOTH)["summary"].words == "words"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<!-- == summary", "<!-- = summary", "line 4: this is none of the document's own lines"),
        (END, "", "the last line is gone"),
        (END, f"{END}\nafter", "line 12: words after the end"),
        ("<!-- . mind", "before\n<!-- . mind", "line 2: words before the first heading"),
        ("INC-7", "INC-8", "this is the review of INC-8, not of INC-7"),
        ("<!-- review of", "<!-- the review of", "line 1: the first line has to be"),
        ("question:1", "question:9", "question:9 is no heading of this document"),
        ("question:1", "summary", "the heading summary stands here twice"),
    ],
)
def test_a_broken_document_says_where(old: str, new: str, told: str) -> None:
    with pytest.raises(Broken, match=told):
        parsed(made("words").replace(old, new, 1), "INC-7", BOTH)


def test_a_heading_that_was_cut_out_is_not_taken_for_an_empty_one() -> None:
    lines = made("words").split("\n")
    cut = "\n".join(line for line in lines if "question:1" not in line)
    with pytest.raises(Broken, match="the heading question:1 is gone"):
        parsed(cut, "INC-7", BOTH)
