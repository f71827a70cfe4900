"""Words as cells of a terminal: how wide, how clipped, how times and numbers read.

The same as the live screen has in `tui.rows`, without its libraries; tests hold the two together.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from crisisroom.firstpaint.signs import ASCII, CLIPPED, NARROW

Cell = tuple[str, str]  # text and role
Line = list[Cell]

ZONES = "/usr/share/zoneinfo"
NEAR = 12 * 3600  # seconds within which the hour alone says which day is meant
WHOLE = 1 << 16  # cells: more than any row has
TINTED = 10  # cells of the cursor's row that are tinted over SSH: bar, sign and time
_LONGEST = 300  # characters of a stranger's words on one line
# What a terminal could obey, as `tui.guard` has it, and the parts of emoji that have no width; the
# letters that flags are made of; and white space.
_TOLD: dict[int, str | None] = dict.fromkeys(
    (
        *range(0x20),
        *range(0x7F, 0xA0),
        *(0x61C, 0x200C, 0x200D, 0x200E, 0x200F, 0x20E3),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xFE00, 0xFE10),
        *range(0x1F3FB, 0x1F400),
    )
)
_TOLD.update((0x1F1E6 + at, chr(ord("A") + at)) for at in range(26))
_TOLD.update(dict.fromkeys((9, 10, 13), " "))
_DISPUTED = ("Cn", "Co", "Cf", "Mc")  # Unicode's kinds of signs that terminals give other widths


def is_far(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal is at the other end of an SSH connection."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def tint(*, far: bool) -> int:
    """Return how many cells of the cursor's row are tinted: over SSH each step writes them anew.

    Mutt's `arrow_cursor` does so for the same reason.
    """
    return TINTED if far else WHOLE


def harmless(text: str) -> str:
    """Return text on one line without what a terminal could obey."""
    if text.isascii() and text.isprintable():
        return text
    return text if text in NARROW else text.translate(_TOLD)


def one_line(text: str) -> str:
    """Return a stranger's words on one line, of a bounded length."""
    line = " ".join(harmless(text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + CLIPPED


def width(text: str) -> int:
    """Return how many cells a text takes at most: of what terminals dispute, two for each sign."""
    return len(text) if text.isascii() else sum(map(_width, text))


def certain(text: str) -> bool:
    """Tell whether all terminals give a text as many cells as `width` does."""
    return text.isascii() or all(map(_is_certain, text))


def _width(sign: str) -> int:
    if sign < "\u0300" or sign in NARROW:
        return 1
    from unicodedata import category, east_asian_width

    kind = category(sign)
    if kind in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(sign) in "WF" or kind in _DISPUTED else 1


def _is_certain(sign: str) -> bool:
    if sign < "\u0300" or sign in NARROW:
        return True
    from unicodedata import category

    # the later letters of a Hangul syllable take no cell where a terminal joins them
    return category(sign) not in _DISPUTED and not "\u1160" <= sign <= "\u11ff"


def fit(text: str, size: int, *, right: bool = False) -> str:
    """Return the text exactly so many cells wide: clipped with a sign, or padded."""
    if size <= 0:
        return ""
    length = width(text)
    if length > size:
        text, length = _cut(text, size - 1), size
    pad = " " * (size - length)
    return pad + text if right else text + pad


def clip(text: str, size: int) -> str:
    """Return the text at most so many cells wide, never padded."""
    return fit(text, size).rstrip(" ") if width(text) > size else text


def _cut(text: str, size: int) -> str:
    """Return the first so many cells of a text, and the sign that says that more is cut off."""
    short = text[: _cells_in(text, size)]
    return short + " " * (size - width(short)) + CLIPPED


def _cells_in(text: str, size: int) -> int:
    """Return how many of a text's signs fit into so many cells."""
    if text.isascii():
        return size
    used = 0
    for at, sign in enumerate(text):
        used += _width(sign)
        if used > size:
            return at
    return len(text)


def parted(line: Line, size: int) -> tuple[Line, Line]:
    """Return the cells of a line up to a column, and those behind it."""
    before: Line = []
    for at, (text, role) in enumerate(line):
        length = width(text)
        if length > size:
            end = _cells_in(text, size)
            return [*before, (text[:end], role)], [(text[end:], role), *line[at + 1 :]]
        before.append((text, role))
        size -= length
    return before, []


def short(name: str) -> str:
    """Return a person's name as it stands in a list."""
    return clip(harmless(name), 4)


def gap(size: int) -> Cell:
    """Return an empty stretch."""
    return " " * max(0, size), "text"


def spread(parts: list[tuple[int, str, str]]) -> Line:
    """Set words at fixed columns; what would overlap is clipped by the next one's place."""
    placed = sorted(parts, key=lambda part: part[0])
    cells: Line = []
    column = 0
    for index, (start, text, role) in enumerate(placed):
        cells.append(gap(start - column))
        if index + 1 < len(placed):
            text = clip(text, max(0, placed[index + 1][0] - start))
        cells.append((text, role))
        column = max(column, start) + width(text)
    return cells


def wrap(text: str, size: int) -> list[str]:
    """Return the text as lines of at most so many cells, broken between words."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in harmless(paragraph).split(" "):
            joined = f"{current} {word}" if current else word
            if width(joined) <= size:
                current = joined
                continue
            if current:
                lines.append(current)
            current = word
        lines.append(current)
    return lines


def plain(text: str) -> str:
    """Return words in ASCII, as many cells wide: accents go, what has no letter is `?`."""
    if text.isascii():
        return text
    from unicodedata import normalize

    told = text.translate(ASCII)
    return "".join(
        one if one.isascii() else _nearest(normalize("NFKD", one)[0], _width(one)) for one in told
    )


def _nearest(sign: str, size: int) -> str:
    return (sign if sign.isascii() else "?").ljust(size, "?") if size else ""


# Times: seconds since 1970.


class Zone:
    """The times of day of one zone, by the system's own table, until it is left."""

    def __init__(self, name: str) -> None:
        self.known = self.knows(name)
        self._before = os.environ.get("TZ")
        if self.known:
            os.environ["TZ"] = name
            time.tzset()

    @staticmethod
    def knows(name: str) -> bool:
        """Tell whether the system has a zone of this name."""
        sound = name[:1].isalpha() and ".." not in name and "\0" not in name
        return name == "UTC" or (sound and os.path.isfile(os.path.join(ZONES, name)))

    def leave(self) -> None:
        """Have the process in its own zone again."""
        if self._before is not None:
            os.environ["TZ"] = self._before
        elif self.known:
            os.environ.pop("TZ", None)
        time.tzset()


def hour(moment: int) -> str:
    """Return `03:45`."""
    return time.strftime("%H:%M", time.localtime(moment))


def brief_clock(moment: int, now: int) -> str:
    """Return it in five cells: `03:45` today and within 12 hours, beyond them `Tue`, `4Mar`."""
    there, days = time.localtime(moment), _days(moment, now)
    if days == 0 or abs(moment - now) < NEAR:
        return time.strftime("%H:%M", there)
    return time.strftime("%a", there) if abs(days) < 7 else f"{there.tm_mday}{_month(there)}"


def full_clock(moment: int, now: int) -> str:
    """Return `03:45`, on another day `Tue 07:10`, on a far one `4 Mar 07:10`."""
    there, days = time.localtime(moment), _days(moment, now)
    if days == 0:
        return time.strftime("%H:%M", there)
    if abs(days) < 7:
        return time.strftime("%a %H:%M", there)
    return f"{there.tm_mday} {_month(there)} {time.strftime('%H:%M', there)}"


def due(moment: int, now: int, state: str) -> str:
    """Return a due time in seven cells: `03:45`, in its warning window `in 5m`, then `late 4m`."""
    if state == "overdue" or moment <= now:
        late = minutes(now - moment)
        return "late" if late == "now" else f"late {late}" if len(late) < 3 else f"late{late}"[:7]
    if state == "warn":
        left = minutes(moment - now)
        return left if left == "now" else f"in {left}"
    if moment - now < NEAR or _days(moment, now) == 0:
        return hour(moment)
    return time.strftime("%a %Hh", time.localtime(moment))


def minutes(span: int) -> str:
    """Return a span in whole minutes, rounded down: now, 5m, 3h35, 26h, 4d."""
    whole = abs(span) // 60
    if whole < 1:
        return "now"
    if whole < 60:
        return f"{whole}m"
    hours, rest = divmod(whole, 60)
    if hours < 24:
        return f"{hours}h{rest:02d}" if rest else f"{hours}h"
    return f"{hours}h" if hours < 48 else f"{hours // 24}d"


def number(count: int | None) -> str:
    """Return a count in four cells: `310`, `2.1k`, `48k`, `1.2M`; nothing for what is not known."""
    if count is None:
        return ""
    if count < 1000:
        return str(count)
    if count < 9950:
        return f"{count / 1000:.1f}k"
    if count < 999_500:
        return f"{round(count / 1000)}k"
    return f"{count / 1_000_000:.1f}M" if count < 9_950_000 else f"{round(count / 1_000_000)}M"


def _month(there: time.struct_time) -> str:
    return time.strftime("%b", there)


def _days(moment: int, now: int) -> int:
    """Return how many days lie between two moments on the calendar of the zone."""
    return _day(moment) - _day(now)


def _day(moment: int) -> int:
    return (moment + time.localtime(moment).tm_gmtoff) // 86400
