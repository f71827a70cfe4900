"""The screen of the review: sections and factors, corrective actions, what should change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial

from crisisroom.core.incident import Incident
from crisisroom.core.postmortem import Heading, all_headings, task_of, written
from crisisroom.core.recorded import Factor
from crisisroom.room import corrective, reviewing
from crisisroom.room.corrective import Owned
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import needed
from crisisroom.tui.acts.following import follow
from crisisroom.tui.after import asks, writing
from crisisroom.tui.after.know import ACTIONS, PROGRAMME, REVIEW, After
from crisisroom.tui.after.listing import AfterList
from crisisroom.tui.after.review_rows import sorts
from crisisroom.tui.screens.picking import Choice
from crisisroom.tui.situation import Leading

_STATES = (
    Choice("draft", "a draft", "it is being written"),
    Choice("in_review", "in review", "it is being talked through"),
    Choice("reviewed", "reviewed", "it was held; words may still come"),
    Choice("closed", "closed", "nothing is open, nothing is changed any more"),
)


class AfterScreen(AfterList):
    """Three parts: 1 the review, 2 corrective actions, 3 what should change."""

    place = "after"

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        own = {REVIEW: self._review_keys, ACTIONS: self._action_keys, PROGRAMME: self._change_keys}
        return [*own[self.part](), ("tab", "part"), ("esc", "room"), ("?", "keys")]

    def _review_keys(self) -> Iterator[tuple[str, str]]:
        if self.closed:
            yield "", "closed: nothing in it is changed"
            yield "s", "open it again"
            return
        if self.factor is not None:
            yield "x", "drop it"
        elif self.heading is not None:
            yield "enter", "write"
            yield ("", "e editor: off here") if self.restricted else ("e", "editor")
        yield "+", "factor"
        yield "s", "move on"

    def _action_keys(self) -> Iterator[tuple[str, str]]:
        yield from self._of_action()
        yield "+", "action"
        yield "i", f"only {self.incident_id}" if self._everywhere else "all"

    def _of_action(self) -> Iterator[tuple[str, str]]:
        one = self.owned
        if one is None:
            return
        if one.action.state == "open":
            yield "space", "done"
            yield "enter", "change"
            yield "x", "drop"
        else:
            yield "r", "reopen"
        if one.action.link:
            yield "o", "link"

    def _change_keys(self) -> Iterator[tuple[str, str]]:
        if self.changed is not None:
            yield "+", "make an action of it"
            if self.changed.narrative:
                yield "enter", "posts"
        yield from (one for one in self._of_action() if one[0] != "enter")

    # Acts.

    def action_part(self, by: int) -> None:
        """Go to the next part, or the one before."""
        self.action_go((self.part - 1 + by) % PROGRAMME + 1)

    def action_go(self, part: int) -> None:
        """Go to a part; the cursor begins at its first row."""
        if part != self.part:
            self.message_read()
            self.part = part
            self.draw()
            self._list.first()
            self.call_after_refresh(self._list.first)

    def action_open(self) -> None:
        """Write the section, change the action, show the story's posts."""
        one, changed = self.owned, self.changed
        if self.heading is not None:
            self._write()
        elif changed is not None:
            if changed.narrative and isinstance(self.app, Leading):
                self.app.show_posts(f"story:{changed.narrative}")
        elif one is not None and one.action.state == "open" and self.after is not None:
            self._act(partial(asks.change, self.desk, one, self.after.today), "change")
        elif one is not None:
            self.say(f"{one.action.id} is {one.action.state}: r opens it again")

    def _act(self, act: Callable[[], Awaitable[None]], name: str) -> None:
        """Do an act that asks, and says itself what came of it."""

        async def quietly() -> str:
            await act()
            return ""

        self.ask(quietly, name)

    def _write(self) -> None:
        state, heading = self.incident, self.heading
        if state is not None and heading is not None and not self._shut():
            empty = written(state, heading.id) is None
            helps = state.plan.review.factors if empty else ()
            self.ask(partial(writing.here, self.desk, state, heading, helps), "write")

    def _shut(self) -> bool:
        """Say that the review is closed, where it is."""
        if self.closed:
            self.say("the review is closed", ("   s opens it again", "quiet"))
        return self.closed

    def action_outside(self) -> None:
        """Write the section under the cursor in one's own editor."""
        if self.heading is None:
            self.say("choose a section first")
        else:
            self._outside([self.heading])

    def action_outside_all(self) -> None:
        """Write the whole review in one's own editor."""
        if self.incident is not None:
            self._outside(all_headings(self.incident))

    def _outside(self, headings: Sequence[Heading]) -> None:
        state = self.incident
        if self.restricted:
            self.say(("no other program may start in this login", "warn"), "   enter writes here")
        elif state is not None and not self._shut():
            figures = self._figures or ()
            act = partial(writing.outside, self.desk, self.app, state, headings, figures)
            self.ask(act, "editor")

    def action_add(self) -> None:
        """Add a factor, or an action: of the thing under the cursor in the third part."""
        after = self.after
        if after is None:
            return
        if self.part == REVIEW:
            if not self._shut():
                self._act(self._factor_added, "add factor")
        else:
            self._act(partial(self._action_added, after), "add action")

    async def _factor_added(self) -> None:
        choices = [Choice(id_, name) for id_, name in sorts()]
        sort = await self.desk.pick("A factor", choices, "of things, never of people")
        words = await self.desk.line("What was it?", dict(sorts())[sort], check=needed)
        acted = await reviewing.add_factor(self.room, self.incident_id, words, sort)
        name = acted.entry.data["factor"]
        back = partial(reviewing.drop_factor, self.room, self.incident_id, name)
        self._land = f"factor:{name}"
        asks_ = f"   {acted.thing}" if acted.thing else ""
        self.desk.said(f"{name} is written down{asks_}", Undo(f"factor {name}", back))

    async def _action_added(self, after: After) -> None:
        made = await asks.add(self.desk, after.incident, after.today, self.changed)
        if self.part == ACTIONS:
            self._land = f"action:{made}"

    def action_done(self) -> None:
        """Say that the action under the cursor is done."""
        self._on_open(asks.done, "done")

    def action_drop(self) -> None:
        """Take the factor off, or say that the action is not done."""
        if self.factor is None:
            self._on_open(asks.drop, "drop")
        elif not self._shut():
            self._act(partial(self._factor_dropped, self.factor), "drop factor")

    async def _factor_dropped(self, factor: Factor) -> None:
        await reviewing.drop_factor(self.room, self.incident_id, factor.id)
        back = partial(reviewing.add_factor, self.room, self.incident_id, factor.words, factor.sort)
        self.desk.said(f"{factor.id} is dropped", Undo(f"dropping {factor.id}", back))

    def _on_open(self, act: Callable[..., Awaitable[None]], name: str) -> None:
        """Do this with the action under the cursor, where it is open."""
        one = self.owned
        if one is None:
            self.say("choose an action first")
        elif one.action.state != "open":
            self.say(f"{one.action.id} is {one.action.state}: r opens it again")
        else:
            self._act(partial(act, self.desk, one), name)

    def action_reopen(self) -> None:
        """Open the action under the cursor again."""
        one = self.owned
        if one is None:
            self.say("choose an action first")
        elif one.action.state == "open":
            self.say(f"{one.action.id} is open")
        else:
            self._act(partial(asks.reopen, self.desk, one), "reopen")

    def action_state(self) -> None:
        """Move the review on, or back."""
        if self.incident is not None:
            self._act(partial(self._stated, self.incident), "state")

    async def _stated(self, state: Incident) -> None:
        was, task = state.review_state, task_of(state)
        chosen = await self.desk.pick("The review is", _STATES, chosen=was)
        await reviewing.move(self.room, state.id, chosen)
        ticked = task is not None and task.state == "open" and chosen in ("reviewed", "closed")

        async def back() -> None:
            await reviewing.move(self.room, state.id, was)
            if ticked and task is not None:
                await corrective.reopen(self.room, state.id, task.id)

        words = dict((one.id, one.name) for one in _STATES)[chosen]
        self.desk.said(f"the review is {words}", Undo("moving the review on", back))

    def action_everywhere(self) -> None:
        """Show the actions of all incidents, or of this one only."""
        if self.part != ACTIONS:
            self.say("2 shows the actions first")
            return
        self._everywhere = not self._everywhere
        self.reload()

    def action_link(self) -> None:
        """Open the action's link in the browser of this machine."""
        one: Owned | None = self.owned
        if one is None or not one.action.link:
            self.say("nothing to open here")
        else:
            self._act(partial(follow, self.desk, one.action.link), "link")
