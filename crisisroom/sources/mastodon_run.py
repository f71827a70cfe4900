"""One poll of a Mastodon account: what is watched, how far each list has been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from crisisroom.mastodon.api import Abilities, Api, is_missing
from crisisroom.mastodon.shapes import Notification, Search, Status, older_than, readable
from crisisroom.wire.answer import FetchError

_PAGES = 5  # of one list in one poll
_PAGE = 40  # entries
_SEEN = 120  # ids of a search kept to tell what is new
_OWN_POSTS = 20
_THREADS = 4  # read again in one poll
_LATE = 600_000 << 16  # ten minutes, as Mastodon's ids count: posts of other servers come late
_MOMENT_ID = 10**16  # ids above it hold the time; smaller ones are plain numbers


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing that is watched; `words` are the hashtag or the search.

    With `again` what was found has to say a watched term here too: servers search generously.
    """

    kind: Literal["notifications", "home", "tag", "search", "replies"]
    words: str = ""
    again: bool = False

    @property
    def ours(self) -> bool:
        """Whether what stands there is addressed to us."""
        return self.kind in ("notifications", "replies")

    @property
    def key(self) -> str:
        """Its name in the cursor."""
        return f"{self.kind}:{self.words}" if self.words else self.kind


class Walk(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a list is read: all up to `since`; going back from `top`, `until` is next."""

    since: str = ""
    top: str = ""
    until: str = ""


def order(status_id: str) -> tuple[int, str]:
    """Return what ids of one server sort by, numbers and letters alike."""
    return len(status_id.partition(".")[0]), status_id


def step(walk: Walk, ids: list[str], older: str | None) -> tuple[Walk, list[str]]:
    """Return the walk after a page, and the new ids on it.

    `older` is the next page as the server names it: empty at the end, None where it says nothing.
    The first walk of all ends after one page: history is not our business.
    """
    new = [one for one in ids if not walk.since or order(one) > order(walk.since)]
    top = max([*ids, walk.top, walk.since], key=order)
    following = older if older is not None else min(ids, key=order, default="")
    ended = len(new) < len(ids) or not ids or not following or not walk.since
    if ended or following == walk.until:
        return Walk(top), new
    return Walk(walk.since, top, following), new


def with_late_ones(walk: Walk) -> Walk:
    """Move `since` back for lists of posts, whose ids hold the time they were written at."""
    if walk.until or not walk.since.isdecimal() or int(walk.since) < _MOMENT_ID:
        return walk
    return Walk(str(int(walk.since) - _LATE))


@dataclass(slots=True)
class Run:
    """The state of one poll: reads the cursor, collects posts and problems, makes the next one."""

    api: Api
    abilities: Abilities
    before: dict[str, Any]
    found: list[tuple[Status, Watch]] = field(default_factory=list)
    problems: list[tuple[str, FetchError]] = field(default_factory=list)
    done: int = 0
    more: bool = False
    _after: dict[str, Any] = field(default_factory=dict)
    _unable: list[str] = field(default_factory=list)

    async def ask(self, watch: Watch) -> bool:
        """Read one list; return whether the server may be asked further."""
        state = self.before.get("lists", {}).get(watch.key)
        self._after[watch.key] = state
        if watch.key in self._known_unable():
            self._unable.append(watch.key)
            return True
        try:
            self._after[watch.key] = await self._read(watch, state)
            self.done += 1
        except FetchError as error:
            self._note_problem(watch, error)
        return not self.api.wait

    def cursor(self) -> dict[str, Any]:
        """Return the cursor after this poll."""
        lists = {key: state for key, state in self._after.items() if state is not None}
        kept = {key: state for key, state in self.before.get("lists", {}).items()}
        return {
            "abilities": msgspec.to_builtins(self.abilities),
            "lists": kept | lists,
            "unable": self._unable,
        }

    def note(self) -> str:
        """Return what went wrong, in words."""
        notes = [f"{key}: {error.message}" for key, error in self.problems]
        notes += [f"{key}: this server has none" for key in self._unable]
        return "; ".join(notes)

    def _known_unable(self) -> list[str]:
        """Return what the server lacked when its abilities were last asked for."""
        before = self.before.get("abilities") or {}
        same = before.get("at") == self.abilities.at
        return self.before.get("unable", []) if same else []

    def _note_problem(self, watch: Watch, error: FetchError) -> None:
        if error.status in (401, 403) and watch.kind == "notifications":
            raise error  # the token itself is at fault
        if is_missing(error) and watch.kind not in ("notifications", "home"):
            self._unable.append(watch.key)
            return
        self.problems.append((watch.key, error))
        if error.status == 429:
            self.api.wait = max(self.api.wait, error.retry_after or 60.0)

    async def _read(self, watch: Watch, state: Any) -> Any:
        if watch.kind == "search":
            return await self._search(watch, state or [])
        if watch.kind == "replies":
            return await self._replies(watch, state or {})
        walk = msgspec.convert(state or {}, Walk)
        for _ in range(_PAGES):
            walk = await self._page(watch, walk)
            if not walk.until or self.api.wait:
                break
        self.more = self.more or bool(walk.until)
        walk = walk if watch.kind == "notifications" else with_late_ones(walk)
        return msgspec.to_builtins(walk)

    async def _page(self, watch: Watch, walk: Walk) -> Walk:
        params = [("limit", str(_PAGE))]
        params += [("since_id", walk.since)] if walk.since else []
        params += [("max_id", walk.until)] if walk.until else []
        if watch.kind == "notifications":
            params += [("types[]", "mention")]
            told, answer = await self.api.some(Notification, "/api/v1/notifications", params)
            posts = {one.id: one.status for one in told if one.type == "mention"}
            ids = [one.id for one in told]
        else:
            statuses, answer = await self.api.some(Status, _path(watch), params)
            posts = {one.id: one for one in statuses}
            ids = [one.id for one in statuses]
        walk, new = step(walk, ids, older_than(answer.headers))
        self._find(watch, (post for one in new if (post := posts.get(one)) is not None))
        return walk

    def _find(self, watch: Watch, posts: Iterable[Status]) -> None:
        self.found += [(post, watch) for post in posts]

    async def _search(self, watch: Watch, seen: list[str]) -> list[str]:
        params = [("q", watch.words), ("type", "statuses"), ("limit", str(_PAGE))]
        found = await self.api.one(Search, "/api/v2/search", params)
        statuses = readable(found.statuses, Status)
        self._find(watch, (one for one in statuses if one.id not in seen))
        ids = [one.id for one in statuses]
        return [*ids, *(one for one in seen if one not in ids)][:_SEEN]

    async def _replies(self, watch: Watch, counted: dict[str, int]) -> dict[str, int]:
        """Read the threads again under those of our posts that have more answers than before."""
        posts = await self.api.own_posts(self.abilities.me, _OWN_POSTS)
        counts = {post.id: post.replies_count or 0 for post in posts}
        grown = [key for key, number in counts.items() if number > counted.get(key, 0)]
        for key in grown[:_THREADS]:
            self._find(watch, await self.api.thread(key))
        unread = grown[_THREADS:]
        self.more = self.more or bool(unread)
        return {key: counted.get(key, 0) if key in unread else counts[key] for key in counts}


def _path(watch: Watch) -> str:
    if watch.kind == "tag":
        return f"/api/v1/timelines/tag/{quote(watch.words, safe='')}"
    return "/api/v1/timelines/home"
