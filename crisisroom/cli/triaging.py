"""`triage --from`: mentions of a file scored without a room, each with its reasons."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import opened
from crisisroom.cli.options import arg, option, takes
from crisisroom.cli.output import element, end_of_elements, fail, say
from crisisroom.core.errors import Usage
from crisisroom.core.mention import Incoming
from crisisroom.core.triage import About, Learner, Scored, Scorer
from crisisroom.lexicon import english
from crisisroom.sources.jsonl import LINE_CAP, Bad, mention_of, values_of
from crisisroom.text import clean_line

NAMED = 100  # bad lines that are named; the rest is counted
_SHOWN = 200  # characters of a mention in plain lines


class _Decision(msgspec.Struct, frozen=True):
    """One line of clicks: a text, and whether the room took it up."""

    text: str
    wanted: bool
    lang: str = ""


class _Line(NamedTuple):
    """A line as it was given, and the mention that it is."""

    values: dict[str, Any]
    mention: Incoming


class _Faults:
    """Names bad lines on stderr as they come, and counts them."""

    def __init__(self, *, as_json: bool) -> None:
        self.count = 0
        self._as_json = as_json

    def add(self, name: str, number: int, message: str) -> None:
        self.count += 1
        if self.count <= NAMED:
            where = "stdin" if name == "-" else name
            fail("line", f"{where}:{number}: {message}", as_json=self._as_json)


def _triage(context: Context, args: Namespace) -> int:
    if not args.source:
        raise Usage(
            "usage", "which mentions?", "crisisroom triage --from FILE.jsonl, or - for stdin"
        )
    if args.source == args.clicks == "-":
        raise Usage("usage", "stdin is either the mentions or the clicks")
    faults = _Faults(as_json=context.options.json)
    risks = context.playbook(args.playbook).match.keywords if args.playbook else ()
    scorer = Scorer(english(), _learner(args.clicks, faults))
    empty = True
    with opened(args.source, "triage --from FILE, or a pipe") as stream:
        for line in _mentions(stream, args.source, faults):
            scored = scorer.score(line.mention.text, _about(line.mention, risks))
            _print(line, scored, first=empty, as_json=context.options.json)
            empty = False
    if context.options.json:
        end_of_elements(empty=empty)
    return 1 if faults.count else 0


def _about(mention: Incoming, risks: tuple[str, ...]) -> About:
    author = mention.author
    return About(
        lang=mention.lang,
        kind=mention.kind,
        reach=author.reach,
        handle=author.handle,
        name=author.name,
        direct=mention.direct,
        risks=risks,
    )


def _print(line: _Line, scored: Scored, *, first: bool, as_json: bool) -> None:
    complaint, priority = round(scored.complaint, 4), round(scored.priority, 4)
    if as_json:
        added = {"priority": priority, "complaint": complaint, "why": scored.why}
        element(line.values | added, first=first)
        return
    why = "; ".join(scored.why) or "nothing stands out"
    say(f"{priority:.2f}  {clean_line(line.mention.text, limit=_SHOWN)}")
    say(f"      {why}")


def _learner(name: str, faults: _Faults) -> Learner:
    """Return what the clicks of a file teach, in their order."""
    scorer = Scorer(english())
    if name:
        with opened(name, "triage --from FILE, or a pipe") as stream:
            for decision in _decisions(stream, name, faults):
                scorer.learn(decision.text, decision.wanted, decision.lang)
    return scorer.learner


def _decisions(stream: BinaryIO, name: str, faults: _Faults) -> Iterator[_Decision]:
    for number, values in _objects(stream, name, faults):
        try:
            yield msgspec.convert(values, _Decision)
        except msgspec.ValidationError as error:
            faults.add(name, number, f'{error}; write {{"text": "…", "wanted": true}}')


def _mentions(stream: BinaryIO, name: str, faults: _Faults) -> Iterator[_Line]:
    for number, values in _objects(stream, name, faults):
        try:
            yield _Line(values, mention_of(values, "", None))
        except Bad as error:
            faults.add(name, number, str(error))


def _objects(stream: BinaryIO, name: str, faults: _Faults) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the object on each line with its number from 1; blank lines are passed over."""
    for number, line in enumerate(_lines(stream), 1):
        try:
            if len(line) > LINE_CAP:
                raise Bad(f"longer than {LINE_CAP} bytes")
            if line.strip():
                yield number, values_of(line)
        except Bad as error:
            faults.add(name, number, str(error))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long only its beginning is ever held."""
    while line := stream.readline(LINE_CAP + 2):
        rest = line
        while len(rest) > LINE_CAP and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_CAP + 2)
        yield line.removesuffix(b"\n")


VERBS = {
    "triage": Verb(
        _triage,
        takes(
            arg(
                "--from",
                "mentions as JSON lines; - is stdin",
                dest="source",
                metavar="FILE",
                default="",
            ),
            option("--clicks", "decisions to learn first: {text, wanted} a line", metavar="FILE"),
            option("--playbook", "whose match words are risk words", metavar="ID"),
        ),
    )
}
