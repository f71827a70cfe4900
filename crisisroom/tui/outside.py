"""The person's own editor on a text, the screen aside: what was written is never lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

from crisisroom.core.errors import Refused
from crisisroom.editors import MOST, edited_by, editor_command
from crisisroom.logbook import state_folder

_HINT = "set EDITOR to its command"


def edited_outside(
    app: App[object],
    text: str,
    name: str,
    environ: Mapping[str, str] = os.environ,
    *,
    most: int = MOST,
) -> str:
    """Return the text as the person's editor left it; Refused says why there is none.

    An end of line that the editor put after the last one is taken away again. What cannot be taken
    is kept, and the refusal says where.
    """
    command = editor_command(environ, _HINT)

    def kept(raw: bytes) -> tuple[Path, str]:
        return _keep(raw, name), ""

    try:
        after = edited_by(command, text, name, kept, hint=_HINT, most=most, aside=app.suspend)
    except SuspendNotSupported as error:
        raise Refused("no-editor", "this terminal cannot step aside for an editor") from error
    return after if text.endswith("\n") else after.removesuffix("\n")


def keep_text(text: str, name: str) -> Path:
    """Write words that must not be lost to where this person's reports are; return where."""
    return _keep(text.encode(), name)


def _keep(raw: bytes, name: str) -> Path:
    """Write a file there, in a folder of its own."""
    folder = state_folder() / "kept"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="", dir=folder)) / name
    own.touch(mode=0o600)
    own.write_bytes(raw)
    return own
