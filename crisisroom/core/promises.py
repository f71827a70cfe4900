"""What we owe to people one by one: promises in replies, and talks that went on in private."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crisisroom.core.incident import Incident, LinkedMention
from crisisroom.core.said import Promise


def owed(incident: Incident) -> tuple[Promise, ...]:
    """Return the open promises, the earliest due first, those without a time at the end.

    One in a reply that was taken back before it went out was never made.
    """
    still = [
        one for one in incident.promised.values() if one.state == "open" and made(incident, one)
    ]
    return tuple(sorted(still, key=lambda one: (one.due_at is None, one.due_at or one.at, one.at)))


def made(incident: Incident, promise: Promise) -> bool:
    """Tell whether a promise was made, or will be once its reply is out."""
    reply = incident.replies.get(promise.reply)
    return reply is None or reply.sent_at is not None or reply.state != "withdrawn"


def is_said(incident: Incident, promise: Promise) -> bool:
    """Tell whether the reply with the promise in it went out."""
    reply = incident.replies.get(promise.reply)
    return reply is not None and reply.sent_at is not None


def whom(incident: Incident, promise: Promise) -> str:
    """Return the handle of whom we promised it, or the reply's id where there is none."""
    reply = incident.replies.get(promise.reply)
    return (reply.handle if reply else "") or promise.reply


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A talk that went on in private: `reply` is what moved it there, empty where none of ours did.

    It is open until somebody notes what came of it.
    """

    mention: str  # M-12
    uid: str
    handle: str
    by: str
    since: datetime | None
    reply: str = ""
    outcome: str = ""

    @property
    def open(self) -> bool:
        """Whether nobody has noted what came of it."""
        return not self.outcome


def threads(incident: Incident) -> tuple[Thread, ...]:
    """Return the talks in private, the longest first; those with their outcome included."""
    since = incident.declared_at  # of those that an earlier program moved without noting when
    return tuple(sorted(_threads(incident), key=lambda one: one.since or since))


def open_threads(incident: Incident) -> tuple[Thread, ...]:
    """Return the talks in private of which nobody has noted what came of them."""
    return tuple(one for one in threads(incident) if one.open)


def _threads(incident: Incident) -> Iterator[Thread]:
    for linked in incident.mentions.values():
        if linked.state == "offline":
            yield Thread(
                mention=linked.id,
                uid=linked.uid,
                handle=linked.handle or linked.name,
                by=linked.assignee,
                since=linked.private_at,
                reply=_moved_by(incident, linked),
                outcome=linked.outcome,
            )


def _moved_by(incident: Incident, linked: LinkedMention) -> str:
    """Return the last reply that asked its author to go on in private."""
    asked = [
        (one.sent_at, one.id)
        for one in incident.replies.values()
        if one.mention == linked.uid and one.form == "private" and one.sent_at is not None
    ]
    return max(asked)[1] if asked else ""
