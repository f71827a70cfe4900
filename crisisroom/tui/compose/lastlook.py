"""The last look at a thread before words go out: who said or writes something meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from crisisroom.core.incident import Words
from crisisroom.core.mention import Mention
from crisisroom.tui.compose.place import Place
from crisisroom.tui.compose.said import count, lately, line
from crisisroom.tui.compose.theirs import WRITING
from crisisroom.tui.rows import Row
from crisisroom.tui.rows.times import brief_clock, clock

Told = tuple[str, Row]
"""A label, and what stands beside it."""


def last_look(place: Place, zone: tzinfo, now: datetime, *, urgent: bool) -> Iterator[Told]:
    """Say what happened in the thread that one should know before one sends.

    Urgent is who answers the same post, or has: it is to be seen whatever the length of the text.
    """
    here = [*_replies(place, zone, now, here=True), *_ours(place, zone, now), *_drafts(place, now)]
    if urgent:
        yield from here
        return
    said = [*_replies(place, zone, now, here=False), *_newer(place, zone, now)]
    yield from said or ([] if here else [("thread", line(("nobody said anything since", "quiet")))])


def _replies(place: Place, zone: tzinfo, now: datetime, *, here: bool) -> Iterator[Told]:
    ids = {one.uid for one in place.thread}
    mine = place.words is not None and place.words.author == place.desk.person
    own = place.words.id if place.words and mine else ""
    for one in place.desk.incident.replies.values():
        there = one.mention in ids and (one.mention == place.mention.uid) == here
        if there and one.live and one.id != own:
            yield "thread", _reply(place, one, zone, now)


def _reply(place: Place, one: Words, zone: tzinfo, now: datetime) -> Row:
    at = one.sent_at or one.drafted_at
    act = " answered " if one.sent_at else " writes "
    told = act + lately(at, now) + ", " + clock(at, now, zone)
    other = "" if one.mention == place.mention.uid else "   another post here"
    return line((one.author, "bold"), (told, "warn"), (other, "quiet"))


def _drafts(place: Place, now: datetime) -> Iterator[Told]:
    for one in place.drafts:
        if now - one.updated_at < WRITING:
            told = " is writing to them, saved " + lately(one.updated_at, now)
            yield "thread", line((one.actor, "bold"), (told, "warn"))


def _ours(place: Place, zone: tzinfo, now: datetime) -> Iterator[Told]:
    found = [one for one in _after(place) if _is_ours(place, one)]
    if found:
        at = found[-1].posted_at
        told = " answered there " + lately(at, now) + ", " + clock(at, now, zone)
        yield "thread", line((place.account, "bold"), (told, "warn"))


def _newer(place: Place, zone: tzinfo, now: datetime) -> Iterator[Told]:
    if found := _after(place):
        last = brief_clock(found[-1].posted_at, now, zone)
        yield "thread", line(count(len(found), "newer post") + ", the last at " + last)


def _after(place: Place) -> list[Mention]:
    return [one for one in place.thread if one.posted_at > place.mention.posted_at]


def _is_ours(place: Place, one: Mention) -> bool:
    """Tell whether a post in the thread is by our own account, whoever wrote it."""
    ours = place.account.casefold().removeprefix("@")
    theirs = one.author.handle.casefold().removeprefix("@")
    return (
        ours != ""
        and theirs.partition("@")[0] == ours.partition("@")[0]
        and ("@" not in theirs or "@" not in ours or theirs == ours)
    )
