"""Exports of an earlier program: what they say must hold, what they do not say may be new."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from crisisroom.report import encoding
from crisisroom.report.logfile import LogFile
from crisisroom.report.metrics import metrics
from crisisroom.report.model import SCHEMA, record

_JSON = re.compile(rb'\{\n"schema":([0-9]{1,4}),\n')
_LINES = re.compile(
    rb'"schema":([0-9]{1,4}),(?:"sha256":"[0-9a-f]{64}",)?"uid":"[^"\n]{0,100}"\}\n\Z'
)
_SUM = b',\n"sha256":'  # the last field of a public export: over the lines before it
_GROWN = frozenset({"media"})
"""Lists that an earlier program left empty, whatever its log had of them."""
_FIGURES = "metrics"


def edition(data: bytes) -> int:
    """Return the edition that a JSON or JSON-lines export names; what names none has the newest."""
    found = _JSON.match(data) or _LINES.search(data, max(0, len(data) - 1000))
    return int(found[1]) if found else SCHEMA


def in_words(file: LogFile, data: bytes) -> str:
    """Return what is to be said of a sound export of an earlier edition, empty for ours."""
    number = edition(data)
    if number >= SCHEMA:
        return ""
    said = f"an earlier crisisroom wrote it (schema {number}, now {SCHEMA}): its log gives it all"
    off = _counted_otherwise(file, data) if file.format == "json" else []
    return f"{said}, but for figures that count otherwise now: {', '.join(off)}" if off else said


def _counted_otherwise(file: LogFile, data: bytes) -> list[str]:
    """Return the figures that are not as this program counts them; what they left open is not."""
    ours = {one.id: one.json() for one in metrics(record(file.entries, file.profile))}
    said = encoding.parse(data)[_FIGURES]
    return [one["id"][:40] for one in said if _differs(one, ours.get(one["id"], {}))]


def _differs(said: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    return any(value not in (None, ours.get(key)) for key, value in said.items())


def unlike(data: bytes, expected: bytes) -> str:
    """Return the first field of an earlier JSON export that its log does not give; else nothing.

    Fields that the earlier program did not know may be missing, and figures may count otherwise.
    """
    told = encoding.parse(expected)
    try:
        said = encoding.parse(data)
    except (ValueError, RecursionError):
        return "the file"
    summed = hashlib.sha256(data[2 : data.rfind(_SUM)]).hexdigest()
    told |= {"schema": said.get("schema"), "sha256": summed}
    if not _are_figures(said.get(_FIGURES)):
        return _FIGURES
    return next((key for key in said if key != _FIGURES and not _within(said, told, key)), "")


def _within(said: Mapping[str, Any], told: Mapping[str, Any], key: str) -> bool:
    if key in _GROWN and said[key] == []:
        return key in told
    return key in told and _fits(said[key], told[key])


def _fits(said: Any, told: Any) -> bool:
    if isinstance(said, dict) and isinstance(told, dict):
        return all(_within(said, told, key) for key in said)
    if not isinstance(said, list) or not isinstance(told, list):
        return type(said) is type(told) and said == told
    return len(said) == len(told) and all(map(_fits, said, told))


def _are_figures(value: Any) -> bool:
    """Tell whether these are figures, each once; what they come to is no matter of the log alone.

    Each edition of the program counts as well as it can.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return False
    ids = [one.get("id") for one in value]
    return all(isinstance(one, str) for one in ids) and len({*ids}) == len(ids)
