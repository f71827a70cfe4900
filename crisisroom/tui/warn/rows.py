"""The screen of an early warning in rows: right what was heard, left what declaring would start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from crisisroom.core.candidate import Candidate
from crisisroom.core.clocks import minutes
from crisisroom.core.detect.reason import counted, number, span
from crisisroom.core.playbook import Contact
from crisisroom.firstpaint.feed import WIDE_REACH
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, clip, fit, gap, row, wrap
from crisisroom.tui.rows.chart import Pen, axis, columns, newest, usual_words
from crisisroom.tui.rows.duties import called, calls_of, way_words
from crisisroom.tui.rows.feed import Eyes, feed_row, one_line
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.times import number as reach_of
from crisisroom.tui.rows.warning import heading
from crisisroom.tui.warn.reading import Plan, View

CLOCKS, PEOPLE = 5, 5  # of the plan that are named
POSTS, FEW = 14, 6  # shown wide, and where the plan follows below them
_ENTER = "enter shows them in the feed"
_UNKNOWN = "what is usual is not known yet"
_LOUDER = 1.5  # times the usual, from which on it is something to look at


# What was heard.


def heard(view: View, eyes: Eyes, pen: Pen, width: int, *, few: bool) -> list[Row]:
    """Return why the room warns, compared with the usual, the chart, and the posts."""
    one = view.candidate
    return [
        title(view, eyes),
        *_decision(one, eyes, width),
        BLANK,
        *(row(gap(3), Cell(words, "bold")) for words in wrap(one.reason, width - 4)),
        *_stories(view, width),
        BLANK,
        *measures(view),
        BLANK,
        *chart(view, pen),
        BLANK,
        *_posts(view, eyes, width, FEW if few else POSTS),
    ]


def title(view: View, eyes: Eyes) -> Row:
    """Return its name, when it was raised, and its place among those that wait."""
    one = view.candidate
    raised = f"raised {clock(one.at, eyes.now, eyes.zone)}"
    if one.escalated_at:
        raised += f", worse {clock(one.escalated_at, eyes.now, eyes.zone)}"
    if one.state == "open":
        raised += ", waits for a person"
    place = ""
    if one.id in view.waiting and len(view.waiting) > 1:
        place = f"   {view.waiting.index(one.id) + 1} of {len(view.waiting)}"
    return row(
        gap(3),
        Cell(f"Early warning {one.id}", "focus"),
        Cell(place),
        Cell(f"   {one.level}", "warn"),
        Cell(f"   {raised}", "quiet"),
    )


def _decision(one: Candidate, eyes: Eyes, width: int) -> Iterator[Row]:
    """Yield what was decided, by whom and why."""
    when = f" at {clock(one.decided_at, eyes.now, eyes.zone)}" if one.decided_at else ""
    said = f": {one_line(one.decision)}" if one.decision else ""
    told = {
        "watched": f"{one.decided_by} watches it{said}",
        "declared": f"{one.incident}, declared by {one.decided_by}{when}; I opens it",
        "dismissed": f"no crisis, says {one.decided_by}{when}{said}",
        "ended": "it ended by itself",
    }.get(one.state, "")
    if one.ended_at:
        told += f"; over since {clock(one.ended_at, eyes.now, eyes.zone)}"
    for words in wrap(told, width - 4) if told else ():
        yield row(gap(3), Cell(words, "mine"))


def _stories(view: View, width: int) -> Iterator[Row]:
    for story in view.stories:
        label = f"{story.id}  {counted(story.mentions, 'post')}, {story.free} free: "
        words = clip(one_line(story.title), max(8, width - len(label) - 4))
        yield row(gap(3), Cell(label, "quiet"), Cell(words, foreign=not story.named_by))
    if len(view.candidate.narratives) > len(view.stories):
        more = len(view.candidate.narratives) - len(view.stories)
        yield row(gap(3), Cell(f"and {more} more of them", "quiet"))


def measures(view: View) -> list[Row]:
    """Return volume, breadth, tone and reach, each beside the usual; `!` marks what is above it."""
    one = view.candidate
    bad, many = view.complaints
    within = span(one.window_minutes)
    above = one.observed > one.expected
    usually = None if view.usual_sources is None else max(1, round(view.usual_sources))
    broad = view.usual_sources is not None and one.sources > view.usual_sources * _LOUDER
    widest = max((post.author.reach or 0 for post in view.posts), default=0)
    articles = sum(post.kind == "article" for post in view.posts)
    press = counted(articles, "article") if articles else "no press"
    usual = number(one.expected) + (f" ± {number(one.spread)}" if one.spread else "")
    return [
        _measure("volume", f"{one.observed:,} in {within}", f"usual {usual}", above),
        _measure(
            "breadth",
            f"{_people(one.authors)}, {counted(one.sources, 'source')}",
            f"usual {counted(usually, 'source')}" if usually else _UNKNOWN,
            broad,
        ),
        _measure("tone", f"{bad} of {many} complain", *_usual_tone(view, bad, many)),
        _measure(
            "reach",
            reach_of(one.reach) or "0",
            f"widest {reach_of(widest) or '0'}, {press}",
            widest >= WIDE_REACH or bool(articles),
        ),
    ]


def _usual_tone(view: View, bad: int, many: int) -> tuple[str, bool]:
    if view.share is None:
        return _UNKNOWN, False
    usual = f"usual {round(view.share * 10)} of 10"
    return usual, bool(many) and bad >= 2 and bad / many > view.share * _LOUDER


def _people(authors: int) -> str:
    return "1 person" if authors == 1 else f"{authors:,} people"


def _measure(name: str, value: str, usual: str, above: bool) -> Row:
    mark = Cell(signs.LOOK, "warn") if above else Cell(signs.DONE, "ok")
    words = Cell(fit(value, 23), "bold" if above else "text")
    return row(gap(1), mark, gap(1), Cell(fit(name, 9), "quiet"), words, Cell(usual, "quiet"))


def chart(view: View, pen: Pen) -> list[Row]:
    """Return the chart of the hours before, with the usual as its floor."""
    volume = view.volume
    shown = newest(volume.chart, pen.width)
    about = f", {volume.about}" if volume.about else ""
    within = span(view.candidate.window_minutes)
    rest = f"in the last {within}, every 5; {usual_words(volume.chart.usual)}{about}"
    rows = [heading("Mentions", rest), *columns(shown, pen)]
    return rows if pen.ascii_only else [*rows, axis(shown, pen)]


def _posts(view: View, eyes: Eyes, width: int, most: int) -> Iterator[Row]:
    if not view.posts:
        yield heading("No posts", "what it was raised on is not in the room any more")
        return
    total = max(len(view.posts), sum(story.mentions for story in view.stories))
    rest = "the newest; enter shows all in the feed" if total > most else _ENTER
    yield heading(counted(total, "post"), rest)
    for post in view.posts[:most]:
        yield feed_row(post, eyes, width)


# What we would do.


def planned(view: View, eyes: Eyes, width: int) -> list[Row]:
    """Return what declaring would start, or what it did start."""
    if view.candidate.state == "declared":
        words = "Its checklist and its clocks run there: I opens it."
        told = (row(gap(3), Cell(part)) for part in wrap(words, width - 4))
        return [heading("Declared", view.candidate.incident), BLANK, *told]
    if view.plan is None:
        return [heading("If you declare"), BLANK, *_without_plan(view, width)]
    name = f"{view.plan.playbook.id} {view.plan.playbook.version}"
    return [
        heading("If you declare", name),
        BLANK,
        *_why(view, view.plan, width),
        BLANK,
        *_severity(view.plan, width),
        BLANK,
        *_clocks(view.plan, eyes.now, width),
        BLANK,
        *_calls(view.plan, width),
        BLANK,
        row(gap(3), Cell("Nothing is published by declaring.", "quiet")),
    ]


def _without_plan(view: View, width: int) -> Iterator[Row]:
    suggested = view.candidate.suggested_playbook
    why = f"{suggested} cannot be read" if suggested else "no playbook's words stand in these posts"
    for words in wrap(f"{why}; I asks which one you take.", width - 4):
        yield row(gap(3), Cell(words))
    yield BLANK
    yield row(gap(3), Cell("Nothing is published by declaring.", "quiet"))


def _why(view: View, plan: Plan, width: int) -> Iterator[Row]:
    said = ", ".join(plan.words or view.candidate.words)
    told = [f"posts say {said}" if said else "it fits the posts' words"]
    drills = sum(state.drill for state in plan.before)
    real = [state.id for state in plan.before if not state.drill]
    used = [*real[:2], *([counted(drills, "drill")] if drills else [])]
    told.append(f"used in {' and in '.join(used)}" if used else "not used before")
    yield from _labelled("why", told, width)


def _labelled(name: str, told: Sequence[str], width: int) -> Iterator[Row]:
    label = Cell(fit(name, 10), "quiet")
    for words in told:
        for part in wrap(words, width - 14):
            yield row(gap(3), label, Cell(part))
            label = gap(10)


def _severity(plan: Plan, width: int) -> Iterator[Row]:
    levels = plan.playbook.severities
    chosen = plan.severity
    yield row(
        gap(3),
        Cell(fit("severity", 10), "quiet"),
        Cell(chosen.id.upper(), "bold"),
        Cell(f" {chosen.label}"),
    )
    if chosen.when_to_use:
        yield from _quiet(chosen.when_to_use, width)
    if chosen != levels[0] and levels[0].when_to_use:
        yield from _quiet(f"{levels[0].id.upper()} {levels[0].when_to_use}", width)


def _quiet(words: str, width: int) -> Iterator[Row]:
    for part in wrap(one_line(words), width - 4):
        yield row(gap(3), Cell(part, "quiet"))


def _clocks(plan: Plan, now: datetime, width: int) -> Iterator[Row]:
    yield heading("Starts these clocks")
    names = {role.id: role.title for role in plan.playbook.roles}
    shown = [(one, names.get(one.who, one.who)) for one in plan.clocks[:CLOCKS]]
    wide = min(9, max((cell_len(who) for _, who in shown), default=0))
    for one, who in shown:
        yield row(
            gap(1),
            Cell(signs.WAITS, "quiet"),
            gap(1),
            Cell(fit(f"in {minutes(one.due_at - now)}", 8)),
            Cell(fit(who, wide), "quiet"),
            gap(1 if wide else 0),
            Cell(clip(one.title.replace("somebody takes ", "take ", 1), max(8, width - wide - 12))),
        )
    if len(plan.clocks) > CLOCKS:
        yield row(gap(3), Cell(f"and {len(plan.clocks) - CLOCKS} more", "quiet"))


def _calls(plan: Plan, width: int) -> Iterator[Row]:
    runs = calls_of(plan.state)
    people = [one for run in runs for one in called(plan.state, run)]
    if people:
        yield heading("Calls these people")
    else:
        people = [(one.name, one.reach) for one in _first(plan.playbook.contacts)]
        yield heading("Calls nobody by itself", "! lists all" if people else "")
    for name, ways in people[:PEOPLE]:
        way = way_words(ways[0]) if ways else "no way known"
        names = max(12, min(22, width - 24))
        yield row(
            gap(1),
            Cell(signs.WAITS, "quiet"),
            gap(1),
            Cell(fit(name, names)),
            gap(),
            Cell(clip(way, max(8, width - names - 5)), "quiet"),
        )


def _first(contacts: Sequence[Contact]) -> Sequence[Contact]:
    internal = [one for one in contacts if one.org == "internal"]
    return (internal or list(contacts))[:3]
