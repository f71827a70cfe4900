"""What somebody typed to narrow the feed; read by `core.feedfilter`."""

from __future__ import annotations

from crisisroom.core.feedfilter import LOUD, Filter

__all__ = ["LOUD", "Filter"]
