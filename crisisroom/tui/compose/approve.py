"""Approvals: what waits for a verdict, word for word, and whose verdict counts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.room import Room, approvals, questions, words
from crisisroom.store.places import Doing
from crisisroom.tui.compose.approving import Waiting, waits_for
from crisisroom.tui.compose.ask import Ask, Confirm
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.by_message import by_message
from crisisroom.tui.compose.comparing import VersionsScreen
from crisisroom.tui.compose.differing import Compared
from crisisroom.tui.compose.inbox import Inbox, inbox
from crisisroom.tui.compose.inbox_rows import (
    changed_rows,
    head_rows,
    item_of,
    own_rows,
    post_rows,
    since,
)
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import marked, marks_in
from crisisroom.tui.compose.panes import Quiet
from crisisroom.tui.compose.releasing import ask_back, ask_release
from crisisroom.tui.compose.said import Item, line, short_hash
from crisisroom.tui.compose.stating import of_what
from crisisroom.tui.compose.steps import step_items
from crisisroom.tui.screens.dialogs import asking


class ApprovalsScreen(WordsScreen):
    """Shows every text that waits for approval; an approval is of exactly the bytes shown."""

    place = "approvals"

    DEFAULT_CSS = """
    ApprovalsScreen {
        #list { height: auto; max-height: 8; margin-top: 1; }
        #detail { height: 1fr; margin-top: 1; scrollbar-size: 0 0; }
        #left { display: block; height: auto; }
        #title, #head, #text, #own, #since, #changed { padding-left: 3; }
        #steps { margin-bottom: 1; }
        #post { margin: 1 0 0 1; }
        &.-wide #list { max-height: 100%; }
        &.-wide #detail { margin-top: 0; }
    }
    """

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
                yield Text(id="own")
                yield Text(id="since")
                yield Compared(id="changed")
                yield Text(id="post", quote=True)

    async def load(self) -> Then:
        """Read what waits in every open incident, and in the one that is looked at."""
        found = await inbox(self.room, self.incident_id)
        return lambda: self.show(found)

    async def show(self, found: Inbox) -> None:
        """Put what waits on the screen."""
        self.incident = found.here
        self._waiting = {one.key: one for one in found.waiting}
        told = found.told()
        self.query_one("#title", Text).say(line(("Approvals", "focus"), ("   " + told, "quiet")))
        rows = self.query_one("#list", Items)
        await rows.show(
            [item_of(one, self.now, self.zone, several=found.several) for one in found.waiting]
        )
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
            acts.append(("x", "object"))
        if one.words is not None and not one.agreed:
            whom = ", ".join(dict.fromkeys(ask.name for ask in one.asked))
            acts.append(("c", "code of " + whom if whom else "ask by message"))
        if one.may_revoke:
            acts.append(("r", "take back"))
        if one.may_release:
            acts.append(("!", "emergency release"))
        changes = [("d", "changes")] if one.before is not None else []
        return [*acts, *changes, ("space", "read on"), ("esc", "room"), ("?", "keys")]

    def engaged(self) -> tuple[Doing, str, str]:
        """Let the others know what is being decided on."""
        one = self.here if self._waiting else None
        return "approve", "", f"words:{one.words.id}" if one and one.words else ""

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

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with the text under the cursor."""
        one = self.here
        if one is None:
            return "nothing waits for approval" if id.startswith("approvals.") else ""
        words = one.words is not None
        needs = {
            "approvals.approve": (not one.why_not, one.why_not),
            "approvals.reject": (
                words and one.may_reject,
                "only what waits for you can be rejected",
            ),
            "approvals.ask": (words, "only words that somebody wrote can be asked about"),
            "approvals.code": (
                words and not one.agreed,
                "only words that wait for a verdict can be sent to an approver",
            ),
            "approvals.changes": (words, "these words have no versions"),
            "approvals.revoke": (
                words and one.may_revoke,
                "there is no approval here that you can take back",
            ),
            "approvals.release": (
                words and one.step is not None and one.may_release,
                "the playbook does not let you release this",
            ),
        }
        fits, why = needs.get(id, (True, ""))
        return "" if fits else why

    def _fit(self, id: str) -> Waiting | None:
        """Return the text under the cursor where the act can be done with it, else say why not."""
        if why := self.why_not(id):
            self.say((why, "warn"))
            return None
        return self.here

    def action_approve(self) -> None:
        """Approve exactly the text that is shown, after a question."""
        one = self._fit("approvals.approve")
        if one is None:
            return
        role = one.step.role if one.step else "words of the playbook"
        what = of_what(one.words).removeprefix("of ") if one.words else "exactly this text, "
        told = (
            line(what, (short_hash(one.sha256), "bold")),
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
        one = self._fit("approvals.reject")
        if one is None:
            return
        title = asking("Object to " + one.id, "why, for its author?")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="send it back"),
            lambda reason: (
                self.do(partial(self._reject, one, reason), name="reject") if reason else None
            ),
        )

    def action_revoke(self) -> None:
        """Take an approval back before the text is on its way, with a reason."""
        one = self._fit("approvals.revoke")
        if one is None or one.words is None:
            return
        ask_back(self, one.words, self._after, one.incident.id)

    def action_release(self) -> None:
        """Release a text without approval, with a reason typed by hand."""
        one = self._fit("approvals.release")
        if one is None or one.words is None or one.step is None:
            return
        ask_release(self, one.words, one.step.role, self._after, one.incident.id)

    def action_ask(self) -> None:
        """Ask the author something before one decides: it stands in their brief."""
        one = self._fit("approvals.ask")
        if one is None or one.words is None:
            return
        title = asking("Ask " + one.words.author + " about " + one.id, "it stays undecided")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="ask"),
            lambda words: self.do(partial(self._ask, one, words), name="ask") if words else None,
        )

    async def _ask(self, one: Waiting, question: str) -> Then:
        whom = one.words.author if one.words else ""
        await questions.ask(self.room, one.incident.id, question, words_id=one.id)
        return lambda: self._after(whom + " is asked: it stands in their brief and the timeline")

    def action_code(self) -> None:
        """Send the text and a code to who has no terminal, or enter the code they read out."""
        one = self._fit("approvals.code")
        if one is None or one.words is None:
            return
        by_message(self, one.incident, one.words, self._after)

    def action_changes(self) -> None:
        """Show the versions, and what changed between them."""
        one = self._fit("approvals.changes")
        if one is not None:
            self.app.push_screen(VersionsScreen(self.room, one.incident.id, one.id))

    async def _approve(self, one: Waiting) -> Then:
        if one.wording is not None:
            await approvals.approve_words(self.room, one.incident.plan, [one.wording.id])
        else:
            acted = await words.approve(self.room, one.incident.id, one.id, one.sha256)
            if acted.thing.state == "submitted":
                whom = waits_for(acted.incident, acted.thing, self.room.scene())
                return lambda: self._after("you approved " + one.id + ", now it waits for " + whom)
        return lambda: self._after(one.id + " is approved as it reads")

    async def _reject(self, one: Waiting, reason: str) -> Then:
        await words.reject(self.room, one.incident.id, one.id, reason)
        return lambda: self._after(one.id + " is rejected")

    def _after(self, told: str) -> None:
        self.reload()
        self.say(told)

    def _tell(self) -> None:
        one = self.here
        text, post = self.query_one("#text", Text), self.query_one("#post", Text)
        if one is None:
            self.query_one("#head", Text).say()
            told = "What somebody hands in with ctrl+s, a reply or a statement, waits here."
            text.say(line(("nothing waits for approval", "quiet")), line((told, "quiet")))
        else:
            self.query_one("#head", Text).say(*head_rows(one, self.now, self.zone))
            text.say(*marked(one.text, marks_in(one.text, one.free)))
        self.query_one("#own", Text).say(*(own_rows(one) if one else ()))
        self.query_one("#since", Text).say(*(since(one, self.now, self.zone) if one else ()))
        self.query_one("#changed", Compared).say(*(changed_rows(one) if one else ()))
        asked = post_rows(one) if one else ()
        post.display = bool(asked)
        post.say(*asked)
        self.show_keys()

    async def _show_steps(self) -> None:
        one = self.here
        shown: list[Item] = []
        if one is not None and one.step is not None:
            scene, asked = self.room.scene(), not one.agreed
            standing = one.step.standing
            shown = list(step_items(one.incident, standing, scene, self.zone, asked=asked))
        steps = self.query_one("#steps", Items)
        steps.display = bool(shown)
        await steps.show(shown)
