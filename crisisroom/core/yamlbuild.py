"""From the YAML parser's events to nodes, refusing what YAML can do and a text does not need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
_ADVICE = (  # what the parser says, and what mends it
    ("mapping values are not allowed", f"{_QUOTE} if it has a colon followed by a space"),
    ("cannot start any token", f"{_QUOTE}: YAML gives its first character a meaning"),
    ("could not find expected ':'", f"this is not key: value; {_QUOTE} if it is prose"),
    ("did not find expected key", "check the indentation, and that each quote ends"),
    ("expected <block end>", "check the indentation, and that each quote ends"),
    ("did not find expected '-'", "check the indentation of this list"),
    ("unexpected end of stream", "a quote is opened and never closed"),
    ("unknown escape character", "inside double quotes write \\\\ for a backslash"),
    ("expected ',' or", f"inside [ ] and {{ }} {_QUOTE}"),
    ("alphabetic or numeric character", f"{_QUOTE}: YAML gives & and * a meaning"),
    ("comment or a line break", f"{_QUOTE}: YAML gives | and > a meaning"),
)


class _Stop(Exception):
    """Nothing more can be read; the problem is reported."""


def build(text: str, report: Report) -> Node | None:
    """Return the root node of the only document, or None when it cannot be read to its end."""
    try:
        return _Builder(text, report).document()
    except _Stop:
        return None


def _events(text: str, report: Report) -> Iterator[Any]:
    """Yield the parser's events, turning its complaint into a problem."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place, line = _within(text, mark.line, mark.column) if mark else (Place(), "")
        said = shown(" ".join((error.problem or error.context or "not YAML").split()), 120)
        report.add(place, said, _advice(said, line[place.column - 1 :]), "syntax")
        raise _Stop from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        report.add(Place(), f"not YAML: {shown(str(error), 120)}", code="syntax")
        raise _Stop from error


def _within(text: str, line: int, column: int) -> tuple[Place, str]:
    """Return the place and its line; the parser points behind the last line of a file cut short."""
    lines = text.split("\n")
    if line < len(lines):
        return Place(line + 1, column + 1), lines[line]
    return Place(len(lines), len(lines[-1]) + 1), lines[-1]


def _advice(said: str, rest: str) -> str:
    if rest.startswith("\t") and "cannot start any token" in said:
        return "indent with spaces, never with tabs"
    return next((advice for start, advice in _ADVICE if start in said), "")


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


class _Builder:
    """Walks the events of one file; anything refused is reported and leaves a `Broken` node."""

    def __init__(self, text: str, report: Report) -> None:
        self._lines = text.split("\n")
        self._report = report
        self._events = _events(text, report)
        self._count = 0

    def document(self) -> Node | None:
        """Read the only document, or None when the file is empty."""
        root: Node | None = None
        for event in self._events:
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
        place = _place(event)
        self._count += 1
        if self._count > MAX_NODES:
            self._halt(place, f"the file holds more than {MAX_NODES} values")
        if depth > MAX_DEPTH:
            self._halt(place, f"this is nested more than {MAX_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent):
            return self._refused(place, "aliases (*name) are not read", f"or {_QUOTE}")
        node = self._value(event, place, depth)
        if event.anchor is not None:
            return self._refused(place, "anchors (&name) are not read", f"remove it, or {_QUOTE}")
        if event.tag is not None:
            return self._refused(place, "tags (!name) are not read", f"remove it, or {_QUOTE}")
        return node

    def _value(self, event: Any, place: Place, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place, depth)
        return self._mapping(place, depth)

    def _halt(self, place: Place, message: str) -> None:
        self._report.add(place, message, code="size")
        raise _Stop

    def _refused(self, place: Place, message: str, hint: str, code: str = "yaml") -> Broken:
        self._report.add(place, message, hint, code)
        return Broken(place.line, place.column)

    def _scalar(self, event: Any, place: Place) -> Scalar | Broken:
        value: str = event.value
        if event.style in ("|", ">"):  # the line end that closes a block is not part of the words
            return Scalar(place.line, place.column, value.rstrip("\n"), "block")
        if event.style in ("'", '"'):
            return self._quoted(value, place, escapes=event.style == '"')
        # a key without a value may point behind the last line
        rest = self._lines[event.end_mark.line][event.end_mark.column :] if value else ""
        commented = rest.lstrip(" \t").startswith("#")
        return Scalar(place.line, place.column, value, "plain", commented)

    def _quoted(self, value: str, place: Place, *, escapes: bool) -> Scalar | Broken:
        """Refuse what an escape makes and the file itself does not hold."""
        if found := check_own(value):
            what = f"an escape in this text makes a {found[0].what}"
            return self._refused(place, what, "remove it", "character")
        if escapes and "\t" in value:  # somebody wrote "C:\temp"
            what = "\\t makes a tab in double quotes"
            return self._refused(place, what, "write \\\\ for a backslash", "character")
        return Scalar(place.line, place.column, value, "quoted")

    def _sequence(self, place: Place, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(place.line, place.column, tuple(items))

    def _mapping(self, place: Place, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if isinstance(key, Scalar) and self._new_key(key, entries):
                entries[key.value] = (key, value)
            elif not isinstance(key, Scalar | Broken):
                self._refused(Place(key.line, key.column), "a key has to be a plain word", "")
        return Mapping(place.line, place.column, tuple(entries.values()))

    def _new_key(self, key: Scalar, entries: dict[str, tuple[Scalar, Node]]) -> bool:
        place = Place(key.line, key.column)
        if key.value == "<<":
            self._refused(place, "merge keys (<<) are not read", "write the keys out")
        elif (first := entries.get(key.value)) is not None:
            what = f'the key "{shown(key.value)}" stands here twice'
            self._refused(place, what, f"the first is on line {first[0].line}", "duplicate")
        else:
            return True
        return False
