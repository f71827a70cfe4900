"""Which room somebody opens, as whom and how, told from the command line without parsing it all.

Whatever is not plainly the opening of a room is None: the usual way knows what to say to it.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping, Sequence

from crisisroom.firstpaint import memo

CONFIG = "crisisroom.yaml"
_VALUED = ("--room", "--config", "--as", "--command-id")
_FLAGS = ("--ascii", "--mouse", "--light", "--contrast", "--no-watch")


class Asked:
    """A wish to open a room: who comes, by which key, to which incident; where memory is kept.

    `by_name` says that the person came by `--as`, `confined` that an SSH key let them in.
    """

    __slots__ = (
        "by_name",
        "confined",
        "incident",
        "kept",
        "key",
        "person",
        "plain",
        "room",
        "wish",
    )

    def __init__(self, room: str, person: str, kept: str) -> None:
        self.room = room
        self.person = person
        self.kept = kept
        self.by_name = self.confined = self.plain = False
        self.key = self.incident = self.wish = ""


class _Words:
    """The words of a command line: options with values, flags, and what else stands there."""

    __slots__ = ("flags", "rest", "valued")

    def __init__(self) -> None:
        self.valued: dict[str, str] = {}
        self.flags: set[str] = set()
        self.rest: list[str] = []


def asked(argv: Sequence[str], environ: Mapping[str, str]) -> Asked | None:
    """Return what is opened; None where it is anything else, or where the room is not certain."""
    words = _read(argv)
    if words is None:
        return None
    over_key = words.rest[:1] == ["shell"]
    home = _account().pw_dir if over_key else os.path.expanduser("~")
    kept = memo.folder({} if over_key else environ, home)
    room = _room_over_key(words, environ) if over_key else _room(words, environ, home, kept)
    person = _person(words)
    if not room or "://" in room or not person:
        return None
    found = Asked(os.path.expanduser(room), person, kept)
    found.by_name = bool(words.valued.get("--as"))
    found.confined = over_key
    found.plain = "--ascii" in words.flags
    found.wish = memo.wish(light="--light" in words.flags, contrast="--contrast" in words.flags)
    if over_key:
        found.key = words.rest[1] if words.rest[1:] else ""
    else:
        found.incident = words.rest[0].upper() if words.rest else ""
    return found


def _read(argv: Sequence[str]) -> _Words | None:
    """Return the words of an opening, `open` itself left out."""
    words, waiting = _Words(), list(argv)
    while waiting:
        word = waiting.pop(0)
        name, given, value = word.partition("=")
        if name in _VALUED:
            if not given and not waiting:
                return None
            words.valued[name] = value if given else waiting.pop(0)
        elif word in _FLAGS and words.rest:  # they are those of a verb, behind it
            words.flags.add(word)
        else:
            words.rest.append(word)
    if words.rest[:1] == ["shell"]:
        return words if len(words.rest) <= 2 and not words.flags else None
    if words.rest[:1] == ["open"]:
        del words.rest[0]
    return words if not words.rest or (len(words.rest) == 1 and _names_incident(words)) else None


def _names_incident(words: _Words) -> bool:
    word = words.rest[0]
    return word[:4].upper() == "INC-" and word[4:].isascii() and word[4:].isdigit()


def _room_over_key(words: _Words, environ: Mapping[str, str]) -> str:
    """Return the room of a key's line; nothing where a command came with it."""
    named = words.valued.get("--room", "")
    return named if words.valued.get("--as") and "SSH_ORIGINAL_COMMAND" not in environ else ""


def _room(words: _Words, environ: Mapping[str, str], home: str, kept: str) -> str:
    """Return the room: flag, CRISISROOM_ROOM, what the configuration named last, the usual one.

    It goes by `config.where`.
    """
    if named := words.valued.get("--room") or environ.get("CRISISROOM_ROOM"):
        return named
    usual = _xdg(environ, "XDG_DATA_HOME", home, ".local/share")
    config = words.valued.get("--config") or environ.get("CRISISROOM_CONFIG")
    if config:
        found = os.path.abspath(os.path.expanduser(config))
    else:
        above = _xdg(environ, "XDG_CONFIG_HOME", home, ".config")
        both = (os.path.abspath(CONFIG), os.path.join(above, "crisisroom", CONFIG))
        found = next((one for one in both if os.path.isfile(one)), "")
    address = memo.room_of(kept, found) if found else ""
    if address is None:
        return ""
    return address or os.path.join(usual, "crisisroom", "room.db")


def _xdg(environ: Mapping[str, str], name: str, home: str, usual: str) -> str:
    value = environ.get(name, "")
    return value if value.startswith("/") else os.path.join(home, usual)


def _person(words: _Words) -> str:
    named = words.valued.get("--as")
    if named is None:
        try:
            return _account().pw_name
        except KeyError:
            return f"uid{os.getuid()}"
    return named.strip() if named.isprintable() and len(named) <= 64 else ""


def _account() -> pwd.struct_passwd:
    return pwd.getpwuid(os.getuid())
