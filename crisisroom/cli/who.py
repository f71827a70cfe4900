"""Who is here, where they look, and what everybody holds."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, takes
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.hands import InHand
from crisisroom.report.contract import Json, moment
from crisisroom.report.contract_team import hand_json, screen_json
from crisisroom.room.looks import looks_at
from crisisroom.room.who import Person, who


async def _who(context: Context, args: Namespace) -> int:
    room = await context.here()
    found = [one for one in await who(room) if not args.person or one.id == args.person]
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: [person_json(one) for one in found],
        lambda: [line for one in found for line in person_lines(one, at)] or [_none(args.person)],
    )
    return 0


def _none(person: str) -> str:
    if person:
        return f"{person} is not here and holds nothing"
    return "nobody is here: crisisroom opens the room"


def person_json(one: Person) -> Json:
    """Return a person: where they are, and what they hold."""
    return {
        "id": one.id,
        "name": one.name,
        "observer": bool(one.access),
        "here": one.here,
        "last_at": moment(one.last_at),
        "screens": [screen_json(screen) for screen in one.screens],
        "holds": [hand_json(thing) for thing in one.hands],
        "claims": [
            {"mention": post.id, "incident": post.incident, "until": moment(post.claimed_until)}
            for post in one.claims
        ],
        "drafts": [
            {
                "id": draft.id,
                "kind": draft.kind,
                "incident": draft.incident,
                "mention": draft.mention,
                "updated_at": moment(draft.updated_at),
            }
            for draft in one.drafts
        ],
    }


def person_lines(one: Person, at: At) -> Iterator[str]:
    """Yield a person: where they are, then a line for each thing they hold."""
    name = one.id + (f" ({one.name})" if one.name and one.name != one.id else "")
    name += f", {one.access}" if one.access else ""
    if one.screen is not None:
        since = at(min(screen.since for screen in one.screens))
        many = f" on {len(one.screens)} screens" if len(one.screens) > 1 else ""
        yield f"{name}: here since {since}{many}, {looks_at(one.screen)}"
    else:
        last = f", last here {at(one.last_at)}" if one.last_at else ""
        yield f"{name}: not here{last}"
    yield from (f"  holds {_thing(thing)}" for thing in one.hands)
    for post in one.claims:
        until = f" until {at(post.claimed_until)}" if post.claimed_until else ""
        yield f"  claims {post.id}{until}" + (f", {post.incident}" if post.incident else "")
    for draft in one.drafts:
        about = draft.mention or draft.template or draft.id
        yield f"  writes a {draft.kind}: {about}, {draft.incident}, since {at(draft.updated_at)}"


def _thing(thing: InHand) -> str:
    offered = f", offered to {thing.offered}" if thing.offered else ""
    return f"{thing.kind} {thing.id}, {thing.incident}: {one_line(thing.title)}{offered}"


VERBS = {
    "who": Verb(
        _who,
        takes(arg("person", "only this person; else everybody", nargs="?", default="")),
        over_key=READS,
    )
}
