"""Reading a report's HTML as a browser does, as far as tests need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "input", "link", "br"})
DRAWN = frozenset({"rect", "line", "path"})


@dataclass(slots=True)
class Element:
    """An element with its attributes, its words and what is in it."""

    tag: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)
    inside: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the words in it and in what it holds."""
        return "".join(self.words)

    def every(self, tag: str = "") -> list[Element]:
        """Return the elements below of one kind, or all."""
        below = [one for child in self.inside for one in (child, *child.every())]
        return [one for one in below if not tag or one.tag == tag]

    def one(self, id_: str) -> Element:
        """Return the element with an id."""
        [found] = [one for one in self.every() if one.attributes.get("id") == id_]
        return found

    def of(self, kind: str) -> list[Element]:
        """Return the elements below with a class."""
        return [one for one in self.every() if kind in one.attributes.get("class", "").split()]


class Reader(HTMLParser):
    """Builds the tree; fails where an element is not closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#root", {})
        self._open = [self.root]
        self.feed(page)
        self.close()
        assert self._open == [self.root], [one.tag for one in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in DRAWN, tag
        self._open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, (self._open[-1].tag, tag)
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)


def read(page: bytes) -> Element:
    """Return the tree of a page."""
    return Reader(page.decode()).root
