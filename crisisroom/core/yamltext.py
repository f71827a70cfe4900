"""YAML as text: every scalar stays what was written, and every node knows its place."""

from __future__ import annotations

from typing import Literal

import msgspec

from crisisroom.core.problems import Place, Problem, Report
from crisisroom.text.own import check_own

MAX_BYTES = 256 * 1024
MAX_NODES = 8_000
MAX_DEPTH = 24
_PIECE = 4096  # looked through at once for what nobody sees


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A text; `commented` tells that a plain one has a ` #` comment behind it.

    `folded` tells that a quoted one goes over several lines, whose ends YAML makes spaces.
    """

    line: int
    column: int
    value: str
    style: Literal["plain", "quoted", "block"] = "plain"
    commented: bool = False
    folded: bool = False


class Sequence(msgspec.Struct, frozen=True):
    """A list of nodes."""

    line: int
    column: int
    items: tuple[Node, ...]


class Mapping(msgspec.Struct, frozen=True):
    """Keys and their nodes, in the file's order; no key stands twice."""

    line: int
    column: int
    entries: tuple[tuple[Scalar, Node], ...]


class Broken(msgspec.Struct, frozen=True, gc=False):
    """Where something stood that is refused and already reported."""

    line: int
    column: int


Node = Scalar | Sequence | Mapping | Broken


def parse(text: str, name: str, most: int = MAX_NODES) -> tuple[Node | None, list[Problem]]:
    """Read one YAML document of at most so many values into nodes whose scalars are text.

    `name` is the file's, for the problems. The node is None when the file cannot be read to its
    end; anchors, tags and aliases leave `Broken` nodes, so that the rest can be checked too.
    """
    report = Report(name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not _acceptable(text, report):
        return None, report.problems()
    from crisisroom.core.yamlbuild import build  # the one importer of yaml: only who parses pays

    return build(text, report, most), report.problems()


def locate(root: Node, path: tuple[str | int, ...]) -> Node:
    """Return the node at a path of keys and indexes, or the nearest one above it."""
    node = root
    for step in path:
        below = _child(node, step)
        if below is None:
            break
        node = below
    return node


def locate_key(root: Node, path: tuple[str | int, ...]) -> Node:
    """Return the key that a path ends with, or the nearest node above it."""
    above = locate(root, path[:-1])
    if isinstance(above, Mapping):
        return next((key for key, _ in above.entries if key.value == path[-1]), above)
    return above


def _acceptable(text: str, report: Report) -> bool:
    """Check what can be said before parsing: the size and the characters."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        report.add(Place(), f"the file is larger than {MAX_BYTES // 1024} KiB", code="size")
        return False
    line, column = 1, 0  # where the piece begins
    for start in range(0, len(text), _PIECE):
        piece = text[start : start + _PIECE]
        for flaw in check_own(piece):
            before = column if flaw.line == 1 else 0
            place = Place(line + flaw.line - 1, before + flaw.column)
            report.add(place, flaw.what, "remove it", "character")
        if report.full:
            break
        line += piece.count("\n")
        column = len(piece) - piece.rfind("\n") - 1 if "\n" in piece else column + len(piece)
    return not report


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return next((value for key, value in node.entries if key.value == step), None)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None
