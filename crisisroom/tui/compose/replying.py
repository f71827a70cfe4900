"""What the reply's screens say about a reply, worked out from the desk: no widget, no I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo

from crisisroom.core.clocks import minutes
from crisisroom.core.incident import Incident, Words
from crisisroom.core.lines import LINES, goes_to_problem, roles_for
from crisisroom.core.mention import Mention
from crisisroom.core.review import Problem, sentences
from crisisroom.room import Scene
from crisisroom.room.desk import Review
from crisisroom.room.looks import on_mention
from crisisroom.room.words import IN_HAND
from crisisroom.tui.compose.approving import titles_of, waits_for
from crisisroom.tui.compose.cuts import cut_marks, cut_row
from crisisroom.tui.compose.forms import STAYS_OPEN, TITLES
from crisisroom.tui.compose.lastlook import last_look
from crisisroom.tui.compose.marked import marks_in, marks_of
from crisisroom.tui.compose.offered import Offer, holds
from crisisroom.tui.compose.place import Place
from crisisroom.tui.compose.review import Going
from crisisroom.tui.compose.said import count, joined, line, lines
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.rows.times import clock, number

PARTS = ("greeting", "sign_off", "pointer")  # approved words that nobody asks about by name


def way(place: Place) -> str:
    """Say by which way the reply goes."""
    if place.by_hand:
        return "by hand, you post it there"
    account = ", as " + place.account if place.account else ""
    return "on " + place.desk.channel + ", in the same thread" + account


def quote(mention: Mention) -> tuple[Row, ...]:
    """Return a stranger's words, their handle above them."""
    name = mention.author.handle or mention.author.name or mention.id
    return (line(Cell(name, "bold", foreign=True)), *lines(mention.text, foreign=True))


def about(place: Place, now: datetime) -> Row:
    """Say how long they wait, how far they reach, and what they got from us."""
    mention, sent = place.mention, place.desk.to_author
    waits = mention.state in ("new", "claimed")
    reach = number(mention.author.reach)
    return joined(
        (
            line(("waits " + minutes(now - mention.posted_at) if waits else mention.state, "warn")),
            line((reach + " reach" if reach else "", "quiet")),
            line((count(sent, "reply") if sent == 1 else str(sent) + " replies", "quiet"))
            if sent
            else line(("nothing sent to them yet", "quiet")),
        )
    )


def is_mine(place: Place, person: str) -> bool:
    """Tell whether this post is this person's to answer: opening the composer then claims it."""
    desk = place.desk
    if place.words is not None and place.words.state not in IN_HAND:
        return False
    goes = goes_to_problem(desk.tags, desk.incident, person)
    return goes is None or goes.severity != "block"


def others(place: Place, me: str) -> Iterator[Row]:
    """Name colleagues who look at the same post."""
    there = on_mention(place.people, place.mention.id, me)
    writing = ", ".join(one.actor for one in there if one.doing == "reply")
    looking = ", ".join(one.actor for one in there if one.doing != "reply")
    if writing:
        yield line((writing, "text"), (" is replying too: only one of you can answer", "warn"))
    if looking:
        yield line((looking, "text"), (" looks at this post too", "warn"))


def thread_bits(place: Place, most: int) -> Iterator[tuple[Row, ...]]:
    """Return what others said in the conversation, newest last, at most so many."""
    rest = [one for one in place.thread if one.id != place.mention.id]
    for one in rest[-most:] if most else []:
        name = one.author.handle or one.author.name or one.id
        first = one.text.split("\n", 1)[0]
        yield (line(Cell(name, "quiet", foreign=True)), line(Cell(first, foreign=True)))


def story_line(place: Place, now: datetime, zone: tzinfo) -> Row | None:
    """Say how the lead wants the story answered: `questions only, set by lea 03:10: why`."""
    held = place.desk.line
    if held is None or held.line == "answer":
        return None
    why = ": " + held.why if held.why else ""
    told = ", set by " + held.by + " " + clock(held.at, now, zone)
    return line((LINES[held.line], "bold"), (told, "warn"), (why, "text"))


def notes(place: Place, now: datetime, zone: tzinfo, language: Row | None) -> Iterator[Row]:
    """Say what holds for this reply besides its way."""
    desk = place.desk
    if (row := story_line(place, now, zone)) is not None:
        yield row
    tags = ", ".join(roles_for(desk.tags, desk.incident.plan))
    if tags:
        yield line((tags, "bold"), ("   nothing is filled in for them", "warn"))
    if desk.form == "private":
        yield line((STAYS_OPEN, "warn"))
    if language is not None and not tags:
        yield language


