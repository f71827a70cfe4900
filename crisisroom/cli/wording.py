"""Statements and replies as they are printed, with what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.cli.context import Context
from crisisroom.cli.output import document, say, say_all, say_exactly
from crisisroom.cli.plain import in_zone, words_head, words_notes
from crisisroom.core.approval import progress_words, waiting_words
from crisisroom.core.errors import Usage
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.review import Problem
from crisisroom.report.contract import Json, plainly
from crisisroom.report.contract_words import words_json
from crisisroom.room import Acted, Room
from crisisroom.room.looked import Looked, look

_OWN = ("own_words", "unapproved")  # codes of problems that an approval settles


def id_of(sort: str, given: str) -> str:
    """Return the id of a statement or reply; Usage where the verb is for the other sort."""
    words_id = given.upper()
    other = "reply" if sort == "statement" else "statement"
    if words_id.startswith("R-" if other == "reply" else "ST-"):
        raise Usage("sort", f"{words_id} is a {other}", f"crisisroom {other} --help")
    return words_id


def as_json(looked: Looked) -> Json:
    """Return a statement or reply with its blanks and problems."""
    text = looked.words.text
    blanks = [blank.label for blank in blanks_in(text)] if looked.review else []
    problems = [plainly(problem) for problem in _problems(looked)]
    return words_json(looked.words, blanks, problems, looked.standing)


def _problems(looked: Looked) -> list[Problem]:
    """Return what is still to be said of a text; that words are our own ends with an approval."""
    if looked.review is None:
        return []
    return [one for one in looked.review.problems if looked.needs or one.code not in _OWN]


async def print_act(context: Context, room: Room, acted: Acted, words_id: str) -> int:
    """Print what an act on words came to, with their text where it may still change."""
    looked = await look(room, acted.incident.id, words_id)
    if context.options.json:
        document(as_json(looked) | {"entry": acted.entry.seq})
        return 0
    context.acted(acted, dict)
    if looked.review is not None:
        _print_text(looked)
        say_all(_notes(context, looked))
    return 0


def print_words(context: Context, looked: Looked) -> int:
    """Print a statement or reply with all that was decided on it."""
    if context.options.json:
        document(as_json(looked))
        return 0
    _print_text(looked)
    say_all(words_notes(looked.words, in_zone(looked.incident.zone, context.clock.now())))
    say_all(_notes(context, looked))
    return 0


def _print_text(looked: Looked) -> None:
    say(words_head(looked.words))
    say()
    say_exactly(looked.words.text)
    say()
    for channel, own in looked.words.variants.items():
        say(f"on {channel}:")
        say()
        say_exactly(own)
        say()


def _notes(context: Context, looked: Looked) -> Iterator[str]:
    if looked.review is None:
        return
    yield from (f"{one.severity}: {one.message}" for one in _problems(looked))
    limit = looked.review.limit
    if limit is not None:
        yield f"length: {looked.review.length} of {limit}"
    yield from _standing(context, looked)
    yield f"next: {_next(looked)}"


def _standing(context: Context, looked: Looked) -> Iterator[str]:
    """Yield how far an approval is: whose word it has, whose it waits for, until when."""
    standing = looked.standing
    if standing is None or looked.words.state not in ("submitted", "approved"):
        return
    at = in_zone(looked.incident.zone, context.clock.now())
    agreed = [f"{one.by} {at(one.at)}" for one in standing.agreed]
    due = f", due {at(standing.due_at)}" if standing.due_at and not standing.late else ""
    over = f", until {at(standing.lapses_at)}" if standing.lapses_at else ""
    go = "; its words were approved beforehand, it may go out" if looked.beforehand else ""
    said = progress_words(looked.incident, standing) + due + over + go
    yield f"approval: {said}" + (f" (agreed: {', '.join(agreed)})" if agreed else "")


def _next(looked: Looked) -> str:
    """Return the verb that brings these words nearer to their readers."""
    words, review = looked.words, looked.review
    verb, where = f"crisisroom {words.sort}", f"{looked.incident.id} {words.id}"
    if review is not None and review.blocking:
        return f"{verb} edit {where} TEXT"
    if words.state == "submitted" and looked.needs and looked.standing:
        who = waiting_words(looked.incident, looked.standing)
        return f"{who}: {verb} approve {where} {words.sha256[:12]}"
    if looked.needs:
        return f"{verb} submit {where}"
    if words.sort == "reply":
        return f"{verb} send {where}"
    return f"{verb} publish {where} --channel {words.channel or 'CHANNEL'}"
