"""A timeline entry as `timeline --json` shows it: with what was said of it since."""

from __future__ import annotations

from collections.abc import Mapping

from crisisroom.core.corrected import correction, visibility
from crisisroom.core.incident import Incident
from crisisroom.core.links import links
from crisisroom.core.timeline import Entry
from crisisroom.report.contract import Json, entry_json, moment


def told_json(entry: Entry, incident: Incident, called: Mapping[str, str]) -> Json:
    """Return an entry with its source, links, readers, pin and newest correction.

    `called` are the incident's names, see `core.links.names`. A corrected `at` is null where only
    the words were wrong, its `words` are empty where only the time was.
    """
    made = correction(incident, entry)
    return entry_json(entry, incident.id) | {
        "source": entry.source,
        "links": [
            {"sort": link.sort, "id": link.id, "ref": link.ref} for link in links(entry, called)
        ],
        "visibility": visibility(incident, entry),
        "pinned": entry.seq in incident.pinned,
        "corrected": made
        and {"words": made.words, "at": moment(made.at), "entry": made.entry, "by": made.by},
    }
