"""What happened, in order: narrowed, searched, or followed as it is written."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.following import Times, beginning, in_sentences, say_turn
from crisisroom.cli.options import arg, checked_limit, flag, option, takes
from crisisroom.cli.output import document, element, end_of_elements, flush, say
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.cli.sentences import entry_sentence
from crisisroom.core.about import named
from crisisroom.core.corrected import back_dated, correction, visibility
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.timefilter import (
    FAMILIES,
    SOURCES,
    VISIBILITIES,
    Filter,
    folded,
    kind_named,
)
from crisisroom.core.timeline import Entry
from crisisroom.report.contract_timeline import told_json
from crisisroom.room import Room, reading, timeline
from crisisroom.room.correcting import READERS
from crisisroom.room.following import Turn
from crisisroom.room.timeline import Seen

WIDEST = 24  # columns of who wrote it; longer names push their line to the right


async def _timeline(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    asked = _Asked(context, args, incident)
    if args.follow:
        return await _follow(context, args, room, asked)
    line, first = _lines(context, args, incident), True
    async for seen in asked.entries(room):
        if context.options.json:
            element(_json(seen), first=first)
        else:
            say(line(seen))
        first = False
    if context.options.json:
        end_of_elements(empty=first)
    elif first and asked.narrow.narrows:
        say("no entry fits")
    return 0


async def _follow(context: Context, args: Namespace, room: Room, asked: _Asked) -> int:
    """Print what there is to begin with, then each further entry as soon as it is written."""
    at = Times(context, asked.incident.zone)
    async for seen in asked.followed(room):
        if isinstance(seen, Turn):
            say_turn(context, seen, at)
            continue
        if context.options.json:
            document(_json(seen))
        else:
            say(_lines(context, args, seen.incident)(seen))
        flush()
    return 0


def _json(seen: Seen) -> dict[str, object]:
    return told_json(seen.entry, seen.incident, seen.called)


def _lines(context: Context, args: Namespace, incident: Incident) -> Callable[[Seen], str]:
    """Return how an entry is written: as a sentence, or so that times stand below each other."""
    if not in_sentences(context, args):
        return _Lines(incident, context.clock.now()).of
    at = in_zone(incident.zone, context.clock.now())
    return lambda seen: entry_sentence(seen.entry, marks_of(seen.entry, seen.incident, at), at)


class _Asked:
    """Which entries a command line asks for."""

    def __init__(self, context: Context, args: Namespace, incident: Incident) -> None:
        self._limit = checked_limit(args)
        self._reverse = args.reverse
        self.incident = incident
        self._after = _number(args.after)
        if args.last is not None and args.last < 0:
            raise Usage("last", "--last is 0 or more")
        if args.follow and self._limit is not None:
            raise Usage("usage", "--limit ends a list, --follow goes on: use one of them")
        if args.follow and args.reverse:
            raise Usage("usage", "--reverse begins at the end, --follow goes on: use one of them")
        self._last = beginning(context, args)
        self.narrow = _filter(context, args)

    async def entries(self, room: Room) -> AsyncIterator[Seen]:
        """Yield what there is."""
        left = self._limit
        async for one in self._every(room):
            if left is not None:
                if left == 0:
                    return
                left -= 1
            yield one

    async def _every(self, room: Room) -> AsyncIterator[Seen]:
        if self._last is not None:
            found, _ = await self._newest(room, self._last)
            for one in reversed(found) if self._reverse else found:
                yield one
            return
        walk = timeline.backwards if self._reverse else timeline.forwards
        async for one in walk(room, self.incident.id, self.narrow, after=self._after):
            yield one

    async def followed(self, room: Room) -> AsyncIterator[Seen | Turn]:
        """Yield what there is to begin with, then what comes."""
        after = self._after
        if self._last is not None:
            found, after = await self._newest(room, self._last)
            for one in found:
                yield one
        async for each in timeline.follow(room, self.incident.id, self.narrow, after=after):
            yield each

    async def _newest(self, room: Room, count: int) -> tuple[list[Seen], int]:
        inc, narrow = self.incident.id, self.narrow
        return await timeline.newest(room, inc, narrow, count, after=self._after)


def _number(given: str) -> int:
    if given and not (given.isascii() and given.isdecimal() and len(given) <= 15):
        raise Usage("after", f"{given[:40]} is no entry's number")
    return int(given or 0)


def _filter(context: Context, args: Namespace) -> Filter:
    words = folded(args.query)
    if args.query and not words:
        raise Usage("query", "there is no word to look for in --query")
    return Filter(
        kinds=tuple(kind_named(one) for one in args.kind),
        actor=args.actor,
        role=args.role,
        source=args.source,
        about=tuple(named(one) for one in args.about),
        seen_by=args.visibility,
        pinned=args.pinned,
        corrected=args.corrected,
        since=context.moment(args.since),
        until=context.moment(args.until),
        words=words,
    )


class _Lines:
    """Entries as lines of which number, time and author stand below each other."""

    def __init__(self, incident: Incident, now: datetime) -> None:
        self._at = in_zone(incident.zone, now)
        self._number = max(4, len(f"{incident.seq}"))
        self._time = max(len(self._at(one)) for one in (incident.declared_at, now))
        self._who = min(WIDEST, max((len(one) for one in _authors(incident)), default=0))

    def of(self, seen: Seen) -> str:
        entry = seen.entry
        marks = "; ".join(marks_of(entry, seen.incident, self._at))
        told = f"[{marks}] " if marks else ""
        head = f"{entry.seq:>{self._number}}  {self._at(entry.at):<{self._time}}"
        return f"{head}  {_author(entry.actor, entry.role):<{self._who}}  {told}" + one_line(
            entry.text
        )


def _author(actor: str, role: str) -> str:
    return f"{actor} ({role})" if role else actor


def _authors(incident: Incident) -> Iterator[str]:
    yield from (_author(name, "") for name in incident.people)
    yield from (_author(role.holder, role.id) for role in incident.roles.values() if role.holder)


def marks_of(entry: Entry, incident: Incident, at: At) -> Sequence[str]:
    """Return what was said of an entry beside its words: later, corrected, pinned, for whom."""
    marks = []
    if entry.seq in incident.pinned:
        marks.append("pinned")
    if back_dated(entry):
        marks.append(f"written down {at(entry.recorded_at)}")
    if made := correction(incident, entry):
        time = f" it was {at(made.at)}" if made.at else ""
        words = f" {one_line(made.words)}" if made.words else ""
        marks.append(f"corrected by {made.entry}:{time}{',' if time and words else ''}{words}")
    seen_by = visibility(incident, entry)
    if seen_by != "internal":
        marks.append(f"for {READERS[seen_by]}")
    if about := entry.data.get("about"):
        marks.append(f"about {', '.join(about)}")
    return marks


VERBS = {
    "timeline": Verb(
        _timeline,
        takes(
            arg(
                "--kind",
                f"only such: {', '.join(FAMILIES)}, or a kind like note, task.done;"
                " may be repeated",
                action="append",
                default=[],
                metavar="KIND",
            ),
            option("--actor", "only what somebody wrote", metavar="NAME"),
            option("--role", "only what was written in this role", metavar="ID"),
            arg("--source", "only what came from there", choices=SOURCES, default=""),
            arg(
                "--about",
                "only what concerns M-12, ST-3, N-3, T:TASK, F:FACT, C:CONTACT, E:ENTRY …;"
                " may be repeated",
                action="append",
                default=[],
                metavar="THING",
            ),
            flag("--pinned", "only what matters most"),
            flag("--corrected", "only what was corrected since"),
            arg("--visibility", "only what these may read", choices=VISIBILITIES, default=""),
            option("--since", "only what happened since: -2h, 09:12 or RFC 3339", metavar="TIME"),
            option("--until", "only what happened until then", metavar="TIME"),
            option("--query", 'only what says these words and "phrases"', metavar="WORDS"),
            flag("--reverse", "the newest first"),
            flag("--follow", "the newest 10, then what is written from now on; --json: all of it"),
            option("--after", "only what follows this entry", metavar="N"),
            arg("--limit", "at most so many", type=int, metavar="N"),
            arg("--last", "only the newest so many", type=int, metavar="N"),
        ),
        incident=True,
        over_key=READS,
    ),
}
