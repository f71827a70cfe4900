"""The screen of the digest: complaints are turned into owned actions without any incident."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from crisisroom.core.kinds import date_flaw
from crisisroom.room import campaigning, improving
from crisisroom.tui.acted import Given
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.compose.base import Then
from crisisroom.tui.digest.rows import Week, week_rows, week_sheet
from crisisroom.tui.rows import Row
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.screens.list_and_sheet import ListAndSheet
from crisisroom.tui.situation import Leading, Situation

_DAYS = re.compile(r"(\d{1,3})d")


class DigestScreen(ListAndSheet):
    """Stories with complaints, the actions they led to, the campaigns."""

    place = "digest"

    topics: ClassVar[frozenset[str]] = frozenset({"improvement", "narrative", "campaign", "config"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.room)
        self.desk = desk
        self.week: Week | None = None

    async def load(self) -> Then:
        """Read the week, the actions, the campaigns."""
        week = Week(
            await improving.digest(self.room),
            await improving.improvements_of(self.room, everything=True),
            await campaigning.campaigns(self.room),
            self.now,
            self.zone,
        )
        return lambda: self.show(week)

    def show(self, week: Week) -> None:
        """Put them on the screen; open actions come first, the earliest due on top."""
        order = sorted(week.actions, key=lambda one: (one.state == "done", one.due or "9", one.id))
        self.week = Week(week.digest, order, week.campaigns, week.now, week.zone)
        self.draw()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(week_rows(self.week, width)) if self.week else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the row under the cursor."""
        return list(week_sheet(self.week, at, width, self.pen)) if self.week else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        kind, name = self.chosen
        week = self.week
        own: list[tuple[str, str]] = []
        if kind == "story":
            own = [("enter", "posts"), ("+", "give it an owner")]
        elif kind == "action" and week and (action := week.action(name)):
            own = [("x", "done")] if action.state == "open" else []
            own += [("enter", "posts")] if action.narrative else []
        elif kind == "campaign" and week and (watch := week.campaign(name)):
            over = watch.state == "over"
            own = (
                [("r", "result")]
                if over
                else [("", f"r result: it runs until {watch.campaign.end}")]
            )
        return [
            *own,
            *([] if kind == "story" else [("+", "action")]),
            ("esc", "room"),
            ("?", "keys"),
        ]

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with the row under the cursor."""
        kind, name = self.chosen
        if id == "digest.done" and kind != "action":
            return "choose an action first"
        if id == "digest.posts" and not self.story:
            return "no story is chosen"
        if id != "digest.result":
            return ""
        watch = self.week.campaign(name) if self.week and kind == "campaign" else None
        if watch is None:
            return "choose a campaign first"
        over = watch.state == "over"
        return "" if over else f"it runs until {watch.campaign.end}: then say what came of it"

    @property
    def story(self) -> str:
        """The story under the cursor, or that an action answers."""
        kind, name = self.chosen
        action = self.week.action(name) if self.week and kind == "action" else None
        return name if kind == "story" else action.narrative if action else ""

    def action_posts(self) -> None:
        """Show the story's posts in the feed."""
        if self.story and isinstance(self.app, Leading):
            self.app.show_posts(f"story:{self.story}")

    def action_add(self) -> None:
        """Give the story under the cursor an owner."""
        self._ask(self._added, "add action")

    def action_done(self) -> None:
        """Say that the action under the cursor is done."""
        if why := self.why_not("digest.done"):
            self.say(why)
        else:
            self._ask(self._done, "done")

    def action_result(self) -> None:
        """Say what came of the campaign under the cursor."""
        if why := self.why_not("digest.result"):
            self.say(why)
        else:
            self._ask(self._result, "result")

    def _ask(self, act: Callable[[], Awaitable[str]], name: str) -> None:
        self.do(partial(self._asked, act), name=name)

    async def _asked(self, act: Callable[[], Awaitable[str]]) -> Then:
        try:
            told = await act()
        except Given:
            return lambda: None

        def after() -> None:
            self.reload()
            self.say(told)

        return after

    async def _added(self) -> str:
        story = self.story
        one = self.week.complaint(story) if self.week else None
        rest = one_line(one.story.title) if one else ""
        of = f" about {story}" if story else ""
        title = await self.desk.line(f"What is to be mended{of}?", rest, check=needed)
        owner = await self.desk.person("Who mends it?")
        today = self.now.astimezone(self.zone).date()
        typed = await self.desk.line(
            "By which day?", "2026-12-01, or 7d; empty for none", value="7d", check=day_flaw
        )
        due = day_of(typed, today)
        made = await improving.add(self.room, title, owner=owner, due=due, narrative=story)
        return f"{made.id}: {owner} mends it" + (f" by {due}" if due else "")

    async def _done(self) -> str:
        _, name = self.chosen
        outcome = await self.desk.line(f"{name} is done", "what came of it?", check=needed)
        await improving.done(self.room, name, outcome)
        return f"{name} is done"

    async def _result(self) -> str:
        _, name = self.chosen
        words = await self.desk.lines(f"What came of {name}?", "as you would tell it next year")
        await campaigning.say_result(self.room, name, words)
        return f"{name} has its result"


def day_flaw(typed: str) -> str:
    """Say what keeps words from naming a day."""
    return "" if _DAYS.fullmatch(typed) else date_flaw(typed)


def day_of(typed: str, today: date) -> str:
    """Return the day that `7d` or `2026-12-01` names, as YYYY-MM-DD; empty for none."""
    found = _DAYS.fullmatch(typed)
    return (today + timedelta(days=int(found[1]))).isoformat() if found else typed
