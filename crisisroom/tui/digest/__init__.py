"""The digest: what people complained of in a week, who mends it, and how campaigns do."""

from __future__ import annotations

from crisisroom.tui.digest.screen import DigestScreen

__all__ = ["DigestScreen"]
