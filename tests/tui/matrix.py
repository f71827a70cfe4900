"""Looking at a screen as a terminal would get it: what is wrong with it at a size and in a look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from tui.night import TRUECOLOUR

from crisisroom.tui.signs import CLIPPED

Size = tuple[int, int]
Pairs = frozenset[tuple[str, str]]
SMALL, USUAL, LARGE, PHONE = (80, 24), (120, 40), (200, 60), (50, 30)
DECOR = frozenset(" │─▌|-_▁▂▃▄▅▆▇█▒░·…")  # bars, lines and heights: the words beside them say it
WAY_OUT = re.compile(r"(?:^|\s)(?:esc|\?|f1|q|Q|n|ctrl\+s) [a-z]")
WHEN = re.compile(r"\b\d\d:\d\d\b")
WHAT = re.compile(r"\b(?:SEV\d|WATCH|DRILL)\b")


@dataclass(frozen=True)
class Terminal:
    """A terminal's environment, what is asked for beside it, and what must hold on it."""

    environ: Mapping[str, str]
    light: bool | None = None
    contrast: bool = False
    least: float = 0.0  # the contrast that words must have; 0 where the terminal's colours decide

    @property
    def ascii(self) -> bool:
        """Whether only ASCII shows."""
        return self.environ.get("LANG", "") == "C"

    @property
    def colourless(self) -> bool:
        """Whether it may be sent no colour."""
        return "NO_COLOR" in self.environ


TERMINALS: Mapping[str, Terminal] = {
    "dark": Terminal(TRUECOLOUR, least=4.5),
    "light": Terminal(TRUECOLOUR, light=True, least=4.5),
    "contrast": Terminal(TRUECOLOUR, contrast=True, least=7.0),
    "contrast on light": Terminal(TRUECOLOUR, light=True, contrast=True, least=7.0),
    "16 colours": Terminal({"TERM": "xterm"}),
    "no colour": Terminal({"TERM": "xterm-256color", "NO_COLOR": "1"}),
    "ascii": Terminal({"TERM": "xterm", "LANG": "C"}),
    "ascii, no colour": Terminal({"TERM": "vt100", "LANG": "C", "NO_COLOR": "1"}),
}


def strips(app: App[int]) -> list[list[Segment]]:
    """Return what is on the screen, line by line, as pieces with their style."""
    height = app.size.height
    found = [list(strip) for strip in app.screen._compositor.render_strips()[:height]]
    return [[piece for piece in line if not piece.control] for line in found]


def shown(line: Sequence[Segment]) -> str:
    """Return a line's text."""
    return "".join(piece.text for piece in line)


def pairs_of(app: App[int]) -> Pairs:
    """Return each word on the screen with the one before it, where there is room for all."""
    return frozenset(pair for line in strips(app) for pair in pairwise(shown(line).split()))


def flaws(app: App[int], terminal: Terminal, known: Pairs = frozenset()) -> list[str]:
    """Return what is wrong; `known` are the words of the same screen where there is more room."""
    lines = strips(app)
    return [
        *_shape(lines, app.size),
        *_letters(lines, terminal),
        *_colours(lines, terminal),
        *_cuts(lines, app.size[0], known),
        *_ends(lines, app.size),
    ]


def _shape(lines: Sequence[Sequence[Segment]], size: Size) -> Iterator[str]:
    width, height = size
    if len(lines) != height:
        yield f"{len(lines)} lines instead of {height}"
    for number, line in enumerate(lines):
        if (cells := sum(cell_len(piece.text) for piece in line)) != width:
            yield f"line {number} is {cells} wide: {shown(line)!r}"


def _letters(lines: Sequence[Sequence[Segment]], terminal: Terminal) -> Iterator[str]:
    for number, line in enumerate(lines):
        text = shown(line)
        if terminal.ascii and not text.isascii():
            yield f"line {number} is not ASCII: {text!r}"
        if any(sign < " " or "\x7f" <= sign < "\xa0" for sign in text):
            yield f"line {number} has a control character: {text!r}"


def _colours(lines: Sequence[Sequence[Segment]], terminal: Terminal) -> Iterator[str]:
    for number, line in enumerate(lines):
        for text, style, _ in line:
            if terminal.colourless and style is not None and (_has(style.color, style.bgcolor)):
                yield f"line {number} has colour: {text!r} {style}"
            if terminal.least and set(text) - DECOR:
                found = contrast(style)
                if found < terminal.least:
                    yield f"line {number}: contrast {found:.1f} of {text!r} {style}"


def _has(*colours: object) -> bool:
    return any(getattr(one, "type", ColorType.DEFAULT) != ColorType.DEFAULT for one in colours)


def contrast(style: Style | None) -> float:
    """Return the contrast of ink and ground after WCAG, 0 where a terminal's own colour decides."""
    if style is None or style.color is None or style.bgcolor is None or style.dim:
        return 0.0
    if style.color.triplet is None or style.bgcolor.triplet is None:
        return 0.0
    inks = style.color.triplet, style.bgcolor.triplet
    low, high = sorted(map(_luminance, inks))
    return (high + 0.05) / (low + 0.05)


def _luminance(triplet: tuple[int, int, int]) -> float:
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (one / 255 for one in triplet)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _cuts(lines: Sequence[Sequence[Segment]], width: int, known: Pairs) -> Iterator[str]:
    """Yield lines whose last word ends at the edge, and is but the beginning of a known one."""
    texts = [shown(line).rstrip() for line in lines]
    for number, (text, below) in enumerate(zip(texts, [*texts[1:], ""], strict=True)):
        last = tuple(text.split()[-2:])
        if cell_len(text) < width - 1 or len(last) < 2 or text.endswith((CLIPPED, "~")):
            continue
        longer = [word for before, word in known if before == last[0] and _begins(last[1], word)]
        goes_on = any(below.lstrip().startswith(word[len(last[1]) :]) for word in longer)
        if longer and last not in known and not goes_on:
            yield f"line {number} is cut: {text!r}"


def _begins(part: str, word: str) -> bool:
    """Tell whether a word goes on within itself where this part of it ends."""
    return word.startswith(part) and word[len(part) : len(part) + 1].isalnum()


def _ends(lines: Sequence[Sequence[Segment]], size: Size) -> Iterator[str]:
    """Yield what is missing from the first lines and the last one."""
    top, last = shown(lines[0]), shown(lines[-1])
    if not WAY_OUT.search(last):
        yield f"the last line names no way out: {last!r}"
    if not (WHAT.search(top) and WHEN.search(top)):
        yield f"the first line does not say what it is and the time: {top!r}"
