"""The rules of X's filtered stream: ours are set to what is watched, others' are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from crisisroom.sources.web import decoded, said
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher


class Rule(msgspec.Struct, frozen=True):
    """One rule: what it finds, and whose it is."""

    id: str
    value: str = ""
    tag: str = ""


class Flaw(msgspec.Struct, frozen=True):
    """Why a rule was not taken, or why a stream ends."""

    title: str = ""
    detail: str = ""
    value: str = ""

    @property
    def words(self) -> str:
        """The reason in words."""
        return ": ".join(one for one in (self.title, self.detail, self.value) if one)


class Rules(msgspec.Struct, frozen=True):
    """What X answers about rules."""

    data: tuple[Rule, ...] = ()
    errors: tuple[Flaw, ...] = ()


async def synced(
    fetch: Fetcher, url: str, reach: dict[str, Any], wanted: Sequence[str], tag: str
) -> frozenset[str]:
    """Set our rules to what is wanted and return the ids that matter to us.

    A rule of somebody else that finds the same is listened to: X takes no second one.
    """
    host = urlsplit(url).netloc
    known = decoded(Rules, (await fetch.get(url, **reach)).body, host).data
    old = [one.id for one in known if one.tag == tag and one.value not in wanted]
    if old:
        await fetch.post(url, json={"delete": {"ids": old}}, **reach)
    have = {one.value: one.id for one in known if one.value in wanted}
    missing = [{"value": one, "tag": tag} for one in wanted if one not in have]
    if missing:
        answer = await fetch.post(url, json={"add": missing}, **reach)
        told = decoded(Rules, answer.body, host)
        have |= {one.value: one.id for one in told.data}
        if lacking := [one for one in wanted if one not in have]:
            why = told.errors[0].words if told.errors else f"not taken: {lacking[0]}"
            raise FetchError("protocol", f"{host}: a rule of the stream: {said(why)}", sent=True)
    return frozenset(have.values())
