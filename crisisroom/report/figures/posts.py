"""The posts of an incident: when each was posted, who looked, which of them need an answer."""

from __future__ import annotations

from datetime import datetime

from crisisroom.core.incident import Incident, LinkedMention
from crisisroom.core.timeline import Entry, unstamp
from crisisroom.report.figures.points import Point

_LOOKED = ("mention.triaged", "mention.sorted", "reply.drafted")  # whoever writes has claimed it


class Posts:
    """When the linked posts were posted, and when a person first sorted them."""

    kinds = frozenset({"mention.linked", "mention.tagged", *_LOOKED})

    def __init__(self, incident: Incident) -> None:
        self._incident = incident
        self.linked: dict[str, Point] = {}
        self.triaged: Point | None = None
        self._tags: dict[str, frozenset[str]] = {}

    def take(self, entry: Entry, at: datetime) -> None:
        """Take what was linked, tagged, or looked at."""
        data = entry.data
        if entry.kind == "mention.linked":
            if data["mention"] in self._incident.mentions:
                self.linked[data["mention"]] = Point(unstamp(data["posted_at"]), entry.seq)
        elif entry.kind == "mention.tagged":
            tags, named = self._tags.get(data["mention"], frozenset()), frozenset(data["tags"])
            self._tags[data["mention"]] = tags - named if data["off"] else tags | named
        elif entry.source == "person":
            looked = Point(at, entry.seq)
            self.triaged = min(self.triaged or looked, looked)

    @property
    def first(self) -> Point | None:
        """Return when the first of them was posted."""
        return min(self.linked.values(), default=None)

    @property
    def seen(self) -> int:
        """Return how many of them a person has decided on."""
        return sum(one.state != "new" for one in self._incident.mentions.values())

    @property
    def asking(self) -> tuple[LinkedMention, ...]:
        """Return those that need an answer: not dismissed, nor of those the playbook never answers.

        A story's line is no reason to leave one out: it says how people are answered.
        """
        never = {*self._incident.plan.guardrails.never_answer}
        return tuple(
            one
            for one in self._incident.mentions.values()
            if one.state != "dismissed" and not never & self._tags.get(one.uid, frozenset())
        )

    @property
    def answered(self) -> int:
        """Return how many of those that need an answer have one, in public or in private."""
        return sum(
            one.answered_at is not None or one.state in ("answered", "offline")
            for one in self.asking
        )
