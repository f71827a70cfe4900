"""The screen of what we owe people: promises with their clocks, talks in private until they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from crisisroom.core.incident import Incident
from crisisroom.core.promises import Thread
from crisisroom.core.said import Promise
from crisisroom.room import privately, promising, reading
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, fine, needed
from crisisroom.tui.acts.promises import add
from crisisroom.tui.compose.base import Then
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.promises.rows import Debts, debt_rows, debt_sheet, debts_of
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.situation import Situation

ALL = 10_000  # lines


class PromisesScreen(AskingList):
    """What somebody counts on; `+` begins with the reply one came from."""

    place = "promises"

    def __init__(self, desk: Desk, reply_id: str = "") -> None:
        super().__init__(desk)
        self._reply_id = reply_id
        self.debts: Debts | None = None
        self._land = ""  # the row to go to once it is there

    async def load(self) -> Then:
        """Read the incident."""
        state = await reading.incident(self.room, self.incident_id)
        return lambda: self.show(state)

    def show(self, state: Incident) -> None:
        """Put what is owed in it on the screen."""
        self.incident = state
        self.debts = debts_of(state, self.room.actor.name, self.now, self.zone)
        self.draw()
        if self._land:
            self._list.seek(self._land)
            self._land = ""

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(debt_rows(self.debts, width)) if self.debts else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the row under the cursor."""
        return list(debt_sheet(self.debts, at, width)) if self.debts else ()

    @property
    def promise(self) -> Promise | None:
        """The promise under the cursor."""
        kind, name = self.chosen
        return self.debts.promise(name) if self.debts and kind == "promise" else None

    @property
    def talk(self) -> Thread | None:
        """The talk in private under the cursor."""
        kind, name = self.chosen
        return self.debts.talk(name) if self.debts and kind == "talk" else None

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        return [*self._own(), self._plus(), ("esc", "room"), ("?", "keys")]

    def _own(self) -> Iterator[tuple[str, str]]:
        promise, talk = self.promise, self.talk
        if promise is not None:
            if promise.state == "open":
                yield "space", "kept"
                yield "x", "not kept"
            yield "enter", "read"
        elif talk is not None:
            if talk.open:
                yield "space", "note what came of it"
            yield "enter", "read"

    def _plus(self) -> tuple[str, str]:
        if self.incident is not None and not self.incident.replies:
            return "", "+ promise: no reply yet"
        return "+", f"promise in {self._reply_id}" if self._reply_id else "promise"

    def action_add(self) -> None:
        """Write a promise down."""
        self.ask(self._added, "add promise")

    async def _added(self) -> str:
        state = await reading.incident(self.room, self.incident_id)
        made, told = await add(self.desk, state, self._reply_id)
        self._reply_id, self._land = "", f"promise:{made}"
        back = partial(promising.drop, self.room, self.incident_id, made, "written down by mistake")
        self.desk.said(told, Undo(f"promise {made}", back))
        return ""

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with what is under the cursor."""
        promise, talk = self.promise, self.talk
        if id in ("promises.done", "promises.drop") and promise is not None:
            closed = f"{promise.id} was {promise.state} by {promise.closed_by} already"
            return "" if promise.state == "open" else closed
        if id == "promises.drop":
            return "choose a promise first"
        if id == "promises.done" and talk is not None:
            return "" if talk.open else f"{talk.mention} is closed already"
        return "nothing is owed here" if id == "promises.done" else super().why_not(id)

    def action_settle(self) -> None:
        """Say that the promise is kept, or what came of the talk."""
        promise, talk = self.promise, self.talk
        if promise is not None and promise.state == "open":
            self.ask(partial(self._kept, promise), "keep")
        elif talk is not None and talk.open:
            self.ask(partial(self._talk_over, talk), "close")
        else:
            self.say(self.why_not("promises.done"))

    async def _kept(self, promise: Promise) -> str:
        said = await self.desk.line(
            f"{promise.id} is kept", "what was done? may be empty", check=fine
        )
        await promising.keep(self.room, self.incident_id, promise.id, said)
        return f"{promise.id} is kept"

    async def _talk_over(self, talk: Thread) -> str:
        said = await self.desk.line(
            f"{talk.mention}: what came of it?",
            "the others cannot read along; nothing personal",
            check=needed,
        )
        await privately.close(self.room, self.incident_id, talk.mention, said)
        return f"{talk.mention} is closed"

    def action_drop(self) -> None:
        """Say that the promise will not be kept."""
        promise = self.promise
        if promise is None or self.why_not("promises.drop"):
            self.say(self.why_not("promises.drop"))
        else:
            self.ask(partial(self._dropped, promise), "drop")

    async def _dropped(self, promise: Promise) -> str:
        why = await self.desk.line(
            f"{promise.id} will not be kept", "why, and were they told?", check=needed
        )
        await promising.drop(self.room, self.incident_id, promise.id, why)
        return f"{promise.id} is dropped"

    def action_whole(self) -> None:
        """Read what was said and promised whole."""
        at = ":".join(self.chosen)
        lines = list(debt_sheet(self.debts, at, self.size.width - 2, ALL)) if self.debts else []
        if lines:
            self.app.push_screen(Reader(asking(at.partition(":")[2]), lines))
