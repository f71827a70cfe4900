"""A first paint beside the live room: the same night, drawn both ways, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyte
from tui.night import TRUECOLOUR, screen

from crisisroom.firstpaint.cells import WHOLE, Zone
from crisisroom.firstpaint.memo import Painting
from crisisroom.firstpaint.picture import Layout, picture
from crisisroom.room import Room
from crisisroom.store import firstlook
from crisisroom.store.firstlook import Comer, Seen
from crisisroom.tui import begun
from crisisroom.tui.app import RoomApp

Size = tuple[int, int]


def comer(size: Size, person: str = "ada") -> Comer:
    """Return somebody who comes to a screen of this size."""
    usual = Layout(size, 1)
    return Comer(person, usual.posts, wide=usual.wide)


def seen(room: Room, size: Size, who: Comer | None = None) -> Seen | None:
    """Return what a first look sees of a room, at the room's own time."""
    now = int(room.clock.now().timestamp())
    return firstlook.look(str(room.store.path), who or comer(size), now)


def frame(
    room: Room, size: Size, how: Painting, who: Comer | None = None, tint: int = WHOLE
) -> str:
    """Return the characters of a first paint."""
    found = seen(room, size, who)
    assert found is not None
    zone = Zone(found.incident["zone"] if found.incident is not None else found.zone)
    try:
        person = who.person if who else "ada"
        layout, beat = Layout(size, found.view), room.clock.monotonic()
        return picture(found, person, layout, how, beat, tint)
    finally:
        zone.leave()


PLAIN = Painting({"text": "", ">text": "44"}, plain=False, fills=True)


def words(characters: str, size: Size) -> list[str]:
    """Return what a terminal shows of a frame, line by line."""
    emulated = pyte.Screen(*size)
    pyte.Stream(emulated).feed(characters)
    return [
        "".join(emulated.buffer[row][column].data for column in range(size[0]))
        for row in range(size[1])
    ]


def lines(room: Room, size: Size, who: Comer | None = None) -> list[str]:
    """Return a first paint as lines of words."""
    return words(frame(room, size, PLAIN, who), size)


def painting(app: RoomApp, environ: Mapping[str, str] = TRUECOLOUR) -> Painting:
    """Return how a running app paints, as it would be kept."""
    return begun.painting(app, app.palette, begun.Looks.of({**environ, "LANG": "C.UTF-8"}, ""))


def live(app: RoomApp) -> list[str]:
    """Return what a running app shows, line by line."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


__all__ = ["Path", "screen"]
