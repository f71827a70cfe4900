"""The composer's way out: the last look, then to those who approve it, to the outbox, by hand."""

from __future__ import annotations

from functools import partial

from crisisroom.core.incident import Incident, Words
from crisisroom.room import Acted, sending, words
from crisisroom.room.desk import BY_HAND
from crisisroom.tui.compose import replying
from crisisroom.tui.compose.approving import titles_of
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.byhand import ByHand
from crisisroom.tui.compose.forms import STAYS_OPEN
from crisisroom.tui.compose.opened import Opened, open_reply
from crisisroom.tui.compose.promised import promise_in
from crisisroom.tui.compose.replybase import ReplyBase
from crisisroom.tui.compose.review import Answer, ReviewScreen


class SendOff(ReplyBase):
    """Sends exactly what was looked at; what it promises can be written down before."""

    async def open(self) -> Opened:
        """Read everything the reply is measured against."""
        return await open_reply(self.room, self.incident_id, self.mention_id, self.opened)

    async def look(self) -> Then:
        """Read the thread once more, then open the review of exactly this text."""
        opened = await self.open()
        return lambda: self._look(opened)

    def _look(self, opened: Opened) -> None:
        self.opened = opened
        text = self.editor.text
        review = self.review_of(text)
        assert review is not None
        going = replying.going(opened.place, text, review, self.room.scene(), self.zone)
        submits = replying.submits(opened.place, review)
        self.app.push_screen(
            ReviewScreen(self.room, going), lambda answer: self._answered(text, submits, answer)
        )

    def _answered(self, text: str, submits: bool, answer: Answer | None) -> None:
        if answer is not None and answer.verdict == "act":
            self.do(partial(self._go, text, submits), name="send")
        else:
            self.editor.focus()

    async def _written(self, text: str) -> Acted:
        """Put the reply on the timeline, in its form."""
        channel = self.opened.desk.channel if self.opened else ""
        inc, post = self.incident_id, self.mention_id
        return await words.save_reply(self.room, inc, post, text, channel, form=self.form)

    async def _go(self, text: str, submits: bool) -> Then:
        acted = await self._written(text)
        reply: Words = acted.thing
        if submits:
            acted = await words.submit(self.room, self.incident_id, reply.id)
        else:
            acted = await sending.send(self.room, self.incident_id, reply.id, sha256=reply.sha256)
        await self.forget()
        return lambda: self._gone(acted.incident, reply.id, submits)

    def action_promise(self) -> None:
        """Write down what this reply promises; the reply is kept on the timeline first."""
        if self.opened is not None and self.app.screen is self:
            self.do(self._promise, name="promise")

    async def _promise(self) -> Then:
        acted = await self._written(self.editor.text)
        told = await promise_in(self.app, acted.incident, acted.thing)
        return lambda: self.say((told, "text")) if told else self.message_read()

    async def _gone(self, incident: Incident, words_id: str, submitted: bool) -> None:
        reply = incident.replies[words_id]
        if submitted:
            whom = titles_of(incident, reply.approval)
            self.close_with((words_id + " waits for " + whom, "text"))
        elif reply.channel == BY_HAND:
            app, by_hand = self.app, ByHand(self.room, self.incident_id, reply)
            self.close_with((words_id + " waits in the outbox until it is out", "text"))
            app.call_later(app.push_screen, by_hand)
        else:
            after = STAYS_OPEN if self.form == "private" else "the outbox shows how it goes"
            self.close_with((words_id + " is queued", "text"), ("   " + after, "quiet"))
