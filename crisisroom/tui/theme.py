"""The palettes: roles and how they look; widgets name roles, `colours` alone knows inks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Literal

from rich.style import Style as RichStyle
from textual.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from crisisroom.terminals import taken_for
from crisisroom.tui import colours
from crisisroom.tui.colours import Look

PaletteName = Literal[
    "dark", "light", "contrast-dark", "contrast-light", "ansi-dark", "ansi-light", "mono", "plain"
]
Ground = Literal["", "dark", "light"]
"""What a person wishes for; empty leaves it to the terminal."""


@dataclass(frozen=True)
class Palette:
    """One dict from role to look, and the looks of the row under the cursor."""

    name: PaletteName
    looks: Mapping[str, Look]
    cursor: Look = field(default_factory=Look)
    back: str = ""  # the background, where it is not the terminal's own

    @cached_property
    def plain_cursor(self) -> bool:
        """Whether the cursor's row is reverse video, marked by `>`."""
        return self.cursor.reverse

    @property
    def tints(self) -> bool:
        """Whether a full cell may be told by its ground alone, and needs no glyph."""
        return bool(self.back) and not self.name.startswith("contrast")

    def style(self, role: str) -> Style:
        """Return the style of a role; an unknown role is a mistake of ours (KeyError)."""
        return _style(self.looks[role])

    @property
    def base(self) -> Style:
        """Return how words without a role are painted, on the ground of this palette."""
        return self.style("text") + _style(Look(ground=self.back))

    def rich(self, role: str, *, under_cursor: bool = False) -> RichStyle:
        """Return the style for a line of cells, tinted when it is under the cursor."""
        found = self._rich.get((role, under_cursor))
        if found is None:
            found = self._rich[role, under_cursor] = self._made(role, under_cursor=under_cursor)
        return found

    @cached_property
    def _rich(self) -> dict[tuple[str, bool], RichStyle]:
        return {}

    def _made(self, role: str, *, under_cursor: bool) -> RichStyle:
        look = self.looks[role]
        if under_cursor and not look.ground:
            look = self._tinted(look)
        elif self.back and not look.ground:
            look = replace(look, ground=self.back)
        return _style(look).rich_style

    def ground(self, *, under_cursor: bool = False) -> RichStyle:
        """Return the style of blanks at the beginning and the end of a line: all else there is."""
        return self.rich("text", under_cursor=True) if under_cursor else self._ground

    @cached_property
    def _ground(self) -> RichStyle:
        return _style(Look(ground=self.back)).rich_style

    def _tinted(self, look: Look) -> Look:
        if self.cursor.reverse:
            return Look(bold=look.bold, reverse=True, underline=look.underline)
        return Look(look.ink, self.cursor.ground, look.bold, look.dim, False, look.underline)


@cache
def _style(look: Look) -> Style:
    return look.style()


def _own(name: PaletteName, inks: Mapping[str, str]) -> Palette:
    return Palette(name, colours.full(inks), Look(ground=inks["cursor"]), inks["back"])


PALETTES: dict[str, Palette] = {
    "dark": _own("dark", colours.DARK),
    "light": _own("light", colours.LIGHT),
    "contrast-dark": _own("contrast-dark", colours.CONTRAST_DARK),
    "contrast-light": _own("contrast-light", colours.CONTRAST_LIGHT),
    "ansi-dark": Palette(
        "ansi-dark",
        colours.sixteen("ansi_cyan", "ansi_yellow", "ansi_bright_red"),
        Look(reverse=True),
    ),
    "ansi-light": Palette(
        "ansi-light", colours.sixteen("ansi_blue", "ansi_magenta", "ansi_red"), Look(reverse=True)
    ),
    "mono": Palette("mono", colours.MONO, Look(reverse=True)),
    "plain": Palette("plain", colours.PLAIN, Look(reverse=True)),
}
WITHOUT_COLOUR: frozenset[PaletteName] = frozenset({"mono", "plain"})
NEXT: Mapping[PaletteName, PaletteName] = {
    "dark": "light",
    "light": "contrast-dark",
    "contrast-dark": "contrast-light",
    "contrast-light": "dark",
    "ansi-dark": "ansi-light",
    "ansi-light": "plain",
    "plain": "ansi-dark",
    "mono": "plain",
}
"""The look that comes after each, where a person asks for another one."""


