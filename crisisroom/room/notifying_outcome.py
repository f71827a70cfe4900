"""What came of telling somebody: the next way, the next person, and an entry on the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from crisisroom.core.notify import SORTS
from crisisroom.core.rules import MACHINE
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room
from crisisroom.room.notifying import reachable, unanswered_draft
from crisisroom.room.notifying_people import Way, answer_until
from crisisroom.room.notifying_steps import Batch
from crisisroom.room.triage import append_to
from crisisroom.store import Tx, leases, log, pages
from crisisroom.store.leases import Lease
from crisisroom.store.pages import Page, Try

replace = msgspec.structs.replace


class Failed(msgspec.Struct, frozen=True):
    """A way that did not work, and why; with `doubt` it may have gone all the same."""

    way: Way
    reason: str
    doubt: bool = False


async def outcome(
    room: Room,
    batch: Batch,
    way: Way | None,
    failed: Sequence[Failed] = (),
    ended: Try | None = None,
    lease: Lease | None = None,
) -> None:
    """Move a batch on by what came of this step, and put that on the timelines.

    `way` is by what it went. None ends the round: all ways were tried in vain, or none works; then
    the next person is told at once.
    """

    async def work(tx: Tx) -> None:
        if lease:
            await leases.check(tx, lease)
        if ended is not None:
            await pages.end(tx, ended)
        moved = []
        for page in batch.pages:
            now = await pages.get(tx, page.number)
            if now is not None and now.state == pages.OPEN:
                moved.append(_sent(room, batch, now, way) if way else _round_over(room, now))
                await pages.save(tx, moved[-1])
                if way is None:
                    await _pass_on(tx, room, moved[-1])
        await _tell_timelines(tx, room, batch, way, failed, _doubt(ended))
        await _given_up(tx, room, [one for one in moved if _in_vain(one)])

    await room.store.write(work)


def _sent(room: Room, batch: Batch, page: Page, way: Way) -> Page:
    now = room.clock.now()
    if not SORTS[page.kind].answer:
        return replace(page, state=pages.TOLD, closed_at=now)
    again = timedelta(seconds=room.config.notifying.again)
    return replace(page, step=batch.ways.index(way) + 1, due_at=now + again)


def _round_over(room: Room, page: Page) -> Page:
    """Return a page after all ways of one round: another one begins later, or that was the last.

    An escalation goes on as its playbook says, and a test page until its time is over.
    """
    notifying, now = room.config.notifying, room.clock.now()
    if page.kind == "test":
        until = max(answer_until(room, page), now) + timedelta(seconds=60)
        return replace(page, step=0, round=page.round + 1, due_at=until)
    if page.kind == "escalation" or page.round >= notifying.rounds:
        return replace(page, state=pages.UNANSWERED, closed_at=now)
    later = now + timedelta(seconds=notifying.again)
    return replace(page, step=0, round=page.round + 1, due_at=later)


async def _pass_on(tx: Tx, room: Room, page: Page) -> None:
    """Write down a page, due now, for the next person who was not told yet and can be."""
    told = {one.person for one in await pages.of_key(tx, page.key)}
    state = await log.state(tx, page.chain, room.store.states) if page.chain else None
    for who in page.after:
        if who not in told and reachable(room, who, state, page):
            following = replace(
                page,
                number=await pages.next_number(tx),
                person=who,
                state=pages.OPEN,
                step=0,
                round=1,
                due_at=room.clock.now(),
                closed_at=None,
                after=tuple(one for one in page.after if one != who),
            )
            await pages.add(tx, following)
            return


async def _tell_timelines(
    tx: Tx, room: Room, batch: Batch, way: Way | None, failed: Sequence[Failed], doubt: str
) -> None:
    """Write one entry on each timeline that the message tells of; none where nothing was tried."""
    if way is None and not failed:
        return
    for chain, mine in _by_chain(batch.pages).items():
        await _append(tx, room, chain, mine[0].incident, _draft(batch, mine, way, failed, doubt))


def _doubt(ended: Try | None) -> str:
    """Return what to say of a message that was sent again after a watcher died."""
    if ended is None or ended.tries == 1:
        return ""
    often = "twice" if ended.state == pages.SENT else "not at all, or twice"
    return f", perhaps {often}: a watcher died while it went out"


def _by_chain(told: Sequence[Page]) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = {}
    for page in told:
        found.setdefault(page.chain, []).append(page)
    return found


async def _append(tx: Tx, room: Room, chain: str, incident: str, draft: Draft) -> None:
    if chain:
        await append_to(tx, room, incident, [draft])
    else:
        await log.append(tx, ROOM, [draft], log.Author(MACHINE), room.clock.now())


def _draft(
    batch: Batch, mine: Sequence[Page], way: Way | None, failed: Sequence[Failed], doubt: str
) -> Draft:
    ids, kinds = [one.id for one in mine], list(dict.fromkeys(one.kind for one in mine))
    who = batch.person.id
    state = "sent" if way else "unknown" if any(one.doubt for one in failed) else "failed"
    why = "; ".join(f"{one.way.by}: {one.reason}" for one in failed)
    if way is not None:
        besides = f" (not by {why})" if why else ""
        text = f"told {who} by {way.by}: {', '.join(ids)}{besides}{doubt}"
    else:
        text = f"could not tell {who}: {', '.join(ids)} ({why})"
    data = {
        "pages": ids,
        "kinds": kinds,
        "person": who,
        "way": way.by if way else "",
        "outcome": state,
        "failed": [{"way": one.way.by, "reason": one.reason} for one in failed],
        "drill": batch.drill,
    }
    return Draft(kind="page.sent", text=text, data=data, actor=MACHINE, source="system")


def _in_vain(page: Page) -> bool:
    """Tell whether an answer was wanted that did not come; that it did not go is told already."""
    return page.state == pages.UNANSWERED and SORTS[page.kind].answer


async def _given_up(tx: Tx, room: Room, given_up: Sequence[Page]) -> None:
    for chain, mine in _by_chain(given_up).items():
        await _append(tx, room, chain, mine[0].incident, unanswered_draft(mine))
