"""The review in rows: its headings, what is written and what is open, the factors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crisisroom.core.incident import Incident
from crisisroom.core.postmortem import (
    STATE_WORDS,
    Heading,
    all_headings,
    due_words,
    open_headings,
    task_of,
    written,
)
from crisisroom.core.recorded import Factor
from crisisroom.report.plain import figure
from crisisroom.tui import signs
from crisisroom.tui.after.know import After
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, short, wrap
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.warning import heading

_SORTS = {
    "contributed": "contributed",
    "well": "went well",
    "badly": "went badly",
    "lucky": "was luck",
}


def where_it_is(state: Incident) -> str:
    """Return how far the review is, who holds it and by when."""
    task = task_of(state)
    if task is None:
        held = due_words(state.plan)
    else:
        owner = state.roles.get(task.owner)
        name = (owner.holder or owner.title) if owner else task.owner or "nobody"
        held = f"held by {name}" + (f" by {task.due}" if task.due and task.state == "open" else "")
    return f"{STATE_WORDS[state.review_state]}, {held}"


def review_count(state: Incident) -> str:
    """Return how much is written: `6 of 11`."""
    every = all_headings(state)
    return f"{sum(written(state, one.id) is not None for one in every)} of {len(every)}"


def review_rows(after: After, width: int) -> Iterator[Row]:
    """Yield the headings, then the factors."""
    missing = {one.id for one in open_headings(after.incident)}
    rest = f"{len(missing)} open" if missing else "nothing is open"
    yield heading("Sections and questions", f"{rest}; {where_it_is(after.incident)}", "focus")
    for one in all_headings(after.incident):
        yield _heading_row(after, one, width, open_=one.id in missing)
    yield BLANK
    factors = after.incident.factors.values()
    told = f"{len(factors)} written down" if factors else "of things, never of people"
    yield heading("Factors", told)
    for factor in factors:
        yield _factor_row(factor, width)
    if not factors:
        yield from _prompts(after, width)


def _heading_row(after: After, one: Heading, width: int, *, open_: bool) -> Row:
    held = written(after.incident, one.id)
    if held is None:
        mark = Cell(signs.FREE, "mine") if open_ else Cell(signs.WAITS, "quiet")
        state, who = ("open", "") if open_ else ("optional", "")
    else:
        mark, who = Cell(signs.DONE, "ok"), short(held.by, 7)
        state = clock(held.at, after.now, after.zone)
    base = "bold" if open_ else "quiet" if held is None else "text"
    words = " ".join(held.words.split()) if held else ""
    name = fit(one.title, min(46, max(20, (width - 26) * 2 // 3))) if words else one.title
    return row(
        gap(1),
        mark,
        gap(1),
        Cell(fit(state, 10), "warn" if open_ else "quiet"),
        Cell(fit(who, 8), "mine" if held and held.by == after.me else "quiet"),
        Cell(clip(name, max(8, width - 22)), base),
        gap(1),
        Cell(clip(words, max(0, width - 24 - len(name))), "quiet"),
        at=f"heading:{one.id}",
    )


def _factor_row(one: Factor, width: int) -> Row:
    return row(
        gap(3),
        Cell(fit(_SORTS[one.sort], 12), "ok" if one.sort == "well" else "quiet"),
        Cell(fit(short(one.by, 5), 6), "quiet"),
        Cell(clip(" ".join(one.words.split()), max(8, width - 22))),
        at=f"factor:{one.id}",
    )


def _prompts(after: After, width: int) -> Iterator[Row]:
    yield row(gap(3), Cell("None yet.", "text"), Cell("   + writes one down", "quiet"))
    for prompt in after.incident.plan.review.factors:
        for line in wrap(prompt, max(20, width - 5)):
            yield row(gap(3), Cell(line, "quiet"))


def heading_sheet(after: After, name: str, width: int) -> Iterator[Row]:
    """Yield a heading with the words under it, or what helps to find some."""
    one = after.heading(name)
    if one is None:
        return
    for line in wrap(one.title, width - 4):
        yield row(gap(3), Cell(line, "bold"))
    held = written(after.incident, one.id)
    if held is not None:
        yield row(gap(3), Cell(f"{held.by}, {clock(held.at, after.now, after.zone)}", "quiet"))
        for line in held.words.split("\n"):
            yield from (row(gap(3), Cell(part)) for part in wrap(line, width - 4))
        return
    told = "Nothing is written yet." if one.required else "Nothing is written; it may stay so."
    yield row(gap(3), Cell(told, "warn" if one.required else "quiet"))
    yield from _help(after, width)


def _help(after: After, width: int) -> Iterator[Row]:
    """Yield what one may ask oneself, and the figures that the playbook wants looked at."""
    for prompt in after.incident.plan.review.factors:
        for line in wrap(prompt, width - 4):
            yield row(gap(3), Cell(line, "quiet"))
    yield from figure_rows(after, width)


def figure_rows(after: After, width: int) -> Iterator[Row]:
    """Yield the figures to look at."""
    if after.figures is None:
        yield row(gap(3), Cell("the figures are being counted", "quiet"))
    elif after.figures:
        longest = min(width // 2, max(len(one.label) for one in after.figures) + 2)
        for one in after.figures:
            yield row(
                gap(3),
                Cell(fit(one.label, longest), "quiet"),
                Cell(clip(figure(one), max(8, width - longest - 4))),
            )


def factor_sheet(after: After, name: str, width: int) -> Iterator[Row]:
    """Yield a factor whole."""
    one = after.incident.factors.get(name)
    if one is None:
        return
    for line in wrap(one.words, width - 4):
        yield row(gap(3), Cell(line, "bold"))
    yield row(gap(3), Cell(f"{one.id}, {_SORTS[one.sort]}, written down by {one.by}", "quiet"))
    yield BLANK
    yield from figure_rows(after, width)


def sorts() -> Sequence[tuple[str, str]]:
    """Return the sorts of factors with what they are called here."""
    return tuple(_SORTS.items())
