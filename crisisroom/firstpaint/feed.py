"""The feed as `tui.rows.feed` has it: the line above it, and a line a post."""

from __future__ import annotations

from crisisroom.firstpaint import signs
from crisisroom.firstpaint.cells import Line, brief_clock, fit, gap, number, one_line
from crisisroom.store.firstlook import Row, Seen

PATIENCE = 600  # seconds a linked post may wait
WIDE_REACH = 10_000
LOUD = 60  # hundredths of priority from which a post needs a look
WIDE = 100  # cells from which there is room for words
HANDLED = ("answered", "offline", "dismissed")
_BY_HAND = "by-hand"
_MARKS = {
    "new": signs.FREE,
    "claimed": signs.OWNED,
    "answered": signs.DONE,
    "offline": signs.PRIVATE,
    "dismissed": signs.OFF,
}
LETTERS = {"answer": "A", "correct": "F", "restore": "P", "monitor": "W", "thank": "T"}
SHORT = {
    "answer": "answer",
    "correct": "facts",
    "restore": "right",
    "monitor": "watch",
    "thank": "thank",
}


def head(seen: Seen, *, wide: bool, focused: bool) -> list[Line]:
    """Return the lines above the posts; no count where there are too many to count at once."""
    total, free = seen.total, seen.free
    counts = ""
    if total is not None and free is not None and seen.flat:
        counts = f"{'1 post' if total == 1 else f'{total:,} posts'}, {free:,} free"
    order = ("   newest first" if counts else "", "quiet")
    if wide:
        name = ("Feed", "focus" if focused else "bold")
        return [[gap(1), ("1", "quiet"), gap(1), name, (f"  {counts}", "text"), order], []]
    return [[gap(3), (counts, "quiet"), order]]


def empty() -> list[Line]:
    """Return what stands in an empty feed."""
    way = "+ adds one by hand; crisisroom ingest takes them from a pipe."
    return [[gap(3), ("No posts yet.", "text")], [gap(3), (way, "quiet")]]


def post_line(post: Row, seen: Seen, me: str, width: int) -> Line:
    """Return a post's line: mark, time, flag, source, reach, owner, handle, text."""
    quiet, wider = post["state"] in HANDLED, width >= WIDE
    base = "quiet" if quiet else "text"
    source, handle = (8, 14) if wider else (5, 9)
    mine = post["assignee"] == me and not quiet
    name = "hand" if post["source"] == _BY_HAND else post["source"][:source]
    line: Line = [
        gap(1),
        (_MARKS[post["state"]], _mark_role(post["state"], mine)),
        gap(1),
        (fit(brief_clock(post["posted_at"], seen.now), 5), base),
        _flag(post, seen.now, wider=wider),
        gap(1),
        (fit(name, source), "quiet"),
        gap(1),
        (fit(number(post["reach"]), 4, right=True), base),
        gap(1),
        _owner(post, seen, me, "mine" if mine else base),
        gap(1),
    ]
    copies = f"{signs.TIMES}{number(post['copies'] + 1)}" if post["copies"] else ""
    if wider:
        line += [(fit(copies, 5), "quiet"), (fit(SHORT.get(post["verdict"], ""), 7), base)]
    elif copies:
        line += [(copies, "quiet"), gap(1)]
        handle -= len(copies) + 1
    left = 21 + source + (12 + handle if wider else 9)
    line.append((fit(_handle(post), handle), "bold" if post["state"] == "new" else base))
    line.append(gap(1))
    line.append((fit(one_line(post["text"]), max(1, width - left - 1)), base))
    return line


def _mark_role(state: str, mine: bool) -> str:
    if state in ("answered", "offline"):
        return "ok"
    if state == "new" or mine:
        return "mine"
    return "quiet" if state == "dismissed" else "text"


def _flag(post: Row, now: int, *, wider: bool) -> tuple[str, str]:
    if post["verdict"] and not wider:
        return LETTERS[post["verdict"]], "mine" if post["state"] == "new" else "quiet"
    return signs.LOOK if _is_flagged(post, now) else " ", "warn"


def _is_flagged(post: Row, now: int) -> bool:
    if post["state"] not in ("new", "claimed"):
        return False
    loud = (post["reach"] or 0) >= WIDE_REACH or post["kind"] == "article"
    loud = loud or post["priority"] >= LOUD
    return loud or bool(post["linked"] and now - post["posted_at"] >= PATIENCE)


def _owner(post: Row, seen: Seen, me: str, role: str) -> tuple[str, str]:
    """Return whose it is; of a free post who looks at it, or writes to it."""
    if post["assignee"]:
        return fit(post["assignee"][:4], 4), role
    at = f"M-{post['id']}"
    there = [one for one in seen.people if one["mention"] == at and one["actor"] != me]
    if not there:
        return fit("", 4), role
    first = min(there, key=lambda one: not one["doing"])
    return fit(first["actor"][:4], 4), "warn" if first["doing"] == "reply" else "quiet"


def _handle(post: Row) -> str:
    """Return the handle as its own network writes it: without the server."""
    handle = one_line(post["handle"] or post["name"] or "somebody")
    sign = "@" if handle.startswith("@") else ""
    name = handle.removeprefix("@").partition("@")[0]
    return f"{sign}{name}" if name else handle
