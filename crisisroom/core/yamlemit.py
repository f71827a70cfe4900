"""From a tree of texts, lists and keys to the lines of a YAML file, in the form people write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crisisroom.core.problems import shown
from crisisroom.text.own import require_own

WIDTH = 100
_LONGEST_KEY = 200
_STEP = 2

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*", re.ASCII)
# what other programs that read YAML take for something else than a text
TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})

_NO_KEYS = frozenset({"true", "false", "null"})


class Unwritable(ValueError):
    """A value that no file of ours can hold: the message says where it stands and why."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text: as it stands on one line, and the lines behind `|` where it is better so."""

    line: str
    block: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `short` puts it on one line in [ ] where it fits."""

    items: tuple[Tree, ...]
    short: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys and what is below them; `short` puts them on one line in { } where they fit."""

    entries: tuple[tuple[str, Tree], ...]
    short: bool = False


Tree = Leaf | Items | Keys


def plain(text: str) -> Leaf | None:
    """Return a text as it is, without quotes, or None where YAML could mistake it."""
    return Leaf(text) if _PLAIN.fullmatch(text) else None


def quoted(text: str, path: str) -> Leaf:
    """Return a text in quotes; Unwritable for hidden characters, and for line ends."""
    _sound(text, path)
    if "\n" in text:
        what = "cannot end in a line end" if text.strip() else "has nothing but line ends"
        raise Unwritable(f"{path}: a text {what}")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return Leaf(f'"{escaped}"')


def words(text: str, path: str, *, long: bool = False) -> Leaf:
    """Return a text in quotes, or behind `|` if it has several lines, or is `long`."""
    _sound(text, path)
    if not text.strip() or text.endswith("\n") or not (long or "\n" in text):
        return quoted(text, path)
    head = f"|{_STEP}" if text[0].isspace() else "|"
    return Leaf("", (head, *text.split("\n")))


def emit(root: Keys, head: str = "", notes: Mapping[str, str] | None = None) -> str:
    """Return the file: `head` as a comment above it, `notes` above the top-level keys they name."""
    parts = [_comment(head)] if head else []
    alone = bool(head)
    for key, below in root.entries:
        lines = list(_entry(key, below, 0))
        if note := (notes or {}).get(key, ""):
            lines.insert(0, _comment(note))
        apart = alone or len(lines) > 1
        parts += ["", *lines] if parts and apart else lines
        alone = len(lines) > 1
    return "\n".join(parts) + "\n"


def _comment(text: str) -> str:
    _sound(text, "a comment")
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def _entry(key: str, tree: Tree, indent: int) -> Iterator[str]:
    """Yield the lines of one key."""
    start = f"{' ' * indent}{_key(key)}:"
    if isinstance(tree, Leaf) and tree.block:
        yield f"{start} {tree.block[0]}"
        yield from _block(tree.block[1:], indent + _STEP)
        return
    line = _one_line(tree)
    if line is not None and (_must(tree) or len(start) + 1 + len(line) <= WIDTH):
        yield f"{start} {line}"
        return
    yield start
    yield from _lines(tree, indent + _STEP)


def _lines(tree: Tree, indent: int) -> Iterator[str]:
    if isinstance(tree, Keys):
        for key, below in tree.entries:
            yield from _entry(key, below, indent)
    elif isinstance(tree, Items):
        for item in tree.items:
            yield from _item(item, indent)


def _item(tree: Tree, indent: int) -> Iterator[str]:
    """Yield the lines of one item: like those of its content, the first behind a dash."""
    dash = f"{' ' * indent}- "
    if isinstance(tree, Leaf) and tree.block:
        yield dash + tree.block[0]
        yield from _block(tree.block[1:], indent + _STEP)
        return
    line = _one_line(tree)
    if line is not None and (_must(tree) or len(dash) + len(line) <= WIDTH):
        yield dash + line
        return
    first, *rest = _lines(tree, indent + _STEP)
    yield dash + first[len(dash) :]
    yield from rest


def _block(lines: Iterable[str], indent: int) -> Iterator[str]:
    yield from (" " * indent + line if line else "" for line in lines)


def _must(tree: Tree) -> bool:
    """Tell whether there is only one line to write."""
    if isinstance(tree, Leaf):
        return True
    return not (tree.items if isinstance(tree, Items) else tree.entries)


def _one_line(tree: Tree) -> str | None:
    """Return a tree in the form that stands on one line, None where it should not or cannot."""
    if isinstance(tree, Leaf):
        return None if tree.block else tree.line
    if not tree.short and not _must(tree):
        return None
    if isinstance(tree, Items):
        items = [_one_line(item) for item in tree.items]
        return None if None in items else f"[{', '.join(item or '' for item in items)}]"
    below = [(_key(key), _one_line(one)) for key, one in tree.entries]
    if any(line is None for _, line in below):
        return None
    return "{" + ", ".join(f"{key}: {line}" for key, line in below) + "}"


def _key(key: str) -> str:
    if len(key) > _LONGEST_KEY:
        raise Unwritable(f'the key "{shown(key)}" is longer than {_LONGEST_KEY} characters')
    if key == "<<":
        raise Unwritable("<< is no key in our files")
    if _KEY.fullmatch(key) and key.lower() not in _NO_KEYS:
        return key
    return quoted(key, f'the key "{shown(key)}"').line


def _sound(text: str, path: str) -> None:
    try:
        require_own(text, path)
    except ValueError as error:
        raise Unwritable(str(error)) from None
