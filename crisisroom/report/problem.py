"""What `verify` finds: where the record does not hold, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from crisisroom.core.timeline import Entry, stamp

_LONGEST = 60  # characters of a kind that are shown: it may have been put there by anybody


class Problem(msgspec.Struct, frozen=True):
    """One thing that does not hold; `where` names the entry, as `INC-7.jsonl:12 entry 12`.

    Where it is about one entry, `chain`, `seq`, `kind` and `at` (when it was recorded) are its own.
    """

    code: str
    where: str
    message: str
    hint: str = ""
    chain: str = ""
    seq: int = 0
    kind: str = ""
    at: str = ""

    def __str__(self) -> str:
        """Return the line a person reads."""
        told = ", ".join(filter(None, (self.kind, self.at)))
        about = f" ({told})" if told else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.where}{about}: {self.message}{hint}"


def about(problem: Problem, entry: Entry) -> Problem:
    """Return the problem with what is known of the entry that it is about."""
    try:
        at = stamp(entry.recorded_at)
    except (ValueError, OverflowError):
        at = ""
    return msgspec.structs.replace(
        problem, chain=entry.chain, seq=entry.seq, kind=entry.kind[:_LONGEST], at=at
    )


def first_said(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with each said once: one cause may show in several ways."""
    return list(dict.fromkeys(problems))
