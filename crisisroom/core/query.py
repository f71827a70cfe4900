"""What to look for among mentions."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[0-9]{1,15}")


def numbered(id_: str, prefix: str) -> int | None:
    """Return the number in an id such as `INC-7` (or `7`), None where it is no such id."""
    digits = id_.strip().upper().removeprefix(prefix)
    return int(digits) if _NUMBER.fullmatch(digits) else None


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A filter over mentions; empty fields narrow nothing. `before`, `after` are row numbers."""

    text: str = ""
    sources: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    incident: str = ""
    since: datetime | None = None
    assignee: str = ""
    narrative: str = ""
    term: str = ""
    tag: str = ""
    verdict: str = ""
    kind: str = ""
    lang: str = ""
    author: str = ""
    picture: str = ""  # a sha256, or how it begins
    least_priority: float = 0.0
    others: bool | None = False  # True: industry and competitors only; None: everything
    copies: bool = False  # near-identical reposts too
    before: int | None = None
    after: int | None = None
    limit: int = 256
    newest_first: bool = True

    def terms(self) -> tuple[str, ...]:
        """Return the words to search for: letters and digits only, so nothing is an operator."""
        return tuple(_WORD.findall(self.text))[:12]
