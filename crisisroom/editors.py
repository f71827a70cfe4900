"""Which program a person edits texts with."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from crisisroom.core.errors import Refused, Usage


def editor_command(environ: Mapping[str, str], hint: str) -> list[str]:
    """Return the words of VISUAL, else of EDITOR; refused with the hint where there are none."""
    try:
        command = shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "")
    except ValueError as error:
        raise Usage("no-editor", f"EDITOR cannot be read: {error}", hint) from None
    if not command:
        raise Refused("no-editor", "no editor is set", hint)
    return command
