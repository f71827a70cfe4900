"""The composer: approved words on one side, the post and the reply to it on the other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

import msgspec
from textual import events, on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.placeholders import blanks_in
from crisisroom.room import Room, approvals, reading, sending, triage, words
from crisisroom.room.desk import BY_HAND, Prefill, Review
from crisisroom.tui.compose import replying
from crisisroom.tui.compose.approving import titles_of
from crisisroom.tui.compose.base import Then, key
from crisisroom.tui.compose.byhand import ByHand
from crisisroom.tui.compose.drafting import Drafting
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import marks_of
from crisisroom.tui.compose.offered import Offer, offer_items, offers
from crisisroom.tui.compose.panes import Post, Problems
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.replying import Place
from crisisroom.tui.compose.review import Answer, ReviewScreen
from crisisroom.tui.compose.said import Item, count, line
from crisisroom.tui.rows.times import clock


class Opened(msgspec.Struct, frozen=True):
    """What the composer works with: the words to begin from, their place, and what is approved."""

    prefill: Prefill
    place: Place
    offered: tuple[Offer, ...]


class ReplyScreen(Drafting):
    """Writes one reply to one mention; the draft is saved while one types."""

    DEFAULT_CSS = """
    ReplyScreen {
        #head { padding-left: 3; margin-bottom: 1; }
        #words-title { padding-left: 3; margin-bottom: 1; }
        #words { height: 1fr; }
        #editor { margin-left: 3; height: 1fr; min-height: 3; }
        #measure { padding-left: 3; margin-top: 1; }
        #problems { max-height: 4; }
        #others { padding-left: 3; }
        &.-wide {
                    #editor { height: auto; max-height: 12; min-height: 5; }
            #measure { margin-top: 2; margin-bottom: 1; }
            #problems { max-height: 8; margin-bottom: 1; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("ctrl+k", "words", "choose approved words", "reply.words", typing=True),
    ]

    beside = frozenset({"words"})

    def __init__(self, room: Room, incident_id: str, mention_id: str) -> None:
        super().__init__(room, incident_id)
        self.mention_id = mention_id
        self.opened: Opened | None = None
        self._ready = False  # everything was shown once
        self._ahead = ""  # what was typed before that: `words` for the list, or a digit in it

    def panes(self) -> Iterable[Widget]:
        """Approved words on the left; post, editor, length and problems on the right."""
        with Vertical(id="columns"):
            with Vertical(id="left"):
                yield Text(id="words-title")
                yield Items(id="words", spaced=True, digits=True)
            with Vertical(id="right"):
                yield Text(id="head")
                yield Post()
                yield Editor(id="editor")
                yield Text(id="measure")
                yield Problems(id="problems")
                yield Text(id="others")

    async def load(self) -> Then:
        """Read everything the reply is measured against."""
        opened = await self._open()
        return lambda: self.show(opened)

    async def _open(self) -> Opened:
        prefill = await words.prefill(self.room, self.incident_id, self.mention_id)
        mention = prefill.desk.mention
        assert mention is not None
        channel = prefill.desk.channel
        accounts = (one for one in self.room.config.accounts if one.id == channel)
        place = Place(
            desk=prefill.desk,
            mention=mention,
            thread=await reading.thread(self.room, mention),
            people=(await reading.status(self.room)).people,
            words=prefill.words,
            account=next((one.handle for one in accounts), ""),
        )
        approved = await approvals.approved(self.room)
        return Opened(prefill, place, offers(prefill.desk, approved))

    async def show(self, opened: Opened) -> None:
        """Show what was read; what is being written stays as it is."""
        first, self.opened = self.opened is None, opened
        self.incident = opened.place.desk.incident
        if first:
            self._begin(opened.prefill)
            self.do(self._claim, name="claim")
        place = opened.place
        await self.query_one(Post).show(place, self.now, answers=2 if self.wide else 0)
        self.query_one("#others", Text).say(*replying.others(place, self.room.actor.name))
        self.query_one("#words-title", Text).say(
            line(("Approved words", "bold"), ("   for this post", "quiet"))
        )
        await self.judge()
        if first:
            self._ready = True
            await self._catch_up()

    async def _catch_up(self) -> None:
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

    def _begin(self, prefill: Prefill) -> None:
        draft = prefill.draft
        self.begin(
            prefill.text,
            draft.cursor if draft else self._cursor_in(prefill),
            focus=not self._ahead,
        )
        if draft is not None:
            at = clock(draft.updated_at, self.now, self.zone)
            self.say(("your draft of " + at, "text"), ("   as you left it", "quiet"))

    def _cursor_in(self, prefill: Prefill) -> int:
        """Begin on the first blank, else on the line before the sign-off: never glued to a link."""
        if blanks := blanks_in(prefill.text):
            return blanks[0].start
        signed = prefill.desk.ready().get(("sign_off", "sign_off"))
        body = prefill.text.removesuffix(signed.text) if signed else prefill.text
        return len(body.rstrip("\n")) + body.endswith("\n")

    async def _claim(self) -> Then:
        try:
            await triage.claim(self.room, self.mention_id)
        except Refused as refused:
            told = refused.message
            return lambda: self.say((told, "warn"), ("   only one of you can answer", "quiet"))
        return lambda: None

    def keys(self) -> list[tuple[str, str]]:
        """The keys while typing, or in the list of approved words."""
        if self.focused is not None and self.focused.id == "words":
            return [("1-9", "put in"), ("enter", "put in"), ("esc", "reply")]
        review = self.reviewed
        blocking = len(review.blocking) if review else 0
        told = "review: " + count(blocking, "problem") if blocking else "review"
        keys = [("ctrl+k", "words"), ("ctrl+n", "next problem"), ("ctrl+s", told)]
        if self.wide:
            keys = [("tab", "words"), keys[1], self.outside_key, keys[2]]
        return [*keys, ("esc", "keep draft"), ("ctrl+p", "commands")]

    def review_of(self, text: str) -> Review | None:
        """Review a text as sending would, without the store."""
        return self.opened.prefill.desk.review(text) if self.opened else None

    async def judged(self, review: Review) -> None:
        """Show what the review came to."""
        assert self.opened is not None
        self.query_one("#measure", Text).say(replying.measure(review))
        await self.query_one(Problems).tell(review.problems)
        self.query_one(Editor).show_marks(marks_of(review.problems))
        await self.query_one("#words", Items).show(self._offer_items(review))
        self._head()

    def _offer_items(self, review: Review) -> list[Item]:
        assert self.opened is not None
        return offer_items(self.opened.offered, review.check.used, self.now, self.zone)

    def _head(self) -> None:
        assert self.opened is not None
        saved = ", saved " + clock(self.saved_at, self.now, self.zone) if self.saved_at else ""
        told = "   " + replying.way(self.opened.place) + saved
        typing = self.focused is None or self.focused.id == "editor"
        self.query_one("#head", Text).say(
            line(("Reply", "focus" if typing else "bold"), (told, "quiet"))
        )

    def on_drafting_saved(self) -> None:
        """Say when the draft was last saved."""
        self._head()

    async def action_words(self) -> None:
        """Go to the approved words: beside the reply, or on top of it on a small screen."""
        if not self._ready:
            self._ahead = "words"
            self.set_focus(None)  # the digit that follows is not for the editor
            return
        if self.wide:
            self.query_one("#words", Items).focus()
            return
        review = self.review_of(self.query_one(Editor).text)
        assert review is not None
        self.app.push_screen(
            Pick("Approved words", self._offer_items(review), told="for this post", verb="put in"),
            self._picked,
        )

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
        editor = self.query_one(Editor)
        review = self.review_of(editor.text)
        if offer.why_not:
            self.say((offer.id + ": " + offer.why_not, "warn"))
        elif review is not None and offer.id in review.check.used:
            self.say((offer.id + " is in your reply already", "warn"))
        else:
            editor.put(offer.text)
        editor.focus()

    async def look(self) -> Then:
        """Read the thread once more, then open the review of exactly this text."""
        opened = await self._open()
        return lambda: self._look(opened)

    def _look(self, opened: Opened) -> None:
        self.opened = opened
        text = self.query_one(Editor).text
        going = replying.going(opened.place, text, self.room.scene(), self.zone)
        self.app.push_screen(
            ReviewScreen(self.room, going), lambda answer: self._answered(text, opened, answer)
        )

    def _answered(self, text: str, opened: Opened, answer: Answer | None) -> None:
        if answer is not None and answer.verdict == "act":
            submits = replying.submits(opened.place, opened.prefill.desk.review(text))
            self.do(partial(self._go, text, submits), name="send")
        else:
            self.query_one(Editor).focus()

    async def _go(self, text: str, submits: bool) -> Then:
        channel = self.opened.prefill.desk.channel if self.opened else ""
        acted = await words.save_reply(self.room, self.incident_id, self.mention_id, text, channel)
        reply: Words = acted.thing
        if submits:
            acted = await words.submit(self.room, self.incident_id, reply.id)
        else:
            acted = await sending.send(self.room, self.incident_id, reply.id, sha256=reply.sha256)
        await self.forget()
        return lambda: self._gone(acted.incident, reply.id, submits)

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
            self.close_with(
                (words_id + " is queued", "text"), ("   the outbox shows how it goes", "quiet")
            )
