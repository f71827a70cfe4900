"""The composer's list of approved words: beside the reply, or on top of it on a small screen."""

from __future__ import annotations

from textual import events, on

from crisisroom.room import Room
from crisisroom.room.desk import Review
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.offered import holds, offer_items
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.replybase import ReplyBase
from crisisroom.tui.compose.said import Item


class Choosing(ReplyBase):
    """Puts approved words into the reply, by their digit or with the cursor."""

    def __init__(self, room: Room, incident_id: str, mention_id: str) -> None:
        super().__init__(room, incident_id, mention_id)
        self.ready = False  # everything was shown once
        self._ahead = ""  # what was typed before that: `words` for the list, or a digit in it

    async def catch_up(self) -> None:
        """Obey what was typed while this was still being read: it came first."""
        ahead, self._ahead = self._ahead, ""
        items = self.query_one("#words", Items).items
        if ahead.isdecimal() and 0 < int(ahead) <= len(items):
            self._put(items[int(ahead) - 1].id)
        elif ahead:
            await self.action_words()

    @on(events.Key)
    def _typed_ahead(self, event: events.Key) -> None:
        if self._ahead and event.key.isdecimal():
            self._ahead = event.key

    def offer_items_of(self, review: Review) -> list[Item]:
        assert self.opened is not None
        return offer_items(self.opened.offered, review.check.used, self.now, self.zone)

    async def action_words(self) -> None:
        """Go to the approved words: beside the reply, or on top of it on a small screen."""
        if not self.ready:
            self._ahead = "words"
            self.set_focus(None)  # the digit that follows is not for the editor
            return
        if self.wide:
            self.query_one("#words", Items).focus()
            return
        review = self.review_of(self.editor.text)
        assert review is not None
        items = self.offer_items_of(review)
        pick = Pick("Approved words", items, told="for this post", verb="put in")
        self.app.push_screen(pick, self._picked)

    def _picked(self, key: str | None) -> None:
        if key:
            self._put(key)

    def on_items_chosen(self, message: Items.Chosen) -> None:
        """Put approved words into the reply."""
        if message.items.id == "words":
            self._put(message.item.id)

    def _put(self, key: str) -> None:
        assert self.opened is not None
        offer = next(one for one in self.opened.offered if one.key == key)
        editor = self.editor
        review = self.review_of(editor.text)
        if offer.why_not:
            self.say((offer.id + ": " + offer.why_not, "warn"))
        elif review is not None and holds(review.check.used, offer):
            self.say((offer.id + " is in your reply already", "warn"))
        else:
            editor.put(offer.text)
        editor.focus()
