"""Exports of an incident as pure functions of its log, and the check that a log holds."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crisisroom.report.exporting import FORMATS, export, streams
    from crisisroom.report.importer import parse_import
    from crisisroom.report.model import PROFILES, Profile, Record, record
    from crisisroom.report.problem import Problem
    from crisisroom.report.verify import verify_entries, verify_file, verify_projection

_WHERE = {
    "FORMATS": "exporting",
    "PROFILES": "model",
    "Problem": "problem",
    "Profile": "model",
    "Record": "model",
    "export": "exporting",
    "parse_import": "importer",
    "record": "model",
    "streams": "exporting",
    "verify_entries": "verify",
    "verify_file": "verify",
    "verify_projection": "verify",
}


def __getattr__(name: str) -> Any:
    """Return a name of this package, its module imported only now: most verbs write no export."""
    if name not in _WHERE:
        raise AttributeError(f"{__name__} has no {name}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


__all__ = [
    "FORMATS",
    "PROFILES",
    "Problem",
    "Profile",
    "Record",
    "export",
    "parse_import",
    "record",
    "streams",
    "verify_entries",
    "verify_file",
    "verify_projection",
]
