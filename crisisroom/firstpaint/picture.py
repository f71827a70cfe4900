"""The whole screen of a first paint, as characters: the room's layout, its lines, what is written.

Only CSI H, C and K, SGR, line ends and printable text; every row stays within its width, and
nothing scrolls.
"""

from __future__ import annotations

from crisisroom.firstpaint import feed, status
from crisisroom.firstpaint.cells import (
    WHOLE,
    Line,
    certain,
    clip,
    harmless,
    hour,
    parted,
    plain,
    width,
)
from crisisroom.firstpaint.clocks import Clock, clocks
from crisisroom.firstpaint.memo import Painting
from crisisroom.firstpaint.pane import Pane, titled
from crisisroom.firstpaint.signs import CURSOR
from crisisroom.store.firstlook import Seen

LEAST = (62, 12)  # columns and rows; below, the room looks as on a phone, or tells why it cannot
_FEED, _THREAD, _TASKS, _TIMELINE, _WORDS = 1, 2, 3, 4, 5
_BESIDE = 10  # rows of the timeline while the checklist is worked on
_AIRY = 20  # rows from which blank ones part status, tabs and list


class Layout:
    """Where the panes lie on a screen, as `tui.screens.layout` and the style sheet have it."""

    __slots__ = ("foot", "height", "left", "panes", "right", "top", "wide", "width")

    def __init__(self, size: tuple[int, int], active: int) -> None:
        self.width, self.height = size
        self.wide = self.width >= 120 and self.height >= 36
        self.left = 53 if self.width >= 160 else 41
        self.right = 1 + self.left + 3
        airy = self.height >= _AIRY
        self.top = 3 if self.wide or not airy else 5
        self.foot = 2 if airy else 1
        self.panes = self._wide(active) if self.wide and active != _WORDS else self._one(active)

    @property
    def tabs(self) -> int:
        """Return the row of the tabs on a screen of one pane."""
        return 3 if self.height >= _AIRY else 2

    def _one(self, active: int) -> dict[int, tuple[int, int, int, int]]:
        return {active: (1, self.top, self.width - 2, self.height - self.top - self.foot)}

    def _wide(self, active: int) -> dict[int, tuple[int, int, int, int]]:
        """Return column, row, width and height of each pane."""
        body, extra = self.height - 5, self.height - 36
        upper, tasks = 17 + extra * 2 // 3, 11 + extra // 2
        if active == _TASKS:
            tasks = body - 1 - min(_BESIDE, body - tasks - 1)
        other = self.width - self.right - 1
        return {
            _TASKS: (1, self.top, self.left, tasks),
            _TIMELINE: (1, self.top + tasks + 1, self.left, body - tasks - 1),
            _FEED: (self.right, self.top, other, upper),
            _THREAD: (self.right, self.top + upper + 1, other, body - upper - 1),
        }

    @property
    def posts(self) -> int:
        """Return how many posts show."""
        if _FEED not in self.panes:
            return 1  # the thread of the post under the cursor may show
        return max(1, self.panes[_FEED][3] - (2 if self.wide else 1))


def picture(
    seen: Seen, me: str, layout: Layout, how: Painting, beat: float, tint: int = WHOLE
) -> str:
    """Return the characters that paint what was seen.

    `beat` is now as leases are timed; `tint` how many cells of the cursor's row are tinted.
    """
    canvas = Canvas(layout.width, layout.height, how, tint)
    running = clocks(seen)
    reverse = "7" in how.styles.get(">text", "").split(";")
    right = layout.left + 7
    above = status.lines(seen, me, layout.width, right, running, beat, signs=reverse)
    for row, line in enumerate(above):
        canvas.put(0, row, layout.width, line)
    if not layout.wide:
        from crisisroom.firstpaint.tabs import tabs

        canvas.put(1, layout.tabs, layout.width - 2, tabs(seen, layout.width - 2))
    for view, place in layout.panes.items():
        if not (seen.shut and view in (_TASKS, _TIMELINE)):
            _pane(canvas, seen, me, view, place, running, wide=layout.wide)
    told = f" as of {hour(seen.now)}, the room is opening; keys you type are kept"
    canvas.put(0, layout.height - 1, layout.width, [(clip(told, layout.width), "quiet")])
    return canvas.characters()


def _pane(
    canvas: Canvas,
    seen: Seen,
    me: str,
    view: int,
    place: tuple[int, int, int, int],
    running: list[Clock] | None,
    *,
    wide: bool,
) -> None:
    column, top, size, height = place
    active = view == seen.view
    if view == _FEED:
        lines = _feed(seen, me, size, wide=wide)
        cursor = (2 if wide else 1) + seen.chosen if active and seen.posts else -1
    elif view == _WORDS and wide:
        lines, cursor = [titled("5", "Words", focused=True)], -1
    elif view == _WORDS or (view == _THREAD and not wide):
        return
    else:
        pane = _list(seen, me, view, size, running, wide=wide)
        lines, cursor = pane.view(height, active=active and view != _THREAD)
    for row, line in enumerate(lines[:height]):
        canvas.put(column, top + row, size, line, cursor=row == cursor)


def _list(
    seen: Seen, me: str, view: int, size: int, running: list[Clock] | None, *, wide: bool
) -> Pane:
    """Return another pane than the feed; what makes it is only imported where it shows."""
    if view == _TASKS:
        from crisisroom.firstpaint.checklist import checklist

        return checklist(seen, me, size, running, wide=wide, focused=view == seen.view)
    from crisisroom.firstpaint.timeline import thread, timeline

    if view == _THREAD:
        return thread(seen, size)
    return timeline(seen, me, size, running, wide=wide, focused=view == seen.view)


