"""Reddit's Markdown: read back by a reader of Markdown, the approved words stand there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crisisroom.channels.literal import reddit
from crisisroom.text.markup import html_text

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown: str) -> str:
    """Return what a reader sees of Markdown."""
    return html_text(READER.render(markdown))


def words(text: str) -> list[str]:
    """Return what matters of a text once a page shows it."""
    return text.split()


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("We know.", "We know."),
        ("a*b*c _d_ `e` ~~f~~ x^2", r"a\*b\*c \_d\_ \`e\` \~\~f\~\~ x\^2"),
        ("[a](b) <c> | & # >", r"\[a\](b) \<c\> \| \& \# \>"),
        ("AT&amp;T", r"AT\&amp;T"),
        ("see https://acme.test/a_b*c.", "see <https://acme.test/a_b*c>."),
        ("(https://acme.test/a_(b))", "(<https://acme.test/a_(b)>)"),
        ('"https://acme.test/x"', '"<https://acme.test/x>"'),
        ("ftp://a_b www.a_b.test", r"ftp\://a\_b www\.a\_b.test"),
        ("1. one\n2) two\n- three\n+ four", "1\\. one  \n2\\) two  \n\\- three  \n\\+ four"),
        ("Title\n===\n---", "Title  \n&#61;==  \n\\---"),
        ("    code", "&#32;   code"),
        ("one\ntwo\n\nthree", "one  \ntwo\n\nthree"),
        ("u/pat, r/acme", "u/pat, r/acme"),
        ("", ""),
    ],
)
def test_markdown(text: str, markdown: str) -> None:
    assert reddit(text) == markdown
    assert words(shown(markdown)) == words(text)


def test_lines_stay_lines() -> None:
    assert shown(reddit("one\n  two\n\nthree")).splitlines() == ["one", "two", "", "three"]


def test_links_stay_links() -> None:
    link = "https://acme.test/a_b*c~d?e=f&g=h#i"
    assert f'href="{link.replace("&", "&amp;")}"' in READER.render(reddit(f"see {link}!"))


SIGNS = "ab1 .\n\t-+=*_~`#>|<[]()!&;:/\\^'\"{}$@"


@given(st.text(alphabet=SIGNS, max_size=60))
def test_every_sign_is_seen_as_it_is(text: str) -> None:
    assert words(shown(reddit(text))) == words(text)


PARTS = [
    "https://acme.test/a_b",
    "http://x.test/(c)",
    "www.acme.test",
    "1.",
    "2)",
    "-",
    "===",
    "***",
]
MORE = ["    code", "&amp;", "<b>", "[a](b)", "![x](y)", "```", "~~~", "> q", "# h", "|a|b|", "\\"]


@given(st.lists(st.sampled_from([*PARTS, *MORE, "word", "*w*", "_w_"]), max_size=12), st.data())
def test_every_form_is_seen_as_it_is(parts: list[str], data: st.DataObject) -> None:
    text = "".join(
        part + data.draw(st.sampled_from([" ", "\n", "\n\n", "\n|-|-|\n"])) for part in parts
    )
    assert words(shown(reddit(text))) == words(text)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    assert len(reddit(text)) >= len(text) - text.count("\n") - text.count(" ") - text.count("\t")


@pytest.mark.parametrize(
    "unit", ["*", "https://", "https://a)", "1.", "\n", " \n", "\t", "www.", "(", "&"]
)
def test_hostile_text_is_written_soon(unit: str) -> None:
    assert reddit(unit * 20_000) is not None
    assert reddit(f"https://a.test/{unit * 20_000}") is not None
