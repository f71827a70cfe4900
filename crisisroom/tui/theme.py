"""Roles and how they look: widgets name roles, this file alone knows colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Literal

from rich.style import Style as RichStyle
from textual.color import Color
from textual.style import Style
from textual.theme import BUILTIN_THEMES, Theme

PaletteName = Literal["dark", "light", "ansi-dark", "ansi-light", "mono"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a role is painted; an empty colour is the terminal's own."""

    ink: str = ""
    ground: str = ""
    bold: bool = False
    dim: bool = False
    reverse: bool = False
    underline: bool = False

    def style(self) -> Style:
        """Return it as Textual's style."""
        return Style(
            background=Color.parse(self.ground) if self.ground else None,
            foreground=Color.parse(self.ink) if self.ink else None,
            bold=self.bold or None,
            dim=self.dim or None,
            reverse=self.reverse or None,
            underline=self.underline or None,
        )


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

    def style(self, role: str) -> Style:
        """Return the style of a role; an unknown role is a mistake of ours (KeyError)."""
        return _style(self.looks[role])

    def rich(self, role: str, *, under_cursor: bool = False) -> RichStyle:
        """Return the style for a line of cells, tinted when it is under the cursor."""
        look = self.looks[role]
        if under_cursor and not look.ground:
            look = self._tinted(look)
        elif self.back and not look.ground:
            look = replace(look, ground=self.back)
        return _style(look).rich_style

    def _tinted(self, look: Look) -> Look:
        if self.cursor.reverse:
            return Look(bold=look.bold, reverse=True, underline=look.underline)
        return Look(look.ink, self.cursor.ground, look.bold, look.dim, False, look.underline)


@cache
def _style(look: Look) -> Style:
    return look.style()


def _full(colours: Mapping[str, str]) -> dict[str, Look]:
    text, quiet, faint = colours["text"], colours["quiet"], colours["faint"]
    mine, ok, warn, late = colours["mine"], colours["ok"], colours["warn"], colours["late"]
    chip, back = colours["chip"], colours["back"]
    return {
        "text": Look(text),
        "bold": Look(text, bold=True),
        "quiet": Look(quiet),
        "faint": Look(faint),
        "mine": Look(mine),
        "key": Look(mine, bold=True),
        "focus": Look(mine, bold=True),
        "ok": Look(ok),
        "warn": Look(warn),
        "late": Look(late, bold=True),
        "said": Look(text, underline=True),
        "blank": Look(warn, underline=True),
        "forbidden": Look(late, underline=True),
        "chip": Look(text, chip, bold=True),
        "sev-late": Look(late, chip, bold=True),
        "sev-warn": Look(warn, chip, bold=True),
        "sev-text": Look(text, chip, bold=True),
        "near": Look(back, warn, bold=True),
        "past": Look(back, late, bold=True),
        "drill": Look(back, mine, bold=True),
        "bar": Look(text, quiet),
        "rise": Look(back, warn),
        "band": Look(text, chip),
        "band-ink": Look(chip),
        "bar-band": Look(quiet, chip),
    }


def _sixteen(mine: str, warn: str, late: str) -> dict[str, Look]:
    return {
        "text": Look(),
        "bold": Look(bold=True),
        "quiet": Look(dim=True),
        "faint": Look(dim=True),
        "mine": Look(mine),
        "key": Look(mine, bold=True),
        "focus": Look(mine, bold=True),
        "ok": Look("ansi_green"),
        "warn": Look(warn),
        "late": Look(late, bold=True),
        "said": Look(underline=True),
        "blank": Look(warn, underline=True),
        "forbidden": Look(late, underline=True),
        "chip": Look(bold=True, reverse=True),
        "sev-late": Look(late, bold=True),
        "sev-warn": Look(warn, bold=True),
        "sev-text": Look(bold=True),
        "near": Look("ansi_black", "ansi_yellow", bold=True),
        "past": Look("ansi_white", "ansi_red", bold=True),
        "drill": Look("ansi_black", mine, bold=True),
        "bar": Look(),
        "rise": Look(warn),
        "band": Look(dim=True),
        "band-ink": Look(dim=True),
        "bar-band": Look(),
    }


