"""Handles as they are compared, and what bridges between networks make of them."""

from __future__ import annotations

from crisisroom.core.plainly import plain_of

_BRIDGED = "ap.brid.gy"


def handle_key(handle: str) -> str:
    """Return a handle as it is compared: without its first @, in one case, without accents."""
    return plain_of(handle.strip()).text.removeprefix("@")


def bridged(key: str) -> str:
    """Return what somebody of the fediverse is called on Bluesky; empty for who is not of it.

    The other way round a bridge leaves the handle and adds its own server.
    """
    name, _, server = key.partition("@")
    return f"{name.replace('_', '-')}.{server}.{_BRIDGED}" if name and server else ""
