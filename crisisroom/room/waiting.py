"""What is on its way and why it waits: stopped, paced, asked to wait, or owed by a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from crisisroom.channels import Limits, Repeats, lengths, splitting
from crisisroom.core.incident import Incident, Part, Send, Words
from crisisroom.core.said import Stopped
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Entry
from crisisroom.room import Room
from crisisroom.room.addressing import BY_HAND, channel_kind
from crisisroom.room.reading import OutboxItem
from crisisroom.room.stopping import stopped_in
from crisisroom.room.texts import words_of
from crisisroom.store import Tx, abilities, leases, log

PACE = timedelta(seconds=5)  # between two replies of an answer to many, on one channel
_DRIFT = timedelta(seconds=2)  # of one machine's clock, put right by little
GRACE = timedelta(seconds=10)  # what a server may still be doing with a request after we died
_OPEN = ("queued", "sending", "unknown", "failed", "retracting")
_VERBS = {"reply": "send", "statement": "publish"}


class Ability(Limits, frozen=True, kw_only=True):
    """What a channel takes, what a repeat does there, and until when it wants to be left alone.

    `heard_at` is when it said so.
    """

    repeats: Repeats = "never"
    wait_until: datetime | None = None
    heard_at: datetime | None = None


class OnItsWay(OutboxItem, frozen=True, kw_only=True):
    """Words on their way: `waits` says why nothing happens now, `to_do` what a person owes them.

    `next_try` is when the outbox acts again by itself, `posts` how many posts the text becomes,
    `parts` those of a thread that are out.
    """

    sort: str
    kind: str  # of the channel
    bulk: str = ""
    next_try: datetime | None = None
    waits: str = ""
    to_do: str = ""
    posts: int = 1
    parts: tuple[Part, ...] = ()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One text's way to one channel: how it stands, the words that go out, and what happened."""

    item: OnItsWay
    words: str
    send: Send
    entries: tuple[Entry, ...]


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """What decides, for the whole room, whether words go out now."""

    now: datetime
    stopped: str  # why nothing of the room goes out; empty: it does
    able: Mapping[str, Ability]  # by account
    paced: Mapping[str, datetime]  # by lane: when the next reply of an answer to many may go
    watched: bool


async def present(tx: Tx, room: Room, states: Iterable[Incident]) -> Present:
    """Return what holds for the whole room, as of this transaction."""
    now = room.clock.now()
    return Present(
        now=now,
        stopped=await stopped_words(tx),
        able=await able_in(tx),
        paced=paced_of(states),
        watched=await leases.holder(tx, "watch", room.clock) is not None,
    )


async def stopped_words(tx: Tx) -> str:
    """Return why nothing goes out of this room, empty where nobody stopped it."""
    stop = await stopped_in(tx)
    return _by(stop, "all outgoing words are stopped") if stop else ""


async def able_in(tx: Tx) -> dict[str, Ability]:
    """Return what is known of each account's network; what nobody can read any more is left out."""
    found = {}
    for account, body in (await abilities.known(tx)).items():
        try:
            found[account] = msgspec.json.decode(body, type=Ability)
        except msgspec.MsgspecError:
            continue  # another program's: the network is asked again before the next send
    return found


def ahead(at: datetime | None, now: datetime, since: datetime | None) -> bool:
    """Tell whether a time set at `since` is yet to come; not where the clock was put back since."""
    return at is not None and at > now and (since is None or since <= now + _DRIFT)


def held(state: Incident, words: Words, stopped: str = "") -> str:
    """Return why nothing of these words may begin now, empty where it may."""
    if stopped:
        return stopped
    if state.stopped is not None:
        return _by(state.stopped, f"the words of {state.id} are stopped")
    bulk = state.bulks.get(words.bulk)
    if bulk is not None and bulk.stopped_at is not None:
        why = f": {bulk.why}" if bulk.why else ""
        return f"{bulk.id} was stopped by {bulk.stopped_by}{why}"
    return ""


def _by(stop: Stopped, what: str) -> str:
    return f"{what} by {stop.by}" + (f": {stop.why}" if stop.why else "")


def paced_of(states: Iterable[Incident], pace: timedelta = PACE) -> dict[str, datetime]:
    """Return, by lane, when the next reply of an answer to many may go out."""
    last: dict[str, datetime] = {}
    for state in states:
        for words in state.replies.values():
            for send in words.sends.values() if words.bulk else ():
                if send.tried_at:
                    lane = lane_of(state, send)
                    last[lane] = max(send.tried_at, last.get(lane, send.tried_at))
    return {lane: at + pace for lane, at in last.items()}


def lane_of(state: Incident, send: Send) -> str:
    """Return what goes one after the other: the channel, of a drill its stand-in."""
    return f"drill:{send.channel}" if state.drill else send.channel


