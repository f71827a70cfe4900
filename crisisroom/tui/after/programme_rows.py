"""What should change in the programme, in rows: complaints, promises, and who mends it."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.incident import ActionItem
from crisisroom.core.programme import Change
from crisisroom.core.said import Promise
from crisisroom.tui import signs
from crisisroom.tui.after.action_rows import mark_of, seer
from crisisroom.tui.after.know import After
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, short, wrap
from crisisroom.tui.rows.times import number
from crisisroom.tui.rows.warning import heading

_ASKS = "Nobody mends it."


def programme_count(after: After) -> str:
    """Return how many complaints nobody mends: `2 of nobody`."""
    free = sum(one.unowned for one in after.changes)
    return f"{free} of nobody" if free else f"{len(after.changes)}" if after.changes else "none"


def programme_rows(after: After, width: int) -> Iterator[Row]:
    """Yield what people complained of, most of them first, then what belongs to no story."""
    told = [one for one in after.changes if one.narrative]
    yield heading("What people complained of", _sum(told), "focus")
    for place, one in enumerate(after.changes):
        if one.narrative:
            yield _row(after, one, place, width)
    if not told:
        words = "No story is linked to the incident: i on a story's head in the feed links it."
        yield row(gap(3), Cell(clip(words, width - 4), "quiet"))
    if len(told) < len(after.changes):
        yield BLANK
        yield heading("Of no story", "promises and actions")
        for place, one in enumerate(after.changes):
            if not one.narrative:
                yield _row(after, one, place, width)


def _sum(told: list[Change]) -> str:
    posts = sum(one.mentions for one in told)
    if any(one.complaints is not None for one in told):
        return f"{sum(one.complaints or 0 for one in told):,} of {posts:,} posts are complaints"
    return f"{posts:,} posts" if told else ""


def _row(after: After, one: Change, place: int, width: int) -> Row:
    action = one.action
    owner = seer(after.incident, action) if action else "nobody"
    late = action is not None and any(
        after.late(item) for item in after.actions if item.action == action
    )
    free = Cell(signs.LOOK, "warn") if one.unowned else Cell(" ")
    quiet = action is not None and action.state != "open"
    return row(
        gap(1),
        mark_of(action, late=late) if action and not one.unowned else free,
        gap(1),
        Cell(fit(_many(one), 13), "quiet" if quiet else "text"),
        Cell(fit(_promised(one), 12), "quiet"),
        Cell(fit(short(owner, 9), 10), "warn" if one.unowned else "quiet"),
        _title(one, max(8, width - 39), "quiet" if quiet else "bold"),
        at=f"change:{place}",
    )


def _title(one: Change, width: int, role: str) -> Cell:
    """Return what it is called: a story in strangers' words, else in ours."""
    words = clip(" ".join(one.title.split()), width)
    return Cell(words, role, foreign=bool(one.narrative))


def _many(one: Change) -> str:
    if not one.narrative:
        return ""
    if one.complaints is None:
        return f"{number(one.mentions)} posts"
    return f"{number(one.complaints)} of {number(one.mentions)}"


def _promised(one: Change) -> str:
    return f"{len(one.promised)} promised" if one.promised else ""


def change_sheet(after: After, name: str, width: int) -> Iterator[Row]:
    """Yield one thing that should change: how many, what we promised, what is done about it."""
    one = after.change(name)
    if one is None:
        return
    for line in wrap(" ".join(one.title.split()), width - 4):
        yield row(gap(3), Cell(line, "bold", foreign=bool(one.narrative)))
    if one.narrative:
        yield row(gap(3), Cell(_counted(one)))
    for promise in one.promised:
        yield from _promise(after, promise, width)
    for action in one.actions:
        yield from _action(after, action, width)
    if not one.actions and (one.narrative or one.promised):
        asks = Cell(_ASKS, "warn") if one.narrative else Cell("No action follows from it.")
        yield row(gap(3), asks, Cell("   + makes an action of it", "quiet"))


def _counted(one: Change) -> str:
    posts = "1 post" if one.mentions == 1 else f"{one.mentions:,} posts"
    told = posts if one.complaints is None else f"{one.complaints:,} complaints in {posts}"
    where = f" on {', '.join(one.sources)}" if one.sources else ""
    return f"{one.narrative}   {told}{where}"


def _promise(after: After, one: Promise, width: int) -> Iterator[Row]:
    broken = one.state == "open" and one.due_at is not None and one.due_at <= after.now
    state = "late" if broken else one.state
    head = f"we promised ({one.id}, {state}): "
    lines = wrap(head + one.words, width - 4)
    yield from (row(gap(3), Cell(line, "late" if broken else "text")) for line in lines)


def _action(after: After, one: ActionItem, width: int) -> Iterator[Row]:
    due = f" by {one.due}" if one.due and one.state == "open" else ""
    words = f"{one.id} {one.state}, {seer(after.incident, one)}{due}: {one.title}"
    yield from (row(gap(3), Cell(line)) for line in wrap(words, width - 4))
    if one.outcome:
        yield from (row(gap(5), Cell(line, "quiet")) for line in wrap(one.outcome, width - 6))
