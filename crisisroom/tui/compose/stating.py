"""What the statement's screen says, worked out from the incident: no widget, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from crisisroom.core import statement
from crisisroom.core.approval import progress, titles
from crisisroom.core.incident import Incident, Verdict, Words
from crisisroom.core.review import Problem
from crisisroom.room import Room, Scene
from crisisroom.room.desk import BY_HAND, Desk, Review
from crisisroom.room.words import IN_HAND
from crisisroom.tui.compose.approving import may_release, may_revoke, titles_of, waits_for
from crisisroom.tui.compose.correcting import out_on
from crisisroom.tui.compose.marked import changed, marks_in, marks_of
from crisisroom.tui.compose.opening import Opened
from crisisroom.tui.compose.review import Going
from crisisroom.tui.compose.said import Item, count, joined, line, short_hash
from crisisroom.tui.compose.steps import step_items
from crisisroom.tui.compose.variants import SOURCE, TEXT, Bundle, problems_on
from crisisroom.tui.rows import Cell, Row, fit, short
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.signs import BAD, DONE, LOOK


def approvals_title(words: Words | None) -> Row:
    """Say what approvals are of."""
    if words is None:
        return line(("Approvals", "bold"), ("   none asked yet", "quiet"))
    return line(("Approvals", "bold"), ("   " + of_what(words) + short_hash(words.sha256), "quiet"))


def of_what(words: Words) -> str:
    """Say what an approval is of: a text, or a text together with the words of single channels."""
    if not words.variants:
        return "of exactly this text, "
    every = len(words.variants) + 1
    return "of both texts together, " if every == 2 else f"of all {every} texts together, "


def approval_items(
    incident: Incident, words: Words, review: Review, scene: Scene, zone: tzinfo
) -> list[Item]:
    """Return verdicts and who is asked, in the order it happens."""
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


def head(opened: Opened, *, editing: bool, saved: str) -> Row:
    """Return the title above the text."""
    template, words = opened.desk.template, opened.words
    title = template.title.lower() if template else "statement"
    version = ", version " + str(words.version) if words else ", not on the timeline yet"
    audience = "   " + template.audience if template else ""
    return line(
        (words.id if words else "New", "focus"),
        "  ",
        (_about(opened) or title, "text"),
        (version, "text"),
        (audience + (", " + saved if saved and editing else ""), "quiet"),
    )


def _about(opened: Opened) -> str:
    words, source = opened.words, opened.source
    if source is None:
        return ""
    if opened.corrects:
        return "correction of " + source.id
    return source.id + " in " + (words.language if words else opened.begun.language)


def measure(room: Room, desk: Desk, bundle: Bundle, side: str, review: Review) -> Row:
    """Return the line under a side: its length where it goes out, blanks, forbidden words."""
    found = problems_on(review, bundle, side)
    parts = [*_lengths(room, desk, bundle, side, review)]
    blanks = sum(one.code == "blank" for one in found)
    forbidden = sum(one.code == "forbidden" for one in found)
    parts.append(line((count(blanks, "blank"), "warn") if blanks else ("no blanks", "ok")))
    parts.append(line((count(forbidden, "forbidden word") if forbidden else "", "late")))
    return joined(parts)


def _lengths(room: Room, desk: Desk, bundle: Bundle, side: str, review: Review) -> Iterator[Row]:
    """Yield the text's length on every account that gets it, or a side's own on its channel."""
    if side == SOURCE:
        return
    accounts = [one for one in room.config.ways_out if side in (one.id, TEXT)]
    if side == TEXT:
        accounts = [one for one in accounts if one.id not in bundle.variants]
    if not accounts:
        yield line((str(review.length), "bold"), " characters")
    for account in accounts:
        size = desk.on(account.id).measure(bundle.of(side))
        if size.limit:
            told = " of " + str(size.limit) + " on " + account.id
            ink = "text" if size.fits else "late"
            yield line((str(size.length), "bold" if size.fits else "late"), (told, ink))


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


def channels(
    room: Room, desk: Desk, words: Words | None, bundle: Bundle
) -> tuple[tuple[str, str], ...]:
    """Return where a statement can go that it has not gone to yet, with how it fits."""
    sends = words.sends.values() if words else ()
    gone = {send.channel for send in sends if send.state != "failed"}
    told = {one.id: _fits(desk, bundle, one.id, one.read_by) for one in room.config.ways_out}
    told[BY_HAND] = "copy, post it, come back with the link"
    return tuple((id_, how) for id_, how in told.items() if id_ not in gone)


def _fits(desk: Desk, bundle: Bundle, channel: str, read_by: str) -> str:
    own = channel in bundle.variants
    size = desk.on(channel).measure(bundle.of(channel) if own else bundle.text)
    told = str(size.length) + (" of " + str(size.limit) if size.limit else " characters")
    read = "" if read_by == "public" else ", only colleagues read it"
    return told + (", words of its own" if own else "") + read


def going(
    room: Room, desk: Desk, words: Words | None, bundle: Bundle, scene: Scene, zone: tzinfo
) -> Going:
    """Gather what a person looks at before the statement goes on."""
    review = desk.review(bundle.text, bundle.variants)
    asks = submits(words, review, desk)
    ways = () if asks else channels(room, desk, words, bundle)
    stuck = "" if asks or ways else "it is on its way on every channel"
    fresh = changed(desk.template.text, bundle.text) if desk.template else ()
    marks = (
        *marks_of(problems_on(review, bundle, TEXT)),
        *marks_in("", fresh),
    )
    role = titles_of(desk.incident, review.approval)
    return Going(
        title=words.id if words else "New statement",
        text=bundle.text,
        sha256=review.sha256,
        act="submit to " + role if asks else "publish",
        told=tuple(_told(desk, words, review, scene, zone)),
        marks=marks,
        problems=open_problems(words, review, desk),
        why_not=why_not(words, review, desk, scene) or stuck,
        channels=ways,
        more=tuple(bundle.variants.items()),
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
    held, state = opened.words, opened.desk.incident
    if held is not None and any(send.state == "unknown" for send in held.sends.values()):
        return [("b", "say what became of it"), *_looks(held)]
    if held is not None and out_on(held):
        return _out_keys(opened, held)
    stuck = why_not(held, review, opened.desk, scene)
    act = "submit" if submits(held, review, opened.desk) else "publish"
    edit = "edit: asks again" if held is not None and held.approved_by() else "edit"
    keys = [("e", edit)] if may_edit(held) else []
    if held is not None and held.suspended:
        keys.append(("u", "it still holds"))
    else:
        keys.append(("", "ctrl+s " + act + ": " + stuck) if stuck else ("ctrl+s", act))
    if opened.waits_for_hand:
        keys.append(("h", "it is out, by hand"))
    if held is not None and may_revoke(state, held, scene):
        keys.append(("r", "take the approval back"))
    if held is not None and may_release(state, held, scene):
        keys.append(("!", "emergency"))
    return [*keys, *_looks(held)]


def _out_keys(opened: Opened, held: Words) -> list[tuple[str, str]]:
    """Return the keys for words that are out: they are put right, or taken back."""
    keys = [("C", "correct"), ("X", "take it back")]
    keys += [("S", "it stands")] if opened.owed else []
    keys += [("h", "it is out, by hand")] if opened.waits_for_hand else []
    more = [("ctrl+s", "publish elsewhere")] if not opened.owed else []
    return [*keys, *more, *_looks(held)]


def _looks(held: Words | None) -> list[tuple[str, str]]:
    changes = [("d", "changes")] if held is not None and held.version > 1 else []
    return [*changes, ("esc", "room"), ("y", "copy"), ("?", "keys")]
