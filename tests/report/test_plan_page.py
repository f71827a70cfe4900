"""A playbook to read and to print: complete, to the letter, and harmless."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import msgspec
import pytest
from core.any_struct import Some
from core.test_plan_words import plan
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.playbook import Contact, Fact, KeyMessage, Playbook, Reach
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.wordings import words_of
from crisisroom.library import find, list_ids
from crisisroom.report.plan_html import plan_html
from crisisroom.report.plan_page import plan_page
from crisisroom.report.plan_text import WIDTH, plan_text

NOW = datetime(2026, 11, 22, 3, 7, tzinfo=UTC)
replace = msgspec.structs.replace
_QUIET = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "dl", "dt", "dd",
          "section", "ul", "li", "div", "span", "article", "blockquote", "mark"}  # fmt: skip


def page_of(playbook: Playbook, standing: dict[str, str] | None = None) -> tuple[list[str], str]:
    """Return a playbook's page as text and as HTML."""
    page = plan_page(playbook, standing or {}, NOW, "Europe/Berlin")
    return list(plan_text(page)), plan_html(page)


class Reader(HTMLParser):
    """Reads a page as a browser does: which tags it has, and which words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def shipped(name: str) -> Playbook:
    """Return a shipped playbook."""
    loaded, problems = load_playbook(*find(name, []))
    assert loaded is not None, problems
    return loaded


@pytest.mark.parametrize("name", list_ids([]))
def test_every_word_and_every_number_stands_on_both_pages(name: str) -> None:
    playbook = shipped(name)
    lines, html = page_of(playbook)
    text = "\n".join(lines)
    seen = Reader(html).text
    for word in words_of(playbook):
        assert word.text in seen, word.id
        for line in word.text.rstrip("\n").split("\n"):
            assert f"  | {line}".rstrip() in lines, word.id
        assert word.sha256[:12] in text
        assert word.sha256[:12] in seen
    for contact in playbook.contacts:
        for way in contact.reach:
            assert f"{way.by} {way.to}" in text
            assert f"{way.by} {way.to}" in seen
    squeezed = " ".join(text.split())
    for _, task in playbook.tasks():
        assert " ".join(task.title.split()) in squeezed
        assert task.title in seen
    for duty in playbook.deadlines:
        assert duty.title in seen


def test_prose_is_wrapped_and_words_are_not() -> None:
    long = "word " * 60
    playbook = replace(
        plan(), summary=long, key_messages=(KeyMessage("long", "Long", long.strip()),)
    )
    lines, _ = page_of(playbook)
    assert f"  | {long.strip()}" in lines
    assert all(len(line) <= WIDTH for line in lines if not line.startswith("  | "))


def test_an_approval_is_said_beside_its_text() -> None:
    playbook = plan()
    word = next(one for one in words_of(playbook) if one.id == "sorry")
    lines, html = page_of(playbook, {word.sha256: "approved by ada 09:12"})
    assert f"  approved by ada 09:12, text {word.sha256[:12]}" in lines
    assert "approved by ada 09:12" in html
    assert "not approved" in html


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    _, html = page_of(plan())
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert style is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    seen = Reader(html)
    assert seen.tags <= _QUIET
    assert seen.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    for looks in ("prefers-color-scheme: dark", "@media print"):
        assert looks in style[1]


HOSTILE = (
    "</style><script>alert(1)</script>",
    "</blockquote><img src=x onerror=alert(1)>",
    "\"><a href='javascript:alert(1)'>x</a>",
    "<!-- ]]> --> &lt;b&gt; &#x3c;",
    "{{<script>}}",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_markup_in_a_playbook_stays_words(hostile: str) -> None:
    playbook = replace(
        plan(),
        title=hostile,
        summary=hostile,
        source_of_truth=hostile,
        language="en",
        facts=(Fact("a", hostile, hostile),),
        contacts=(Contact("c", hostile, (Reach(hostile, hostile),), hours=hostile, note=hostile),),
        key_messages=(KeyMessage("k", hostile, hostile),),
    )
    _, html = page_of(playbook)
    seen = Reader(html)
    assert seen.tags <= _QUIET
    assert seen.text.count(hostile) >= 6


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**64))
def test_any_playbook_has_a_page(seed: int) -> None:
    playbook = replace(Some(seed).struct(Playbook), language="en")
    lines, html = page_of(playbook)
    assert Reader(html).tags <= _QUIET
    assert lines[0] == playbook.title
