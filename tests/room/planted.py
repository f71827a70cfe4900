"""A room in which persons stand wherever a person can get into a room, by the real use cases.

Everything that tells of one of them has `zq` in it, and their numbers begin with `98765432`;
nothing else has.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from conftest import START as _AT
from engines import kept_bytes
from room.crisis import FULL
from room.heard import signal, warned
from room.people import SETTINGS, agreed

from crisisroom.core.drafts import SavedDraft
from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.core.narrative import Narrative
from crisisroom.core.persons import Person
from crisisroom.core.playbook import Playbook
from crisisroom.room import (
    Room,
    correcting,
    corrective,
    drafting,
    enquiries,
    facts,
    improving,
    lifecycle,
    linking,
    promising,
    questions,
    reading,
    record,
    reviewing,
    searches,
    sending,
    statements,
    stories,
    tagging,
    tasks,
    triage,
    warnings,
    words,
)
from crisisroom.room import plan as plans
from crisisroom.room.settings import apply_config
from crisisroom.store import Tx, lessons, pictures
from crisisroom.store import evidence as evidence_rows
from crisisroom.store import mentions as mention_rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.mentions import Analysed

TRACE = re.compile(rb"(?i)zq(?:[hnsmlwxy]|id)[0-9a-j]{4}|zq[0-9]+[.]png|zqedit|98765432[0-9]{4}")
TOGETHER = 10  # persons in one text

_LETTERS = str.maketrans("0123456789", "abcdefghij")


def person(number: int) -> Person:
    """Return somebody whom no other text has anything in common with."""
    code = f"{number:04}"
    name = f"zqn{code}".translate(_LETTERS)
    return Person(
        handle=f"@zqh{code}@fans.test",
        names=(f"{name.capitalize()} {name.replace('zqn', 'zqs').capitalize()}",),
        mails=(f"zqm{code}@post.test",),
        phones=(f"+49 98765432{code}",),
        links=(f"https://zql{code}.home.test/about",),
    )


def words_of(number: int) -> str:
    """Return what somebody wrote."""
    code = f"{number:04}".translate(_LETTERS)
    return f"my kettle zqw{code} burned in the night of zqx{code} and your zqy{code} never answered"


def about(number: int) -> str:
    """Return a text that tells all there is of somebody."""
    one = person(number)
    handle, server = one.handle[1:].split("@")
    return (
        f"{one.handle} is {one.names[0]} <{one.mails[0]}>, {one.phones[0]}, {one.links[0]},"
        f" https://{server}/@{handle}/7{number:04}, once %40{handle}: “{words_of(number)}”"
    )


def groups(many: int) -> Iterator[Sequence[int]]:
    """Yield the persons some at a time."""
    return (range(at, min(many, at + TOGETHER)) for at in range(0, many, TOGETHER))


def posts_of(many: int) -> int:
    """Return how many posts so many persons wrote: one each, and one came over a bridge."""
    return many + len(list(groups(many)))


def _posts(numbers: Sequence[int]) -> list[Incoming]:
    found = []
    for number in numbers:
        one = person(number)
        found.append(
            Incoming(
                text=words_of(number),
                source="masto-in",
                external_id=f"zqid{number:04}",
                author=Author(one.handle[1:], one.names[0], 12),
                url=f"https://fans.test/@zqh{number:04}/7{number:04}",
                lang="en",
                media=(Media("image", f"https://cdn.test/zq{number}.png", f"of zq{number}"),),
            )
        )
        found.append(
            Incoming(
                text=f"RT {one.handle}: {words_of(number)}",
                source="masto-in",
                external_id=f"other{number}",
                author=Author(f"fan{number}@else.test", f"Fan of {one.names[0]}"),
                reply_to=f"zqid{number:04}",
                lang="en",
            )
        )
    return found


async def plant(room: Room, many: int, plan: Playbook = FULL, *, queued: bool = True) -> None:
    """Put so many persons into every place of a room, with `queued` into the outbox as well."""
    await apply_config(room, SETTINGS, "crisisroom.yaml")
    for numbers in groups(many):
        await triage.ingest(room, _posts(numbers))
        edits = [_edited(one) for one in _posts(numbers)[::2]]
        await triage.ingest(room, edits)
    await room.store.write(lambda tx: _stories(tx, many))
    for inc in ("INC-1", "INC-2"):
        await lifecycle.declare(room, f"Kettles {inc}", playbook=plan)
    for numbers in groups(many):
        await _incident(room, "INC-1" if numbers[0] % 20 else "INC-2", numbers, queued=queued)
        await _beside(room, numbers)


def _edited(item: Incoming) -> Incoming:
    return msgspec.structs.replace(item, text=f"{item.text}, zqedit")


async def _stories(tx: Tx, many: int) -> None:
    for number in range(many):
        mine, others = 2 * number + 1, 2 * number + 2
        story = Narrative(
            id=f"N-{number + 1}",
            uid=f"uid-{number}",
            title=" ".join(words_of(number).split()[:6]) + "…",
            mentions=2,
            sources=("masto-in",),
            first_at=_AT,
            last_at=_AT,
        )
        await narrative_rows.put(tx, [story])
        said = [
            Analysed(one, story.id, 0.5, 0.9, (f"from @zqh{number:04}",)) for one in (mine, others)
        ]
        await mention_rows.analysed(tx, said)
        await lessons.learn(tx, mine, "kettle", ("unplug",), story.id, "ada", _AT)


async def _incident(room: Room, inc: str, numbers: Sequence[int], *, queued: bool) -> None:
    told = "\n".join(map(about, numbers))
    first = numbers[0]
    one = person(first)
    ids = [f"M-{2 * number + 1}" for number in numbers]
    await linking.link(room, inc, ids)
    await stories.link(room, inc, f"N-{first + 1}")
    noted = await record.note(room, inc, told)
    await correcting.correct(room, inc, noted.entry.seq, f"it was {about(first)}")
    await record.decide(room, inc, f"ring {one.names[0]}", told, options=(f"or {one.mails[0]}",))
    await record.called(room, inc, "lab", "phone", "reached", told)
    await facts.set_fact(room, inc, "cause", f"as {one.names[0]} says", source=told)
    await enquiries.add(
        room, inc, "media", f"Radio {one.handle}", told, name=one.names[0], reach=one.phones[0]
    )
    state = await reading.incident(room, inc)
    level = "sev3" if state.severity == "sev2" else "sev2"
    asked = (await lifecycle.severity(room, inc, level, told)).incident
    await enquiries.answer(room, inc, list(asked.enquiries)[-1], told)
    await lifecycle.retitle(room, inc, f"Kettles, says {one.names[0]}")
    await questions.ask(room, inc, f"who is {one.handle}?", whom="bo")
    made = await statements.draft(room, inc, "holding", text=f"{one.names[0]} is well")
    await words.edit(room, inc, made.thing.id, f"{one.handle} is well, and so is {one.names[0]}")
    for mention in ids[:3]:
        reply = await words.save_reply(room, inc, mention, f"Hello {one.handle}, thank you")
        await promising.add(room, inc, reply.thing.id, f"a kettle for {one.names[0]}")
    if queued:
        await agreed(room, reply.thing.id, inc=inc)
        await sending.send(room, inc, reply.thing.id, "masto")
    await corrective.add(room, inc, f"thank {one.names[0]}", owner="ada")
    await reviewing.write(room, inc, "summary", told, replace=True)
    await reviewing.add_factor(room, inc, f"{one.handle} was ignored")
    await plans.add_task(room, inc, f"ring {one.names[0]}", detail=about(first))
    await plans.add_message(room, inc, f"{one.names[0]} is well", when=[one.names[0], "well"])
    await plans.add_answer(room, inc, f"who is {one.handle}?", f"{one.names[0]} is a friend")
    await tasks.done(room, inc, "pause", told)
    await tasks.reopen(room, inc, "pause")


async def _beside(room: Room, numbers: Sequence[int]) -> None:
    first = numbers[0]
    one = person(first)
    told = "\n".join(map(about, numbers))
    mention = f"M-{2 * first + 1}"
    await tagging.tag(room, mention, ["troll"], author=True)
    await triage.claim(room, mention)
    await searches.save(room, f"saved-{first}", f"from:{one.handle[1:]}")
    await improving.add(room, f"thank {one.names[0]}", owner="ada")
    await stories.rename(room, f"N-{first + 1}", f"what {one.names[0]} told")
    await warned(room, signal(f"s-{first}", reason=f"told by {one.handle}"))
    await warnings.dismiss(room, f"C-{first // TOGETHER + 1}", told)
    for number in numbers:
        saved = SavedDraft(
            id=f"reply/INC-1/M-{2 * number + 1}/ada",
            incident="INC-1",
            kind="reply",
            mention=f"M-{2 * number + 1}",
            template="",
            actor="ada",
            text=about(number),
            cursor=1,
            updated_at=room.clock.now(),
        )
        await drafting.autosave(room, saved)
    await drafting.discard(room, f"reply/INC-1/{mention}/ada")
    await triage.ingest(room, [_bridged(first)])
    now = room.clock.now()
    for number in numbers:
        await room.store.write(lambda tx, number=number: _picture(tx, number, now))  # type: ignore[misc]
        data = f"a letter. {about(number)}".encode()
        await room.store.write(
            lambda tx, data=data: evidence_rows.keep(tx, data, _sha(data), "text/plain", now)  # type: ignore[misc]
        )


def _bridged(number: int) -> Incoming:
    """Return what somebody wrote, as a bridge to another network gives it on."""
    handle = person(number).handle[1:].replace("@", ".")
    return Incoming(
        text=f"{words_of(number)} – and it is cold",
        source="bsky-in",
        external_id=f"at://did:plc:zqid{number:04}/post",
        author=Author(f"{handle}.ap.brid.gy"),
        lang="en",
    )


async def _picture(tx: Tx, number: int, now: datetime) -> None:
    """Keep the picture of their post, as the watcher does; nobody can be read in it."""
    data = f"\x89PNG\0zq{number}.png".encode("latin-1")
    await evidence_rows.keep(tx, data, _sha(data), "image/png", now)
    [one] = await pictures.of(tx, 2 * number + 1)
    kept = msgspec.structs.replace(one, state="kept", sha256=_sha(data), kept_at=now)
    await pictures.put(tx, kept)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def traces(folder: Path) -> list[str]:
    """Return where anybody can still be read, in the bytes of all files under a folder."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if path.is_socket():
                continue
            if match := TRACE.search(data := path.read_bytes()):
                found.append(
                    f"{path.name}: {data[max(0, match.start() - 60) : match.end() + 60]!r}"
                )
    return found


async def traces_of(room: Room) -> list[str]:
    """Return where anybody can still be read beside the room, its log ahead included.

    On a server it is looked for in its tables, once their owner swept them.
    """
    if room.store.kind == "sqlite":
        return await asyncio.to_thread(traces, room.store.path.parent)
    found = TRACE.search(data := await kept_bytes(room.address, swept=True))
    return [f"{data[max(0, found.start() - 60) : found.end() + 60]!r}"] if found else []
