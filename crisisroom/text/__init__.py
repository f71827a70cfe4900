"""The trust boundary: whatever comes from outside becomes `SafeText` here, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisroom.text.display import (
    SafeText,
    clean,
    clean_line,
    from_lossless,
    lossless,
    shown_raw,
)
from crisisroom.text.own import Flaw, check_own, require_own
from crisisroom.text.width import cells, clip

if TYPE_CHECKING:
    from crisisroom.text.markup import html_text

__all__ = [
    "Flaw",
    "SafeText",
    "cells",
    "check_own",
    "clean",
    "clean_line",
    "clip",
    "from_lossless",
    "html_text",
    "lossless",
    "require_own",
    "shown_raw",
]


def __getattr__(name: str) -> Any:
    """Load what sources of other packages have from here, and the room itself seldom needs."""
    if name != "html_text":
        raise AttributeError(name)
    from crisisroom.text.markup import html_text

    return html_text
