"""From the YAML parser's events to nodes, refusing what YAML can do and a text does not need."""

from __future__ import annotations

import re
from typing import Any, NoReturn

import yaml

from crisisroom.core.problems import Place, Report, shown
from crisisroom.core.yamltext import (
    MAX_DEPTH,
    MAX_NODES,
    Broken,
    Mapping,
    Node,
    Scalar,
    Sequence,
)
from crisisroom.text.own import check_own

_QUOTE = 'put the text in "double quotes"'
_BACKSLASH = "inside double quotes write \\\\ for a backslash"
_SPACES = "indent with spaces, never with tabs"
_ANY = f"check the indentation and each quote; {_QUOTE}"
_ADVICE = (  # what the parser says, and what mends it
    ("mapping values are not allowed", f"{_QUOTE} if it has a colon followed by a space"),
    ("cannot start any token", f"{_QUOTE}: YAML gives its first character a meaning"),
    ("could not find expected ':'", f"this is not key: value; {_QUOTE} if it is prose"),
    ("did not find expected key", "check the indentation, and that each quote ends"),
    ("expected <block end>", "check the indentation, and that each quote ends"),
    ("did not find expected '-'", "check the indentation of this list"),
    ("unexpected end of stream", "a quote is opened and never closed"),
    ("unknown escape character", _BACKSLASH),
    ("hexdecimal", _BACKSLASH),
    ("expected ',' or", f"inside [ ] and {{ }} {_QUOTE}"),
    ("block sequence entries are not allowed", f"{_QUOTE} if it starts with a dash"),
    ("mapping keys are not allowed", f"{_QUOTE} if it starts with a question mark"),
    ("alphabetic or numeric character", f"{_QUOTE}: YAML gives & and * a meaning"),
    ("comment or a line break", f"{_QUOTE}: YAML gives | and > a meaning"),
    ("comment or line break", f"{_QUOTE}: YAML gives | and > a meaning"),
    ("expected node content", f"{_QUOTE}: YAML gives its first character a meaning"),
    ("found a tab character", _SPACES),
)


_BLOCK, _QUOTED = frozenset("|>"), frozenset("'\"")
# escapes that nobody means: all but \\ \" \/ \n and the numbers that JSON writes
_ODD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\[^\\\"/nuU\n])")
# \n inside a path is a folder whose name begins with n
_FOLDER = re.compile(r"[\s\"'(](?:[A-Za-z]:|\\\\)[^\s\"]*?(?<!\\)(\\n)")
_COMMENT = re.compile(r"[ \t]*#")


class _Stop(Exception):
    """Nothing more can be read; the problem is reported."""


