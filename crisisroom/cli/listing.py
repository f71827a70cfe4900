"""Lists of mentions, written while they are read: there can be millions."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Sequence
from typing import get_args

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.following import Times, beginning, in_sentences, say_turn
from crisisroom.cli.options import arg, checked_limit, flag, option, takes
from crisisroom.cli.output import document, element, end_of_elements, flush, say
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import mention_line
from crisisroom.cli.sentences import mention_sentence, networks
from crisisroom.config.terms import terms_of
from crisisroom.core.errors import Usage
from crisisroom.core.mention import Mention, MentionKind, MentionState, Verdict
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.query import Query, numbered
from crisisroom.report.contract import mention_json
from crisisroom.room import Room, reading, stories
from crisisroom.room.following import Turn, following

_PAGE = 256
_HASH = re.compile(r"[0-9a-f]{8,64}")
_VERDICTS = tuple(one for one in get_args(Verdict) if one)


def narrative_id(given: str) -> str:
    """Return the id of a story as it was typed; Usage for anything else."""
    if numbered(given, "N-") is None:
        raise Usage("narrative", f"{given[:40]} is no story's id", "they look like N-3")
    return f"N-{numbered(given, 'N-')}"


async def _mentions(context: Context, args: Namespace) -> int:
    limit = checked_limit(args)
    if args.follow and limit is not None:
        raise Usage("usage", "--limit ends a list, --follow goes on: use one of them")
    room = await context.here()
    query = await _query(context, room, args)
    line = _lines(context, args, room)
    if args.follow:
        await _follow(context, room, query, line)
    elif context.options.json:
        await _array(room, query, limit)
    else:
        shown = 0
        async for mention in _all(room, query, limit):
            say(line(mention))
            shown += 1
        if not shown:
            say("no mention fits")
    return 0


def _lines(context: Context, args: Namespace, room: Room) -> Callable[[Mention], str]:
    """Return how a mention is written: as a sentence, or in a list's short way."""
    at = Times(context, room.config.zone)
    if not in_sentences(context, args):
        return lambda mention: mention_line(mention, at)
    return lambda mention: mention_sentence(mention, at, networks(room.config))


async def _query(context: Context, room: Room, args: Namespace) -> Query:
    incident = await reading.incident(room, args.incident) if args.incident else None
    story = await stories.narrative(room, narrative_id(args.story)) if args.story else None
    for source in args.source:
        known = [one.id for one in room.config.sources]
        await _known(room, "source", source, known, Query(sources=(source,)))
    if args.term:
        terms = [one.id for one in terms_of(room.config)]
        await _known(room, "term", args.term, terms, Query(term=args.term))
    query = Query(
        text=args.query,
        sources=tuple(args.source),
        states=tuple(args.state),
        incident=incident.id if incident else "",
        since=context.moment(args.since),
        assignee=args.assignee,
        narrative=story.id if story else "",
        term=args.term,
        tag=args.tag,
        verdict=args.verdict,
        kind=args.kind,
        lang=args.lang,
        author=args.author,
        picture=_picture(args.picture),
        least_priority=_share(args.priority),
        others=True if args.others else None if args.everything else False,
        copies=args.copies or args.everything,
        after=_number(args.after),
        limit=_PAGE,
        newest_first=False,
    )
    if args.query and not query.terms():
        raise Usage("query", "there is no word to look for in --query")
    last = beginning(context, args)
    return query if last is None else await _newest(room, query, last, none=args.follow)


async def _known(room: Room, what: str, given: str, ids: Sequence[str], query: Query) -> None:
    """Refuse what is neither set up nor said of any mention: it would silently fit nothing."""
    anything = msgspec.structs.replace(query, others=None, copies=True, limit=1)
    if given not in ids and not await reading.mentions(room, anything):
        hint = did_you_mean(given, ids, "there is")
        raise Usage(what, f"no {what} is called {given[:40]!r}", hint)


def _share(given: str) -> float:
    try:
        share = float(given or 0)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Usage("priority", f"--priority {given[:20]} is no share", "from 0 to 1, like 0.6")
    return share


