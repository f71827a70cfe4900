"""The composer's keys for words that a moved fact holds back: the new value, or that they hold."""

from __future__ import annotations

from functools import partial

from crisisroom.core.incident import Incident
from crisisroom.room import statements
from crisisroom.tui.compose.ask import Ask
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.moved import Moved, anew, moved_in, moved_items
from crisisroom.tui.compose.replybase import ReplyBase
from crisisroom.tui.compose.said import line

_KEYS = ("anew", "uphold")  # acts that are there only while a fact moved


class Holding(ReplyBase):
    """Says which facts moved under the words; two keys set that right."""

    began: Incident | None = None
    """The incident as it stood when writing began: what moves after that is told."""
    _fine: tuple[Moved, ...] = ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the two keys to the editor as long as nothing moved."""
        if action in _KEYS:
            return bool(self.moved) and self.app.screen is self
        return super().check_action(action, parameters)

    def look_for_moved(self, text: str) -> None:
        """Work out which facts moved under a text."""
        assert self.opened is not None
        after = self.opened.desk.incident
        self.began = self.began or after
        found = moved_in(text, self.opened.place.words, self.began, after, self.zone)
        held = self.opened.place.words
        as_held = held is not None and text == held.text  # only its author's reason lets it go
        self.moved = tuple(one for one in found if (one.held and as_held) or one not in self._fine)

    async def show_moved(self) -> None:
        """Show which facts moved."""
        bar = self.query_one("#moved", Items)
        bar.display = bool(self.moved)
        await bar.show(moved_items(self.moved))

    @property
    def moved_keys(self) -> list[tuple[str, str]]:
        """The keys that set it right, with what they would do."""
        if not self.moved:
            return []
        fits = any(one.plain for one in self.moved)
        return [("ctrl+u", "new value")] * fits + [("ctrl+y", "still holds")]

    def action_anew(self) -> None:
        """Put the new values where the old ones stood."""
        text = self.editor.text
        for one in self.moved:
            text = anew(text, one)
        if text == self.editor.text:
            self.say(("the old value does not stand there as it was: say it anew", "warn"))
        else:
            self.put_in(text, self.cursor_in(text))

    def action_uphold(self) -> None:
        """Say that the words still hold, and why."""
        held = self.opened.place.words if self.opened else None
        if held is None or not held.suspended or self.editor.text != held.text:
            self._fine = (*self._fine, *self.moved)
            self.call_later(self.judge)
            self.say("the words stay as they are")
            return
        title = line(("Why does " + held.id + " still hold?", "focus"), ("   it is noted", "quiet"))
        asked = Ask(title, self.room.clock.monotonic, verb="it holds")
        self.app.push_screen(asked, lambda why: self._upheld(held.id, why))

    def _upheld(self, words_id: str, why: str | None) -> None:
        if why:
            self.do(partial(self._uphold, words_id, why), name="uphold")
        else:
            self.editor.focus()

    async def _uphold(self, words_id: str, why: str) -> Then:
        await statements.uphold(self.room, self.incident_id, words_id, why)
        return lambda: self.say((words_id + " holds as it reads", "text"))
