"""The outbox: what is on its way, what failed and why, and what only a person can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core.incident import Incident
from crisisroom.room import Room, reading, sending
from crisisroom.room.waiting import OnItsWay, waiting
from crisisroom.text import describe_link
from crisisroom.tui.compose.ask import Ask, Confirm
from crisisroom.tui.compose.base import Then, WordsScreen, key
from crisisroom.tui.compose.byhand import ByHand, link_flaw
from crisisroom.tui.compose.correcting import ask_retract
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.on_its_way import ORDER, Way, detail, link_of, told_of, ways
from crisisroom.tui.compose.outcomes import MARKS, NAMES
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.rows import Cell, Row, fit, short
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.screens.dialogs import Reader, asking


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
        key("o", "look", "show and copy its link, to look there", "outbox.look"),
        key("X", "retract", "take back what is out, with a reason", "outbox.retract"),
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
        items = await waiting(self.room, self.incident_id)
        return lambda: self.show(incident, items)

    async def show(self, incident: Incident, items: Iterable[OnItsWay]) -> None:
        """Put the ways of this incident's words on the screen."""
        self.incident = incident
        found = ways(incident, items)
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

    def _doubtful(self) -> Way | None:
        """Return the way under the cursor where a person has to say what became of it."""
        way = self.here
        if way is None or way.send.state != "unknown":
            self.say("only what is in doubt can be settled")
            return None
        return way

    def action_sent(self) -> None:
        """Say that a text in doubt is out, with its link if there is one."""
        way = self._doubtful()
        if way is None:
            return
        title = asking(way.words.id + " is out on " + way.send.channel, "its link, or nothing")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="it is out", flaw=link_flaw),
            lambda url: self._settle(way, True, url) if url is not None else None,
        )

    def action_not_sent(self) -> None:
        """Say that a text in doubt never went out."""
        way = self._doubtful()
        if way is None:
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

    def action_look(self) -> None:
        """Show the link under which it is out, or would be, and copy it."""
        link = link_of(self.incident, self.here) if self.incident and self.here else ""
        if not link:
            self.say("there is no link: look at the account's own page")
            return
        found = describe_link(link)
        self.app.copy_to_clipboard(found.url)
        rows = [
            line("   ", Cell(found.shown, foreign=True)),
            *(line(("   ! " + one, "warn")) for one in found.warnings),
        ]
        self.app.push_screen(
            Reader(asking("Look there", "copied, if your terminal allows it"), rows)
        )

    def action_retract(self) -> None:
        """Take back what is out: the reason, then a look at it."""
        way = self.here
        if way is None or self.incident is None or way.send.state != "sent":
            self.say("only what is out can be taken back")
            return
        ask_retract(self, self.incident, way.words, self._after)

    def _settle(self, way: Way, sent: bool, url: str) -> None:
        self.do(partial(self._settled, way, sent, url), name="settle")

    async def _settled(self, way: Way, sent: bool, url: str) -> Then:
        await sending.settle(
            self.room, self.incident_id, way.words.id, sent, url, channel=way.send.channel
        )
        return lambda: self._after(way.words.id + (" is out" if sent else " did not go out"))

    async def _send(self, way: Way) -> Then:
        await sending.send(self.room, self.incident_id, way.words.id, way.send.channel)
        return lambda: self._after(way.words.id + " is queued again")

    def _after(self, told: str) -> None:
        self.reload()
        self.say(told)

    def _acts(self) -> Iterator[tuple[str, str]]:
        way = self.here
        linked = bool(way and self.incident and link_of(self.incident, way))
        if way is None:
            yield "", "nothing is on its way"
        elif way.by_hand and way.send.state in ("queued", "sending"):
            yield "y", "copy, then confirm"
        elif way.send.state == "unknown":
            yield ("o", "look there") if linked else ("", "look at the account's page")
            yield "s", "it is out"
            yield "x", "it never left"
        elif way.send.state == "failed":
            yield ("", "t again: edit it first") if way.words.suspended else ("t", "try again")
        elif way.send.state == "sent":
            yield "X", "take it back"
            if linked:
                yield "o", "its link"

    def _tell(self) -> None:
        way, state = self.here, self.incident
        told = detail(state, way, self.now, self.zone) if way and state else ()
        self.query_one("#words", Text).say(*told)
        self.show_keys()

    def _title(self, found: tuple[Way, ...]) -> Row:
        states = [way.send.state for way in found]
        counts = [
            str(states.count(state)) + " " + NAMES[state] for state in ORDER if state in states
        ]
        return line(("Outbox", "focus"), "   ", (", ".join(counts) or "empty", "quiet"))

    def _item(self, way: Way) -> Item:
        send, text = way.send, way.words
        at = brief_clock(send.at or text.drafted_at, self.now, self.zone)
        me = text.author == self.room.actor.name
        role = "quiet" if send.state in ("sent", "retracted") else "text"
        head = line(
            (fit(at, 8), role),
            (fit(short(text.author), 5), "mine" if me else role),
            (fit(text.id, 6), role),
            (fit(send.channel, 8) + " ", role),
            (fit(told_of(way), 21), role),
            ("to ", "quiet"),
            Cell(text.handle or text.audience, "quiet", foreign=bool(text.handle)),
        )
        waits = way.item.waits if way.item and send.state == "queued" else ""
        why = (line((" " * 8 + waits, "quiet")),) if waits else ()
        return Item(way.id, MARKS[send.state], (head, *why))
