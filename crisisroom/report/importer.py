"""Taking in an exported log: only whole and unbroken."""

from __future__ import annotations

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import ROOM
from crisisroom.report.log import Log
from crisisroom.report.logfile import read
from crisisroom.report.model import record
from crisisroom.report.verify import verify_file


def parse_import(data: bytes, name: str) -> tuple[Log, Incident]:
    """Return the entries of an exported incident and the incident they tell.

    Raises Refused for a broken chain, a redacted export and the room's own log.
    """
    problems = verify_file(data, name)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        hint = f"crisisroom verify {name} lists all of it"
        raise Refused("broken", f"the log does not hold: {problems[0]}{more}", hint)
    file = read(data, name)
    if file.profile == "public":
        message = f"{name} is a redacted export: what was left out cannot be brought back"
        raise Refused("redacted", message, "import one with the profile internal or legal")
    if file.entries[0].chain == ROOM:
        raise Refused("not_incident", f"{name} is a room's own log", "import an incident's export")
    told = record(file.entries, file.profile)
    return told.entries, told.incident
