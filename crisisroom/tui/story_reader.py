"""Reads the feed by story from the room: the stories, and one window for each that is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

import msgspec

from crisisroom.core.errors import Usage
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.core.query import Query
from crisisroom.room import Room, reading, stories
from crisisroom.tui.feed_reader import FeedReader
from crisisroom.tui.storylist import FIRST, OTHERS, Fold, Told
from crisisroom.tui.viewmodel import PAGE

BACK = timedelta(hours=48)  # how long a story may have been silent
MOST = 60  # stories, the largest
FEW = 20  # further ones that a filter leads to


class StoryReader:
    """Answers for one filter."""

    def __init__(self, room: Room, query: Query) -> None:
        self._room = room
        self._query = query
        self._feed = FeedReader(room, query)

    async def read(
        self,
        opened: Collection[str] | None,
        sizes: Mapping[str, int],
        *,
        chosen: str = "",
        after: int = 0,
    ) -> Told:
        """Return the stories, and the posts of those `opened`; None opens the newest.

        `chosen` is a post whose story is opened for it; posts behind number `after` are counted.
        """
        recent = await self._find(limit=2 * PAGE)
        known = await self._stories(recent)
        wanted = set(opened) if opened is not None else {one.id for one in known[:1]}
        opens = {await self._story_of(chosen) if chosen else "", self._query.narrative} - {""}
        wanted |= opens
        names = [one.id for one in known if one.id in wanted]
        folds = {name: await self.fold(name, sizes.get(name, FIRST)) for name in names}
        return Told(
            stories=known,
            folds=folds,
            recent=recent,
            whole=len(recent) < 2 * PAGE,
            total=await self._count(),
            free=await self._feed.free(),
            newer=await self._count(after=after) if after else 0,
            chosen=chosen,
            again=bool(after),
            opens=frozenset(opens),
        )

    async def fold(self, story: str, size: int) -> Fold:
        """Return the newest posts of a story that fit the filter."""
        posts = await self._find(narrative=story, limit=size)
        if len(posts) < size:
            return Fold(posts)
        whole = await self._count(narrative=story)
        return Fold(posts, max(0, whole - len(posts)))

    async def _stories(self, recent: Iterable[Mention]) -> tuple[Narrative, ...]:
        """Return the stories of the last days; under a filter those that fitting posts tell."""
        since = self._room.clock.now() - BACK
        known = {one.id: one for one in await stories.narratives(self._room, since, MOST)}
        if self._query != Query():
            told = dict.fromkeys(post.narrative for post in recent if post.narrative)
            more = [name for name in told if name not in known][:FEW]
            known = {name: one for name, one in known.items() if name in told}
            for name in more:
                story = await self._story(name)
                if story is not None and story.state != "merged":
                    known[story.id] = story
        return tuple(sorted(known.values(), key=_newness, reverse=True))

    async def _story(self, name: str) -> Narrative | None:
        try:
            return await stories.narrative(self._room, name)
        except Usage:
            return None

    async def _story_of(self, chosen: str) -> str:
        if not chosen.startswith("M-"):
            return ""
        try:
            return (await reading.mention(self._room, chosen)).narrative or OTHERS
        except Usage:
            return ""

    async def _find(self, **narrowed: object) -> tuple[Mention, ...]:
        return await reading.mentions(self._room, self._narrowed(**narrowed))

    async def _count(self, **narrowed: object) -> int:
        return await reading.count(self._room, self._narrowed(**narrowed))

    def _narrowed(self, **narrowed: object) -> Query:
        return msgspec.structs.replace(self._query, **narrowed)


def _newness(story: Narrative) -> tuple[object, int]:
    return story.last_at, int(story.id.removeprefix("N-"))