def build(text: str, report: Report, most: int = MAX_NODES) -> Node | None:
    """Return the root node of the only document, or None when it cannot be read to its end."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        return _Builder(text, report, loader(text), most).document()
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place, line = _within(text, mark.line, mark.column) if mark else (Place(), "")
        said = shown(" ".join((error.problem or error.context or "not YAML").split()), 120)
        report.add(place, said, _advice(said, line[place.column - 1 :]), "syntax")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        report.add(Place(), f"not YAML: {shown(str(error), 120)}", code="syntax")
    return None


def _within(text: str, line: int, column: int) -> tuple[Place, str]:
    """Return the place and its line; the parser points behind the last line of a file cut short."""
    lines = text.split("\n")
    if line < len(lines):
        return Place(line + 1, column + 1), lines[line]
    return Place(len(lines), len(lines[-1]) + 1), lines[-1]


def _advice(said: str, rest: str) -> str:
    if rest.startswith("\t") and "cannot start any token" in said:
        return _SPACES
    return next((advice for start, advice in _ADVICE if start in said), _ANY)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


class _Builder:
    """Walks the events of one file; anything refused is reported and leaves a `Broken` node.

    Thousands of values are read in some hundredths of a second, so the common case, a plain
    scalar, takes no detour.
    """

    def __init__(self, text: str, report: Report, loader: Any, most: int) -> None:
        self._most = most
        self._lines: list[str] = text.split("\n")
        self._report = report
        self._next = loader.get_event
        self._count = 0

    def document(self) -> Node | None:
        """Read the only document, or None when the file is empty."""
        root: Node | None = None
        while not isinstance(event := self._next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                self._check_start(event, first=root is None)
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)
        if root is None or (isinstance(root, Scalar) and not root.value):
            self._report.add(Place(), "the file is empty", code="empty")
            return None
        return root

    def _check_start(self, event: Any, *, first: bool) -> None:
        if not first:
            self._report.add(_place(event), "a second document starts here", "remove ---", "yaml")
            raise _Stop
        if event.version or event.tags:
            self._report.add(_place(event), "% directives are not read", "remove the line", "yaml")

    def _node(self, event: Any, depth: int) -> Node:
        self._count += 1
        if self._count > self._most:
            self._halt(_place(event), f"the file holds more than {self._most} values")
        if depth > MAX_DEPTH:
            self._halt(_place(event), f"this is nested more than {MAX_DEPTH} deep")
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self._refused(_place(event), "aliases (*name) are not read", f"or {_QUOTE}")
        node: Node
        if kind is yaml.ScalarEvent:
            node = self._scalar(event)
        elif kind is yaml.SequenceStartEvent:
            node = self._sequence(_place(event), depth)
        else:
            node = self._mapping(_place(event), depth)
        return node if event.anchor is None and event.tag is None else self._marked(event)

    def _marked(self, event: Any) -> Broken:
        what = "tags (!name)" if event.anchor is None else "anchors (&name)"
        return self._refused(_place(event), f"{what} are not read", f"remove it, or {_QUOTE}")

    def _halt(self, place: Place, message: str) -> NoReturn:
        self._report.add(place, message, code="size")
        raise _Stop

    def _refused(self, place: Place, message: str, hint: str, code: str = "yaml") -> Broken:
        self._report.add(place, message, hint, code)
        return Broken(place.line, place.column)

    def _scalar(self, event: Any) -> Scalar | Broken:
        value: str = event.value
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if event.style in _BLOCK:  # the line end that closes a block is not part of the words
            return Scalar(line, column, value.rstrip("\n"), "block")
        end = event.end_mark  # a key without a value may end behind the last line
        if event.style in _QUOTED:
            folded = end.line > mark.line
            if event.style == '"' and (broken := self._escaped(event)):
                return broken
            return Scalar(line, column, value, "quoted", folded=folded)
        commented = value and _COMMENT.match(self._lines[end.line], end.column)
        return Scalar(line, column, value, "plain", bool(commented))

    def _escaped(self, event: Any) -> Broken | None:
        """Refuse what an escape makes and the file itself does not hold."""
        raw = self._between(event.start_mark, event.end_mark)
        if "\\" not in raw:
            return None
        if found := check_own(event.value):
            what = f"an escape in this text makes a {found[0].what}"
            return self._refused(_place(event), what, "remove it", "character")
        if (odd := _ODD_ESCAPE.search(raw) or _FOLDER.search(raw)) is None:
            return None
        what = f"{odd[1]} has a meaning of its own in double quotes"  # somebody wrote "C:\temp"
        return self._refused(_place(event), what, _BACKSLASH, "character")

    def _between(self, start: Any, end: Any) -> str:
        if start.line == end.line:
            line: str = self._lines[start.line]
            return line[start.column : end.column]
        first, *middle = self._lines[start.line : end.line]
        return "\n".join((first[start.column :], *middle, self._lines[end.line][: end.column]))

    def _sequence(self, place: Place, depth: int) -> Sequence:
        items: list[Node] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return Sequence(place.line, place.column, tuple(items))

    def _mapping(self, place: Place, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if isinstance(key, Scalar) and self._new_key(key, entries):
                entries[key.value] = (key, value)
            elif not isinstance(key, Scalar | Broken):
                what = "a key has to be a plain word"
                self._refused(Place(key.line, key.column), what, f"{_QUOTE} if it begins with {{")
        return Mapping(place.line, place.column, tuple(entries.values()))

    def _new_key(self, key: Scalar, entries: dict[str, tuple[Scalar, Node]]) -> bool:
        first = entries.get(key.value)
        if first is None and key.value != "<<":
            return True
        place = Place(key.line, key.column)
        if first is None:
            self._refused(place, "merge keys (<<) are not read", "write the keys out")
        else:
            what = f'the key "{shown(key.value)}" stands here twice'
            self._refused(place, what, f"the first is on line {first[0].line}", "duplicate")
        return False
