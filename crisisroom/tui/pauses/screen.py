"""The screen of the pause list: confirm by one key, run hooks, let things speak again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ClassVar, get_args

from crisisroom.core.incident import Incident
from crisisroom.core.pausing import LOUD
from crisisroom.core.said import PauseState
from crisisroom.room import pausing, reading
from crisisroom.room.access import read_only
from crisisroom.room.hooks import AT_ONCE, hook_of
from crisisroom.room.leading import leader, leads, refuse_unless_lead
from crisisroom.room.pausing import Said
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.compose.base import Then
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.pauses.rows import SAID, Pauses, pause_rows, pause_sheet, pause_top
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row
from crisisroom.tui.screens.dialogs import Confirm, asking
from crisisroom.tui.situation import Situation


class PausesScreen(AskingList):
    """Every account, queue, ad and agency that speaks for us by itself."""

    place = "pauses"

    topics: ClassVar[frozenset[str]] = frozenset({"entry", "config"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.told: Pauses | None = None
        self._runs: dict[str, datetime] = {}
        self._came: dict[str, bool] = {}  # title -> whether its hook paused it, of this run
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def load(self) -> Then:
        """Read the list as it is now."""
        items = await pausing.listed(self.room, self.incident_id)
        state = await reading.incident(self.room, self.incident_id)
        return lambda: self.show(state, items)

    def show(self, state: Incident, items: Sequence[PauseState]) -> None:
        """Put it on the screen."""
        self.incident = state
        named = ((one.id, hook_of(one, self.room.config)) for one in items)
        hooks = {id_: name for id_, name in named if name}
        self.told = Pauses(
            state.id, items, hooks, self.now, self.zone, state.drill, dict(self._runs)
        )
        self.draw()

    def top(self, width: int) -> Sequence[Row]:
        """Return the title, and a blank line."""
        return (pause_top(self.told), BLANK) if self.told else ()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(pause_rows(self.told, width)) if self.told else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the item under the cursor."""
        return list(pause_sheet(self.told, at, width)) if self.told else ()

    @property
    def item(self) -> PauseState | None:
        """The item under the cursor."""
        return self.told.item(self.chosen[1]) if self.told else None

    # Keys.

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the item under the cursor."""
        return [*self._own(), ("esc", "room"), ("?", "keys")]

    def _own(self) -> Iterator[tuple[str, str]]:
        item = self.item
        if item is None or self.told is None:
            return
        if why := self._why_closed():
            yield "", why
        elif item.state in LOUD:
            yield "space", "paused"
            yield "n", "not needed"
            yield "x", "failed"
            why = self._no_hook(item)
            yield ("", f"h hook: {why}") if why else ("h", "its hook")
            if not why and len(self.told.to_run()) > 1:
                yield "H", "all hooks"
        elif item.state == "paused":
            yield ("", f"r resume: {why}") if (why := self._not_lead()) else ("r", "resume")
            yield "x", "not paused after all"
        else:
            yield "space", "paused"

    def _why_closed(self) -> str:
        state = self.incident
        closed = state is not None and state.status != "open"
        return (
            f"{self.incident_id} is resolved: r lets what is paused speak again" if closed else ""
        )

    def _no_hook(self, item: PauseState) -> str:
        """Say why the item's hook cannot run, empty when it can."""
        assert self.told is not None
        if refusal := read_only(self.room):
            return refusal.message
        if self.restricted and not self.told.drill:
            return "not in a browser" if self.app.is_web else "not over this key"
        if item.id in self.told.running:
            return "it runs"
        return "" if item.id in self.told.hooks else "none"

    def _not_lead(self) -> str:
        state = self.incident
        if state is None or leads(state, self.room.scene()):
            return ""
        return f"{leader(state)} decides"

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with the item under the cursor."""
        item = self.item
        if not id.startswith("pauses."):
            return ""
        if item is None:
            return "nothing is on the list"
        if id == "pauses.not-needed" and item.state == "paused":
            return f"{item.title} is paused: r lets it speak again"
        if id == "pauses.hook" and self.told is not None:
            return self._no_hook(item) or _already(item, item.state not in LOUD)
        if id == "pauses.resume":
            paused = item.state in ("paused", "failed")
            return self._not_lead() if paused else "only what is paused can be resumed"
        return super().why_not(id)

    # What was made sure of.

    def action_paused(self) -> None:
        """Say that the item is paused."""
        self._say("paused", "paused")

    def action_not_needed(self) -> None:
        """Say that the item need not be paused."""
        item = self.item
        if item is not None and item.state == "paused":
            self.say((f"{item.title} is paused: r lets it speak again", "warn"))
            return
        self._say("not_needed", "no need to pause")

    def _say(self, said: str, told: str) -> None:
        item = self.item
        if item is None:
            self.say("nothing is on the list", "   pauses: in crisisroom.yaml")
        elif item.state == said:
            self.say(f"{item.title} is {SAID[item.state]} already")
        else:
            self.ask(partial(self._confirmed, item, said, told), f"pause-{item.id}")

    async def _confirmed(self, item: PauseState, said: str, told: str) -> str:
        await pausing.confirm(self.room, self.incident_id, item.id, said)
        self.desk.said(f"{told}: {item.title}", self._as_before(item, said))
        return ""

    def _as_before(self, item: PauseState, said: str) -> Undo:
        """Return how it is said again what was said before; of what spoke, that it speaks."""
        before, words = item.state, item.words
        if before not in get_args(Said) or (said, before) == ("paused", "not_needed"):
            before, words = "failed", "said by mistake: it still speaks"
        back = partial(pausing.confirm, self.room, self.incident_id, item.id, before, words)
        return Undo(f"what was said of {item.title}", back)

    def action_failed(self) -> None:
        """Say that the item could not be paused, and why."""
        item = self.item
        if item is None:
            self.say("nothing is on the list")
        else:
            self.ask(partial(self._not_paused, item), "pause-failed")

    async def _not_paused(self, item: PauseState) -> str:
        why = await self.desk.line(f"Not paused: {item.title}", "why not?", check=needed)
        await pausing.confirm(self.room, self.incident_id, item.id, "failed", why)
        self.desk.said(f"not paused: {item.title}", self._as_before(item, "failed"))
        return ""

    # Hooks.

    def action_hook(self) -> None:
        """Run the hook of the item under the cursor."""
        item = self.item
        if item is None or self.told is None:
            self.say("nothing is on the list")
        elif why := self._no_hook(item):
            hint = f"   by hand: {item.detail}" if item.detail and why == "none" else ""
            self.say((f"hook of {item.title}: {why}", "warn"), (hint, "quiet"))
        elif item.state not in LOUD:
            self.say(f"{item.title} is {SAID[item.state]} already")
        else:
            self._run([item])

    def action_hooks(self) -> None:
        """Run the hooks of everything that still speaks."""
        chosen = self.told.to_run() if self.told else []
        if chosen and (why := self._no_hook(chosen[0])):
            self.say((f"hooks: {why}", "warn"))
        elif chosen:
            self._run(chosen)
        else:
            self.say("no hook is left to be run")

    def _run(self, items: Sequence[PauseState]) -> None:
        """Run each in a worker of its own: what has ended shows while others still run."""
        if not self._runs:
            self._came.clear()
        for item in items:
            self._runs[item.id] = self.now
            self.do(partial(self._ran, item), name=f"hook-{item.id}")
        self._show_running()

    async def _ran(self, item: PauseState) -> Then:
        try:
            async with self._turns:
                acted = await pausing.run(self.room, self.incident_id, [item.id])
        finally:
            self._runs.pop(item.id, None)
        return lambda: self._ended(item, acted.thing[0].state == "paused")

    def on_words_screen_failed(self, message: PausesScreen.Failed) -> None:
        """Show the list as it is: a hook that could not be called runs no more."""
        self.reload()

    def _ended(self, item: PauseState, paused: bool) -> None:
        self._came[item.title] = paused
        self.reload()
        self.say(*self._told_of_hooks())

    def _told_of_hooks(self) -> Iterator[tuple[str, str]]:
        """Yield what the hooks of this run came to: what is not paused is named."""
        done = sum(self._came.values())
        still = [title for title, paused in self._came.items() if not paused]
        if still:
            yield f"NOT paused: {', '.join(still)}   ", "late"
        if done:
            yield f"{done} paused by hooks   ", "ok"
        if self._runs:
            yield f"{len(self._runs)} still run", "quiet"

    def _show_running(self) -> None:
        if self.told is not None:
            self.told = replace(self.told, running=dict(self._runs))
            self.draw()

    # Resuming.

    def action_resume(self) -> None:
        """Let the item under the cursor speak again."""
        item = self.item
        if item is None or item.state not in ("paused", "failed"):
            self.say("only what is paused can be resumed")
        else:
            self.ask(partial(self._resumed, [item]), "resume")

    def action_resume_all(self) -> None:
        """Let everything that is paused speak again."""
        paused = [one for one in self.told.items if one.state == "paused"] if self.told else []
        if paused:
            self.ask(partial(self._resumed, paused), "resume")
        else:
            self.say("nothing is paused")

    async def _resumed(self, items: Sequence[PauseState]) -> str:
        state = await reading.incident(self.room, self.incident_id)
        refuse_unless_lead(state, self.room.scene(), "resume what is paused")
        one = len(items) == 1
        what = items[0].title if one else f"{len(items)} things"
        if not one:
            lines = [row(gap(3), Cell(item.title)) for item in items]
            title = asking(f"Let {what} speak again?", "each hook is called")
            if not await self.desk.ask(Confirm(title, lines, verb="speak again")):
                return ""
        why = await self.desk.line(f"Resume: {what}", "why is it time again?", check=needed)
        acted = await pausing.resume(self.room, self.incident_id, why, [item.id for item in items])
        still = [item.title for item in acted.thing if item.state != "resumed"]
        return f"still paused: {', '.join(still)}" if still else f"{what}: speaks again"


def _already(item: PauseState, closed: bool) -> str:
    return f"{item.title} is {SAID[item.state]} already" if closed else ""
