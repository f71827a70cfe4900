"""Charts as inline SVG: colours come from classes, so that one drawing serves screen and paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from crisisroom.report.html.blocks import Act, Band, Bands, Bar, Timeline, Volume
from crisisroom.report.html.lanes import LANES
from crisisroom.report.html.scale import Scale, nice
from crisisroom.report.plain import one_line, span

WIDE, NARROW = 920, 340
_EM = 7.1  # how wide a character of a label is, nearly
_PIN = 11  # half of a numbered pin
_WIDE_PIN = 21  # and of one that stands for several
_ROWS = 3


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG's size and what is in it."""

    width: int
    height: int
    body: str

    def svg(self, label: str, desc: str, number: int, css: str = "", more: str = "") -> str:
        """Return the whole drawing with its title and description; `number` makes ids unique."""
        style = f"<style>{css}</style>" if css else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
            f' role="img" aria-labelledby="ct{number} cd{number}"{more}>'
            f'<title id="ct{number}">{_text(label)}</title>'
            f'<desc id="cd{number}">{_text(desc)}</desc>{style}{self.body}</svg>'
        )


def _text(words: str) -> str:
    return escape(one_line(words))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _word(x: float, y: float, words: str, kind: str = "", anchor: str = "") -> str:
    more = f' text-anchor="{anchor}"' if anchor else ""
    more += f' class="{kind}"' if kind else ""
    return f'<text x="{_n(x)}" y="{_n(y)}"{more}>{_text(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{kind}"/>'


def _box(x: float, y: float, width: float, height: float, kind: str, more: str = "") -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0.5))}" height="{_n(height)}"'
        f' class="{kind}"{more}'
    )


def _axis(scale: Scale, zone: ZoneInfo, top: float, bottom: float) -> Iterator[str]:
    most = 4 if scale.right - scale.left < WIDE / 2 else 10
    ticks = [*scale.ticks(zone, most)]
    free = scale.left - 20.0
    for tick in ticks:
        yield _line(tick.x, top, tick.x, bottom, "grid day" if tick.major else "grid")
        half = len(tick.label) * _EM / 2
        if tick.x - half > free and tick.x + half < scale.right + 14:
            yield _word(tick.x, bottom + 17, tick.label, "tick", "middle")
            free = tick.x + half + 6


def volume(chart: Volume, zone: ZoneInfo, width: int) -> Drawing:
    """Return the bars of how much was said, what is usual, and the acts as numbered pins."""
    placed = pins(chart.acts, Scale(chart.since, chart.until, 40, width - 14))
    rows = max((pin.row for pin in placed), default=0) + 1
    top, height = 10 + rows * 26, 220 if width == WIDE else 180
    bottom = top + height
    scale = Scale(chart.since, chart.until, 40, width - 14)
    most = nice(max((_tallest(bar) for bar in chart.bars), default=1) or 1)
    parts = [
        *_heights(most, top, bottom, width),
        *_axis(scale, zone, top, bottom),
        *(_bar(bar, scale, most, bottom, height) for bar in chart.bars),
        *_usual(chart.bars, scale, most, bottom, height),
        _line(40, bottom, width - 14, bottom, "base"),
        *(_pin(pin, bottom) for pin in placed),
    ]
    return Drawing(width, bottom + 26, "".join(parts))


def keys(chart: Volume) -> tuple[tuple[str, str], ...]:
    """Return what the signs of a chart of how much was said stand for, by class."""
    bars = chart.bars
    bad = (
        (("bad", "complaints among them"),)
        if any(one.complaints is not None for one in bars)
        else ()
    )
    usual = (("usual", "usual at that hour"),) if any(one.usual is not None for one in bars) else ()
    return (("bar", "mentions"), *bad, *usual)


def _tallest(bar: Bar) -> float:
    return max(bar.mentions, bar.complaints or 0, bar.usual or 0)


def _heights(most: int, top: float, bottom: float, width: int) -> Iterator[str]:
    steps = next(one for one in (4, 3, 5, 2, 1) if most % one == 0)
    for number in range(steps + 1):
        y = bottom - (bottom - top) * number / steps
        if number:
            yield _line(40, y, width - 14, y, "grid")
        yield _word(34, y + 4, f"{most * number // steps:,}", "tick", "end")


def _bar(bar: Bar, scale: Scale, most: int, bottom: float, height: float) -> str:
    left, right = scale.x(bar.start), scale.x(bar.end)
    gap = min(2.0, (right - left) / 4)
    drawn = []
    for count, kind in ((bar.mentions, "bar"), (bar.complaints or 0, "bad")):
        if count:
            tall = max(count / most * height, 1.5)
            box = _box(left + gap / 2, bottom - tall, right - left - gap, tall, kind)
            drawn.append(f"{box}/>")
    return "".join(drawn)


def _usual(
    bars: Sequence[Bar], scale: Scale, most: int, bottom: float, height: float
) -> Iterator[str]:
    """Yield the dashed line of what is usual, broken where nothing was counted."""
    path, last = [], None
    for bar in bars:
        if bar.usual is None:
            continue
        y = _n(bottom - bar.usual / most * height)
        joined = last == bar.start
        path.append(f"{'L' if joined else 'M'}{_n(scale.x(bar.start))} {y}")
        path.append(f"L{_n(scale.x(bar.end))} {y}")
        last = bar.end
    if path:
        yield f'<path d="{"".join(path)}" class="usual"/>'


