"""What the playbook asks of a figure, where it says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crisisroom.core.playbook import Playbook

_REPLIES = ("first_reply_median", "first_reply_p90")


def targets(plan: Playbook, first_reply: int | None) -> Mapping[str, int]:
    """Return within how many seconds it should be, by the figure's id.

    `first_reply` is the target of first replies, None where there is none.
    """
    return dict(_targets(plan, first_reply))


def _targets(plan: Playbook, first_reply: int | None) -> Iterator[tuple[str, int]]:
    owed = [
        one.first_within for one in plan.cadences if one.audience == "public" and one.when is None
    ]
    if owed:
        yield "first_statement", min(owed)
    empty = [one.within for one in plan.roles if one.required]
    known = [within for within in empty if within is not None]
    if known and len(known) == len(empty):
        yield "time_to_staff", max(known)
    if first_reply is not None:
        yield from ((name, first_reply) for name in _REPLIES)
