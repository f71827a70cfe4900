"""The timeline of the report: hours, entries, and how they spread over the time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from crisisroom.core.corrected import back_dated
from crisisroom.core.timeline import Entry
from crisisroom.report.html import anchors
from crisisroom.report.html.acts import acts
from crisisroom.report.html.blocks import Block, Hour, Timeline, Told
from crisisroom.report.html.lanes import LANES, lane
from crisisroom.report.html.pieces import Inline, Line, Mark, Ref, Said, When
from crisisroom.report.page import Page
from crisisroom.report.redact import visibility

BINS = 120
_SEEN_BY = {"legal": "for Legal", "public": "for everybody"}
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def timeline(page: Page) -> Iterator[Block]:
    """Yield all that happened; the key entries are the pinned ones and the acts on the charts."""
    made = _Maker(page)
    yield Timeline(
        hours=made.hours(),
        told=made.told(),
        size=made.size,
        people=made.people(),
        spread=made.spread(),
        since=made.since,
        until=made.until,
        left_out=len(page.record.entries) - made.size,
    )


class _Maker:
    """Reads the log twice: once to count, once to tell."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._places = anchors.Places(page)
        self._hours: dict[datetime, Counter[str]] = {}
        self._people: Counter[str] = Counter()
        self._key = {*page.incident.pinned, *(act.seq for act in acts(page))}
        self.size = 0
        self.since, self.until = self._stretch()
        self._bins = {name: [0] * BINS for name in LANES}
        for entry in page.told:
            self._count(entry)

    def _stretch(self) -> tuple[datetime, datetime]:
        incident = self._page.incident
        until = incident.resolved_at or self._page.record.as_of
        since = incident.declared_at
        margin = max((until - since) / 20, timedelta(minutes=5))
        return since - margin, until + margin

    def _count(self, entry: Entry) -> None:
        self.size += 1
        at = self._page.happened(entry)
        place = lane(entry.kind)
        self._hours.setdefault(self._hour(at)[0], Counter())[place] += 1
        self._people[entry.actor] += 1
        share = (at - self.since) / (self.until - self.since)
        if 0 <= share < 1:
            self._bins[place][int(share * BINS)] += 1

    def _hour(self, at: datetime) -> tuple[datetime, datetime]:
        """Return the hour of the zone that a moment is in; long after the end, the day."""
        here = at.astimezone(self._page.zone)
        if at <= self.until + _HOUR and at >= self.since - _DAY:
            start = at - timedelta(
                minutes=here.minute, seconds=here.second, microseconds=here.microsecond
            )
            return start, start + _HOUR
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        start = midnight.astimezone(at.tzinfo)
        return start, (midnight + _DAY).astimezone(at.tzinfo)

    def hours(self) -> tuple[Hour, ...]:
        """Return the stretches that have entries, oldest first."""
        return tuple(
            Hour(start, self._hour(start)[1], {name: found[name] for name in LANES if found[name]})
            for start, found in sorted(self._hours.items())
        )

    def people(self) -> tuple[str, ...]:
        """Return who did something, the busiest first."""
        return tuple(name for name, _ in self._people.most_common() if name)

    def spread(self) -> dict[str, tuple[int, ...]]:
        """Return how many entries of each lane there are in each of `BINS` parts of the time."""
        return {name: tuple(some) for name, some in self._bins.items()}

    def told(self) -> Iterator[Told]:
        """Yield every entry as it is told."""
        page = self._page
        for entry in page.told:
            yield Told(
                seq=entry.seq,
                at=page.happened(entry),
                lane=lane(entry.kind),
                who=entry.actor,
                role=page.role(entry.role),
                text=entry.text,
                remarks=tuple(self._remarks(entry)),
                key=entry.seq in self._key,
            )

    def _remarks(self, entry: Entry) -> Iterator[Line]:
        page = self._page
        mended = page.correction(entry)
        if mended is not None:
            yield self._mended(entry, mended.words, mended.entry)
        if back_dated(entry):
            yield ("entered ", When(entry.recorded_at))
        if entry.corrects is not None:
            yield ("corrects ", Ref(anchors.entry(entry.corrects), f"entry {entry.corrects}"))
        if entry.source in ("rule", "import"):
            yield f"by {entry.source}"
        seen_by = _SEEN_BY.get(visibility(page.incident, entry))
        if seen_by and not page.public:
            yield (Mark(seen_by, "mine"),)
        about: list[Inline] = []
        for one in self._places.of_entry(entry):
            about += [", " if about else "see ", one]
        if about:
            yield tuple(about)

    def _mended(self, entry: Entry, words: str, seq: int) -> Line:
        by = Ref(anchors.entry(seq), f"entry {seq}")
        moved = self._page.happened(entry) != entry.at
        said: tuple[Inline, ...] = (Mark("corrected", "warn"), " by ", by)
        if words:
            said = (*said, ": ", Said(words))
        return (*said, ", was ", When(entry.at)) if moved else said
