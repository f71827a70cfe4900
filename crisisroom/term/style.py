"""How a cell is painted, as SGR says it, and the shortest way from one such style to the next."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from weakref import WeakValueDictionary

Cell = tuple[str, "Style"]  # a glyph and its style; the right half of a wide glyph is ""

# The attributes by their SGR numbers; a group shares the number that ends it.
_OFF = {
    1: 22, 2: 22, 3: 23, 4: 24, 21: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 51: 54, 52: 54, 53: 55,
}  # fmt: skip
_GROUP = {end: frozenset(on for on, off in _OFF.items() if off == end) for end in _OFF.values()}
# What shows on a cell without a glyph; 5 and 6 blink nothing there.
_SEEN_ON_BLANKS = frozenset((4, 21, 7, 9, 51, 52, 53))


class _Cells(dict[str, Cell]):
    """The cells of one style, each made once, so that equal ones are mostly the same object."""

    MOST = 4096  # glyphs; beyond, strangers' glyphs would fill the memory

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, glyph: str) -> Cell:
        if len(self) >= self.MOST:
            self.clear()
        cell = self[glyph] = (glyph, self._style)
        return cell


class Style:
    """Colours, attributes and link of a cell; equal ones are one object (see `style_of`)."""

    __slots__ = ("__weakref__", "attributes", "back", "cells", "erasable", "extra", "fore", "link")

    def __init__(
        self, fore: str, back: str, attributes: frozenset[int], link: str, extra: str
    ) -> None:
        self.fore = fore  # SGR parameters, such as "38;2;1;2;3"; empty: the terminal's own
        self.back = back
        self.attributes = attributes
        self.link = link  # what OSC 8 is given: "parameters;address"
        self.extra = extra  # parameters that are not known here, kept as they are
        self.erasable = not (attributes & _SEEN_ON_BLANKS or link or extra)
        self.cells = _Cells(self)

    def parameters(self) -> Iterator[str]:
        """Yield the SGR parameters that make this style from the terminal's own."""
        yield from map(str, sorted(self.attributes))
        yield from (one for one in (self.fore, self.back, self.extra) if one)

    def __repr__(self) -> str:
        return f"Style({';'.join(self.parameters())!r}, link={self.link!r})"


_MADE: WeakValueDictionary[tuple[str, str, frozenset[int], str, str], Style] = WeakValueDictionary()


def style_of(
    fore: str = "",
    back: str = "",
    attributes: frozenset[int] = frozenset(),
    link: str = "",
    extra: str = "",
) -> Style:
    """Return the one style that is made of these."""
    made = fore, back, attributes, link, extra
    style = _MADE.get(made)
    if style is None:
        style = _MADE[made] = Style(*made)
    return style


PLAIN = style_of()


@lru_cache(4096)
def styled(style: Style, parameters: str) -> Style:
    """Return the style after `CSI parameters m`; unknown parameters are kept as they are."""
    fore, back, extra = style.fore, style.back, style.extra
    attributes = set(style.attributes)
    fields = iter(parameters.split(";"))
    for field in fields:
        number = int(field or 0) if len(field) < 6 and ":" not in field else -1
        if number == 0:
            fore = back = extra = ""
            attributes.clear()
        elif number in _OFF:
            attributes.add(number)
        elif number in _GROUP:
            attributes -= _GROUP[number]
        elif number in (38, 48, 58):  # 58: of the line under a glyph
            if colour := _colour(fields):
                told = f"{number};{colour}"
                if number == 58:
                    extra = f"{extra};{told}" if extra else told
                else:
                    fore, back = (told, back) if number == 38 else (fore, told)
        elif 30 <= number <= 39 or 90 <= number <= 97:
            fore = "" if number == 39 else str(number)
        elif 40 <= number <= 49 or 100 <= number <= 107:
            back = "" if number == 49 else str(number)
        elif field.startswith(("38:", "48:")):
            fore, back = (field, back) if field.startswith("38") else (fore, field)
        else:
            extra = f"{extra};{field}" if extra else field
    return style_of(fore, back, frozenset(attributes), style.link, extra)


def _colour(fields: Iterator[str]) -> str:
    """Return the rest of a colour, `5;n` or `2;r;g;b`; empty where it is not whole."""
    kind = next(fields, "")
    rest = [next(fields, "") for _ in range({"5": 1, "2": 3}.get(kind, 0))]
    return ";".join((kind, *rest)) if rest and all(map(str.isdigit, rest)) else ""


def linked(style: Style, link: str) -> Style:
    """Return the style with another link; a link without an address is none."""
    address = link.partition(";")[2]
    found = link if address else ""
    return style_of(style.fore, style.back, style.attributes, found, style.extra)


@lru_cache(8192)
def transition(before: Style | None, after: Style, *, only_reset: bool = False) -> str:
    """Return the shortest sequence that turns one style into another; None: not known which.

    `only_reset` is for terminals that cannot end one attribute alone, such as a VT100.
    """
    if before is after:
        return ""
    link = ""
    if before is None or before.link != after.link:
        link = f"\x1b]8;{after.link or ';'}\x1b\\" if before is not None or after.link else ""
    whole = ";".join(("0", *after.parameters())) if after is not PLAIN else ""
    if after.link or after.extra or before is None or before.extra or only_reset:
        return f"{link}\x1b[{whole}m"
    fewer = _difference(before, after)
    if fewer is None:
        return link
    bare = style_of(after.fore, after.back, after.attributes)
    whole = "" if bare is PLAIN else ";".join(("0", *bare.parameters()))
    return f"{link}\x1b[{min(whole, fewer, key=len)}m"


def _difference(before: Style, after: Style) -> str | None:
    """Return the parameters for what differs; None where nothing does."""
    ends = {_OFF[one] for one in before.attributes - after.attributes}
    told = [str(end) for end in sorted(ends)]
    # Of a group the last that is told counts: one that comes to another is told in order with it.
    begins = {_OFF[one] for one in after.attributes - before.attributes}
    told += [str(one) for one in sorted(after.attributes) if _OFF[one] in ends | begins]
    if before.fore != after.fore:
        told.append(after.fore or "39")
    if before.back != after.back:
        told.append(after.back or "49")
    return ";".join(told) if told else None


BLANK: Cell = PLAIN.cells[" "]