_MONO = {
    "text": Look(),
    "bold": Look(bold=True),
    "quiet": Look(dim=True),
    "faint": Look(dim=True),
    "mine": Look(bold=True),
    "key": Look(bold=True),
    "focus": Look(bold=True, underline=True),
    "ok": Look(),
    "warn": Look(bold=True),
    "late": Look(bold=True),
    "said": Look(underline=True),
    "blank": Look(bold=True, underline=True),
    "forbidden": Look(bold=True, underline=True),
    "chip": Look(bold=True, reverse=True),
    "sev-late": Look(bold=True),
    "sev-warn": Look(bold=True),
    "sev-text": Look(bold=True),
    "near": Look(bold=True, reverse=True),
    "past": Look(bold=True, reverse=True),
    "drill": Look(bold=True, reverse=True),
    "bar": Look(),
    "rise": Look(bold=True),
    "band": Look(dim=True),
    "band-ink": Look(dim=True),
    "bar-band": Look(),
}

_DARK_COLOURS = {
    "text": "#d3d8de",
    "quiet": "#8b95a1",
    "faint": "#3b444e",
    "mine": "#7db5d6",
    "ok": "#8fbf8a",
    "warn": "#e0b05c",
    "late": "#f27a72",
    "chip": "#2c3641",
    "cursor": "#222a33",
    "back": "#12161b",
}
_LIGHT_COLOURS = {
    "text": "#23282e",
    "quiet": "#5d656e",
    "faint": "#c9c7c0",
    "mine": "#1c5d8c",
    "ok": "#2b6a34",
    "warn": "#8a5800",
    "late": "#b3261e",
    "chip": "#dfe3e4",
    "cursor": "#e9ecec",
    "back": "#fbfaf6",
}


def _own(name: PaletteName, colours: Mapping[str, str]) -> Palette:
    return Palette(name, _full(colours), Look(ground=colours["cursor"]), colours["back"])


PALETTES: dict[str, Palette] = {
    "dark": _own("dark", _DARK_COLOURS),
    "light": _own("light", _LIGHT_COLOURS),
    "ansi-dark": Palette(
        "ansi-dark",
        _sixteen("ansi_cyan", "ansi_yellow", "ansi_bright_red"),
        Look(reverse=True),
    ),
    "ansi-light": Palette(
        "ansi-light", _sixteen("ansi_blue", "ansi_magenta", "ansi_red"), Look(reverse=True)
    ),
    "mono": Palette("mono", _MONO, Look(reverse=True)),
}


def _truecolour(name: str, colours: Mapping[str, str], *, dark: bool) -> Theme:
    back, text, cursor = colours["back"], colours["text"], colours["cursor"]
    return Theme(
        name=f"crisisroom-{name}",
        primary=colours["mine"],
        accent=colours["mine"],
        success=colours["ok"],
        warning=colours["warn"],
        error=colours["late"],
        foreground=text,
        background=back,
        surface=back,
        panel=back,
        boost=back,
        dark=dark,
        text_alpha=1.0,
        variables={
            "quiet": colours["quiet"],
            "faint": colours["faint"],
            "cursor": cursor,
            "chip": colours["chip"],
            "block-cursor-background": cursor,
            "block-cursor-foreground": text,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": cursor,
            "input-cursor-background": text,
            "input-cursor-foreground": back,
            "input-selection-background": colours["chip"],
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
    _truecolour("dark", _DARK_COLOURS, dark=True),
    _truecolour("light", _LIGHT_COLOURS, dark=False),
    _sixteen_theme("ansi-dark", "ansi-dark", "ansi_cyan"),
    _sixteen_theme("ansi-light", "ansi-light", "ansi_blue"),
)


def theme_of(palette: PaletteName) -> str:
    """Return the name of the Textual theme that goes with a palette."""
    return "crisisroom-ansi-dark" if palette == "mono" else f"crisisroom-{palette}"


def choose(environ: Mapping[str, str], *, wish: str = "") -> PaletteName:
    """Choose the palette a terminal can show: `wish` is dark, light or nothing.

    NO_COLOR has no colours at all; fewer than 256 colours take the sixteen of the terminal.
    """
    if "NO_COLOR" in environ:
        return "mono"
    light = wish == "light" or (wish != "dark" and _light_ground(environ.get("COLORFGBG", "")))
    if _many_colours(environ):
        return "light" if light else "dark"
    return "ansi-light" if light else "ansi-dark"


def _many_colours(environ: Mapping[str, str]) -> bool:
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return True
    return "256" in environ.get("TERM", "") or "direct" in environ.get("TERM", "")


def _light_ground(colorfgbg: str) -> bool:
    """Some terminals tell their colours as `15;0`: the last number is the background."""
    ground = colorfgbg.rpartition(";")[2]
    return ground in ("7", "15")
