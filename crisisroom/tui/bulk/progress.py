"""How an answer to many goes: queued, sent, in doubt; one key stops it, one lets it go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Bulk
from crisisroom.room import bulk, reading
from crisisroom.room.leading import leader, leads
from crisisroom.tui.acts import Desk
from crisisroom.tui.acts.say import open_reply
from crisisroom.tui.bulk.rows import progress_rows, progress_top, reply_sheet
from crisisroom.tui.compose.base import Then
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.situation import Situation

_OWN = ("draft", "approved", "rejected")  # states in which its composer is the next step
_DOUBT = ("unknown", "failed", "queued", "sending")


class BulkProgress(AskingList):
    """The replies of one answer to many; it follows by itself while they go out."""

    place = "progress"

    def __init__(self, desk: Desk, bulk_id: str) -> None:
        super().__init__(desk)
        self.bulk_id = bulk_id

    async def load(self) -> Then:
        """Read the incident."""
        state = await reading.incident(self.room, self.incident_id)
        return lambda: self.show(state)

    def show(self, state: Incident) -> None:
        """Put it on the screen."""
        self.incident = state
        self.draw()

    @property
    def bulk(self) -> Bulk | None:
        """The answer to many, None until it is read."""
        return self.incident.bulks.get(self.bulk_id) if self.incident else None

    @property
    def reply(self) -> Words | None:
        """The reply under the cursor."""
        return self.incident.replies.get(self.chosen[1]) if self.incident else None

    def top(self, width: int) -> Sequence[Row]:
        """Return how far it is."""
        if self.incident is None or self.bulk is None:
            return ()
        return list(progress_top(self.incident, self.bulk, self.now, self.zone))

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        if self.incident is None or self.bulk is None:
            return ()
        return list(progress_rows(self.incident, self.bulk, width, self.now, self.zone))

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return the reply under the cursor."""
        return list(reply_sheet(self.reply, width)) if self.reply else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the reply under the cursor."""
        return [*self._own(), ("enter", "read"), ("esc", "back"), ("?", "keys")]

    def _own(self) -> Iterator[tuple[str, str]]:
        if self.bulk is not None and self.bulk.stopped_at is not None:
            why = self._not_mine()
            yield ("", f"r go on: {why}") if why else ("r", "go on")
        elif self.going:
            yield "s", "stop it"
        else:
            yield "", "nothing of it waits to go out"
        reply = self.reply
        if reply is not None and reply.state in _OWN:
            yield "e", "composer"
        elif reply is not None and reply.state in _DOUBT:
            yield "o", "outbox"

    @property
    def going(self) -> bool:
        """Whether something of it still goes out by itself."""
        every = self.incident.replies.values() if self.incident else ()
        return any(one.state in ("queued", "sending") for one in every if one.bulk == self.bulk_id)

    def _not_mine(self) -> str:
        """Say who lets it go on, empty where one may."""
        state, held = self.incident, self.bulk
        if state is None or held is None or held.by == self.room.actor.name:
            return ""
        if leads(state, self.room.scene()):
            return ""
        return f"{held.by} or {leader(state)} decides"

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done as it goes now."""
        stopped = self.bulk is not None and self.bulk.stopped_at is not None
        if id == "progress.stop" and stopped:
            return "it is stopped already; r lets it go on"
        if id == "progress.stop" and not self.going:
            return "nothing of it waits to go out"
        if id == "progress.resume":
            return self._not_mine() if stopped else "it is not stopped"
        if id == "progress.open" and (self.reply is None or self.reply.state not in _OWN):
            return "it is out of your hands: o opens the outbox"
        return ""

    def action_stop(self) -> None:
        """Stop it at once."""
        if why := self.why_not("progress.stop"):
            self.say(why)
        else:
            self.ask(self._stopped, "bulk stop")

    async def _stopped(self) -> str:
        await bulk.stop(self.room, self.incident_id, self.bulk_id)
        return f"{self.bulk_id} is stopped: what is not out stays in; r lets it go on"

    def action_resume(self) -> None:
        """Let it go on."""
        if self.bulk is not None and self.bulk.stopped_at is None:
            self.say("it is not stopped")
        else:
            self.ask(self._resumed, "bulk resume")

    async def _resumed(self) -> str:
        await bulk.resume(self.room, self.incident_id, self.bulk_id)
        return f"{self.bulk_id} goes on"

    def action_outbox(self) -> None:
        """Open the outbox."""
        from crisisroom.tui.compose.outbox import OutboxScreen  # loaded with the first one

        self.app.push_screen(OutboxScreen(self.room, self.incident_id))

    def action_open(self) -> None:
        """Open the reply under the cursor in the composer."""
        reply = self.reply
        if reply is None or self.why_not("progress.open"):
            self.say(self.why_not("progress.open"))
        else:
            self.ask(partial(self._opened, reply), "bulk open")

    async def _opened(self, reply: Words) -> str:
        await open_reply(self.desk, reply)
        return ""

    def action_whole(self) -> None:
        """Read the reply whole."""
        if self.reply is not None:
            rows = list(reply_sheet(self.reply, self.size.width - 2))
            self.app.push_screen(Reader(asking(self.reply.id), rows))
