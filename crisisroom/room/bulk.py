"""One answer to many, with care: each person greeted, each text looked at, paced, stoppable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from crisisroom.core.compose import prefill
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.query import Query
from crisisroom.core.said import Bulk
from crisisroom.core.suggest import Suggestion, SuggestionKind
from crisisroom.core.timeline import Draft
from crisisroom.core.wordings import Wording
from crisisroom.core.wordings import words_of as wordings_of
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.addressing import BY_HAND
from crisisroom.room.checks import own, required
from crisisroom.room.desk import Desk, desk_in
from crisisroom.room.leading import leads
from crisisroom.room.lessons import Memory, remembered
from crisisroom.room.linking import link_drafts
from crisisroom.room.reading import mention_in
from crisisroom.room.sending import refuse_stopped, release_drafts
from crisisroom.room.stories import one as story_in
from crisisroom.room.suggesting import ranked
from crisisroom.room.triage import claimed_mark, holder_of
from crisisroom.room.words import new_reply, reply_to
from crisisroom.store import Tx, log, mention_windows, settings
from crisisroom.store import mentions as rows

MOST = 200  # people that one answer to many reaches: more is a statement


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """One person of the list: what they said, what they would get, and what keeps it from them.

    `asks` are questions to whoever reviews the list; with a `why_not` they get nothing.
    """

    mention: Mention
    text: str = ""
    channel: str = ""
    asks: tuple[str, ...] = ()
    why_not: str = ""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a story, person by person, for somebody to look through before it goes."""

    incident: str
    narrative: str
    words: str  # the id of the approved words
    wordings: int  # how many ways of saying it take turns
    people: tuple[Addressee, ...]

    @property
    def going(self) -> tuple[Addressee, ...]:
        """Return those who would get an answer."""
        return tuple(one for one in self.people if not one.why_not)


