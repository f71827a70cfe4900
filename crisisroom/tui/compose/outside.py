"""The person's own editor, for a long text: the screen steps aside until it is closed."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

from crisisroom.core.errors import Refused
from crisisroom.tui.compose.own_text import MOST

_HINT = "set EDITOR to its command"


def edit_outside(app: App[object], text: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the text as the person's editor left it; Refused says why there is none.

    The text lies in a file of this user only, which is gone afterwards.
    """
    command = shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "")
    if not command:
        raise Refused("no-editor", "no editor is set", _HINT)
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        path = Path(folder) / "words.txt"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                subprocess.run([*command, str(path)], check=True)
            with path.open(encoding="utf-8", errors="replace") as file:
                changed = file.read(MOST + 1)
        except SuspendNotSupported as error:
            raise Refused("no-editor", "this terminal cannot step aside for an editor") from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise Refused("editor", "the editor did not work; nothing changed", _HINT) from error
    if len(changed) > MOST:
        raise Refused("too-long", "that is more than a text can have; nothing changed")
    return changed.removesuffix("\n") if not text.endswith("\n") else changed