@dataclass(slots=True)
class Pin:
    """Where a pin stands, in which row, and the first and last act it stands for."""

    x: float
    row: int
    tone: str
    first: int
    last: int

    @property
    def words(self) -> str:
        """Return the number on it, or from which to which."""
        return f"{self.first}" if self.first == self.last else f"{self.first}–{self.last}"


def pins(acts: Sequence[Act], scale: Scale) -> list[Pin]:
    """Return pins that do not cover one another; what has no room joins the one before it."""
    free = [0.0] * _ROWS
    placed: list[Pin] = []
    for number, act in enumerate(acts, 1):
        x = min(max(scale.x(act.at), scale.left + _PIN), scale.right - _PIN)
        row = next((row for row in range(_ROWS) if free[row] <= x - _PIN), None)
        if row is None:
            placed[-1].last = number
            free[placed[-1].row] = placed[-1].x + _WIDE_PIN + _PIN + 3
            continue
        placed.append(Pin(x, row, act.tone or "plain", number, number))
        free[row] = x + _PIN + 3
    return placed


def _pin(pin: Pin, bottom: float) -> str:
    y = 8 + pin.row * 26 + _PIN
    half = _PIN if pin.first == pin.last else _WIDE_PIN
    box = _box(pin.x - half, y - _PIN, half * 2, _PIN * 2, f"pin {pin.tone}", ' rx="11"')
    word = _word(pin.x, y + 4, pin.words, f"no {pin.tone}", "middle")
    return f"{_line(pin.x, y + _PIN, pin.x, bottom, 'act')}{box}/>{word}"


def bands(chart: Bands, zone: ZoneInfo, width: int) -> Drawing:
    """Return a line for each who or what, with its stretches of time as labelled bands."""
    narrow = width == NARROW
    left, tall, step = (4, 24, 48) if narrow else (170, 26, 34)
    scale = Scale(chart.since, chart.until, left, width - 8)
    bottom = 6 + len(chart.lines) * step
    parts = [*_axis(scale, zone, 2, bottom)]
    for number, (label, some) in enumerate(chart.lines):
        y = 4 + number * step
        if narrow:
            parts.append(_word(left, y + 13, _fit(label, width - 12), "label"))
            y += 19
        else:
            parts.append(_word(left - 12, y + 18, _fit(label, left - 16), "label", "end"))
        parts += [_band(band, scale, y, tall) for band in some]
    return Drawing(width, bottom + 24, "".join(parts))


def _band(band: Band, scale: Scale, y: float, tall: int) -> str:
    left, right = scale.x(band.since), scale.x(band.until)
    kind = f"band {band.tone or 'plain'}"
    edge = _box(left, y, 3, tall, f"edge {band.tone or 'plain'}")
    box = _box(left, y, max(right - left - 1, 3), tall, kind)
    took = span(int((band.until - band.since).total_seconds()))
    shown = _fit(band.words, right - left - 16)
    word = _word(left + 9, y + tall / 2 + 4, shown) if shown else ""
    return f"<g><title>{_text(f'{band.words}, {took}')}</title>{box}/>{edge}/>{word}</g>"


def _fit(words: str, room: float) -> str:
    """Return as much of some words as there is room for; nothing where it would say nothing."""
    plain = one_line(words)
    most = int(room / _EM)
    if len(plain) <= most:
        return plain
    return f"{plain[: most - 1].rstrip()}…" if most > 3 else ""


LANE_LEFT, LANE_STEP = 150, 30


def lanes(chart: Timeline, zone: ZoneInfo, width: int) -> Drawing:
    """Return how the entries of each lane spread over the time; fuller is more."""
    if chart.since is None or chart.until is None:
        return Drawing(width, 0, "")
    narrow = width == NARROW
    left, step = (4, 42) if narrow else (LANE_LEFT, LANE_STEP)
    scale = Scale(chart.since, chart.until, left, width - 8)
    bottom = 6 + len(LANES) * step
    most = max((count for some in chart.spread.values() for count in some), default=1) or 1
    parts = ['<g class="ticks">', *_axis(scale, zone, 2, bottom), "</g>"]
    for number, (lane, label) in enumerate(LANES.items()):
        base = 2 + (number + 1) * step
        word = _word(left, base - step + 14, label, "label")
        parts.append(word if narrow else _word(left - 12, base - 6, label, "label", "end"))
        parts.append(_line(left, base, width - 8, base, "base"))
        parts.append(f'<g class="lane {lane}" data-base="{base}">')
        parts += _heap(chart.spread.get(lane, ()), scale, base, most)
        parts.append("</g>")
    return Drawing(width, bottom + 24, "".join(parts))


LANE_TALL = 22


def _heap(some: Sequence[int], scale: Scale, base: int, most: int) -> Iterator[str]:
    wide = (scale.right - scale.left) / max(len(some), 1)
    for number, count in enumerate(some):
        if count:
            tall = 4 + (LANE_TALL - 4) * (count / most) ** 0.5
            yield f"{_box(scale.left + number * wide, base - tall, wide - 0.5, tall, 'heap')}/>"
