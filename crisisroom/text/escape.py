"""Text as a literal in the files we export; HTML is escaped by the standard library."""

from __future__ import annotations

import re

# Blanks before the sign too: some spreadsheets trim them.
_FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]")

_MARKS = re.compile(r"[\\`*_\[\]<>|~&!#$]")
_LINKS = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_LINE_STARTS = re.compile(r"^([^\S\n]*+(?:\d{1,9}(?=[.)])|(?=[-+=:])))", re.MULTILINE)
_INDENTS = re.compile(r"^[^\S\n](?=[^\S\n]*+\S)", re.MULTILINE)  # four blanks begin code


def csv_cell(text: str) -> str:
    """Return `text` for a cell of a CSV file, with `'` before what a spreadsheet would compute."""
    return f"'{text}" if _FORMULA.match(text) else text


def md_escape(text: str) -> str:
    """Return `text` as Markdown that reads as exactly these characters, line by line."""
    marked = _MARKS.sub(r"\\\g<0>", text)
    linked = _LINKS.sub(r"\\\g<0>", marked)
    listed = _LINE_STARTS.sub(r"\1\\", linked)
    return _INDENTS.sub(lambda blank: f"&#{ord(blank[0])};", listed)


def md_inline(text: str) -> str:
    """Return `text` as Markdown for one line: a heading, a table's cell, a link's words."""
    return md_escape(" ".join(text.split()))
