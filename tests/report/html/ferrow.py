"""A night at Ferrow, told as a team tells it: payments taken twice, seen, said and mended."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from core.night import Night, plan
from report.html.ferrow_plan import ANSWERS, HOLDING, OVER, PLAN, QUOTES, UPDATE

from crisisroom.core.apply import apply
from crisisroom.core.canonical import text_hash
from crisisroom.core.timeline import Draft, Entry, seal, stamp
from crisisroom.report.model import Record, record

UID = "01939f00-0000-7000-8000-000000000031"
SOURCES = ("mastodon", "bluesky", "reviews", "mail")
NAMES = (
    "pat",
    "kiri",
    "joao",
    "mette",
    "sam",
    "lene",
    "omar",
    "vera",
    "tove",
    "ines",
    "noor",
    "ed",
)
VOLUME = (4, 3, 5, 41, 128, 96, 71, 40, 22, 12, 9, 6, 5, 4)


class Ferrow(Night):
    """The night; minutes are counted from the declaration, Sunday 03:12 in Berlin."""

    def __init__(self, **data: Any) -> None:
        self._random = random.Random(22)
        self._numbers = itertools.count(1)
        self._posts: list[tuple[str, str, str]] = []
        self.entries = []
        self.now = BEGIN
        opening: dict[str, Any] = {
            "id": "INC-7",
            "title": "Customers charged twice in the night",
            "severity": "sev2",
            "drill": False,
            "zone": "Europe/Berlin",
            "brand": "Ferrow",
            "plan": msgspec.to_builtins(plan(PLAN)),
            "playbook": {"id": "billing-error", "version": 3, "sha256": "5e" * 32},
            "answers": {"harm": "yes", "truth": "yes"},
            "moments": {},
        }
        text = "declared Customers charged twice in the night"
        kind = "incident.declared"
        first = self._entry(Draft(kind=kind, text=text, data=opening | data))
        self.state = apply(None, first)
        self._follow(None)

    def act(self, minute: float, who: str, kind: str, text: str, /, **data: Any) -> int:
        """Let somebody act, and return the number of the entry."""
        self.now = BEGIN + timedelta(minutes=minute)
        self.look()
        before, seq = self.state, len(self.entries) + 1
        corrects = data.pop("corrects", None)
        self._write([Draft(kind=kind, text=text, data=data, corrects=corrects)], who)
        self._follow(before)
        return seq

    def post(self, minute: float, linked: float) -> None:
        """Let somebody complain, and let it be linked some time later."""
        number = next(self._numbers)
        uid, name = f"01939f00-0000-7000-a000-{number:012x}", f"M-{number}"
        handle = f"@{NAMES[number % len(NAMES)]}{number}@social.example"
        quote = QUOTES[number % len(QUOTES)].format(n=self._random.choice((19, 24, 49, 89)))
        source = SOURCES[min(number % 7, 3)]
        self._posts.append((uid, name, handle))
        self.act(
            linked,
            "bo",
            "mention.linked",
            f"added {name} by {handle}",
            mention=uid,
            id=name,
            source=source,
            external_id=f"{number}",
            handle=handle,
            name=f"{NAMES[number % len(NAMES)].title()} {number}",
            reach=number * 37 % 2100,
            seen_at=stamp(BEGIN + timedelta(minutes=minute + 1)),
            revision=1,
            quote=quote,
            url=f"https://social.example/{handle[1:].split('@')[0]}/{number}",
            posted_at=stamp(BEGIN + timedelta(minutes=minute)),
            state="new",
            assignee="",
            sha256=text_hash(quote),
        )

    def know(
        self, minute: float, who: str, fact: str, value: str, source: str, state: str = "known"
    ) -> None:
        label = self.state.facts[fact].label
        said = {"fact": fact, "state": state, "value": value, "words": source}
        self.act(minute, who, "fact.set", f"{label}: {value or state}", **said)

    def tick(self, minute: float, who: str, task: str, words: str = "") -> None:
        """Let somebody do a task."""
        title = self.state.tasks[task].title
        self.act(minute, who, "task.done", f"done: {title}", task=task, words=words)

    def draft(self, minute: float, who: str, name: str, kind: str, text: str, **more: Any) -> None:
        """Let somebody write a statement or a reply."""
        sort = "statement" if name.startswith("ST-") else "reply"
        about = {"mention": "", "mention_id": "", "handle": "", "channel": "web"} | more
        said = {"id": name, "kind": kind, "words": text, "sha256": text_hash(text)}
        rest: dict[str, Any] = {
            "audience": "public",
            "template": "holding",
            "approval": "words" if sort == "statement" else "",
            "uses": [],
            "verbatim": False,
            "promises": None,
        }
        self.act(minute, who, f"{sort}.drafted", f"drafted {name}", **said | about | rest)

    def edit(self, minute: float, who: str, name: str, version: int, text: str) -> None:
        """Let somebody write another version."""
        said = {"id": name, "words": text, "sha256": text_hash(text), "version": version}
        more = {"approval": "words", "uses": [], "verbatim": False, "promises": None}
        self.act(
            minute, who, "statement.edited", f"wrote version {version} of {name}", **said, **more
        )

    def judge(
        self, minute: float, who: str, name: str, verdict: str, why: str, **more: Any
    ) -> None:
        """Let somebody agree to a text, or send it back."""
        words = self.state.statements[name]
        if words.state != "submitted":
            asked = {"id": name, "version": words.version, "sha256": words.sha256}
            text = f"handed in {name}"
            self.act(
                minute - 4,
                "bo",
                "statement.submitted",
                text,
                **asked,
                approval="words",
                promises=None,
            )
        said = {"id": name, "version": words.version, "sha256": words.sha256, "step": "words"}
        said |= {"verdict": verdict, "words": why, "rung": 1, "alone": False, "complete": True}
        told = f"{verdict} {name}{': ' if why else ''}{why}"
        self.act(minute, who, f"statement.{verdict}", told, **said | more)

    def send(self, minute: float, name: str, *channels: str) -> None:
        """Let a text go out."""
        sort = "statement" if name.startswith("ST-") else "reply"
        for channel in channels:
            way = {"id": name, "channel": channel, "key": f"{name}-{channel}", "words": ""}
            self.act(minute, "bo", f"{sort}.queued", f"sends {name} on {channel}", **way)
            tried = way | {"try": 1, "owner": "host:1:1"}
            self.act(minute, "room", f"{sort}.sending", f"sending {name} on {channel}", **tried)
            url = f"https://{channel}.example/{name.lower()}"
            sent = way | {"remote_id": name, "remote_url": url}
            verb = "published" if sort == "statement" else "answered with"
            self.act(minute + 0.2, "room", f"{sort}.sent", f"{verb} {name} on {channel}", **sent)

    def answer(self, minute: float, number: int) -> None:
        """Let somebody be answered."""
        uid, mention, handle = self._posts[number - 1]
        name = f"R-{len(self.state.replies) + 1}"
        text = ANSWERS[number % 2].format(handle=handle)
        more = {"mention": uid, "mention_id": mention, "handle": handle, "channel": "social"}
        self.draft(minute, "bo", name, "reply", text, **more)
        self.send(minute + 1.5, name, "social")

    @property
    def record(self) -> Record:
        """Return the night as the store would keep it: sealed and chained."""
        kept: list[Entry] = []
        salts = itertools.count(1)
        for entry in self.entries:
            fresh = msgspec.structs.replace(
                entry,
                chain=UID,
                uid=f"01939f00-0000-7000-9000-{entry.seq:012x}",
                data=msgspec.json.decode(msgspec.json.encode(entry.data)),
                prev_hash=kept[-1].hash if kept else "0" * 64,
                hash="",
            )
            kept.append(seal(fresh, lambda: f"{next(salts):032x}"))
        return record(kept)


BEGIN = datetime(2026, 11, 22, 2, 12, tzinfo=UTC)  # Sunday, 03:12 in Berlin


def ferrow(**data: Any) -> Record:
    """Return the whole night, reviewed afterwards."""
    night = Ferrow(**data)
    _heard(night)
    _first(night)
    _said(night)
    _answered(night)
    _over(night)
    _after(night)
    return night.record


def _heard(night: Ferrow) -> None:
    start = BEGIN
    night.act(
        0.2,
        "room",
        "candidate.raised",
        "declared on early warning C-3",
        candidate="c-uid",
        id="C-3",
        level="crisis",
        reason="9 people complain on 3 sources",
        observed=9,
        expected_hundredths=40,
        window_minutes=20,
        authors=9,
        sources=3,
        narratives=["N-1"],
        suggested_playbook="billing-error",
        raised_at=stamp(start - timedelta(minutes=4)),
    )
    for number, (title, many) in enumerate((("charged twice", 212), ("overdrawn, rent", 31)), 1):
        night.act(
            0.5,
            "ada",
            "narrative.linked",
            f"added story N-{number}: {title}",
            narrative=f"n-uid-{number}",
            id=f"N-{number}",
            quote=title,
            mentions=many,
            authors=many - 9,
            sources=["mastodon", "bluesky"],
            first_at=stamp(start - timedelta(minutes=50)),
            last_at=stamp(start + timedelta(minutes=200)),
        )
    for number in range(9):
        night.post(number * 3.1 - 42, 1 + number * 0.1)


def _first(night: Ferrow) -> None:
    for minute, who, role, title in (
        (1.5, "ada", "lead", "Crisis lead"),
        (2.5, "bo", "social", "Social officer"),
        (9, "cleo", "legal", "Legal"),
        (14, "kim", "finance", "Billing and payments"),
    ):
        night.act(minute, who, "role.taken", f"took {title}", role=role, person=who, was="")
    pause = {"id": "ads", "title": "Advertisements", "kind": "ads", "owner": "bo", "backup": ""}
    night.act(
        3,
        "room",
        "pause.listed",
        "what speaks for us by itself",
        items=[pause | {"hook": "", "detail": ""}],
    )
    night.act(
        4,
        "bo",
        "pause.set",
        "paused Advertisements",
        item="ads",
        state="paused",
        words="in the ad tool",
        by_hook=False,
    )
    night.tick(4.5, "bo", "pause", "eleven posts and two campaigns rest")
    night.know(6, "ada", "what", "some payments were taken twice", "two accounts, looked at")
    night.know(7, "ada", "affected", "40", "guess from the posts", "checking")
    call = {"contact": "grace", "name": "Grace Hale", "way": "phone"}
    night.act(
        8,
        "ada",
        "contact.called",
        "called Grace Hale: no answer",
        reached=False,
        outcome="no-answer",
        words="",
        **call,
    )
    night.act(
        12,
        "ada",
        "contact.called",
        "reached Grace Hale",
        reached=True,
        outcome="reached",
        words="brings Kim in",
        **call,
    )
    night.know(16, "kim", "stopped", "yes", "switched the run off, Grace looked")
    night.tick(17, "kim", "stop", "run 4471 cancelled at 03:28")
    night.know(18, "kim", "aware", stamp(BEGIN + timedelta(minutes=6)), "the second account")
    night.tick(19, "ada", "sheet")
    night.know(24, "kim", "affected", "1900", "payment provider's list")
    for number in range(12):
        night.post(number * 2.3 - 6, 20 + number * 0.2)
    night.act(
        26,
        "ada",
        "decision.made",
        "Say that the mistake is ours before the cause is known",
        words="Say that the mistake is ours before the cause is known",
        why="two accounts prove it, and people are overdrawn already",
        options=[
            {"words": "wait for the cause, about an hour"},
            {"words": "say only that we look into it"},
        ],
    )
    words = {"severity": "sev1", "was": "sev2", "words": "people are overdrawn, rent is due"}
    night.act(28, "ada", "incident.severity", "severity SEV1: people are overdrawn", **words)


def _said(night: Ferrow) -> None:
    night.draft(10, "bo", "ST-1", "holding", HOLDING[0])
    night.judge(18, "cleo", "ST-1", "rejected", "no technical fault: we do not know that")
    night.edit(20, "bo", "ST-1", 2, HOLDING[1])
    night.edit(22, "bo", "ST-1", 3, HOLDING[2])
    night.judge(27, "cleo", "ST-1", "approved", "", complete=False, step_done=True, roles=["legal"])
    night.judge(29, "ada", "ST-1", "approved", "", rung=2, roles=["lead"])
    night.send(30, "ST-1", "web", "social")
    night.tick(31, "bo", "holding")


def _answered(night: Ferrow) -> None:
    for number in range(14):
        night.post(22 + number * 6.2, 40 + number * 6)
    for step, number in enumerate((1, 2, 4, 5, 6, 7, 11, 12, 16, 20, 24, 27)):
        night.answer(38 + step * 5.5, number)
    night.act(
        41,
        "cleo",
        "enquiry.added",
        "EQ-1 by Daily Courier",
        enquiry="EQ-1",
        sort="media",
        outlet="Daily Courier",
        name="R. Moss",
        to="r.moss@courier.example",
        quote="How many customers are concerned, and when will they have their money back?",
        due_at=stamp(BEGIN + timedelta(minutes=120)),
    )
    night.tick(52, "ada", "phone", "six lines, text by heart")
    night.tick(58, "kim", "need", "31 people, paid out by hand")
    night.know(61, "kim", "affected", "2340", "payment provider's final list", "changed")
    night.know(63, "kim", "refund", "Tuesday, 24 November", "bank and provider in writing")
    night.draft(64, "bo", "ST-2", "update", UPDATE[0])
    night.edit(66, "bo", "ST-2", 2, UPDATE[1])
    night.judge(74, "cleo", "ST-2", "approved", "", complete=False, step_done=True, roles=["legal"])
    night.judge(76, "ada", "ST-2", "approved", "", rung=2, roles=["lead"])
    night.send(77, "ST-2", "web", "social")
    said = "2,340 people; their money is back by Tuesday, 24 November."
    night.act(92, "cleo", "enquiry.answered", "answered EQ-1", enquiry="EQ-1", words=said)
    hand = {
        "role": "lead",
        "person": "dana",
        "was": "ada",
        "words": "refund runs, press is quiet",
        "tasks": [],
    }
    night.act(121, "dana", "role.handed", "took Crisis lead over from ada", **hand)


def _over(night: Ferrow) -> None:
    words = {"severity": "sev2", "was": "sev1", "words": "stopped, and nobody waits in need"}
    night.act(126, "dana", "incident.severity", "severity SEV2: nobody waits in need", **words)
    night.act(
        131,
        "cleo",
        "deadline.met",
        "met: Report the payment incident",
        deadline="payments",
        words="by the authority's form, 05:23",
    )
    note = night.act(
        133,
        "bo",
        "note.added",
        "the shop's banner still says sale",
        words="the shop's banner still says sale",
    )
    fixed = {
        "words": "the shop's banner said sale until 05:20",
        "at": stamp(BEGIN + timedelta(minutes=128)),
    }
    night.act(135, "bo", "entry.corrected", f"entry {note}: until 05:20", corrects=note, **fixed)
    night.act(
        138,
        "dana",
        "task.skipped",
        "skipped: Check the shop's own banner",
        task="shop",
        words="seen at 05:20",
    )
    night.know(140, "kim", "cause", "A payment run was started twice by hand", "the run's own log")
    night.draft(141, "bo", "ST-3", "resolution", OVER[0])
    night.judge(
        150, "cleo", "ST-3", "approved", "", complete=False, step_done=True, roles=["legal"]
    )
    night.judge(152, "dana", "ST-3", "approved", "", rung=2, roles=["lead"])
    night.send(153, "ST-3", "web", "social")
    night.tick(160, "bo", "watch")
    night.tick(170, "bo", "thank")
    rows = [
        {
            "start": stamp(BEGIN.replace(minute=0) + timedelta(hours=number - 3)),
            "seconds": 3600,
            "mentions": many,
            "complaints": int(many * 0.6),
            "usual_hundredths": 300 + 40 * number,
            "sources": {"mastodon": many // 2, "bluesky": many - many // 2},
            "slots": [*_slots(many)],
        }
        for number, many in enumerate(VOLUME[:8])
    ]
    night.act(178, "room", "volume.counted", "counted what was said", rows=rows)
    night.act(
        179,
        "dana",
        "incident.resolved",
        "resolved: back under the usual",
        words="back under the usual",
    )


def _slots(many: int) -> Iterator[list[int]]:
    """Yield an hour's posts in stretches of five minutes, most of them in its middle."""
    rest = many
    for number in range(12):
        share = rest if number == 11 else min(rest, round(many * (6 - abs(number - 6)) / 36))
        rest -= share
        if share:
            yield [number, share, int(share * 0.6)]


