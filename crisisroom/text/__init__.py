"""The trust boundary: whatever comes from outside becomes `SafeText` here, once."""

from __future__ import annotations

from crisisroom.text.display import (
    SafeText,
    clean,
    clean_line,
    from_lossless,
    lossless,
    shown_raw,
)
from crisisroom.text.escape import csv_cell, md_escape, md_inline
from crisisroom.text.links import Link, describe_link, find_links, safe_url
from crisisroom.text.markup import html_text
from crisisroom.text.own import Flaw, check_own, require_own
from crisisroom.text.spoof import lookalike, mixed_scripts
from crisisroom.text.width import cells, clip

__all__ = [
    "Flaw",
    "Link",
    "SafeText",
    "cells",
    "check_own",
    "clean",
    "clean_line",
    "clip",
    "csv_cell",
    "describe_link",
    "find_links",
    "from_lossless",
    "html_text",
    "lookalike",
    "lossless",
    "md_escape",
    "md_inline",
    "mixed_scripts",
    "require_own",
    "safe_url",
    "shown_raw",
]
