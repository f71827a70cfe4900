"""Things as sentences, in whole words and without columns: read aloud, or by a program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from crisisroom.cli.plain import QUOTE, At, one_line
from crisisroom.config import RoomConfig
from crisisroom.core.mention import Author, Mention
from crisisroom.core.timeline import Entry
from crisisroom.text import clean_line

_NAMES = {
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "jetstream": "Bluesky",
    "reddit": "Reddit",
    "hackernews": "Hacker News",
    "x": "X",
    "youtube": "YouTube",
    "news": "the news",
    "mail": "mail",
}
_NEEDS = {
    "answer": "needs an answer",
    "correct": "needs the facts put right",
    "restore": "needs to be put right",
    "monitor": "is to be watched, without an answer",
    "thank": "is to be thanked",
}
_ONE_WORD = re.compile(r"[^\s,:;\"]+")
_SHORT = 80  # characters of a name or a tag


def networks(config: RoomConfig) -> dict[str, str]:
    """Return what each source is called where it is one of a network."""
    return {one.id: _NAMES[one.type] for one in config.sources if one.type in _NAMES}


def entry_sentence(entry: Entry, marks: Sequence[str], at: At) -> str:
    """Return what happened: when, who, what; then its number, and what was said of it since."""
    who = f"{entry.actor} as {entry.role}" if entry.role else entry.actor
    notes = "; ".join((f"entry {entry.seq}", *marks))
    return f"{at(entry.at)}, {one_line(who)}: {one_line(entry.text)}; {notes}"


def mention_sentence(mention: Mention, at: At, called: Mapping[str, str]) -> str:
    """Return a post: when, its id, how it stands, by whom and where, how far it reaches; its words.

    `called` are names of sources, see `networks`.
    """
    words = clean_line(mention.text, limit=QUOTE) or "without words"
    return f"{', '.join((at(mention.posted_at), mention.id, *_about(mention, called)))}: {words}"


def _about(mention: Mention, called: Mapping[str, str]) -> Iterator[str]:
    yield _state(mention)
    if mention.verdict:
        yield _NEEDS[mention.verdict]
    if mention.incident:
        yield f"part of {mention.incident}"
    if mention.kind != "post":
        yield mention.kind
    source = called.get(mention.source, mention.source)
    yield _author(mention.author) + (f" on {source}" if source else "")
    if mention.author.reach is not None:
        yield f"reach {mention.author.reach}"
    if mention.copies:
        yield f"posted {mention.copies + 1} times, nearly the same"
    if mention.tags:
        yield f"tagged {_short(' and '.join(mention.tags))}"


def _state(mention: Mention) -> str:
    """Return how a post stands, in the words of the screens."""
    whose = f" by {mention.assignee}" if mention.assignee else ""
    told = {"offline": f"moved to private{whose}", "dismissed": "not relevant"}
    return told.get(mention.state, f"{mention.state}{whose}")


def _author(author: Author) -> str:
    """Return the handle, else the name; in quotes where it could pass for more than that."""
    told = _short(author.handle or author.name).replace('"', "'")
    return told if _ONE_WORD.fullmatch(told) else f'"{told}"' if told else "somebody"


def _short(words: str) -> str:
    return clean_line(words, limit=_SHORT)
