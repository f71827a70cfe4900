"""What the last openings found out slowly, kept so that the next one can begin at once.

Which room a configuration names takes YAML to know, and how a terminal is painted takes the whole
screen. Both are kept here with what they depend on, in a file of the person's own; it holds places
and colours, and nothing of what a room tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

FILE = "openings"
LOOKS = (
    *("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TMUX", "COLORFGBG"),
    *("LC_ALL", "LC_CTYPE", "LANG"),
)
"""The variables on which it depends how a terminal is painted."""

_FIRST = "openings of crisisroom, 1"
_MOST = 8  # lines of each kind; a person has few configurations and terminals
_LONGEST = 65_536  # bytes


class Painting:
    """How a terminal was painted: what SGR makes of each role, and what the terminal can do.

    Roles under the cursor's row begin with `>`. `plain` is for ASCII only, `fills` whether erased
    cells take the background.
    """

    __slots__ = ("fills", "plain", "styles")

    def __init__(self, styles: dict[str, str], *, plain: bool, fills: bool) -> None:
        self.styles = styles
        self.plain = plain
        self.fills = fills


def folder(environ: Mapping[str, str], home: str) -> str:
    """Return the private folder of this program's state."""
    return os.path.join(
        environ.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state"), "crisisroom"
    )


def room_of(kept: str, config: str) -> str | None:
    """Return the room's address by a configuration file; None where it is not known for certain.

    Empty: the file names none.
    """
    try:
        found = os.stat(config)
    except OSError:
        return None
    begins = _line(
        "config", os.path.abspath(config), f"{found.st_mtime_ns}", f"{found.st_size}", ""
    )
    for line in _lines(kept):
        if line.startswith(begins):
            return line[len(begins) :]
    return None


def wish(*, light: bool, contrast: bool) -> str:
    """Return the look that flags ask for; empty leaves it to the settings and the terminal."""
    return f"{'light ' if light else ''}{'contrast' if contrast else ''}".strip()


def painting(kept: str, environ: Mapping[str, str], wish: str) -> Painting | None:
    """Return how a terminal like this one was painted last; None where that is not known."""
    begins = _line("look", _looks(environ), wish, "")
    for line in _lines(kept):
        if line.startswith(begins):
            return _read(line[len(begins) :])
    return None


def keep_room(kept: str, config: str, address: str) -> None:
    """Keep which room a configuration names; it never fails."""
    try:
        found = os.stat(config)
    except OSError:
        return
    about = _line("config", os.path.abspath(config), "")
    _keep(kept, about, about + _line(f"{found.st_mtime_ns}", f"{found.st_size}", address))


def keep_painting(kept: str, environ: Mapping[str, str], wish: str, how: Painting) -> None:
    """Keep how a terminal is painted; it never fails."""
    about = _line("look", _looks(environ), wish, "")
    styles = ",".join(f"{role}={sgr}" for role, sgr in how.styles.items())
    _keep(kept, about, about + _line(f"{how.plain:d}{how.fills:d}", styles))


def _looks(environ: Mapping[str, str]) -> str:
    return "\x1f".join(environ.get(name, "") for name in LOOKS)


def _line(*parts: str) -> str:
    return "\t".join(parts)


def _read(told: str) -> Painting | None:
    """Return the painting that a line tells; None where it is not as it was written."""
    facts, _, listed = told.partition("\t")
    styles = dict(one.split("=", 1) for one in listed.split(",") if "=" in one)
    sound = all(sgr.replace(";", "").isdigit() or not sgr for sgr in styles.values())
    if facts not in ("00", "01", "10", "11") or not sound or "text" not in styles:
        return None
    return Painting(styles, plain=facts[0] == "1", fills=facts[1] == "1")


def _lines(kept: str) -> list[str]:
    """Return what was kept, the newest first; nothing of a file that others can write."""
    try:
        with open(os.path.join(kept, FILE), encoding="utf-8", errors="surrogateescape") as file:
            found = os.fstat(file.fileno())
            if found.st_uid != os.getuid() or found.st_mode & 0o077:
                return []
            first, *lines = file.read(_LONGEST).split("\n")
    except (OSError, ValueError):
        return []
    return lines if first == _FIRST else []


def _keep(kept: str, about: str, line: str) -> None:
    """Write a line in place of what was kept about the same; the oldest of its kind go."""
    before = _lines(kept)
    if line in before or "\n" in line or len(line) > _LONGEST // (4 * _MOST):
        return
    kind = line.partition("\t")[0]
    others = [one for one in before if one and not one.startswith(about)]
    same = [one for one in others if one.startswith(kind)][: _MOST - 1]
    _write(kept, [_FIRST, line, *same, *(one for one in others if not one.startswith(kind))])


def _write(kept: str, lines: Iterable[str]) -> None:
    path = os.path.join(kept, FILE)
    fresh = f"{path}.{os.getpid()}"
    try:
        os.makedirs(kept, mode=0o700, exist_ok=True)
        made = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(made, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("\n".join(lines))
        os.replace(fresh, path)
    except OSError:
        return
