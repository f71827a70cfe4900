"""Words as a WordPress blog takes them."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.channels import Outgoing
from crisisroom.channels.wordpress_text import as_page, comparable, escaped, slug_of, title_of

WORDS = Outgoing(key="k1", text="We know", first_try_at=datetime(2026, 11, 22, 2, 0, tzinfo=UTC))


class _Marks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])

    def handle_data(self, data: str) -> None:
        self.text += data


_ODD = st.text(alphabet="<>&[]\"'/=ab :.-!\n https://x.test/", max_size=80)


@given(st.text() | _ODD)
def test_words_stay_words_in_a_page(text: str) -> None:
    page = _Marks()
    page.feed(as_page(text))
    page.close()
    assert page.tags <= {"p", "a", "br"}
    assert "[" not in as_page(text)
    assert "".join(page.text.split()) == "".join(text.split())


@given(st.text() | _ODD)
def test_words_stay_words_in_a_comment(text: str) -> None:
    comment = _Marks()
    comment.feed(escaped(text))
    comment.close()
    assert comment.tags == set()
    assert not set("<>[]") & set(escaped(text))


def test_links_are_alive_and_never_alone() -> None:
    page = as_page("See https://a.test/x?b=1&c=2.\n\nhttps://a.test/[gallery]")
    assert '<a href="https://a.test/x?b=1&amp;c=2">https://a.test/x?b=1&amp;c=2</a>.' in page
    assert "\nhttps" not in page
    assert "[" not in page


@pytest.mark.parametrize(
    ("title", "text", "shown", "slug"),
    [
        ("Störung: Kasse", "x", "Störung: Kasse", "storung-kasse-"),
        ("", "\n We know. \nMore", "We know.", "we-know-"),
        ("", "word " * 40, "word " * 15 + "word…", "word-word-"),
        ("", "x" * 90, "x" * 80 + "…", "xxx"),
        ("日本", "x", "日本", ""),
    ],
)
def test_titles_and_addresses(title: str, text: str, shown: str, slug: str) -> None:
    words = msgspec.structs.replace(WORDS, title=title, text=text)
    assert title_of(words) == shown
    assert slug_of(words).startswith(slug)
    assert slug_of(words) != slug_of(msgspec.structs.replace(words, key="other"))
    assert set(slug_of(words)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_what_a_blog_makes_prettier_is_the_same() -> None:
    assert comparable('It\'s "so" -- 2x3...') == comparable("It’s “so” – 2×3…")
    assert comparable("yes") != comparable("no")
