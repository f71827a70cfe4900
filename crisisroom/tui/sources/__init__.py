"""The sources: where the room listens, whether it works, and where nobody listens."""

from __future__ import annotations

from crisisroom.tui.sources.screen import SourcesScreen

__all__ = ["SourcesScreen"]
