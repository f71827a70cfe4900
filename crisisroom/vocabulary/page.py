"""The page that explains the playbook, made from its schema: `playbooks/README.md`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any, get_args, get_origin

import msgspec

from crisisroom.core import playbook as book
from crisisroom.core.kinds import Span
from crisisroom.core.playbook import Playbook
from crisisroom.core.schema import bare, hints, mark_of
from crisisroom.core.yamlwrite import duration
from crisisroom.vocabulary.explained import AFTER, BEFORE
from crisisroom.vocabulary.kindnames import kind_name
from crisisroom.vocabulary.meanings import MEANINGS

FILE = "README.md"
_HEAD = "The head"


def example() -> str:
    """Return a whole playbook in which every key stands at least once."""
    return (resources.files("crisisroom.vocabulary") / "example.yaml").read_text(encoding="utf-8")


def page() -> str:
    """Return the page, in Markdown."""
    return "\n".join((BEFORE, *_keys(), AFTER))


def _keys() -> Iterator[str]:
    parts = dict(_sections(example()))
    yield f"### {_HEAD}\n"
    yield "Every playbook begins with these; what has no default has to be there.\n"
    yield from _table(Playbook)
    yield _fenced(parts[_HEAD])
    for name, hint in hints(Playbook).items():
        if shapes := dict.fromkeys(_shapes(hint, Playbook)):
            yield f"### `{name}`\n"
            yield f"{MEANINGS[Playbook][name]}\n"
            for shape in shapes:
                yield from _explained(shape)
            yield _fenced(parts[name])


def _explained(shape: type[msgspec.Struct]) -> Iterator[str]:
    about = " ".join((shape.__doc__ or "").split())
    yield f'<a id="{shape.__name__.lower()}"></a>**{shape.__name__}.** {about}\n'
    yield from _table(shape)


def _shapes(hint: Any, holder: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """Yield the structs that a field of `holder` is made of, but those explained elsewhere."""
    base = bare(hint)
    if get_origin(base) in (tuple, dict):
        yield from _shapes(get_args(base)[-1 if get_origin(base) is dict else 0], holder)
    elif base in MEANINGS and _home(base) is holder:
        yield base
        for below in hints(base).values():
            yield from _shapes(below, base)


def _home(shape: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """Return the struct under which a shared one is explained: consequences under tasks."""
    holders: list[type[msgspec.Struct]] = [book.Task, *MEANINGS]
    return next(
        holder
        for holder in holders
        for hint in hints(holder).values()
        if shape in (bare(hint), *get_args(bare(hint)))
    )


def _table(shape: type[msgspec.Struct]) -> Iterator[str]:
    yield "| Key | What | Kind | Default |"
    yield "|---|---|---|---|"
    for field in msgspec.structs.fields(shape):
        hint = hints(shape)[field.name]
        meaning = MEANINGS[shape][field.name]
        yield f"| `{field.name}` | {meaning} | {kind_name(hint)} | {_default(field, hint)} |"
    yield ""


def _default(field: Any, hint: Any) -> str:
    if field.required:
        return "**needed**"
    if field.default is msgspec.NODEFAULT:
        return ""
    value = field.default
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    if isinstance(value, int):
        return f"`{duration(value) if isinstance(mark_of(hint), Span) else value}`"
    return f"`{value}`" if isinstance(value, str) and value else ""


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield the example's top-level keys with their lines; the single lines belong to the head."""
    blocks = text.strip("\n").split("\n\n")
    head = []
    for block in _joined(blocks):
        name = block.partition(":")[0]
        if "\n " in block:
            yield name, block
        else:
            head.append(block)
    yield _HEAD, "\n\n".join(head)


def _joined(blocks: list[str]) -> list[str]:
    """Put blocks together again that an empty line within a text took apart."""
    whole: list[str] = []
    for block in blocks:
        if block.startswith(" "):
            whole[-1] += f"\n\n{block}"
        else:
            whole.append(block)
    return whole


def _fenced(text: str) -> str:
    return f"```yaml\n{text}\n```\n"
