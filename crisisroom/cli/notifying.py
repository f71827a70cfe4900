"""What people were told, by which way, and whether they answered; a test page; the answer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.notify import SORTS
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json, moment
from crisisroom.room import Room, notifying, notifying_live, notifying_looking
from crisisroom.room.notifying_looking import Noticed, Standing
from crisisroom.store.pages import SENDING, Page

SECONDS = 20.0  # for a test page to go out


def page_json(one: Page) -> Json:
    """Return a page: whom it is for, of what, and how it stands."""
    sort = SORTS[one.kind]
    return {
        "id": one.id,
        "kind": one.kind,
        "important": sort.important,
        "answer": sort.answer,
        "person": one.person,
        "incident": one.incident,
        "about": one.about,
        "at": stamp(one.at),
        "state": one.state,
        "round": one.round,
        "due_at": stamp(one.due_at) if one.state == "open" else None,
        "closed_at": moment(one.closed_at),
        "closed_by": one.closed_by,
        "via": one.via,
        "drill": one.drill,
    }


def noticed_json(one: Noticed) -> Json:
    """Return a page with the messages that told of it."""
    told = [
        {
            "at": stamp(it.at),
            "way": it.way,
            "messenger": it.messenger,
            "outcome": it.state,
            "reason": it.reason,
            "tries": it.tries,
        }
        for it in one.tries
    ]
    return page_json(one.page) | {"told": told}


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    person = room.actor.name if args.mine else args.person
    found = await notifying_looking.noticed(room, person, waiting=args.open)
    shown = paged(found, args, lambda one: one.page.id)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: [noticed_json(one) for one in shown],
        lambda: [line for one in shown for line in _lines(one, at)] or [_nothing(room)],
    )
    return 0


def _nothing(room: Room) -> str:
    if notifying_live.works(room):
        return "nobody was told anything yet: crisisroom notify test sends a test page"
    return "nobody is told but on the screen: add messengers: to crisisroom.yaml and apply it"


def _lines(one: Noticed, at: At) -> Iterator[str]:
    page = one.page
    where = " ".join(part for part in (page.incident, page.about) if part)
    told = f"{page.state:12} {page.id:8} {page.kind:11} {page.person:10} {where}"
    yield f"{told.rstrip()}{_then(one, at)}"
    for it in one.tries:
        why = f": {one_line(it.reason)}" if it.reason else ""
        twice = ", perhaps twice" if it.tries > 1 else ""
        yield f"  {it.state} by {it.way} {at(it.at)}{twice}{why}"


def _then(one: Noticed, at: At) -> str:
    page = one.page
    if page.closed_by and page.closed_at:
        via = f" by {page.via}" if page.via != "room" else ""
        return f", {page.closed_by}{via} {at(page.closed_at)}"
    if one.until:
        return f", to be answered until {at(one.until)}"
    return f", next {at(page.due_at)}" if page.state == "open" else ""


async def _ack(context: Context, args: Namespace) -> int:
    room = await context.here()
    before = {one.page.id for one in await notifying_looking.noticed(room) if one.waits}
    done = await notifying.acknowledge(room, args.page, words(args.words))
    fresh = any(one.id in before for one in done)
    context.show(
        lambda: [page_json(one) for one in done],
        lambda: _acknowledged(done, args.page.upper(), fresh=fresh),
    )
    return 0


def _acknowledged(done: Sequence[Page], name: str, *, fresh: bool) -> list[str]:
    page = next(one for one in done if one.id == name)
    if fresh:
        return [f"{page.id} is yours: nobody is told of it any more"]
    if page.closed_by:
        return [f"{page.closed_by} has {page.id} already"]
    return [f"{page.id} is {page.state}: there is nothing to acknowledge"]


async def _test(context: Context, args: Namespace) -> int:
    from crisisroom.watch.notifying_now import telling_now

    room = await context.here()
    sent = await notifying.send_test(room, args.person, command_id=context.options.command_id)
    numbers = {one.number for one in sent}

    async def told() -> bool:
        found = await _of(room, numbers)
        return all(one.tries and one.tries[-1].state != SENDING for one in found)

    done = args.no_wait or await telling_now(room, told, SECONDS)
    found = await _of(room, numbers)
    context.show(
        lambda: [noticed_json(one) for one in found],
        lambda: _test_lines(found, sure=done),
    )
    reached = all(one.tries and one.tries[-1].state == "sent" for one in found)
    return 0 if reached or args.no_wait else 1


async def _of(room: Room, numbers: set[int]) -> list[Noticed]:
    every = await notifying_looking.noticed(room)
    return [one for one in reversed(every) if one.page.number in numbers]


def _test_lines(found: Sequence[Noticed], *, sure: bool) -> Iterator[str]:
    for one in found:
        told = [f"{it.way} {it.state}{f' ({one_line(it.reason)})' if it.reason else ''}"
                for it in one.tries]  # fmt: skip
        yield f"{one.page.id}  {one.page.person}: {', '.join(told) or 'waits'}"
    if not sure:
        yield "not all went out yet: crisisroom notify list"
    if not sure or any(it.state != "failed" for one in found for it in one.tries):
        yield "each has to be acknowledged: by the message itself, or crisisroom notify ack PAGE-n"


def standing_json(known: Standing) -> Json:
    """Return how telling people does, for `status`."""
    return {
        "works": known.works,
        "waiting": [page_json(one) for one in known.waiting],
        "failing": [{"messenger": name, "since": stamp(at)} for name, at in known.failing],
        "missed_tests": [page_json(one) for one in known.missed],
        "expiring": [{"id": name, "ends_at": stamp(at)} for name, at in known.expiring],
        "outside": [
            {"place": one.place, "at": stamp(one.at), "reason": one.reason} for one in known.outside
        ],
    }


def standing_lines(known: Standing, me: str, at: At) -> Iterator[str]:
    """Yield what somebody has to see to, for `status`."""
    mine = known.mine(me)
    if mine:
        named = ", ".join(one.id for one in mine)
        yield f"for you: {named} without an answer: crisisroom notify ack {mine[0].id}"
    for one in known.unanswered:
        yield f"page: {one.id} {one.kind} {one.incident} nobody answered".replace("  ", " ")
    for name, since in known.failing:
        yield f"messenger: {name} fails since {at(since)}: people are told by other ways"
    for one in known.missed:
        yield f"test page: {one.person} did not answer {one.id}: can they be reached?"
    for name, ends in known.expiring:
        yield f"token: that of {name} ends {at(ends)}: renew it"
    for place in known.outside:
        if place.reason:
            yield f"outside: {place.place} not reached since {at(place.at)}: {place.reason}"


VERBS = {
    "notify list": Verb(
        _list,
        takes(
            flag("--mine", "only what you were told"),
            flag("--open", "only what wants an answer"),
            option("--person", "only what this person was told", metavar="NAME"),
            PAGING,
        ),
        over_key=READS,
    ),
    "notify ack": Verb(
        _ack,
        takes(
            arg("page", "the page's id: PAGE-3"),
            text("words", "what you say to it", optional=True),
        ),
        over_key=ACTS,
    ),
    "notify test": Verb(
        _test,
        takes(
            arg("person", "whom; without it everybody", nargs="?", default=""),
            flag("--no-wait", "leave it to the watcher"),
        ),
        serves=True,
    ),
}
