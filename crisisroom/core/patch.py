"""What was added in the room, put back into the playbook's file: as lines among its own.

The file stays as people wrote it, comments and all. Whether the result says what it should is not
hoped but read back.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crisisroom.core import yamltext
from crisisroom.core.additions import AddedTask, Additions
from crisisroom.core.playbook import Phase, Playbook, Task
from crisisroom.core.yamltext import Node, locate, parse
from crisisroom.core.yamlwrite import Unwritable, write

replace = msgspec.structs.replace

Load = Callable[[str], Playbook | None]
Path = tuple[str | int, ...]


class _Cannot(Exception):
    """A list is written in a way that no line can be added to."""


def as_yaml(added: Additions, titles: Mapping[str, str]) -> str:
    """Return additions as YAML to paste into a playbook; `titles` are those of the phases."""
    sections = {
        "phases": _phases(added.tasks, titles),
        "key_messages": added.messages,
        "faq": added.answers,
    }
    return write({name: things for name, things in sections.items() if things})


def patched(text: str, added: Additions, titles: Mapping[str, str], load: Load) -> str | None:
    """Return a playbook's file with the additions in it, the same text where it has them all.

    None where that cannot be done by adding lines, or the file would not load with them.
    """
    plan = load(text)
    if plan is None:
        return None
    lacking = _lacking(added, plan)
    wanted = _grown(plan, lacking, titles)
    plain = text.replace("\r\n", "\n")
    try:
        for path, things in _places(plan, lacking, titles):
            plain = _inserted(plain, path, things)
    except (_Cannot, Unwritable):
        return None
    after = plain.replace("\n", "\r\n") if "\r\n" in text else plain
    return after if load(after) == wanted else None


def unified(before: str, after: str, name: str) -> str:
    """Return the difference of two texts as `patch` reads it."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines = difflib.unified_diff(old, new, name, name)
    mark = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else line + mark for line in lines)


def _lacking(added: Additions, plan: Playbook) -> Additions:
    tasks = {task for _, task in plan.tasks()}
    return Additions(
        tuple(
            AddedTask(one.phase, task)
            for one in added.tasks
            if (task := _in_a_file(one.task)) not in tasks
        ),
        tuple(one for one in added.messages if one not in plan.key_messages),
        tuple(one for one in added.answers if one not in plan.faq),
    )


def _in_a_file(task: Task) -> Task:
    """Return a task as a file says it: there its time counts from the declaration."""
    return replace(task, after="") if task.after == "appears" else task


def _phases(tasks: Sequence[AddedTask], titles: Mapping[str, str]) -> tuple[Phase, ...]:
    names = dict.fromkeys(one.phase or "added" for one in tasks)
    return tuple(
        Phase(
            name,
            titles.get(name, "Added in the room"),
            tuple(_in_a_file(one.task) for one in tasks if (one.phase or "added") == name),
        )
        for name in names
    )


def _grown(plan: Playbook, added: Additions, titles: Mapping[str, str]) -> Playbook:
    """Return what the file should say in the end."""
    fresh = {phase.id: phase for phase in _phases(added.tasks, titles)}
    own = tuple(
        replace(one, tasks=(*one.tasks, *fresh.pop(one.id).tasks)) if one.id in fresh else one
        for one in plan.phases
    )
    return replace(
        plan,
        phases=(*own, *fresh.values()),
        key_messages=(*plan.key_messages, *added.messages),
        faq=(*plan.faq, *added.answers),
    )


def _places(
    plan: Playbook, added: Additions, titles: Mapping[str, str]
) -> Iterator[tuple[Path, Sequence[Any]]]:
    """Yield which list of the file takes what."""
    known = {phase.id: at for at, phase in enumerate(plan.phases)}
    fresh = _phases(added.tasks, titles)
    for phase in fresh:
        if phase.id in known:
            yield ("phases", known[phase.id], "tasks"), phase.tasks
    new = tuple(phase for phase in fresh if phase.id not in known)
    sections = (("phases", new), ("key_messages", added.messages), ("faq", added.answers))
    yield from (((name,), things) for name, things in sections if things)


def _inserted(text: str, path: Path, things: Sequence[Any]) -> str:
    """Return the text with list items added at the end of the list at a path."""
    root, _ = parse(text, "")
    if root is None:
        raise _Cannot
    items = write({"items": tuple(things)}).splitlines()[1:]
    lines = text.split("\n")
    node = _at(root, path)
    if node is None:
        return text.rstrip("\n") + f"\n\n{path[0]}:\n" + "\n".join(items) + "\n"
    dash = _dash(node, lines)
    shifted = [" " * dash + line.removeprefix("  ") if line else "" for line in items]
    end = _end(root, path, len(lines))
    while end > 0 and _between(lines[end - 1], dash):
        end -= 1
    return "\n".join([*lines[:end], *shifted, *lines[end:]])


def _at(root: Node, path: Path) -> Node | None:
    """Return the list at a path, None where the file has no such section."""
    node = locate(root, path)
    if node is not root:
        return node
    if len(path) > 1:
        raise _Cannot
    return None


def _dash(node: Node, lines: Sequence[str]) -> int:
    """Return how far a list's dashes are indented; one in brackets has none."""
    line = lines[node.line - 1] if node.line <= len(lines) else ""
    if not isinstance(node, yamltext.Sequence) or line[node.column - 1 : node.column] != "-":
        raise _Cannot
    return node.column - 1


def _end(root: Node, path: Path, last: int) -> int:
    """Return how many lines stand before what follows the list at a path."""
    for depth in range(len(path), 0, -1):
        around = locate(root, path[: depth - 1])
        following = _following(around, path[depth - 1])
        if following is not None:
            return following - 1
    return last


def _following(around: Node, step: str | int) -> int | None:
    """Return the line of what comes after a child, None where it is the last one."""
    if isinstance(around, yamltext.Mapping):
        keys = [key for key, _ in around.entries]
        later = keys[[key.value for key in keys].index(str(step)) + 1 :]
        return later[0].line if later else None
    if isinstance(around, yamltext.Sequence) and isinstance(step, int):
        rest = around.items[step + 1 :]
        return rest[0].line if rest else None
    return None


def _between(line: str, dash: int) -> bool:
    """Tell whether a line belongs to what follows a list: it is empty, or a comment out there."""
    words = line.lstrip()
    return not words or (words.startswith("#") and len(line) - len(words) <= dash)
