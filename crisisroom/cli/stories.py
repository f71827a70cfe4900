"""Stories and early warnings: listed, put right, decided."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator, Sequence

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.listing import narrative_id
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.output import document, say, say_all
from crisisroom.cli.overkey import A_HOST_FILE, ACTS, READS
from crisisroom.cli.plain import At, in_zone, mention_line, one_line
from crisisroom.cli.triage import mention_id
from crisisroom.core.candidate import Candidate
from crisisroom.core.errors import Usage
from crisisroom.core.narrative import MOST_FREE, Narrative, NarrativeState
from crisisroom.core.query import Query, numbered
from crisisroom.report.contract import Json, mention_json
from crisisroom.report.contract_heard import candidate_json, narrative_json
from crisisroom.room import Acted, Room, reading, stories, warnings

SHOWN = 50  # posts of a story that are shown without --limit


def candidate_id(given: str) -> str:
    """Return the id of an early warning as it was typed; Usage for anything else."""
    if numbered(given, "C-") is None:
        raise Usage("candidate", f"{given[:40]} is no early warning's id", "they look like C-3")
    return f"C-{numbered(given, 'C-')}"


def story_line(story: Narrative, at: At) -> str:
    """Return a story with its counts."""
    people = f"{story.authors} {'person' if story.authors == 1 else 'people'}"
    sources = ", ".join(story.sources)
    state = "" if story.state == "open" else f" {story.state}"
    into = f" into {story.into}" if story.into else ""
    free = f"{story.free:,}{'+' if story.free >= MOST_FREE else ''}"
    counts = f"{story.mentions} posts ({free} free), {people}, {story.complaints} complaints"
    return (
        f"{story.id}{state}{into} {counts}, {sources}, {at(story.last_at)}: {one_line(story.title)}"
    )


def warning_line(one: Candidate, at: At) -> str:
    """Return an early warning with its reason and what became of it."""
    about = f" {one.term}" if one.term else ""
    playbook = f"; playbook {one.suggested_playbook}" if one.suggested_playbook else ""
    became = f" {one.incident}" if one.incident else f": {one.decision}" if one.decision else ""
    by = f" by {one.decided_by}" if one.decided_by else ""
    stories_said = f" [{' '.join(one.narratives)}]" if one.narratives else ""
    head = f"{one.id} {at(one.at)} {one.level}{about} {one.state}{by}{became}"
    return f"{head}{stories_said}\n  {one_line(one.reason)}{playbook}"


async def _narratives(context: Context, args: Namespace) -> int:
    if args.from_file:
        from crisisroom.cli.grouping import from_file

        return await from_file(context, args)
    room = await context.here()
    since = context.moment(args.since)
    states: Sequence[NarrativeState] = () if args.all else ("open",)
    found = await stories.narratives(room, since, args.limit or 1000, states)
    shown = paged(found, args, lambda story: story.id)
    at = in_zone(room.config.zone, context.clock.now())
    members = {one.id: await _members(room, one.id) for one in shown} if args.full else {}
    context.show(
        lambda: [
            narrative_json(one) | ({"mention_ids": members[one.id]} if args.full else {})
            for one in shown
        ],
        lambda: [story_line(one, at) for one in shown] or ["no story goes on"],
    )
    return 0


async def _members(room: Room, story: str) -> list[str]:
    found: list[str] = []
    after = 0
    while True:
        query = Query(narrative=story, copies=True, after=after, limit=1000, newest_first=False)
        page = await reading.mentions(room, query)
        found += [mention.id for mention in page]
        if len(page) < 1000:
            return found
        after = page[-1].number


async def _show(context: Context, args: Namespace) -> int:
    room = await context.here()
    story = await stories.narrative(room, narrative_id(args.narrative))
    posts = await reading.mentions(
        room, Query(narrative=story.id, limit=args.limit or SHOWN, copies=True)
    )
    at = in_zone(room.config.zone, context.clock.now())

    def lines() -> Iterator[str]:
        yield story_line(story, at)
        yield from (f"  {mention_line(post, at)}" for post in posts)
        if story.mentions > len(posts):
            yield f"  and {story.mentions - len(posts)} more: --limit shows them"

    context.show(
        lambda: narrative_json(story) | {"posts": [mention_json(post) for post in posts]}, lines
    )
    return 0


Change = Callable[[Room, Namespace, str], Awaitable[Narrative]]


def _change(change: Change) -> Callable[[Context, Namespace], Awaitable[int]]:
    async def act(context: Context, args: Namespace) -> int:
        room = await context.here()
        story = await change(room, args, context.options.command_id)
        at = in_zone(room.config.zone, context.clock.now())
        context.show(lambda: narrative_json(story), lambda: [story_line(story, at)])
        return 0

    return act


async def _rename(room: Room, args: Namespace, command_id: str) -> Narrative:
    name = narrative_id(args.narrative)
    return await stories.rename(room, name, words(args.title), command_id=command_id)


async def _merge(room: Room, args: Namespace, command_id: str) -> Narrative:
    into, *others = [narrative_id(one) for one in args.narratives]
    return await stories.merge(room, into, others, command_id=command_id)


async def _split(room: Room, args: Namespace, command_id: str) -> Narrative:
    chosen = [mention_id(one) for one in args.mentions]
    name = narrative_id(args.narrative)
    return await stories.split(room, name, chosen, args.title, command_id=command_id)


async def _dismiss(room: Room, args: Namespace, command_id: str) -> Narrative:
    return await stories.dismiss(room, narrative_id(args.narrative), command_id=command_id)


async def _restore(room: Room, args: Namespace, command_id: str) -> Narrative:
    return await stories.restore(room, narrative_id(args.narrative), command_id=command_id)


def _linking(
    change: Callable[..., Awaitable[Acted]],
) -> Callable[[Context, Namespace], Awaitable[int]]:
    async def act(context: Context, args: Namespace) -> int:
        room, command_id = await context.here(), context.options.command_id
        name = narrative_id(args.narrative)
        acted = await change(room, args.inc, name, command_id=command_id)
        story = await stories.narrative(room, name)

        def thing() -> Json:
            return narrative_json(story) | {"incident": acted.incident.id}

        return context.acted(acted, thing)

    return act


async def _candidates(context: Context, args: Namespace) -> int:
    room = await context.here()
    states: Sequence[str] = () if args.all else warnings.OPEN
    found = await warnings.candidates(room, states)
    shown = paged(found, args, lambda one: one.id)
    at = in_zone(room.config.zone, context.clock.now())
    nothing = "no early warning waits; --all shows the earlier ones"
    context.show(
        lambda: [candidate_json(one) for one in shown],
        lambda: [line for one in shown for line in warning_line(one, at).split("\n")] or [nothing],
    )
    return 0


async def _candidate(context: Context, args: Namespace) -> int:
    room = await context.here()
    one = await warnings.candidate(room, candidate_id(args.candidate))
    told = [await stories.narrative(room, name) for name in one.narratives]
    posts = [await reading.mentions(room, Query(narrative=story.id, limit=5)) for story in told[:3]]
    at = in_zone(room.config.zone, context.clock.now())
    if context.options.json:
        found = [mention_json(post) for page in posts for post in page]
        more = {"stories": [narrative_json(story) for story in told], "posts": found}
        document(candidate_json(one) | more)
        return 0
    say_all(warning_line(one, at).split("\n"))
    for story, page in zip(told, posts, strict=False):
        say(f"  {story_line(story, at)}")
        say_all(f"    {mention_line(post, at)}" for post in page)
    if one.state in warnings.OPEN:
        playbook = one.suggested_playbook or "ID"
        say(f"declare it: crisisroom declare 'TITLE' --candidate {one.id} --playbook {playbook}")
        say(f"or: crisisroom candidate watch {one.id}, candidate dismiss {one.id} 'WHY'")
    return 0


async def _decided(context: Context, room: Room, one: Candidate) -> int:
    at = in_zone(room.config.zone, context.clock.now())
    context.show(lambda: candidate_json(one), lambda: warning_line(one, at).split("\n"))
    return 0


async def _watch(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    name, said = candidate_id(args.candidate), words(args.words)
    made = await warnings.watch(room, name, said, command_id=command_id)
    return await _decided(context, room, made)


async def _dismiss_warning(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    name, said = candidate_id(args.candidate), words(args.words)
    made = await warnings.dismiss(room, name, said, command_id=command_id)
    return await _decided(context, room, made)


async def _reopen_warning(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    made = await warnings.reopen(room, candidate_id(args.candidate), command_id=command_id)
    return await _decided(context, room, made)


_STORY = arg("narrative", "the story's id: N-3")
_WARNING = arg("candidate", "the early warning's id: C-3")

VERBS = {
    "narratives": Verb(
        _narratives,
        takes(
            option("--since", "only those that went on since: -24h", metavar="TIME"),
            flag("--all", "those set aside or merged too"),
            flag("--full", "with the ids of their posts"),
            arg(
                "--from",
                "group a file of JSON lines instead, without a room; - is stdin",
                dest="from_file",
                default="",
                metavar="FILE",
            ),
            PAGING,
        ),
        over_key=READS.without(from_file=A_HOST_FILE),
    ),
    "narrative show": Verb(
        _show, takes(_STORY, arg("--limit", "posts", type=int, metavar="N")), over_key=READS
    ),
    "narrative rename": Verb(
        _change(_rename), takes(_STORY, text("title", "its name")), over_key=ACTS
    ),
    "narrative merge": Verb(
        _change(_merge),
        arg("narratives", "the story that stays, then those that become part of it", nargs="+"),
        over_key=ACTS,
    ),
    "narrative split": Verb(
        _change(_split),
        takes(
            _STORY,
            arg("mentions", "the posts that tell another story: M-1 M-2", nargs="+"),
            option("--title", "the new story's name", metavar="WORDS"),
        ),
        over_key=ACTS,
    ),
    "narrative dismiss": Verb(_change(_dismiss), _STORY, over_key=ACTS),
    "narrative restore": Verb(_change(_restore), _STORY, over_key=ACTS),
    "narrative link": Verb(_linking(stories.link), _STORY, incident=True, over_key=ACTS),
    "narrative unlink": Verb(_linking(stories.unlink), _STORY, incident=True, over_key=ACTS),
    "candidates": Verb(
        _candidates,
        takes(flag("--all", "those that were decided or are over too"), PAGING),
        over_key=READS,
    ),
    "candidate show": Verb(_candidate, _WARNING, over_key=READS),
    "candidate watch": Verb(
        _watch,
        takes(_WARNING, text("words", "what you look out for", optional=True)),
        over_key=ACTS,
    ),
    "candidate dismiss": Verb(
        _dismiss_warning, takes(_WARNING, text("words", "why it is nothing")), over_key=ACTS
    ),
    "candidate reopen": Verb(_reopen_warning, _WARNING, over_key=ACTS),
}
