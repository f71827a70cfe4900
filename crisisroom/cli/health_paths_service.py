"""The files of the room as a service: units, the credentials they are given, what they write."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from crisisroom.cli.context import Context
from crisisroom.config.every_key import credentials

SYSTEM = Path("/etc/systemd/system")
CREDENTIALS = Path("/etc/crisisroom")
# options of the units' commands -> what lies there
_WRITTEN = {
    "--metrics": "figures for Prometheus",
    "--prometheus": "figures for Prometheus",
    "--to": "copies of the room, each night",
    "--log": "the log of the watcher",
}


def of_service(context: Context) -> Iterator[tuple[str, str]]:
    """Yield the units and what they name; where they would lie, while there are none."""
    own = Path.home() / ".config" / "systemd" / "user"
    told = dict[str, str]()
    for folder, whose in ((SYSTEM, "systemd's"), (own, "your own systemd's")):
        there = sorted((*folder.glob("crisisroom-*.service"), *folder.glob("crisisroom-*.timer")))
        for unit in there:
            told[str(unit)] = f"a unit, {whose}"
            told |= _named(unit)
        if not there:
            told[f"{folder}/crisisroom-*"] = f"{whose} units, where crisisroom units is used"
    yield from told.items()
    config = context.legible()
    names = sorted(credentials(config)) if config else []
    for kept in (CREDENTIALS, Path.home() / ".config" / "crisisroom" / "credentials"):
        yield from ((f"{kept}/{name}", f"the credential {name}, for a service") for name in names)


def _named(unit: Path) -> dict[str, str]:
    """Return the files that a unit's command writes."""
    try:
        lines = unit.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    found = dict[str, str]()
    for line in lines:
        if not line.startswith("ExecStart="):
            continue
        with contextlib.suppress(ValueError):  # changed by hand, and not to be read
            words = shlex.split(line.removeprefix("ExecStart=").replace("%%", "%"))
            found |= {path: _WRITTEN[key] for key, path in pairwise(words) if key in _WRITTEN}
    found.pop("-", None)  # stdout
    return found
