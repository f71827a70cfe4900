"""Words as a WordPress blog takes them: plain text that stays plain, whatever it looks like."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from crisisroom.channels import Outgoing
from crisisroom.text.markup import html_text

_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "[": "&#91;", "]": "&#93;"}
_ESCAPES = str.maketrans(_SIGNS)
_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_LINK = re.compile(r"(?<![\w@])https?://[^\s<>\"']+", re.IGNORECASE)
_TRAILING = ".,;:!?)…"
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TITLE = 80  # characters of a first line that becomes a title
_SLUG = 50
# what a blog makes prettier when it shows a text
_PRETTIER = str.maketrans("×", "x", "\"'“”„‘’‚′″`´.…-–—\u00ad")


def escaped(text: str) -> str:
    """Return the text as HTML that shows just these signs: no markup, and no shortcode in it."""
    return text.translate(_ESCAPES)


def as_page(text: str) -> str:
    """Return the text as the body of a post: its paragraphs and lines, and its links alive.

    A link alone on its line would become somebody else's page in ours.
    """
    blocks = (one for one in _GAP.split(text.strip("\n")) if one.strip())
    return "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{_lines(one)}</p>\n<!-- /wp:paragraph -->" for one in blocks
    )


def title_of(words: Outgoing) -> str:
    """Return the title of a post: its own, else how it begins."""
    if words.title:
        return words.title
    line = next((one.strip() for one in words.text.splitlines() if one.strip()), "")
    if len(line) <= _TITLE:
        return line
    return line[:_TITLE].rpartition(" ")[0] + "…" if " " in line[:_TITLE] else line[:_TITLE] + "…"


def slug_of(words: Outgoing) -> str:
    """Return what a post goes by in its address: its title, and what only this key has."""
    plain = unicodedata.normalize("NFKD", title_of(words)).encode("ascii", "ignore").decode()
    name = _NOT_SLUG.sub("-", plain.lower()).strip("-")[:_SLUG].strip("-")
    mark = hashlib.sha256(words.key.encode()).hexdigest()[:12]
    return f"{name}-{mark}" if name else mark


def comparable(text: str) -> str:
    """Return what stays of a text whatever a blog does to its form."""
    return "".join(unicodedata.normalize("NFC", text).translate(_PRETTIER).split())


def shown(html: str) -> str:
    """Return a comment as a reader sees it, to be compared."""
    return comparable(html_text(html))


def _lines(block: str) -> str:
    return "<br />\n".join(_with_links(line.strip()) for line in block.splitlines())


def _with_links(line: str) -> str:
    made, end = "", 0
    for found in _LINK.finditer(line):
        link = found[0].rstrip(_TRAILING)
        made += escaped(line[end : found.start()])
        made += f'<a href="{escaped(link)}">{escaped(link)}</a>'
        end = found.start() + len(link)
    return made + escaped(line[end:])
