"""The first screen of an empty room: three ways on, and what was found here."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from crisisroom.tui import signs
from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.rows import BLANK, Cell, Row, fit, gap, row
from crisisroom.tui.rows.folding import PHONE, told_whole
from crisisroom.tui.theme import PaletteName
from crisisroom.tui.widgets.hints import Hints
from crisisroom.tui.widgets.lines import Painted

if TYPE_CHECKING:
    from crisisroom.tui.app import RoomApp

WAYS = (
    (
        "d",
        "Watch a crisis first",
        "crisisroom demo",
        "Ten minutes, played on a throw-away room. Nothing goes out.",
    ),
    (
        "i",
        "Set up this room",
        "crisisroom init",
        "Writes crisisroom.yaml and the playbooks here, all commented.",
    ),
    (
        "enter",
        "Open it anyway",
        "crisisroom open",
        "The keys work, and crisisroom ingest takes posts from a pipe.",
    ),
)
_COLOURS: Mapping[PaletteName, str] = {
    "dark": "many colours",
    "light": "many colours",
    "contrast-dark": "high contrast",
    "contrast-light": "high contrast",
    "ansi-dark": "16 colours",
    "ansi-light": "16 colours",
    "mono": "no colours",
    "plain": "high contrast, the terminal's own colours",
}


class Welcome(Painted):
    """The words of the first screen."""

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return all lines."""
        app: RoomApp = self.app  # type: ignore[assignment]
        rows = [
            BLANK,
            row(gap(3), Cell("crisisroom", "focus"), Cell(f"   {_MOTTO}", "quiet")),
            BLANK,
            row(gap(3), Cell("This room is empty: no source listens, nobody is on call.")),
            BLANK,
        ]
        for key, name, verb, told in ways(app):
            title = (gap(3), Cell(fit(key, 7), "key"), Cell(fit(name, 25), "bold"))
            rows.append(row(*title, Cell(verb if width >= PHONE else "", "quiet")))
            rows += [row(gap(10), Cell(told)), BLANK]
        rows += [row(gap(3), Cell("Found here", "bold")), BLANK]
        return told_whole([*rows, *found_rows(app)], width)


def ways(app: RoomApp) -> list[tuple[str, str, str, str]]:
    """Return the ways on; over an SSH key nothing is written on the host, and no room made."""
    return [way for way in WAYS if way[0] == "enter" or not app.room.actor.confined]


_MOTTO = "the room for the night it goes wrong"


def found_rows(app: RoomApp) -> list[Row]:
    """Return what was found: who, which terminal, clock, room, sources."""
    size = shutil.get_terminal_size()
    room = app.room
    far = ", over SSH: mouse off" if app.remote and not app.mouse_on else ""
    letters = "ASCII" if app.ascii_only else "UTF-8"
    via = f", by {room.actor.via}" if room.actor.via else ""
    found = (
        ("you", f"{room.actor.name}{via}", True),
        (
            "terminal",
            f"{size.columns}x{size.lines}, {_COLOURS[app.palette.name]}, {letters}{far}",
            True,
        ),
        ("clock", f"{room.clock.now():%H:%M} UTC, zone {room.config.zone}", True),
        ("room", _short(room.address), True),
        ("sources", "none yet", False),
    )
    return [
        row(
            gap(1),
            Cell(signs.DONE if good else signs.FREE, "ok" if good else "mine"),
            gap(1),
            Cell(fit(name, 13)),
            Cell(told, "quiet"),
        )
        for name, told, good in found
    ]


def _short(address: str) -> str:
    home = str(Path.home())
    return f"~{address.removeprefix(home)}" if address.startswith(f"{home}/") else address


class StartScreen(Keyed[str]):
    """Dismissed with demo, init or open."""

    place = "start"

    DEFAULT_CSS = "StartScreen { Welcome { margin: 0 1; } }"

    def compose(self) -> ComposeResult:
        """Lay words above keys."""
        yield Welcome()
        yield Hints()

    def on_mount(self) -> None:
        """Show the keys."""
        self.query_one(Hints).show_keys(self.hinted(self.keys()))

    def keys(self) -> list[tuple[str, str]]:
        """Return the ways on that are open here."""
        named = {"d": "demo", "i": "set up", "enter": "open"}
        app: RoomApp = self.app  # type: ignore[assignment]
        return [*((way[0], named[way[0]]) for way in ways(app)), ("q", "quit")]

    def action_way(self, way: str) -> None:
        """Go one of the ways that are open here."""
        app: RoomApp = self.app  # type: ignore[assignment]
        if way in ("open", "quit") or not app.room.actor.confined:
            self.dismiss(way)
