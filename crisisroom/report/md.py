"""Pieces of Markdown in which every text is literal."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.report.plain import one_line, visible
from crisisroom.text import md_escape, md_inline, safe_url


def cell(text: str) -> str:
    """Return a text for one line of Markdown: a table's cell, a heading, a list's item."""
    return md_inline(visible(text))


def quote(text: str, indent: str = "") -> list[str]:
    """Return a text as a quotation, line for line."""
    lines = [line.rstrip() for line in md_escape(visible(text)).split("\n")]
    followed = [bool(line and after) for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return [
        f"{indent}> {line}{chr(92) if more else ''}".rstrip()
        for line, more in zip(lines, followed, strict=True)
    ]


def link(url: str) -> str:
    """Return a web link that can be followed; anything else as literal words."""
    safe = safe_url(url)
    return f"<{safe}>" if safe and not set("<>\\ ") & set(safe) else cell(url)


def code(text: str) -> str:
    """Return an id or a hash in fixed width; a text with a backtick in it is escaped instead."""
    plain = one_line(text)
    return f"`{plain}`" if plain and "`" not in plain and "|" not in plain else cell(plain)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table; the cells are Markdown already."""
    marks = ["---"] * len(head)
    return [f"| {' | '.join(row)} |" for row in (head, marks, *rows)]


def section(title: str, body: Sequence[str], empty: str = "") -> list[str]:
    """Return a section; one without a body says what is not there, or is left out."""
    if not body and not empty:
        return []
    return [f"## {title}", "", *(body or [empty]), ""]
