"""The screen of an export: six choices, one key that writes them, and where the files are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual.timer import Timer

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.room import reading
from crisisroom.room.papers import ABOUT, FOR, Order, Papers, write_papers
from crisisroom.room.writing import Stop
from crisisroom.tui.acted import Given
from crisisroom.tui.acts import Desk, fine
from crisisroom.tui.compose.base import Then
from crisisroom.tui.papers.place import asking, fetching, usual_folder
from crisisroom.tui.papers.rows import papers_rows, papers_sheet, papers_top
from crisisroom.tui.papers.wish import Going, Told, Wish
from crisisroom.tui.pauses.asking import AskingList
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Confirm
from crisisroom.tui.screens.dialogs import asking as titled
from crisisroom.tui.screens.picking import Choice
from crisisroom.tui.situation import Situation
from crisisroom.zones import known

PACE = 0.5  # seconds between two looks at how far it is


class PapersScreen(AskingList):
    """What is wanted in the files; `w` writes them beside the screen, escape stops that."""

    place = "papers"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wish = Wish(Order(format="all"))
        self._going: Going | None = None
        self._stop = Stop()
        self._made: Papers | None = None
        self._made_in = Path()
        self._land = False  # go to what was written once it is there
        self._ticks: Timer | None = None

    async def load(self) -> Then:
        """Read the incident."""
        state = await reading.incident(self.room, self.incident_id)
        return lambda: self.show(state)

    def show(self, state: Incident) -> None:
        """Put its export on the screen."""
        self.incident = state
        self.draw()
        written = [one.at for one in self._list.rows if one.at.startswith("file:")]
        if self._land and written:
            self._list.seek(written[0])
        self._land = False

    @property
    def told(self) -> Told | None:
        """What is on the screen, None until the incident is read."""
        if self.incident is None:
            return None
        return Told(
            self.incident,
            self.wish,
            self._made_in if self._made else self.folder,
            room=self.room.address,
            remote=self.desk.context.remote,
            shell=self.restricted,
            web=self.app.is_web,
            going=self._going,
            made=self._made,
        )

    @property
    def folder(self) -> Path:
        """Where it goes: as chosen, else a new folder named after the log."""
        if self.wish.folder is not None or self.incident is None:
            return self.wish.folder or Path()
        return usual_folder(self.room, self.incident, self.wish.order)

    def top(self, width: int) -> Sequence[Row]:
        """Return the title."""
        return list(papers_top(self.told)) if self.told else ()

    def rows(self, know: Situation, width: int) -> Sequence[Row]:
        """Return the choices."""
        return list(papers_rows(self.told, width)) if self.told else ()

    def sheet(self, at: str, width: int) -> Sequence[Row]:
        """Return what the choice under the cursor means."""
        return list(papers_sheet(self.told, at, width)) if self.told else ()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the row under the cursor."""
        if self._going is not None:
            return [("esc", "stop")]
        own = [("enter", "change")]
        if self.chosen[0] == "file":
            own = [("y", "copy path")]
            if self.desk.context.remote:
                own.append(("Y", "copy scp"))
        elif self.restricted:
            own.append(("Y", "copy the command"))
        write = ("", f"w write: not in {self._shut_in}") if self.restricted else ("w", "write")
        return [*own, write, ("esc", "room"), ("?", "keys")]

    @property
    def _shut_in(self) -> str:
        """What keeps files from being fetched, where `restricted`."""
        return "a browser" if self.app.is_web else "this shell"

    # What is wanted.

    def action_change(self) -> None:
        """Change what is under the cursor."""
        kind, name = self.chosen
        if self._going is not None:
            self.say("it is being written; esc stops it")
        elif kind == "file":
            self.action_copy()
        elif name == "evidence" and self.wish.order.profile == "public":
            self.say("evidence is strangers' words and pictures: none of it goes to the public")
        elif name in ("evidence", "sign"):
            self.wish = self.wish.but(**{name: not getattr(self.wish.order, name)})
            self._made = None
            self.draw()
        elif name:
            self.ask(partial(self._changed, name), f"export {name}")

    async def _changed(self, name: str) -> str:
        order = self.wish.order
        if name == "format":
            choices = [Choice(one, one, about) for one, about in ABOUT.items()]
            chosen = await self.desk.pick("Which format?", choices, chosen=order.format)
        elif name == "profile":
            choices = [Choice(one, one, about) for one, about in FOR.items()]
            chosen = await self.desk.pick("Who is it for?", choices, chosen=order.profile)
        elif name == "zone":
            zone = order.zone or (self.incident.zone if self.incident else "")
            title, rest = "Which time zone?", "like Europe/Berlin; empty: the case's own"
            chosen = await self.desk.line(title, rest, value=zone, check=_no_zone)
        else:
            title, rest = "Which folder?", "on the machine of the room; a new one is made"
            typed = await self.desk.line(title, rest, value=str(self.folder), check=fine)
            self.wish, self._made = replace(self.wish, folder=_folder(typed)), None
            return ""
        self.wish, self._made = self.wish.but(**{name: chosen}), None
        return ""

    # Writing.

    def action_write(self) -> None:
        """Write the files."""
        if self.restricted:
            told = f"nothing can be fetched out of {self._shut_in}; Y copies the command that can"
            self.say(told)
        elif self._going is None and self.incident is not None:
            self._stop, self._made, self._going = Stop(), None, Going()
            self._ticks = self._ticks or self.set_interval(PACE, self._tick)
            self.draw()
            self.show_keys()
            self.ask(self._written, "export")

    async def _written(self) -> str:
        folder, order = self.folder, self.wish.order
        try:
            made = await self._write(order, folder, force=False)
        except Refused as refused:
            if refused.code != "exists":
                raise
            made = await self._over(order, folder, refused)
        finally:
            self._going = None
        self._made, self._made_in, self._land = made, folder, True
        files = "1 file is" if len(made.files) == 1 else f"{len(made.files)} files are"
        return f"{files} written; that it was made is on the room's record"

    async def _over(self, order: Order, folder: Path, refused: Refused) -> Papers:
        """Ask before anything is written over."""
        self._going = None
        title = titled("Write over it?", refused.message)
        if not await self.desk.ask(Confirm(title, verb="write over it")):
            raise Given
        self._going = Going()
        return await self._write(order, folder, force=True)

    async def _write(self, order: Order, folder: Path, *, force: bool) -> Papers:
        def told(phase: str, done: int, of: int) -> None:
            self._going = Going(phase, done, of)  # read by the screen's own tick

        return await write_papers(
            self.room,
            self.incident_id,
            order,
            folder,
            force=force,
            progress=told,
            stop=self._stop,
        )

    def _tick(self) -> None:
        """Show how far it is; one last time once it is over."""
        self.draw()
        if self._going is None and self._ticks is not None:
            self._ticks.stop()
            self._ticks = None

    def action_leave(self) -> None:
        """Stop what is being written; else go back."""
        if self._going is not None:
            self._stop.set()
        else:
            super().action_leave()

    # Getting at it.

    def action_copy(self) -> None:
        """Copy the path under the cursor."""
        kind, name = self.chosen
        path = name if kind == "file" else str(self.folder)
        self.desk.copy(path)
        self.say(f"copied {path}")

    def action_copy_command(self) -> None:
        """Copy the command that brings it to the machine one sits at."""
        told = self.told
        if told is None or not (told.remote or told.shell):
            self.say("it is on this machine: y copies the path")
            return
        command = asking(told) if told.shell else fetching(told.folder)
        self.desk.copy(command)
        self.say(f"copied: {command}")


def _folder(typed: str) -> Path | None:
    return Path(typed).expanduser().absolute() if typed else None


def _no_zone(typed: str) -> str:
    if not typed or known(typed):
        return ""
    return f"this machine knows no zone {typed[:40]}; like Europe/Berlin, or UTC"
