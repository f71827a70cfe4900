"""Where ids come from that the tab key offers: the room's file, and the folders of playbooks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

_SEVERITIES = ("sev1", "sev2", "sev3")  # where no incident says its own


def ids(kind: str, every: Mapping[str, str], incident: str) -> Sequence[str]:
    """Return ids of a kind, by the options of every verb: which room, and who asks."""
    from crisisroom.store import naming

    address = _address(every)
    ask = "accounts" if kind == "channels" else kind
    person = every.get("--as") or _login()
    found: Sequence[str] = ()
    if "://" not in address:
        by_name = "--as" in every
        found = naming.ids(address, ask, person, incident, by_name=by_name)
    if kind == "channels":
        return (*found, "by-hand")
    return found or (_SEVERITIES if kind == "severities" else ())


def _address(every: Mapping[str, str]) -> str:
    """Return where the room lies; settings are read only where they may say it."""
    from pathlib import Path

    from crisisroom.config.where import (
        ROOM_VARIABLE,
        config_home,
        data_home,
        find_config,
        room_address,
    )

    flag, home = every.get("--room", ""), Path.home()
    settings = every.get("--config", "")
    found = find_config(settings, os.environ, Path.cwd(), config_home(os.environ, home))
    own = room_address(flag, os.environ, None, data_home(os.environ, home))
    if flag or os.environ.get(ROOM_VARIABLE) or found is None:
        return own
    return os.path.expanduser(_told_by(found.read_text(encoding="utf-8"))) or own


def _told_by(settings: str) -> str:
    """Return the room's address in a configuration, which is not checked for anything else."""
    if "address" not in settings:
        return ""
    import yaml

    told = yaml.load(settings, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return str((told.get("room") or {}).get("address") or "")


def _login() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def playbooks() -> Sequence[str]:
    """Return the ids of the playbooks there are."""
    from pathlib import Path

    from crisisroom.library import list_ids

    return list_ids([Path("playbooks")])
