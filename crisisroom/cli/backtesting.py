"""`backtest`: when the early warning would have spoken, so that it can be tuned before."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from crisisroom.cli import backtest_counts as counted
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import opened
from crisisroom.cli.options import arg as argument
from crisisroom.cli.options import flag, option, takes
from crisisroom.cli.output import document, fail, note, say_all
from crisisroom.cli.plain import At, in_zone
from crisisroom.core.detect import Rule
from crisisroom.core.detect import reason as say
from crisisroom.core.errors import Usage
from crisisroom.core.kinds import span
from crisisroom.core.mention import Incoming
from crisisroom.core.timeline import unstamp
from crisisroom.report.contract import Json
from crisisroom.sources.jsonl import Problem, parse_lines

NAMED = 100  # bad lines that are named
_TOLD_EVERY = 5_000  # mentions between two words on how far it is
_SOURCE = "file"
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def _backtest(context: Context, args: Namespace) -> int:
    rule = _rule(context, args)
    if args.counts:
        if args.file:
            raise Usage("usage", "give mentions or --counts, not both", "backtest --help")
        return _of_counts(context, args, rule)
    if args.scores:
        raise Usage("usage", "--scores goes with --counts", "backtest --help")
    if not args.file:
        raise Usage("usage", "give a file of mentions as JSON lines, or --counts FILE.csv")
    return _of_mentions(context, args, rule)


def _rule(context: Context, args: Namespace) -> Rule:
    config = context.config()
    rule = Rule()
    if config:
        warn = config.warn
        rule = Rule(threshold=warn.bar, people=warn.people, quiet=warn.quiet)
    given: dict[str, float | int] = {}
    if args.threshold:
        given["threshold"] = _number(args.threshold, "--threshold", 1.0, 100.0)
    if args.people:
        given["people"] = round(_number(args.people, "--people", 1, 99))
    if args.quiet:
        seconds = span(args.quiet)
        if seconds is None:
            raise Usage("time", f"--quiet: {args.quiet[:40]} is no span of time", "write it 6h")
        given["quiet"] = seconds
    return msgspec.structs.replace(rule, **given)


def _number(given: str, name: str, least: float, most: float) -> float:
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise Usage("usage", f"{name}: {given[:40]} is no number from {least:g} to {most:g}")
    return value


# --- counts -------------------------------------------------------------------------------------


def _of_counts(context: Context, args: Namespace, rule: Rule) -> int:
    rows = counted.read_rows(args.counts)
    bucket = counted.spacing(args.counts, rows)
    gone, line = counted.missing(rows, bucket)
    if gone:
        rows_gone = say.counted(gone, "row")
        note(f"{args.counts}:{line}: {rows_gone} missing, from here on; nothing is learnt of them")
    found = counted.scored(rows, rule, bucket)
    if args.scores:
        counted.write_scores(args.scores, rows, found)
    ends = [datetime.fromtimestamp(rows[at].second, UTC) for at in (0, -1)]
    _show(context, args, list(counted.candidates(rows, found)), ends)
    return 0


# --- mentions -----------------------------------------------------------------------------------


def _of_mentions(context: Context, args: Namespace, rule: Rule) -> int:
    from crisisroom.cli.backtest_mentions import PastRoom

    room = PastRoom(context, rule)
    with opened(args.file) as stream:
        mentions, bad = _read(context, stream, args.file)
    ours = room.ours(mentions)
    if mentions and not ours:
        note(f"nothing in {say.counted(len(mentions), 'mention')} is about us")
    times = [one.posted_at for one in ours if one.posted_at]
    _show(context, args, room.candidates(ours), times)
    return 1 if bad else 0


def _read(context: Context, stream: BinaryIO, name: str) -> tuple[list[Incoming], int]:
    """Return the mentions in order of time, and how many lines are none; those are named."""
    found: list[tuple[datetime, int, Incoming]] = []
    bad = 0
    for one in parse_lines(stream, _SOURCE):
        if isinstance(one, Incoming) and one.posted_at is not None and one.posted_at >= _FIRST:
            found.append((one.posted_at, len(found), one))
            _progress(len(found))
            continue
        bad += 1
        if bad <= NAMED:
            where = "stdin" if name == "-" else name
            said = (
                f"{where}:{one.line}: {one.message}"
                if isinstance(one, Problem)
                else f"{where}: a mention {_flaw(one)}: {one.text[:40]}"
            )
            fail("line", said, as_json=context.options.json)
    found.sort(key=lambda one: one[:2])
    return [one for _, _, one in found], bad


def _flaw(one: Incoming) -> str:
    return f"of {one.posted_at:%Y}, before 1970" if one.posted_at else "without posted_at"


def _progress(number: int) -> None:
    if number % _TOLD_EVERY == 0 and sys.stderr.isatty():
        note(f"{number:,} mentions read")


# --- what is shown ------------------------------------------------------------------------------


def _show(context: Context, args: Namespace, found: list[Json], times: Sequence[datetime]) -> None:
    if context.options.json:
        document(found)
        return
    at = in_zone(context.team_zone(), context.clock.now())
    say_all(_line(one, at) for one in found)
    if args.days:
        say_all(_days(found, times))
    say_all([_summary(found, times)])


def _line(one: Json, at: At) -> str:
    again = " again" if one["kind"] == "escalated" else ""
    over = f", over {at(unstamp(one['ended_at']))}" if one["ended_at"] else ""
    playbook = f" ({one['suggested_playbook']})" if one["suggested_playbook"] else ""
    moment = at(unstamp(one["at"]))
    return f"{one['id']} {moment} {one['level']}{again}: {one['reason']}{over}{playbook}"


def _days(found: list[Json], times: Sequence[datetime]) -> Iterator[str]:
    """Yield the days with a warning, and how much was said on them."""
    said = Counter(f"{one:%Y-%m-%d}" for one in times)
    warned = Counter(str(one["at"])[:10] for one in found if one["kind"] == "raised")
    for day, count in sorted(warned.items()):
        yield f"{day}  {say.counted(count, 'warning')}, {said[day]:,} heard (UTC)"


def _summary(found: list[Json], times: Sequence[datetime]) -> str:
    """Return `3 warnings in 46 days, 0.5 a week`."""
    raised = sum(one["kind"] == "raised" for one in found)
    days = (times[-1] - times[0]).total_seconds() / 86_400 if times else 0.0
    if days < 1.0:
        return f"{say.counted(raised, 'warning')} in less than a day"
    a_week = say.number(raised * 7 / days)
    return f"{say.counted(raised, 'warning')} in {say.counted(round(days), 'day')}, {a_week} a week"


VERBS = {
    "backtest": Verb(
        _backtest,
        takes(
            argument("file", "past mentions as JSON lines, or -", nargs="?", default=""),
            option("--counts", "counts instead: rows of timestamp,value", metavar="FILE.csv"),
            option("--scores", "with --counts: a score from 0 to 1 a row", metavar="OUT.csv"),
            option("--threshold", "the bar in standard deviations; 4.36", metavar="N"),
            option("--people", "fewer different authors never warn; 3", metavar="N"),
            option("--quiet", "how long a story told is quiet; 24h", metavar="TIME"),
            flag("--days", "the days with a warning as well"),
        ),
    )
}
