"""What an approver without a terminal gets to read: the text, who asks, by when, and the code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from crisisroom.core.approval import Progress, titles
from crisisroom.core.codes import GOOD_FOR
from crisisroom.core.incident import Incident, Words
from crisisroom.core.playbook import Contact
from crisisroom.core.terms import zone_of
from crisisroom.text import clean, clean_line

_QUOTED = 600  # characters of what is answered
_RULE = "-" * 20
SPOKEN = ("phone", "mobile", "tel")  # kinds of reach that take no written message


class Asking(NamedTuple):
    """Who asks whom, about which text, as what."""

    incident: Incident
    words: Words
    standing: Progress
    asker: str  # as the room calls them
    contact: Contact
    roles: tuple[str, ...]  # as which their word counts; empty: as a colleague


def title_of(asking: Asking) -> str:
    """Return the head of the message; it may stand on a locked phone, so it has no more words."""
    drill = "DRILL: " if asking.incident.drill else ""
    return f"{drill}Please approve {asking.words.id}: {asking.incident.title}"


def letter_of(asking: Asking, code: str, now: datetime) -> str:
    """Return the message with the whole text, to the letter, and its one-time code."""
    return "\n".join(_lines(asking, code, now))


def _lines(asking: Asking, code: str, now: datetime) -> Iterator[str]:
    incident, words = asking.incident, asking.words
    if incident.drill:
        yield "THIS IS A DRILL: nothing of it is real."
        yield ""
    as_what = " or ".join(titles(incident, asking.roles)) or "a colleague"
    yield f"{asking.asker} asks you, as {as_what}, to approve a text: {_what(words)}."
    yield "It goes out only if you say so, and exactly as it stands here."
    yield ""
    yield from _answered(incident, words)
    yield from _text("the text", words.text)
    for channel, variant in sorted(words.variants.items()):
        yield from _text(f"the same, as it reads on {channel}", variant)
    yield "If it may go out like this, read this code out to whoever of us calls you:"
    yield ""
    yield f"    {code}"
    yield ""
    if number := _number(incident, asking.asker):
        yield f"Or call {number}."
    yield f"Please answer by {_until(asking, now)}."
    until = _clock(incident, now + GOOD_FOR)
    yield f"The code is for this text alone, once, until {until}. Do not forward it."
    yield "If something has to change, give no code: say what."


def _what(words: Words) -> str:
    kind = "a reply" if words.sort == "reply" else f"our {words.kind} statement"
    to = words.handle or ("" if words.sort == "reply" else words.audience)
    on = f" on {words.channel}" if words.channel else ""
    return f"{kind}{f' to {to}' if to else ''}{on} ({words.id}, version {words.version})"


def _answered(incident: Incident, words: Words) -> Iterator[str]:
    """Yield what a reply answers, marked line by line as the words of somebody else."""
    linked = incident.mentions.get(words.mention)
    if linked is None:
        return
    yield f"{clean_line(linked.handle) or 'Somebody'} wrote:"
    yield from (f"> {line}" for line in clean(linked.quote, limit=_QUOTED).splitlines())
    yield ""


def _text(what: str, text: str) -> Iterator[str]:
    yield f"{_RULE} {what} {_RULE}"
    yield text
    yield f"{_RULE} end {_RULE}"
    yield ""


def _number(incident: Incident, asker: str) -> str:
    """Return whom to call: who asks, else the lead, as far as the plan has a number of them."""
    lead = incident.roles.get("lead")
    for person in (asker, lead.holder if lead else ""):
        for contact in incident.plan.contacts:
            spoken = [way.to for way in contact.reach if way.by in SPOKEN]
            if person and spoken and person in (contact.id, contact.name):
                return f"{contact.name}, {spoken[0]}"
    return ""


def _until(asking: Asking, now: datetime) -> str:
    due = asking.standing.due_at
    if due is None or due <= now:
        return f"{_clock(asking.incident, now + GOOD_FOR)}, the sooner the better: it is late"
    return _clock(asking.incident, due)


def _clock(incident: Incident, moment: datetime) -> str:
    there = moment.astimezone(zone_of(incident.zone))
    return f"{there:%H:%M} on {there:%Y-%m-%d} ({incident.zone})"
