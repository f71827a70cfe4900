"""A person's own editor on a text: which one it is, and that nothing it left is ever lost."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from crisisroom.core.errors import Refused, Usage

MOST = 2_000_000  # characters that are read back


def editor_command(environ: Mapping[str, str], hint: str) -> list[str]:
    """Return the words of VISUAL, else of EDITOR; refused with the hint where there are none."""
    try:
        command = shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "")
    except ValueError as error:
        raise Usage("no-editor", f"EDITOR cannot be read: {error}", hint) from None
    if not command:
        raise Refused("no-editor", "no editor is set", hint)
    return command


def edited_by(
    command: list[str],
    text: str,
    name: str,
    keep: Callable[[bytes], tuple[Path, str]],
    *,
    hint: str,
    most: int = MOST,
    aside: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> str:
    """Return the text as an editor left it in a file of this name; Refused says why there is none.

    The file is this user's only, and gone afterwards. What cannot be taken is handed to `keep`,
    which says where it is now, and how to go on with it. `aside` gives what holds meanwhile.
    """
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", newline="")
        try:
            with aside():
                subprocess.run([*command, str(path)], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise _failed(path, text, keep, hint) from error
        return _read(path, keep, most)


def _failed(path: Path, text: str, keep: Callable[[bytes], tuple[Path, str]], hint: str) -> Refused:
    """Return what to say of an editor that failed; what was written until then is kept."""
    if not path.is_file() or path.read_bytes() == text.encode():
        return Refused("editor", "the editor did not work; nothing changed", hint)
    kept, on = keep(path.read_bytes())
    return Refused("editor", f"the editor failed; what it had is in {kept}", on)


def _read(path: Path, keep: Callable[[bytes], tuple[Path, str]], most: int) -> str:
    if not path.is_file():
        raise Refused("editor", "the editor left no file; nothing changed")
    raw = path.read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        kept, on = keep(raw)
        where = f"byte {error.start + 1}"
        raise Refused("editor", f"{kept} is not UTF-8 at {where}", on) from None
    if len(text) > most:
        kept, on = keep(raw)
        raise Refused("too-long", f"{kept} has more than {most:,} characters", on)
    return text
