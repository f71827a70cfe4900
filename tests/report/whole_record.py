"""What a night leaves of the record itself: pins, evidence, the hold, the review, counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from report.whole_said import Said

from crisisroom.core.timeline import stamp


class Recorded(Said):
    """A night in the making, with everything that is said of its own record."""

    def entries_(self) -> None:
        self.act("entry.pinned", entry=1)
        self.act("entry.pinned", entry=2)
        self.act("entry.unpinned", entry=1)
        self.act("entry.marked", entry=2, visibility="legal", words=self.secret())
        self.act("words.erased", entries=[1], words=self.secret())

    def access(self) -> None:
        self.act("access.restricted", people=list(self.people[:3]), words=self.secret())
        self.act("access.lifted", words=self.secret())

    def evidence(self) -> None:
        kept: dict[str, Any] = {"size": 9, "media": "image/png", "sort": "picture"}
        for number, mention in enumerate((self.mention(), ""), 1):
            named = {"name": self.secret(), "url": self.secret(), "mention": mention}
            self.act("evidence.kept", sha256=f"{number:064}", **kept, **named)
        self.act("hold.set", words=self.secret())
        self.act("hold.lifted", words=self.secret())
        self.act("hold.set", words=self.secret())

    def volumes(self) -> None:
        start = stamp(self.now.replace(minute=0, second=0, microsecond=0))
        row: dict[str, Any] = {"start": start, "seconds": 3600, "sources": {"masto": 7}}
        for mentions in (7, 9):
            counted = row | {"mentions": mentions, "complaints": 3, "usual_hundredths": 40}
            self.act("volume.counted", rows=[counted | {"slots": [[0, mentions, 3]]}])

    def offers(self) -> None:
        offered: dict[str, Any] = {"role": "social", "person": self.people[2], "tasks": []}
        self.act("role.offered", 3, **offered, words=self.secret())
        self.act("role.declined", 2, role="social", words=self.secret())
        self.act("role.offered", 3, **offered | {"tasks": ["pause"]}, words=self.secret())
        self.act("role.offered", 0, **offered | {"role": "legal"}, words=self.secret())
        was = {"person": self.people[2], "was": self.people[3]}
        self.act("role.handed", 2, role="social", words="", tasks=["pause"], **was)

    def paged(self) -> None:
        told: dict[str, Any] = {"pages": ["PAGE-1"], "person": self.people[1]}
        way: dict[str, Any] = {"way": "ntfy", "kinds": ["approval"], "outcome": "sent"}
        failed = [{"way": "mail", "reason": self.secret()}]
        self.act("page.sent", **told, **way, failed=failed, drill=False)
        self.act("page.acknowledged", **told, via="ntfy", words=self.secret())
        people = [{"name": self.people[1]}]
        self.act("page.unanswered", pages=["PAGE-1"], people=people)

    def looked_at(self) -> None:
        self.act("review.written", section="summary", words=self.secret())
        self.act("review.state", state="in_review")
        for number in (1, 2):
            words = self.secret()
            self.act("factor.added", factor=f"F-{number}", words=words, sort="contributed")
        self.act("factor.dropped", factor="F-1", words=self.secret())
        item: dict[str, Any] = {"owner": self.people[1], "due": "2026-12-01", "kind": "detect"}
        for name in ("A-100", "A-101"):
            said = {"title": f"Ask {self.people[3]}", "url": self.secret(), "narrative": "N-1"}
            self.act("action.added", action=name, **item, **said)
        self.act("action.changed", action="A-100", title="Ask", url=self.secret())
        self.act("action.reminded", action="A-100", due=stamp(self.now + timedelta(days=1)))
        self.act("action.dropped", action="A-101", words=self.secret())
        self.act("action.reopened", action="A-101")
