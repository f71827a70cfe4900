"""Where the configuration and the room are: flag, environment, working directory, XDG."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from crisisroom.config.kinds import room_flaw
from crisisroom.config.settings import Config
from crisisroom.core.errors import Usage
from crisisroom.core.problems import shown

FILE = "crisisroom.yaml"
CONFIG_VARIABLE = "CRISISROOM_CONFIG"
ROOM_VARIABLE = "CRISISROOM_ROOM"


def config_home(env: Mapping[str, str], home: Path) -> Path:
    """Return the XDG directory of a person's configuration."""
    return _xdg(env.get("XDG_CONFIG_HOME", ""), home / ".config")


def data_home(env: Mapping[str, str], home: Path) -> Path:
    """Return the XDG directory of a person's data."""
    return _xdg(env.get("XDG_DATA_HOME", ""), home / ".local" / "share")


def find_config(flag: str | None, env: Mapping[str, str], cwd: Path, xdg: Path) -> Path | None:
    """Return the file in force: flag, CRISISROOM_CONFIG, ./crisisroom.yaml, then under `xdg`.

    `xdg` is the person's configuration directory. Raises `Usage` when a named file is not there.
    """
    for named, where in ((flag, "--config"), (env.get(CONFIG_VARIABLE), CONFIG_VARIABLE)):
        if named:
            path = cwd / os.path.expanduser(named)
            if not path.is_file():
                hint = "crisisroom init writes one"
                raise Usage("no_config", f"{where}: there is no file {shown(named, 200)}", hint)
            return path
    usual = (cwd / FILE, xdg / "crisisroom" / FILE)
    return next((path for path in usual if path.is_file()), None)


def room_address(flag: str | None, env: Mapping[str, str], config: Config | None, xdg: Path) -> str:
    """Return the room's address: flag, CRISISROOM_ROOM, configuration, or room.db under `xdg`.

    `xdg` is the person's data directory. Raises `Usage` for an address that no room can have.
    """
    address = flag or env.get(ROOM_VARIABLE) or (config.room.address if config else "")
    if not address:
        return str(xdg / "crisisroom" / "room.db")
    if flaw := room_flaw(address):
        raise Usage("bad_address", flaw, "write postgresql://[USER@]HOST[:PORT][,HOST…]/NAME")
    return address if "://" in address else os.path.expanduser(address)


def _xdg(value: str, usual: Path) -> Path:
    """Follow the XDG rule that a relative value is no value."""
    return Path(value) if value.startswith("/") else usual
