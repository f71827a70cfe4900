"""The screen of one early warning: why the room warns, and what declaring would start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import events
from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.core.candidate import Candidate
from crisisroom.core.errors import Refused
from crisisroom.tui.acted import Given
from crisisroom.tui.acts import Desk
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.rows.chart import Pen
from crisisroom.tui.rows.feed import Eyes
from crisisroom.tui.shown import painter
from crisisroom.tui.situation import Leading
from crisisroom.tui.warn import acts
from crisisroom.tui.warn.reading import View, view
from crisisroom.tui.warn.rows import heard, planned
from crisisroom.tui.warn.sheet import Sheet

MINUTE = 5.0  # seconds between two looks whether the minute is over

Decide = Callable[[Desk, Candidate], Awaitable[None]]


class WarningScreen(WordsScreen):
    """Waits for a person: declare, watch, or not a crisis."""

    place = "warning"

    topics: ClassVar[frozenset[str]] = frozenset({"candidate"})

    def __init__(self, desk: Desk, candidate_id: str) -> None:
        super().__init__(desk.room, "")
        self.desk = desk
        self.candidate_id = candidate_id
        self.seen: View | None = None
        self._minute = ""

    def panes(self) -> Iterable[Widget]:
        """Left what declaring would start, right what was heard."""
        with Vertical(id="columns"):
            yield Sheet(id="left")
            yield Sheet(id="right")

    def on_mount(self) -> None:
        """Read it, and again with every minute."""
        super().on_mount()
        self._minute = f"{self.now:%H:%M}"
        self.set_interval(MINUTE, self.tick)

    def tick(self) -> None:
        """Read again when the clock shows another minute: the chart goes on."""
        minute = f"{self.now:%H:%M}"
        if minute != self._minute:
            self._minute = minute
            self.reload()

    async def load(self) -> Then:
        """Read the warning with all that belongs to it."""
        seen = await view(self.room, self.candidate_id, tuple(self.desk.hooks.playbooks))
        return lambda: self.show(seen)

    def show(self, seen: View) -> None:
        """Put what was read on the screen, unless one went on to another one meanwhile."""
        if seen.candidate.id == self.candidate_id:
            anew = self.seen is None or self.seen.candidate.id != seen.candidate.id
            self.seen = seen
            self.draw(anew=anew)

    def draw(self, *, anew: bool = False) -> None:
        """Make the rows for the width there is; below 120x36 one column, what was heard first."""
        left, right = self.query_one("#left", Sheet), self.query_one("#right", Sheet)
        width = right.size.width
        if self.seen is None or not width:
            return
        eyes = Eyes(self.room.actor.name, self.now, self.zone)
        paints = painter(self.app)
        pen = Pen(self.zone, tinted=paints.palette.tints, ascii_only=paints.ascii_only, width=width)
        rows = heard(self.seen, eyes, pen, width, few=not self.wide)
        if self.wide:
            left.put(planned(self.seen, eyes, left.size.width), anew=anew)
        else:
            rows += [*planned(self.seen, eyes, width)]
        right.put(rows, anew=anew)
        self.show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Make the rows anew once the panes have their width."""
        super().on_resize(event)
        self.call_after_refresh(self.draw)

    def keys(self) -> list[tuple[str, str]]:
        """The keys that matter for what it is now."""
        one = self.seen.candidate if self.seen else None
        more = [("n", "next")] if self.seen and self._others else []
        posts = [("enter", "posts")] if self.seen and self.seen.posts else []
        if one is None or one.state == "declared":
            opens = [("I", f"open {one.incident}")] if one else []
            return [*opens, *posts, *more, ("l", "list"), ("esc", "room"), ("?", "keys")]
        undo = [("z", "take back")] if one.state in ("watched", "dismissed") else []
        acts = [("I", "declare"), *([] if one.state == "watched" else [("w", "watch")])]
        if one.state != "dismissed":
            acts.append(("x", "not a crisis"))
        return [*acts, *undo, *posts, *more, ("esc", "room"), ("?", "keys")]

    @property
    def _others(self) -> list[str]:
        waiting = self.seen.waiting if self.seen else ()
        return [one for one in waiting if one != self.candidate_id]

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done as the warning stands."""
        one = self.seen.candidate if self.seen else None
        if one is None or not id.startswith("warning."):
            return ""
        if id in ("warning.next", "warning.before") and not self._others:
            return "no other early warning waits"
        if one.state == "declared" and id in ("warning.watch", "warning.dismiss"):
            return f"{one.id} is {one.incident} already"
        if id == "warning.watch" and one.state == "watched":
            return "it is watched already"
        if id == "warning.dismiss" and one.state == "dismissed":
            return "it is set aside already"
        return ""

    # What a person decides.

    def action_declare(self) -> None:
        """Declare an incident on it, or open the one that was."""
        one = self.seen.candidate if self.seen else None
        if one is not None and one.state == "declared":
            self._open(one.incident)
        elif one is not None:
            self.do(partial(self._declared, one), name="declare")

    async def _declared(self, one: Candidate) -> Then:
        try:
            incident = await acts.declared(self.desk, one)
        except Given:
            return lambda: None
        return partial(self._open, incident)

    def _open(self, incident: str) -> None:
        if isinstance(self.app, Leading):
            self.app.show_incident(incident)

    def action_watch(self) -> None:
        """Keep an eye on it."""
        self._decide(acts.watched)

    def action_set_aside(self) -> None:
        """Set it aside, with the reason."""
        self._decide(acts.dismissed)

    def action_undo(self) -> None:
        """Take the decision back."""
        self._decide(acts.taken_back)

    def _decide(self, decide: Decide) -> None:
        one = self.seen.candidate if self.seen else None
        if one is not None:
            self.do(partial(self._decided, decide, one), name="decide")

    async def _decided(self, decide: Decide, one: Candidate) -> Then:
        if one.state == "declared":
            raise Refused("declared", f"{one.id} is {one.incident} already", "I opens it")
        try:
            await decide(self.desk, one)
        except Given:
            return lambda: None
        return self.reload

    # Looking.

    def action_posts(self) -> None:
        """Show its posts in the feed: the largest story's, or those that say its term."""
        one = self.seen.candidate if self.seen else None
        if one is None or not isinstance(self.app, Leading):
            return
        if one.narratives:
            self.app.show_posts(f"story:{one.narratives[0]}")
        else:
            self.app.show_posts(f"about:{one.term}" if one.term else "")

    def action_step(self, by: int) -> None:
        """Go on to the next one that waits, or the one before."""
        waiting = self.seen.waiting if self.seen else ()
        if not self._others:
            self.say("no other early warning waits")
            return
        here = waiting.index(self.candidate_id) if self.candidate_id in waiting else -min(by, 0) - 1
        self.candidate_id = waiting[(here + by) % len(waiting)]
        self.reload()

    def action_list(self) -> None:
        """Show all early warnings."""
        from crisisroom.tui.warn.listing import WarningsScreen  # it opens this screen

        self.app.switch_screen(WarningsScreen(self.desk))

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#right", Sheet).move(by)

    def action_page(self, by: int) -> None:
        """Scroll by pages."""
        self.query_one("#right", Sheet).page(by)
