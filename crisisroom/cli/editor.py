"""A person's own editor on a text, from the command line; what it left is never lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from crisisroom.cli.files import write_files
from crisisroom.cli.output import flush
from crisisroom.core.errors import Refused
from crisisroom.editors import edited_by, editor_command

_HINT = "set EDITOR to its command, or give the text as a file: --from FILE"


def edited(text: str, name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the text as the person's editor left it; Refused says why there is none.

    VISUAL is asked before EDITOR, and either may have arguments. What cannot be taken is kept.
    """
    command = editor_command(environ, _HINT)
    flush()

    def kept(raw: bytes) -> tuple[Path, str]:
        path = keep(raw, name)
        return path, again(path)

    return edited_by(command, text, name, kept, hint=_HINT)


def again(kept: Path) -> str:
    """Return how to go on with words that were kept in a file."""
    return f"mend it, then the same command with --from {kept}"


def keep(raw: bytes, name: str) -> Path:
    """Write what must not be lost into a new file here, else into a new folder."""
    try:
        return _kept(raw, name, Path())
    except Refused:
        return _kept(raw, name, Path(tempfile.mkdtemp(prefix="crisisroom-")))


def _kept(raw: bytes, name: str, folder: Path) -> Path:
    stem, _, suffix = name.rpartition(".")
    for number in count(1):
        path = folder / f"{stem}-kept{f'-{number}' if number > 1 else ''}.{suffix}"
        try:
            write_files({path: raw})
        except Refused as refused:
            if refused.code != "exists":
                raise
        else:
            return path
    raise AssertionError("there is always another number")
