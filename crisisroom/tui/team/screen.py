"""The screen of who is here: where everybody looks, and what they hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

from crisisroom.config import member_of
from crisisroom.room import Room, shift, who
from crisisroom.room.places import BEAT
from crisisroom.room.shift import Shift
from crisisroom.room.who import Person
from crisisroom.tui.compose.base import Then
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Confirm, asking
from crisisroom.tui.screens.list_and_sheet import ListAndSheet
from crisisroom.tui.situation import Leading, Situation
from crisisroom.tui.team.member import member_rows
from crisisroom.tui.team.rows import held_rows, needed_rows, person_rows, who_rows

_NEXT = 8  # lines of what is needed next, where all of it goes over


class WhoScreen(ListAndSheet):
    """Everybody, those who are here first; below it one of them whole."""

    place = "who"

    topics: ClassVar[frozenset[str]] = frozenset(
        {"presence", "entry", "mention", "draft", "config"}
    )
    pace: ClassVar[float] = 0.5

    def __init__(self, room: Room, brief: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__(room)
        self._brief = brief  # opens the page for whoever joins, where an incident is in view
        self.seen: Sequence[Person] = ()

    def on_mount(self) -> None:
        """Look again now and then: a screen that was killed says nothing."""
        super().on_mount()
        self.set_interval(BEAT, self.reload)

    async def load(self) -> Then:
        """Read who is here and who has what."""
        seen = await who.who(self.room)
        return lambda: self.show(seen)

    def show(self, seen: Sequence[Person]) -> None:
        """Put it on the screen."""
        self.seen = seen
        self.draw()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(who_rows(know, self.seen, width)) if self.seen else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the person under the cursor."""
        one = self._one(at.partition(":")[2])
        know = getattr(self.app, "situation", None)
        if one is None or know is None:
            return ()
        member = member_of(self.room.config.team, one.id)
        return [*person_rows(know, one, width), *(member_rows(member, width) if member else ())]

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        one = self._one(self.chosen[1])
        look = [("enter", "look there")] if one and one.screen and one.id != self._me else []
        rest = [("j k", "move"), ("esc", "room"), ("?", "keys")]
        if one is None or one.id == self._me:
            return rest
        hand = [("H", "hand all over")] if self._mine and not one.access else []
        take = [("T", "take over")] if one.hands or one.claims else []
        return [*look, *hand, *take, *rest]

    @property
    def _mine(self) -> bool:
        """Whether this person holds anything that can be handed over."""
        me = self._one(self._me)
        return me is not None and bool(me.hands or me.claims)

    @property
    def _me(self) -> str:
        return self.room.actor.name

    def _one(self, name: str) -> Person | None:
        return next((one for one in self.seen if one.id == name), None)

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with the person under the cursor."""
        one = self._one(self.chosen[1])
        me = one is not None and one.id == self._me
        if id == "who.follow" and (one is None or one.screen is None):
            return "they are not here: nothing to look at"
        if id == "who.hand-over" and not self._mine:
            return "you hold nothing that could be handed over"
        if id == "who.hand-over" and (one is None or me):
            return "choose who takes over from you"
        if id == "who.take-over" and (one is None or me):
            return "choose whom you take over from"
        if id == "who.take-over" and one is not None and not (one.hands or one.claims):
            return f"{one.id} holds nothing that could be taken over"
        return ""

    def action_hand_over(self) -> None:
        """Hand everything over to the person under the cursor, after a look at what that is."""
        one, me = self._one(self.chosen[1]), self._one(self._me)
        if one is None or me is None or self.why_not("who.hand-over"):
            self.say(self.why_not("who.hand-over"))
        else:
            rest = "it stays yours until they take over" if self._parts(me) else ""
            title = asking(f"Hand everything over to {one.id}?", rest)
            self._confirm(title, me, "hand over", partial(self._hand_over, one.id))

    def action_take_over(self) -> None:
        """Take over everything that the person under the cursor holds."""
        one = self._one(self.chosen[1])
        if one is None or self.why_not("who.take-over"):
            self.say(self.why_not("who.take-over"))
        else:
            title = asking(f"Take over from {one.id}?", "all of this is yours then")
            self._confirm(title, one, "take over", partial(self._take_over, one.id))

    @staticmethod
    def _parts(one: Person) -> int:
        return sum(thing.kind == "role" for thing in one.hands)

    def _confirm(
        self, title: Row, whose: Person, verb: str, job: Callable[[], Awaitable[Then]]
    ) -> None:
        """Show what goes over and what is needed next, then ask."""

        async def read() -> Then:
            told = await shift.needed(self.room, whose.id)
            return partial(self._ask, title, whose, told, verb, job)

        self.do(read, name="needed")

    def _ask(
        self,
        title: Row,
        whose: Person,
        told: Sequence[str],
        verb: str,
        job: Callable[[], Awaitable[Then]],
    ) -> None:
        know, width = getattr(self.app, "situation", None), self.size.width - 2
        most = min(_NEXT, max(2, self.size.height - 12 - len(whose.hands) - len(whose.claims)))
        lines = list(held_rows(know, whose, width)) if know else []
        lines += needed_rows(told, most, width)

        def answered(yes: bool | None) -> None:
            if yes:
                self.do(job, name="shift")

        self.app.push_screen(Confirm(title, lines, verb=verb), answered)

    async def _hand_over(self, name: str) -> Then:
        done = await shift.offer_all(self.room, name)
        offered = any(thing.kind == "role" for thing in done.hands)
        rest = f": all of it is yours until {name} takes over" if offered else ""
        return partial(self._told, f"{'offered' if offered else 'given'} to {name}", done, rest)

    async def _take_over(self, name: str) -> Then:
        done = await shift.take_all(self.room, name)
        if self._brief is not None:
            await self._brief()
        return partial(self._told, f"taken over from {name}", done)

    def _told(self, what: str, done: Shift, rest: str = "") -> None:
        many = len(done.hands) + len(done.claims)
        things = "1 thing" if many == 1 else f"{many} things"
        left = "1 stays" if len(done.left) == 1 else f"{len(done.left)} stay"
        stays = f"; {left}: {done.left[0][1]}" if done.left else ""
        self.say((f"{things} {what}", "ok"), rest, (stays, "warn"))

    def action_follow(self) -> None:
        """Go where the person looks."""
        one = self._one(self.chosen[1])
        if one is None or one.screen is None:
            self.say(self.why_not("who.follow"))
        elif isinstance(self.app, Leading):
            screen = one.screen
            self.app.show_place(screen.incident, screen.view, screen.mention)
