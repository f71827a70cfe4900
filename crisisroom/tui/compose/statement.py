"""The statement: facts and versions on one side, the text and its approvals on the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.core import statement as facts_into
from crisisroom.core.incident import Incident
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.review import Review
from crisisroom.core.terms import zone_of
from crisisroom.room import reading
from crisisroom.tui.compose import known, stating, variants
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.correcting import held_rows, moved_row
from crisisroom.tui.compose.editor import Editor, Mark
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import changed, marked, marks_in, marks_of
from crisisroom.tui.compose.opening import Begun, Opened
from crisisroom.tui.compose.outcomes import outcome_items
from crisisroom.tui.compose.panes import Approvals, Facts, Quiet
from crisisroom.tui.compose.picker import Pick, template_items
from crisisroom.tui.compose.said import count, line
from crisisroom.tui.compose.sided import Sided
from crisisroom.tui.compose.variants import TEXT, Sides
from crisisroom.tui.rows import Row
from crisisroom.tui.rows.times import clock


class StatementScreen(Sided):
    """Writes one statement, shows its approvals, and publishes exactly the approved text."""

    place = "statement"

    DEFAULT_CSS = """
    StatementScreen {
        #head { padding-left: 3; margin-bottom: 1; }
        #alarm { padding-left: 3; margin-bottom: 1; display: none; max-height: 3; }
        #measure { padding-left: 3; margin: 1 0; }
        #outcomes { max-height: 4; }
        &.-alarmed #alarm { display: block; }
        &.-alarmed #head { margin-bottom: 0; }
        &.-going #approvals { max-height: 2; }
        &.-wide #outcomes { max-height: 8; margin-top: 1; }
        &.-wide #alarm { max-height: 5; }
        &.-wide.-alarmed #head { margin-bottom: 1; }
        &.-wide.-sides #left { display: none; }
    }
    """

    beside = frozenset({"facts"})
    _begun_at = 0  # the version that is being edited

    def panes(self) -> Iterable[Widget]:
        """Facts and versions on the left; text, length, problems and approvals on the right."""
        with Vertical(id="columns"):
            yield Facts(id="left")
            with Vertical(id="right"):
                yield Text(id="head")
                yield Text(id="alarm")
                yield Sides()
                yield Text(id="measure")
                yield Approvals()
                yield Quiet(id="outcomes")

    def action_leave(self) -> None:
        """Go back to the text from the facts; else leave."""
        if self.editing:
            super().action_leave()
        else:
            self.dismiss(None)

    async def load(self) -> Then:
        """Read the statement, or what there is to choose from."""
        if not self.words_id and self.begun == Begun():
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
            self.begun = Begun(template=thing)
        self.reload()

    async def show(self, opened: Opened) -> None:
        """Show what was read; what is being written keeps its words, blanks are filled."""
        first, self.opened = self.opened is None, opened
        self.incident = opened.desk.incident
        self.template_id = opened.desk.template.id if opened.desk.template else ""
        if first:
            begun = opened.words is None or bool(opened.drafts)
            await self._write(begun and stating.may_edit(opened.words))
        elif self.editing:
            self._fill()
        else:
            self.bundle = opened.bundle(drafts=False)
        held = opened.words
        if self.editing and held is not None and held.version > self._begun_at:
            told = held.author + " wrote version " + str(held.version) + " meanwhile"
            self.say((told, "warn"), ("   yours would replace it", "quiet"))
        facts = self.query_one(Facts)
        await facts.show(self.incident, held, opened.entries, self.now, self.zone)
        await self.judge()

    async def _write(self, editing: bool) -> None:
        assert self.opened is not None
        opened = self.opened
        self.editing, self.side, self.written = editing, TEXT, TEXT
        self.bundle = opened.bundle(drafts=editing)
        if editing:
            draft, text = opened.draft, self.bundle.text
            self._begun_at = opened.words.version if opened.words else 0
            blanks = blanks_in(text)
            self.begin(text, draft.cursor if draft else blanks[0].start if blanks else 0)
            self._fill()
        self.display_side()

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
        tab = [("tab", "channel")] if len(self.bundle.sides) > 1 else []
        if self.editing:
            more = [self.outside_key] if self.wide else []
            keys = [*tab, ("ctrl+k", "facts"), ("ctrl+n", "problem"), ("ctrl+s", told)]
            own = [("ctrl+t", "channels")] if self.wide or not tab else []
            return [*keys, *own, *more, ("esc", "keep"), ("ctrl+p", "more")]
        return [*tab, *stating.reading_keys(self.opened, review, self.room.scene())]

    async def judged(self, review: Review) -> None:
        """Show what the review came to."""
        assert self.opened is not None
        desk, held, now = self.opened.desk, self.opened.words, self.current
        text = now.of(self.side)
        found = () if self.side == variants.SOURCE else self._marks(text)
        self.query_one(Editor).show_marks(found)
        fresh = changed(self.opened.template, text) if self.side == TEXT else ()
        self.query_one("#text", Text).say(*marked(text, (*found, *marks_in("", fresh))))
        measure = stating.measure(self.room, desk, now, self.side, review)
        self.query_one("#measure", Text).say(measure)
        self.set_class(len(now.sides) > 1, "-sides")
        await self.query_one(Sides).show(desk, now, self.side, review)
        scene = self.room.scene()
        await self.query_one(Approvals).show(desk, held, review, scene, self.zone)
        ways = outcome_items(self.opened.ways, self.now, self.zone)
        self.set_class(bool(ways), "-going")
        await self.query_one("#outcomes", Quiet).show(ways)
        self._head()

    def _marks(self, text: str) -> tuple[Mark, ...]:
        assert self.opened is not None
        desk = self.opened.desk.on(self.side) if self.side else self.opened.desk
        return marks_of(desk.review(text).problems)

    def _head(self) -> None:
        assert self.opened is not None
        saved = "saved " + clock(self.saved_at, self.now, self.zone) if self.saved_at else ""
        self.query_one("#head", Text).say(
            stating.head(self.opened, editing=self.editing, saved=saved)
        )
        alarm = tuple(self._alarm(self.opened))
        self.set_class(bool(alarm), "-alarmed")
        self.query_one("#alarm", Text).say(*alarm)

    def _alarm(self, opened: Opened) -> Iterator[Row]:
        """Yield what moved: what holds these words back, what they owe or put right."""
        held, source = opened.words, opened.source
        yield from held_rows(opened.desk.incident, held)
        if held and source and held.translates and held.source_sha256 != source.sha256:
            told = " " + source.id + " reads otherwise since this was translated"
            yield line((" LAPSED ", "past"), (told, "text"))
        if opened.corrects and source is not None:
            yield line(("puts right ", "quiet"), (source.id, "bold"), ("   as it is out", "quiet"))
        elif opened.owed:
            due = line((" CORRECTION DUE ", "past"), ("   C correct, X take back, S it stands"))
            yield due
        yield from map(moved_row, opened.owed)

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
        if self.wide and not self.has_class("-sides"):
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
