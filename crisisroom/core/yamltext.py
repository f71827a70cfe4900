"""YAML as text: every scalar stays what was written, and every node knows its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crisisroom.core.problems import Place, Problem, Report
from crisisroom.text.own import check_own

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 24


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `commented` tells that a plain one has a ` #` comment behind it."""

    line: int
    column: int
    value: str
    style: Literal["plain", "quoted", "block"] = "plain"
    commented: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    line: int
    column: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their nodes, in the file's order; no key stands twice."""

    line: int
    column: int
    entries: tuple[tuple[Scalar, Node], ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """Where something stood that is refused and already reported."""

    line: int
    column: int


Node = Scalar | Sequence | Mapping | Broken


def parse(text: str, name: str) -> tuple[Node | None, list[Problem]]:
    """Read one YAML document into nodes whose scalars are text.

    `name` is the file's, for the problems. The node is None when the file cannot be read to its
    end; anchors, tags and aliases leave `Broken` nodes, so that the rest can be checked too.
    """
    report = Report(name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not _acceptable(text, report):
        return None, report.problems()
    from crisisroom.core.yamlbuild import build  # the one importer of yaml: only who parses pays

    return build(text, report), report.problems()


def locate(root: Node, path: tuple[str | int, ...]) -> Node:
    """Return the node at a path of keys and indexes, or the nearest one above it."""
    node = root
    for step in path:
        below = _child(node, step)
        if below is None:
            break
        node = below
    return node


def _acceptable(text: str, report: Report) -> bool:
    """Check what can be said before parsing: the size and the characters."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        report.add(Place(), f"the file is larger than {MAX_BYTES // 1024} KiB", code="size")
        return False
    for flaw in check_own(text):
        report.add(flaw, flaw.what, "remove it", "character")
    return not report


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return next((value for key, value in node.entries if key.value == step), None)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None
