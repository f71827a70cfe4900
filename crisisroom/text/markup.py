"""HTML from outside as plain text, in time linear in its length.

The standard library's parser takes time quadratic in unclosed tags and raises on some broken
declarations, and the input here is a stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape

_MOST_HTML = 1_000_000
_MOST_DIGITS = 7  # of a numeric entity: more is no character, and int() refuses very many

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?:(>)|([^\s/>][^\s/>=]*+)(?:\s*+=\s*+("[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+)"""
)
_COMMENT_END = re.compile(r"--!?>")
_LONG_ENTITY = re.compile(
    rf"&#(?:[0-9]{{{_MOST_DIGITS + 1},}}|[xX][0-9A-Fa-f]{{{_MOST_DIGITS + 1},}});?"
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|h[1-6]|header|hr|html|legend|li|main|menu|nav|ol|option|p|pre|"
    "section|summary|table|tbody|tfoot|thead|tr|ul"
)
_APART = re.compile("p|blockquote|h[1-6]|ul|ol|table")
_UNREAD = re.compile(
    "iframe|math|noembed|noframes|object|script|style|svg|template|textarea|title|xmp"
)
_BLANKS = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_READ_ATTRIBUTES = frozenset({"alt", "class", "href"})
_SHORTENED = frozenset({"invisible", "ellipsis"})  # how Mastodon marks the parts of a long link
_NAMES = frozenset({"mention", "hashtag", "u-url"})


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag: its name in lower case, `/` before it when it closes, and where it ends."""

    name: str
    attributes: dict[str, str]
    end: int


def html_text(html: str) -> str:
    """Return the words of an HTML fragment, blocks as lines, links with their full address.

    Of more than a million characters the rest is left out. The result is not cleaned.
    """
    writer = _Writer()
    for token in _tokens(html[:_MOST_HTML]):
        if isinstance(token, _Tag):
            writer.tag(token)
        else:
            writer.words(token)
    return writer.text()


def _tokens(html: str) -> Iterator[str | _Tag]:
    """Yield words and tags; what does not close takes the rest, so that nothing is read twice."""
    position = 0
    while position < len(html):
        start = html.find("<", position)
        start = len(html) if start < 0 else start
        if start > position:
            yield _entities(html[position:start])
        if start == len(html):
            return
        tag = _tag(html, start)
        if tag is not None:
            yield tag
            position = _after_unread(html, tag)
        elif html[start + 1 : start + 2] in ("!", "?", "/"):
            position = _after_comment(html, start)
        else:
            yield "<"
            position = start + 1


def _tag(html: str, start: int) -> _Tag | None:
    match = _TAG.match(html, start)
    if match is None:
        return None
    attributes: dict[str, str] = {}
    end = match.end()
    while part := _ATTRIBUTE.match(html, end):
        end = part.end()
        if part[1]:
            return _Tag(match[1] + match[2].lower(), attributes, end)
        if (name := part[2].lower()) in _READ_ATTRIBUTES:
            attributes.setdefault(name, _value(part[3] or ""))
    return _Tag("", {}, len(html))


def _value(written: str) -> str:
    quoted = written[:1] in ('"', "'")
    return _entities(written[1:].removesuffix(written[0]) if quoted else written)


def _after_comment(html: str, start: int) -> int:
    if html.startswith("<!--", start):
        match = _COMMENT_END.search(html, start + 2)
        return match.end() if match else len(html)
    return html.find(">", start) + 1 or len(html)


def _after_unread(html: str, tag: _Tag) -> int:
    """Return where reading goes on: after the end of what is no text for people."""
    if not _UNREAD.fullmatch(tag.name):
        return tag.end
    match = _closing(tag.name).search(html, tag.end)
    return match.end() if match else len(html)


@cache
def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}\b[^>]*+(?:>|\Z)", re.IGNORECASE)


def _entities(text: str) -> str:
    return unescape(_LONG_ENTITY.sub("\ufffd", text)) if "&" in text else text


class _Writer:
    """Collects the text; keeps only counters, so that nesting costs nothing."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._gap = 0  # line ends owed before the next words: blocks side by side share theirs
        self._preformatted = 0
        self._link: _Tag | None = None
        self._link_start = 0
        self._shortened = False

    def words(self, words: str) -> None:
        """Add text, its white space folded unless it is preformatted."""
        if not self._preformatted:
            words = _BLANKS.sub(" ", words)
            at_start = self._gap or not self._parts or self._parts[-1][-1].isspace()
            words = words.lstrip(" ") if at_start else words
        if words:
            self._put(words)

    def tag(self, tag: _Tag) -> None:
        """Add what a tag means for plain text."""
        name = tag.name.removeprefix("/")
        if name == "pre":
            self._preformatted = max(0, self._preformatted + (1 if name == tag.name else -1))
        if _BLOCK.fullmatch(name):
            self._gap = max(self._gap, 2 if _APART.fullmatch(name) else 1)
        elif name == "br":
            self._put("\n")
        elif name in ("td", "th"):
            self.words(" ")
        elif name == "img" and (alt := " ".join(tag.attributes.get("alt", "").split())):
            self._put(f"[{alt}]")
        elif name == "a":
            self._end_link()
            self._begin_link(tag)
        elif name == "span" and _SHORTENED & _classes(tag):
            self._shortened = True

    def text(self) -> str:
        """Return all that was added, without blanks at the ends of lines."""
        self._end_link()
        lines = "\n".join(line.rstrip() for line in "".join(self._parts).split("\n"))
        return _EMPTY_LINES.sub("\n\n", lines).strip()

    def _put(self, text: str) -> None:
        self._parts.append("\n" * self._gap + text)
        self._gap = 0

    def _begin_link(self, tag: _Tag) -> None:
        self._link = tag if tag.name == "a" else None
        self._link_start = len(self._parts)
        self._shortened = False

    def _end_link(self) -> None:
        """Let the address stand for words that are an address, or follow other words."""
        if self._link is None:
            return
        href = self._link.attributes.get("href", "").strip()
        words = "".join(self._parts[self._link_start :])
        is_name = _NAMES & _classes(self._link) and words.strip()[:1] in ("@", "#")
        if href.lower().startswith(("http://", "https://")) and not is_name:
            del self._parts[self._link_start :]
            self._put(_linked(words, href, self._shortened))
        self._link = None


def _classes(tag: _Tag) -> set[str]:
    return set(tag.attributes.get("class", "").split())


def _linked(words: str, href: str, shortened: bool) -> str:
    label = words.strip()
    before, _, after = words.partition(label) if label else ("", "", words)
    is_address = shortened or "://" in label or label.lower().startswith("www.")
    return f"{before}{href if is_address or not label else f'{label} ({href})'}{after}"
