"""What a night leaves beside the words themselves: lines, promises, pauses, corrections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from report.whole_words import Words

from crisisroom.core.timeline import stamp


class Said(Words):
    """A night in the making, with everything that words bring with them."""

    def lines(self) -> None:
        for narrative, id_ in (("n-uid-1", "N-1"), ("", "")):
            self.act("line.set", narrative=narrative, id=id_, line="monitor", words=self.secret())
        self.act("line.cleared", narrative="", id="", words=self.secret())

    def promises(self) -> None:
        mention = self.mention()
        for number in (1, 2):
            self.act(
                "promise.made",
                promise=f"P-{number}",
                reply="R-1",
                mention=mention,
                words=self.secret(),
                due_at=stamp(self.now + timedelta(hours=2)),
                owner=self.people[1],
                url=f"https://desk.example/{self.secret().replace(' ', '')}",
            )
        self.act("promise.kept", promise="P-1", words=self.secret())
        self.act("promise.dropped", promise="P-2", words=self.secret())
        self.act("mention.triaged", mention=mention, state="offline", assignee=self.people[0])
        self.act("mention.closed", mention=mention, words=self.secret())

    def pauses(self) -> None:
        item = {
            "id": "ads",
            "title": "Advertisements",
            "kind": "ads",
            "owner": self.people[1],
            "backup": "",
            "hook": "ads",
            "detail": "in the tool",
        }
        self.act("pause.listed", items=[item])
        self.act("pause.set", item="ads", state="paused", words=self.secret(), by_hook=True)
        self.act("pause.set", item="ads", state="resumed", words=self.secret(), by_hook=False)

    def many(self) -> None:
        begun: dict[str, Any] = {"narrative": "n-uid-1", "id": "N-1", "uses": "refund"}
        self.act("bulk.begun", bulk="B-1", replies=3, **begun)
        self.act("bulk.stopped", bulk="B-1", words=self.secret())
        self.act("bulk.resumed", bulk="B-1", words="")

    def asked(self) -> None:
        for number in (1, 2):
            self.act(
                "approval.asked",
                ask=f"K-{number}",
                id="ST-1",
                sha256="0" * 64,
                contact="authority",
                name=self.secret(),
                roles=["legal"],
                way="email",
                salt="00",
                digest="11",
                expires_at=stamp(self.now + timedelta(hours=2)),
            )
        self.act("approval.wrong", ask="K-1", void=False)
        self.act("approval.void", ask="K-2")

    def questions(self) -> None:
        for number, about in ((1, "ST-1"), (2, "")):
            whom = {"person": self.people[1]}
            name = f"Q-{number}"
            self.act("question.asked", question=name, id=about, words=self.secret(), **whom)
        self.act("question.answered", question="Q-1", words=self.secret())

    def stop(self) -> None:
        self.act("outgoing.because", words=self.secret())
        self.act("outgoing.stopped", words="")
        self.act("outgoing.because", words=self.secret())
        self.act("outgoing.resumed", words=self.secret())

    def moves(self) -> None:
        """Let a fact move under words that are out, and under words that are not."""
        self.act("fact.moved", fact="count")
        self.act("wording.upheld", uses="refund", words=self.secret())
        for sort in ("statement", "reply"):
            self._moved(sort)

    def _moved(self, sort: str) -> None:
        out = self._drafted(sort, f"{sort}: as we know.")
        self._said(out, "released", 1)
        self._sent(out)
        moved: dict[str, Any] = {
            "fact": "count",
            "label": "Count",
            "before": {"value": self.secret()},
            "after": {"value": self.secret()},
            "words": "",
        }
        self.act(f"{sort}.owed", id=out, **moved)
        self.act(f"{sort}.settled", id=out, how="stands", words=self.secret())
        held = self._drafted(sort, self.secret())
        self.act(f"{sort}.suspended", id=held, **moved)
        facts = [{"fact": "count", "value": self.secret()}]
        self.act(f"{sort}.upheld", id=held, facts=facts, words=self.secret())
        self._taken_back(sort, out)

    def _taken_back(self, sort: str, name: str) -> None:
        way: dict[str, Any] = {
            "id": name,
            "channel": "web",
            "key": self._words(name).sends["web"].key,
        }
        self.act(f"{sort}.retracting", **way, words=self.secret())
        self.act(f"{sort}.kept", **way, words=self.secret())
        self.act(f"{sort}.retracting", **way, words=self.secret())
        self.act(f"{sort}.retracted", **way, words=self.secret())
        parts = self._drafted(sort, f"{sort}: said in parts.")
        way = way | {"id": parts, "key": "p"}
        self.act(f"{sort}.queued", **way, words="")
        self.act(f"{sort}.sending", **way, **{"try": 1, "owner": "h:1:1"})
        self.act(f"{sort}.part", **way, part=1, remote_id=self.secret(), remote_url="", words="")
        self.act(f"{sort}.sent", **way, remote_id=self.secret(), remote_url="", words="")
