"""The statement: facts and versions on one side, the text and its approvals on the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core import statement as facts_into
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.incident import Incident, Words
from crisisroom.core.placeholders import blanks_in
from crisisroom.room import Room, reading, words
from crisisroom.room.desk import BY_HAND, Review
from crisisroom.tui.compose import stating
from crisisroom.tui.compose.approving import titles_of
from crisisroom.tui.compose.ask import Ask
from crisisroom.tui.compose.base import Then, key
from crisisroom.tui.compose.byhand import ByHand
from crisisroom.tui.compose.drafting import Drafting
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import changed, marked, marks_in, marks_of
from crisisroom.tui.compose.opening import Opened, open_statement, publish, put_down
from crisisroom.tui.compose.panes import Approvals, Facts
from crisisroom.tui.compose.picker import Pick, template_items
from crisisroom.tui.compose.review import Answer, ReviewScreen
from crisisroom.tui.compose.said import count
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import asking


class StatementScreen(Drafting):
    """Writes one statement, shows its approvals, and publishes exactly the approved text."""

    DEFAULT_CSS = """
    StatementScreen {
        #head { padding-left: 3; margin-bottom: 1; }
        #pane { height: 1fr; scrollbar-size: 0 0; }
        #text { padding-left: 3; }
        #editor { margin-left: 3; height: 1fr; min-height: 4; }
        #measure { padding-left: 3; margin: 1 0; }
        &.-wide {
            #pane { height: auto; max-height: 14; }
            #editor { height: auto; max-height: 14; min-height: 8; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("e", "edit", "edit: a new version, which asks for approval again", "statement.edit"),
        key("y", "copy", "copy exactly this text", "statement.copy"),
        key("w", "withdraw", "withdraw it", "statement.withdraw"),
        key("h", "by_hand", "say that it is out, by hand", "statement.by_hand"),
        key("ctrl+k", "facts", "put a fact in", "statement.facts", typing=True),
    ]

    beside = frozenset({"facts"})

    def __init__(
        self, room: Room, incident_id: str, *, words_id: str = "", template_id: str = ""
    ) -> None:
        super().__init__(room, incident_id)
        self.words_id = words_id
        self.template_id = template_id
        self.opened: Opened | None = None
        self.editing = False
        self._begun_at = 0  # the version that is being edited
        self._turn = 0  # counts acts: what was read before the last one is not shown

    def panes(self) -> Iterable[Widget]:
        """Facts and versions on the left; text, length, problems and approvals on the right."""
        with Vertical(id="columns"):
            yield Facts(id="left")
            with Vertical(id="right"):
                yield Text(id="head")
                with VerticalScroll(id="pane"):
                    yield Text(id="text")
                yield Editor(id="editor")
                yield Text(id="measure")
                yield Approvals()

    def action_leave(self) -> None:
        """Go back to the text from the facts; else leave."""
        if self.editing:
            super().action_leave()
        else:
            self.dismiss(None)

    async def load(self) -> Then:
        """Read the statement, or what there is to choose from."""
        if not self.words_id and not self.template_id:
            incident = await reading.incident(self.room, self.incident_id)
            return lambda: self._choose(incident)
        turn, opened = self._turn, await self._open()
        return lambda: self.show(opened) if turn == self._turn else None

    async def _open(self) -> Opened:
        return await open_statement(
            self.room,
            self.incident_id,
            self._draft_id,
            words_id=self.words_id,
            template_id=self.template_id,
        )

    @property
    def _draft_id(self) -> str:
        thing = self.words_id or "new-" + self.template_id
        return "statement/" + self.incident_id + "/" + thing + "/" + self.room.actor.name

    def _choose(self, incident: Incident) -> None:
        self.incident = incident
        pick = Pick("Statement", template_items(incident, self.now, self.zone), verb="write")
        self.app.push_screen(pick, self._chosen)

    def _chosen(self, choice: str | None) -> None:
        if choice is None:
            self.dismiss(None)
            return
        kind, _, thing = choice.partition("/")
        if kind == "words":
            self.words_id = thing
        else:
            self.template_id = thing
        self.reload()

    async def show(self, opened: Opened) -> None:
        """Show what was read; what is being written keeps its words, blanks are filled."""
        first, self.opened = self.opened is None, opened
        self.incident = opened.desk.incident
        if first:
            begun = opened.words is None or opened.draft is not None
            await self._write(begun and stating.may_edit(opened.words))
        elif self.editing:
            self._fill()
        held = opened.words
        if self.editing and held is not None and held.version > self._begun_at:
            told = held.author + " wrote version " + str(held.version) + " meanwhile"
            self.say((told, "warn"), ("   yours would replace it", "quiet"))
        facts = self.query_one(Facts)
        await facts.show(self.incident, held, opened.entries, self.now, self.zone)
        await self.judge()

    async def _write(self, editing: bool) -> None:
        assert self.opened is not None
        self.editing = editing
        self.query_one("#pane").display = not editing
        self.query_one(Editor).display = editing
        if editing:
            draft, held = self.opened.draft, self.opened.words
            text = draft.text if draft else held.text if held else self.opened.desk.first_text()
            self._begun_at = held.version if held else 0
            blanks = blanks_in(text)
            self.begin(text, draft.cursor if draft else blanks[0].start if blanks else 0)
            self._fill()
        else:
            self.query_one("#pane").focus()

    def _fill(self) -> None:
        """Put into the text what became known since it was begun."""
        assert self.opened is not None
        editor, desk = self.query_one(Editor), self.opened.desk
        facts = desk.incident.facts.values()
        filled = facts_into.fill_in(editor.text, facts, desk.values)
        if filled != editor.text:
            cursor = editor.cursor_at
            editor.replace(filled, (0, 0), editor.document.end)
            editor.go_to(cursor)
            self.say("filled in what is known by now")

    def keys(self) -> list[tuple[str, str]]:
        """The keys while typing, or while reading."""
        if self.opened is None or self.reviewed is None:
            return [("esc", "room")]
        review = self.reviewed
        told = "review: " + count(len(review.blocking), "problem") if review.blocking else "review"
        if self.editing and self.focused is not None and self.focused.id in self.beside:
            return [("enter", "put in"), ("esc", "statement")]
        if self.editing:
            keys = [("ctrl+k", "facts"), ("ctrl+n", "next problem"), ("ctrl+s", told)]
            if self.wide:
                keys.insert(2, self.outside_key)
            return [*keys, ("esc", "keep draft"), ("ctrl+p", "commands")]
        return stating.reading_keys(self.opened, review)

    def review_of(self, text: str) -> Review | None:
        """Review what is written, or the statement that is read."""
        if self.opened is None:
            return None
        held = self.opened.words
        return self.opened.desk.review(text if self.editing or held is None else held.text)

    async def judged(self, review: Review) -> None:
        """Show what the review came to."""
        assert self.opened is not None
        desk, held = self.opened.desk, self.opened.words
        text = self.query_one(Editor).text if self.editing or held is None else held.text
        self.query_one(Editor).show_marks(marks_of(review.problems))
        marks = (*marks_of(review.problems), *marks_in("", changed(self.opened.template, text)))
        self.query_one("#text", Text).say(*marked(text, marks))
        self.query_one("#measure", Text).say(stating.measure(self.room, desk, text, review))
        scene = self.room.scene()
        await self.query_one(Approvals).show(desk.incident, held, review, scene, self.zone)
        self._head()

    def _head(self) -> None:
        assert self.opened is not None
        saved = "saved " + clock(self.saved_at, self.now, self.zone) if self.saved_at else ""
        self.query_one("#head", Text).say(
            stating.head(self.opened.desk, self.opened.words, editing=self.editing, saved=saved)
        )

    def on_drafting_saved(self) -> None:
        """Say when the draft was last saved."""
        self._head()

    def draft_of(self, text: str, cursor: int) -> SavedDraft:
        """Return the words as a draft to save."""
        template = self.opened.desk.template if self.opened else None
        return SavedDraft(
            id=self._draft_id,
            incident=self.incident_id,
            kind="statement",
            template=template.id if template else self.template_id,
            actor=self.room.actor.name,
            text=text,
            cursor=cursor,
            updated_at=self.now,
        )

    async def action_edit(self) -> None:
        """Write on it: a new version, which asks for approval again."""
        if self.editing:
            self.query_one(Editor).focus()
        elif self.opened is not None and stating.may_edit(self.opened.words):
            await self._write(True)
            await self.judge()
        else:
            self.say("it is out and cannot change: draft a correction")

    def action_copy(self) -> None:
        """Copy exactly these bytes to the terminal's clipboard (OSC 52)."""
        if self.opened is not None and self.opened.words is not None:
            self.app.copy_to_clipboard(self.opened.words.text)
            self.say("copied, if your terminal allows it (OSC 52)")

    def action_withdraw(self) -> None:
        """Take the statement back before it is out, with a reason."""
        held = self.opened.words if self.opened else None
        if held is None or self.editing:
            return
        self.app.push_screen(
            Ask(asking("Withdraw " + held.id, "why?"), self.room.clock.monotonic, verb="withdraw"),
            lambda why: self.do(self._withdraw(held, why), name="withdraw") if why else None,
        )

    async def _withdraw(self, held: Words, why: str) -> Then:
        await words.withdraw(self.room, self.incident_id, held.id, why)
        return lambda: self._after(held, held.id + " is withdrawn")

    def action_by_hand(self) -> None:
        """Confirm that a text carried by hand is out."""
        opened = self.opened
        if opened is not None and opened.words is not None and opened.waits_for_hand:
            self.app.push_screen(ByHand(self.room, self.incident_id, opened.words))

    def action_facts(self) -> None:
        """Go to the facts: beside the text, or on top of it on a small screen."""
        if self.incident is None:
            return
        if self.wide:
            self.query_one("#facts", Items).focus()
            return
        items = stating.fact_items(self.incident.facts.values(), self.now, self.zone)
        self.app.push_screen(Pick("Facts", items, verb="put in"), self._put)

    def on_items_chosen(self, message: Items.Chosen) -> None:
        """Put the value of a fact into the text."""
        if message.items.id == "facts":
            self._put(message.item.id)

    def _put(self, fact_id: str | None) -> None:
        fact = self.incident.facts.get(fact_id) if self.incident and fact_id else None
        if fact is None or not self.editing:
            return
        if fact.state in ("known", "changed"):
            self.query_one(Editor).put(fact.value)
        else:
            self.say((fact.label + " is " + fact.state, "warn"))
        self.query_one(Editor).focus()

    async def look(self) -> Then:
        """Read once more, then open the review of exactly this text."""
        opened = await self._open()
        return lambda: self._look(opened)

    def _look(self, opened: Opened) -> None:
        self.opened = opened
        held = opened.words
        text = self.query_one(Editor).text if self.editing or held is None else held.text
        scene = self.room.scene()
        going = stating.going(self.room, opened.desk, held, text, scene, self.zone)
        self.app.push_screen(
            ReviewScreen(self.room, going), lambda answer: self._answered(text, answer)
        )

    async def _answered(self, text: str, answer: Answer | None) -> None:
        if answer is not None and answer.verdict == "act":
            self.do(self._go(text, answer.channels), name="publish")
        elif answer is not None and answer.verdict == "edit" and not self.editing:
            await self.action_edit()

    async def _go(self, text: str, channels: tuple[str, ...]) -> Then:
        """Put the text on the timeline, then submit it, or publish it on these channels."""
        before = self.opened.words if self.opened else None
        held = await put_down(self.room, self.incident_id, before, self.template_id, text)
        self.post_message(self.Done(lambda: self._written(held)))
        await self.forget()
        if channels:
            await publish(self.room, self.incident_id, held, channels)
            return lambda: self._published(held, channels)
        acted = await words.submit(self.room, self.incident_id, held.id)
        whom = titles_of(acted.incident, held.approval)
        return lambda: self._after(held, held.id + " waits for " + whom)

    def _written(self, held: Words) -> None:
        """Know the statement's id from now on, whatever becomes of the act's second half."""
        self.words_id = held.id

    async def _published(self, held: Words, channels: tuple[str, ...]) -> None:
        await self._after(held, held.id + " is queued for " + ", ".join(channels))
        if BY_HAND in channels:
            self.app.push_screen(ByHand(self.room, self.incident_id, held))

    async def _after(self, held: Words, told: str) -> None:
        self.words_id = held.id
        self._turn += 1
        self.editing = False
        self.opened = None
        self.reload()
        self.say(told)