async def waiting(room: Room, inc: str = "") -> tuple[OnItsWay, ...]:
    """Return what is on its way, in doubt or failed, the newest incident first; Usage for `inc`."""

    async def work(tx: Tx) -> tuple[OnItsWay, ...]:
        named = await room.chain_of(tx, inc, room.store.seen) if inc else ""
        states = await _states(tx, room)
        here = await present(tx, room, states)
        asked = [state for state in states if named in ("", state.uid)]
        return tuple(item for state in asked for item in _items(room, state, here))

    return await room.store.read(work)


async def shown(room: Room, inc: str, words_id: str) -> tuple[Shown, ...]:
    """Return every way of one text, those that came to an end too; Usage where it has none."""

    async def work(tx: Tx) -> tuple[Shown, ...]:
        chain = await room.chain_of(tx, inc, room.store.seen)
        states = await _states(tx, room)
        here = await present(tx, room, states)
        state = next(one for one in states if one.uid == chain)
        words = words_of(state, words_id)
        entries = await log.entries(tx, chain)
        return tuple(
            Shown(
                item=_item(room, state, words, send, here),
                words=words.text_on(send.channel, channel_kind(room, send.channel)),
                send=send,
                entries=tuple(_told_of(entries, words, send)),
            )
            for send in words.sends.values()
        )

    return await room.store.read(work)


def _told_of(entries: Iterable[Entry], words: Words, send: Send) -> Iterator[Entry]:
    for entry in entries:
        mine = entry.data.get("id") == words.id and entry.data.get("channel") == send.channel
        if mine and entry.kind.startswith(f"{words.sort}."):
            yield entry


async def _states(tx: Tx, room: Room) -> list[Incident]:
    found = [await log.state(tx, chain, room.store.seen) for chain, _ in await log.chains(tx)]
    return [state for state in found if state is not None]


def _items(room: Room, state: Incident, here: Present) -> Iterator[OnItsWay]:
    for words in (*state.statements.values(), *state.replies.values()):
        for send in words.sends.values():
            if send.state in _OPEN and words.state != "withdrawn":
                yield _item(room, state, words, send, here)


def _item(room: Room, state: Incident, words: Words, send: Send, here: Present) -> OnItsWay:
    kind = channel_kind(room, send.channel)
    known = any(account.id == send.channel for account in room.config.ways_out) or state.drill
    waits, next_try = _waits(state, words, send, here, known)
    return OnItsWay(
        incident=state.id,
        id=words.id,
        channel=send.channel,
        state=send.state,
        tries=send.tries,
        reason=send.reason,
        sort=words.sort,
        kind=kind,
        bulk=words.bulk,
        next_try=next_try,
        waits=waits,
        to_do=_to_do(state, words, send),
        posts=_posts(kind, words.text_on(send.channel, kind), here.able.get(send.channel)),
        parts=send.parts,
    )


def _posts(kind: str, text: str, able: Ability | None) -> int:
    """Return how many posts a text becomes, as far as its network is known."""
    limits = able or lengths.USUAL.get(kind) or Limits()
    if limits.posts < 2 or lengths.counted(kind, text, limits).fits:
        return 1
    parts = splitting.posts(text, lambda one: lengths.counted(kind, one, limits), limits.posts)
    return len(parts) or 1


def _waits(
    state: Incident, words: Words, send: Send, here: Present, known: bool
) -> tuple[str, datetime | None]:
    """Return why nothing happens to words at the moment, and when it will."""
    if send.state == "sending":
        return "its outcome is looked up", (send.at or here.now) + GRACE
    if send.state == "retracting":
        return "it is being taken back", send.not_before
    if send.state != "queued":
        return "", None
    if send.channel == BY_HAND:
        return "", None
    if not known:
        return f"no account is called {send.channel} any more", None
    if why := held(state, words, here.stopped):
        return why, None
    return _until(state, words, send, here)


def _until(state: Incident, words: Words, send: Send, here: Present) -> tuple[str, datetime | None]:
    able = here.able.get(send.channel)
    paced = here.paced.get(lane_of(state, send)) if words.bulk else None
    asked = {
        "it was asked to wait": (send.not_before, send.at),
        "the network takes no more for now": (
            (able.wait_until, able.heard_at) if able else (None, None)
        ),
        "its answer to many goes out one by one": (paced, paced and paced - PACE),
    }
    later = {why: at for why, (at, since) in asked.items() if at and ahead(at, here.now, since)}
    if later:
        why, at = max(later.items(), key=lambda one: one[1])
        return f"{why}, until {at.astimezone(zone_of(state.zone)):%H:%M:%S}", at
    if not here.watched:
        return "nobody watches this room: crisisroom watch", None
    return "", here.now


def _to_do(state: Incident, words: Words, send: Send) -> str:
    """Return what a person owes these words, if there is anything."""
    where = f"{state.id} {words.id}"
    if send.state == "unknown":
        return f"look, then: crisisroom outbox settle {where} sent|not-sent"
    if send.state == "queued" and send.channel == BY_HAND:
        return f"when it is out: crisisroom {words.sort} confirm {where} --url LINK"
    if send.state == "failed" and not words.suspended and words.state == "failed":
        verb = _VERBS[words.sort]
        return f"once more: crisisroom {words.sort} {verb} {where} --channel {send.channel}"
    return ""
