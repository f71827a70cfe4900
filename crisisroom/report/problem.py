"""What `verify` finds: where the record does not hold, and what to do about it."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing that does not hold; `where` names the entry, as `INC-7.jsonl:12 entry 12`."""

    code: str
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the line a person reads."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.where}: {self.message}{hint}"
