"""The list of an answer to many: look at each person, leave some out, then review and let it go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.wordings import Wording, words_of
from crisisroom.room import bulk, reading, stopping, words
from crisisroom.room.bulk import Addressee, Result
from crisisroom.room.desk import at_desk
from crisisroom.tui.acts import Desk
from crisisroom.tui.bulk.editing import EditOne, needs
from crisisroom.tui.bulk.listed import Line, Listed, listed, people
from crisisroom.tui.bulk.progress import BulkProgress
from crisisroom.tui.bulk.review import BulkReview
from crisisroom.tui.bulk.rows import counts, line_sheet, list_rows, list_top, name_of, none_rows
from crisisroom.tui.compose.base import Then, key
from crisisroom.tui.compose.said import line, lines
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.screens.picking import Choice
from crisisroom.tui.situation import Situation

ROOMY, ALL = 12, 10_000  # lines of a post that are shown
_KINDS = ("key_message", "faq")


class BulkScreen(AskingList):
    """The people of one story, and what each of them would get; nothing is written by looking."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    BulkScreen.-wide {
        #columns { layout: horizontal; }
        #list { width: 1fr; height: 1fr; }
        #sheet { width: 1fr; height: 1fr; margin: 0 0 0 3; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("space", "turn", "leave this person out, or take them in again", "bulk.turn"),
        key("e", "edit", "change the text for this person alone", "bulk.edit"),
        key("enter", "whole", "read post and text whole", "bulk.read"),
        key("ctrl+k", "words", "choose other approved words", "bulk.words"),
        key("ctrl+r", "again", "read the people of the story anew", "bulk.again"),
        key("ctrl+s", "review", "review who gets what, then let it go", "bulk.review"),
    ]
    share: ClassVar[float] = 1 / 2
    beside: ClassVar[bool] = True
    topics: ClassVar[frozenset[str]] = frozenset()  # who came meanwhile is seen at the review

    def __init__(self, desk: Desk, story: str, words_id: str = "") -> None:
        super().__init__(desk)
        self.story = story
        self.words_id = words_id
        self.told: Listed | None = None
        self._none: tuple[str, str] = ("", "")
        self._sending = False

    async def load(self) -> Then:
        """Read what each person of the story would get."""
        state = await reading.incident(self.room, self.incident_id)
        try:
            told = await self._read()
        except Refused as refused:
            why, hint = refused.message, "ctrl+k chooses among the approved words"
            return lambda: self.show_none(state, why, hint)
        return lambda: self.show(state, told)

    async def _read(self) -> Listed:
        """Return the list as it is now; what was changed in it is judged anew."""
        inc, before = self.incident_id, self.told.lines if self.told else ()
        told = listed(await bulk.propose(self.room, inc, self.story, self.words_id), before)
        for one in told.lines:
            if one.edited:
                told = told.with_line(await self._judged(one.person, one.text, out=one.out))
        return told

    async def _judged(self, person: Addressee, text: str, *, out: bool = False) -> Line:
        """Return the line of somebody whose text was changed: who has to approve it first."""
        desk = await at_desk(self.room, self.incident_id, mention_id=person.mention.id)
        review = desk.review(text)
        flaw = "; ".join(one.message for one in review.blocking)
        return Line(person, text, edited=True, out=out, needs=needs(desk, review), flaw=flaw)

    def show(self, state: Incident, told: Listed) -> None:
        """Put the list on the screen."""
        self.incident, self.told, self.words_id = state, told, told.proposal.words
        self.draw()

    def show_none(self, state: Incident, why: str, hint: str) -> None:
        """Say why there is no list."""
        self.incident, self.told, self._none = state, None, (why, hint)
        self.draw()

    # What shows.

    def top(self, width: int) -> Sequence[Row]:
        """Return how many get what, and the words."""
        if self.told is not None:
            return list(list_top(self.told, *self._wording(), width))
        return list(none_rows(self.story, *self._none)) if self._none[0] else ()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the people."""
        return list(list_rows(self.told, width, self.now, self.zone)) if self.told else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what one person said, and what they would get."""
        here, most = self.here, ROOMY if self.wide else 0
        return list(line_sheet(here, width, self.now, self.zone, most)) if here else ()

    def _wording(self) -> tuple[str, str]:
        """Return title and text of the chosen words."""
        known = self._sayable()
        text = next((one.text for one in known if one.base == self.words_id), "")
        return self._title(self.words_id), text

    def _sayable(self) -> list[Wording]:
        plan = self.incident.plan if self.incident else None
        every = words_of(plan) if plan else []
        return [one for one in every if one.kind in _KINDS and not one.language]

    def _title(self, base: str) -> str:
        plan = self.incident.plan if self.incident else None
        titles = {one.id: one.title for one in plan.key_messages} if plan else {}
        titles |= {one.id: one.question for one in plan.faq} if plan else {}
        return titles.get(base, base)

    @property
    def here(self) -> Line | None:
        """The person under the cursor."""
        return self.told.line(self.chosen[1]) if self.told else None

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the person under the cursor."""
        if self._sending:
            return [("", "handing it over …")]
        here = self.here
        own: list[tuple[str, str]] = []
        if here is not None and here.out:
            own = [("space", "take in")]
        elif here is not None and not here.why_not:
            own = [("space", "leave out"), ("e", "edit")]
        elif here is not None:
            own = [("e", "edit")] if here.may_edit else [("", "gets none: the reason stands below")]
        review = ("ctrl+s", "review") if self.told and self.told.chosen else ("", "ctrl+s: nobody")
        return [*own, ("enter", "read"), ("ctrl+k", "words"), review, ("esc", "leave it")]

    # One person.

    def action_turn(self) -> None:
        """Leave the person out, or take them in again."""
        here = self.here
        if here is None or self.told is None:
            self.say("nobody is on the list")
        elif here.why_not and not here.out:
            self.say((f"they get none: {here.why_not}", "warn"))
        else:
            self.told = self.told.with_line(replace(here, out=not here.out))
            self.draw()
            self.action_move(1)

    def action_whole(self) -> None:
        """Read post and text whole."""
        here = self.here
        if here is not None:
            width = self.size.width - 2
            rows = list(line_sheet(here, width, self.now, self.zone, ALL))
            self.app.push_screen(
                Reader(asking(here.id, counts(self.told) if self.told else ""), rows)
            )

    def action_edit(self) -> None:
        """Change the text for this person alone."""
        here = self.here
        if here is None:
            self.say("nobody is on the list")
        elif not here.may_edit:
            self.say((f"they get none: {here.why_not}", "warn"))
        else:
            self.ask(partial(self._edited, here), "edit one")

    async def _edited(self, here: Line) -> str:
        desk = await at_desk(self.room, self.incident_id, mention_id=here.id)
        post = here.person.mention
        head = line(Cell(name_of(post), "bold", foreign=True))
        quote = (head, *lines(post.text, foreign=True))
        text = await self.desk.ask(EditOne(desk, here.text, quote)) or ""
        if self.told is None:
            return ""
        if text == here.person.text:
            self.told = self.told.with_line(Line(here.person, text))
            return "it reads as it was approved"
        line_now = await self._judged(here.person, text)
        self.told = self.told.with_line(line_now)
        who = f"; {line_now.needs} decides first" if line_now.needs else ""
        return f"changed for this person{who}"

    # The words.

    def action_words(self) -> None:
        """Choose other approved words."""
        self.ask(self._chosen_words, "bulk words")

    async def _chosen_words(self) -> str:
        known: dict[str, Wording] = {}
        for one in self._sayable():
            known.setdefault(one.base, one)
        choices = [
            Choice(base, self._title(base), one.text.replace("\n", " "))
            for base, one in known.items()
        ]
        if not choices:
            raise Refused("no-words", "the playbook has no words for this")
        asked = "Which words answer this story?"
        self.words_id = await self.desk.pick(asked, choices, chosen=self.words_id)
        return f"{self._title(self.words_id)}; what you changed by hand stays"

    def action_again(self) -> None:
        """Read the people anew."""
        self.reload()

    # Letting it go.

    def action_review(self) -> None:
        """Look once more at who is there, then open the step before it goes out."""
        if self._sending:
            return
        if self.told is None:
            self.say((self._none[0] or "nothing is read yet", "warn"))
        else:
            self.do(self._look, name="bulk look")

    async def _look(self) -> Then:
        state = await reading.incident(self.room, self.incident_id)
        fresh = await self._read()
        halt = await stopping.stopped(self.room)

        def review() -> None:
            self.show(state, fresh)
            assert self.told is not None
            title = self._title(self.words_id)
            screen = BulkReview(self.room, self.told, title, halt)
            self.app.push_screen(screen, self._reviewed)

        return review

    def _reviewed(self, yes: bool | None) -> None:
        if yes and self.told is not None and not self._sending:
            self._sending = True
            self.show_keys()
            self.do(partial(self._send, self.told, uuid.uuid4().hex), name="bulk send")

    async def _send(self, told: Listed, command: str) -> Then:
        try:
            result = await bulk.send(
                self.room,
                self.incident_id,
                self.story,
                told.proposal.words,
                told.chosen,
                command_id=command,
            )
        finally:
            self._sending = False
        asked, held = await self._hand_in(result)
        return lambda: self._gone(result, asked, held)

    async def _hand_in(self, result: Result) -> tuple[int, list[str]]:
        """Hand the changed texts to whoever approves them; return how many, and what is held."""
        asked, held = 0, []
        for id_, why in result.held:
            if not id_.startswith("R-"):
                held.append(why)
                continue
            try:
                await words.submit(self.room, self.incident_id, id_)
                asked += 1
            except Refused as refused:
                held.append(refused.message)
        return asked, held

    def _gone(self, result: Result, asked: int, held: Sequence[str]) -> None:
        told = f"{result.bulk.id}: {people(len(result.queued))} on their way"
        told += f", {asked} handed in for approval" if asked else ""
        more = f"   {len(held)} held: {held[0]}" if held else ""
        app, after = self.app, BulkProgress(self.desk, result.bulk.id)
        self.close_with((told, "ok"), (more, "warn"))
        app.call_later(app.push_screen, after)
        app.call_later(after.say, (told, "ok"), (more, "warn"))
