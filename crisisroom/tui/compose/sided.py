"""A statement of several sides: its text, and words of its own for single channels."""

from __future__ import annotations

from crisisroom.core.review import Review
from crisisroom.room import drafting
from crisisroom.tui.compose import stating, variants
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.following import Following
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.variants import SOURCE, TEXT, Bundle


class Sided(Following):
    """Moves between the sides; each is written, saved and counted for itself."""

    side = TEXT  # the one that is looked at
    written = TEXT  # the one that the editor holds

    @property
    def draft_ref(self) -> str:
        """The statement, or what a new one begins from; of a channel's own words with its id."""
        return self.own_ref + ("@" + self.written if self.written else "")

    @property
    def current(self) -> Bundle:
        """The words as they are on the screen now."""
        if not self.editing:
            return self.bundle
        return self.bundle.put(self.written, self.query_one(Editor).text)

    def review_of(self, text: str) -> Review | None:
        """Review the whole bundle as publishing would."""
        if self.opened is None:
            return None
        now = self.current
        return self.opened.desk.review(now.text, now.variants)

    async def action_side(self, by: int) -> None:
        """Go to the next side; with a single one, to what stands beside it."""
        now = self.current
        sides = [one for one in now.sides if one != SOURCE or not self.wide]
        if len(sides) < 2:
            self.screen.focus_next() if by > 0 else self.screen.focus_previous()
            return
        at = sides.index(self.side) if self.side in sides else 0
        await self.go_to(sides[(at + by) % len(sides)])

    async def go_to(self, side: str) -> None:
        """Show another side, and write on it where one writes; the one before is saved."""
        if self.editing and side != SOURCE:
            self._keep()
            self.bundle = self.current
            await self._keeper.flush()
            self.written = side
            self.begin(self.bundle.of(side), len(self.bundle.of(side)))
        self.side = side
        self.display_side()
        await self.judge()

    def display_side(self) -> None:
        """Show the editor, or the side that is only read."""
        writing = self.editing and self.side != SOURCE
        pane, editor = self.query_one("#pane"), self.query_one(Editor)
        pane.display, editor.display = not writing, writing
        (editor if writing else pane).focus()

    async def action_variant(self) -> None:
        """Choose a channel that gets words of its own: made from the text, then edited."""
        opened = self.opened
        if opened is None:
            return
        if not stating.may_edit(opened.words):
            await super().action_edit()
        elif not opened.desk.ways:
            self.say("no account is set up: there is only the text")
        else:
            items = variants.choices(opened.desk, self.current)
            told = "approved together with the text"
            self.app.push_screen(
                Pick("Words of its own", items, told=told, verb="write"), self._own
            )

    async def _own(self, channel: str | None) -> None:
        if channel is None:
            return
        if not self.editing:
            await self.action_edit()
        self.bundle = self.current
        if channel not in self.bundle.variants:
            self.bundle = self.bundle.put(channel, self.bundle.text)
        await self.go_to(channel)

    async def action_same(self) -> None:
        """Take the words of its own off the channel that is shown: it gets the text again."""
        channel = self.side
        if channel in (TEXT, SOURCE) or not self.editing:
            self.say("only a channel's own words can be taken off, while you edit")
            return
        await self._keeper.stop()
        await drafting.discard(self.room, self.draft_id)
        self.bundle = self.current.without(channel)
        self.written = TEXT
        self.begin(self.bundle.text, len(self.bundle.text))
        self.side = TEXT
        self.display_side()
        await self.judge()
        self.say(channel + " gets the text again")
