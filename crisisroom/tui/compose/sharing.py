"""The composer's eye on colleagues' drafts to the same post, and on its own earlier states."""

from __future__ import annotations

from functools import partial

from crisisroom.core.drafts import SavedDraft, id_of_draft
from crisisroom.core.errors import Usage
from crisisroom.room import drafting, who
from crisisroom.store import Change
from crisisroom.store.places import Presence
from crisisroom.tui.compose import replying
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.earlier import Earlier
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.replybase import ReplyBase
from crisisroom.tui.compose.theirs import State, states, their_rows
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import asking

AGED = 30.0  # seconds after which the age of a colleague's draft is told anew
_LINES = 6  # of a colleague's draft on a wide screen; a small one has room for one, or none


class Sharing(ReplyBase):
    """Shows what others write to the same post as they write it; goes on from any of it."""

    def on_mount(self) -> None:
        """Tell the age of a colleague's draft anew now and then."""
        super().on_mount()
        self.set_interval(AGED, self.show_theirs)

    def show_theirs(self) -> None:
        """Show what colleagues have written to this post."""
        if self.opened is None or not self.query("#theirs"):  # told of after the screen was left
            return
        shown = self.query_one("#theirs", Text)
        crowded = self.reviewed is not None and bool(self.reviewed.problems)
        most = _LINES if self.wide else int(not crowded)
        rows = list(their_rows(self.opened.drafts, self.now, self.zone, most))
        shown.display = bool(rows)
        shown.say(*rows)

    def heard(self, change: Change) -> bool:
        """Tell whether a change is about colleagues here, or their drafts; one's own is no news."""
        about = id_of_draft("reply", self.incident_id, self.mention_id, "")
        written = change.topic == "draft" and change.ref.startswith(about)
        return change.topic == "presence" or (written and change.ref != self.draft_id)

    async def read_theirs(self) -> Then:
        """Read colleagues' drafts again, and nothing else."""
        every = await drafting.saved_drafts(self.room, everybody=True, mention=self.mention_id)
        inc, me = self.incident_id, self.room.actor.name
        theirs = tuple(one for one in every if one.incident == inc and one.actor != me)
        return partial(self._read, theirs, await who.people(self.room))

    def _read(self, theirs: tuple[SavedDraft, ...], people: tuple[Presence, ...]) -> None:
        if self.opened is not None:
            self.opened = self.opened.beside(theirs, people)
            self.show_theirs()
            self.show_others()

    def show_others(self) -> None:
        """Say which colleagues are on the same post."""
        if self.opened is None or not self.query("#others"):
            return
        shown = self.query_one("#others", Text)
        rows = list(replying.others(self.opened.place, self.room.actor.name))
        shown.display = bool(rows)
        shown.say(*rows)

    def action_earlier(self) -> None:
        """Offer earlier states of this draft, and what colleagues have written."""
        if self.opened is not None and self.app.screen is self:
            self.do(self._earlier, name="earlier")

    async def _earlier(self) -> Then:
        await self._keeper.flush()
        try:
            earlier = await drafting.history(self.room, self.draft_id)
        except Usage:  # nothing was ever saved of it
            earlier = ()
        assert self.opened is not None
        found = states(self.opened.drafts, earlier, self.editor.text)
        return partial(self._offer, found)

    def _offer(self, found: tuple[State, ...]) -> None:
        if not found:
            self.say("no earlier state of this draft, and nobody else has written one")
            return
        by_id = {one.id: one for one in found}
        title = asking("Go on from", "what you have now comes back with ctrl+z")
        me = self.room.actor.name
        screen = Earlier(title, found, self.editor.text, me, self.now, self.zone)
        self.app.push_screen(screen, lambda chosen: self._taken(by_id.get(chosen or "")))

    def _taken(self, state: State | None) -> None:
        if state is None:
            self.editor.focus()
        else:
            self.do(partial(self._bring, state), name="bring")

    async def _bring(self, state: State) -> Then:
        if state.number:
            await drafting.bring_back(self.room, self.draft_id, state.number)
        return partial(self._brought, state)

    def _brought(self, state: State) -> None:
        whose = "your text of " if state.number else state.by + "'s text of "
        self.put_in(state.text)
        told = whose + clock(state.at, self.now, self.zone)
        self.say((told, "text"), ("   ctrl+z brings yours back", "quiet"))
