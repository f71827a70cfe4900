"""A night in the making, and what becomes of words in it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from core.night import Night
from report.whole_plan import Secret, playbook, secrets

from crisisroom.core.canonical import text_hash
from crisisroom.core.naming import new_id
from crisisroom.core.timeline import Draft, Entry, seal, stamp
from crisisroom.report.model import Record, record

UID = "01939f00-0000-7000-8000-000000000009"


class Words(Night):
    """A night in the making; every act takes place some seconds after the one before."""

    def __init__(self, secret: Secret | None = None, pace: Sequence[int] = (), **data: Any) -> None:
        self.secret = secret or secrets()
        self.plan = playbook(self.secret)
        self._pace = itertools.cycle(pace or (97,))
        self._numbers = itertools.count(1)
        self.people = [f"{new_id(self.secret(), 'p', ())}-{number}" for number in range(4)]
        opening: dict[str, Any] = {
            "id": "INC-9",
            "title": f"Trouble with {self.people[1]}",
            "severity": "sev2",
        }
        opening |= {"answers": {"harm": "yes", "truth": "unknown"}, "moments": {}} | data
        super().__init__(self.plan, **opening)

    def act(self, kind: str, who: int = 0, seconds: int | None = None, /, **data: Any) -> None:
        """Let somebody act after a while; the entry's text is a secret."""
        self.now += timedelta(seconds=next(self._pace) if seconds is None else seconds)
        self.look()
        before = self.state
        self._write([Draft(kind=kind, text=self.secret(), data=data)], self.people[who])
        self._follow(before)

    def right(self, seq: int, words: str = "", at: datetime | None = None) -> int:
        """Correct what an entry says, or when it was; the number of the entry that does."""
        self.now += timedelta(seconds=next(self._pace))
        self.look()
        data = {"words": words} | ({"at": stamp(at)} if at else {})
        draft = Draft(kind="entry.corrected", text=self.secret(), data=data, corrects=seq)
        before = self.state
        self._write([draft], self.people[0])
        self._follow(before)
        return max(one.entry for one in self.state.corrected.values())

    @property
    def sealed(self) -> tuple[Entry, ...]:
        """Return the entries as the store would keep them: sealed and chained."""
        kept: list[Entry] = []
        salts = itertools.count(1)
        for entry in self.entries:
            data = msgspec.json.decode(msgspec.json.encode(entry.data))
            fresh = msgspec.structs.replace(
                entry,
                chain=UID,
                uid=f"01939f00-0000-7000-9000-{entry.seq:012x}",
                data=data,
                text=f"{entry.text} {self.secret()}" if entry.actor == "room" else entry.text,
                prev_hash=kept[-1].hash if kept else "0" * 64,
                hash="",
            )
            kept.append(seal(fresh, lambda: f"{next(salts):032x}"))
        return tuple(kept)

    @property
    def record(self) -> Record:
        """Return the record of the night so far."""
        return record(self.sealed)

    def mention(self) -> str:
        number = next(self._numbers)
        uid = f"01939f00-0000-7000-a000-{number:012x}"
        self.act(
            "mention.linked",
            mention=uid,
            id=f"M-{number}",
            source="mastodon",
            external_id=self.secret(),
            handle=f"@{new_id(self.secret(), 'h', ())}",
            name=self.secret(),
            reach=12,
            seen_at=stamp(self.now),
            revision=1,
            quote=self.secret(),
            url=f"https://social.example/{new_id(self.secret(), 'u', ())}",
            posted_at=stamp(self.now - timedelta(minutes=9)),
            state="new",
            assignee="",
            sha256=f"{number:064x}",
        )
        return uid

    def statements(self) -> None:
        self._lives("statement")

    def replies(self) -> None:
        self._lives("reply")

    def _lives(self, sort: str) -> None:
        """Let four texts live: sent after two steps, released, lapsed, and withdrawn."""
        first = self._drafted(sort, self.secret())
        self._asked(first, "rejected")
        self._written(first, f"{sort}: we know what happened, {self.handle}.")
        self._asked(first, "approved", step_done=True, complete=False, roles=["legal"])
        self._said(first, "approved", 1, rung=2, complete=True, roles=["lead"])
        self._said(first, "revoked")
        self._said(first, "approved", complete=True)
        self._sent(first)
        second = self._drafted(sort, f"{sort}: help is on its way.")
        self._said(second, "released", 1)
        self._sent(second)
        third = self._drafted(sort, self.secret())
        self._asked(third, "approved", complete=True)
        self.act(f"{sort}.lapsed", id=third, words=self.secret())
        self.act(f"{sort}.withdrawn", id=third, words=self.secret())

    @property
    def handle(self) -> str:
        """Return the handle of the newest stranger, or how nobody is called."""
        return next((one.handle for one in reversed(self.state.mentions.values())), "all")

    def _drafted(self, sort: str, text: str) -> str:
        count = len(self.state.statements if sort == "statement" else self.state.replies) + 1
        name = f"{'ST' if sort == 'statement' else 'R'}-{count}"
        mention = self.mention() if sort == "reply" else ""
        linked = self.state.mentions.get(mention)
        self.act(
            f"{sort}.drafted",
            id=name,
            kind="update" if sort == "statement" else "reply",
            words=text,
            sha256=text_hash(text),
            audience="public",
            template="update" if sort == "statement" else "",
            mention=mention,
            mention_id=linked.id if linked else "",
            handle=linked.handle if linked else "",
            channel="web",
            approval="words",
            uses=["refund"],
            verbatim=False,
            promises=stamp(self.now + timedelta(hours=1)),
        )
        return name

    def _written(self, name: str, text: str) -> None:
        words = self._words(name)
        self.act(
            f"{words.sort}.edited",
            id=name,
            words=text,
            sha256=text_hash(text),
            version=words.version + 1,
            approval="words",
            uses=[*(one.id for one in self.state.plan.key_messages)],
            verbatim=False,
            promises=None,
        )

    def _words(self, name: str) -> Any:
        return self.state.words(name)

    def _asked(self, name: str, verdict: str, **more: Any) -> None:
        words = self._words(name)
        said = {"id": name, "version": words.version, "sha256": words.sha256}
        self.act(f"{words.sort}.submitted", **said, approval="words", promises=None)
        self._said(name, verdict, **more)

    def _said(self, name: str, verdict: str, who: int = 2, **more: Any) -> None:
        words = self._words(name)
        said = {"id": name, "version": words.version, "sha256": words.sha256, "step": "words"}
        said |= {"verdict": verdict, "words": self.secret(), "rung": 1, "alone": False}
        self.act(f"{words.sort}.{verdict}", who, **said | more)

    def _sent(self, name: str) -> None:
        """Let a text go out at the third try."""
        sort = self._words(name).sort
        way = {"id": name, "channel": "web", "key": self.secret(), "words": self.secret()}
        self.act(f"{sort}.queued", **way)
        for step in ("failed", "unknown", "sent"):
            self.act(f"{sort}.sending", **way, **{"try": 1, "owner": self.secret()})
            url = "" if sort == "statement" else f"https://social.example/{self.people[0]}"
            found = {"remote_id": self.secret(), "remote_url": url} if step == "sent" else {}
            self.act(f"{sort}.{step}", **way, **found)
