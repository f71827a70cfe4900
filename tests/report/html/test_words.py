"""Texts in the HTML report are literal, whoever wrote them, in words, in CSS and in links."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from report.builders import night
from report.html.page import read

from crisisroom.report.html import dump
from crisisroom.report.html.document import _string
from crisisroom.report.html.inline import link, text
from crisisroom.report.plain import visible

ESCAPED = re.compile(r'"((?:[A-Za-z0-9.,:+-]|\\[0-9a-f]{6} )*)"')


@given(st.text())
def test_words_read_back_as_they_were(words: str) -> None:
    page = read(f'<p title="{text(words)}">{text(words)}</p>'.encode("utf-8", "surrogatepass"))
    assert page.inside[0].text == visible(words)
    assert page.inside[0].attributes["title"] == visible(words)
    assert len(page.every()) == 1


@given(st.text(max_size=60))
def test_a_title_cannot_leave_its_place_in_the_style_sheet(words: str) -> None:
    written = _string(words)
    found = ESCAPED.fullmatch(written)
    assert found is not None
    back = re.sub(r"\\([0-9a-f]{6}) ", lambda one: chr(int(one[1], 16)), found[1])
    assert back == words


@given(st.text(max_size=40))
def test_any_title_makes_a_sound_page(words: str) -> None:
    page = read(b"".join(dump(night(title=words).record)))
    assert len(page.every("h1")) == 1
    assert len(page.every("script")) == 1
    assert len(page.every("style")) == 2


def test_links_of_strangers_lead_nowhere_unsafe() -> None:
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "http://a\u202eb"):
        assert "href" not in link(url)
    sound = link("https://user:pw@x.example/a?b=1&c='\"")
    assert "pw" not in sound
    assert 'href="https://x.example/' in sound
    assert 'rel="noopener noreferrer nofollow external"' in sound
