"""Triage: how likely a mention is a complaint, how urgent it is, and why."""

from __future__ import annotations

from crisisroom.core.triage.complaint import Complaint, Complaints
from crisisroom.core.triage.learner import Click, Leaning, Learner
from crisisroom.core.triage.said import Said, read
from crisisroom.core.triage.scorer import About, Scored, Scorer

__all__ = [
    "About",
    "Click",
    "Complaint",
    "Complaints",
    "Leaning",
    "Learner",
    "Said",
    "Scored",
    "Scorer",
    "read",
]
