"""What people are told of, and how: one table says what is important and what wants an answer.

| kind | important | wants an answer | who is told first |
| --- | --- | --- | --- |
| declared | yes | yes | whoever is on duty, and leads: an incident of severity 1 or 2 |
| warning | yes | yes | whoever is on duty: an early warning that is rising, or a storm |
| deadline | yes | yes | whose duty it is: a deadline by law is near, or over |
| approval | yes | yes | each whose word a text waits for |
| escalation | yes | yes | whom the step calls; the playbook says who is next |
| unknown | yes | yes | who wrote it: nobody knows whether a text went out |
| offer | yes | yes | who is offered a part |
| stale | yes | yes | whoever is on duty: a source is silent while an incident is open |
| notifier | yes | yes | whoever is on duty: a way to people fails, so by another one |
| token_last | yes | yes | its owner: a token ends within a day |
| test | yes | yes | everybody, weekly; it waits for the end of quiet hours |
| told | yes | no | whom the playbook tells |
| test_missed | no | no | who leads: a test page was not acknowledged |
| token | no | no | its owner: a token ends within two weeks |
| task | no | no | whose it is now |
| correction | no | no | who wrote what is out and untrue |
| action | no | no | who is reminded of a corrective action |
| question | no | no | the colleague who is asked |
| burst | no | no | whoever is on duty: an early warning that has only begun |

What wants an answer goes on by the next way and then to the next person until somebody
acknowledges it, or until there is nothing left to acknowledge. Words are fixed: nothing that
anybody outside wrote is ever part of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.text import clean_line

TITLE = "crisisroom"
LONGEST = 300  # characters of a message's words, which a lock screen shows
_TITLE = 80  # characters of an incident's title


class Sort(msgspec.Struct, frozen=True):
    """How a kind of thing is told: `one` of them in fixed words, and `many`, counted."""

    important: bool
    answer: bool
    one: str
    many: str


SORTS: dict[str, Sort] = {
    "declared": Sort(True, True, "an incident was declared", "{} incidents were declared"),
    "warning": Sort(True, True, "an early warning waits", "{} early warnings wait"),
    "deadline": Sort(True, True, "a legal deadline needs you", "{} legal deadlines need you"),
    "approval": Sort(True, True, "an approval waits for you", "{} approvals wait for you"),
    "escalation": Sort(True, True, "you are called", "you are called, {} times"),
    "unknown": Sort(
        True, True, "nobody knows whether a text went out", "nobody knows whether {} texts went out"
    ),
    "offer": Sort(True, True, "you are offered a part", "you are offered {} parts"),
    "stale": Sort(True, True, "a source is silent", "{} sources are silent"),
    "notifier": Sort(True, True, "a way to people fails", "{} ways to people fail"),
    "token_last": Sort(
        True, True, "a token ends within a day, or has ended", "{} tokens end within a day"
    ),
    "test": Sort(True, True, "this is a test page", "{} test pages"),
    "told": Sort(True, False, "the playbook has something for you", "the playbook has {} things"),
    "test_missed": Sort(
        False, False, "a test page was not acknowledged", "{} test pages were not acknowledged"
    ),
    "token": Sort(False, False, "a token ends soon", "{} tokens end soon"),
    "task": Sort(False, False, "a task is yours now", "{} tasks are yours now"),
    "correction": Sort(False, False, "a correction is due", "{} corrections are due"),
    "action": Sort(False, False, "an action is due", "{} actions are due"),
    "question": Sort(False, False, "a colleague asks you", "colleagues ask you {} questions"),
    "burst": Sort(False, False, "an early warning has begun", "{} early warnings have begun"),
}

# Where one goes on from one of a kind: words of ours, and a line to type.
_NEXT: dict[str, str] = {
    "declared": "Look: crisisroom brief {incident}",
    "warning": "Look: crisisroom candidate show {about}",
    "deadline": "Look: crisisroom deadline list {incident}",
    "approval": "Read it: crisisroom statement show {incident} {about}",
    "escalation": "Look: crisisroom brief {incident}",
    "unknown": "Look: crisisroom outbox show {incident} {about}",
    "offer": "Take it over: crisisroom role accept {incident} {about}",
    "stale": "Look: crisisroom doctor sources",
    "notifier": "Look: crisisroom doctor notifiers",
    "token_last": "Renew it, then: crisisroom doctor tokens",
    "told": "Look: crisisroom timeline {incident} --last 20",
    "test_missed": "Try again: crisisroom notify test {about}",
    "token": "Renew it, then: crisisroom doctor tokens",
    "task": "Look: crisisroom task list {incident} --open",
    "correction": "Look: crisisroom statement owed {incident}",
    "action": "Look: crisisroom action list {incident} --open",
    "question": "Look: crisisroom question list {incident} --mine",
    "burst": "Look: crisisroom candidate show {about}",
}


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that people are told of; its `key` is the same for as long as it is the same.

    `people` are told first, `after` those who are told, one by one, while nobody acknowledges. Who
    acknowledges it does so for all of them. One with `until_old` that nobody was told of within
    an hour is old news. `without` is the way that it is about, which is not gone.
    """

    key: str
    kind: str  # one of SORTS
    at: datetime
    incident: str = ""  # INC-7
    about: str = ""  # ST-3, an id of ours
    people: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    until_old: bool = False
    without: str = ""  # a messenger's id
    drill: bool = False

    @property
    def sort(self) -> Sort:
        """Return how it is told."""
        return SORTS[self.kind]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a message tells of: its page, what kind of thing it is, and of which incident."""

    page: str  # PAGE-3
    kind: str
    incident: str = ""
    severity: str = ""
    about: str = ""
    when: str = ""  # due 2026-11-22 14:05 CET
    title: str = ""  # only where the room wants whole words


def words_of(told: Sequence[Told], *, again: int = 0, drill: bool = False) -> str:
    """Return the words of one message: fixed ones, counted where there are several of a kind.

    `again` is how often this was told by the same way before.
    """
    kinds = list(dict.fromkeys(one.kind for one in told))
    first = kinds[0]
    said = _counted(first, [one for one in told if one.kind == first])
    rest = len(told) - sum(one.kind == first for one in told)
    parts = [f"{said[0].upper()}{said[1:]}", *_where(told)]
    if rest:
        parts.append(f"and {rest} more")
    line = ", ".join(parts)
    if again:
        line += f" (told {_times(again)} before)"
    whole = clean_line(f"{'DRILL: ' if drill else ''}{line}.", limit=LONGEST)
    return whole if whole[:1].isalnum() else f"· {whole}"  # no program takes it for an option


def how_to(told: Sequence[Told], *, by: str = "", besides: str = "") -> str:
    """Return how a message is answered; empty where it wants no answer.

    `by` is how that is done where the message is read, `besides` what is no answer there.
    """
    if not any(SORTS[one.kind].answer for one in told):
        return ""
    ways = f"{by}, or " if by else ""
    return f"Acknowledge: {ways}crisisroom notify ack {told[0].page}{besides}"


def what_then(told: Sequence[Told]) -> str:
    """Return where one goes on: what to type for one thing, and for several."""
    if len(told) > 1:
        return "Look: crisisroom status"
    (one,) = told
    do = _NEXT.get(one.kind, "").format(incident=one.incident, about=one.about)
    return do.replace("statement show", "reply show") if one.about.startswith("R-") else do


def title_of(told: Sequence[Told]) -> str:
    """Return the title of a message: its page, and the first incident that it is about."""
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    first = next((one for one in told if one.incident), None)
    grave = f", {first.incident} {first.severity.upper()}".rstrip() if first else ""
    return f"{TITLE}: {told[0].page}{more}{grave}"


def _counted(kind: str, told: Sequence[Told]) -> str:
    sort = SORTS[kind]
    return sort.one if len(told) == 1 else sort.many.format(len(told))


def _where(told: Sequence[Told]) -> list[str]:
    """Return the incidents, each with its severity and, where that is wanted, its title."""
    found = {}
    for one in told:
        if one.incident:
            severity = f" {one.severity.upper()}" if one.severity else ""
            title = f" {clean_line(one.title, limit=_TITLE)}" if one.title else ""
            found[one.incident] = f"{one.incident}{severity}{title}"
    about = (told[0].about, told[0].when) if len(told) == 1 else ()
    return [*found.values(), *(one for one in about if one)]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
