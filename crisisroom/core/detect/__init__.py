"""The early warning: pure rules over counts and crowds, with injected time."""

from __future__ import annotations

from crisisroom.core.detect.engine import EarlyWarning
from crisisroom.core.detect.replay import replay
from crisisroom.core.detect.rule import Rule, Window

__all__ = ["EarlyWarning", "Rule", "Window", "replay"]