def _picture(given: str) -> str:
    asked = given.strip().lower()
    if asked and not _HASH.fullmatch(asked):
        hint = "crisisroom evidence list shows them"
        raise Usage("picture", f"{given[:80]} is no sha256 nor its first 8 digits", hint)
    return asked


def _number(given: str) -> int:
    digits = given.upper().removeprefix("M-") or "0"
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise Usage("after", f"{given[:40]} is no mention's id", "they look like M-12")
    return int(digits)


async def _newest(room: Room, query: Query, count: int, *, none: bool) -> Query:
    """Return the query that begins with the newest so many; `none` of them only if allowed."""
    least = 0 if none else 1
    if count < least:
        raise Usage("last", f"--last is {least} or more")
    window = msgspec.structs.replace(query, limit=max(1, count), newest_first=True)
    found = await reading.mentions(room, window)
    if not found:
        return query
    return msgspec.structs.replace(query, after=found[-1].number - (1 if count else 0))


async def _all(room: Room, query: Query, limit: int | None = None) -> AsyncIterator[Mention]:
    """Yield the mentions that fit, oldest first, a page at a time."""
    given = 0
    while limit is None or given < limit:
        size = _PAGE if limit is None else min(_PAGE, limit - given)
        page = await reading.mentions(room, msgspec.structs.replace(query, limit=size))
        for mention in page:
            yield mention
        if len(page) < size:
            return
        given += len(page)
        query = msgspec.structs.replace(query, after=page[-1].number)


async def _array(room: Room, query: Query, limit: int | None) -> None:
    first = True
    async for mention in _all(room, query, limit):
        element(mention_json(mention), first=first)
        first = False
    end_of_elements(empty=first)


async def _follow(
    context: Context, room: Room, query: Query, line: Callable[[Mention], str]
) -> None:
    """Print the mentions that fit, then each further one as it comes in."""
    at = Times(context, room.config.zone)
    async for one in following(room, _Rest(room, query)):
        if isinstance(one, Turn):
            say_turn(context, one, at)
            continue
        if context.options.json:
            document(mention_json(one))
        else:
            say(line(one))
        flush()


class _Rest:
    """Reads what came in since it was asked last."""

    def __init__(self, room: Room, query: Query) -> None:
        self._room = room
        self._query = query

    async def __call__(self) -> AsyncIterator[Mention]:
        async for mention in _all(self._room, self._query):
            self._query = msgspec.structs.replace(self._query, after=mention.number)
            yield mention


MENTIONS = Verb(
    _mentions,
    takes(
        option("--query", "words that are in the text or the author's name", metavar="WORDS"),
        arg(
            "--source",
            "only of this source; may be repeated",
            action="append",
            default=[],
            metavar="ID",
        ),
        arg(
            "--state",
            "only in this state; may be repeated",
            action="append",
            default=[],
            choices=get_args(MentionState),
        ),
        option("--incident", "only those linked to it", metavar="INC-n"),
        option("--assignee", "only those somebody is on", metavar="NAME"),
        option("--story", "only those that tell it", metavar="N-n"),
        option("--term", "only those that say this watched term", metavar="ID"),
        option("--tag", "only those with this tag", metavar="TAG"),
        arg("--verdict", "only those that need this", choices=_VERDICTS, default=""),
        arg("--kind", "only such", choices=get_args(MentionKind), default=""),
        option("--lang", "only in this language", metavar="CODE"),
        option("--author", "only by this author", metavar="HANDLE"),
        option("--picture", "only those that show it, by 8 digits of its sha256", metavar="SHA"),
        option("--priority", "only of at least this priority, 0 to 1", metavar="SHARE"),
        flag("--others", "those about the industry and competitors instead of ours"),
        flag("--copies", "near-identical reposts too, which are only counted otherwise"),
        flag("--everything", "ours, others and reposts"),
        option("--since", "only those seen since: -2h, 09:12 or RFC 3339", metavar="TIME"),
        arg("--limit", "at most so many", type=int, metavar="N"),
        option("--after", "only what came in after this one", metavar="M-n"),
        arg("--last", "only the newest so many", type=int, metavar="N"),
        flag("--follow", "the newest 10, then what comes in from now on; --json: all of it"),
    ),
    over_key=READS,
)
