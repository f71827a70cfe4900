"""How much was said when: from what the watcher counted, else from the linked mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from crisisroom.core.chart import SLOT
from crisisroom.core.recorded import Volume
from crisisroom.report.html.blocks import Bar
from crisisroom.report.page import Page

_MOST = 168  # bars on one chart: a week of hours, or fourteen hours in stretches of five minutes
_PER_HOUR = 12  # such stretches
_QUARTER = 3
_SIZES = tuple(timedelta(minutes=one) for one in (5, 15, 60, 180, 720, 1440, 10080))
_FEW = 72
_BEFORE = timedelta(hours=12)  # an older post that was linked does not stretch the chart


def bars(page: Page) -> tuple[Bar, ...]:
    """Return how much was said, oldest first; counted for all posts, or else linked ones only."""
    counted = [one for one in page.incident.volume.values() if one.seconds > 0]
    if not counted:
        return _linked(page)
    hours = tuple(
        Bar(
            one.start,
            one.start + timedelta(seconds=one.seconds),
            one.mentions,
            one.complaints,
            one.usual_hundredths / 100,
        )
        for one in counted
    )
    if len(hours) * _PER_HOUR > _MOST * _QUARTER or not all(_fine(one) for one in counted):
        return _fewer(hours)
    slots = tuple(bar for one in counted for bar in _slots(one))
    return slots if len(slots) <= _MOST else _fewer(slots, _QUARTER)


def counted(page: Page) -> bool:
    """Tell whether all posts were counted, and not only those that were linked."""
    return bool(page.incident.volume)


def _fine(one: Volume) -> bool:
    """Tell whether an hour was counted in stretches too, or was silent."""
    return sum(many for _, many, _ in one.slots) == one.mentions


def _slots(one: Volume) -> Iterator[Bar]:
    """Yield an hour in stretches of five minutes, the silent ones too."""
    said = {number: (many, bad) for number, many, bad in one.slots}
    end = one.start + timedelta(seconds=one.seconds)
    for number in range(-(-one.seconds // int(SLOT.total_seconds()))):
        start = one.start + number * SLOT
        many, bad = said.get(number, (0, 0))
        yield Bar(start, min(start + SLOT, end), many, bad, one.usual_hundredths / 100 / _PER_HOUR)


def _fewer(all_of_them: Sequence[Bar], least: int = 1) -> tuple[Bar, ...]:
    """Put neighbours together until they fit on a chart."""
    size = max(least, -(-len(all_of_them) // _MOST))
    rest = iter(all_of_them)
    parts = iter(lambda: tuple(islice(rest, size)), ())
    return tuple(_together(part) for part in parts)


def _together(part: Sequence[Bar]) -> Bar:
    return Bar(
        part[0].start,
        part[-1].end,
        sum(one.mentions for one in part),
        sum(one.complaints or 0 for one in part),
        sum(one.usual or 0.0 for one in part),
    )


def _linked(page: Page) -> tuple[Bar, ...]:
    incident = page.incident
    end = incident.resolved_at or page.record.as_of
    begin = incident.declared_at - max(_BEFORE, (end - incident.declared_at) / 4)
    posted = [one.posted_at for one in incident.mentions.values() if begin <= one.posted_at <= end]
    if not posted:
        return ()
    first = min(posted)
    size = next((one for one in _SIZES if (end - first) / one <= _FEW), _SIZES[-1])
    start = _floor(first, size, page)
    found = Counter((at - start) // size for at in posted)
    count = (max(end, max(posted)) - start) // size + 1
    return tuple(
        Bar(start + size * number, start + size * (number + 1), found[number])
        for number in range(count)
    )


def _floor(at: datetime, size: timedelta, page: Page) -> datetime:
    here = at.astimezone(page.zone).replace(tzinfo=None)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return at - (here - midnight) % size
