"""Loading a playbook and keeping it for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from crisisroom.core.canonical import text_hash
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_check import check
from crisisroom.core.playbook_include import Read, merged
from crisisroom.core.problems import Problem, Report
from crisisroom.core.schema import bind
from crisisroom.core.wordings import Wording, words_of
from crisisroom.core.yamltext import parse

__all__ = [
    "Problem",
    "Wording",
    "from_snapshot",
    "load_playbook",
    "snapshot",
    "text_hash",
    "words_of",
]


def load_playbook(
    text: str,
    name: str,
    *,
    read: Read | None = None,
    today: date | None = None,
    zone_known: Callable[[str], bool] | None = None,
) -> tuple[Playbook | None, list[Problem]]:
    """Read a playbook with all it includes; `name` is the file's, for the problems.

    The playbook is None exactly when there are problems, which come in the order of the file and
    then of the included ones. `read` returns the text of a file beside it. With `today` what has
    grown old is a problem too, and with `zone_known` a time zone that is not there: `check` wants
    to know, but a plan a month too old still has to open at three in the morning.
    """
    root, problems = parse(text, name)
    if root is None:
        return None, problems
    report = Report(name, problems)
    run, others = merged(bind(root, Playbook, report), root, report, read)
    check(run, today=today, zone_known=zone_known)
    found = [problem for one in (report, *others) for problem in one.problems()]
    return (None if found else run.plan), found


def snapshot(playbook: Playbook) -> dict[str, Any]:
    """Return a playbook as plain JSON values: the copy that a run keeps."""
    values: dict[str, Any] = msgspec.to_builtins(playbook)
    return values


def from_snapshot(values: dict[str, Any]) -> Playbook:
    """Read back what `snapshot` returned, in this or any earlier version of the program.

    Raises `Refused` when the copy is of a newer schema or damaged.
    """
    if values.get("schema") != 1:
        hint = "update crisisroom on this machine"
        raise Refused("playbook_schema", "this playbook's copy is of a newer schema", hint)
    try:
        return msgspec.convert(values, Playbook)
    except msgspec.ValidationError as error:
        raise Refused("playbook_damaged", f"this playbook's copy is damaged: {error}") from error
