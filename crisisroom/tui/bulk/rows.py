"""An answer to many in rows: the list of people, one of them with quote and text, the progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from crisisroom.core.incident import Incident, Words, WordsStatus
from crisisroom.core.mention import Mention
from crisisroom.core.said import Bulk
from crisisroom.tui import signs
from crisisroom.tui.bulk.listed import Line, Listed, turn
from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, clip, fit, gap, row, wrap
from crisisroom.tui.rows.feed import source_name
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.rows.warning import heading

NAME = 16  # cells of a stranger's handle in the list
QUOTED = 5  # lines of what they said
_MARKS: dict[WordsStatus, Cell] = {
    "draft": Cell(signs.OWNED, "warn"),
    "submitted": Cell(signs.OWNED),
    "approved": Cell(signs.DONE, "ok"),
    "rejected": Cell(signs.BAD, "late"),
    "queued": Cell(signs.WAITS, "quiet"),
    "sending": Cell(signs.OWNED),
    "sent": Cell(signs.PRIVATE, "ok"),
    "unknown": Cell(signs.LOOK, "warn"),
    "failed": Cell(signs.BAD, "late"),
}
SAID: dict[WordsStatus, str] = {
    "sent": "sent",
    "sending": "sending",
    "queued": "queued",
    "unknown": "in doubt",
    "failed": "failed",
    "submitted": "waits for approval",
    "approved": "approved, not out yet",
    "rejected": "rejected",
    "draft": "draft, not handed in",
    "withdrawn": "withdrawn",
}


def counts(told: Listed) -> str:
    """Return how many get what: `12 get it, 3 need approval, 4 get none`."""
    now, asked, none = len(told.now), len(told.asked), len(told.none)
    parts = ["1 gets it" if now == 1 else f"{now} get it"]
    if asked:
        parts.append(f"{asked} need approval" if asked > 1 else "1 needs approval")
    if none:
        parts.append(f"{none} get none" if none > 1 else "1 gets none")
    return ", ".join(parts)


def list_top(told: Listed, title: str, text: str, width: int) -> Iterator[Row]:
    """Yield how many get what, and the chosen words: their title and how they begin."""
    yield heading(f"Answer {told.proposal.narrative}", counts(told), "focus")
    ways = told.proposal.wordings
    turns = f", {ways} wordings in turn" if ways > 1 else ""
    begin = clip(text.replace("\n", " "), max(8, width - cell_len(title + turns) - 22))
    yield row(
        gap(3),
        Cell(title, "bold"),
        Cell(f"{turns}   ", "quiet"),
        Cell(begin),
        Cell("   ctrl+k others", "quiet"),
    )


def list_rows(told: Listed, width: int, now: datetime, zone: tzinfo) -> Iterator[Row]:
    """Yield the people, in the order of their posts."""
    for line in told.lines:
        yield _line_row(line, width, now, zone)
    if not told.lines:
        yield row(gap(3), Cell("Nobody of this story is there any more."))


def none_rows(story: str, why: str, hint: str) -> Iterator[Row]:
    """Yield what stands where no list could be made."""
    yield heading(f"Answer {story}", "", "focus")
    yield row(gap(3), Cell(why, "warn"))
    yield row(gap(3), Cell(hint, "quiet"))


def _line_row(line: Line, width: int, now: datetime, zone: tzinfo) -> Row:
    post, goes = line.person.mention, not line.why_not
    base = "text" if goes else "quiet"
    return row(
        gap(1),
        _mark(line),
        gap(1),
        Cell(fit(brief_clock(post.posted_at, now, zone), 6), base),
        Cell(fit(source_name(post.source, 5), 6), "quiet"),
        Cell(fit(said(line), max(10, width - 17 - NAME)), "warn" if goes and line.needs else base),
        gap(1),
        Cell(clip(name_of(post), NAME), "bold" if goes else "quiet", True),
        at=f"line:{line.id}",
    )


def said(line: Line) -> str:
    """Return in a few words what somebody gets, or why they get nothing."""
    if reply := line.answered:
        return f"{reply.author}: {SAID[reply.state]}"
    if line.why_not:
        return line.why_not
    if line.again:
        return "posted again: do your words still fit?"
    if line.needs:
        return f"{line.needs} decides"
    if line.draft and not line.edited:
        return "gets it, a draft waits"
    return "gets it, but look" if line.person.asks and not line.edited else "gets it"


def turn_words(before: Listed | None, now: Listed) -> list[Cell]:
    """Return what became other in the list by what others did, empty for nothing."""
    if before is None or before.proposal.words != now.proposal.words:
        return []
    turned, parts = turn(before, now), list[Cell]()
    if turned.came:
        more = len(turned.came)
        parts.append(Cell("1 more gets it" if more == 1 else f"{more} more get it", "ok"))
    if turned.lost:
        first, few = turned.lost[0], len(turned.lost)
        who = "1 gets none now" if few == 1 else f"{few} get none now"
        between = "   " if parts else ""
        parts.append(Cell(f"{between}{who}: {said(first)}   ", "warn"))
        parts.append(Cell(clip(name_of(first.person.mention), NAME), "text", True))
    return parts


def _mark(line: Line) -> Cell:
    if reply := line.answered:
        return _MARKS.get(reply.state, Cell(signs.OFF, "quiet"))
    if line.why_not:
        return Cell(signs.OFF, "quiet")
    if line.again:
        return Cell(signs.LOOK, "warn")
    if line.needs:
        return Cell(signs.OWNED, "warn")
    asks = line.person.asks and not line.edited
    return Cell(signs.LOOK, "warn") if asks else Cell(signs.DONE, "ok")


def name_of(post: Mention) -> str:
    """Return how an author is called: a stranger's words."""
    return post.author.handle or post.author.name or post.id


