"""What sshd lets through that acts before the command of a key does: no line of ours can stop it.

A variable like LD_PRELOAD is read by the account's own shell, which sshd starts around the
command; a tunnel is opened by sshd itself, whatever the line of the key says.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from glob import glob
from pathlib import Path

SETTINGS = Path("/etc/ssh/sshd_config")
_DEEP = 16  # files within files, as sshd has it
_ACTING = (
    *("LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GLIBC_TUNABLES", "GCONV_PATH", "LOCPATH"),
    *("DYLD_INSERT_LIBRARIES", "BASH_ENV", "BASH_FUNC_exec%%", "ENV", "SHELLOPTS", "PS4"),
)


def let_through(settings: Path | None = None) -> list[str]:
    """Return the lines of sshd's settings that let something act before the program does.

    Settings that cannot be read let nothing through, as far as anybody can say here.
    """
    return [*_lines(settings or SETTINGS, _DEEP)]


def _lines(path: Path, deep: int) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for number, line in enumerate(text.splitlines(), 1):
        keyword, *values = line.partition("#")[0].replace("=", " ", 1).replace(
            '"', " "
        ).split() or [""]
        if keyword.casefold() == "include" and deep:
            for value in values:
                for one in sorted(glob(str(SETTINGS.parent / value))):
                    yield from _lines(Path(one), deep - 1)
        elif flaw := _flaw(keyword.casefold(), values):
            yield f"{path}:{number} lets {flaw} through"


def _flaw(keyword: str, values: list[str]) -> str:
    """Name what a line lets through; empty where that is nothing."""
    if keyword == "permittunnel":
        return "" if [one.casefold() for one in values] == ["no"] else "tunnels"
    if keyword != "acceptenv":
        return ""
    return next((one for one in _ACTING for like in values if fnmatchcase(one, like)), "")
