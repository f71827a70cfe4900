"""`verify`: that nothing was altered, in the room, in an export, against what is kept elsewhere."""

from __future__ import annotations

import asyncio
import re
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import read_bytes
from crisisroom.cli.options import LONGEST, arg, flag, option, takes
from crisisroom.cli.output import document, say_all
from crisisroom.cli.overkey import A_HOST_FILE, READS
from crisisroom.core.errors import Refused, Usage
from crisisroom.report import Problem, older
from crisisroom.report.anchor import Anchors, check, parse, signed_bytes
from crisisroom.report.contract import Json, plainly
from crisisroom.report.logfile import read
from crisisroom.report.named import Named, heads_named
from crisisroom.report.verify import verify_log
from crisisroom.room import rendering, verifying
from crisisroom.room.verifying import Checked

_INCIDENT = re.compile(r"INC-[0-9]+", re.IGNORECASE | re.ASCII)
_HASH = re.compile(r"[0-9a-f]{12,64}", re.IGNORECASE | re.ASCII)
_ROOM_FILE = b"SQLite format 3\0"
_ANCHOR = b'{"anchor":'


class _Against(msgspec.Struct, frozen=True):
    """What is kept elsewhere: a hash, or anchors."""

    hash: str = ""
    noted: Anchors | None = None
    signed: tuple[str, ...] = ()  # by whom, in words


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of checking a file; `sound` is what is said where nothing is wrong."""

    problems: list[Problem]
    lines: list[str] = []
    more: Json = {}
    sound: str = "nothing in it was altered"


async def _verify(context: Context, args: Namespace) -> int:
    against = await _against(args)
    if args.what and not _INCIDENT.fullmatch(args.what):
        return await _of_file(context, args, against)
    if args.signers and against.noted is None:
        hint = "verify EXPORT --signers FILE, or verify --anchor FILE --signers FILE"
        raise Usage("signers", "a room is not signed: an export is, or an anchor of it", hint)
    room = await context.here()
    checked = await verifying.verify(room, args.what.upper(), against.hash, against.noted)
    problems = verifying.in_order(checked)
    if context.options.json:
        chains = [_chain_json(one) for one in checked]
        document(_verdict(problems) | {"signed": [*against.signed], "chains": chains})
    else:
        say_all(_chain_line(one) for one in checked if not one.problems)
        say_all(against.signed)
        say_all(_told(problems, every=args.all))
    return 1 if problems else 0


async def _against(args: Namespace) -> _Against:
    """Return what `--anchor` names: a hash, a file of anchors, or those on stdin."""
    given = args.anchor.strip()
    if not given:
        return _Against()
    if _HASH.fullmatch(given) and not _is_there(given):
        return _Against(given)
    if given == "-":
        data, name = sys.stdin.buffer.read(LONGEST + 1), "stdin"
        if len(data) > LONGEST:
            raise Usage("stdin", f"what came in on stdin is longer than {LONGEST} bytes")
    else:
        data, name = _anchor_bytes(given), given
    noted = parse(data, name)
    return _Against(
        "", noted, tuple(await _signers_of(noted, args.signers)) if args.signers else ()
    )


def _anchor_bytes(given: str) -> bytes:
    if not _is_there(given):
        message = f"{given[:80]} is no file, and no hash of 12 to 64 digits"
        raise Usage("anchor", message, "anchor make -o FILE writes one")
    return read_bytes(given)


def _is_there(path: str) -> bool:
    return Path(path).exists()


async def _signers_of(noted: Anchors, signers: str) -> list[str]:
    """Return who signed each anchor; Refused for one that nobody of them did."""
    from crisisroom import signing

    lines = []
    for one in noted.anchors:
        if not one.signature:
            hint = "anchor make --sign makes one that is"
            raise Refused("signature", f"an anchor in {noted.name} is not signed", hint)
        who = await asyncio.to_thread(
            signing.check, signed_bytes(one), one.signature.encode(), signers
        )
        lines.append(f"{noted.name}: signed by {who.who} with {who.key}")
    return list(dict.fromkeys(lines))


async def _of_file(context: Context, args: Namespace, against: _Against) -> int:
    data = read_bytes(args.what)
    _require_checkable(args.what, data)
    signed = [*against.signed, *await _signed(args, data, against)]
    of = _of_log if _is_log(args.what, data) else _of_text
    found = await of(context, args, data, against)
    if context.options.json:
        document(_verdict(found.problems) | {"signed": signed} | found.more)
    else:
        say_all([*signed, *_unchecked(args), *found.lines])
        say_all(_told(found.problems, every=args.all))
        if not found.problems:
            say_all([f"{args.what}: {found.sound}"])
    return 1 if found.problems else 0


def _require_checkable(name: str, data: bytes) -> None:
    """Usage for what `verify` takes in another place."""
    if data.startswith(_ROOM_FILE):
        hint = f"crisisroom --room {name} verify"
        raise Usage("file", f"{name} is a room, not an export", hint)
    if data.startswith(_ANCHOR):
        hint = f"crisisroom verify --anchor {name}, or verify EXPORT --anchor {name}"
        raise Usage("file", f"{name} is what a room or an export is held against", hint)


def _is_log(name: str, data: bytes) -> bool:
    """Tell whether a file is, or was to be, one that carries a log."""
    return name.endswith((".json", ".jsonl")) or (data[:1] == b"{" and b'"prev_hash"' in data)


async def _of_log(context: Context, args: Namespace, data: bytes, against: _Against) -> _Found:
    """Check a log as it was exported; that needs no room."""
    file = read(data, args.what)
    entries = file.entries
    problems = verify_log(file, data, against.hash, against.noted)
    head = entries[-1].hash if entries else ""
    edition = "" if problems else older.in_words(file, data)
    return _Found(
        problems=problems,
        lines=[f"{args.what}: {edition}"] if edition else [],
        more={"entries": len(entries), "head_hash": head},
        sound=f"{_counted(len(entries))}, nothing in it was altered; head {head}",
    )


def _unchecked(args: Namespace) -> list[str]:
    """Return a line where a signature lies beside the file and nobody was named whose is good."""
    kept = f"{args.what}.sig"
    there = not args.signers and _is_there(kept)
    return [f"{kept} is there: --signers FILE checks whose it is"] if there else []


async def _signed(args: Namespace, data: bytes, against: _Against) -> list[str]:
    """Check the signature of what was read where `--signers` says whose is good."""
    kept = f"{args.what}.sig"
    if not args.signers:
        return []
    if against.noted is not None and not _is_there(kept):
        return []  # the signature looked for was that of the anchor
    from crisisroom import signing

    if not _is_there(kept):
        message = f"{args.what} is not signed: there is no {kept}"
        raise Refused("signature", message, f"crisisroom sign {args.what} makes one")
    signature = read_bytes(kept)
    who = await asyncio.to_thread(signing.check, data, signature, args.signers)
    return [f"{args.what}: signed by {who.who} with {who.key}"]


async def _of_text(context: Context, args: Namespace, data: bytes, against: _Against) -> _Found:
    """Check what has no log in it, but says which log it was made from: Markdown, HTML, tables."""
    named = _heads_of(args.what, data)
    if not named:
        message = "it names no log, so nobody can say what it was made from"
        hint = "crisisroom export --format json or jsonl writes what can be checked anywhere"
        return _Found(problems=[Problem("format", args.what, message, hint)])
    one, more = named[0], {"heads": [plainly(one) for one in named]}
    lines = [f"made from a log whose newest entry has the hash {one.head}"]
    problems = _noted(args.what, one, against)
    if "://" in context.address() or _is_there(context.address()):
        room = await context.here()
        name = Path(args.what).name
        compared = await rendering.compared(room, one.head, data, name, args.tz)
        lines += compared.lines
        problems += [msgspec.structs.replace(flaw, where=args.what) for flaw in compared.problems]
    else:
        hint = "--room FILE names the room; an export as json or jsonl needs none"
        message = "whether it says what the log says can be told only where the room is"
        problems.append(Problem("unchecked", args.what, message, hint))
    return _Found(problems=problems, lines=[f"{args.what}: {line}" for line in lines], more=more)


def _heads_of(name: str, data: bytes) -> tuple[Named, ...]:
    """Return the heads a report names; of a table, that of the export it lies in."""
    named = heads_named(data, name)
    beside = Path(name).with_name(f"{Path(name).name.rpartition('-')[0]}-log.csv")
    if named or not name.endswith(".csv") or not beside.is_file():
        return named
    return heads_named(read_bytes(str(beside)), str(beside))


def _noted(name: str, one: Named, against: _Against) -> list[Problem]:
    """Return where a head is not the one kept elsewhere."""
    if against.hash and not one.head.startswith(against.hash.lower()):
        message = f"its log's newest entry is not the one with the hash {against.hash[:12]}…"
        return [Problem("anchor", name, message, "it may be an older export, or a later one")]
    if against.noted is None:
        return []
    if against.noted.problems:
        return check(against.noted, {}, file=True)
    heads = {head.head for anchor in against.noted.anchors for head in anchor.chains}
    if one.head in heads:
        return []
    return [Problem("anchor", name, f"no anchor in {against.noted.name} has the hash it names")]


def _told(problems: Sequence[Problem], *, every: bool) -> list[str]:
    """Return the first problem, and how many more there are; or each of them."""
    if every or len(problems) < 2:
        return [str(problem) for problem in problems]
    more = f"and {len(problems) - 1} more after it: --all tells them"
    return [str(problems[0]), more]


def _verdict(problems: Sequence[Problem]) -> Json:
    return {"ok": not problems, "problems": [plainly(one) for one in problems]}


def _chain_json(one: Checked) -> Json:
    return {
        "id": one.id,
        "ok": not one.problems,
        "entries": one.entries,
        "head_hash": one.head_hash,
    }


def _counted(entries: int) -> str:
    return f"{entries} entries" if entries != 1 else "1 entry"


def _chain_line(one: Checked) -> str:
    return f"{one.id}: {_counted(one.entries)}, nothing was altered; head {one.head_hash}"


VERBS = {
    "verify": Verb(
        _verify,
        takes(
            arg(
                "what",
                "an incident, or an export's file; without it the room",
                nargs="?",
                default="",
            ),
            option(
                "--anchor",
                "what was noted elsewhere: a hash, or a file of anchors; - for stdin",
                metavar="FILE|HASH",
            ),
            option(
                "--signers",
                "whose signature is good: a file of allowed signers, as ssh-keygen has it",
                metavar="FILE",
            ),
            option("--tz", "the time zone that a report was made for", metavar="Z"),
            flag("--all", "tell everything that is wrong, not only the first and how much more"),
        ),
        over_key=READS.without(signers=A_HOST_FILE).only(
            what=_INCIDENT.pattern, anchor="[0-9a-fA-F]{64}|-"
        ),
    ),
}
