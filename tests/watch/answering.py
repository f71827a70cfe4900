"""A responder in a process of their own: run as `python answering.py FILE NAME MENTIONS SEED`.

They answer every mention there is, as fast as they can, and print what the room acknowledged: a
JSON line each.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import UTC, datetime

import msgspec

from crisisroom.clock import SystemClock
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.room import Actor, Room, drafting, sending, triage, words

TAKES = 0.1  # how often somebody takes a mention over, with a reason
NEAR = 10  # mentions: how far from the others' order somebody's own may be


class Acknowledged(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the room said yes to: a draft kept, a reply written, a reply released; or no to."""

    mention: str
    text: str
    draft: str = ""
    reply: str = ""
    sent: bool = False
    refused: str = ""


def say(one: Acknowledged) -> None:
    """Print a line that the parent reads."""
    print(msgspec.json.encode(one).decode(), flush=True)


async def answer(room: Room, mention: str, dice: random.Random) -> None:
    """Write to one mention and send it, unless somebody else does."""
    name = room.actor.name
    text = f"{name} answers {mention}: we call you today, and we bring a new one."
    draft = SavedDraft(
        id=f"{name}-{mention}",
        incident="INC-1",
        kind="reply",
        mention=mention,
        actor=name,
        text=text,
        updated_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    await drafting.autosave(room, draft)
    say(Acknowledged(mention, text, draft=draft.id))
    try:
        if dice.random() < TAKES:
            await triage.claim(room, mention, take=True, reason="they asked me")
        saved = (await words.save_reply(room, "INC-1", mention, text)).thing
        say(Acknowledged(mention, text, reply=saved.id))
        await words.submit(room, "INC-1", saved.id)
        await words.approve(room, "INC-1", saved.id, saved.sha256)
        await sending.send(room, "INC-1", saved.id, "masto", sha256=saved.sha256)
        say(Acknowledged(mention, text, reply=saved.id, sent=True))
    except Unavailable:
        raise
    except Refused as refusal:
        say(Acknowledged(mention, text, refused=refusal.code))


async def main(file: str, name: str, mentions: int, seed: int) -> None:
    """Answer them all, in nearly the same order as everybody else."""
    dice = random.Random(seed)
    order = sorted(range(1, mentions + 1), key=lambda number: number + dice.uniform(0, NEAR))
    async with await Room.open(file, actor=Actor(name), clock=SystemClock()) as room:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        for number in order:
            await answer(room, f"M-{number}", dice)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
