"""The list of an answer to many as somebody looks it through: who gets what, and who gets none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crisisroom.room.bulk import Addressee, Chosen, Proposal

LEFT_OUT = "you left them out"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list: `text` is what they would get, `needs` who has to approve it first.

    `flaw` is what is wrong with a text that was changed here; `out` is left out by hand.
    """

    person: Addressee
    text: str
    edited: bool = False
    out: bool = False
    needs: str = ""
    flaw: str = ""

    @property
    def id(self) -> str:
        """What the list knows it by: the mention's id."""
        return self.person.mention.id

    @property
    def why_not(self) -> str:
        """Why they get nothing, empty where they get an answer."""
        if self.out:
            return LEFT_OUT
        return self.flaw if self.edited else self.person.why_not

    @property
    def may_edit(self) -> bool:
        """Whether other words could reach them."""
        return bool(self.person.text)


@dataclass(frozen=True, slots=True)
class Listed:
    """All lines, in the order of the posts."""

    proposal: Proposal
    lines: tuple[Line, ...]

    def line(self, mention: str) -> Line | None:
        """Return somebody's line."""
        return next((one for one in self.lines if one.id == mention), None)

    def with_line(self, changed: Line) -> Listed:
        """Return the list with one line changed."""
        lines = tuple(changed if one.id == changed.id else one for one in self.lines)
        return replace(self, lines=lines)

    @property
    def now(self) -> tuple[Line, ...]:
        """Those who get an answer as soon as it is let go."""
        return tuple(one for one in self.lines if not one.why_not and not one.needs)

    @property
    def asked(self) -> tuple[Line, ...]:
        """Those whose words somebody changed: they wait for an approval."""
        return tuple(one for one in self.lines if not one.why_not and one.needs)

    @property
    def none(self) -> tuple[Line, ...]:
        """Those who get nothing."""
        return tuple(one for one in self.lines if one.why_not)

    @property
    def chosen(self) -> list[Chosen]:
        """What is sent: each with exactly what was looked at."""
        return [Chosen(one.id, one.text) for one in (*self.now, *self.asked)]


def listed(proposal: Proposal, before: Iterable[Line] = ()) -> Listed:
    """Return a proposal as lines; what somebody changed or left out in them before stays so."""
    known = {one.id: one for one in before}
    return Listed(proposal, tuple(_kept(one, known) for one in proposal.people))


def _kept(person: Addressee, known: Mapping[str, Line]) -> Line:
    before = known.get(person.mention.id)
    fresh = Line(person, person.text)
    if before is None:
        return fresh
    if before.edited and person.text:
        return replace(before, person=person)
    return replace(fresh, out=before.out)


def reasons(lines: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """Yield why people get none, and how many there are of each, the most frequent first."""
    yield from Counter(one.why_not for one in lines).most_common()


def channels(lines: Sequence[Line]) -> str:
    """Return how many go where: `masto 9, bsky 3`."""
    counts = Counter(one.person.channel for one in lines)
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def people(count: int) -> str:
    """Return a count of people in words."""
    return "1 person" if count == 1 else f"{count} people"
