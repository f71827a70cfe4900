"""Approvals: what waits for a verdict, word for word, and whose verdict counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core.approved import Span
from crisisroom.core.incident import Incident, Words
from crisisroom.room import Actor, Room, approvals, reading, words
from crisisroom.room.desk import at_desk
from crisisroom.tui.compose.approving import Waiting, unapproved, waiting, waits_for
from crisisroom.tui.compose.ask import Ask, Confirm
from crisisroom.tui.compose.base import Then, WordsScreen, key
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import marked, marks_in
from crisisroom.tui.compose.panes import Quiet
from crisisroom.tui.compose.releasing import ask_back, ask_release
from crisisroom.tui.compose.replying import PARTS
from crisisroom.tui.compose.said import Item, count, due, line, lines, short_hash
from crisisroom.tui.compose.steps import step_items
from crisisroom.tui.rows import BLANK, Cell, Row, fit, short
from crisisroom.tui.screens.dialogs import asking
from crisisroom.tui.signs import DONE, FREE, OWNED


class ApprovalsScreen(WordsScreen):
    """Shows every text that waits for approval; an approval is of exactly the bytes shown."""

    DEFAULT_CSS = """
    ApprovalsScreen {
        #list { height: auto; max-height: 8; margin-top: 1; }
        #detail { height: 1fr; margin-top: 1; scrollbar-size: 0 0; }
        #left { display: block; height: auto; }
        #title, #head, #text { padding-left: 3; }
        #steps { margin-bottom: 1; }
        #post { margin: 1 0 0 1; }
        &.-wide #list { max-height: 100%; }
        &.-wide #detail { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("a", "approve", "approve exactly this text", "approvals.approve"),
        key("x", "reject", "reject it, with a reason", "approvals.reject"),
        key("r", "revoke", "take its approval back, with a reason", "approvals.revoke"),
        key(
            "exclamation_mark",
            "release",
            "emergency release without approval, with a typed reason",
            "approvals.release",
        ),
        key("space,pagedown", "page(1)", "read on", "approvals.down"),
        key("b,pageup", "page(-1)", "read back", "approvals.up"),
    ]

    def __init__(self, room: Room, incident_id: str) -> None:
        super().__init__(room, incident_id)
        self._waiting: dict[str, Waiting] = {}

    def panes(self) -> Iterable[Widget]:
        """What waits on the left, the text itself on the right."""
        with Vertical(id="columns"):
            with Vertical(id="left"):
                yield Text(id="title")
                yield Items(id="list")
            with VerticalScroll(id="detail", can_focus=False):
                yield Text(id="head")
                yield Quiet(id="steps")
                yield Text(id="text")
                yield Text(id="post", quote=True)

    async def load(self) -> Then:
        """Read what waits."""
        incident = await reading.incident(self.room, self.incident_id)
        approved = await approvals.approved(self.room)
        free = {
            reply.id: await self._free(reply)
            for reply in incident.replies.values()
            if reply.state in ("submitted", "approved")
        }
        ours = waiting(incident, self.room.scene(), free)
        own = list(unapproved(incident, approved))
        return lambda: self.show(incident, ours, own)

    async def _free(self, reply: Words) -> tuple[Span, ...]:
        author = self.room.as_actor(Actor(reply.author))  # signed by who wrote it
        desk = await at_desk(author, self.incident_id, mention_id=reply.mention_id)
        return desk.review(reply.text).check.free

    async def show(
        self, incident: Incident, ours: Sequence[Waiting], own: Sequence[Waiting]
    ) -> None:
        """Put what waits on the screen."""
        self.incident = incident
        found = [*ours, *own]
        self._waiting = {one.id: one for one in found}
        mine = sum(not one.why_not for one in ours)
        agreed = sum(one.agreed for one in ours)
        others = len(ours) - mine - agreed
        counts = {
            count(mine, "waits for you", "wait for you"): mine,
            str(others) + " for others": others,
            str(agreed) + " approved": agreed,
            str(len(own)) + " of the playbook": len(own),
        }
        told = ", ".join(words for words, number in counts.items() if number)
        self.query_one("#title", Text).say(line(("Approvals", "focus"), ("   " + told, "quiet")))
        rows = self.query_one("#list", Items)
        await rows.show([self._item(one) for one in found])
        rows.focus()
        self._tell()
        await self._show_steps()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the text under the cursor."""
        one = self.here
        if one is None:
            return [("", "nothing waits for approval"), ("esc", "room")]
        why_not = one.why_not
        acts = [("", "a approve: " + why_not)] if why_not else [("a", "approve")]
        if one.words is not None and one.may_reject:
            acts.append(("x", "reject"))
        if one.may_revoke:
            acts.append(("r", "take back"))
        if one.may_release:
            acts.append(("!", "emergency release"))
        return [*acts, ("space", "read on"), ("esc", "room"), ("?", "keys")]

    @property
    def here(self) -> Waiting | None:
        """The text under the cursor."""
        item = self.query_one("#list", Items).here
        return self._waiting.get(item.id) if item else None

    async def on_items_moved(self) -> None:
        """Show the text the cursor stands on, from its beginning."""
        self.query_one("#detail").scroll_home(animate=False)
        self._tell()
        await self._show_steps()

    def action_page(self, by: int) -> None:
        """Scroll the text by a page."""
        pane = self.query_one("#detail")
        pane.scroll_relative(y=by * max(1, pane.size.height - 2), animate=False)

    def action_approve(self) -> None:
        """Approve exactly the text that is shown, after a question."""
        one = self.here
        if one is None or one.why_not:
            self.say((one.why_not if one else "nothing waits for approval", "warn"))
            return
        role = one.step.role if one.step else "words of the playbook"
        told = (
            line("exactly this text, ", (short_hash(one.sha256), "bold")),
            line(("an edit asks again", "quiet")),
        )
        self.app.push_screen(
            Confirm(
                asking("Approve " + one.id, role), told, self.room.clock.monotonic, verb="approve"
            ),
            lambda yes: self.do(partial(self._approve, one), name="approve") if yes else None,
        )

    def action_reject(self) -> None:
        """Reject the text that is shown, with a reason."""
        one = self.here
        if one is None or one.words is None or not one.may_reject:
            self.say("only what waits for you can be rejected")
            return
        title = asking("Reject " + one.id, "why, for its author?")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="reject"),
            lambda reason: (
                self.do(partial(self._reject, one, reason), name="reject") if reason else None
            ),
        )

    def action_revoke(self) -> None:
        """Take an approval back before the text is on its way, with a reason."""
        one = self.here
        if one is None or one.words is None or not one.may_revoke:
            self.say("there is no approval here that you can take back")
            return
        ask_back(self, one.words, self._after)

    def action_release(self) -> None:
        """Release a text without approval, with a reason typed by hand."""
        one = self.here
        if one is None or one.words is None or one.step is None or not one.may_release:
            self.say("the playbook does not let you release this")
            return
        ask_release(self, one.words, one.step.role, self._after)

    async def _approve(self, one: Waiting) -> Then:
        if one.wording is not None and self.incident is not None:
            await approvals.approve_words(self.room, self.incident.plan, [one.wording.id])
        else:
            acted = await words.approve(self.room, self.incident_id, one.id, one.sha256)
            if acted.thing.state == "submitted":
                whom = waits_for(acted.incident, acted.thing, self.room.scene())
                return lambda: self._after("you approved " + one.id + ", now it waits for " + whom)
        return lambda: self._after(one.id + " is approved as it reads")

    async def _reject(self, one: Waiting, reason: str) -> Then:
        await words.reject(self.room, self.incident_id, one.id, reason)
        return lambda: self._after(one.id + " is rejected")

    def _after(self, told: str) -> None:
        self.reload()
        self.say(told)

    def _item(self, one: Waiting) -> Item:
        assert self.incident is not None
        if one.words is None or one.step is None:
            return Item(one.id, Cell(FREE, "mine"), (line((one.id, "bold")),))
        told, role = due(one.step.due_at, self.now, self.zone)
        mine = not one.why_not
        if one.agreed:
            row = line(
                (fit("approved", 8), "ok"), (fit(short(one.words.author), 5), "quiet"), one.id
            )
            return Item(one.id, Cell(DONE, "ok"), (row,))
        row = line(
            (fit(told, 8), role),
            (fit(short(one.words.author), 5), "bold" if mine else "quiet"),
            (fit(one.words.id, 6), "bold" if mine else "quiet"),
            (one.step.place + one.step.role, "text" if mine else "quiet"),
        )
        return Item(one.id, Cell(OWNED, "mine" if mine else "quiet"), (row,))

    def _tell(self) -> None:
        one = self.here
        text, post = self.query_one("#text", Text), self.query_one("#post", Text)
        if one is None:
            self.query_one("#head", Text).say()
            text.say(line(("nothing waits for approval", "quiet")))
        else:
            self.query_one("#head", Text).say(*self._head(one))
            text.say(*marked(one.text, marks_in(one.text, one.free)))
        post.display = bool(one and self._post(one))
        post.say(*(self._post(one) if one else ()))
        self.show_keys()

    async def _show_steps(self) -> None:
        one = self.here
        shown: list[Item] = []
        if one is not None and one.step is not None and self.incident is not None:
            scene, asked = self.room.scene(), not one.agreed
            standing = one.step.standing
            shown = list(step_items(self.incident, standing, scene, self.zone, asked=asked))
        steps = self.query_one("#steps", Items)
        steps.display = bool(shown)
        await steps.show(shown)

    def _post(self, one: Waiting) -> tuple[Row, ...]:
        if one.words is None or self.incident is None:
            return ()
        asked = self.incident.mentions.get(one.words.mention)
        if asked is None:
            return ()
        handle = line(Cell(asked.handle or asked.name, "bold", foreign=True))
        return (handle, *lines(asked.quote, foreign=True))

    def _head(self, one: Waiting) -> Iterator[Row]:
        name = one.id if one.words is None else one.id + " version " + str(one.words.version)
        yield line(
            (name, "bold"),
            ("   of exactly this text, ", "quiet"),
            (short_hash(one.sha256), "quiet"),
        )
        if one.words is not None:
            yield line((self._what(one.words), "quiet"))
        yield BLANK

    def _what(self, text: Words) -> str:
        used = [name for name in text.uses if name not in PARTS]
        if used:
            return ", ".join(used) + " unchanged; underlined: their own words"
        return "underlined: what is not the template's" if text.template else "their own words"
