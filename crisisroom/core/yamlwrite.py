"""Values as YAML for people: what the strict loader reads back is the same value, to the letter.

Prose stands in quotes, words of several lines behind `|`, durations like `1h30m`, and fields that
have their default are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from textwrap import dedent
from typing import Any, Literal, get_args, get_origin

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.kinds import Rule, Span
from crisisroom.core.playbook import Consequence, Reach
from crisisroom.core.schema import bare, hints, mark_of
from crisisroom.core.yamlemit import (
    TAKEN,
    Items,
    Keys,
    Leaf,
    Tree,
    Unwritable,
    emit,
    plain,
    quoted,
    words,
)

__all__ = ["Unwritable", "condition_plain", "duration", "value_text", "write"]

_LONG = 1000  # words with room for more than so many characters stand behind |
_ONE_LINE = (Reach, Consequence)  # short enough for {by: phone, to: "…"}
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
_NUMBER = re.compile(r"[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[0-9_]+)?|0[xo][0-9a-f_]+", re.ASCII)
_WORD = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)


def write(
    value: msgspec.Struct | Mapping[str, Any],
    *,
    head: str = "",
    notes: Mapping[str, str] | None = None,
) -> str:
    """Return a struct as a YAML file, or keys with structs, lists and plain values below them.

    `head` stands as a comment above it all, `notes` above the top-level keys they name. Raises
    `Unwritable` for what the loader would refuse or change.
    """
    tree = _tree(value, None, "")
    if not isinstance(tree, Keys) or not tree.entries:
        raise Unwritable("there is nothing to write")
    return emit(tree, head, notes)


def value_text(value: Any, hint: Any) -> str:
    """Return one value of a kind for people to read: texts as they are, the rest as YAML.

    Nothing, and a list or struct with nothing in it, is empty.
    """
    if value is None or value == () or value == {}:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return _number(value, mark_of(hint), "").line
    tree = _tree(value, hint, "")
    if isinstance(tree, Keys):
        return emit(tree).rstrip("\n") if tree.entries else ""
    lines = emit(Keys((("list", tree),))).removeprefix("list:").strip("\n")
    return dedent(lines).strip()


def duration(seconds: int) -> str:
    """Return seconds as people write them: 5m, 1h30m, 2d, 0s."""
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def condition_plain(condition: Condition) -> dict[str, Any]:
    """Return a condition as the tree of keys in which playbooks write it."""
    op, parts = condition.op, condition.of
    if op == "not":
        return {op: condition_plain(parts[0])}
    if op in ("all", "any"):
        if not parts:
            raise Unwritable(f"{op} joins no conditions")
        return _joined(parts) if op == "all" else {op: [condition_plain(one) for one in parts]}
    if op == "set":
        return {op: condition.subject}
    values = condition.values
    return {op: {condition.subject: values[0] if len(values) == 1 else list(values)}}


def _joined(parts: Sequence[Condition]) -> dict[str, Any]:
    """Join by `all`: several subjects under one key mean the same and are shorter."""
    below = [condition_plain(one) for one in parts]
    ops, subjects = {one.op for one in parts}, {one.subject for one in parts}
    if len(parts) > 1 and ops == {"set"}:
        return {"set": [one.subject for one in parts]}
    if len(parts) > 1 and len(ops) == 1 and "" not in subjects and len(subjects) == len(parts):
        (op,) = ops
        return {op: dict(chain.from_iterable(one[op].items() for one in below))}
    return {"all": below}


def _tree(value: Any, hint: Any, path: str) -> Tree:
    if isinstance(value, Condition):
        return _condition(condition_plain(value), path)
    if isinstance(value, msgspec.Struct):
        return _struct(value, path)
    if isinstance(value, Mapping):
        return _keys(value, hint, path)
    if isinstance(value, list | tuple):
        return _items(value, hint, path)
    if isinstance(value, str):
        return _text(value, hint, path)
    return _number(value, mark_of(hint), path)


def _struct(value: msgspec.Struct, path: str) -> Keys:
    kinds, short = hints(type(value)), isinstance(value, _ONE_LINE)
    entries = []
    for name, below in _spoken(value):
        tree = _tree(below, kinds[name], f"{path}.{name}".lstrip("."))
        entries.append((name, _bare_word(below, tree) if short else tree))
    return Keys(tuple(entries), short=short)


def _spoken(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """Yield the fields that do not simply have their default."""
    for field in msgspec.structs.fields(value):
        below = getattr(value, field.name)
        made = field.default_factory
        default = field.default if made is msgspec.NODEFAULT else made()
        if field.required or (below is not None and below != default):
            yield field.name, below


def _keys(value: Mapping[str, Any], hint: Any, path: str) -> Keys:
    kinds = get_args(bare(hint)) if get_origin(bare(hint)) is dict else (None, None)
    entries = tuple(
        (key, _tree(below, kinds[1], f"{path}.{key}".lstrip("."))) for key, below in value.items()
    )
    # 15 keys with a duration each are a table; prose needs lines of its own
    return Keys(entries, short=all(isinstance(below, int) for below in value.values()))


def _items(value: Sequence[Any], hint: Any, path: str) -> Items:
    kind = get_args(bare(hint))[0] if get_origin(bare(hint)) is tuple else None
    items = [_tree(one, kind, f"{path}[{at}]") for at, one in enumerate(value, 1)]
    loose = isinstance(mark_of(kind), Rule) and mark_of(kind).words
    if not loose:  # ids and keywords read better without quotes
        items = [_bare_word(text, leaf) for text, leaf in zip(value, items, strict=True)]
    return Items(tuple(items), short=all(isinstance(item, Leaf) for item in items))


def _bare_word(value: Any, tree: Tree) -> Tree:
    return _word(value) or tree if isinstance(value, str) else tree


def _word(text: str) -> Leaf | None:
    """Return a small word without quotes, None where another program would misread it."""
    return Leaf(text) if _WORD.fullmatch(text) and text not in TAKEN else None


def _text(text: str, hint: Any, path: str) -> Leaf:
    mark = mark_of(hint)
    if get_origin(bare(hint)) is Literal:
        return Leaf(text)
    if not isinstance(mark, Rule):
        return words(text, path)
    if mark.flaw is None:
        return words(text, path, long=mark.words and mark.most > _LONG)
    misread = text in TAKEN or _NUMBER.fullmatch(text)
    return (None if misread else plain(text)) or quoted(text, path)


def _number(value: Any, mark: Any, path: str) -> Leaf:
    if isinstance(value, bool):
        return Leaf("yes" if value else "no")
    if not isinstance(value, int) or value < 0:
        raise Unwritable(f"{path}: {type(value).__name__} has no form in our files")
    return Leaf(duration(value) if isinstance(mark, Span) else str(value))


def _condition(value: Any, path: str) -> Tree:
    """Return a condition's keys, on one line where they fit; `yes` and `100` need no quotes."""
    if isinstance(value, dict):
        entries = tuple((key, _condition(below, path)) for key, below in value.items())
        return Keys(entries, short=True)
    if isinstance(value, list):
        return Items(tuple(_condition(below, path) for below in value), short=True)
    return plain(value) or words(value, path)
