"""The reason of a warning in plain words: what, how long, what is usual, who, which words."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.detect.crowd import Gathered

_QUOTED = 2  # risk terms that are quoted


def number(value: float) -> str:
    """Return a figure as people say it: 1,204, 12, 0.4, under 0.1."""
    if value >= 9.95:
        return f"{round(value):,}"
    if 0.0 < value < 0.05:
        return "under 0.1"
    return f"{value:.1f}".removesuffix(".0")


def counted(count: int, thing: str) -> str:
    """Return a number with its noun: 1 author, 3 authors."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def span(minutes: int) -> str:
    """Return a window: 15 min, 4 h."""
    return f"{minutes // 60} h" if minutes > 60 and minutes % 60 == 0 else f"{minutes} min"


def usual(expected: float, spread: float, *, by_hour: bool) -> str:
    """Return what is usual: `usual 2 ± 2`, for rare things `usual 0.1`."""
    if not by_hour or expected < 1.0:
        return f"usual {number(expected)}"
    return f"usual {number(expected)} ± {number(spread)}"


def usual_story(expected: float) -> str:
    """Return `one new story, usually 2`."""
    return f"one new story, usually {number(expected)}"


def reason(
    observed: int, minutes: int, normal: str, crowd: Gathered, words: Sequence[str], name: str = ""
) -> str:
    """Return `41 in 15 min, usual 2 ± 2; 33 authors, 3 sources; 'charged twice'`."""
    about = f"{name}: " if name else ""
    at_least = "at least " if crowd.partial else ""
    people = f"{at_least}{counted(crowd.authors, 'author')}"
    if crowd.unknown * 2 > crowd.mentions:
        people = "authors mostly unknown" if crowd.people else "authors unknown"
    parts = [f"{people}, {counted(len(crowd.sources), 'source')}"]
    if crowd.copies:
        parts.append(f"{crowd.copies:,} of them reposts")
    if words:
        parts.append(", ".join(f"'{word}'" for word in words[:_QUOTED]))
    return f"{about}{observed:,} in {span(minutes)}, {normal}; {'; '.join(parts)}"


def beside(observed: int, minutes: int, crowd: Gathered, words: Sequence[str]) -> str:
    """Return what came on top of a warning: `'refund' (3 people)`, or `9 in 5 min (7 people)`."""
    if not words:
        return f"{observed:,} in {span(minutes)} ({_people(crowd.authors)})"
    return ", ".join(
        f"'{word}' ({_people(min(crowd.words[word], crowd.authors))})" for word in words[:_QUOTED]
    )


def _people(many: int) -> str:
    return "1 person" if many == 1 else f"{many:,} people"


def ended(observed: int, expected: float, spread: float, *, by_hour: bool) -> str:
    """Return `back under the usual: 2 in 15 min, usual 2 ± 2`."""
    normal = usual(expected, spread, by_hour=by_hour)
    return f"back under the usual: {observed:,} in 15 min, {normal}"
