"""The list of an answer to many as somebody looks it through: who gets what, and who gets none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crisisroom.core.incident import Words
from crisisroom.room.bulk import Addressee, Chosen, Proposal

LEFT_OUT = "you left them out"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list: `text` is what they would get, `needs` who has to approve it first.

    `flaw` is what is wrong with a text that was changed here; `out` is left out by hand; `draft`
    are own words for them that nobody put to use yet; `reply` is what somebody answers them;
    `again` is that they posted again since the text was changed.
    """

    person: Addressee
    text: str
    edited: bool = False
    out: bool = False
    needs: str = ""
    flaw: str = ""
    draft: str = ""
    reply: Words | None = None
    again: bool = False

    @property
    def id(self) -> str:
        """What the list knows it by: the mention's id."""
        return self.person.mention.id

    @property
    def who(self) -> tuple[str, str]:
        """Which person it is, whichever post is their latest."""
        post = self.person.mention
        return post.source, post.author.handle.casefold() or post.id

    @property
    def answered(self) -> Words | None:
        """What somebody answers them already, None where they were left out by hand."""
        return None if self.out else self.reply

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

    def of(self, who: tuple[str, str]) -> Line | None:
        """Return a person's line."""
        return next((one for one in self.lines if one.who == who), None)

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


def listed(
    proposal: Proposal,
    before: Iterable[Line] = (),
    drafts: Mapping[str, str] | None = None,
    replies: Iterable[Words] = (),
) -> Listed:
    """Return a proposal as lines; what somebody changed or left out in them before stays so.

    `drafts` are own unfinished words by the mention's id, `replies` those of the incident.
    """
    known = {one.who: one for one in before}
    answered = {one.mention: one for one in replies if one.state != "withdrawn"}
    lines = []
    for person in proposal.people:
        line = _kept(Line(person, person.text), known)
        draft = (drafts or {}).get(line.id, "")
        draft = "" if draft.strip() in (line.text.strip(), person.text.strip()) else draft
        lines.append(replace(line, draft=draft, reply=answered.get(person.mention.uid)))
    return Listed(proposal, tuple(lines))


def _kept(fresh: Line, known: Mapping[tuple[str, str], Line]) -> Line:
    before = known.get(fresh.who)
    if before is None:
        return fresh
    if before.edited and fresh.may_edit:
        return replace(before, person=fresh.person, again=before.again or before.id != fresh.id)
    return replace(fresh, out=before.out)


def caught_up(read: Listed, now: Listed | None) -> Listed:
    """Return a reading with what somebody did in the list while it was read."""
    if now is None:
        return read
    lines = (_caught(one, now.of(one.who)) for one in read.lines)
    return replace(read, lines=tuple(lines))


def _caught(read: Line, now: Line | None) -> Line:
    if now is None:
        return read
    if now.edited and read.may_edit and now.text != read.text:
        return replace(now, person=read.person, reply=read.reply)
    if read.edited and not now.edited:
        return Line(read.person, read.person.text, out=now.out, reply=read.reply)
    return replace(read, out=now.out)


@dataclass(frozen=True, slots=True)
class Turn:
    """What became other in a list while somebody looks at it: who gets none now, who gets it."""

    lost: tuple[Line, ...]
    came: tuple[Line, ...]


def turn(before: Listed, after: Listed) -> Turn:
    """Return who went out of an answer and who came into it by what others did."""
    was = {one.who for one in before.lines if not one.why_not}
    left_out = {one.who for one in before.lines if one.out}
    now = [one for one in after.lines if not one.why_not]
    lost = tuple(one for one in after.none if one.who in was and not one.out)
    came = tuple(one for one in now if one.who not in was and one.who not in left_out)
    return Turn(lost, came)


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
