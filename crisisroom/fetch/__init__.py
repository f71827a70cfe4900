"""The hardened HTTP client: every byte from the network comes through here.

One error class, one deadline for the whole answer, caps on what is taken in, addresses checked
and then connected to as checked, redirects by our own rule, tokens for their own origin only.
"""

from __future__ import annotations

from crisisroom.fetch._ask import Options
from crisisroom.fetch.client import Fetcher, Resolve
from crisisroom.wire.answer import Basic, Bearer, FetchError, Response
from crisisroom.wire.sse import Event

__all__ = ["Basic", "Bearer", "Event", "FetchError", "Fetcher", "Options", "Resolve", "Response"]
