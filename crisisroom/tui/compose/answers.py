"""The incident's own words: answers and messages, whether they may be used, and who said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core.additions import authors
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.truth import suspended_words
from crisisroom.core.wordings import Wording, words_of
from crisisroom.room import Room, approvals, plan, reading, statements
from crisisroom.room.approvals import ApprovedWords
from crisisroom.room.leading import refuse_unless_lead
from crisisroom.tui.compose.ask import Ask, Confirm
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import marked, marks_in
from crisisroom.tui.compose.said import Item, count, line, short_hash
from crisisroom.tui.rows import BLANK, Cell, Row, fit
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import asking
from crisisroom.tui.signs import DONE, FREE, LOOK, OFF


class AnswersScreen(WordsScreen):
    """Shows the answers to frequent questions first, then every other approved sentence."""

    place = "answers"

    DEFAULT_CSS = """
    AnswersScreen {
        #left { display: block; height: auto; }
        #title, #told { padding-left: 3; }
        #words { height: auto; max-height: 9; margin: 1 0; }
        #detail { height: 1fr; scrollbar-size: 0 0; }
        &.-wide #words { max-height: 100%; }
    }
    """

    def __init__(self, room: Room, incident_id: str) -> None:
        super().__init__(room, incident_id)
        self._approved: Mapping[str, ApprovedWords] = {}
        self._added: Mapping[str, str] = {}

    def panes(self) -> Iterable[Widget]:
        """The list, and beside it what the one under the cursor says."""
        with Vertical(id="columns"):
            with Vertical(id="left"):
                yield Text(id="title")
                yield Items(id="words")
            with VerticalScroll(id="detail", can_focus=False):
                yield Text(id="told")

    async def load(self) -> Then:
        """Read the plan's words, and who approved or added them."""
        incident = await reading.incident(self.room, self.incident_id)
        self._approved = await approvals.approved(self.room)
        self._added = authors(await reading.timeline(self.room, incident.id))
        return lambda: self.show(incident)

    async def show(self, incident: Incident) -> None:
        """Put the words on the screen, the answers first."""
        self.incident = incident
        every, held = self._every, suspended_words(incident)
        approved = sum(one.sha256 in self._approved for one in every)
        stopped = sum(one.base in held for one in every)
        told = str(approved) + " of " + str(len(every)) + " approved"
        told += ", " + count(stopped, "held back", "held back") if stopped else ""
        title = line(("Answers", "focus"), ("   " + told, "quiet"))
        self.query_one("#title", Text).say(title)
        rows = self.query_one("#words", Items)
        await rows.show([self._item(one, one.base in held) for one in every])
        rows.focus()
        self._tell()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the words under the cursor."""
        keys = [("+", "add an answer"), ("space", "read on"), ("esc", "room"), ("?", "keys")]
        one = self.here
        if one is None or self.incident is None:
            return keys
        if one.base in suspended_words(self.incident):
            return [("u", "they still hold"), *keys]
        return keys if one.sha256 in self._approved else [("a", "approve"), *keys]

    @property
    def _every(self) -> list[Wording]:
        found = words_of(self.incident.plan) if self.incident else []
        return sorted(found, key=lambda one: one.kind != "faq")

    @property
    def here(self) -> Wording | None:
        """The words under the cursor."""
        item = self.query_one("#words", Items).here
        return next((one for one in self._every if item and _key(one) == item.id), None)

    def on_items_moved(self) -> None:
        """Tell what the cursor stands on."""
        self.query_one("#detail").scroll_home(animate=False)
        self._tell()

    def action_page(self, by: int) -> None:
        """Scroll the words by a page."""
        pane = self.query_one("#detail")
        pane.scroll_relative(y=by * max(1, pane.size.height - 2), animate=False)

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with the words under the cursor."""
        one, state = self.here, self.incident
        if id == "answers.approve" and (one is None or one.sha256 in self._approved):
            return "they are approved as they read" if one else "there are no words here"
        held = one is not None and state is not None and one.base in suspended_words(state)
        if id == "answers.uphold" and not held:
            return "they are not held back: no fact they stand on moved"
        return ""

    def action_approve(self) -> None:
        """Approve exactly these words, after a question."""
        one = self.here
        if one is None or (why := self.why_not("answers.approve")):
            self.say(why if one else "there are no words here")
            return
        told = (line("exactly these words, ", (short_hash(one.sha256), "bold")),)
        title = asking("Approve " + one.id, "from then on replies may use them")
        self.app.push_screen(
            Confirm(title, told, self.room.clock.monotonic, verb="approve"),
            lambda yes: self.do(partial(self._approve, one), name="approve") if yes else None,
        )

    async def _approve(self, one: Wording) -> Then:
        assert self.incident is not None
        if one.id in self._added:
            await plan.approve_added(self.room, self.incident_id, [one.id])
        else:
            await approvals.approve_words(self.room, self.incident.plan, [one.id])
        return lambda: self._after(one.id + " is approved as it reads")

    def action_add(self) -> None:
        """Ask for the question, then for our answer."""
        title = asking("A question people ask", "as they ask it")
        self.app.push_screen(Ask(title, self.room.clock.monotonic, verb="its answer"), self._asked)

    def _asked(self, question: str | None) -> None:
        if question is None:
            return
        title = asking(question, "our answer; somebody approves it before it is used")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="add it"),
            lambda answer: (
                self.do(partial(self._add, question, answer), name="add") if answer else None
            ),
        )

    async def _add(self, question: str, answer: str) -> Then:
        acted = await plan.add_answer(self.room, self.incident_id, question, answer)
        return lambda: self._after(str(acted.thing) + " is added, and waits for approval")

    def action_uphold(self) -> None:
        """Say that words which stand on a moved fact still hold, with the reason."""
        one = self.here
        if one is None or self.incident is None or (why := self.why_not("answers.uphold")):
            self.say(why if one and self.incident else "there are no words here")
            return
        try:
            scene = self.room.scene()
            refuse_unless_lead(self.incident, scene, "say that approved words still hold")
        except Refused as refused:
            self.say((refused.message, "warn"), ("   " + refused.hint, "quiet"))
            return
        title = asking(one.base + " still holds", "why, though a fact moved?")
        self.app.push_screen(
            Ask(title, self.room.clock.monotonic, verb="it still holds"),
            lambda why: self.do(partial(self._uphold, one, why), name="uphold") if why else None,
        )

    async def _uphold(self, one: Wording, why: str) -> Then:
        await statements.uphold_wording(self.room, self.incident_id, one.base, why)
        return lambda: self._after(one.base + " still holds: replies may use it again")

    def _after(self, told: str) -> None:
        self.reload()
        self.say(told)

    def _item(self, one: Wording, stopped: bool) -> Item:
        mark, told, role = self._state(one, stopped)
        row = line((fit(_name(one), 15) + " ", "text"), (told, role))
        return Item(_key(one), mark, (row,))

    def _state(self, one: Wording, stopped: bool) -> tuple[Cell, str, str]:
        said = self._approved.get(one.sha256)
        today = self.now.astimezone(self.zone).date().isoformat()
        if stopped:
            return Cell(LOOK, "warn"), "held back: a fact moved", "warn"
        if one.until < today:
            return Cell(OFF, "quiet"), "expired " + one.until, "quiet"
        if said is None:
            return Cell(FREE, "mine"), "not approved yet", "quiet"
        return Cell(DONE, "ok"), said.by + " " + clock(said.at, self.now, self.zone), "quiet"

    def _tell(self) -> None:
        one = self.here
        self.query_one("#told", Text).say(*(self._told(one) if one else ()))
        self.show_keys()

    def _told(self, one: Wording) -> Iterator[Row]:
        assert self.incident is not None
        yield line((_name(one), "bold"), ("   " + one.kind.replace("_", " "), "quiet"))
        asked = [each.question for each in self.incident.plan.faq if each.id == one.base]
        yield from (line((question, "bold")) for question in asked)
        yield BLANK
        yield from marked(one.text, marks_in(one.text))
        yield BLANK
        stands = [self.incident.facts[fact] for fact in one.relies if fact in self.incident.facts]
        for fact in stands:
            moved = " moved" if fact.id in self.incident.moved else ""
            yield line(("stands on  ", "quiet"), fact.label, (moved, "warn"))
        if by := self._added.get(one.id):
            yield line(("added by   ", "quiet"), by)


def _key(one: Wording) -> str:
    return one.kind + "/" + one.id


def _name(one: Wording) -> str:
    return one.id + (" " + one.language if one.language and "@" not in one.id else "")
