"""One text on its way to one channel, as the outbox tells it: state, waiting, link, posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

from crisisroom.core.incident import Incident, Part, Send, SendStatus, Words
from crisisroom.room.desk import BY_HAND
from crisisroom.room.waiting import OnItsWay
from crisisroom.tui.compose.outcomes import NAMES
from crisisroom.tui.compose.said import count
from crisisroom.tui.rows import BLANK, Cell, Row, fit, gap, row, wrap
from crisisroom.tui.rows.hanging import hanging
from crisisroom.tui.rows.times import clock

Place = Literal["in doubt", "failed", "waiting", "sending", "queued", "sent", "taken back"]
PLACES: tuple[Place, ...] = get_args(Place)
"""How ways stand, what needs a person first."""

_PLACES: Mapping[SendStatus, Place] = {
    "unknown": "in doubt",
    "failed": "failed",
    "sending": "sending",
    "retracting": "sending",
    "queued": "queued",
    "sent": "sent",
    "retracted": "taken back",
}
_OVER = ("sent", "retracted")
_LABEL = 10  # cells of what a line is about


class Way(msgspec.Struct, frozen=True):
    """One text of an incident on its way to one channel."""

    incident: Incident
    words: Words
    send: Send
    item: OnItsWay | None = None  # why it waits, and when it is tried again

    @property
    def id(self) -> str:
        """What the list knows it by."""
        return "/".join((self.incident.id, self.words.id, self.send.channel))

    @property
    def by_hand(self) -> bool:
        """Whether a person carries it."""
        return self.send.channel == BY_HAND

    @property
    def over(self) -> bool:
        """Whether it came to its end."""
        return self.send.state in _OVER

    @property
    def waits(self) -> str:
        """Why nothing happens to it now, empty where it is about to go."""
        return self.item.waits if self.item and self.send.state == "queued" else ""

    @property
    def place(self) -> Place:
        """How it stands; what is queued waits where a person or a time keeps it."""
        if self.send.state == "queued" and (self.by_hand or self.waits):
            return "waiting"
        return _PLACES[self.send.state]


def ways(
    incidents: Iterable[Incident], items: Iterable[OnItsWay] = (), here: str = ""
) -> tuple[Way, ...]:
    """Return every way of every text, what needs a person first, then the newest.

    Of a resolved incident only what has not come to its end, unless it is the one `here`.
    """
    known = {(one.incident, one.id, one.channel): one for one in items}
    every = [
        way
        for state in incidents
        for way in _ways(state, known)
        if not way.over or state.status == "open" or state.id == here
    ]
    every.sort(key=lambda way: way.send.at or way.words.drafted_at, reverse=True)
    return tuple(sorted(every, key=lambda way: PLACES.index(way.place)))


def _ways(state: Incident, known: Mapping[tuple[str, str, str], OnItsWay]) -> Iterator[Way]:
    for text in (*state.statements.values(), *state.replies.values()):
        for send in text.sends.values():
            if text.state != "withdrawn" or send.state in _OVER:
                yield Way(state, text, send, known.get((state.id, text.id, send.channel)))


def told_of(way: Way) -> str:
    """Say how a way stands in a few words: `queued`, `sending, try 2`, `2 of 3 posts out`."""
    send = way.send
    if way.by_hand and send.state in ("queued", "sending"):
        return "waits for a hand"
    if way.waits and not send.parts:
        return "waits"
    posts = way.item.posts if way.item else len(send.parts)
    if send.parts and send.state != "sent":
        return NAMES[send.state] + ", " + str(len(send.parts)) + " of " + str(posts)
    tries = ", try " + str(send.tries) if send.state == "sending" else ""
    return NAMES[send.state] + tries


def link_of(way: Way) -> str:
    """Return where one looks whether it is out: its own link, else the post that it answers."""
    send = way.send
    own = send.remote_url or next((one.remote_url for one in send.parts if one.remote_url), "")
    asked = way.incident.mentions.get(way.words.mention)
    return own or (asked.url if asked else "")


def detail(way: Way, width: int, now: datetime, zone: tzinfo) -> Iterator[Row]:
    """Yield everything about one way, then the words that go out on it; no row is wider."""
    send, item = way.send, way.item
    if send.state == "unknown":
        told = "It may be out, it may not: look at the thread, then say which."
        yield from hanging(row(gap(3), Cell(told, "warn")), width)
    if way.words.suspended:
        told = "held back: a fact it stands on moved; edit it, or say that it holds"
        yield from hanging(row(gap(3), Cell(told, "warn")), width)
    known = {
        "case": f"{way.incident.id} {way.incident.title}",
        "because": send.reason,
        "waits": item.waits if item else "",
        "tried": _tried(send, now, zone),
        "next try": clock(item.next_try, now, zone) if item and item.next_try else "",
        "posts": _posts(way),
    }
    for name, words in known.items():
        yield from _told(name, Cell(words), width) if words else ()
    for one in send.parts or ([Part("", send.remote_url)] if send.remote_url else []):
        yield from _told("link", Cell(one.remote_url, foreign=True), width)
    yield BLANK
    for part in wrap(way.words.text_on(send.channel, item.kind if item else ""), width - 4):
        yield row(gap(3), Cell(part or " "))


def _told(name: str, words: Cell, width: int) -> Iterator[Row]:
    for part in wrap(words.text, width - _LABEL - 4):
        yield row(gap(3), Cell(fit(name, _LABEL), "quiet"), replace(words, text=part))
        name = ""


def _tried(send: Send, now: datetime, zone: tzinfo) -> str:
    if not send.tries:
        return ""
    last = ", last " + clock(send.tried_at, now, zone) if send.tried_at else ""
    return count(send.tries, "time") + last


def _posts(way: Way) -> str:
    posts = way.item.posts if way.item else len(way.send.parts)
    return str(len(way.send.parts)) + " of " + str(posts) + " are out" if posts > 1 else ""
