"""The HTTP library, imported in this one line: a fork of it is swapped in here."""

from __future__ import annotations

import logging

import httpx

__all__ = ["httpx"]

for _name in ("httpx", "httpcore"):  # at INFO they print whole URLs, tokens included
    logging.getLogger(_name).setLevel(logging.WARNING)
