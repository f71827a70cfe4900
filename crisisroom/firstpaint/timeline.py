"""Timeline and thread as `tui.rows` has them; what is not known is left empty."""

from __future__ import annotations

from crisisroom.firstpaint import signs
from crisisroom.firstpaint.cells import (
    Line,
    brief_clock,
    clip,
    fit,
    full_clock,
    gap,
    harmless,
    hour,
    minutes,
    number,
    one_line,
    width,
    wrap,
)
from crisisroom.firstpaint.clocks import Clock
from crisisroom.firstpaint.feed import PATIENCE
from crisisroom.firstpaint.pane import Pane, titled
from crisisroom.store.firstlook import Row, Seen
from crisisroom.store.firstlook_sql import SHOWN

_TO_COME = 4
_LOOK = ("incident.", "clock.late", "entry.corrected", "hold.")
_GOOD = ("task.done", "statement.approved", "reply.approved", "action.done")
_BAD = ("statement.rejected", "reply.rejected", "statement.failed", "reply.failed")
_DOUBT = ("statement.unknown", "reply.unknown")
_SENT = ("statement.sent", "reply.sent")
_READERS = {"legal": ("legal: ", "warn"), "public": ("public: ", "ok")}


def timeline(
    seen: Seen, me: str, size: int, running: list[Clock] | None, *, wide: bool, focused: bool
) -> Pane:
    """Return the timeline; without its rows where it is not known what is to come."""
    incident = seen.incident
    if incident is None:
        above = [titled("4", "Timeline", focused=focused)] if wide else []
        return Pane(above, [[gap(3), ("It begins when you declare: I", "quiet")]], -1)
    title: Line = titled("4", "Timeline", focused=focused) if wide else [gap(1)]
    told = "1 entry" if incident["seq"] == 1 else f"{incident['seq']} entries"
    between, digits = ("  ", 8) if wide else ("   ", 12)
    title = [
        *title,
        gap(2),
        (told, "quiet"),
        (f"{between}head {incident['head'][:digits]}", "quiet"),
    ]
    if incident["hold"]:
        title.append((f"{between}on hold", "warn"))
    if running is None:
        return Pane([title], [])
    coming = [_clock(seen, me, one, size) for one in reversed(running[:_TO_COME])]
    now: Line = [gap(3), (fit(hour(seen.now), 8), "bold"), ("now  ", "bold")]
    now.append((signs.NOW[: max(0, size - 16)], "faint"))
    return Pane([title], [*coming, now, *_entries(seen, size)], len(coming) + 1)


def _clock(seen: Seen, me: str, clock: Clock, size: int) -> Line:
    urgent = clock.state != "ok"
    role = {"overdue": "late", "warn": "warn"}.get(clock.state, "quiet")
    base = "text" if urgent else "quiet"
    first = clock.who.partition(",")[0]
    who = "free" if any(one["id"] == first for one in seen.roles) else first
    title = harmless(clock.title)
    if len(title) > 1 and title[1].islower():
        title = title[0].lower() + title[1:]
    return [
        gap(1),
        (signs.LOOK if urgent else signs.WAITS, role),
        gap(1),
        (fit(brief_clock(clock.due_at, seen.now), 8), role),
        (fit(who[:4], 4), "mine" if who == me and urgent else base),
        gap(1),
        (clip(title, size - 16), base),
    ]


def _entries(seen: Seen, size: int) -> list[Line]:
    """Return the newest entries; links that one person made in a row are one line."""
    rows: list[Line] = []
    waiting = list(seen.entries)
    while waiting:
        entry, more = waiting.pop(0), 0
        if entry["kind"] == "mention.linked":
            same = [
                (one["kind"], one["actor"]) == (entry["kind"], entry["actor"]) for one in waiting
            ]
            more = same.index(False) if False in same else len(same)
            if more == len(waiting) and len(seen.entries) == SHOWN:
                break  # how many there are is not known
            del waiting[:more]
        rows.append(_entry(seen, entry, size, more))
    return rows


def _entry(seen: Seen, entry: Row, size: int, more: int) -> Line:
    base = "quiet" if entry["actor"] == "room" else "text"
    words = f"linked {more + 1} posts" if more else one_line(entry["corrected"] or "")
    tags: Line = [("later: ", "quiet")] if entry["late"] else []
    tags += [("corrected: ", "quiet")] if entry["righted"] else []
    marked = entry["kind"] == "entry.marked" and entry["readers"] != "legal"
    if not marked and entry["readers"] in _READERS:
        tags.append(_READERS[entry["readers"]])
    room = size - 16 - sum(width(text) for text, _ in tags)
    when = entry["corrected_at"] or entry["at"]
    return [
        gap(1),
        _sign(entry["kind"]),
        gap(1),
        (fit(brief_clock(when, seen.now), 5), "quiet"),
        (signs.PINNED if entry["pinned"] else " ", "mine"),
        gap(2),
        (fit(entry["actor"][:4], 4), base),
        gap(1),
        *tags,
        (clip(words or one_line(entry["words"] or ""), room), base),
    ]


def _sign(kind: str) -> tuple[str, str]:
    if kind in _GOOD:
        return signs.DONE, "ok"
    if kind in _SENT:
        return signs.PRIVATE, "ok"
    if kind in _BAD:
        return signs.BAD, "late"
    return (signs.LOOK, "warn") if kind in _DOUBT or kind.startswith(_LOOK) else (" ", "text")


# The thread.


def thread(seen: Seen, size: int) -> Pane:
    """Return the post under the cursor, as its thread begins; the live room reads more of it."""
    title = [*titled("2", "Thread", focused=seen.view == 2), gap(2)]
    post = seen.posts[seen.chosen] if seen.flat and seen.posts else None
    if post is None:
        words = "Choose a post in the feed: enter shows its thread."
        rows: list[Line] = [[gap(3), (words, "quiet")]] if seen.flat else []
        return Pane([[*title, ("no post chosen", "quiet")]] if seen.flat else [title], rows)
    title.append((post["source"], "quiet"))
    if post["reach"] is not None:
        title.append((f"   {number(post['reach'])} reach", "quiet"))
    title.append((f"   {full_clock(post['posted_at'], seen.now)}", "quiet"))
    if post["revision"] > 1:
        title.append((f"   edited, version {post['revision']}", "warn"))
    if post["linked"]:
        title.append((f"   INC-{post['linked']}", "quiet"))
    if post["state"] in ("new", "claimed"):
        waited = seen.now - post["posted_at"]
        title.append((f"   waits {minutes(waited)}", "warn" if waited >= PATIENCE else "quiet"))
    return Pane([title], [] if post["answers"] else _words(post, size))


def _words(post: Row, size: int) -> list[Line]:
    handle = one_line(post["handle"] or post["name"] or "somebody")
    quote = [gap(1), (signs.QUOTE, "faint"), gap(1)]
    lines = wrap(post["text"], size - 4)
    if any(width(line) > size - 4 for line in lines):  # a word to be broken up
        lines = []
    return [
        [*quote, (clip(handle, size - 4), "bold")], *([*quote, (one, "text")] for one in lines)
    ]  # fmt: skip
