"""The early warning from nothing, on the moments of real crises, next to a plain threshold.

`PYTHONPATH=.:tests python tests/bench/crises.py DIR`: DIR holds text files of UTC moments, one a
line. The onset is the first quarter of an hour that reaches a quarter of the highest. An event is
alerted by a warning from 6 hours before its onset to 15 minutes after; one before that is another.
The strict way: alerts earlier than an hour before the onset are others, unless the rule speaks
again from 30 minutes before to 15 minutes after.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from crisisroom.core.candidate import Heard
from crisisroom.core.detect import EarlyWarning, replay

Alerts = Callable[[list[float]], list[float]]
_QUARTER = 900
_BEFORE, _AFTER = 6 * 3600, 900  # seconds around the onset
_EARLY, _AGAIN = 3600, 1800  # the strict way
_PLAIN, _HOUR = 20, 3600  # the plain rule: so many in an hour, then six hours of quiet


def onset(moments: list[float]) -> float:
    """Return when a crisis began."""
    quarters = Counter(int(one // _QUARTER) for one in moments)
    high = max(quarters.values())
    return min(at for at, count in quarters.items() if count >= high / 4) * float(_QUARTER)


def ours(moments: list[float]) -> list[float]:
    """The shipped rule, listening from the first mention on."""
    times = [datetime.fromtimestamp(one, UTC) for one in moments]
    heard = ((Heard(posted_at=at, seen_at=at, source="file"), ()) for at in times)
    said = replay(EarlyWarning(), heard)
    return [one.at.timestamp() for one in said if one.kind != "ended"]


def plain(moments: list[float]) -> list[float]:
    """Twenty mentions in an hour, then six hours of quiet."""
    recent: deque[float] = deque()
    found: list[float] = []
    for one in moments:
        recent.append(one)
        while recent[0] <= one - _HOUR:
            recent.popleft()
        if len(recent) >= _PLAIN and (not found or one - found[-1] >= _BEFORE):
            found.append(one)
    return found


def strict(alerts: list[float], start: float) -> tuple[bool, int]:
    """Return whether an event is alerted within an hour of its onset, and the other alerts."""
    again = any(start - _AGAIN <= one < start + _AFTER for one in alerts)
    since = start - (_BEFORE if again else _EARLY)
    good = any(since <= one < start + _AFTER for one in alerts)
    return good, sum(one < since for one in alerts)


def report(name: str, alerts: Alerts, events: dict[str, list[float]], *, each: bool) -> bool:
    """Print how a rule does; return whether it reaches the figures."""
    began = time.process_time()
    found = {event: alerts(moments) for event, moments in events.items()}
    cost = (time.process_time() - began) / sum(map(len, events.values())) * 1e6
    missed, others, days, early = 0, 0, 0.0, []
    strictly, strict_others = 0, 0
    for event, moments in events.items():
        start = onset(moments)
        good = [one for one in found[event] if start - _BEFORE <= one < start + _AFTER]
        others += sum(one < start - _BEFORE for one in found[event])
        days += (start - moments[0]) / 86_400
        missed += not good
        told, wrong = strict(found[event], start)
        strictly, strict_others = strictly + told, strict_others + wrong
        early += [(good[0] - start) / 60] if good else []
        if each:
            print(f"  {event:32} {f'{(good[0] - start) / 60:+.0f} min' if good else 'missed'}")
    middle = sorted(early)[len(early) // 2] if early else 0.0
    print(
        f"{name:24} {len(events) - missed}/{len(events)} alerted, median {middle:+.0f} min;"
        f" {others / days:.2f} other alerts a day ({others} in {days:.0f} days);"
        f" {cost:.0f} us/mention"
    )
    print(
        f"{'':24} strictly {strictly}/{len(events)} alerted,"
        f" {strict_others / days:.2f} other alerts a day ({strict_others})"
    )
    return missed == 0 and others / days <= 0.2


def main() -> int:
    """Print a line for each rule; 1 where the shipped one misses its figures."""
    events = {
        file.stem: sorted(datetime.fromisoformat(one).timestamp() for one in lines)
        for file in sorted(Path(sys.argv[1]).glob("*.txt"))
        if (lines := file.read_text().split())
    }
    reached = report("early warning (shipped)", ours, events, each=True)
    report("20 in an hour", plain, events, each=False)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
