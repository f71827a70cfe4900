"""The outbox: what is on its way, what failed and why, and what only a person can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar

from crisisroom.core.incident import Incident
from crisisroom.room import Room, reading, sending
from crisisroom.room.waiting import OnItsWay, waiting
from crisisroom.text.links import describe_link
from crisisroom.tui.compose.ask import Ask, Confirm
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.byhand import ByHand, link_flaw
from crisisroom.tui.compose.correcting import ask_retract
from crisisroom.tui.compose.on_its_way import Way, detail, link_of, ways
from crisisroom.tui.compose.outbox_rows import outbox_rows, outbox_top
from crisisroom.tui.compose.said import line
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.screens.headed import HeadedList
from crisisroom.tui.situation import Situation


class OutboxScreen(HeadedList):
    """Shows the words of all incidents on their way, and lets a person settle what is in doubt.

    `incident_id` is the one that was in view, empty for none.
    """

    place = "outbox"

    topics: ClassVar[frozenset[str]] = frozenset({"entry", "words", "config", "lease", "ability"})

    def __init__(self, room: Room, incident_id: str = "") -> None:
        super().__init__(room)
        self.incident_id = incident_id
        self.only = ""  # the one incident that shows
        self._every: tuple[Way, ...] = ()

    async def load(self) -> Then:
        """Read all incidents, and why what is on its way waits."""
        states = await reading.incidents(self.room)
        items = await waiting(self.room)
        return partial(self.show, states, items)

    def show(self, states: Sequence[Incident], items: Sequence[OnItsWay]) -> None:
        """Put the ways of all words on the screen."""
        self.incident = next((one for one in states if one.id == self.incident_id), None)
        self._every = ways(states, items, self.only or self.incident_id)
        self.draw()

    @property
    def found(self) -> tuple[Way, ...]:
        """The ways that show."""
        return tuple(way for way in self._every if self.only in ("", way.incident.id))

    def top(self, width: int) -> Sequence[Row]:
        """Return how many stand how."""
        return list(outbox_top(self.found, self.only))

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(outbox_rows(self.found, self.room.actor.name, width, self.now, self.zone))

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return everything about the way under the cursor, and what it says."""
        way = self.here
        return list(detail(way, width, self.now, self.zone)) if way else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the way under the cursor."""
        return [*self._acts(), *self._narrows(), ("esc", "back"), ("?", "keys")]

    @property
    def here(self) -> Way | None:
        """The way under the cursor."""
        name = self.chosen[1]
        return next((way for way in self._every if way.id == name), None)

    def action_narrow(self) -> None:
        """Show only the incident in view, else the one under the cursor; or all again."""
        if self.only:
            self.only = ""
        else:
            self.only = self._nearest
        self.reload()

    @property
    def _nearest(self) -> str:
        """The incident in view, else the one under the cursor, empty for none."""
        return self.incident_id or (self.here.incident.id if self.here else "")

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with what is under the cursor."""
        way = self.here
        state = way.send.state if way is not None else ""
        needs = {
            "outbox.sent": (state == "unknown", "only what is in doubt can be settled"),
            "outbox.not_sent": (state == "unknown", "only what is in doubt can be settled"),
            "outbox.again": (state == "failed", "only what failed can be tried again"),
            "outbox.retract": (state == "sent", "only what is out can be taken back"),
            "outbox.look": (
                way is not None and bool(link_of(way)),
                "there is no link: look at the account's own page",
            ),
            "outbox.by_hand": (
                way is not None and way.by_hand and state != "sent",
                "a channel carries this one, not a hand",
            ),
        }
        fits, why = needs.get(id, (True, ""))
        return super().why_not(id) if fits else why

    def _fit(self, id: str) -> Way | None:
        """Return the way under the cursor where the act can be done with it, else say why not."""
        if why := self.why_not(id):
            self.say(why)
            return None
        return self.here

    def action_sent(self) -> None:
        """Say that a text in doubt is out, with its link if there is one."""
        way = self._fit("outbox.sent")
        if way is None:
            return
        title = asking(way.words.id + " is out on " + way.send.channel, "its link, or nothing")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="it is out", flaw=link_flaw),
            lambda url: self._decide(way, True, url) if url is not None else None,
        )

    def action_not_sent(self) -> None:
        """Say that a text in doubt never went out."""
        way = self._fit("outbox.not_sent")
        if way is None:
            return
        title = asking(way.words.id + " never went out on " + way.send.channel + "?")
        told = (line("Look at the thread first: it may be sent again after this."),)
        self.app.push_screen(
            Confirm(title, told, self.room.clock.monotonic, verb="it never left"),
            lambda yes: self._decide(way, False, "") if yes else None,
        )

    def action_again(self) -> None:
        """Queue a text that failed once more."""
        way = self._fit("outbox.again")
        if way is None:
            return
        self.do(partial(self._send, way), name="send again")

    def action_by_hand(self) -> None:
        """Carry a text by hand: copy it, then confirm that it is out."""
        way = self._fit("outbox.by_hand")
        if way is None:
            return
        self.app.push_screen(ByHand(self.room, way.incident.id, way.words))

    def action_look(self) -> None:
        """Show the link under which it is out, or would be, and copy it."""
        way = self._fit("outbox.look")
        if way is None:
            return
        found = describe_link(link_of(way))
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
        way = self._fit("outbox.retract")
        if way is None:
            return
        ask_retract(self, way.incident, way.words, self._after)

    def _decide(self, way: Way, sent: bool, url: str) -> None:
        self.do(partial(self._settled, way, sent, url), name="settle")

    async def _settled(self, way: Way, sent: bool, url: str) -> Then:
        await sending.settle(
            self.room, way.incident.id, way.words.id, sent, url, channel=way.send.channel
        )
        return lambda: self._after(way.words.id + (" is out" if sent else " did not go out"))

    async def _send(self, way: Way) -> Then:
        await sending.send(self.room, way.incident.id, way.words.id, way.send.channel)
        return lambda: self._after(way.words.id + " is queued again")

    def _after(self, told: str) -> None:
        self.reload()
        self.say(told)

    def _acts(self) -> Iterator[tuple[str, str]]:
        way = self.here
        linked = bool(way and link_of(way))
        if way is None:
            yield "", "nothing is on its way"
        elif way.by_hand and way.send.state in ("queued", "sending"):
            yield "y", "copy, then confirm"
        elif way.send.state == "unknown":
            yield ("o", "look there") if linked else ("", "look at its page")
            yield "s", "it is out"
            yield "x", "it never left"
        elif way.send.state == "failed":
            yield ("", "t again: edit it first") if way.words.suspended else ("t", "try again")
        elif way.send.state == "sent":
            yield "X", "take it back"
            if linked:
                yield "o", "its link"

    def _narrows(self) -> Iterator[tuple[str, str]]:
        if self.only:
            yield "i", "all incidents"
        elif len({way.incident.id for way in self._every}) > 1:
            yield "i", f"only {self._nearest}"
