"""One text as several posts: cut where a reader would pause, and the same way for ever.

The outbox and the composer each cut for themselves and have to agree, so a cut depends on the
text, on how the network counts and on nothing else. What goes between two posts is white space
(or nothing, in scripts that write none); nothing else is lost, and only the numbers are added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import NamedTuple

import regex

from crisisroom.channels.lengths import Measure

Counting = Callable[[str], Measure]

_GAP = re.compile(r"[^\S\u00a0\u2007\u202f]+")  # blanks that hold two words together are no gaps
_WHOLE = re.compile(
    r"\{\{[^{}\n]*\}\}|\u2039[^\u2039\u203a\n]*\u203a"  # a blank of a template
    r"|https?://[^\s\u3000-\u303f\uff00-\uff0f]+|[@#\uff20\uff03][\w.@-]+",
    re.IGNORECASE,
)
_KANA = r"\p{Han}\p{Hiragana}\p{Katakana}"
_SMALL = "\u3005\u30fc\u309d\u309e\u30fd\u30fe"  # these and small letters begin no line
_SMALL += "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
_CLOSING = "\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f\u300d\u300f\u3011\uff09\u201d"
_UNSPACED = regex.compile(
    rf"(?<=[{_KANA}{_CLOSING}]\p{{M}}*)(?=[{_KANA}\u300c\u300e\u3010\uff08])(?![{_SMALL}\p{{M}}])"
)
_STOP = re.compile(
    r"[.!?\u2026\u061f\u06d4\u0964\u3002\uff01\uff1f]['\")\]\u2019\u201d\u00bb\u300d\u300f\uff09]*\Z"
)
_HANGS = regex.compile(r"[\p{M}\u200c\u200d]")
_LOOK = 8  # characters looked back at for the end of a sentence


class _Pause(IntEnum):
    """How good a place to stop it is."""

    WORD = 0
    SENTENCE = 1
    LINE = 2
    PARAGRAPH = 3


# the best pauses first, and how much of the room in a post each has to use
_WORTH = (
    (_Pause.PARAGRAPH, 1 / 2),
    (_Pause.LINE, 1 / 2),
    (_Pause.SENTENCE, 1 / 3),
)


class _Cut(NamedTuple):
    """A place to cut: one post ends at `stop`, the next begins at `start`."""

    stop: int
    start: int
    pause: _Pause


def posts(text: str, measure: Counting, most: int) -> tuple[str, ...]:
    """Return a text as the posts it becomes, at most `most`; empty where it does not fit.

    What fits as it is stays as it is. Several are cut at paragraphs, else at lines, sentences and
    words, never inside a link, a handle, a blank or a character, and end in `(1/3)`, which counts.
    """
    whole = measure(text)
    if whole.fits:
        return (text,)
    text = text.strip()
    fewest = max(2, -(-measure(" ".join(text.split())).length // (whole.limit + 1)))
    if fewest > most:
        return ()
    cuts = [*_cuts(text), _Cut(len(text), len(text), _Pause.PARAGRAPH)]
    for fully in (False, True):  # filled to the brim only where pauses would need too many
        for count in range(fewest, most + 1):
            made = tuple(_filled(text, cuts, count, measure, fully=fully))
            if len(made) == count and made[-1]:
                return made
    return ()


def _filled(
    text: str, cuts: list[_Cut], count: int, measure: Counting, *, fully: bool
) -> Iterator[str]:
    """Yield so many posts; an empty one where the text cannot be so many."""
    begin = first = 0
    for number in range(1, count + 1):
        mark = f" ({number}/{count})"

        def fits(place: int, begin: int = begin, mark: str = mark) -> bool:
            return measure(text[begin : cuts[place].stop] + mark).fits

        last = _furthest(fits, first, len(cuts))
        if last < first or (last == len(cuts) - 1) != (number == count):
            yield ""
            return
        place = last if fully or number == count else _best(cuts, begin, first, last)
        place = place if fits(place) else last
        yield text[begin : cuts[place].stop] + mark
        begin, first = cuts[place].start, place + 1


def _furthest(fits: Callable[[int], bool], first: int, end: int) -> int:
    """Return the last place in [first, end) up to which the text fits; first - 1 for none."""
    step, good = 1, first - 1
    while good + step < end and fits(good + step):
        good += step
        step *= 2
    bad = min(end, good + step)
    while bad - good > 1:
        middle = (good + bad) // 2
        if fits(middle):
            good = middle
        else:
            bad = middle
    return good


def _best(cuts: list[_Cut], begin: int, first: int, last: int) -> int:
    """Return the last of the best pauses that leave no post too short."""
    room = cuts[last].stop - begin
    for pause, least in _WORTH:
        for place in range(last, first - 1, -1):
            if cuts[place].stop - begin < room * least:
                break
            if cuts[place].pause >= pause:
                return place
    return last


def _cuts(text: str) -> Iterator[_Cut]:
    """Yield the places where a text may be cut, in order."""
    spans = [found.span() for found in _WHOLE.finditer(text)]
    for cut in sorted([*_gaps(text), *_unspaced(text)]):
        while spans and spans[0][1] <= cut.stop:
            del spans[0]
        if not spans or cut.stop <= spans[0][0]:
            yield cut


def _gaps(text: str) -> Iterator[_Cut]:
    for found in _GAP.finditer(text):
        stop, start = found.span()
        before, after = text[max(0, stop - _LOOK) : stop], text[start : start + 1]
        number = before[-1:].isdigit() and after.isdigit()  # 0800 123 456 is one
        if number or _HANGS.match(after):
            continue
        yield _Cut(stop, start, _pause(before, after, found[0]))


def _pause(before: str, after: str, gap: str) -> _Pause:
    lines = gap.count("\n") or gap.count("\r")
    if lines:
        return _Pause.PARAGRAPH if lines > 1 else _Pause.LINE
    ends = _STOP.search(before) and not (after.islower() or after.isdigit())
    return _Pause.SENTENCE if ends else _Pause.WORD


def _unspaced(text: str) -> Iterator[_Cut]:
    for found in _UNSPACED.finditer(text):
        at = found.start()
        ends = _STOP.search(text[max(0, at - _LOOK) : at])
        yield _Cut(at, at, _Pause.SENTENCE if ends else _Pause.WORD)