def _after(night: Ferrow) -> None:
    later = 60 * 31.0
    texts = {
        "summary": "Between 02:10 and 02:55 a payment run went out twice, 2,340 people paid twice."
        " They told us before our monitoring did. We said that it was our mistake after half an"
        " hour, returned every payment within two days, and 31 people who could not wait were paid"
        " the same night.",
        "what-went-well": "The holding words were sent back once and were better for it.",
        "question:1": "Nine posts in twenty minutes, eleven minutes before the provider's mail.",
    }
    for section, words in texts.items():
        night.act(later, "ada", "review.written", f"wrote {section}", section=section, words=words)
    for number, (sort, words) in enumerate(
        (
            (
                "contributed",
                "A payment run can be started twice within a minute, and nothing asks.",
            ),
            ("contributed", "Nobody is told when two runs carry the same batch."),
            ("well", "Care found those in need by the words in their posts."),
            ("lucky", "It was a Sunday: banks booked the second payment on Monday only."),
        ),
        1,
    ):
        night.act(
            later + 1,
            "ada",
            "factor.added",
            f"factor F-{number}",
            factor=f"F-{number}",
            words=words,
            sort=sort,
        )
    for number, (title, owner, kind) in enumerate(
        (
            ("Two people agree before a payment run starts", "kim", "prevent"),
            ("An alarm when two runs carry the same batch", "kim", "detect"),
            ("A template for people in need, approved beforehand", "cleo", "respond"),
        ),
        1,
    ):
        action = {
            "action": f"A-{number}",
            "title": title,
            "owner": owner,
            "due": "2026-12-04",
            "kind": kind,
        }
        action |= {"url": f"https://tickets.example/{4400 + number}", "narrative": "N-1"}
        night.act(later + 2, "ada", "action.added", f"action A-{number}: {title}", **action)
    night.act(later + 3, "kim", "action.done", "done: A-1", action="A-1", words="live since Monday")
    mention = night._posts[0][0]
    kept = {"size": 48213, "media": "image/png", "sort": "picture", "name": "statement.png"}
    url = "https://social.example/media/1.png"
    night.act(
        later + 4,
        "cleo",
        "evidence.kept",
        "kept a picture of M-1",
        sha256="ab" * 32,
        url=url,
        mention=mention,
        **kept,
    )
    for seq in (1, 17):
        night.act(later + 5, "ada", "entry.pinned", f"pinned entry {seq}", entry=seq)
    night.act(later + 6, "ada", "review.state", "the review is in review", state="in_review")
