"""What goes over the wire: a text as one post, or as the posts of a thread, each with its key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from crisisroom.channels import Channel, Outgoing, splitting
from crisisroom.watch.way import Way

_IN_THREADS = ("mastodon", "bluesky", "x", "reddit")
_APART = timedelta(milliseconds=1)  # so that the posts of a thread stand in their order


def texts(way: Way, channel: Channel) -> tuple[str, ...]:
    """Return the posts that the words become, none where they do not fit."""
    text = way.words.text_on(way.send.channel, channel.kind)
    if channel.measure(text).fits:
        return (text,)
    if (most := channel.limits.posts) < 2:
        return ()
    return splitting.posts(text, channel.measure, most)


def cut_of(posts: Sequence[str]) -> str:
    """Return what tells one way of cutting a text from another."""
    return hashlib.sha256("\0".join(posts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def outgoing(way: Way, channel: Channel, posts: tuple[str, ...]) -> Outgoing | None:
    """Return the post that is next, None where what is out already was split in another way.

    It is the same, byte for byte, whoever tries it and how often.
    """
    done = len(way.send.parts)
    if done >= len(posts):
        return None
    linked, words = way.mention, way.words
    answered = linked.external_id if linked else _corrected(way, channel.kind)
    first = way.send.first_try_at or way.send.at or words.drafted_at
    return Outgoing(
        key=f"{way.send.key}.{done + 1}" if len(posts) > 1 else way.send.key,
        text=posts[done],
        in_reply_to=way.send.parts[-1].remote_id if done else answered,
        first_try_at=first + done * _APART,
        to=linked.handle if linked else "",
        url=linked.url if linked else "",
        title=_title(way, channel.kind),
        language=words.language or way.incident.plan.language,
    )


def _corrected(way: Way, kind: str) -> str:
    """Return the post that these words put right, where posts answer one another: beside it."""
    before = way.incident.statements.get(way.words.corrects)
    there = before.sends.get(way.send.channel) if before and kind in _IN_THREADS else None
    return there.remote_id if there and there.state == "sent" else ""


def _title(way: Way, kind: str) -> str:
    """Return what heads the words: the template's title, or the subject of the mail answered."""
    linked = way.mention
    if linked is not None:
        return linked.quote.partition("\n")[0].strip() if kind == "mail" else ""
    templates = way.incident.plan.statements
    return next((one.title for one in templates if one.id == way.words.template), "")
