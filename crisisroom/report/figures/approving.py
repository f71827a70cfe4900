"""How long words of ours waited for those who agree to them."""

from __future__ import annotations

from datetime import datetime

from crisisroom.core.timeline import Entry
from crisisroom.report.figures.points import Point, Span

_ASKED = ("submitted", "revoked")  # taken back, the approval begins anew
_DECIDED = ("approved", "rejected", "released")
_OVER = ("edited", "withdrawn", "lapsed", "suspended")  # nobody is asked any more


class Approving:
    """The waits of whole approvals, and of their single steps."""

    kinds = frozenset(
        f"{sort}.{act}" for sort in ("statement", "reply") for act in (*_ASKED, *_DECIDED, *_OVER)
    )

    def __init__(self) -> None:
        self.whole: list[Span] = []
        self.steps: list[Span] = []
        self._asked: dict[str, Point] = {}
        self._step: dict[str, Point] = {}

    def take(self, entry: Entry, at: datetime) -> None:
        """Take a text that was handed in, decided on, or is not asked for any more."""
        act, name, point = entry.kind.partition(".")[2], entry.data["id"], Point(at, entry.seq)
        if act in _ASKED:
            self._asked[name] = self._step[name] = point
        elif act in _OVER:
            self._asked.pop(name, None)
            self._step.pop(name, None)
        elif name in self._asked:
            self._decided(name, entry, point)

    def _decided(self, name: str, entry: Entry, point: Point) -> None:
        complete = entry.data.get("complete", True)
        if complete or entry.data.get("step_done", True):
            self.steps.append(Span(self._step[name], point))
            self._step[name] = point
        if complete:
            self.whole.append(Span(self._asked.pop(name), point))