class Chosen(msgspec.Struct, frozen=True):
    """A reviewed line of the list: whom, and exactly what they get."""

    mention: str
    text: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an answer to many: the replies on their way, and who gets none, and why."""

    acted: Acted
    bulk: Bulk
    queued: tuple[str, ...]
    held: tuple[tuple[str, str], ...]  # reply or mention, reason


async def propose(
    room: Room, inc: str, narrative_id: str, words_id: str = "", *, limit: int = MOST
) -> Proposal:
    """Return what an answer to a story would say to each of its people; nothing is written.

    One reply a person, to their latest post; `words_id` names approved words of the plan, without
    it the best fitting ones are taken.
    """

    async def work(tx: Tx) -> tuple[Incident, str, list[Desk], Memory]:
        chain = await room.chain_of(tx, inc, room.store.seen)
        state = await log.state(tx, chain, room.store.seen)
        assert state is not None
        story = await story_in(tx, narrative_id)
        posts = await mention_windows.find(tx, Query(narrative=story.id, limit=limit * 3))
        desks = [await desk_in(tx, room, state, mention=post) for post in _one_each(posts)[:limit]]
        return state, story.id, desks, await remembered(tx, state.plan.id, story.id)

    state, story_id, desks, memory = await room.store.read(work)
    chosen = words_id or await _fitting(state, desks, memory)
    ways = _wordings(state, chosen)
    people = tuple(_addressed(room, state, desk, ways, n) for n, desk in enumerate(desks))
    return Proposal(
        incident=state.id,
        narrative=story_id,
        words=chosen,
        wordings=len(ways),
        people=_not_twice(people),
    )


def _one_each(posts: Sequence[Mention]) -> list[Mention]:
    """Return the latest post of each author."""
    latest: dict[tuple[str, str], Mention] = {}
    by_time = sorted(posts, key=lambda one: (one.posted_at, one.number))
    for post in by_time:
        latest[post.source, post.author.handle.casefold() or post.id] = post
    chosen = {post.id for post in latest.values()}
    return [post for post in by_time if post.id in chosen]


async def _fitting(state: Incident, desks: Sequence[Desk], memory: Memory) -> str:
    """Return the message that fits most of the posts."""
    texts = [desk.mention.text for desk in desks if desk.mention is not None]
    found = await ranked(state.plan, memory, texts)
    if not found:
        raise Usage("words", "no approved words fit this story", "name some: --words ID")
    return found[0].id


def _wordings(state: Incident, words_id: str) -> list[Wording]:
    """Return the ways of saying it, Usage for what the plan does not say."""
    sayable = [one for one in wordings_of(state.plan) if one.kind in ("key_message", "faq")]
    found = [one for one in sayable if one.base == words_id and not one.language]
    if not found:
        known = ", ".join(dict.fromkeys(one.base for one in sayable))
        raise Usage("unknown-words", f"{state.id} has no words {words_id}", f"one of {known}")
    return found


def _addressed(
    room: Room, state: Incident, desk: Desk, ways: Sequence[Wording], turn: int
) -> Addressee:
    mention = desk.mention
    assert mention is not None
    if why_not := _why_not(room, state, desk, mention):
        return Addressee(mention=mention, channel=desk.channel, why_not=why_not)
    text = _greeted(desk, ways, turn)
    if not text:
        return Addressee(
            mention=mention,
            channel=desk.channel,
            why_not="nobody approved these words as they read",
        )
    review = desk.review(text)
    blocking = "; ".join(one.message for one in review.blocking)
    asks = tuple(
        one.message for one in review.problems if one.severity == "ask" and one.code != "same_again"
    )
    return Addressee(mention=mention, text=text, channel=desk.channel, asks=asks, why_not=blocking)


def _why_not(room: Room, state: Incident, desk: Desk, mention: Mention) -> str:
    holder = holder_of(mention, room.clock.now())
    if mention.state in ("answered", "offline", "dismissed"):
        return f"is {mention.state}"
    if holder and holder != room.actor.name:
        return f"{holder} is on it"
    if reply_to(state, mention) is not None:
        return "has a reply in hand"
    if mention.incident not in ("", state.id):
        return f"belongs to {mention.incident}"
    if desk.channel == BY_HAND:
        return "goes by hand: answer it by itself"
    return ""


def _greeted(desk: Desk, ways: Sequence[Wording], turn: int) -> str:
    """Return the reply in the post's language where it is translated, else in the plan's own."""
    for language in dict.fromkeys((desk.language, "")):
        ready = desk.ready(language)
        sayable = [way for way in ways if (way.kind, way.id) in ready]
        if sayable:
            way = sayable[turn % len(sayable)]
            kind: SuggestionKind = "faq" if way.kind == "faq" else "key_message"
            chosen = [Suggestion(way.id, kind, 1.0, "")]
            return prefill(ready, desk.values.get("handle", ""), chosen).text
    return ""


def _not_twice(people: Sequence[Addressee]) -> tuple[Addressee, ...]:
    """Let nobody get what another one gets to the letter: without a handle there is no greeting."""
    same = Counter(one.text for one in people if not one.why_not)
    return tuple(
        msgspec.structs.replace(one, why_not="would read like the others: answer it by itself")
        if same[one.text] > 1
        else one
        for one in people
    )


async def send(
    room: Room,
    inc: str,
    narrative_id: str,
    words_id: str,
    chosen: Sequence[Chosen],
    *,
    command_id: str = "",
) -> Result:
    """Queue the reviewed lines of a list; they go out one after the other, paced by the channel.

    Every text stays a reply of its own: with its claim, its approval where somebody changed it,
    its one way out. What may not go (any more) is held, with the reason; the others go on.
    """
    if not await _begun_before(room, command_id):
        _refuse_spam(chosen)
    held: list[tuple[str, str]] = []

    async def begin(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        held.clear()  # it may run again, where a server was lost
        await refuse_stopped(tx)
        _wordings(state, words_id)
        story = await story_in(tx, narrative_id)
        bulk_id = f"B-{len(state.bulks) + 1}"
        made: list[Draft] = []
        for one in chosen:
            try:
                made += await _reply(tx, room, state, scene, one, bulk_id, made)
            except (Refused, Usage) as refusal:
                held.append((one.mention, refusal.message))
        if not made:
            raise Refused("nobody", "nobody on the list can be answered", held[0][1])
        return [_begun(bulk_id, story.uid, story.id, words_id, _count(made)), *made]

    first = await room.act_in(inc, begin, command_id=command_id and f"{command_id}:1")
    bulk_id = first.entries[0].data["bulk"]
    queued: list[str] = []
    refused = len(held)

    async def let_go(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        queued.clear()
        del held[refused:]
        drafts: list[Draft] = []
        for words in _of_bulk(state, bulk_id):
            if words.state != "draft":
                continue
            try:
                drafts += await release_drafts(tx, room, state, words, (words.channel,), scene)
                queued.append(words.id)
            except (Refused, Usage) as refusal:
                held.append((words.id, refusal.message))
        return drafts

    acted = await room.act_in(inc, let_go, command_id=command_id and f"{command_id}:2")
    bulk = acted.incident.bulks[bulk_id]
    done = queued or [one.id for one in _of_bulk(acted.incident, bulk_id) if one.sends]
    return Result(acted=acted, bulk=bulk, queued=tuple(done), held=tuple(held))


async def _begun_before(room: Room, command_id: str) -> bool:
    """Tell whether this command was given before: then its list is no longer what counts."""
    if not command_id:
        return False
    before = await room.store.read(lambda tx: settings.outcome(tx, f"{command_id}:1"))
    return before is not None


def _refuse_spam(chosen: Sequence[Chosen]) -> None:
    if not chosen:
        raise Usage("nobody", "nobody is on the list", "bulk preview shows who could be")
    if len(chosen) > MOST:
        hint = "publish a statement, and let replies point to it"
        raise Refused("too-many", f"{len(chosen)} people are a public: {MOST} at most", hint)
    people = Counter(one.mention.upper() for one in chosen)
    if twice := next((one for one, count in people.items() if count > 1), ""):
        raise Usage("twice", f"{twice} is on the list twice", "one answer to each")
    texts = Counter(one.text.strip() for one in chosen)
    if most := next((text for text, count in texts.items() if count > 1), ""):
        many = texts[most]
        raise Refused("same", f"{many} people would get the very same words", "greet each of them")


async def _reply(
    tx: Tx,
    room: Room,
    state: Incident,
    scene: Scene,
    one: Chosen,
    bulk_id: str,
    made: Sequence[Draft],
) -> list[Draft]:
    own(required(one.text, "a reply needs words"), "reply")
    mention = await mention_in(tx, one.mention)
    if before := reply_to(state, mention):
        raise Refused("answered", f"{before.author} writes {before.id} to {mention.id}")
    if any(draft.data.get("mention") == mention.uid for draft in made):
        raise Refused("twice", f"{mention.id} is on the list twice")
    desk = await desk_in(tx, room, state, mention=mention)
    if why_not := _why_not(room, state, desk, mention):
        raise Refused("held", f"{mention.id}: {why_not}")
    linked = await link_drafts(tx, room, state, [mention.id])
    mark = claimed_mark(mention, scene)
    await rows.mark(tx, mention.number, state=mark.state, assignee=mark.assignee, until=mark.until)
    number = len(state.replies) + _count(made) + 1
    return [*linked, new_reply(state, one.text, desk, bulk_id, number)]


def _count(drafts: Sequence[Draft]) -> int:
    return sum(one.kind == "reply.drafted" for one in drafts)


def _begun(bulk_id: str, uid: str, narrative: str, words_id: str, replies: int) -> Draft:
    data: dict[str, Any] = {
        "bulk": bulk_id,
        "narrative": uid,
        "id": narrative,
        "uses": words_id,
        "replies": replies,
    }
    people = "1 person" if replies == 1 else f"{replies} people"
    said = f"answers {people} of {narrative} with {words_id} ({bulk_id})"
    return Draft(kind="bulk.begun", text=said, data=data)


def _of_bulk(state: Incident, bulk_id: str) -> Iterator[Words]:
    yield from (one for one in state.replies.values() if one.bulk == bulk_id)


async def stop(room: Room, inc: str, bulk_id: str, why: str = "", *, command_id: str = "") -> Acted:
    """Stop an answer to many: what is not out yet stays in; anybody may."""
    own(why, "reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        bulk = _bulk(state, bulk_id)
        if bulk.stopped_at is not None:
            return []
        said = f"stopped {bulk.id}" + (f": {why}" if why else "")
        data = {"bulk": bulk.id, "words": why}
        return [Draft(kind="bulk.stopped", text=said, data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def resume(room: Room, inc: str, bulk_id: str, *, command_id: str = "") -> Acted:
    """Let a stopped answer to many go on; for whoever began it, and for the lead."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        bulk = _bulk(state, bulk_id)
        if bulk.stopped_at is None:
            return []
        if scene.actor != bulk.by and not leads(state, scene):
            raise Refused("may-not", f"{bulk.id} is for {bulk.by} or the lead to let go on")
        data = {"bulk": bulk.id, "words": ""}
        return [Draft(kind="bulk.resumed", text=f"lets {bulk.id} go on", data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _bulk(state: Incident, bulk_id: str) -> Bulk:
    if found := state.bulks.get(bulk_id.upper()):
        return found
    known = ", ".join(state.bulks) or "nobody answered many at once"
    raise Usage("unknown-bulk", f"{state.id} has no {bulk_id}", known)


def progress(state: Incident, bulk_id: str) -> Counter[str]:
    """Return how many replies of an answer to many are in which state."""
    return Counter(one.state for one in _of_bulk(state, _bulk(state, bulk_id).id))