def _feed(seen: Seen, me: str, size: int, *, wide: bool) -> list[Line]:
    head = feed.head(seen, wide=wide, focused=seen.view == _FEED)
    if not seen.flat:
        return head
    posts = [feed.post_line(post, seen, me, size) for post in seen.posts]
    return [*head, *(posts or feed.empty())]


class Canvas:
    """A screen of one ground, and the stretches of text in a style that stand on it."""

    __slots__ = ("_ground", "_height", "_how", "_runs", "_tint", "size")

    def __init__(self, size: int, height: int, how: Painting, tint: int) -> None:
        self._tint = tint
        self.size = size
        self._height = height
        self._how = how
        self._ground = _parts(how.styles["text"])[2]
        self._runs: dict[str, list[tuple[int, int, int, str]]] = {}  # style: row, column, width …

    def put(self, column: int, row: int, size: int, line: Line, *, cursor: bool = False) -> None:
        """Put a line into `size` cells from a column on; the cursor's row is tinted."""
        styles, used, before = self._how.styles, 0, ""
        for text, role in self._marked(line) if cursor else line:
            text = harmless(text)
            text = clip(plain(text) if self._how.plain else text, size - used)
            if not text:
                continue
            style = styles.get(role, styles[">text" if role[:1] == ">" else "text"])
            if text.isspace() and _same_ground(before or self._ground, style):
                style = before or self._ground  # a blank shows nothing but its ground
            self._write(row, column + used, text, style)
            used, before = used + width(text), style
        if cursor and used < min(size, self._tint):
            self._write(row, column + used, " " * (min(size, self._tint) - used), styles[">text"])

    def _marked(self, line: Line) -> Line:
        """Return the cursor's line: its bar, and the roles of what is tinted."""
        if line and line[0][0].startswith(" "):
            first, role = line[0]
            line = [(CURSOR, "mine"), (first[1:], role), *line[1:]]
        tinted, others = parted(line, self._tint)
        return [*((text, f">{role}") for text, role in tinted), *others]

    def _write(self, row: int, column: int, text: str, style: str) -> None:
        if style == self._ground and text.isspace():
            return  # wiped so already
        runs = self._runs.setdefault(style, [])
        if runs:
            at, begin, size, before = runs[-1]
            if (at, begin + size) == (row, column) and certain(before):
                runs[-1] = (row, begin, size + width(text), before + text)
                return
        runs.append((row, column, width(text), text))

    def characters(self) -> str:
        """Return everything as it is written: the ground, then style by style.

        Going somewhere takes fewer bytes than another colour.
        """
        told = [self._wiped()]
        worn, at, row = self._ground, -1, -1
        for style, runs in self._runs.items():
            told.append(_worn(style, worn))
            worn = style
            for y, x, size, text in runs:
                told.append(_way(x - at, x, y, near=y == row and 0 <= at <= x))
                told.append(text)
                row, at = y, x + size if certain(text) and x + size < self.size else -1
        return "".join(told) + "\x1b[m"

    def _wiped(self) -> str:
        """Return what gives every cell the ground, on terminals that do not by themselves, too."""
        wear = f"\x1b[0;{self._ground}m" if self._ground else "\x1b[m"
        if self._how.fills or not self._ground:
            return f"{wear}\x1b[H" + "\r\n".join(["\x1b[K"] * self._height)
        blank = " " * self.size
        return wear + "".join(f"\x1b[{row + 1}H{blank}" for row in range(self._height))


def _way(right: int, x: int, y: int, *, near: bool) -> str:
    """Return how to go to a cell, `right` cells from here where the pen stands near before it."""
    if not near:
        return f"\x1b[{y + 1};{x + 1}H"
    return f"\x1b[{right}C" if right else ""


def _worn(style: str, worn: str) -> str:
    """Return what changes from one style to another, briefly."""
    if style == worn:
        return ""
    attributes, fore, back = _parts(style)
    before, ink, ground = _parts(worn)
    if not worn or attributes != before or (ink and not fore) or (ground and not back):
        return f"\x1b[0;{style}m" if style else "\x1b[m"
    changed = ";".join(now for now, was in ((fore, ink), (back, ground)) if now != was)
    return f"\x1b[{changed}m"


_known: dict[str, tuple[str, str, str]] = {}


def _parts(style: str) -> tuple[str, str, str]:
    """Return the attributes of a style, its ink and its ground, each as SGR parameters."""
    if style not in _known:
        found: tuple[list[str], list[str], list[str]] = ([], [], [])
        numbers = iter(style.split(";"))
        for one in numbers:
            place = _place(one)
            found[place].append(one)
            if one in ("38", "48"):
                kind = next(numbers, "")
                rest = (next(numbers, "") for _ in range(3 if kind == "2" else 1))
                found[place].extend((kind, *rest))
        _known[style] = (";".join(found[0]), ";".join(found[1]), ";".join(found[2]))
    return _known[style]


def _place(number: str) -> int:
    """Return 1 for a number that begins an ink, 2 for one that begins a ground, 0 for others."""
    tens = number[:-1]
    return 1 if tens in ("3", "9") else 2 if tens in ("4", "10") else 0


def _same_ground(one: str, other: str) -> bool:
    """Tell whether blanks look the same in both: the same ground, no line, nothing reversed."""
    (drawn, _, ground), (line, _, other_ground) = _parts(one), _parts(other)
    both = f"{drawn};{line}".split(";")
    return ground == other_ground and "4" not in both and "7" not in both
