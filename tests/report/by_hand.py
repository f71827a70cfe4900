"""A crisis computed by hand, over the nights when clocks change, in two time zones.

Minutes count from the declaration, at ten past a full hour H in UTC:

    minute  entry  what
       -30      3  M-1 was posted (linked at minute 1)
       -15      4  M-2 was posted (linked at minute 1)
        -8      2  the early warning
         0      1  declared, sev1: an update every 30 minutes
         2      5  the lead's part is taken, the only required one
         4      6  "pause" done, due at 5
         6      7  M-1 claimed
         7    8-9  the lead is called: 1 step of 1, up to 2 rounds
        11     10  bo has it
     10-17  11-13  ST-1 drafted, handed in at 15, approved at 17
        20     16  ST-1 out, due at 30
        13     17  "numbers" done, due at 10; corrected at 85 (entry 31): it was minute 9
        40     21  R-1 out, to M-1
        55     25  ST-2 out, due at 20 + 30 = 50: 5 minutes late
        60     26  the legal duty began, due at 150
        80     30  ST-3 out, due at 55 + 30 = 85
       108     35  ST-4 out, the resolution, due at 80 + 30 = 110
       130     36  the duty is met, 20 minutes before its time
       135     40  R-2 out, to M-2
       290     41  counted, usual 5 an hour: H-1 4, H 40, H+1 12, H+2 3, H+3 2, H+4 1
       300     42  resolved; "brief", due at 60, was never done
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from report.builders import HOLDING, PLAN, REPLY, START, Log

from crisisroom.core.playbook import Deadline, Escalation, EscalationStep
from crisisroom.core.timeline import Entry, stamp

OURS = msgspec.structs.replace(
    PLAN,
    deadlines=(Deadline("gdpr", "Tell the authority", "cause", "72h"),),
    escalations=(Escalation("wake", "Wake the lead", (EscalationStep(("ceo",)),)),),
)

# UTC, and what clocks on the wall show, for minutes -30, 0, 20, 55, 80, 108 and 300
Wall = tuple[tuple[str, str], ...]
AUTUMN: Wall = (  # Berlin, 25 October 2026: at 01:00 UTC it is 02:00 once more
    ("2026-10-24 23:40:00", "2026-10-25 01:40:00 +02:00"),
    ("2026-10-25 00:10:00", "2026-10-25 02:10:00 +02:00"),
    ("2026-10-25 00:30:00", "2026-10-25 02:30:00 +02:00"),
    ("2026-10-25 01:05:00", "2026-10-25 02:05:00 +01:00"),
    ("2026-10-25 01:30:00", "2026-10-25 02:30:00 +01:00"),
    ("2026-10-25 01:58:00", "2026-10-25 02:58:00 +01:00"),
    ("2026-10-25 05:10:00", "2026-10-25 06:10:00 +01:00"),
)
SPRING: Wall = (  # Berlin, 28 March 2027: at 01:00 UTC it is 03:00 at once
    ("2027-03-27 23:40:00", "2027-03-28 00:40:00 +01:00"),
    ("2027-03-28 00:10:00", "2027-03-28 01:10:00 +01:00"),
    ("2027-03-28 00:30:00", "2027-03-28 01:30:00 +01:00"),
    ("2027-03-28 01:05:00", "2027-03-28 03:05:00 +02:00"),
    ("2027-03-28 01:30:00", "2027-03-28 03:30:00 +02:00"),
    ("2027-03-28 01:58:00", "2027-03-28 03:58:00 +02:00"),
    ("2027-03-28 05:10:00", "2027-03-28 07:10:00 +02:00"),
)
NEW_YORK: Wall = (  # New York, 1 November 2026: at 06:00 UTC it is 01:00 once more
    ("2026-11-01 04:40:00", "2026-11-01 00:40:00 -04:00"),
    ("2026-11-01 05:10:00", "2026-11-01 01:10:00 -04:00"),
    ("2026-11-01 05:30:00", "2026-11-01 01:30:00 -04:00"),
    ("2026-11-01 06:05:00", "2026-11-01 01:05:00 -05:00"),
    ("2026-11-01 06:30:00", "2026-11-01 01:30:00 -05:00"),
    ("2026-11-01 06:58:00", "2026-11-01 01:58:00 -05:00"),
    ("2026-11-01 10:10:00", "2026-11-01 05:10:00 -05:00"),
)
FROM_AFAR: Wall = (  # the autumn night of Berlin, read in New York, whose clocks rest that night
    ("2026-10-24 23:40:00", "2026-10-24 19:40:00 -04:00"),
    ("2026-10-25 00:10:00", "2026-10-24 20:10:00 -04:00"),
    ("2026-10-25 00:30:00", "2026-10-24 20:30:00 -04:00"),
    ("2026-10-25 01:05:00", "2026-10-24 21:05:00 -04:00"),
    ("2026-10-25 01:30:00", "2026-10-24 21:30:00 -04:00"),
    ("2026-10-25 01:58:00", "2026-10-24 21:58:00 -04:00"),
    ("2026-10-25 05:10:00", "2026-10-25 01:10:00 -04:00"),
)


class Night(Log):
    """The crisis of the table above; minutes count from the declaration."""

    def __init__(self, declared: datetime, zone: str) -> None:
        self._declared = declared
        super().__init__(plan=msgspec.json.decode(msgspec.json.encode(OURS)), zone=zone)

    def add(self, kind: str, minute: float, text: str, *given: Any, **named: Any) -> Entry:
        shift = (self._declared - START) / timedelta(minutes=1)
        if named.get("recorded") is not None:
            named["recorded"] += shift
        return super().add(kind, minute + shift, text, *given, **named)

    def at(self, minute: float) -> str:
        return stamp(self._declared + timedelta(minutes=minute))

    def post(self, number: int, minute: float) -> str:
        when = {"posted_at": self.at(minute), "seen_at": self.at(minute + 1)}
        return self.link(number, -4, **when)

    def answer(self, words: str, drafted: float, sent: float, mention: str, post: str) -> None:
        self.draft(words, drafted, REPLY, mention=mention, mention_id=post)
        self.send(words, sent, f"https://social.example/@ferrow/{words}")

    def say(self, words: str, drafted: float, sent: float, kind: str = "update") -> None:
        self.draft(words, drafted, f"{HOLDING} {words}", kind=kind)
        self.send(words, sent, f"https://blog.example/{words}")


def crisis(declared: str, zone: str) -> Night:
    """Return the log of the crisis, entry by entry as in the table."""
    night = Night(datetime.fromisoformat(declared).replace(tzinfo=UTC), zone)
    warning: dict[str, Any] = {
        "candidate": "c",
        "id": "C-3",
        "level": "early",
        "reason": "9 in 20 min",
    }
    warning |= {"observed": 9, "expected_hundredths": 40, "window_minutes": 20, "authors": 9}
    warning |= {"sources": 3, "narratives": [], "suggested_playbook": ""}
    night.add("candidate.raised", -8, "early warning", warning, actor="room")
    first, second = night.post(1, -30), night.post(2, -15)
    night.add("role.taken", 2, "took Lead", {"role": "lead", "person": "ada", "was": ""})
    night.done("pause", 4)
    claimed = {"mention": first, "state": "claimed", "assignee": "ada"}
    night.add("mention.triaged", 6, "took M-1", claimed)
    night.add("escalation.started", 7, "calls", {"escalation": "wake", "why": "it burns"})
    step = {"escalation": "wake", "round": 1, "step": 0, "called": ["ceo"]}
    night.add("escalation.step", 7, "call", step | {"people": [{"name": "G"}]}, actor="room")
    has_it = {"escalation": "wake", "words": ""}
    night.add("escalation.acknowledged", 11, "has it", has_it, actor="bo")
    night.draft("ST-1", 10, HOLDING)
    night.judge("ST-1", 17, HOLDING, 1, "approved")
    night.send("ST-1", 20, "https://blog.example/ST-1")
    done = {"task": "numbers", "words": "about 40"}
    night.add("task.done", 13, "done: numbers", done, recorded=21)
    night.answer("R-1", 30, 40, first, "M-1")
    night.say("ST-2", 50, 55)
    began = {"deadline": "gdpr", "started_at": night.at(60), "due_at": night.at(150)}
    night.add("deadline.started", 60, "legal duty", began, actor="room")
    night.say("ST-3", 78, 80)
    righted = {"words": "", "at": night.at(9)}
    night.add("entry.corrected", 85, "it was minute 9", righted, corrects=17)
    night.say("ST-4", 105, 108, "resolution")
    night.add("deadline.met", 130, "met", {"deadline": "gdpr", "words": "file 12"})
    night.answer("R-2", 131, 135, second, "M-2")
    rows = [_row(night.at(60 * hour - 10), posts) for hour, posts in HOURS.items()]
    night.add("volume.counted", 290, "counted", {"rows": rows}, actor="room")
    night.add("incident.resolved", 300, "resolved", {"words": ""})
    return night


HOURS = {-1: 4, 0: 40, 1: 12, 2: 3, 3: 2, 4: 1}


def _row(start: str, posts: int) -> dict[str, Any]:
    more = {"complaints": 0, "usual_hundredths": 500, "sources": {}}
    return {"start": start, "seconds": 3600, "mentions": posts} | more
