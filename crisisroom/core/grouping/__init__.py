"""Narratives: posts that tell the same story, found as they come in, and reposts known again."""

from __future__ import annotations

from crisisroom.core.grouping.copies import normal
from crisisroom.core.grouping.grouper import Grouper, Joined, Merged, Setting
from crisisroom.core.grouping.titles import title_of

__all__ = ["Grouper", "Joined", "Merged", "Setting", "normal", "title_of"]
