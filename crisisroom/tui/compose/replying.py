"""What the reply's screens say about a reply, worked out from the desk: no widget, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from crisisroom.core.clocks import minutes
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.review import Problem, sentences
from crisisroom.room import Scene
from crisisroom.room.desk import BY_HAND, Desk, Review
from crisisroom.room.words import IN_HAND
from crisisroom.store.places import Presence
from crisisroom.tui.compose.approving import titles_of, waits_for
from crisisroom.tui.compose.marked import marks_in, marks_of
from crisisroom.tui.compose.review import Going
from crisisroom.tui.compose.said import ago, count, joined, line, lines
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.rows.times import brief_clock, clock, number

PARTS = ("greeting", "sign_off")  # approved words that nobody asks about by name


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a reply is written: its desk, the conversation, who else is there, what is sent."""

    desk: Desk
    mention: Mention
    thread: tuple[Mention, ...]
    people: tuple[Presence, ...]
    words: Words | None
    account: str = ""  # our handle on the channel

    @property
    def by_hand(self) -> bool:
        """Whether a person carries the reply."""
        return self.desk.channel == BY_HAND


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


def others(place: Place, me: str) -> Iterator[Row]:
    """Name colleagues who look at the same post."""
    here = {
        one.actor for one in place.people if one.mention == place.mention.id and one.actor != me
    }
    if here:
        yield line((", ".join(sorted(here)), "text"), (" looks at this post too", "warn"))


def thread_bits(place: Place, most: int) -> Iterator[tuple[Row, ...]]:
    """Return what others said in the conversation, newest last, at most so many."""
    rest = [one for one in place.thread if one.id != place.mention.id]
    for one in rest[-most:] if most else []:
        name = one.author.handle or one.author.name or one.id
        first = one.text.split("\n", 1)[0]
        yield (line(Cell(name, "quiet", foreign=True)), line(Cell(first, foreign=True)))


def measure(review: Review) -> Row:
    """Return the line under the editor: length, blanks, forbidden words, what is unchanged."""
    over = review.limit is not None and review.length > review.limit
    forbidden = sum(one.code == "forbidden" for one in review.problems)
    blanks = review.blanks
    used = [name for name in review.check.used if name not in PARTS]
    size = " of " + str(review.limit) if review.limit is not None else " characters"
    return joined(
        (
            line(
                (str(review.length), "late" if over else "bold"), (size, "late" if over else "text")
            ),
            line((count(blanks, "blank"), "warn") if blanks else ("no blanks", "quiet")),
            line((count(forbidden, "forbidden word") if forbidden else "", "late")),
            line((", ".join(used) + " unchanged" if used else "", "quiet")),
        )
    )


def last_look(place: Place, zone: tzinfo, now: datetime) -> Iterator[tuple[str, Row]]:
    """Say what happened in the thread that one should know before one sends."""
    state, ids = place.desk.incident, {one.uid for one in place.thread}
    answers = [
        one
        for one in state.replies.values()
        if one.mention in ids and one.live and one.id != (place.words.id if place.words else "")
    ]
    for one in answers:
        at = one.sent_at or one.drafted_at
        act = "answered" if one.sent_at else "writes"
        when = (act, " ", ago(at, now), ", ", clock(at, now, zone))
        other = "" if one.mention == place.mention.uid else "  another post here"
        yield "thread", line((one.author, "bold"), " ", ("".join(when), "warn"), (other, "quiet"))
    newer = [one for one in place.thread if one.posted_at > place.mention.posted_at]
    if newer:
        when_ = brief_clock(newer[-1].posted_at, now, zone)
        said = count(len(newer), "newer post") + ", the last at " + when_
        yield "thread", line((said, "text"))
    if not answers and not newer:
        yield "thread", line(("nobody said anything since", "quiet"))


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


def why_not(place: Place, review: Review, scene: Scene) -> str:
    """Say what keeps the reply from going anywhere, empty when nothing does."""
    words = place.words
    if words is not None and words.state not in IN_HAND:
        return words.author + "'s " + words.id + " is " + words.state + ": nobody answers twice"
    if words is not None and words.author != scene.actor:
        return words.author + " writes " + words.id + " to this post"
    if words is not None and words.state == "submitted" and words.sha256 == review.sha256:
        return waits_for(place.desk.incident, words, scene) + " has it and decides"
    if review.blocking:
        return count(len(review.blocking), "problem")
    return ""


def going(place: Place, text: str, scene: Scene, zone: tzinfo) -> Going:
    """Gather what a person looks at before the reply goes."""
    review = place.desk.review(text)
    marks = (
        *marks_of(review.problems),
        *marks_in("", review.check.free if review.approval else ()),
    )
    told = [
        ("goes", line(way(place))),
        ("length", measure(review)),
        ("approved", approvals(place.desk.incident, place.words, review, zone, scene.now)),
        *last_look(place, zone, scene.now),
    ]
    return Going(
        title="Reply",
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
