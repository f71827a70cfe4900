"""Writing down what came of fetching pictures: kept, asked for again later, or given up."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from crisisroom.core.media import is_picture, media_type
from crisisroom.core.timeline import stamp
from crisisroom.room import Room
from crisisroom.room.pictures import kept_draft, size_words
from crisisroom.room.triage import append_to
from crisisroom.store import Tx, evidence, mentions, pictures
from crisisroom.store.evidence import Kept
from crisisroom.store.pictures import Due, Picture, State
from crisisroom.text import clean_line
from crisisroom.wire.answer import FetchError

TRIES = 8  # until a picture counts as gone
MISSING = 3  # of them, where the server says that there is none
LONGEST = timedelta(hours=6)  # between two tries
FIRST = timedelta(minutes=1)  # after the first that failed
FULL = timedelta(hours=1)  # until a picture that found no room is asked for again

_MISSING = (404, 410)
_NEVER = ("too_large", "address")  # another try brings the same
_GONE = 410
_FAILING = ("timeout", "dns", "refused", "tls", "protocol")
_SERVERS = 1000  # whose failures are remembered


@dataclass(frozen=True, slots=True)
class Got:
    """What came of one picture: its bytes, or why there are none."""

    due: Due
    data: bytes = b""
    error: FetchError | None = None


class Book:
    """Keeps the pictures of one room, and remembers which servers fail."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._fails: dict[str, int] = {}  # by server, one time after the other

    async def settle(self, tx: Tx, got: Sequence[Got], found: Sequence[Due]) -> None:
        """Write down what came of a turn; the others of a server that fails share its lot.

        `found` is what was due: what names the address of a picture that came is kept with it.
        """
        now = self._room.clock.now()
        asked = {(one.due.picture.mention, one.due.picture.number) for one in got}
        for one in got:
            await self._settle_one(tx, one, now)
            if one.error is not None:
                await self._share(tx, server_of(one.due.picture.url), one.error, now)
                continue
            for due in found:
                place = (due.picture.mention, due.picture.number)
                if due.picture.url == one.due.picture.url and place not in asked:
                    await self._keep(tx, due.picture, one.data, now)

    def count_failures(self, got: Sequence[Got]) -> None:
        """Count how often each server failed one time after the other."""
        for one in got:
            host = server_of(one.due.picture.url)
            if one.error is not None and (_server_fails(one.error) or one.error.code == "address"):
                self._fails[host] = self._fails.pop(host, 0) + 1
            else:
                self._fails.pop(host, None)
        for host in list(self._fails)[:-_SERVERS]:
            del self._fails[host]

    async def _share(self, tx: Tx, host: str, error: FetchError, now: datetime) -> None:
        """Let all pictures of a server that fails rest; after so many tries they are given up."""
        fails = self._fails.get(host, 0)
        if fails >= TRIES:
            state: State = "refused" if error.code == "address" else "gone"
            await pictures.give_up(tx, host, state, clean_line(error.message, limit=200))
            del self._fails[host]  # a new picture there gets its own tries
        elif _server_fails(error):
            await pictures.rest(tx, host, _again(fails, error, now))

    async def _settle_one(self, tx: Tx, got: Got, now: datetime) -> None:
        picture, error = got.due.picture, got.error
        if error is None:
            await self._keep(tx, picture, got.data, now)
            return
        why: str = clean_line(error.message, limit=200)
        if error.code == "too_large":
            why = f"it is larger than {size_words(self._room.config.evidence.most_bytes)}"
        picture = msgspec.structs.replace(picture, tries=picture.tries + 1, reason=why)
        if error.code in _NEVER:
            picture = msgspec.structs.replace(picture, state="refused")
        elif _is_over(picture, error):
            picture = msgspec.structs.replace(picture, state="gone")
        else:
            fails = max(picture.tries, self._fails.get(server_of(picture.url), 0))
            picture = msgspec.structs.replace(picture, next_at=stamp(_again(fails, error, now)))
        await pictures.put(tx, picture)

    async def _keep(self, tx: Tx, picture: Picture, data: bytes, now: datetime) -> None:
        """Keep what came if it is a picture and fits; put it on record where it is cited."""
        mention = await mentions.get(tx, picture.mention)
        if mention is None:
            return
        if not mention.incident and self._room.config.evidence.pictures == "linked":
            await pictures.put(tx, msgspec.structs.replace(picture, state="seen", reason=""))
            return
        media, sha256 = media_type(data), hashlib.sha256(data).hexdigest()
        if not is_picture(media):
            why = f"it is no picture: {media}" if data else "there is nothing in it"
            await pictures.put(tx, msgspec.structs.replace(picture, state="refused", reason=why))
            return
        here = await evidence.kept(tx, [sha256])
        budget = self._room.config.evidence.keep_bytes
        if not here and not await evidence.make_room(tx, len(data), budget):
            await pictures.put(tx, _without_room(picture, bool(mention.incident), budget, now))
            return
        await evidence.keep(tx, data, sha256, media, now)
        kept = msgspec.structs.replace(
            picture, state="kept", sha256=sha256, reason=_unlike(picture, sha256), kept_at=now
        )
        await pictures.put(tx, kept)
        if mention.incident:
            draft = kept_draft(mention, Kept(sha256, len(data), media, now), picture.url)
            await append_to(tx, self._room, mention.incident, [draft])


def server_of(url: str) -> str:
    """Return the server in an address, with its port; empty where there is none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _server_fails(error: FetchError) -> bool:
    """Tell whether it is the server that does not do, not this one picture."""
    return error.code in _FAILING or error.status >= 429


def _is_over(picture: Picture, error: FetchError) -> bool:
    """Tell whether a picture counts as gone after the tries it had."""
    if error.status == _GONE or picture.tries >= TRIES:
        return True
    return error.status in _MISSING and picture.tries >= MISSING


def _again(tries: int, error: FetchError, now: datetime) -> datetime:
    """Return when to ask again: four times as long after each try, and never all at once."""
    wait = min(FIRST * int(4 ** min(max(tries - 1, 0), 6)), LONGEST)
    asked = timedelta(seconds=error.retry_after or 0)
    return now + max(wait * random.uniform(0.8, 1.2), asked)


def _without_room(picture: Picture, linked: bool, budget: int, now: datetime) -> Picture:
    """Return a picture that found no room: one that an incident cites waits, and says so."""
    if not linked:
        return msgspec.structs.replace(picture, state="dropped", reason=evidence.NO_ROOM)
    why = f"no room: {size_words(budget)} of pictures are cited; set evidence.keep higher"
    return msgspec.structs.replace(picture, reason=why, next_at=stamp(now + FULL))


def _unlike(picture: Picture, sha256: str) -> str:
    """Return what to say where the hash that was given is not that of what came."""
    other = picture.sha256 not in ("", sha256) and picture.state != "dropped"
    return f"given as {picture.sha256}, which is not what came" if other else ""
