"""The room in a browser of this machine: an extra, which brings textual-serve and aiohttp.

Whoever may open the page may do what whoever started it may. So it is served on loopback only, at
an address that nobody guesses, and to no page of another site.
"""

from __future__ import annotations

import os

from crisisroom.core.errors import Unavailable

DRIVER = "crisisroom.tui.page_driver:PageDriver"  # as TEXTUAL_DRIVER names it to Textual


def in_browser() -> bool:
    """Return whether this program is one that is shown on a page."""
    return os.environ.get("TEXTUAL_DRIVER") == DRIVER


def needs_textual_serve() -> None:
    """Check that the web view's libraries are there; Unavailable says how to get them."""
    from importlib.util import find_spec

    if find_spec("textual_serve") is None or find_spec("aiohttp") is None:
        message = "the room in a browser needs textual-serve, which is not installed here"
        raise Unavailable("no-textual-serve", message, "pip install 'crisisroom[web]'")
