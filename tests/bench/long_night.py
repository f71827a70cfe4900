"""A very long crisis: an incident of some 20,000 entries, the same for the same number."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
from core.night import START, plan

from crisisroom.core.canonical import text_hash
from crisisroom.core.timeline import GENESIS, Entry, seal, stamp

UID = "01939f00-0000-7000-8000-0000000000aa"
PEOPLE = ("ada", "bo", "cy", "dee")
WORDS = tuple(
    "we see your report the refund is on its way thank you for telling us today soon".split()  # noqa: SIM905 - shorter
)

Act = tuple[str, str, dict[str, Any]]


class LongNight:
    """Makes the acts of a long crisis: posts, answers, statements, notes, facts, counts."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._mentions = itertools.count(1)
        self._replies = itertools.count(1)
        self._statements = itertools.count(1)
        self._hours = itertools.count(0)
        self._linked: list[tuple[str, str, str]] = []

    def words(self, least: int = 8, most: int = 40) -> str:
        """Return some words."""
        return " ".join(self._random.choices(WORDS, k=self._random.randint(least, most)))

    def acts(self, number: int) -> Iterator[Act]:
        """Yield so many acts, or a few more."""
        yield "role.taken", "took Crisis lead", {"role": "lead", "person": "ada", "was": ""}
        done = 1
        while done < number:
            for act in self._hour():
                done += 1
                yield act

    def _hour(self) -> Iterator[Act]:
        for _ in range(60):
            yield self._post()
        for _ in range(20):
            uid, name, _ = self._random.choice(self._linked)
            data = {"mention": uid, "state": "claimed", "assignee": "bo"}
            yield "mention.triaged", f"took {name}", data
        for _ in range(12):
            yield from self._answer()
        for _ in range(25):
            words = self.words()
            yield "note.added", words, {"words": words}
        yield "fact.set", "set how many", self._fact()
        yield "decision.made", "decided", {"words": self.words(), "why": self.words()}
        yield from self._statement()
        yield "volume.counted", "counted what was said", {"rows": [self._volume()]}

    def _post(self) -> Act:
        number = next(self._mentions)
        uid, name, handle = f"m-{number:012x}", f"M-{number}", f"@person{number % 4000}"
        self._linked.append((uid, name, handle))
        data = {
            "mention": uid,
            "id": name,
            "source": "mastodon",
            "external_id": f"{number}",
            "handle": handle,
            "name": f"Person {number % 4000}",
            "reach": number % 997,
            "seen_at": stamp(START),
            "revision": 1,
            "quote": self.words(),
            "url": f"https://social.example/{number}",
            "posted_at": stamp(START + timedelta(seconds=30 * number)),
            "state": "new",
            "assignee": "",
        }
        return "mention.linked", f"added {name} by {handle}", data

    def _answer(self) -> Iterator[Act]:
        uid, mention, handle = self._random.choice(self._linked)
        name = f"R-{next(self._replies)}"
        more = {"mention": uid, "mention_id": mention, "handle": handle, "kind": "reply"}
        yield from self._life("reply", name, more)

    def _statement(self) -> Iterator[Act]:
        name = f"ST-{next(self._statements)}"
        more = {"mention": "", "mention_id": "", "handle": "", "kind": "update"}
        yield from self._life("statement", name, more)

    def _life(self, sort: str, name: str, more: dict[str, Any]) -> Iterator[Act]:
        text = self.words(20, 60)
        said = {"id": name, "sha256": text_hash(text)}
        drafted = said | more | {"words": text, "audience": "public", "template": "update"}
        drafted |= {"channel": "web", "approval": "words", "uses": [], "verbatim": False}
        yield f"{sort}.drafted", f"drafted {name}", drafted | {"promises": None}
        asked = said | {"version": 1, "approval": "words", "promises": None}
        yield f"{sort}.submitted", f"handed in {name}", asked
        verdict = said | {"version": 1, "step": "words", "verdict": "approved", "words": ""}
        verdict |= {"rung": 1, "alone": False, "complete": True, "roles": ["legal"]}
        yield f"{sort}.approved", f"approved {name}", verdict
        way = {"id": name, "channel": "web", "key": f"k-{name}", "words": ""}
        yield f"{sort}.queued", f"queued {name}", way
        yield f"{sort}.sending", f"sending {name}", way | {"try": 1, "owner": "h:1:1"}
        found = {"remote_id": name, "remote_url": f"https://social.example/us/{name}"}
        yield f"{sort}.sent", f"sent {name}", way | found

    def _fact(self) -> dict[str, Any]:
        value = f"{self._random.randint(1, 9000)}"
        return {"fact": "affected", "state": "known", "value": value, "words": "billing"}

    def _volume(self) -> dict[str, Any]:
        start = START + timedelta(hours=next(self._hours))
        mentions = self._random.randint(40, 400)
        return {
            "start": stamp(start),
            "seconds": 3600,
            "mentions": mentions,
            "complaints": mentions // 3,
            "usual_hundredths": 1200,
            "sources": {"mastodon": mentions // 2, "bluesky": mentions - mentions // 2},
        }


def long_night(number: int = 20_000, seed: int = 7) -> Iterator[Entry]:
    """Yield the entries of the crisis: sealed, chained, half a minute apart."""
    maker, salts, previous = LongNight(seed), itertools.count(1), GENESIS
    opening: dict[str, Any] = {
        "id": "INC-1",
        "title": "A very long night",
        "severity": "sev2",
        "drill": False,
        "zone": "Europe/Berlin",
        "brand": "Kessel",
        "plan": msgspec.to_builtins(plan()),
        "playbook": {"id": "night", "version": 1, "sha256": "0" * 64},
        "moments": {"press": "2026-11-21T06:30:00.000Z"},
        "answers": {},
    }
    opened: Act = ("incident.declared", "declared the incident", opening)
    for seq, (kind, text, data) in enumerate(itertools.chain([opened], maker.acts(number)), 1):
        at = START + timedelta(seconds=30 * seq)
        entry = Entry(
            chain=UID,
            seq=seq,
            uid=f"01939f00-0000-7000-9000-{seq:012x}",
            kind=kind,
            at=at,
            recorded_at=at,
            actor=PEOPLE[seq % len(PEOPLE)],
            text=text,
            data=msgspec.json.decode(msgspec.json.encode(data)),
            prev_hash=previous,
        )
        sealed = seal(entry, lambda: f"{next(salts):032x}")
        previous = sealed.hash
        yield sealed
