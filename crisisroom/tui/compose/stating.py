"""What the statement's screen says, worked out from the incident: no widget, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

import msgspec

from crisisroom.channels import Measure
from crisisroom.core import statement
from crisisroom.core.incident import Incident, SendStatus, Words
from crisisroom.core.review import Problem
from crisisroom.room import Room, Scene
from crisisroom.room.desk import BY_HAND, Desk, Review
from crisisroom.room.words import IN_HAND
from crisisroom.tui.compose.approving import step_of, titles_of
from crisisroom.tui.compose.marked import changed, marks_in, marks_of
from crisisroom.tui.compose.opening import Opened
from crisisroom.tui.compose.review import Going
from crisisroom.tui.compose.said import Item, count, due, joined, line, short_hash
from crisisroom.tui.rows import Cell, Row, fit, short
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.signs import BAD, DONE, LOOK, OWNED, PRIVATE, WAITS

_SEND_MARKS: dict[SendStatus, Cell] = {
    "sent": Cell(PRIVATE, "ok"),
    "queued": Cell(WAITS, "quiet"),
    "sending": Cell(OWNED),
    "unknown": Cell(LOOK, "warn"),
    "failed": Cell(BAD, "late"),
}


def approvals_title(words: Words | None) -> Row:
    """Say what approvals are of."""
    of = "   of exactly this text, " + short_hash(words.sha256) if words else "   none asked yet"
    return line(("Approvals", "bold"), (of, "quiet"))


def approval_items(
    incident: Incident, words: Words, review: Review, scene: Scene, zone: tzinfo
) -> list[Item]:
    """Return verdicts, who is asked, and where the words went, in the order it happens."""
    now = scene.now
    items = []
    for at, said in enumerate(words.verdicts):
        good = said.verdict == "approved"
        role = titles_of(incident, said.step)
        reason = ": " + said.reason if said.reason else ""
        told = said.verdict + " v" + str(said.version) + reason
        stands = said.sha256 == words.sha256
        row = _approval(brief_clock(said.at, now, zone), said.by, role, told, quiet=not stands)
        items.append(
            Item("said" + str(at), Cell(DONE, "ok") if good else Cell(BAD, "late"), (row,))
        )
    if words.state == "submitted":
        items.append(_asked(incident, words, scene, zone))
    elif review.approval and not words.approved_by():
        role = titles_of(incident, review.approval)
        row = _approval("", "", role, "not asked yet", quiet=True)
        items.append(Item("step", Cell(WAITS, "quiet"), (row,)))
    for send in words.sends.values():
        at_ = brief_clock(send.at, now, zone) if send.at else ""
        reason = ": " + send.reason if send.reason else ""
        row = _approval(at_, words.author, send.channel, send.state + reason, quiet=False)
        items.append(Item("send/" + send.channel, _SEND_MARKS[send.state], (row,)))
    return items


def _asked(incident: Incident, words: Words, scene: Scene, zone: tzinfo) -> Item:
    step = step_of(incident, words, scene)
    told, role = due(step.due_at, scene.now, zone)
    who = short(step.holders[0]) if step.holders else "free"
    asked = "asked " + clock(words.submitted_at or words.drafted_at, scene.now, zone)
    row = line((fit(told, 9), role), (fit(who, 5), "text"), (fit(step.role, 14), "text"), asked)
    return Item("asked", Cell(OWNED), (row,))


def _approval(at: str, who: str, role: str, told: str, *, quiet: bool) -> Row:
    ink = "quiet" if quiet else "text"
    return line((fit(at, 9), "quiet"), (fit(short(who), 5), ink), (fit(role, 14), ink), (told, ink))


def head(desk: Desk, words: Words | None, *, editing: bool, saved: str) -> Row:
    """Return the title above the text."""
    template = desk.template
    title = template.title.lower() if template else "statement"
    version = ", version " + str(words.version) if words else ", not on the timeline yet"
    audience = "   " + template.audience if template else ""
    return line(
        (words.id if words else "New", "focus"),
        "  ",
        (title + version, "text"),
        (audience + (", " + saved if saved and editing else ""), "quiet"),
    )


def measure(room: Room, desk: Desk, text: str, review: Review) -> Row:
    """Return the line under the text: its length on each account, blanks, forbidden words."""
    forbidden = sum(one.code == "forbidden" for one in review.problems)
    parts = [] if room.config.accounts else [line((str(review.length), "bold"), " characters")]
    for account in room.config.accounts:
        size = _size(desk, account.type, text)
        if size.limit:
            told = " of " + str(size.limit) + " on " + account.id
            ink = "text" if size.fits else "late"
            parts.append(line((str(size.length), "bold" if size.fits else "late"), (told, ink)))
    blanks = review.blanks
    parts.append(line((count(blanks, "blank"), "warn") if blanks else ("no blanks", "ok")))
    parts.append(line((count(forbidden, "forbidden word") if forbidden else "", "late")))
    return joined(parts)


def why_not(words: Words | None, review: Review, incident: Incident) -> str:
    """Say what keeps the statement from going on, empty when nothing does."""
    if review.blocking:
        return count(len(review.blocking), "problem")
    if words is None or words.sha256 != review.sha256:
        return ""
    if words.state == "submitted":
        return titles_of(incident, words.approval) + " decides first"
    if words.state == "rejected":
        return "it was rejected: edit it first"
    return "it is withdrawn" if words.state == "withdrawn" else ""


def open_problems(words: Words | None, review: Review) -> tuple[Problem, ...]:
    """Return the problems; words that were approved as they read need no approval any more."""
    if submits(words, review):
        return review.problems
    return tuple(one for one in review.problems if one.code not in ("own_words", "unapproved"))


def submits(words: Words | None, review: Review) -> bool:
    """Whether the text has to be approved before it may be published."""
    approved = words is not None and words.sha256 == review.sha256 and bool(words.approved_by())
    return bool(review.approval) and not approved


def channels(room: Room, desk: Desk, words: Words | None, text: str) -> tuple[tuple[str, str], ...]:
    """Return where a statement can go that it has not gone to yet, with how it fits."""
    sends = words.sends.values() if words else ()
    gone = {send.channel for send in sends if send.state != "failed"}
    fits = {one.id: _fits(_size(desk, one.type, text)) for one in room.config.accounts}
    fits[BY_HAND] = "copy, post it, come back with the link"
    return tuple((id_, told) for id_, told in fits.items() if id_ not in gone)


def _size(desk: Desk, kind: str, text: str) -> Measure:
    return msgspec.structs.replace(desk, kind=kind).measure(text)


def _fits(size: Measure) -> str:
    return str(size.length) + (" of " + str(size.limit) if size.limit else " characters")


def going(
    room: Room, desk: Desk, words: Words | None, text: str, scene: Scene, zone: tzinfo
) -> Going:
    """Gather what a person looks at before the statement goes on."""
    review = desk.review(text)
    asks = submits(words, review)
    ways = () if asks else channels(room, desk, words, text)
    stuck = "" if asks or ways else "it is on its way on every channel"
    fresh = changed(desk.template.text, text) if desk.template else ()
    marks = (*marks_of(review.problems), *marks_in("", fresh))
    role = titles_of(desk.incident, review.approval)
    return Going(
        title=words.id if words else "New statement",
        text=text,
        sha256=review.sha256,
        act="submit to " + role if asks else "publish",
        told=tuple(_told(desk, words, review, scene, zone)),
        marks=marks,
        problems=open_problems(words, review),
        why_not=why_not(words, review, desk.incident) or stuck,
        channels=ways,
    )


def _told(
    desk: Desk, words: Words | None, review: Review, scene: Scene, zone: tzinfo
) -> Iterator[tuple[str, Row]]:
    if desk.template is not None:
        yield "to", line(desk.template.audience, ("   " + desk.template.title.lower(), "quiet"))
        waits = statement.missing(desk.template, desk.incident.facts.values())
        if waits:
            yield "facts", line(("not settled: " + ", ".join(waits), "warn"))
    said = words.approved_by() if words is not None and words.sha256 == review.sha256 else None
    if said is not None:
        told = said.by + " " + clock(said.at, scene.now, zone)
        yield "approved", line(told, ("   " + titles_of(desk.incident, said.step), "quiet"))
    elif review.approval:
        yield "approved", line(("nobody yet; underlined: not the template's words", "warn"))
    else:
        yield "approved", line("the template is, and only known facts vary")
    last = _last_said(desk.incident)
    if last is not None and last.sent_at is not None:
        yield "last said", line(last.id, " ", clock(last.sent_at, scene.now, zone))


def _last_said(incident: Incident) -> Words | None:
    sent = [one for one in incident.statements.values() if one.sent_at is not None]
    return max(sent, key=lambda one: one.sent_at or one.drafted_at, default=None)


def may_edit(words: Words | None) -> bool:
    """Whether the text can still change."""
    return words is None or words.state in IN_HAND


def reading_keys(opened: Opened, review: Review) -> list[tuple[str, str]]:
    """Return the keys while a statement is read, those that rest with their reason."""
    held = opened.words
    stuck = why_not(held, review, opened.desk.incident)
    act = "submit" if submits(held, review) else "publish"
    edit = "edit: asks again" if held is not None and held.approved_by() else "edit"
    keys = [("e", edit)] if may_edit(held) else []
    keys.append(("", "ctrl+s " + act + ": " + stuck) if stuck else ("ctrl+s", act))
    if opened.waits_for_hand:
        keys.append(("h", "it is out, by hand"))
    return [*keys, ("y", "copy"), ("esc", "room"), ("?", "keys")]
