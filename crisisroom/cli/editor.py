"""A person's own editor on a text, from the command line; what it left is never lost."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from crisisroom.cli.files import write_files
from crisisroom.cli.output import flush
from crisisroom.core.errors import Refused
from crisisroom.editors import editor_command

MOST = 2_000_000  # characters that are read back
_HINT = "set EDITOR to its command, or give the text as a file: --from FILE"


def edited(text: str, name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the text as the person's editor left it; Refused says why there is none.

    VISUAL is asked before EDITOR, and either may have arguments. The text lies in a file of this
    user only, which is gone afterwards; where the editor failed on a changed text, it is kept.
    """
    command = editor_command(environ, _HINT)
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", newline="")
        flush()
        try:
            subprocess.run([*command, str(path)], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise _failed(path, text, name) from error
        return _read(path, name)


def _failed(path: Path, text: str, name: str) -> Refused:
    """Return what to say of an editor that failed; what was written until then is kept."""
    changed = path.is_file() and path.read_bytes() != text.encode()
    if not changed:
        return Refused("editor", "the editor did not work; nothing changed", _HINT)
    kept = keep(path.read_bytes(), name)
    return Refused("editor", f"the editor failed; what it had is in {kept}", again(kept))


def _read(path: Path, name: str) -> str:
    if not path.is_file():
        raise Refused("editor", "the editor left no file; nothing changed")
    raw = path.read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        kept = keep(raw, name)
        where = f"byte {error.start + 1}"
        raise Refused("editor", f"{kept} is not UTF-8 at {where}", again(kept)) from None
    if len(text) > MOST:
        kept = keep(raw, name)
        raise Refused("too-long", f"{kept} has more than {MOST} characters", again(kept))
    return text


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
