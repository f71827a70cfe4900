"""The analysis: what came in is scored, grouped into stories, and may warn.

One process a room does it, under a lease. It reads mentions behind a cursor in batches; what it
says of a batch, the state of its models and the cursor are written in one transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from crisisroom import lexicon
from crisisroom.config.terms import looked_for
from crisisroom.core.candidate import Candidate, Heard, Signal
from crisisroom.core.mention import Mention
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_match import best_fit, risk_words
from crisisroom.core.query import numbered
from crisisroom.core.triage import About, Scorer
from crisisroom.room import Change, Room, reading, warnings
from crisisroom.room.stories import BY_HAND
from crisisroom.store import Tx, buckets, clicks, leases, models
from crisisroom.store import mentions as rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.ids import uuid7
from crisisroom.store.leases import Lease
from crisisroom.store.mentions import Analysed
from crisisroom.watch.expected import Events, early_warning
from crisisroom.watch.series import series_of
from crisisroom.watch.stories import Stories
from crisisroom.watch.tally import author_key, texts_of
from crisisroom.watch.turn import turn

BATCH = 128  # mentions between two looks at anything else
TICK = 15.0  # seconds between two looks at the clock while nothing comes in
LEARNT = timedelta(seconds=30)  # between two times of learning from what people decided
IDLE = timedelta(minutes=5)  # between two times of saving it while nothing happens
SAVED = timedelta(seconds=20)  # how old the early warning's state in the store may get
BACK = timedelta(days=7)  # how far back stories are taken up after a restart
MOST = 10_000  # mentions that are read for it
PLANNED = timedelta(minutes=10)  # after which edited playbooks are read anew
DECISIONS = 100  # the newest early warnings, whose decisions are known after a restart
UNHEARD = timedelta(minutes=10)  # without an analysis, after which silence is no evidence
AUTHORS = 20_000  # whose mentions are counted
STORIES = 5_000  # held in memory


Playbooks = Callable[[], Sequence[Playbook]]


class Place(msgspec.Struct, frozen=True):
    """How far the analysis is, and up to which mention the early warning's saved state heard."""

    done: int = 0
    warned: int = 0
    at: datetime = datetime.fromtimestamp(0, UTC)  # the last look at the clock