def _truecolour(name: str, inks: Mapping[str, str], *, dark: bool) -> Theme:
    back, text, cursor = inks["back"], inks["text"], inks["cursor"]
    return Theme(
        name=f"crisisroom-{name}",
        primary=inks["mine"],
        accent=inks["mine"],
        success=inks["ok"],
        warning=inks["warn"],
        error=inks["late"],
        foreground=text,
        background=back,
        surface=back,
        panel=back,
        boost=back,
        dark=dark,
        text_alpha=1.0,
        variables={
            "quiet": inks["quiet"],
            "faint": inks["faint"],
            "cursor": cursor,
            "chip": inks["chip"],
            "block-cursor-background": cursor,
            "block-cursor-foreground": text,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": cursor,
            "input-cursor-background": text,
            "input-cursor-foreground": back,
            "input-selection-background": inks["chip"],
        },
    )


def _sixteen_theme(name: str, base: str, mine: str) -> Theme:
    built_in = BUILTIN_THEMES[base]
    return Theme(
        name=f"crisisroom-{name}",
        primary=mine,
        accent=mine,
        success="ansi_green",
        warning="ansi_yellow" if built_in.dark else "ansi_magenta",
        error="ansi_bright_red" if built_in.dark else "ansi_red",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        dark=built_in.dark,
        ansi=True,
        variables={
            # the stylesheet of Textual 8.2.8 needs the variables of its own ANSI themes
            **built_in.variables,
            "quiet": "ansi_default",
            "faint": "ansi_default",
            "cursor": "ansi_default",
            "chip": "ansi_default",
        },
    )


THEMES: tuple[Theme, ...] = (
    _truecolour("dark", colours.DARK, dark=True),
    _truecolour("light", colours.LIGHT, dark=False),
    _truecolour("contrast-dark", colours.CONTRAST_DARK, dark=True),
    _truecolour("contrast-light", colours.CONTRAST_LIGHT, dark=False),
    _sixteen_theme("ansi-dark", "ansi-dark", "ansi_cyan"),
    _sixteen_theme("ansi-light", "ansi-light", "ansi_blue"),
)


def theme_of(palette: PaletteName) -> str:
    """Return the name of the Textual theme that goes with a palette."""
    return "crisisroom-ansi-dark" if palette in WITHOUT_COLOUR else f"crisisroom-{palette}"


def after(palette: PaletteName, *, coloured: bool) -> PaletteName:
    """Return the look after this one; a terminal without colours has two of them."""
    return NEXT[palette] if coloured or palette == "mono" else "mono"


def choose(environ: Mapping[str, str], *, wish: Ground = "", contrast: bool = False) -> PaletteName:
    """Choose the palette a terminal can show: dark or light by `wish`, else by what it tells.

    Where there are fewer than 256 colours it takes the sixteen of the terminal, or none.
    """
    many = taken_for(environ).colours
    if not many:
        return "plain" if contrast else "mono"
    light = wish == "light" or (wish != "dark" and _light_ground(environ.get("COLORFGBG", "")))
    if many > 16 and contrast:
        return "contrast-light" if light else "contrast-dark"
    if many > 16:
        return "light" if light else "dark"
    if contrast:
        return "plain"
    return "ansi-light" if light else "ansi-dark"


def _light_ground(colorfgbg: str) -> bool:
    """Some terminals tell their colours as `15;0`: the last number is the background."""
    ground = colorfgbg.rpartition(";")[2]
    return ground in ("7", "15")
