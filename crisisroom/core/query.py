"""What to look for among mentions."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

_WORD = re.compile(r"\w+")


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A filter over mentions; empty fields do not narrow it. `before` and `after` are row numbers."""

    text: str = ""
    sources: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    incident: str = ""
    since: datetime | None = None
    assignee: str = ""
    before: int | None = None
    after: int | None = None
    limit: int = 256
    newest_first: bool = True

    def terms(self) -> tuple[str, ...]:
        """Return the words to search for: letters and digits only, so nothing is an operator."""
        return tuple(_WORD.findall(self.text))[:12]
