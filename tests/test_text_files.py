"""Text as a literal in exports, and HTML from outside as text."""

from __future__ import annotations

import csv
import io
import re
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crisisroom.text import clean
from crisisroom.text.escape import csv_cell, md_escape, md_inline
from crisisroom.text.links import find_links
from crisisroom.text.markup import html_text

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PIECES = ("<a href=", "<pre>", "<p>", "script", "</", "<!--", "https://", "<br>", "<img alt=")
MARKS = "\\`*_{}[]()<>#+-.!|~&=:;\"'$^@/ \t\n1a9é"
words = st.text(st.sampled_from(MARKS), max_size=40).map(str.strip)


@pytest.mark.parametrize("sign", [*"=+-@\t\r\n＝＋－＠", " =", "\ufeff=", "\n@"])
def test_a_cell_never_begins_a_formula(sign: str) -> None:
    text = f"{sign}HYPERLINK(A1)"
    assert csv_cell(text) == f"'{text}"
    assert csv_cell(csv_cell(text)) == csv_cell(text)


@pytest.mark.parametrize("text", ["", "plain", "a=b", "'quoted", "5 - 3", "7", "mail@example.org"])
def test_other_cells_are_left_alone(text: str) -> None:
    assert csv_cell(text) == text


@given(st.text())
def test_a_cell_survives_the_file(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([csv_cell(text), "next"])
    read = next(csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert read[0].removeprefix("'") == text.removeprefix("'")
    assert not read[0].startswith(tuple("=+-@\t\r\n＝＋－＠"))


def rendered(markdown: str) -> str:
    """Return the words of rendered Markdown, with nothing but paragraphs allowed."""
    html = re.sub(r"</?p>|<br />", "", MARKDOWN.render(markdown))
    assert "<" not in html, html
    return html


@settings(max_examples=1000)
@given(words)
@example("# heading\n\n    code\n\n- list\n1. one\n2) two\n> quote\n***\n---\ntitle\n===")
@example("a|b\n-|-\n1|2")
@example("[x](javascript:a) ![i](http://track.example) <b> <!-- --> &lt; `c` ~~~\n```\n[r]: /u")
@example("\t\ttabs\n  \n  deep")
def test_markdown_shows_the_text_itself(text: str) -> None:
    shown = [" ".join(line.split()) for line in rendered(md_escape(text)).split("\n")]
    meant = [" ".join(escape(line).replace("&#x27;", "'").split()) for line in text.split("\n")]
    assert "\n".join(filter(None, shown)) == "\n".join(filter(None, meant))


@settings(max_examples=1000)
@given(words)
def test_inline_markdown_stays_in_its_line(text: str) -> None:
    line = md_inline(text)
    meant = escape(" ".join(text.split())).replace("&#x27;", "'")
    assert "\n" not in line
    assert rendered(line).strip() == meant
    cell = MARKDOWN.render(f"a|b\n-|-\n{line}|x\n")
    assert cell.count("<td>") == (2 if line else 0) or not line
    heading = MARKDOWN.render(f"# {line}\n")
    assert re.sub(r"</?h1>", "", heading).strip() == meant


def test_markdown_keeps_lines_and_breaks_bare_links() -> None:
    assert md_escape("one\n\n# two") == "one\n\n\\# two"
    assert md_escape("see https://x.example or www.y.example.") == (
        "see https\\://x.example or www\\.y.example."
    )
    assert md_escape(": ~~x~~ :") == "\\: \\~\\~x\\~\\~ :"
    assert md_escape("plain words, (brackets) and dots. 3.5 %") == (
        "plain words, (brackets) and dots. 3.5 %"
    )


MASTODON = (
    '<p>Hi <span class="h-card"><a href="https://m.example/@pat" class="u-url mention">'
    "@<span>pat</span></a></span>, look: "
    '<a href="https://shop.example/very/long/path?x=1&amp;y=2" rel="nofollow">'
    '<span class="invisible">https://</span><span class="ellipsis">shop.example/very</span>'
    '<span class="invisible">/long/path?x=1&amp;y=2</span></a> '
    '<a href="https://m.example/tags/fail" class="mention hashtag">#<span>fail</span></a></p>'
    "<p>Charged<br />twice!</p>"
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            MASTODON,
            "Hi @pat, look: https://shop.example/very/long/path?x=1&y=2 #fail\n\nCharged\ntwice!",
        ),
        ("plain &amp; simple &lt;b&gt; &#x27;&eacute;", "plain & simple <b> 'é"),
        ("a<div>b</div><div>c</div>d", "a\nb\nc\nd"),
        ("<ul><li>one<li>two</ul>end", "one\ntwo\n\nend"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("  much \n\t white&nbsp;space <b> here</b>", "much white space here"),
        ("<pre>  a\n    b</pre>", "a\n    b"),
        ("x<script>evil('</b>')</script>y<STYLE>p{}</Style >z", "xyz"),
        ("x<!-- <b>hidden</b> -->y<!-->z<!DOCTYPE html><?php 1 ?>", "xyz"),
        ('see <img src=x alt="a  cat\n&amp; dog" onerror=e><img src=y>', "see [a cat & dog]"),
        ("I <3 you, 1 < 2 > 0 </ b>", "I <3 you, 1 < 2 > 0"),
        ("<a href='https://evil.example/'>https://bank.example</a>", "https://evil.example/"),
        ("go <a href=https://x.example/y>click here</a>.", "go click here (https://x.example/y)."),
        ('<a href="/relative">here</a> <a>there</a>', "here there"),
        ('<a href="javascript:e()">here</a>', "here"),
        ('<a href="https://x.example"><img alt="logo"></a>', "[logo] (https://x.example)"),
        ('<a href="https://x.example"></a>', "https://x.example"),
        (
            "<a href='https://a.example'>one<a href='https://b.example'>two",
            "one (https://a.example)two (https://b.example)",
        ),
        ('<p title="a > b" data-x=\'"\'>text</p>', "text"),
        (
            '<a href="https://x.example/y"><span class="ellipsis">x.ex</span></a>',
            "https://x.example/y",
        ),
        ('<img alt="first" alt="second">x<!-- a --!>y', "[first]xy"),
        ("kept <b unclosed", "kept"),
        ("kept <script>lost", "kept"),
        ("&#99999999999; &#x110000; &#xD800; &nosuch;", "\ufffd \ufffd \ufffd &nosuch;"),
        ("", ""),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert html_text(html) == text


@pytest.mark.parametrize(
    "unit",
    [
        *("<a ", "<!--", '<a b="x>', "</a ", "<![", "<div>", "<?", "<script>", "</", "<", "&#"),
        *("<b a='", "<a href=http://x>", "<svg></svg", "a &", "<p\n", "\n ", "<pre>", "<br>"),
        "<span class=invisible>",
    ],
)
def test_hostile_html_of_a_megabyte_is_read_to_its_end(unit: str) -> None:
    assert len(html_text(unit * (1_200_000 // len(unit)))) <= 1_000_000


def test_one_entity_of_very_many_digits_is_no_error() -> None:
    for many in (5_000, 100_000):
        html = f"a&#{'1' * many};b&#x{'f' * many};c"
        assert html_text(html) == "a\ufffdb\ufffdc"


@settings(max_examples=1000)
@given(st.lists(st.sampled_from([*"<>/!-=\"' \nab&;#x1", *PIECES]), max_size=30).map("".join))
def test_html_text_never_raises_and_keeps_no_blank_ends(html: str) -> None:
    text = html_text(html)
    assert text == text.strip()
    assert "\n\n\n" not in text


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Z"))))
def test_escaped_text_comes_back(text: str) -> None:
    assert html_text(f"<p>{escape(text)}</p>") == text


def test_links_of_html_are_found_again() -> None:
    links = find_links(clean(html_text(MASTODON)))
    assert [link.url for link in links] == ["https://shop.example/very/long/path?x=1&y=2"]
