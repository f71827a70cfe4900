"""`suggest`: which key messages and answers fit a text, a mention or a story."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import opened
from crisisroom.cli.listing import narrative_id
from crisisroom.cli.options import arg, checked_limit, option, takes, text
from crisisroom.cli.output import document, fail, flush, say
from crisisroom.cli.overkey import READS
from crisisroom.cli.triage import mention_id
from crisisroom.core.errors import Usage
from crisisroom.core.playbook import Playbook
from crisisroom.core.query import Query
from crisisroom.core.suggest import MOST_READ, Suggestion
from crisisroom.room import lessons, reading, stories
from crisisroom.room.lessons import Memory
from crisisroom.sources.jsonl import LINE_CAP
from crisisroom.text import clean, clean_line

NAMED = 100  # bad lines that are named; the rest is counted
SHOWN = 5  # suggestions in plain lines, unless --limit says otherwise
_EVERY = 1_000_000  # suggestions: all there are
_QUOTED = 200  # characters of a text in plain lines
_PIPE = "-"


class _Asked(msgspec.Struct, frozen=True):
    """What is ranked: the words of which plan, by what memory, for which texts."""

    plan: Playbook
    memory: Memory = Memory()
    texts: tuple[str, ...] = ()
    about: dict[str, str] = {}  # the mention or the story, for JSON


async def _suggest(context: Context, args: Namespace) -> int:
    limit = checked_limit(args)
    _refuse_several(args)
    asked = await _asked(context, args)
    if args.text == [_PIPE]:
        with opened(_PIPE, "suggest --playbook ID 'the text', or a pipe") as stream:
            return _stream(context, asked, stream, limit)
    as_json = context.options.json
    found = lessons.suggest(asked.plan, asked.memory, asked.texts, _most(limit, as_json=as_json))
    _print(asked.about | {"text": _shown(asked)}, found, as_json=as_json)
    return 0


def _refuse_several(args: Namespace) -> None:
    given = [bool(args.text), bool(args.mention), bool(args.narrative)]
    if sum(given) > 1:
        raise Usage("usage", "either a text, or --mention, or --narrative: one of them")
    if not any(given):
        hint = "suggest --playbook ID 'the text', - for stdin, --mention M-12 or --narrative N-3"
        raise Usage("usage", "suggest for what?", hint)


async def _asked(context: Context, args: Namespace) -> _Asked:
    """Return what to rank for; a room is opened only where it has to say something."""
    texts = () if args.text == [_PIPE] else (" ".join(args.text),) if args.text else ()
    if args.playbook and args.inc:
        raise Usage("usage", "either --playbook or an incident: one of them")
    if args.playbook and not (args.mention or args.narrative):
        return _Asked(context.playbook(args.playbook), Memory(), texts)
    return await _in_room(context, args, texts)


async def _in_room(context: Context, args: Namespace, texts: tuple[str, ...]) -> _Asked:
    room = await context.here()
    named = context.playbook(args.playbook) if args.playbook else None
    plan = named or (await reading.incident(room, args.inc)).plan
    narrative, about = "", {}
    if args.mention:
        mention = await reading.mention(room, mention_id(args.mention))
        narrative, about, texts = mention.narrative, {"mention": mention.id}, (mention.text,)
    elif args.narrative:
        story = await stories.narrative(room, narrative_id(args.narrative))
        query = Query(narrative=story.id, limit=MOST_READ)
        found = await reading.mentions(room, query)
        narrative, about = story.id, {"narrative": story.id}
        texts = tuple(one.text for one in found)
        if not texts:
            raise Usage("narrative", f"{story.id} has no posts", "crisisroom narratives")
    memory = await room.store.read(lambda tx: lessons.remembered(tx, plan.id, narrative))
    return _Asked(plan, memory, texts, about)


def _most(limit: int | None, *, as_json: bool) -> int:
    return limit or (_EVERY if as_json else SHOWN)


def _shown(asked: _Asked) -> str:
    """Return the text that is quoted; of a story only how many posts were read."""
    return asked.texts[0] if len(asked.texts) == 1 else f"{len(asked.texts)} posts"


def _stream(context: Context, asked: _Asked, stream: BinaryIO, limit: int | None) -> int:
    """Answer each line as it comes: JSON lines, or plain ones for a person at a terminal."""
    as_json = context.options.json or not (context.options.plain or sys.stdout.isatty())
    suggester = lessons.suggester_for(msgspec.json.encode(asked.plan), asked.memory)
    most, bad = _most(limit, as_json=as_json), 0
    for number, line in enumerate(_lines(stream), 1):
        said = _text_of(line)
        if said is None:
            bad += 1
            if bad <= NAMED:
                message = f"stdin:{number}: not UTF-8, or longer than {LINE_CAP} bytes"
                fail("line", message, as_json=context.options.json)
            continue
        found = suggester.rank(said, limit=most, chosen_before=asked.memory.chosen_lately)
        _print({"text": said}, found, as_json=as_json)
        flush()
    return 1 if bad else 0


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long only its beginning is ever held."""
    while line := stream.readline(LINE_CAP + 2):
        rest = line
        while len(rest) > LINE_CAP and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_CAP + 2)
        yield line.removesuffix(b"\n").removesuffix(b"\r")


class _Mention(msgspec.Struct, frozen=True):
    text: str


def _text_of(line: bytes) -> str | None:
    """Return the text of a line, plain or the `text` of a mention as JSON; None for no text."""
    if len(line) > LINE_CAP:
        return None
    try:
        return clean(msgspec.json.decode(line, type=_Mention).text, limit=LINE_CAP)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # a line of plain words
    try:
        return clean(line.decode(), limit=LINE_CAP)
    except UnicodeDecodeError:
        return None


def _print(about: dict[str, Any], found: Sequence[Suggestion], *, as_json: bool) -> None:
    if as_json:
        document(about | {"suggestions": found})
        return
    say(clean_line(about["text"], limit=_QUOTED))
    for line in _plain(found):
        say(f"  {line}")


def _plain(found: Iterable[Suggestion]) -> Iterator[str]:
    empty = True
    for one in found:
        empty = False
        kind = "answer" if one.kind == "faq" else "message"
        yield f"{one.score:.2f}  {one.id} ({kind}): {one.why}"
    if empty:
        yield "nothing in the playbook has to do with it"


VERBS = {
    "suggest": Verb(
        _suggest,
        takes(
            option("--playbook", "whose words are ranked; else those of the incident", metavar="P"),
            option("--mention", "rank for this mention", metavar="ID"),
            option("--narrative", "rank for a whole story, by its newest posts", metavar="ID"),
            arg("--limit", "at most so many suggestions", type=int, metavar="N"),
            text("text", "the text of a post", optional=True),
        ),
        incident=True,
        over_key=READS.by_id("playbook"),
    )
}
