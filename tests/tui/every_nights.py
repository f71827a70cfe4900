"""The nights that the screens of `every.py` are shown in, each as a room that a person opens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tui.after.after_night import after_room
from tui.bulk.night import speaking_room
from tui.compose.replies import reply_night
from tui.compose.sides import SHORT, agreed, drafted, moved, published, spoken, went_out
from tui.compose.stage import Night
from tui.duty_night import duty_room
from tui.night import BEGIN, by_handle, calm_room, empty_room, night_room
from tui.story_night import mended, story_room
from tui.team.test_since import away_for_an_hour
from tui.test_access import with_team
from tui.warned_night import signal, warn, warned_room
from watch.paging import TOLD as PAGING

from crisisroom.core.mention import Author, Incoming
from crisisroom.room import (
    Actor,
    Room,
    approvals,
    lifecycle,
    notifying,
    promising,
    restricting,
    searches,
    sending,
    stopping,
    triage,
    words,
)
from crisisroom.room.settings import apply_config

PLAYBOOKS = Path(__file__).parent / "playbooks"
Rooms = AbstractAsyncContextManager[Room]
SAID = "Hello @pat@social.example,\nWe are sorry. You were charged twice.\n\nFerrow"
FOREIGN = (
    ("noor", "تم خصم المبلغ مرتين من بطاقتي ولا أحد يرد على الهاتف، متى أستعيد أموالي؟"),
    ("דנה", "חויבתי פעמיים על המנוי, מתי מחזירים לי את הכסף? 98 יורו"),
    ("李雷", "月票被扣款两次，客服电话一直打不通，什么时候退款？请尽快回复，谢谢你们"),
    ("さくら", "定期券の料金が二回引き落とされました。返金はいつですか？電話がつながりません"),
    ("ไหม", "ถูกเรียกเก็บเงินสองครั้ง เมื่อไหร่จะได้เงินคืน"),
    ("emma", "two payments 👩‍👩‍👧‍👦 again 🇩🇪 and cafe\u0301 \u202eevil order\u202c 🤷🏽‍♀️ why"),
)


def _with(
    night: Callable[[Path], Rooms], change: Callable[[Room], Awaitable[Room | None]]
) -> Callable[[Path], Rooms]:
    """Return a night in which something more happened; `change` may hand over another person's."""

    @asynccontextmanager
    async def changed(folder: Path) -> AsyncIterator[Room]:
        async with night(folder) as room:
            yield await change(room) or room

    return changed


def _stage(
    night: Callable[[Path], AbstractAsyncContextManager[Night]],
    change: Callable[[Night], Awaitable[Room | None]],
) -> Callable[[Path], Rooms]:
    @asynccontextmanager
    async def changed(folder: Path) -> AsyncIterator[Room]:
        async with night(folder) as stage:
            yield await change(stage) or stage.room

    return changed


async def _as(room: Room, name: str) -> Room:
    await with_team(room)
    return room.as_actor(Actor(name))


async def _restricted(room: Room) -> None:
    await with_team(room)
    await restricting.restrict(room, "INC-1", ["cy"])


async def _foreign(room: Room) -> None:
    """Let people write in other scripts, from right to left, wide, joined, and with controls."""
    await triage.ingest(
        room,
        [
            Incoming(
                text=said,
                source="bsky",
                external_id=f"foreign-{number}",
                author=Author(handle, handle, 100 + number),
                posted_at=BEGIN + timedelta(minutes=25, seconds=number),
            )
            for number, (handle, said) in enumerate(FOREIGN)
        ],
    )


async def _owing(room: Room) -> None:
    posts = await by_handle(room)
    pat, hana = posts["@pat@social.example"].id, posts["hana"].id
    await triage.link(room, "INC-1", [pat, hana])
    await words.save_reply(room, "INC-1", pat, SAID)
    await triage.offline(room, hana)
    await promising.add(room, "INC-1", "R-1", "a call back", owner="care")


async def _warned_twice(room: Room) -> None:
    await warn(
        room, signal(BEGIN - timedelta(minutes=1), uid="s-2", term="pass", words=("refund",))
    )


async def _paged(room: Room) -> None:
    await apply_config(room, PAGING, "crisisroom.yaml")
    await room.reload()
    await notifying.send_test(room, "ada")


async def _filtered(room: Room) -> None:
    await searches.save(room, "wide-and-free", "is:free from:press")
    await searches.save(room, "mine", "who:me")


async def _edited(stage: Night) -> None:
    """Have a statement changed after Legal approved it, so that it has two versions."""
    await approvals.approve_words(stage.by("cy"), stage.incident.plan)
    held = await agreed(stage, {"bsky": SHORT})
    changed = held.text.replace("This is our mistake.", "It is ours to mend.")
    await words.edit(stage.room, stage.incident.id, "ST-1", changed, {"masto": SHORT})


async def _submitted(stage: Night) -> Room:
    await _edited(stage)
    await words.submit(stage.room, stage.incident.id, "ST-1")
    return stage.by("cy")


async def _variants(stage: Night) -> None:
    await drafted(stage, {"bsky": SHORT + " {{fact.affected}}", "masto": SHORT})


async def _out_and_wrong(stage: Night) -> None:
    await published(stage, "masto", "bsky", variants={"bsky": SHORT})
    await moved(stage)


async def _on_its_way(stage: Night) -> None:
    inc = stage.incident.id
    await published(stage, "masto", "bsky")
    for words_id, step in (("ST-2", ""), ("ST-3", "unknown"), ("ST-4", "failed")):
        await agreed(stage)
        await sending.publish(stage.room, inc, words_id, ("masto",))
        if step:
            await went_out(stage, words_id, step)


async def _stopped(room: Room) -> None:
    await stopping.stop(room, "a wrong number in it")


async def _resolved(room: Room) -> None:
    await lifecycle.resolve(room, "INC-1", "every second charge was paid back")


async def _nothing(thing: object) -> None:
    """Leave it as it is."""


async def _observer(room: Room) -> Room:
    return await _as(room, "kim")


async def _executive(room: Room) -> Room:
    return await _as(room, "rex")


async def _team(room: Room) -> Room:
    return await _as(room, "ada")


def _drilled(folder: Path) -> Rooms:
    return speaking_room(folder, drill=True)


night, calm, empty, duties = night_room, calm_room, empty_room, duty_room
speaking, warned, after, drilled = speaking_room, warned_room, after_room, _drilled
stories = _with(story_room, mended)
foreign = _with(calm_room, _foreign)
owing = _with(speaking_room, _owing)
warned_twice = _with(warned_room, _warned_twice)
paged, filtered = _with(night_room, _paged), _with(night_room, _filtered)
away = _with(night_room, away_for_an_hour)
observer, executive = _with(night_room, _observer), _with(night_room, _executive)
team, restricted = _with(night_room, _team), _with(night_room, _restricted)
resolved, stopped = _with(after_room, _resolved), _with(speaking_room, _stopped)
replying, speaking_out = _stage(reply_night, _nothing), _stage(spoken, _nothing)
variants, two_versions = _stage(spoken, _variants), _stage(spoken, _edited)
submitted, out_and_wrong = _stage(spoken, _submitted), _stage(spoken, _out_and_wrong)
on_its_way = _stage(spoken, _on_its_way)