def line_sheet(line: Line, width: int, now: datetime, zone: tzinfo, most: int = 0) -> Iterator[Row]:
    """Yield one person's post behind the bar, and below it what they would get.

    Of a long post at most so many lines; 0 is for little room.
    """
    yield from quote(line.person.mention, width, now, zone, most or QUOTED)
    if most:
        yield BLANK
    if reply := line.answered:
        yield from _answered(reply, width)
        return
    if line.why_not:
        yield row(gap(3), Cell("They get nothing   ", "warn"), Cell(line.why_not))
        if not line.text:
            return
    where = f"They {'would get' if line.why_not else 'get'}, on {line.person.channel}"
    yield row(gap(3), Cell(where, "bold"), Cell("   changed by you" if line.edited else "", "warn"))
    for part in wrap(line.text, width - 4):
        yield row(gap(3), Cell(part or " ", "quiet" if line.why_not else "text"))
    yield BLANK
    if line.needs and not line.why_not:
        words = f"Nobody approved your words: {line.needs} decides first."
        yield from _note(words, width)
    if line.draft and not line.edited:
        yield from _note("Your draft for them is kept and not in use: e goes on with it.", width)
    for question in () if line.edited else line.person.asks:
        yield from _note(question, width)


def _answered(reply: Words, width: int) -> Iterator[Row]:
    """Yield what somebody answers them already."""
    told = f"   {reply.author} answers them: {SAID[reply.state]}"
    yield row(gap(3), Cell(reply.id, "bold"), Cell(told, "warn"))
    for part in wrap(reply.text, width - 4):
        yield row(gap(3), Cell(part or " ", "quiet"))


def _note(words: str, width: int) -> Iterator[Row]:
    for number, part in enumerate(wrap(words, width - 4)):
        mark = Cell(" " if number else signs.LOOK, "warn")
        yield row(gap(1), mark, gap(1), Cell(part))


