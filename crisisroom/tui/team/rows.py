"""Who is here in rows, and one person whole: where they look and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crisisroom.core.clocks import minutes
from crisisroom.room.looks import looks_at
from crisisroom.room.who import Person
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row
from crisisroom.tui.rows.feed import safe_name
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.rows.warning import heading
from crisisroom.tui.situation import Situation

_KINDS = {
    "role": "part",
    "task": "task",
    "enquiry": "question",
    "promise": "promise",
    "question": "asked",
}


def who_rows(know: Situation, people: Sequence[Person], width: int) -> Iterator[Row]:
    """Yield those who are here, then those who are not and hold something, then the rest."""
    here = [one for one in people if one.here]
    away = [one for one in people if not one.here]
    yield heading("Who is here", _count(len(here)), "focus")
    reads = 10 if any(one.access for one in people) else 0
    for one in here:
        yield _person(know, one, width, reads)
    if away:
        yield BLANK
        yield heading("Not here", "what they hold waits for them, or for you")
    for one in away:
        yield _person(know, one, width, reads)


def _count(here: int) -> str:
    return "only you" if here == 1 else f"{here} people"


def _person(know: Situation, one: Person, width: int, reads: int) -> Row:
    mine = one.id == know.me
    role = "mine" if mine else "text" if one.here or one.busy else "quiet"
    mark = Cell(signs.OWNED if one.busy else signs.OFF, "mine" if mine else "quiet")
    where = looks_at(one.screen) if one.screen else _last(know, one)
    if know.incident is not None:  # it stands above
        where = where.removesuffix(f" in {know.incident.id}")
    warn = one.screen is not None and bool(one.screen.doing)
    holds = _holds(one)
    room = max(12, width - 24 - reads)
    place = min(38, room // 2)
    return row(
        gap(1),
        mark,
        gap(1),
        Cell(fit(brief_clock(one.last_at, know.now, know.zone) if one.last_at else "", 7), "quiet"),
        Cell(fit(one.id, 12), role),
        gap(1),
        Cell(fit(one.access, reads), "quiet"),
        Cell(fit(clip(where, place), place), "warn" if warn and not mine else "text"),
        gap(1),
        Cell(clip(holds, max(4, room - place - 1)), "text" if one.busy else "quiet"),
        at=f"person:{one.id}",
    )


def _last(know: Situation, one: Person) -> str:
    return f"gone for {minutes(know.now - one.last_at)}" if one.last_at else "never here"


def _holds(person: Person) -> str:
    """Return in few words what somebody holds: parts by name, the rest by count."""
    parts = [thing.title for thing in person.hands if thing.kind == "role"]
    tasks = sum(thing.kind == "task" for thing in person.hands)
    rest = sum(thing.kind not in ("role", "task") for thing in person.hands)
    counted = (
        (len(person.claims), "post", "posts"),
        (tasks, "task", "tasks"),
        (len(person.drafts), "draft", "drafts"),
        (rest, "more", "more"),
    )
    parts += [f"{many} {one if many == 1 else more}" for many, one, more in counted if many]
    return ", ".join(parts) or "holds nothing"


def person_rows(know: Situation, one: Person, width: int) -> Iterator[Row]:
    """Yield one person: their screens, and everything they hold, a line each."""
    name = f"   {one.name}" if one.name and one.name != one.id else ""
    reads = f"   {one.access}: reads, and changes nothing" if one.access else ""
    yield row(gap(3), Cell(one.id, "bold"), Cell(name), Cell(reads, "quiet"))
    for screen in one.screens:
        since = clock(screen.since, know.now, know.zone)
        yield _told("here", looks_at(screen), width)
        yield _told("", f"since {since}" + (f", on {screen.host}" if screen.host else ""), width)
    if not one.screens:
        yield _told("", _last(know, one), width)
    yield from held_rows(know, one, width)
    if not one.busy:
        yield _told("holds", "nothing", width, "quiet")


def held_rows(know: Situation, one: Person, width: int) -> Iterator[Row]:
    """Yield everything somebody holds, a line each."""
    for thing in one.hands:
        offered = f", offered to {thing.offered}" if thing.offered else ""
        yield _told(_KINDS[thing.kind], f"{thing.title}, {thing.incident}{offered}", width)
    for post in one.claims:
        who = safe_name(post.author.handle or post.author.name)
        until = post.claimed_until
        told = f" until {clock(until, know.now, know.zone)}" if until else ""
        yield _told("answers", f"{post.id} of {who}{told}", width)
    for draft in one.drafts:
        about = draft.mention or draft.template or "a statement"
        at = clock(draft.updated_at, know.now, know.zone)
        yield _told("writes", f"{draft.kind} {about}, {draft.incident}, last at {at}", width)


def needed_rows(told: Sequence[str], most: int, width: int) -> Iterator[Row]:
    """Yield what somebody has to do next, so many lines at most."""
    for number, words in enumerate(told[:most]):
        yield _told("" if number else "next", words, width)
    if len(told) > most:
        yield _told("", f"and {len(told) - most} more: the brief has all of it", width, "quiet")


def _told(what: str, words: str, width: int, role: str = "text") -> Row:
    return row(gap(3), Cell(fit(what, 10), "quiet"), Cell(clip(words, max(8, width - 14)), role))
