"""The person's own editor on a text, the screen aside: what was written is never lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

from crisisroom.core.errors import Refused
from crisisroom.editors import editor_command
from crisisroom.logbook import state_folder

MOST = 2_000_000  # characters that are read back
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

    An end of line that the editor put after the last one is taken away again. The text lies in a
    folder of this user only, which is gone afterwards; where the editor failed on a changed text,
    or left what cannot be read, the text is kept and the refusal says where.
    """
    command = editor_command(environ, _HINT)
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", newline="")
        try:
            with app.suspend():
                subprocess.run([*command, str(path)], check=True)
            return _read(path, text, most)
        except SuspendNotSupported as error:
            raise Refused("no-editor", "this terminal cannot step aside for an editor") from error
        except (OSError, subprocess.CalledProcessError, UnicodeDecodeError) as error:
            raise Refused("editor", _failed(path, text), _HINT) from error


def _read(path: Path, before: str, most: int) -> str:
    text = path.read_bytes().decode()
    if len(text) > most:
        kept = keep(path)
        raise Refused("too-long", f"that has more than {most:,} characters; it is in {kept}")
    return text if before.endswith("\n") else text.removesuffix("\n")


def _failed(path: Path, text: str) -> str:
    if not path.is_file() or path.read_bytes() == text.encode():
        return "the editor did not work; nothing changed"
    return f"the editor failed, or left no UTF-8; what it had is in {keep(path)}"


def keep(path: Path) -> Path:
    """Move a file to where this person's reports are, under a name that is free; return it."""
    folder = state_folder() / "kept"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="", dir=folder)) / path.name
    shutil.move(path, own)
    return own


def keep_text(text: str, name: str) -> Path:
    """Write words that must not be lost there; return where."""
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        path = Path(folder) / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8", newline="")
        return keep(path)
