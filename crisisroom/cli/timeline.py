"""What happened, in order: narrowed, searched, or followed as it is written."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, checked_limit, flag, option, takes
from crisisroom.cli.output import document, element, end_of_elements, flush, say
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import At, in_zone, one_line
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
from crisisroom.room.timeline import Seen

WIDEST = 24  # columns of who wrote it; longer names push their line to the right


async def _timeline(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    asked = _Asked(context, args, incident)
    lines = _Lines(incident, context.clock.now())
    first = True
    async for seen in asked.entries(room):
        if not context.options.json:
            say(lines.of(seen))
        elif args.follow:
            document(_json(seen))
        else:
            element(_json(seen), first=first)
        first = False
        if args.follow:
            flush()
    if context.options.json:
        end_of_elements(empty=first)
    elif first and asked.narrow.narrows:
        say("no entry fits")
    return 0


def _json(seen: Seen) -> dict[str, object]:
    return told_json(seen.entry, seen.incident, seen.called)


class _Asked:
    """Which entries a command line asks for."""

    def __init__(self, context: Context, args: Namespace, incident: Incident) -> None:
        self._limit = checked_limit(args)
        self._args = args
        self._inc = incident.id
        self._after = _number(args.after)
        if args.last is not None and args.last < 0:
            raise Usage("last", "--last is 0 or more")
        if args.follow and self._limit is not None:
            raise Usage("usage", "--limit ends a list, --follow goes on: use one of them")
        if args.follow and args.reverse:
            raise Usage("usage", "--reverse begins at the end, --follow goes on: use one of them")
        self.narrow = _filter(context, args)

    async def entries(self, room: Room) -> AsyncIterator[Seen]:
        left = self._limit
        async for one in self._every(room):
            if left is not None:
                if left == 0:
                    return
                left -= 1
            yield one

    async def _every(self, room: Room) -> AsyncIterator[Seen]:
        args, after = self._args, self._after
        if args.last is not None:
            found, after = await timeline.newest(
                room, self._inc, self.narrow, args.last, after=after
            )
            for one in reversed(found) if args.reverse else found:
                yield one
            if not args.follow:
                return
        async for one in self._rest(room, after):
            yield one

    def _rest(self, room: Room, after: int) -> AsyncIterator[Seen]:
        if self._args.follow:
            return timeline.follow(room, self._inc, self.narrow, after=after)
        if self._args.reverse:
            return timeline.backwards(room, self._inc, self.narrow, after=after)
        return timeline.forwards(room, self._inc, self.narrow, after=after)


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
            flag("--follow", "go on with what is written from now on"),
            option("--after", "only what follows this entry", metavar="N"),
            arg("--limit", "at most so many", type=int, metavar="N"),
            arg("--last", "only the newest so many", type=int, metavar="N"),
        ),
        incident=True,
        over_key=READS,
    ),
}
