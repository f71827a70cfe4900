"""What the statement's screen says, worked out from the incident: no widget, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from crisisroom.channels import Measure
from crisisroom.core import statement
from crisisroom.core.approval import progress, titles
from crisisroom.core.incident import Incident, SendStatus, Verdict, Words
from crisisroom.core.review import Problem
from crisisroom.room import Room, Scene
from crisisroom.room.desk import BY_HAND, Desk, Review
from crisisroom.room.words import IN_HAND
from crisisroom.tui.compose.approving import may_release, may_revoke, titles_of, waits_for
from crisisroom.tui.compose.marked import changed, marks_in, marks_of
from crisisroom.tui.compose.opening import Opened
from crisisroom.tui.compose.review import Going
from crisisroom.tui.compose.said import Item, count, joined, line, short_hash
from crisisroom.tui.compose.steps import step_items
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
    asked = msgspec.structs.replace(words, approval=review.approval or words.approval)
    standing = progress(incident, asked, now)
    counted = standing.agreed
    items = [
        _verdict(incident, words, said, at, now, zone)
        for at, said in enumerate(words.verdicts)
        if said not in counted
    ]
    if words.state in IN_HAND and (review.approval or counted) and words.state != "rejected":
        waits = words.state == "submitted"
        items += step_items(incident, standing, scene, zone, asked=waits)
    else:
        items += [
            _verdict(incident, words, said, -1 - n, now, zone) for n, said in enumerate(counted)
        ]
    for send in words.sends.values():
        at_ = brief_clock(send.at, now, zone) if send.at else ""
        reason = ": " + send.reason if send.reason else ""
        row = _approval(at_, words.author, send.channel, send.state + reason, quiet=False)
        items.append(Item("send/" + send.channel, _SEND_MARKS[send.state], (row,)))
    return items


def _verdict(
    incident: Incident, words: Words, said: Verdict, at: int, now: datetime, zone: tzinfo
) -> Item:
    good = said.verdict in ("approved", "released")
    role = " and ".join(titles(incident, said.roles)) or titles_of(incident, said.step)
    reason = ": " + said.reason if said.reason else ""
    told = said.verdict + " v" + str(said.version) + reason
    stands = said.sha256 == words.sha256
    row = _approval(brief_clock(said.at, now, zone), said.by, role, told, quiet=not stands)
    mark = Cell(LOOK, "warn") if said.verdict == "released" else Cell(DONE, "ok")
    return Item("said" + str(at), mark if good else Cell(BAD, "late"), (row,))


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
    parts = [] if room.config.ways_out else [line((str(review.length), "bold"), " characters")]
    for account in room.config.ways_out:
        size = _size(desk, account.type, text)
        if size.limit:
            told = " of " + str(size.limit) + " on " + account.id
            ink = "text" if size.fits else "late"
            parts.append(line((str(size.length), "bold" if size.fits else "late"), (told, ink)))
    blanks = review.blanks
    parts.append(line((count(blanks, "blank"), "warn") if blanks else ("no blanks", "ok")))
    parts.append(line((count(forbidden, "forbidden word") if forbidden else "", "late")))
    return joined(parts)


def why_not(words: Words | None, review: Review, desk: Desk, scene: Scene) -> str:
    """Say what keeps the statement from going on, empty when nothing does."""
    if review.blocking:
        return count(len(review.blocking), "problem")
    if words is None or words.sha256 != review.sha256:
        return ""
    if words.state == "submitted" and submits(words, review, desk):
        return waits_for(desk.incident, words, scene) + " decides first"
    if words.state == "rejected":
        return "it was rejected: edit it first"
    return "it is withdrawn" if words.state == "withdrawn" else ""


def open_problems(words: Words | None, review: Review, desk: Desk) -> tuple[Problem, ...]:
    """Return the problems; words that were approved as they read need no approval any more."""
    if submits(words, review, desk):
        return review.problems
    return tuple(one for one in review.problems if one.code not in ("own_words", "unapproved"))


def submits(words: Words | None, review: Review, desk: Desk) -> bool:
    """Whether the text has to be approved before it may be published."""
    if not review.approval or words is None or words.sha256 != review.sha256:
        return bool(review.approval)
    return not (desk.standing(words).complete or desk.beforehand(words))


def channels(room: Room, desk: Desk, words: Words | None, text: str) -> tuple[tuple[str, str], ...]:
    """Return where a statement can go that it has not gone to yet, with how it fits."""
    sends = words.sends.values() if words else ()
    gone = {send.channel for send in sends if send.state != "failed"}
    fits = {one.id: _fits(_size(desk, one.type, text)) for one in room.config.ways_out}
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
    asks = submits(words, review, desk)
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
        problems=open_problems(words, review, desk),
        why_not=why_not(words, review, desk, scene) or stuck,
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
        released = said.verdict == "released"
        how = "RELEASED WITHOUT APPROVAL" if released else titles_of(desk.incident, said.step)
        yield "approved", line(told, ("   " + how, "late" if released else "quiet"))
    elif not review.approval:
        yield "approved", line("no approval needed")
    elif words is not None and words.sha256 == review.sha256 and desk.beforehand(words):
        yield "approved", line("beforehand, and nobody decided in time", ("   template", "quiet"))
    elif review.verbatim:
        yield "approved", line(("nobody yet; the template's words, only known facts vary", "warn"))
    else:
        yield "approved", line(("nobody yet; underlined: not the template's words", "warn"))
    last = _last_said(desk.incident)
    if last is not None and last.sent_at is not None:
        yield "last said", line(last.id, " ", clock(last.sent_at, scene.now, zone))


def _last_said(incident: Incident) -> Words | None:
    sent = [one for one in incident.statements.values() if one.sent_at is not None]
    return max(sent, key=lambda one: one.sent_at or one.drafted_at, default=None)


def may_edit(words: Words | None) -> bool:
    """Whether the text can still change."""
    return words is None or words.state in IN_HAND


def reading_keys(opened: Opened, review: Review, scene: Scene) -> list[tuple[str, str]]:
    """Return the keys while a statement is read, those that rest with their reason."""
    held = opened.words
    stuck = why_not(held, review, opened.desk, scene)
    act = "submit" if submits(held, review, opened.desk) else "publish"
    edit = "edit: asks again" if held is not None and held.approved_by() else "edit"
    keys = [("e", edit)] if may_edit(held) else []
    keys.append(("", "ctrl+s " + act + ": " + stuck) if stuck else ("ctrl+s", act))
    if opened.waits_for_hand:
        keys.append(("h", "it is out, by hand"))
    if held is not None and may_revoke(opened.desk.incident, held, scene):
        keys.append(("r", "take the approval back"))
    if held is not None and may_release(opened.desk.incident, held, scene):
        keys.append(("!", "emergency release"))
    return [*keys, ("y", "copy"), ("esc", "room"), ("?", "keys")]