def quote(post: Mention, width: int, now: datetime, zone: tzinfo, most: int) -> Iterator[Row]:
    """Yield a post behind the bar of strangers."""
    bar = Cell(signs.QUOTE, "faint")
    head = f"{source_name(post.source, 8)}  {clock(post.posted_at, now, zone)}  "
    name = clip(name_of(post), max(8, width - len(head) - 4))
    yield row(gap(1), bar, gap(1), Cell(head, "quiet"), Cell(name, "bold", True))
    lines = wrap(post.text, width - 4)
    for part in lines[:most]:
        yield row(gap(1), bar, gap(1), Cell(part, "text", True))
    if len(lines) > most:
        yield row(gap(3), Cell(f"{len(lines) - most} more lines, enter shows them", "quiet"))


def replies_of(state: Incident, bulk: Bulk) -> list[Words]:
    """Return the replies of an answer to many, in the order they were written."""
    return [one for one in state.replies.values() if one.bulk == bulk.id]


def progress_words(replies: Sequence[Words]) -> str:
    """Return how far it is: `5 of 12 sent, 6 queued, 1 in doubt`."""
    states = [one.state for one in replies]
    parts = [f"{states.count('sent')} of {len(states)} sent"]
    parts += [
        f"{states.count(state)} {told}"
        for state, told in SAID.items()
        if state != "sent" and state in states
    ]
    return ", ".join(parts)


def progress_top(state: Incident, bulk: Bulk, now: datetime, zone: tzinfo) -> Iterator[Row]:
    """Yield how far an answer to many is, and who began or stopped it."""
    told = progress_words(replies_of(state, bulk))
    yield heading(f"{bulk.id} to {bulk.narrative_id}", told, "focus")
    if bulk.stopped_at is None:
        begun = f"with {bulk.words}, begun by {bulk.by} {clock(bulk.at, now, zone)}"
        yield row(gap(3), Cell(begun, "quiet"))
    else:
        at = clock(bulk.stopped_at, now, zone)
        chip = Cell(f" STOPPED {bulk.stopped_by} {at} ", "past")
        yield row(gap(3), chip, Cell("   nothing more of it goes out", "quiet"))
    yield BLANK


def progress_rows(
    state: Incident, bulk: Bulk, width: int, now: datetime, zone: tzinfo
) -> Iterator[Row]:
    """Yield its replies, person by person: no row moves because its state changed."""
    for one in replies_of(state, bulk):
        yield _reply_row(one, width, now, zone)


def _reply_row(one: Words, width: int, now: datetime, zone: tzinfo) -> Row:
    sends = list(one.sends.values())
    at = next((way.at for way in sends if way.at), None) or one.sent_at or one.drafted_at
    base = "quiet" if one.state == "sent" else "text"
    tries = max((way.tries for way in sends), default=0)
    told = SAID[one.state] + (f", try {tries}" if one.state == "sending" and tries else "")
    return row(
        gap(1),
        _MARKS.get(one.state, Cell(signs.OFF, "quiet")),
        gap(1),
        Cell(fit(brief_clock(at, now, zone), 6), base),
        Cell(fit(one.id, 7), "quiet"),
        Cell(fit(one.channel, 8), "quiet"),
        Cell(fit(told, max(10, width - 26 - NAME)), base),
        gap(1),
        Cell(clip(one.handle or one.mention_id, NAME), base, bool(one.handle)),
        at=f"reply:{one.id}",
    )


def reply_sheet(one: Words, width: int) -> Iterator[Row]:
    """Yield one reply whole: why it hangs, and what it says."""
    yield row(gap(3), Cell(SAID[one.state], "bold"), Cell(f"   {one.id} on {one.channel}", "quiet"))
    for way in one.sends.values():
        for part in wrap(way.reason, width - 4) if way.reason else ():
            yield row(gap(3), Cell(part, "warn"))
        if way.remote_url:
            yield row(gap(3), Cell("link  ", "quiet"), Cell(way.remote_url, "text", True))
    if one.state == "unknown":
        words = "It may be out, it may not: o opens the outbox, where one says which."
        yield row(gap(3), Cell(clip(words, width - 4), "warn"))
    yield BLANK
    for part in wrap(one.text, width - 4):
        yield row(gap(3), Cell(part or " "))
