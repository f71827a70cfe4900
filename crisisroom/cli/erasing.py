"""Erasing persons from the room, at their request."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import opened
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.progress import steps
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.persons import Person
from crisisroom.core.timeline import Entry, stamp
from crisisroom.report.contract import plainly
from crisisroom.room import erasing
from crisisroom.room.erasing import Erased
from crisisroom.room.exporting import exports_of

_SHOWN = 40  # entries of an incident that a line names
_FIELDS = ("name", "mail", "phone", "link")


async def _erase(context: Context, args: Namespace) -> int:
    persons = tuple(_persons(args))
    room = await context.here()
    done = await erasing.erase(
        room,
        persons,
        args.why,
        dry_run=args.dry_run,
        in_copies=args.backups,
        wide=args.wide,
        say=steps(quiet=context.options.json),
    )
    made = await exports_of(room, done.incidents)
    context.show(lambda: erased_json(done, made), lambda: (*_lines(done), *_made(made)))
    _refuse_rest(done)
    return 0


def _refuse_rest(done: Erased) -> None:
    """Say that something of them is left, after what was done is shown."""
    if done.dry_run:
        return
    if done.left:
        what = f"{len(done.left)} texts of them stay in entries written before they could be sealed"
        raise Refused("left", what, "only a new room leaves them behind: export, then purge this")
    if not done.whole:
        what = f"somebody reads in the room, so that {_where(done)} what was erased"
        raise Refused("unsettled", what, "close other programs, then give the command again")


def _where(done: Erased) -> str:
    return "the server's tables still hold" if done.beyond else "its log ahead still holds"


def _persons(args: Namespace) -> Iterator[Person]:
    given = [args.handle, *args.name, *args.mail, *args.phone, *args.link]
    if any(given):
        yield Person(
            handle=args.handle,
            source=args.source,
            names=tuple(args.name),
            mails=tuple(args.mail),
            phones=tuple(args.phone),
            links=tuple(args.link),
            bare=not args.exact,
        )
    if args.file:
        with opened(args.file, 'one person a line as JSON: {"handle": "@pat"}') as lines:
            yield from _listed(lines, args)


def _listed(lines: Iterable[bytes], args: Namespace) -> Iterator[Person]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{args.file} line {number}"
        try:
            given = msgspec.json.decode(line, type=dict[str, str | list[str]])
        except msgspec.MsgspecError:
            raise Usage("person", f"{where} is no person", '{"handle": "@pat"}') from None
        yield _from_json(given, where, bare=not args.exact)


def _from_json(given: dict[str, str | list[str]], where: str, *, bare: bool) -> Person:
    unknown = given.keys() - {"handle", "source", *_FIELDS}
    if unknown:
        known = ", ".join(("handle", "source", *_FIELDS))
        raise Usage("person", f"{where}: {', '.join(sorted(unknown))} is unknown", known)
    many = {
        key: tuple([value] if isinstance(value, str) else value)
        for key in _FIELDS
        if (value := given.get(key, ()))
    }
    handle, source = given.get("handle", ""), given.get("source", "")
    if not isinstance(handle, str) or not isinstance(source, str):
        raise Usage("person", f"{where}: a handle and a source are one text each")
    return Person(
        handle=handle,
        source=source,
        names=many.get("name", ()),
        mails=many.get("mail", ()),
        phones=many.get("phone", ()),
        links=many.get("link", ()),
        bare=bare,
    )


def _lines(done: Erased) -> Iterator[str]:
    verb = "would erase" if done.dry_run else "erased"
    people = "1 person" if done.persons == 1 else f"{done.persons:,} persons"
    if done.nothing:
        yield f"nothing of {people} is in this room"
    else:
        posts = "1 post" if done.posts == 1 else f"{done.posts:,} posts"
        yield f"{verb} {people}: {posts} of theirs, {done.texts:,} texts of logs"
    for name, entries in done.incidents.items():
        more = f" and {len(entries) - _SHOWN:,} more" if len(entries) > _SHOWN else ""
        yield f"  {name}: entries {', '.join(map(str, entries[:_SHOWN]))}{more}"
    if done.others:
        yield f"  {done.others:,} posts of others that name them"
    for name, many in done.tables.items():
        yield f"  {name}: {many:,}"
    if done.files:
        yield f"  {done.files:,} kept files that name them"
    for place in done.left:
        yield f"stays, for it was written without a seal: {place}"
    for path in done.copies:
        yield _copy_line(path, done)
    if done.beyond:
        yield done.beyond


def _copy_line(path: str, done: Erased) -> str:
    if done.copies_erased:
        return f"erased in {path}"
    return f"this copy holds them: {path}; --backups erases them there too"


def _made(exports: Sequence[Entry]) -> Iterator[str]:
    """Yield the exports that were made of what lost words: nobody but their keepers has those."""
    if exports:
        yield "these exports were made before and keep their words; look through the files:"
    for one in exports:
        yield f"  {stamp(one.at)} {one.actor} {one.text}"


def erased_json(done: Erased, exports: Sequence[Entry] = ()) -> dict[str, Any]:
    """Return what an erasure came to, or would, as JSON, with the exports made before."""
    shown: dict[str, Any] = plainly(done)
    made = [{"entry": one.seq, "at": stamp(one.at), "by": one.actor} | one.data for one in exports]
    return shown | {"entry": done.entry or None, "exports": made}


VERBS = {
    "erase": Verb(
        _erase,
        takes(
            option("--handle", "their handle: @pat, or whole: @pat@example.org", metavar="HANDLE"),
            option("--source", "where the handle is theirs, if not everywhere", metavar="ID"),
            arg("--name", "a name of theirs", action="append", default=[]),
            arg("--mail", "a mail address of theirs", action="append", default=[]),
            arg("--phone", "a number of theirs", action="append", default=[]),
            arg("--link", "a page of theirs", action="append", default=[]),
            option("--from", "a file with one person a line as JSON", dest="file", metavar="FILE"),
            option("--why", "the request, without their name: it stays on record"),
            flag("--exact", "take a handle only with its @, or in a link"),
            flag("--wide", "also where much more goes than is usual for a person"),
            flag("--backups", "erase them in the copies of the room too"),
            flag("--dry-run", "only say what would go"),
        ),
    ),
}
