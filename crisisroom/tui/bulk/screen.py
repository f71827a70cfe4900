"""The list of an answer to many: look at each person, leave some out, then review and let it go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.wordings import Wording
from crisisroom.room import reading
from crisisroom.room.desk import at_desk
from crisisroom.store import Change
from crisisroom.tui.acts import Desk
from crisisroom.tui.bulk.editing import EditOne, Written
from crisisroom.tui.bulk.going import Went, send_list
from crisisroom.tui.bulk.listed import Line, Listed, caught_up
from crisisroom.tui.bulk.progress import BulkProgress
from crisisroom.tui.bulk.reading import Seen, judged, read_list, sayable, title_of, touches
from crisisroom.tui.bulk.review import BulkReview
from crisisroom.tui.bulk.rows import (
    counts,
    line_sheet,
    list_rows,
    list_top,
    name_of,
    none_rows,
    turn_words,
)
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.said import line, lines
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.screens.picking import Choice
from crisisroom.tui.situation import Situation

ROOMY, ALL = 12, 10_000  # lines of a post that are shown
AGED = 30.0  # seconds after which the list is read anew though nothing was told


class BulkScreen(AskingList):
    """The people of one story, and what each of them would get; nothing is written by looking."""

    place = "bulk"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    BulkScreen.-wide {
        #columns { layout: horizontal; }
        #list { width: 1fr; height: 1fr; }
        #sheet { width: 1fr; height: 1fr; margin: 0 0 0 3; }
    }
    """
    share: ClassVar[float] = 1 / 2
    beside: ClassVar[bool] = True
    pace: ClassVar[float] = 0.5

    def __init__(self, desk: Desk, story: str, words_id: str = "") -> None:
        super().__init__(desk)
        self.story = story
        self.words_id = words_id
        self.told: Listed | None = None
        self._none: tuple[str, str] = ("", "")
        self._review: BulkReview | None = None  # open above
        self._sending = False

    def on_mount(self) -> None:
        """Look again now and then: who took a post holds it for a while only."""
        super().on_mount()
        self.set_interval(AGED, self.reload)

    def concerns(self, change: Change) -> bool:
        """Tell whether a change can alter who gets what."""
        return touches(self.told, self.incident, self.story, change)

    async def load(self) -> Then:
        """Read what each person of the story would get."""
        try:
            seen = await self._read()
        except Refused as refused:
            if self.told is not None:
                raise  # what somebody did in the list stays
            state = await reading.incident(self.room, self.incident_id)
            why, hint = refused.message, "ctrl+k chooses among the approved words"
            return lambda: self.show_none(state, why, hint)
        return lambda: self.show(seen)

    async def _read(self) -> Seen:
        before = self.told.lines if self.told else ()
        return await read_list(self.room, self.incident_id, self.story, self.words_id, before)

    def show(self, seen: Seen) -> None:
        """Put the list on the screen; say what became other by what others did."""
        if seen.asked != self.words_id:
            return  # other words were chosen while it was read: that reading follows
        before, self.told = self.told, caught_up(seen.told, self.told)
        self.incident, self.words_id = seen.state, seen.told.proposal.words
        self.draw()
        if self._review is not None:
            self._review.meanwhile(self.told, seen.halt)
        elif not self._sending and (news := turn_words(before, self.told)):
            self.say(*news)

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
        known = sayable(self.incident)
        text = next((one.text for one in known if one.base == self.words_id), "")
        return title_of(self.incident, self.words_id), text

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
        edit = ("e", "your draft") if here is not None and here.draft else ("e", "edit")
        if here is not None and here.out:
            own = [("space", "take in")]
        elif here is not None and not here.why_not:
            own = [("space", "leave out"), edit]
        elif here is not None:
            where = "beside" if self.wide else "below"
            own = [edit] if here.may_edit else [("", f"gets none: see {where}")]
        review = ("ctrl+s", "review") if self.told and self.told.chosen else ("", "ctrl+s: nobody")
        return [*own, ("enter", "read"), ("ctrl+k", "words"), review, ("esc", "leave it")]

    def action_leave(self) -> None:
        """Go back; what was written for single people is on disk."""
        if self.told is not None and any(one.edited for one in self.told.lines):
            self.close_with("your words are kept as drafts: the list offers them again")
        else:
            super().action_leave()

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
        written = await self.desk.ask(EditOne(self.room, desk, here, quote))
        return await self._taken(here, written) if written is not None else ""

    async def _taken(self, here: Line, written: Written) -> str:
        """Take in what was written for somebody, as far as they may still get it."""
        now = self.told.of(here.who) if self.told else None
        if self.told is None or now is None or not now.may_edit:
            why = f": {now.why_not}" if now else ""
            return f"they get none now{why}; your words are kept as a draft"
        if written.text in ("", now.person.text):
            self.told = self.told.with_line(Line(now.person, now.person.text, out=now.out))
            return "it reads as it was approved"
        if not written.use:
            return "your draft is kept, e goes on with it; what goes out is as it was"
        fresh = replace(now, text=written.text, draft="", again=False)
        fresh = await judged(self.room, self.incident_id, fresh)
        self.told = self.told.with_line(fresh)
        return "changed for this person" + (f"; {fresh.needs} decides first" if fresh.needs else "")

    # The words.

    def action_words(self) -> None:
        """Choose other approved words."""
        self.ask(self._chosen_words, "bulk words")

    async def _chosen_words(self) -> str:
        known: dict[str, Wording] = {}
        for one in sayable(self.incident):
            known.setdefault(one.base, one)
        choices = [
            Choice(base, title_of(self.incident, base), one.text.replace("\n", " "))
            for base, one in known.items()
        ]
        if not choices:
            raise Refused("no-words", "the playbook has no words for this")
        asked = "Which words answer this story?"
        self.words_id = await self.desk.pick(asked, choices, chosen=self.words_id)
        return f"{title_of(self.incident, self.words_id)}; what you changed by hand stays"

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
        seen = await self._read()

        def review() -> None:
            self.show(seen)
            assert self.told is not None
            title = title_of(self.incident, self.words_id)
            self._review = BulkReview(self.room, self.told, title, seen.halt)
            self.app.push_screen(self._review, partial(self._reviewed, self.told))

        return review

    def _reviewed(self, told: Listed, yes: bool | None) -> None:
        """Send exactly what was looked at; who fell out of it meanwhile is held."""
        self._review = None
        if yes and not self._sending:
            self._sending = True
            self.show_keys()
            self.do(partial(self._send, told, uuid.uuid4().hex), name="bulk send")

    async def _send(self, told: Listed, command: str) -> Then:
        try:
            went = await send_list(self.room, self.incident_id, self.story, told, command)
        finally:
            self._sending = False
        return partial(self._gone, went)

    def _gone(self, went: Went) -> None:
        told = ((went.told, "ok"), (went.more, "warn"))
        app, after = self.app, BulkProgress(self.desk, went.result.bulk.id)
        self.close_with(*told)
        app.call_later(app.push_screen, after)
        app.call_later(after.say, *told)