def measure(review: Review, posts: int = 1) -> Row:
    """Return the line under the editor: length, blanks, forbidden words, what is unchanged.

    `posts` is how many the text goes out as.
    """
    forbidden = sum(one.code == "forbidden" for one in review.problems)
    blanks = review.blanks
    used = dict.fromkeys(name.partition("@")[0] for name in review.check.used)
    kept = [name for name in used if name not in PARTS]
    return joined(
        (
            _size(review, posts),
            line((count(blanks, "blank"), "warn") if blanks else ("no blanks", "quiet")),
            line((count(forbidden, "forbidden word") if forbidden else "", "late")),
            line((", ".join(kept) + " unchanged" if kept else "", "quiet")),
        )
    )


def _size(review: Review, posts: int) -> Row:
    length = str(review.length)
    if posts > 1:
        return line((length, "bold"), ("   goes as " + str(posts) + " posts", "warn"))
    if review.limit is None:
        return line((length, "bold"), " characters")
    over = review.length > review.limit
    told = " of " + str(review.limit)
    return line((length, "late" if over else "bold"), (told, "late" if over else "text"))


def act_of(place: Place, review: Review) -> str:
    """Return the verb of what sending comes to: send it, or hand it to those who approve it."""
    if review.approval and not _approved(place, review):
        return "submit to " + titles_of(place.desk.incident, review.approval)
    return "queue, then carry by hand" if place.by_hand else "send"


def submits(place: Place, review: Review) -> bool:
    """Whether the text has to be approved before it may go out."""
    return bool(review.approval) and not _approved(place, review)


def _approved(place: Place, review: Review) -> bool:
    words = place.words
    if words is None or words.sha256 != review.sha256:
        return False
    return place.desk.standing(words).complete


def reason(offered: Sequence[Offer], used: Collection[str]) -> Row | None:
    """Say why the approved words in a text fit the post, for screens that do not show the list."""
    whys = [(one.id, one.why) for one in offered if one.why and holds(used, one)]
    if not whys:
        return None
    return line(("why  ", "quiet"), *((id_ + "  " + why + "   ", "quiet") for id_, why in whys))


def why_not(place: Place, review: Review, scene: Scene) -> str:
    """Say what keeps the reply from going anywhere, empty when nothing does."""
    words = place.words
    if words is not None and words.state not in IN_HAND:
        return words.author + "'s " + words.id + " is " + words.state + ": nobody answers twice"
    if words is not None and words.author != scene.actor:
        return words.author + " writes " + words.id + " to this post"
    if words is not None and words.state == "submitted" and words.sha256 == review.sha256:
        return waits_for(place.desk.incident, words, scene) + " has it and decides"
    if any(one.code == "stopped" for one in review.blocking):
        who, when = place.desk.stopped or ("somebody", "")
        return " ".join((who, "stopped all outgoing words", when)).strip()
    return count(len(review.blocking), "problem") if review.blocking else ""


def going(place: Place, text: str, review: Review, scene: Scene, zone: tzinfo) -> Going:
    """Gather what a person looks at before the reply goes."""
    posts = place.desk.posts(text)
    free = review.check.free if review.approval else ()
    marks = (*marks_of(review.problems), *cut_marks(text, posts), *marks_in("", free))
    told = [
        ("goes", line(way(place))),
        ("length", measure(review, len(posts))),
        *(("", row) for row in (cut_row(text, posts),) if row is not None),
        *(("line", row) for row in (story_line(place, scene.now, zone),) if row is not None),
        *(("after", line(STAYS_OPEN)) for _ in range(place.desk.form == "private")),
        ("approved", approvals(place.desk.incident, place.words, review, zone, scene.now)),
        *last_look(place, zone, scene.now, urgent=False),
    ]
    return Going(
        title=TITLES[place.desk.form] + (f", as {len(posts)} posts" if len(posts) > 1 else ""),
        first=tuple(row for _, row in last_look(place, zone, scene.now, urgent=True)),
        text=text,
        sha256=review.sha256,
        act=act_of(place, review),
        told=tuple(told),
        quote=quote(place.mention),
        marks=marks,
        problems=review.problems if submits(place, review) else _without_own(review),
        why_not=why_not(place, review, scene),
    )


def _without_own(review: Review) -> tuple[Problem, ...]:
    return tuple(one for one in review.problems if one.code not in ("own_words", "unapproved"))


def approvals(
    incident: Incident, words: Words | None, review: Review, zone: tzinfo, now: datetime
) -> Row:
    """Say who approved the words, sentence by sentence or as a whole."""
    said = words.approved_by() if words is not None and words.sha256 == review.sha256 else None
    if said is not None:
        released = said.verdict == "released"
        step = "RELEASED WITHOUT APPROVAL" if released else titles_of(incident, said.step)
        ink = "late" if released else "quiet"
        return line(said.by, " ", clock(said.at, now, zone), ("   " + step, ink))
    if review.approval:
        free = sum(map(sentences, review.check.free))
        return line((count(free, "sentence") + " of your own, underlined", "warn"))
    return line("every sentence" if not review.check.free else "no approval needed")
