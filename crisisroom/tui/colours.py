"""What each role looks like: in four sets of our own colours, in sixteen, and in none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from textual.color import Color
from textual.style import Style


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


def full(colours: Mapping[str, str]) -> dict[str, Look]:
    """Return the looks of all roles in colours of our own."""
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


def sixteen(mine: str, warn: str, late: str) -> dict[str, Look]:
    """Return the looks of all roles in the colours that a terminal has."""
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


MONO = {
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

# As without colours, and nothing dimmed: the most contrast that a terminal's own colours have.
PLAIN = {role: replace(look, dim=False) for role, look in MONO.items()}

DARK = {
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
LIGHT = {
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
# Black and white; on every ground of its own each ink has a contrast of 7 (WCAG's AAA) or more.
CONTRAST_DARK = {
    "text": "#ffffff",
    "quiet": "#cfcfcf",
    "faint": "#9a9a9a",
    "mine": "#8fd3ff",
    "ok": "#8dee8d",
    "warn": "#ffd54a",
    "late": "#ffa8a0",
    "chip": "#2e2e2e",
    "cursor": "#2a2a2a",
    "back": "#000000",
}
CONTRAST_LIGHT = {
    "text": "#000000",
    "quiet": "#383838",
    "faint": "#555555",
    "mine": "#00357a",
    "ok": "#00450f",
    "warn": "#5a3200",
    "late": "#8a0000",
    "chip": "#e2e2e2",
    "cursor": "#ececec",
    "back": "#ffffff",
}