class Analysis:
    """The analysis of one room; `ready` reads what an earlier one left."""

    def __init__(self, room: Room, lease: Lease | None, playbooks: Playbooks) -> None:
        self._room = room
        self._lease = lease
        self._playbooks = playbooks

    async def ready(self) -> None:
        """Read back where the last analysis stopped, and what it knew."""
        self._latest = await reading.latest_change(self._room)
        await self._room.reload()
        await self._read_plans()
        self._scorer = Scorer(lexicon.english())
        self._authors: OrderedDict[str, int] = OrderedDict()  # how often each wrote lately
        self._events = Events(self._room.config)
        recent = await self._room.store.read(self._recall)
        await self._regroup(recent)
        now = self._room.clock.now()
        if self._place.done and now - self._place.at > UNHEARD:
            self._warning.gap(self._place.at, now)
        for mention in recent:
            if mention.number > self._place.warned and not mention.others:
                self._hear(mention, self._heard(mention))
        self._unsaved = True
        await self._mind(await warnings.candidates(self._room, limit=DECISIONS))
        self._saved_at = self._learnt_at = now
        self._clicked, self._decided = False, set[str]()

    async def _read_plans(self) -> None:
        """Read the playbooks anew: their words are what a warning listens for."""
        self._plans = await asyncio.to_thread(self._playbooks)
        self._risk = risk_words(self._plans, self._room.config.warn.risk)
        self._planned_at = self._room.clock.now()

    async def _recall(self, tx: Tx) -> tuple[Mention, ...]:
        """Read what is known back, and return the mentions of the last days that are analysed."""
        now, config = self._room.clock.now(), self._room.config
        self._place = await place_of(tx)
        self._warning = early_warning(config, await models.get(tx, "warning"))
        self._learn(await clicks.all(tx))
        number = await narrative_rows.next_number(tx)
        words = looked_for(config)
        self._stories = Stories(number, lambda: uuid7(self._room.clock.now()), words)
        self._stories.know(await narrative_rows.recent(tx, now - BACK, STORIES))
        recent = await rows.recent(tx, now - BACK, MOST)
        return tuple(one for one in recent if one.number <= self._place.done)

    async def _regroup(self, recent: Sequence[Mention]) -> None:
        """Take the stories up again, a few mentions at a time: others work in this process too."""
        for start in range(0, len(recent), BATCH):
            for mention in recent[start : start + BATCH]:
                self._stories.remember(mention)
            await asyncio.sleep(0)
        self._stories.remembered()

    async def _mind(self, decided: Sequence[Candidate]) -> None:
        """Let the early warning know what people decided, also while nobody analysed."""
        self._unsaved = self._unsaved or bool(decided)
        for one in decided:
            if one.state == "dismissed" and one.decided_at is not None:
                self._warning.dismissed(one.signal, one.decided_at)
            elif one.state == "open" and one.decided_at is not None:
                self._warning.unmuted(one.signal)

    async def work(self) -> int:
        """Analyse one batch; returns how many mentions that were, 0 where nothing waits."""
        done = self._place.done
        await self._relearn()
        batch = await self._room.store.read(lambda tx: rows.after(tx, done, BATCH))
        if not batch:
            return 0
        said = [self._analysed(mention) for mention in batch]
        self._stories.settle()
        await self._write(batch, said)
        self._stories.drop_old(STORIES)
        return len(batch)

    async def _relearn(self) -> None:
        """Learn what people decided since, all of it anew: they may have taken something back."""
        now = self._room.clock.now()
        if not self._clicked or now - self._learnt_at < LEARNT:
            return
        known = await self._room.store.read(clicks.all)
        self._clicked, self._learnt_at = False, now
        self._learn(known)

    def _learn(self, known: Sequence[clicks.Click]) -> None:
        self._scorer.relearn(
            (click.mention.text, click.wanted, click.mention.lang) for click in known
        )

    async def tick(self) -> None:
        """Let the early warning look at the clock, and know what people decided."""
        decided = [await warnings.candidate(self._room, name) for name in self._decided]
        self._decided.clear()
        await self._mind(decided)
        await self._write((), ())

    async def finish(self) -> None:
        """Analyse all that waits, and let the early warning speak."""
        while await self.work():
            await self._room.clock.sleep(0)
        await self.tick()

    async def run(self) -> None:
        """Analyse for ever: at once what comes in, and by the clock what the quiet says."""
        while True:
            await self.ready()
            await self.finish()
            while not await self._anew():
                await self.finish()

    async def _anew(self) -> bool:
        """Wait until something came in or the clock has to be looked at; true to read anew."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK):
                async for batch in self._room.changes(self._latest):
                    self._latest = batch[-1].seq  # what comes meanwhile is read the next time
                    self._clicked |= any(change.topic == "click" for change in batch)
                    self._decided |= {one.ref for one in batch if one.topic == "candidate"}
                    if any(_unsettles(change) for change in batch):
                        return True
                    if any(change.topic in ("mention", "candidate") for change in batch):
                        break
        if self._room.clock.now() - self._planned_at > PLANNED:
            await self._read_plans()
        return False

    def decided(self, candidate_id: str) -> None:
        """Take note that somebody decided on an early warning; the next tick reads what."""
        self._decided.add(candidate_id)

    def _analysed(self, mention: Mention) -> Analysed:
        scored = self._scorer.score(mention.text, self._about(mention))
        if mention.others:
            return Analysed(mention.number, "", scored.priority, scored.complaint, scored.why)
        placed = self._stories.hear(mention, scored.complaint)
        narrative = f"N-{placed.narrative}" if placed.narrative else ""
        heard = self._heard(mention, narrative, scored.complaint, scored.risk)
        self._hear(mention, msgspec.structs.replace(heard, copy=placed.copy_of != 0))
        return Analysed(
            mention.number,
            narrative,
            scored.priority,
            scored.complaint,
            scored.why,
            placed.copy_of,
        )

    def _hear(self, mention: Mention, heard: Heard) -> None:
        self._warning.hear(heard, self._events.fit(mention))

    def _about(self, mention: Mention) -> About:
        author = mention.author
        who = author_key(mention)
        earlier = self._authors.pop(who, 0) if who else 0
        if who:
            self._authors[who] = earlier + 1
        if len(self._authors) > AUTHORS:
            self._authors.popitem(last=False)
        return About(
            lang=mention.lang,
            kind=mention.kind,
            reach=author.reach,
            handle=author.handle,
            name=author.name,
            direct=mention.direct,
            earlier=earlier,
            risks=self._risk,
        )

    def _heard(
        self,
        mention: Mention,
        narrative: str = "",
        complaint: float = 0.0,
        risk: tuple[str, ...] = (),
    ) -> Heard:
        return Heard(
            posted_at=mention.posted_at,
            seen_at=mention.seen_at,
            source=mention.source,
            author=author_key(mention),
            reach=mention.author.reach or 0,
            terms=mention.terms,
            narrative=narrative or mention.narrative,
            risk=risk,
            complaint=complaint or mention.complaint,
            copy=bool(mention.copy_of),
        )

    async def _write(self, batch: Sequence[Mention], said: Sequence[Analysed]) -> None:
        """Write one step down: all of it, or, where the lease is lost, nothing."""
        now = self._room.clock.now()
        signals = self._warning.tick(now)
        done = batch[-1].number if batch else self._place.done
        if not (batch or signals or self._unsaved) and now - self._saved_at < IDLE:
            return  # nothing was heard or decided: the clock alone needs no writing down
        saves = bool(signals) or now - self._saved_at > SAVED or not batch
        place = Place(done, done if saves else self._place.warned, now)
        stories = self._stories.rows()
        late, self._stories.late = self._stories.late, {}
        merged, self._stories.merged = self._stories.merged, []
        for into, gone in merged:
            self._warning.merged(f"N-{into}", f"N-{gone}")
        fit = {one.uid: self._fit(one) for one in signals}

        async def work(tx: Tx) -> None:
            if self._lease:
                await leases.check(tx, self._lease)
            await rows.analysed(tx, said)
            for number, narrative in late.items():
                await rows.assign_narrative(tx, (number,), f"N-{narrative}")
            for into, gone in merged:
                await narrative_rows.merge(tx, into, gone, by_hand=False)
            await narrative_rows.put(tx, stories)
            await buckets.add(tx, series_of(batch, said, late))
            await warnings.note(tx, self._room, signals, lambda signal: fit[signal.uid])
            if saves:
                await models.put(tx, "warning", self._warning.dump(), now)
            await models.put(tx, models.ANALYSIS, msgspec.json.encode(place), now)
            if not batch:
                await narrative_rows.move_on(tx)  # the rest of what somebody merged

        await self._room.store.write(work, durable=bool(signals))
        self._place = place
        self._unsaved = not saves
        if saves:
            self._saved_at = now

    def _fit(self, signal: Signal) -> str:
        """Return the playbook that speaks to what the warning's stories say, empty for none."""
        tallies = self._stories.tallies
        told = [
            tallies[number]
            for name in signal.narratives
            if (number := numbered(name, "N-")) in tallies
        ]
        texts = texts_of(told) or self._stories.latest_texts()
        found = best_fit(self._plans, texts)
        return found.playbook if found else ""


def _unsettles(change: Change) -> bool:
    """Tell whether a change is one that the analysis does not make itself."""
    by_hand = change.topic == "narrative" and change.ref == BY_HAND
    return by_hand or change.topic in ("config", "reset")


async def analyse_now(room: Room, playbooks: Playbooks, seconds: float = 60.0) -> bool:
    """Analyse all that waits before a verb ends; where a watcher does it, wait for that.

    False when it was not done in so many seconds; whoever watches next does it.
    """
    until = room.clock.monotonic() + seconds
    newest = await room.store.read(rows.newest)
    while room.clock.monotonic() < until:
        async with turn(room, "analyse") as lease:
            if lease is not None:
                analysis = Analysis(room, lease, playbooks)
                await analysis.ready()
                await analysis.finish()
                return True
        if (await room.store.read(place_of)).done >= newest:
            return True
        await room.clock.sleep(0.1)
    return False


async def place_of(tx: Tx) -> Place:
    """Return how far the analysis is."""
    kept = await models.get(tx, models.ANALYSIS)
    try:
        return msgspec.json.decode(kept, type=Place) if kept else Place()
    except msgspec.MsgspecError:  # better a gap in the stories than everything counted twice
        return Place(done=await rows.newest(tx))
