"""Volume over time as lines: mentions beside the usual, complaints, what was done meanwhile."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import timedelta
from math import ceil

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.listing import narrative_id
from crisisroom.cli.options import arg, option, takes
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.chart import DAYS, Bin
from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Usage
from crisisroom.core.kinds import span
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json, moment
from crisisroom.room import charting
from crisisroom.room.charting import Volume

BAR = 40  # signs of the longest bar


async def _volume(context: Context, args: Namespace) -> int:
    seconds = span(args.last)
    if seconds is None:
        raise Usage("last", f"--last {args.last[:40]} is no span of time", "write it like 24h, 7d")
    if args.term and args.story:
        raise Usage("series", "a chart is of a term or of a story, not of both")
    story = f"narrative:{narrative_id(args.story)}" if args.story else charting.ALL
    series = f"term:{args.term}" if args.term else story
    room = await context.here()
    seen = await charting.volume(room, timedelta(seconds=seconds), series=series)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(lambda: volume_json(seen), lambda: volume_lines(seen, at))
    return 0


def volume_lines(seen: Volume, at: At) -> Iterator[str]:
    """Yield the chart as lines: a bin each, then the sources and the stories."""
    chart = seen.chart
    about = f" of {one_line(seen.about)}" if seen.about else ""
    yield (
        f"{chart.mentions} mentions{about}, {chart.complaints} likely complaints,"
        f" every {minutes(chart.size)}; {_known(seen, at)}"
    )
    most = max(chart.top, 1)
    acts: dict[int, list[str]] = {}
    for place, act in seen.acts:
        acts.setdefault(place, []).append(f"{act.words} {at(act.at)}")
    for place, one in enumerate(chart.bins):
        yield _line(one, most, at)
        yield from (f"      {words}" for words in acts.get(place, ()))
    if seen.sources:
        yield "sources:"
        yield from (f"  {one.name} {_counts(one.mentions, one.complaints)}" for one in seen.sources)
    if seen.stories:
        yield "stories:"
        for share in seen.stories:
            story = share.story
            yield f"  {story.id} {share.mentions}, {story.free} free: {one_line(story.title)}"


def _known(seen: Volume, at: At) -> str:
    if seen.chart.days >= DAYS:
        return "the usual is that of the same time on 7 days"
    if seen.chart.days:
        return f"the usual is known of {seen.chart.days} of 7 days only"
    return (
        f"no usual yet: heard since {at(seen.heard_since)}" if seen.heard_since else "no usual yet"
    )


def _line(one: Bin, most: int, at: At) -> str:
    usual = ""
    if one.low is not None and one.high is not None:
        usual = f"usual {int(one.low)}-{ceil(one.high)}"
    signs = "#" * (max(1, round(one.mentions / most * BAR)) if one.mentions else 0)
    told = f"{at(one.start)} {_counts(one.mentions, one.complaints):24} {usual:14}"
    return f"{told} {'!' if one.above else ' '} {signs}".rstrip()


def _counts(mentions: int, complaints: int) -> str:
    return f"{mentions:6}, {complaints} complain" if complaints else f"{mentions:6}"


def volume_json(seen: Volume) -> Json:
    """Return the chart; `usual_low` and `usual_high` are null where no day before is known."""
    chart = seen.chart
    return {
        "series": seen.series,
        "about": seen.about,
        "since": stamp(chart.since),
        "until": stamp(seen.until),
        "bin_minutes": chart.size // timedelta(minutes=1),
        "mentions": chart.mentions,
        "complaints": chart.complaints,
        "usual_days": chart.days,
        "heard_since": moment(seen.heard_since),
        "bins": [_bin_json(one) for one in chart.bins],
        "acts": [
            {"at": stamp(act.at), "letter": act.letter, "words": act.words} for _, act in seen.acts
        ],
        "sources": [
            {"id": one.name, "mentions": one.mentions, "complaints": one.complaints}
            for one in seen.sources
        ],
        "stories": [
            {
                "id": share.story.id,
                "title": share.story.title,
                "mentions": share.mentions,
                "free": share.story.free,
            }
            for share in seen.stories
        ],
    }


def _bin_json(one: Bin) -> Json:
    return {
        "start": stamp(one.start),
        "mentions": one.mentions,
        "complaints": one.complaints,
        "usual_low": None if one.low is None else round(one.low, 2),
        "usual_high": None if one.high is None else round(one.high, 2),
    }


VERBS = {
    "volume": Verb(
        _volume,
        takes(
            option("--term", "of one watched term, by its id", metavar="ID"),
            option("--story", "of one story", metavar="N-3"),
            arg("--last", "how long: 4h, 24h, 7d, 28d", default="24h", metavar="SPAN"),
        ),
        over_key=READS,
    ),
}
