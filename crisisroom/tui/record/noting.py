"""Notes and decisions: of now or of a while ago, for the team or for Legal alone."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from crisisroom.core.corrected import plausible
from crisisroom.core.errors import Refused
from crisisroom.room import record
from crisisroom.room.record import OPTIONS
from crisisroom.tui.acted import final
from crisisroom.tui.acts import PUT_BACK, Desk, fine, needed
from crisisroom.tui.acts.when import dated, mistimed
from crisisroom.tui.record.fields import Field, Fields
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import asking

_READERS = re.compile(r"(legal|public):\s*", re.IGNORECASE)
_BETWEEN = ";"


def taken_apart(typed: str, now: datetime, zone: tzinfo) -> tuple[datetime | None, str, str]:
    """Return when it was, for whom it is, and the words, of `-12m legal: asked counsel`.

    Time and readers may stand in either order; None is now, empty is for the team.
    """
    at, words = dated(typed, now, zone)
    found = _READERS.match(words)
    if found is None:
        return at, "", words
    rest = words[found.end() :].strip()
    if at is None:
        at, rest = dated(rest, now, zone)
    return at, found[1].lower(), rest


def _flaw(desk: Desk, typed: str) -> str:
    at, _, words = taken_apart(typed, desk.now, desk.zone)
    if at is not None and not words:
        return "it needs some words after the time"
    return mistimed(words, desk.now, desk.zone) or needed(words) or _too_early(desk, at)


def _too_early(desk: Desk, at: datetime | None) -> str:
    try:
        plausible(desk.incident, at, desk.now)
    except Refused as refused:
        return f"{refused.message}: {refused.hint}"
    return ""


async def note(desk: Desk) -> None:
    """Write a note, of now or of a while ago, for the team or for Legal alone."""
    rest = f"{PUT_BACK}   legal: keeps it for Legal"
    typed = await desk.line("Note", rest, check=lambda words: _flaw(desk, words))
    at, seen_by, words = taken_apart(typed, desk.now, desk.zone)
    await record.note(desk.room, desk.incident.id, words, at=at, visibility=seen_by)
    desk.said(f"noted{_beside(desk, at, seen_by)}", final("a note"))


def _beside(desk: Desk, at: datetime | None, seen_by: str) -> str:
    when = f", at {clock(at, desk.now, desk.zone)}" if at else ""
    return when + {"": "", "legal": ", for Legal alone", "public": ", for everybody"}[seen_by]


async def decide(desk: Desk) -> None:
    """Record a decision: what, why, what else could have been done, and when it was."""
    asked = Fields(
        asking("Decision", "what one could ask about it later"),
        [
            Field("what", "what", needed, "what was decided; legal: before it is for Legal"),
            Field("why", "because", needed, "the reason"),
            Field("options", "instead of", _too_many, "what else was there; one ; another"),
            Field("when", "when", lambda typed: _no_time(desk, typed), "now, or 12m ago, 14:05"),
        ],
    )
    given = await desk.ask(asked) or {}
    at, seen_by, words = taken_apart(given["what"], desk.now, desk.zone)
    at = dated(given["when"], desk.now, desk.zone)[0] or at
    await record.decide(
        desk.room,
        desk.incident.id,
        words,
        given["why"],
        options=_options(given["options"]),
        at=at,
        visibility=seen_by,
    )
    desk.said(f"decision recorded{_beside(desk, at, seen_by)}", final("a decision"))


def _options(typed: str) -> list[str]:
    return [one.strip() for one in typed.split(_BETWEEN) if one.strip()]


def _too_many(typed: str) -> str:
    return f"up to {OPTIONS} of them" if len(_options(typed)) > OPTIONS else fine(typed)


def _no_time(desk: Desk, typed: str) -> str:
    if not typed or typed == "now":
        return ""
    at, rest = dated(typed, desk.now, desk.zone)
    return "write 12m ago, -1h30m or 14:05" if at is None or rest else _too_early(desk, at)
