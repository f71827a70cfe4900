"""The live room takes over from the first paint, and keeps for the next one how it paints."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import COLOR_SYSTEMS
from rich.segment import Segment
from textual.drivers.linux_driver import LinuxDriver

from crisisroom import terminals
from crisisroom.firstpaint import memo
from crisisroom.logbook import state_folder
from crisisroom.term import handover
from crisisroom.term.facts import facts_of
from crisisroom.tui.theme import Palette

if TYPE_CHECKING:
    from textual.app import App


def took_over(app: App[Any]) -> None:
    """Take over the terminal's attributes, and have the memory of the beginning left in peace.

    Textual's own driver found the terminal quiet already: it has to go back to what was before.
    """
    paint = handover.take()
    driver = app._driver
    if paint is not None and paint.attributes is not None and isinstance(driver, LinuxDriver):
        driver.attrs_before = paint.attributes
    if not app.is_headless:  # a program of its own, and not a test among many
        gc.freeze()
        gc.enable()


class Looks(msgspec.Struct, frozen=True):
    """What tells how a terminal is painted: its variables, of which Textual takes some away."""

    variables: Mapping[str, str]
    wish: str
    utf8: bool

    @classmethod
    def of(cls, environ: Mapping[str, str], wish: str) -> Looks:
        """Return what an environment says; `wish` is what flags ask for, as `memo.wish` has it."""
        known = {name: environ[name] for name in memo.LOOKS if name in environ}
        return cls(known, wish, terminals.taken_for(terminals.as_started(environ)).utf8)


def keep_painting(app: App[Any], palette: Palette, looks: Looks) -> None:
    """Keep how this terminal is painted, so that the next opening can begin with that."""
    how = painting(app, palette, looks)
    memo.keep_painting(str(state_folder()), looks.variables, looks.wish, how)


def painting(app: App[Any], palette: Palette, looks: Looks) -> memo.Painting:
    """Return what SGR makes of each role on this terminal, and what the terminal can do."""
    styles = {role: _sgr(app, palette, role, under=False) for role in palette.looks}
    styles |= {f">{role}": _sgr(app, palette, role, under=True) for role in palette.looks}
    fills = facts_of(looks.variables).fills
    return memo.Painting(styles, plain=not looks.utf8, fills=fills)


def _sgr(app: App[Any], palette: Palette, role: str, *, under: bool) -> str:
    """Return the SGR parameters of a role as they leave this program."""
    pieces = [Segment("x", palette.rich(role, under_cursor=under))]
    for one in app.get_line_filters():
        pieces = one.apply(pieces, app.screen.background_colors[1])
    style = pieces[0].style
    system = COLOR_SYSTEMS[app.console.color_system or "standard"]
    told = style.render("x", color_system=system) if style is not None else "x"
    return told.partition("m")[0].removeprefix("\x1b[") if told.startswith("\x1b[") else ""
