"""What the team says of a person: what they may be and approve, how they come in, how to reach."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.config import Member
from crisisroom.room.members import keys_words, may_words, reach_words
from crisisroom.tui.rows import Cell, Row, fit, gap, row, wrap


def member_rows(member: Member, width: int) -> Iterator[Row]:
    """Yield a member's rights and ways, a line each; long ones go on under themselves."""
    zone = f"; in {member.zone}" if member.zone else ""
    handles = f"; {', '.join(member.handles)} on networks" if member.handles else ""
    yield from _told("rights", may_words(member), width)
    yield from _told("reach", f"{reach_words(member)}{zone}", width)
    yield from _told("comes by", f"{keys_words(member)}{handles}", width)


def _told(what: str, words: str, width: int) -> Iterator[Row]:
    for number, line in enumerate(wrap(words, max(8, width - 14))):
        yield row(gap(3), Cell(fit("" if number else what, 10), "quiet"), Cell(line, "quiet"))
