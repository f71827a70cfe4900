"""The screen of the evidence: what is kept by its hash, hashed again, and files added to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from crisisroom.core.errors import Refused
from crisisroom.room import evidence, reading
from crisisroom.room.handed_in import read_files
from crisisroom.tui.acted import Undo, final
from crisisroom.tui.acts import Desk, fine, needed
from crisisroom.tui.compose.base import Then
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.record.evidence_rows import Kept, kept_rows, kept_sheet, kept_top
from crisisroom.tui.record.seen import seen_rows
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.situation import Situation


class EvidenceScreen(AskingList):
    """Everything that an incident keeps as evidence; nothing of it is ever opened."""

    place = "evidence"

    topics: ClassVar[frozenset[str]] = frozenset({"entry", "picture"})

    def __init__(self, desk: Desk, chosen: str = "") -> None:
        super().__init__(desk)
        self.kept: Kept | None = None
        self._land = f"item:{chosen}" if chosen else ""

    async def load(self) -> Then:
        """Read what is kept."""
        state = await reading.incident(self.room, self.incident_id)
        items = await evidence.listed(self.room, self.incident_id)
        waits = await evidence.not_kept(self.room, self.incident_id)
        kept = Kept(state=state, items=items, waits=waits, now=self.now, zone=self.zone)
        return lambda: self._show(kept)

    def _show(self, kept: Kept) -> None:
        self.incident = kept.state
        if self.kept is not None:
            kept = replace(kept, checked_at=self.kept.checked_at, flaws=self.kept.flaws)
        self.kept = kept
        self.draw()
        if self._land:
            self._list.seek(self._land)
            self._land = ""

    def top(self, width: int) -> Sequence[Row]:
        """Return the title, and a blank line."""
        return (kept_top(self.kept, width), BLANK) if self.kept else ()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the list."""
        return list(kept_rows(self.kept, width)) if self.kept else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what is told of the row under the cursor."""
        return kept_sheet(self.kept, at, width) if self.kept else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys of this screen."""
        return [*self._own(), ("v", "hash again"), self._plus(), ("esc", "room"), ("?", "keys")]

    def _own(self) -> Iterator[tuple[str, str]]:
        if self.chosen[0]:
            yield "enter", "read"
            yield "y", "copy hash"

    def _plus(self) -> tuple[str, str]:
        return ("", "+ file: not from here") if self.restricted else ("+", "keep a file")

    def action_check(self) -> None:
        """Hash everything again."""
        self.say("hashing everything again")
        self.do(self._checked, name="check")

    async def _checked(self) -> Then:
        problems = await evidence.check(self.room, self.incident_id)
        flaws = {one.where.rpartition(" ")[2]: one.message for one in problems}
        now = self.now

        def after() -> None:
            if self.kept is not None:
                self.kept = replace(self.kept, checked_at=now, flaws=flaws)
                self.draw()
                told = f"{len(flaws)} NOT as kept" if flaws else "everything is as it was kept"
                self.say((told, "late" if flaws else "ok"))

        return after

    def action_add(self) -> None:
        """Keep a file."""
        if self.restricted:
            self.say("files of the host cannot be read from here", "   add them by the verb")
        else:
            self.ask(self._added, "add evidence")

    async def _added(self) -> str:
        told, sha256 = await add_file(self.desk)
        self._land = f"item:{sha256}"
        return told

    def action_copy(self) -> None:
        """Copy the whole hash."""
        kind, name = self.chosen
        found = [one.sha256 for one in self.kept.posts if one.id == name] if self.kept else []
        sha256 = name if kind == "item" else next(iter(found), "")
        if sha256:
            self.desk.copy(sha256)
            self.say(f"copied sha256 {sha256[:12]}")
        else:
            self.say("nothing to copy here")

    def action_whole(self) -> None:
        """Read it whole; a post as each time it was seen."""
        kind, name = self.chosen
        if kind == "post":
            self.ask(self._seen, "seen")
        elif kind:
            lines = list(self.sheet(f"{kind}:{name}", self.size.width - 2))
            self.app.push_screen(Reader(asking("Evidence", name[:12]), lines))

    async def _seen(self) -> str:
        await show_post(self.desk, self.chosen[1], self.size.width)
        return ""


async def screen(desk: Desk) -> None:
    """Open the evidence of the incident."""
    desk.open(EvidenceScreen(desk))


async def keep(desk: Desk) -> None:
    """Keep the post as evidence, and show what is kept of it."""
    from crisisroom.room import triage

    post = desk.mention
    if not post.incident:
        inc = desk.incident.id
        await triage.link(desk.room, inc, [post.id])

        async def back() -> None:
            await triage.unlink(desk.room, inc, post.id)

        told = f"{post.id} is evidence of {inc}: its words as they are now, by hash"
        desk.said(told, Undo(f"link of {post.id}", back))
    await show_post(desk, post.id, 80)


async def show_post(desk: Desk, post_id: str, width: int) -> None:
    """Show a post as it was each time it was seen."""
    seen = await evidence.of_mention(desk.room, post_id)
    title = asking(f"{post_id} as it was seen", "pictures are kept by their hash, never shown")
    await desk.ask(Reader(title, seen_rows(seen, desk.now, desk.zone, width)))


async def attach(desk: Desk) -> None:
    """Keep a file as evidence of the incident; on a post it is one about that post."""
    desk.said((await add_file(desk))[0], final("evidence that is kept"))


async def add_file(desk: Desk) -> tuple[str, str]:
    """Ask for a file and keep it; return what came of it, and the hash of its bytes."""
    if desk.context.restricted:
        hint = "crisisroom evidence add takes it from another machine"
        raise Refused("restricted", "files of the host cannot be read from here", hint)
    post = desk.context.mention
    rest = f"about {post.id}" if post else "its path; it is kept, and never opened"
    path = await desk.line("Which file?", rest, check=needed)
    note = await desk.line(Path(path).name, "what is it? may be empty", check=fine)
    files = await read_files([path])
    acted = await evidence.add(
        desk.room, desk.incident.id, files, about=post.id if post else "", words=note
    )
    sha256 = hashlib.sha256(files[0].data).hexdigest()
    return acted.entry.text if acted.changed else "it is kept already", sha256
