"""The statement: facts and versions on one side, the text and its approvals on the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core import statement as facts_into
from crisisroom.core.incident import Incident
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.terms import zone_of
from crisisroom.room import Room, reading
from crisisroom.room.desk import Review
from crisisroom.tui.compose import known, stating
from crisisroom.tui.compose.base import Then, key
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import changed, marked, marks_in, marks_of
from crisisroom.tui.compose.opening import Opened
from crisisroom.tui.compose.panes import Approvals, Facts
from crisisroom.tui.compose.picker import Pick, template_items
from crisisroom.tui.compose.publishing import Publishing
from crisisroom.tui.compose.said import count
from crisisroom.tui.rows.times import clock


class StatementScreen(Publishing):
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
        key("ctrl+k", "facts", "put a fact in", "statement.facts", typing=True),
    ]

    beside = frozenset({"facts"})

    def __init__(
        self, room: Room, incident_id: str, *, words_id: str = "", template_id: str = ""
    ) -> None:
        super().__init__(room, incident_id, words_id, template_id)
        self._begun_at = 0  # the version that is being edited

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
        self.template_id = opened.desk.template.id if opened.desk.template else ""
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
        filled = facts_into.fill_in(editor.text, facts, desk.values, zone_of(desk.incident.zone))
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
        return stating.reading_keys(self.opened, review, self.room.scene())

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
        await self.query_one(Approvals).show(desk, held, review, scene, self.zone)
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

    async def action_edit(self) -> None:
        """Write on it: a new version, which asks for approval again."""
        if self.editing:
            self.query_one(Editor).focus()
        elif self.opened is not None and stating.may_edit(self.opened.words):
            await self._write(True)
            await self.judge()
        else:
            await super().action_edit()

    def action_facts(self) -> None:
        """Go to the facts: beside the text, or on top of it on a small screen."""
        if self.incident is None:
            return
        if self.wide:
            self.query_one("#facts", Items).focus()
            return
        items = known.fact_items(self.incident.facts.values(), self.now, self.zone)
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
