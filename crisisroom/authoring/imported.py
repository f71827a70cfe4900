"""What comes in from other programs' files: taken to the letter, or refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Playbook, Severity
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.yamlwrite import Unwritable, write

_EMPTY = Playbook(schema=1, id="imported", title="Imported", version=1)
_PLAIN = msgspec.structs.replace(_EMPTY, severities=(Severity("sev1", "Crisis"),))
MOST = 2000
_CODE = {"reference"}  # what it refers to stands in the playbook


class Refusal(msgspec.Struct, frozen=True):
    """One thing that was not taken: where its first line is, what it was, and why."""

    line: int
    what: str
    why: str

    def __str__(self) -> str:
        """Return the line that people read."""
        return f"line {self.line}: {self.what}: {self.why}"


class Imported(msgspec.Struct, frozen=True):
    """What a file came to; `remarks` say what was read in another way than it stood there."""

    sections: dict[str, tuple[Any, ...]]
    refused: tuple[Refusal, ...] = ()
    remarks: tuple[str, ...] = ()


def why_not(section: str, thing: Any) -> str:
    """Return what `check` would say to a thing of a section; nothing if it is sound."""
    plan = msgspec.structs.replace(_PLAIN, **{section: (thing,)})
    try:
        text = write(plan)
    except Unwritable as error:
        return str(error).removeprefix(f"{section}[1].")
    _, problems = load_playbook(text, "imported")
    found = [one for one in problems if one.code not in _CODE]
    if not found:
        return ""
    first = found[0]
    return f"{first.message} ({first.hint})" if first.hint else first.message


def few_enough(things: Sequence[Any]) -> None:
    """Raise `Refused` for more things than one file of ours can hold."""
    if len(things) > MOST:
        raise Refused("too-many", f"there are {len(things)} in this file", f"split it: {MOST} fit")


def cut(text: str, most: int = 60) -> str:
    """Return a piece of somebody's file for a line of ours."""
    line = " ".join(text[: most * 4].split())
    shown = "".join(char if char.isprintable() else "\ufffd" for char in line)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def known_place(things: Sequence[tuple[int, Any]], thing: Any) -> int | None:
    """Return the line of an equal thing that was taken before."""
    return next((line for line, one in things if one == thing), None)
