"""The outbox: what is on its way, what failed and why, and what only a person can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar

import msgspec
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core.incident import Incident, Send, SendStatus, Words
from crisisroom.room import Room, reading, sending
from crisisroom.room.desk import BY_HAND
from crisisroom.tui.compose.ask import Ask, Confirm
from crisisroom.tui.compose.base import Then, WordsScreen, key
from crisisroom.tui.compose.byhand import ByHand, link_flaw
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.said import Item, count, line, lines
from crisisroom.tui.rows import BLANK, Cell, Row, fit, short
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.screens.dialogs import asking
from crisisroom.tui.signs import BAD, LOOK, OWNED, PRIVATE, WAITS

_ORDER: tuple[SendStatus, ...] = ("unknown", "failed", "sending", "queued", "sent")
_MARKS: dict[SendStatus, Cell] = {
    "unknown": Cell(LOOK, "warn"),
    "failed": Cell(BAD, "late"),
    "sending": Cell(OWNED),
    "queued": Cell(WAITS, "quiet"),
    "sent": Cell(PRIVATE, "ok"),
}


class Way(msgspec.Struct, frozen=True):
    """One text on its way to one channel."""

    words: Words
    send: Send

    @property
    def id(self) -> str:
        """What the list knows it by."""
        return self.words.id + "/" + self.send.channel

    @property
    def by_hand(self) -> bool:
        """Whether a person carries it."""
        return self.send.channel == BY_HAND


def ways(incident: Incident) -> tuple[Way, ...]:
    """Return every way of every text, what needs a person first, then the newest."""
    every = [
        Way(text, send)
        for text in (*incident.statements.values(), *incident.replies.values())
        for send in text.sends.values()
    ]
    every.sort(key=lambda way: way.send.at or way.words.drafted_at, reverse=True)
    return tuple(sorted(every, key=lambda way: _ORDER.index(way.send.state)))


class OutboxScreen(WordsScreen):
    """Shows what is queued, sending, in doubt or failed, and lets a person settle it."""

    DEFAULT_CSS = """
    OutboxScreen {
        &.-wide #columns { layout: vertical; }
        #title { padding-left: 3; }
        #ways { height: auto; max-height: 45%; margin: 1 0; }
        #words { padding-left: 3; }
        #detail { height: 1fr; scrollbar-size: 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("s", "sent", "in doubt: it is out", "outbox.sent"),
        key("x", "not_sent", "in doubt: it never left", "outbox.not_sent"),
        key("t", "again", "send what failed once more", "outbox.again"),
        key("y", "by_hand", "carry it by hand: copy, then confirm", "outbox.by_hand"),
    ]

    def __init__(self, room: Room, incident_id: str) -> None:
        super().__init__(room, incident_id)
        self._ways: dict[str, Way] = {}

    def panes(self) -> Iterable[Widget]:
        """The list, and below it what the one under the cursor says."""
        with Vertical(id="columns"):
            yield Text(id="title")
            yield Items(id="ways")
            with VerticalScroll(id="detail", can_focus=False):
                yield Text(id="words")

    async def load(self) -> Then:
        """Read the incident."""
        incident = await reading.incident(self.room, self.incident_id)
        return lambda: self.show(incident)

    async def show(self, incident: Incident) -> None:
        """Put the ways of this incident's words on the screen."""
        self.incident = incident
        found = ways(incident)
        self._ways = {way.id: way for way in found}
        self.query_one("#title", Text).say(self._title(found))
        rows = self.query_one("#ways", Items)
        await rows.show([self._item(way) for way in found])
        rows.focus()
        self._tell()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the way under the cursor."""
        return [*self._acts(), ("esc", "room"), ("?", "keys")]

    def on_items_moved(self) -> None:
        """Tell what the cursor stands on."""
        self._tell()

    @property
    def here(self) -> Way | None:
        """The way under the cursor."""
        item = self.query_one("#ways", Items).here
        return self._ways.get(item.id) if item else None

    def action_sent(self) -> None:
        """Say that a text in doubt is out, with its link if there is one."""
        way = self.here
        if way is None or way.send.state != "unknown":
            self.say("only what is in doubt can be settled")
            return
        title = asking(way.words.id + " is out on " + way.send.channel, "its link, or nothing")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="it is out", flaw=link_flaw),
            lambda url: self._settle(way, True, url) if url is not None else None,
        )

    def action_not_sent(self) -> None:
        """Say that a text in doubt never went out."""
        way = self.here
        if way is None or way.send.state != "unknown":
            self.say("only what is in doubt can be settled")
            return
        title = asking(way.words.id + " never went out on " + way.send.channel + "?")
        told = (line("Look at the thread first: it may be sent again after this."),)
        self.app.push_screen(
            Confirm(title, told, self.room.clock.monotonic, verb="it never left"),
            lambda yes: self._settle(way, False, "") if yes else None,
        )

    def action_again(self) -> None:
        """Queue a text that failed once more."""
        way = self.here
        if way is None or way.send.state != "failed":
            self.say("only what failed can be tried again")
            return
        self.do(partial(self._send, way), name="send again")

    def action_by_hand(self) -> None:
        """Carry a text by hand: copy it, then confirm that it is out."""
        way = self.here
        if way is None or not way.by_hand or way.send.state == "sent":
            self.say("a channel carries this one, not a hand")
            return
        self.app.push_screen(ByHand(self.room, self.incident_id, way.words))

    def _settle(self, way: Way, sent: bool, url: str) -> None:
        self.do(partial(self._settled, way, sent, url), name="settle")

    async def _settled(self, way: Way, sent: bool, url: str) -> Then:
        acted = await sending.settle(self.room, self.incident_id, way.words.id, sent, url)
        return lambda: self._after(
            acted.incident, way.words.id + (" is out" if sent else " did not go out")
        )

    async def _send(self, way: Way) -> Then:
        acted = await sending.send(self.room, self.incident_id, way.words.id, way.send.channel)
        return lambda: self._after(acted.incident, way.words.id + " is queued again")

    async def _after(self, incident: Incident, told: str) -> None:
        await self.show(incident)
        self.say(told)

    def _acts(self) -> Iterator[tuple[str, str]]:
        way = self.here
        if way is None:
            yield "", "nothing is on its way"
        elif way.by_hand and way.send.state in ("queued", "sending"):
            yield "y", "copy, then confirm"
        elif way.send.state == "unknown":
            yield "s", "it is out"
            yield "x", "it never left"
        elif way.send.state == "failed":
            yield "t", "try again"

    def _tell(self) -> None:
        way = self.here
        told = self._detail(way) if way else ()
        self.query_one("#words", Text).say(*told)
        self.show_keys()

    def _title(self, found: tuple[Way, ...]) -> Row:
        states = [way.send.state for way in found]
        counts = [
            str(states.count(state)) + " " + _NAMES[state] for state in _ORDER if state in states
        ]
        return line(("Outbox", "focus"), "   ", (", ".join(counts) or "empty", "quiet"))

    def _item(self, way: Way) -> Item:
        assert self.incident is not None
        send, text = way.send, way.words
        at = brief_clock(send.at or text.drafted_at, self.now, self.zone)
        me = text.author == self.room.actor.name
        role = "quiet" if send.state == "sent" else "text"
        head = line(
            (fit(at, 8), role),
            (fit(short(text.author), 5), "mine" if me else role),
            (fit(text.id, 6), role),
            (fit(send.channel, 8), role),
            (fit(_told(way), 22), role),
            ("to ", "quiet"),
            Cell(text.handle or text.audience, "quiet", foreign=bool(text.handle)),
        )
        return Item(way.id, _MARKS[send.state], (head,))

    def _detail(self, way: Way) -> Iterator[Row]:
        send, text = way.send, way.words
        if send.state == "unknown":
            yield line(("It may be out, it may not: look at the thread, then say which.", "warn"))
        if send.reason:
            yield line(("because  ", "quiet"), send.reason)
        if send.remote_url:
            yield line(("link     ", "quiet"), Cell(send.remote_url, foreign=True))
        if send.tries:
            yield line(("tried    ", "quiet"), count(send.tries, "time"))
        yield BLANK
        yield from lines(text.text)


_NAMES: dict[SendStatus, str] = {
    "unknown": "in doubt",
    "failed": "failed",
    "sending": "sending",
    "queued": "queued",
    "sent": "sent",
}


def _told(way: Way) -> str:
    if way.by_hand and way.send.state in ("queued", "sending"):
        return "waits for a hand"
    tries = ", try " + str(way.send.tries) if way.send.state == "sending" else ""
    return _NAMES[way.send.state] + tries
