"""Strangers' texts stay words: nothing computes, nothing is a link, nothing drives a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report.builders import Log, night
from report.papers import TEXTS

from crisisroom.report import export, parse_import
from crisisroom.report.plain import one_line, visible
from crisisroom.text.links import safe_url

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](http://track.example/p.png)",
    "<http://evil.example>",
    "http://evil.example/ www.evil.example",
    "a | b | c",
    "|---|",
    "# head",
    "- item",
    "1. item",
    "---",
    "===",
    "> quote",
    "```\ncode",
    "    code",
    "a `b` *c* _d_ ~~e~~",
    "&amp; &#60;",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31m",
    "\u202egnp.exe",
    "a\u2028b",
    "a\r\nb",
    "{0} {incident.uid} %s",
    "$x$ {{7*7}}",
    '"quoted", comma',
    "\\",
    "ends with \\",
]
LOOSE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def hostile(text: str) -> Log:
    """Return a log with a text in every place a person writes to."""
    log = night(title=text, handle=text, name=text, quote=text, url=text, source=text)
    log.draft("ST-9", 200, text)
    log.judge("ST-9", 203, text, 1, "rejected", text)
    log.add("note.added", 204, text, {"words": text}, actor=text)
    log.add("decision.made", 205, text, {"words": text, "why": text})
    action = {"action": "A-2", "title": text, "owner": text, "due": ""}
    log.add("action.added", 206, text, action)
    log.add("task.reopened", 207, text, {"task": "numbers"})
    log.done("numbers", 207, text)
    log.fact("affected", 208, text)
    return log


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", TEXTS)
def test_no_control_signs_are_written(text: str, form: str) -> None:
    for data in export(hostile(text).record, form).values():
        shown = data.decode()
        if form == "csv":
            shown = shown.replace("\r\n", "\n")
        assert LOOSE.search(shown) is None
        assert "\r" not in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_computes(text: str) -> None:
    for data in export(hostile(text).record, "csv").values():
        rows = [*csv.reader(io.StringIO(data.decode(), newline=""))]
        assert len({len(row) for row in rows}) == 1
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if re.match(r"[=+\-@\t\r\n＝＋－＠]", cell)] == []
        if text.startswith(("=", "+", "-", "@")):
            assert text not in cells


ACTIVE = {"image", "html_inline", "html_block", "fence", "code_block", "hr", "lheading_open"}


def tokens(text: str) -> list[Token]:
    """Return what a Markdown reader with tables and automatic links makes of the report."""
    page = export(hostile(text).record, "md")["INC-7.md"].decode()
    return MarkdownIt("gfm-like").parse(page)


def flat(blocks: Iterable[Token]) -> Iterator[Token]:
    for token in blocks:
        yield token
        yield from flat(token.children or ())


def words(inline: Token) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(breaks.get(one.type, one.content) for one in inline.children or ())


def shown(text: str) -> str:
    return "\n".join(line.rstrip() for line in visible(text).split("\n"))


def headings(text: str) -> list[str]:
    """Return a report's headings, having checked that nothing in it is active."""
    blocks = tokens(text)
    found = [*flat(blocks)]
    assert [token.type for token in found if token.type in ACTIVE] == []
    links = {str(token.attrs["href"]) for token in found if token.type == "link_open"}
    own = {"https://blog.example/holding", "https://social.example/@ferrow/77"}
    assert links <= own | {"https://social.example/@pat2/2", safe_url(text) or "none"}
    opened = [at for at, token in enumerate(blocks) if token.type == "heading_open"]
    heads = [words(blocks[at + 1]) for at in opened]
    assert [head for head in heads if head.startswith("ST-")][-1].startswith("ST-9:")
    assert len(heads) == 1 + 16 + 3 + 1  # the title, the sections, three statements and a reply
    return heads


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_the_characters(text: str) -> None:
    assert headings(text)[0] == f"INC-7: {one_line(text)}".strip()


@given(st.text(alphabet=st.sampled_from("ab1 \n\t#>-+*=_`~[]()<>!|\\.:/&;"), max_size=25))
@settings(max_examples=150, deadline=None)
def test_markdown_shows_any_marks(text: str) -> None:
    assert headings(text)[0] == f"INC-7: {one_line(text)}".strip()


SEVERAL_LINES = ["two\n\nparagraphs", "a\n  b\n\tc", "x\n===\n- y\n1) z\n", "a  \nb\\\nc"]


@pytest.mark.parametrize("text", HOSTILE + SEVERAL_LINES)
def test_a_statement_is_quoted_to_the_letter(text: str) -> None:
    blocks = tokens(text)
    start = next(at for at, one in enumerate(blocks) if one.content.startswith("ST-9:"))
    types = [one.type for one in blocks]
    first = types.index("blockquote_open", start)
    last = types.index("blockquote_close", first)
    quoted = "\n".join(words(one) for one in blocks[first:last] if one.type == "inline")
    assert [line for line in quoted.split("\n") if line] == [
        line for line in shown(text).split("\n") if line
    ]


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_json_keeps_any_text_to_the_letter(text: str) -> None:
    data = export(hostile(text).record, "json")["INC-7.json"]
    whole = json.loads(data)
    assert whole["incident"]["title"] == text
    assert whole["statements"][-1]["text"] == text
    entries, incident = parse_import(data, "INC-7.json")
    assert incident.title == text
    assert entries[-1].data["value"] == text
    assert LOOSE.search(data.decode()) is None


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_a_row_stays_a_row_whatever_the_text(text: str) -> None:
    record = hostile(text).record
    page = export(record, "md")["INC-7.md"].decode()
    after = page.split("## Timeline\n")[1].split("\n## Integrity")[0]
    rows = [line for line in after.split("\n") if line]
    assert len(rows) == len(record.entries) + 2
    log = export(record, "ics214")["INC-7-ics214.txt"].decode()
    assert log.count("\n   20") == len(record.entries)


def test_an_id_in_fixed_width_cannot_break_out() -> None:
    log = Log(playbook={"id": "a`b|c", "version": 1, "sha256": "x"})
    page = export(log.record, "md")["INC-7.md"].decode()
    assert "- Playbook: a\\`b\\|c version 1" in page


def test_links_are_web_links_only() -> None:
    log = Log()
    log.link(1, 1, url="javascript:alert(1)")
    log.link(2, 2, url="https://user:pw@x.example/a|b")
    log.link(3, 3, url="")
    page = export(log.record, "md")["INC-7.md"].decode()
    assert "<javascript" not in page
    assert "pw@" not in page
    assert "<https://x.example/a%7Cb>" in page


def test_hidden_signs_are_named() -> None:
    assert visible("a\u202eb\x1b") == "a[U+202E]b[U+001B]"
    assert one_line(" a\r\n\tb ") == "a b"
