"""The weekly digest, the actions that come of it, campaigns, saved filters, sorting by lists."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.listing import narrative_id
from crisisroom.cli.options import arg, flag, option, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, mention_line, one_line
from crisisroom.cli.plain import action_line as incident_action
from crisisroom.cli.triage import mention_id
from crisisroom.core.errors import Usage
from crisisroom.core.kinds import span
from crisisroom.core.mention import Verdict
from crisisroom.report.contract import mention_json, moment
from crisisroom.report.contract_heard import campaign_json, digest_json, improvement_json
from crisisroom.room import campaigning, improving, searches, sorting
from crisisroom.room.campaigning import CampaignWatch
from crisisroom.room.improving import Digest, Improvement

_ANSWERS = tuple(word for word in get_args(Verdict) if word)


async def _digest(context: Context, args: Namespace) -> int:
    seconds = span(args.last)
    if seconds is None:
        raise Usage("last", f"--last {args.last[:40]} is no span of time", "write it like 7d")
    room = await context.here()
    found = await improving.digest(room, timedelta(seconds=seconds))
    at = in_zone(room.config.zone, context.clock.now())
    today = context.clock.now().date().isoformat()
    context.show(lambda: digest_json(found), lambda: _digest_lines(found, at, today))
    return 0


def _digest_lines(digest: Digest, at: At, today: str) -> Iterator[str]:
    since, until = at(digest.since), at(digest.until)
    yield f"{since} to {until}: {digest.mentions} mentions, {digest.complaints} likely complaints"
    if not digest.stories:
        yield "nobody complained of the same thing twice"
    for one in digest.stories:
        people = f"{one.story.authors} people" if one.story.authors != 1 else "1 person"
        yield ""
        yield f"{one.story.id} {one_line(one.story.title)}"
        yield f"  {one.complaints} complaints ({one.before} in the time before), {people}"
        yield from (f"  | {mention_line(post, at)}" for post in one.examples)
        yield from (f"  {action_line(action, today)}" for action in one.actions)
        if not one.actions:
            how = f"crisisroom improvement add 'WHAT' --owner WHO --story {one.story.id}"
            yield f"  nobody owns it: {how}"
    told = {action.id for one in digest.stories for action in one.actions}
    rest = [action for action in digest.open_actions if action.id not in told]
    if rest:
        yield ""
        yield "still open:"
        yield from (f"  {action_line(action, today)}" for action in rest)
    if digest.late:
        yield ""
        yield "late, of incidents:"
        yield from (f"  {one.incident.id} {incident_action(one.action)}" for one in digest.late)


def action_line(action: Improvement, today: str) -> str:
    """Return an action with its owner, its day and what came of it."""
    late = " late" if action.state == "open" and action.due and action.due < today else ""
    due = f", by {action.due}{late}" if action.due else ""
    about = f" ({action.narrative})" if action.narrative else ""
    outcome = f": {one_line(action.outcome)}" if action.outcome else ""
    return (
        f"{action.id} {action.state} {action.owner}{due} {one_line(action.title)}{about}{outcome}"
    )


async def _improvements(context: Context, args: Namespace) -> int:
    room = await context.here()
    found = await improving.improvements_of(room, everything=args.all)
    today = context.clock.now().date().isoformat()
    nothing = "no action is open; crisisroom digest shows what people complain of"
    context.show(
        lambda: [improvement_json(one) for one in found],
        lambda: [action_line(one, today) for one in found] or [nothing],
    )
    return 0


async def _improve(context: Context, args: Namespace) -> int:
    room = await context.here()
    made = await improving.add(
        room,
        words(args.title),
        owner=args.owner or room.actor.name,
        due=args.due,
        narrative=narrative_id(args.story) if args.story else "",
        command_id=context.options.command_id,
    )
    return _improved(context, made)


async def _improved_by(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    made = await improving.done(room, args.action, words(args.outcome), command_id=command_id)
    return _improved(context, made)


def _improved(context: Context, made: Improvement) -> int:
    today = context.clock.now().date().isoformat()
    context.show(lambda: improvement_json(made), lambda: [action_line(made, today)])
    return 0


async def _campaigns(context: Context, args: Namespace) -> int:
    room = await context.here()
    found = await campaigning.campaigns(room)
    nothing = "no campaign is set up: campaigns: in crisisroom.yaml has terms, dates, an owner"
    context.show(
        lambda: [campaign_json(one) for one in found],
        lambda: [line for one in found for line in _campaign_lines(one)] or [nothing],
    )
    return 0


def _campaign_lines(watch: CampaignWatch) -> Iterator[str]:
    one = watch.campaign
    owner = f", {one.owner}" if one.owner else ""
    yield f"{one.id} {watch.state} {one.start} to {one.end}{owner}: {one_line(one.title)}"
    if one.goal:
        yield f"  goal: {one_line(one.goal)}"
    counts = f"{watch.mentions} mentions ({watch.before} in as many days before)"
    yield f"  {counts}, {watch.complaints} likely complaints"
    yield from (f"  {day} {many:6} {bad:5} complaints" for day, many, bad in watch.days)
    if watch.result:
        yield f"  result: {one_line(watch.result.words)} ({watch.result.actor})"
    elif watch.state == "over":
        yield f"  no result yet: crisisroom campaign result {one.id} 'WHAT CAME OF IT'"


async def _result(context: Context, args: Namespace) -> int:
    room = await context.here()
    made = await campaigning.say_result(room, args.campaign, words(args.words))
    context.show(lambda: campaign_json(made), lambda: _campaign_lines(made))
    return 0


async def _filters(context: Context, args: Namespace) -> int:
    room = await context.here()
    found = await searches.filters_of(room)
    context.show(
        lambda: [
            {"name": one.name, "typed": one.typed, "by": one.actor, "at": moment(one.at)}
            for one in found
        ],
        lambda: (
            [f"{one.name}: {one.typed} ({one.actor})" for one in found] or ["no filter is kept"]
        ),
    )
    return 0


async def _save(context: Context, args: Namespace) -> int:
    room = await context.here()
    made = await searches.save(room, args.name, words(args.typed))
    context.show(
        lambda: {"name": made.name, "typed": made.typed}, lambda: [f"{made.name}: {made.typed}"]
    )
    return 0


async def _remove(context: Context, args: Namespace) -> int:
    room = await context.here()
    await searches.remove(room, args.name)
    context.show(lambda: {"name": args.name, "removed": True}, lambda: [f"{args.name} is gone"])
    return 0


async def _sort(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    verdict: Verdict = "" if args.verdict == "none" else args.verdict
    chosen = [mention_id(one) for one in args.mentions]
    if args.story:
        chosen += await sorting.posts_of(room, narrative_id(args.story))
    if not chosen:
        raise Usage("mention", "name posts, or a story with --story", "mention sort answer M-12")
    made = await sorting.sort(room, chosen, verdict, command_id=command_id)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: [mention_json(one) for one in made.mentions],
        lambda: [mention_line(one, at) for one in made.mentions],
    )
    return 0


VERBS = {
    "digest": Verb(
        _digest,
        arg("--last", "the time it tells of: 7d, 24h", default="7d", metavar="SPAN"),
        over_key=READS,
    ),
    "improvement list": Verb(
        _improvements, flag("--all", "those that are done too"), over_key=READS
    ),
    "improvement add": Verb(
        _improve,
        takes(
            text("title", "what is to be mended"),
            option("--owner", "who sees to it; without it you", metavar="WHO"),
            option("--due", "by which day", metavar="YYYY-MM-DD"),
            option("--story", "the story that it answers", metavar="N-3"),
        ),
        over_key=ACTS,
    ),
    "improvement done": Verb(
        _improved_by,
        takes(arg("action", "ACT-3"), text("outcome", "what came of it")),
        over_key=ACTS,
    ),
    "campaign list": Verb(_campaigns, over_key=READS),
    "campaign result": Verb(
        _result, takes(arg("campaign", "its id"), text("words", "what came of it")), over_key=ACTS
    ),
    "filter list": Verb(_filters, over_key=READS),
    "filter save": Verb(
        _save,
        takes(arg("name", "its name, like press"), text("typed", "is:free on:masto refund")),
        over_key=ACTS,
    ),
    "filter remove": Verb(_remove, arg("name", "its name"), over_key=ACTS),
    "mention sort": Verb(
        _sort,
        takes(
            arg("verdict", "what they need", choices=(*_ANSWERS, "none")),
            arg("mentions", "the posts: M-12 M-13", nargs="*"),
            option("--story", "every free post of a story", metavar="N-3"),
        ),
        over_key=ACTS,
    ),
}
