"""Drills: a scripted crisis in its own room, with simulated colleagues and stand-in channels."""

from __future__ import annotations

from crisisroom.drill.play import Play
from crisisroom.drill.scorecard import scorecard
from crisisroom.drill.script import CRISES, Crisis, script
from crisisroom.drill.stage import Stage, drill_settings

__all__ = ["CRISES", "Crisis", "Play", "Stage", "drill_settings", "scorecard", "script"]
