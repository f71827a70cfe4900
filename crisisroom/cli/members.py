"""`team list`: who is in the team, who may what, and whether they can come in and be reached."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import one_line
from crisisroom.report.contract import Json, plainly
from crisisroom.room.members import Standing, keys_words, may_words, members, reach_words

_NOBODY = (
    "this room has no team: whoever opens it is its one person, and may approve their own words",
    "next: name people under team in crisisroom.yaml, then crisisroom apply crisisroom.yaml",
)


async def _list(context: Context, args: Namespace) -> int:
    found = await members(await context.here())
    context.show(
        lambda: [_json(one) for one in found],
        lambda: [line for one in found for line in _lines(one)] or _NOBODY,
    )
    return 0


def _lines(one: Standing) -> Iterator[str]:
    member = one.member
    yield f"{member.id}  {one_line(member.name)}: {may_words(member)}"
    if one.holds:
        yield f"  now {', '.join(f'{title} of {inc}' for inc, title in one.holds)}"
    zone = f"; in {member.zone}" if member.zone else ""
    yield f"  {reach_words(member)}{zone}"
    handles = f"; {', '.join(member.handles)} on networks" if member.handles else ""
    yield f"  {keys_words(member)}{handles}"


def _json(one: Standing) -> Json:
    """Return a member; of keys only how many there are."""
    found: Json = plainly(one.member)
    holds = [{"incident": inc, "role": title} for inc, title in one.holds]
    return found | {"keys": len(one.member.keys), "holds": holds}


_WHO = """\
By an SSH key (crisisroom authorized-keys): whose key it is, whatever account of the host it opens.
On a host where people have accounts of their own: the account's name, as the kernel knows it, never
$USER. A room's file is its owner's alone (0600, in a folder 0700), so that several people share one
through its owner's account and their keys. A group can share it (files 0660, in a folder 2770), and
each is still their own account; but who can write the files can write over the log and read what is
kept from them, so that doctor calls it a fault.
On PostgreSQL: whom the server let in (session_user), unless a key says it.
--as NAME is for rooms without a team, and for drills; who typed it is on the record beside it."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument_group("who somebody is", _WHO)


VERBS = {"team list": Verb(_list, _arguments, over_key=READS, serves=True)}
