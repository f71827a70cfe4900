"""One text on its way to one channel, as the outbox tells it: state, waiting, link, posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

import msgspec

from crisisroom.core.incident import Incident, Part, Send, SendStatus, Words
from crisisroom.room.desk import BY_HAND
from crisisroom.room.waiting import OnItsWay
from crisisroom.tui.compose.outcomes import NAMES
from crisisroom.tui.compose.said import count, line, lines
from crisisroom.tui.rows import BLANK, Cell, Row, fit
from crisisroom.tui.rows.times import clock

ORDER: tuple[SendStatus, ...] = (
    "unknown",
    "failed",
    "sending",
    "retracting",
    "queued",
    "sent",
    "retracted",
)


class Way(msgspec.Struct, frozen=True):
    """One text on its way to one channel."""

    words: Words
    send: Send
    item: OnItsWay | None = None  # why it waits, and when it is tried again

    @property
    def id(self) -> str:
        """What the list knows it by."""
        return self.words.id + "/" + self.send.channel

    @property
    def by_hand(self) -> bool:
        """Whether a person carries it."""
        return self.send.channel == BY_HAND


def ways(incident: Incident, items: Iterable[OnItsWay] = ()) -> tuple[Way, ...]:
    """Return every way of every text, what needs a person first, then the newest."""
    known = {(one.id, one.channel): one for one in items if one.incident == incident.id}
    every = [
        Way(text, send, known.get((text.id, send.channel)))
        for text in (*incident.statements.values(), *incident.replies.values())
        for send in text.sends.values()
    ]
    every.sort(key=lambda way: way.send.at or way.words.drafted_at, reverse=True)
    return tuple(sorted(every, key=lambda way: ORDER.index(way.send.state)))


def told_of(way: Way) -> str:
    """Say how a way stands in a few words: `queued`, `sending, try 2`, `2 of 3 posts out`."""
    send = way.send
    if way.by_hand and send.state in ("queued", "sending"):
        return "waits for a hand"
    posts = way.item.posts if way.item else len(send.parts)
    if send.parts and send.state != "sent":
        return NAMES[send.state] + ", " + str(len(send.parts)) + " of " + str(posts)
    tries = ", try " + str(send.tries) if send.state == "sending" else ""
    return NAMES[send.state] + tries


def link_of(incident: Incident, way: Way) -> str:
    """Return where one looks whether it is out: its own link, else the post that it answers."""
    send = way.send
    own = send.remote_url or next((one.remote_url for one in send.parts if one.remote_url), "")
    asked = incident.mentions.get(way.words.mention)
    return own or (asked.url if asked else "")


def detail(incident: Incident, way: Way, now: datetime, zone: tzinfo) -> Iterator[Row]:
    """Yield everything about one way, then the words that go out on it."""
    send, item = way.send, way.item
    if send.state == "unknown":
        yield line(("It may be out, it may not: look at the thread, then say which.", "warn"))
    if way.words.suspended:
        yield line(("held back: a fact it stands on moved; edit it, or say that it holds", "warn"))
    told = {
        "because": send.reason,
        "waits": item.waits if item else "",
        "tried": _tried(send, now, zone),
        "next try": clock(item.next_try, now, zone) if item and item.next_try else "",
        "posts": _posts(way),
    }
    yield from (line((fit(name, 9), "quiet"), words) for name, words in told.items() if words)
    for one in send.parts or ([Part("", send.remote_url)] if send.remote_url else []):
        yield line((fit("link", 9), "quiet"), Cell(one.remote_url, foreign=True))
    yield BLANK
    yield from lines(way.words.text_on(send.channel, item.kind if item else ""))


def _tried(send: Send, now: datetime, zone: tzinfo) -> str:
    if not send.tries:
        return ""
    last = ", last " + clock(send.tried_at, now, zone) if send.tried_at else ""
    return count(send.tries, "time") + last


def _posts(way: Way) -> str:
    posts = way.item.posts if way.item else len(way.send.parts)
    return str(len(way.send.parts)) + " of " + str(posts) + " are out" if posts > 1 else ""
