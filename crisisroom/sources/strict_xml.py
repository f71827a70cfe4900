"""XML read strictly: no DOCTYPE, and nothing that could grow beyond what was sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

BODY_CAP = 8 << 20  # bytes
_DECLARED = re.compile(rb"\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_NO_CHARSETS = frozenset(
    {b"charmap", b"idna", b"punycode", b"raw_unicode_escape", b"undefined", b"unicode_escape"}
)  # codecs of Python that would be tried, and warn
_DEPTH = 64
_ATTRIBUTES = 64
_ELEMENTS = 50_000
_TEXT = 4 << 20  # characters, attributes included


class Unsafe(Exception):
    """A document nobody should read: an attack, or far too large."""


class IllFormed(Exception):
    """Not well-formed XML; a lenient reader may still find something in it."""


@dataclass(slots=True)
class Node:
    """An element: names are `namespace local` or `local`, text stands before each child."""

    name: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(" ")[2]

    @property
    def space(self) -> str:
        """The namespace; empty where there is none."""
        return self.name.rpartition(" ")[0]

    def elements(self) -> list[Node]:
        """Return the child elements."""
        return [child for child in self.children if isinstance(child, Node)]

    def text(self) -> str:
        """Return the element's own words, those of its children left out."""
        return "".join(child for child in self.children if isinstance(child, str)).strip()


def parse_xml(body: bytes) -> Node:
    """Return the root element; raises IllFormed, or Unsafe for a DOCTYPE or beyond the limits."""
    if len(body) > BODY_CAP:
        raise Unsafe(f"more than {BODY_CAP} bytes")
    declared = _DECLARED.match(body)
    if declared and declared[1].lower().replace(b"-", b"_") in _NO_CHARSETS:
        raise IllFormed(f"an encoding for something else: {declared[1].decode('ascii')}")
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.EntityDeclHandler = builder.entity
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.words
    try:
        parser.Parse(body.lstrip(b" \t\r\n"), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise IllFormed(str(error)) from error
    if builder.root is None:
        raise IllFormed("no element")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._elements = 0
        self._size = 0

    def doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            raise Unsafe("a web page, not a feed")
        raise Unsafe("a DOCTYPE, which feeds do not need")

    def entity(self, *_: object) -> None:
        raise Unsafe("an entity declaration")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _ELEMENTS or len(self._open) >= _DEPTH:
            raise Unsafe(f"more than {_ELEMENTS} elements or {_DEPTH} levels")
        if len(attributes) > _ATTRIBUTES:
            raise Unsafe(f"more than {_ATTRIBUTES} attributes")
        self._count(sum(len(key) + len(value) for key, value in attributes.items()))
        node = Node(name, attributes)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def words(self, text: str) -> None:
        self._count(len(text))
        self._open[-1].children.append(text)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > _TEXT:
            raise Unsafe(f"more than {_TEXT} characters")
