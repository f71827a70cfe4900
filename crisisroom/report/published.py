"""Which words of ours everybody could read, and where."""

from __future__ import annotations

from typing import Any

from crisisroom.core.timeline import Entry
from crisisroom.report.history import VERSIONS
from crisisroom.report.log import Log
from crisisroom.text.links import safe_url

_EVERYBODY = ("public", "media")  # the audiences whose words anybody may read


def published(log: Log) -> dict[tuple[str, str], frozenset[str]]:
    """Return where every text went out that everybody can read there, by its id and hash."""
    out: dict[tuple[str, str], frozenset[str]] = {}
    texts: dict[str, dict[str, Any]] = {}
    for entry in log.of((*VERSIONS, "statement.sent", "reply.sent")):
        data, name = entry.data, entry.data["id"]
        if entry.kind in VERSIONS:
            texts[name] = texts.get(name, {}) | data
        elif (text := texts.get(name)) and _for_everybody(text, entry):
            named = (name, text["sha256"])
            out[named] = out.get(named, frozenset()) | {data["channel"]}
    return out


def _for_everybody(text: dict[str, Any], entry: Entry) -> bool:
    if entry.kind == "statement.sent":
        return text["kind"] != "internal" and text["audience"] in _EVERYBODY
    return safe_url(entry.data["remote_url"]) is not None
