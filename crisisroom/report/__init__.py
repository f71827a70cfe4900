"""Exports of an incident as pure functions of its log, and the check that a log holds."""

from __future__ import annotations

from crisisroom.report.exporting import FORMATS, export, streams
from crisisroom.report.importer import parse_import
from crisisroom.report.model import PROFILES, Profile, Record, record
from crisisroom.report.problem import Problem
from crisisroom.report.verify import verify_entries, verify_file, verify_projection

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
