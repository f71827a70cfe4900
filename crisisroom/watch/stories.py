"""The stories in memory: which mention joined which, and their counts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from itertools import combinations, count

import msgspec

from crisisroom.core.grouping import Grouper
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.core.query import numbered
from crisisroom.watch.tally import Tally, author_key, blank, texts_of

_UNNUMBERED = 1 << 40  # from here on the grouper counts what has no number of a story yet
LONE = 20_000  # mentions of no story yet that may still get one


class Placed(msgspec.Struct, frozen=True):
    """Where a mention belongs: its story's number, 0 while it stands alone, and what it repeats."""

    narrative: int
    copy_of: int  # 0: nothing


class Stories:
    """A story gets its number, and its row in the store, with its second mention."""

    def __init__(
        self, next_number: int, new_uid: Callable[[], str], idle: Iterable[str] = ()
    ) -> None:
        self.tallies: dict[int, Tally] = {}  # by number
        self.dirty: set[int] = set()
        self.late: dict[int, int] = {}  # first mentions of stories that just got a number
        self.merged: list[tuple[int, int]] = []  # into, gone
        self._grouper = Grouper(allocate=count(_UNNUMBERED).__next__, idle=idle)
        self._next = next_number
        self._new_uid = new_uid
        self._numbers: dict[int, int] = {}  # the grouper's id -> number
        self._lone: OrderedDict[int, Mention] = OrderedDict()  # the grouper's id -> its mention
        self._rows: dict[int, Narrative] = {}  # while they are taken up

    def know(self, known: Iterable[Narrative]) -> None:
        """Take up the stories' rows as the store has them, before their mentions."""
        self._rows = {numbered(one.id, "N-") or 0: one for one in known}

    def remember(self, mention: Mention) -> None:
        """Take up a mention, in the order in which they came.

        Which story it belongs to is as the store has it, whoever put it there.
        """
        number = numbered(mention.narrative, "N-") or 0
        if number in self._rows:
            self._seed(number, mention)
            self.tallies.setdefault(number, Tally(self._rows[number])).know(mention)
        elif not mention.others:
            self._stand_alone(mention)

    def remembered(self) -> None:
        """Keep apart what people parted, now that all is taken up."""
        rows, self._rows = self._rows, {}
        by_hand = [number for number, row in rows.items() if row.by_hand and number in self.tallies]
        for one, other in combinations(by_hand, 2):
            self._grouper.keep_apart(one, other)

    def _stand_alone(self, mention: Mention) -> None:
        """Let the grouper know a mention of no story; it stays alone until another joins it."""
        at = mention.seen_at.timestamp()
        where = self._grouper.add(mention.number, mention.text, at=at).narrative
        if where not in self._numbers:
            self._lone.setdefault(where, mention)

    def _seed(self, number: int, mention: Mention) -> None:
        """Let the grouper know a mention of a story; there it has the story's own number."""
        self._numbers[number] = number
        copied = numbered(mention.copy_of, "M-") or 0
        at = mention.seen_at.timestamp()
        self._grouper.seed(mention.number, mention.text, number, at=at, copy_of=copied)

    def hear(self, mention: Mention, complaint: float) -> Placed:
        """Say which story a mention belongs to, and count it there."""
        placed = self._place(mention)
        if placed.narrative:
            self.tallies[placed.narrative].count(mention, complaint)
            self.dirty.add(placed.narrative)
        return placed

    def _place(self, mention: Mention) -> Placed:
        found = self._grouper.add(
            mention.number,
            mention.text,
            author=author_key(mention),
            url=mention.url,
            at=mention.seen_at.timestamp(),
        )
        return Placed(self._number(self._grouper.resolve(found.narrative), mention), found.copy_of)

    def settle(self) -> None:
        """Make one of stories that turned out to tell the same; after each batch."""
        for merge in self._grouper.settle():
            self._merge(merge.into, merge.gone)

    def _number(self, where: int, mention: Mention) -> int:
        number = self._numbers.get(where)
        if number is not None:
            return number
        first = self._lone.pop(where, None)
        if first is None:
            self._lone[where] = mention
            if len(self._lone) > LONE:
                self._lone.popitem(last=False)
            return 0
        return self._begin(where, first)

    def _begin(self, where: int, first: Mention) -> int:
        """Give a story its number: its first mention is part of it from now on."""
        number, self._next = self._next, self._next + 1
        self._numbers[where] = number
        tally = blank(number, self._new_uid(), self._grouper.title(where), first.posted_at)
        tally.count(first, first.complaint)
        self.tallies[number] = tally
        self.late[first.number] = number
        return number

    def _merge(self, into: int, gone: int) -> None:
        """Make one of two stories that turned out to tell the same."""
        kept, lost = self._numbers.get(into), self._numbers.pop(gone, None)
        alone = self._lone.pop(gone, None)
        if kept is None:
            if lost is not None:  # a lone one takes in a story: the story's number stays
                self._numbers[into] = lost
                self._take_lone(lost, self._lone.pop(into, None))
            elif alone is not None and (first := self._lone.pop(into, None)) is not None:
                self._take_lone(self._begin(into, first), alone)
            return
        self._take_lone(kept, alone)
        if lost is not None and lost != kept:
            self.tallies[kept].take(self.tallies.pop(lost))
            self.dirty.discard(lost)
            self.dirty.add(kept)
            self.merged.append((kept, lost))

    def _take_lone(self, number: int, mention: Mention | None) -> None:
        if mention is not None:
            self.tallies[number].count(mention, mention.complaint)
            self.late[mention.number] = number
            self.dirty.add(number)

    def latest_texts(self) -> list[str]:
        """Return what the stories that went on last say, for a warning that names none."""
        latest = sorted(self.tallies.values(), key=lambda one: one.row.last_at)[-3:]
        return [*texts_of(latest), *(one.text for one in list(self._lone.values())[-50:])]

    def rows(self) -> list[Narrative]:
        """Return the stories that changed since the last time; their titles as they are now."""
        found = []
        titles = {number: where for where, number in self._numbers.items()}
        for number in sorted(self.dirty):
            tally = self.tallies[number]
            if not tally.row.named_by and number in titles:
                title = self._grouper.title(titles[number]) or tally.row.title
                tally.row = msgspec.structs.replace(tally.row, title=title)
            found.append(tally.row)
        self.dirty.clear()
        return found

    def drop_old(self, most: int) -> None:
        """Let the stories go that have been silent longest; the store keeps them."""
        if len(self.tallies) <= most:
            return
        oldest = sorted(self.tallies, key=lambda number: self.tallies[number].row.last_at)
        for number in oldest[: len(self.tallies) - most]:
            if number not in self.dirty:
                del self.tallies[number]
        held = self.tallies
        self._numbers = {at: number for at, number in self._numbers.items() if number in held}
