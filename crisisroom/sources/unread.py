"""Lines of a source that are no mentions: how many, the first of them, and why; kept for a day.

They stand in the cursor, for the next poll finds nothing wrong any more: whoever looks later is to
see them too. Nothing of what the lines say is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.sources.jsonl import Problem

KEPT = timedelta(days=1)  # after the last such line
_KEY = "unread"


class Unread(msgspec.Struct, frozen=True, omit_defaults=True):
    """What could not be read so far; `at` is when it was noticed last, in seconds since 1970."""

    lines: int = 0
    first: int = 0
    why: str = ""
    at: int = 0

    def and_(self, problems: Sequence[Problem], now: datetime) -> Unread:
        """Return this with what came now; what is old is forgotten, however little comes."""
        before = self if self._counts(now) else Unread()
        if not problems:
            return before
        first, why = (before.first, before.why) if before.lines else _told(problems[0])
        return Unread(before.lines + len(problems), first, why, int(now.timestamp()))

    def _counts(self, now: datetime) -> bool:
        return abs(now.timestamp() - self.at) <= KEPT.total_seconds()

    @property
    def note(self) -> str:
        """Return it in words, empty where every line could be read."""
        if self.lines < 2:
            return f"line {self.first}: {self.why}" if self.lines else ""
        return f"{self.lines} unreadable lines; the first is line {self.first}: {self.why}"


def _told(problem: Problem) -> tuple[int, str]:
    return problem.line, problem.message


def unread_in(kept: dict[str, Any]) -> Unread:
    """Return what stands in a cursor, or in what a cursor keeps of a file."""
    return msgspec.convert(kept.get(_KEY) or {}, Unread)


def kept_of(unread: Unread) -> dict[str, Any]:
    """Return what to put into a cursor, nothing where every line could be read."""
    return {_KEY: msgspec.to_builtins(unread)} if unread.lines else {}


def lines_unread(cursor: dict[str, Any]) -> int:
    """Return how many lines of a source could not be read: of its file, its pipe, its folder."""
    files = cursor.get("files", {})
    kept = [cursor, cursor.get("old", {}), *(files.values() if isinstance(files, dict) else ())]
    return sum(unread_in(one).lines for one in kept if isinstance(one, dict))
