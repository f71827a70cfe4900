"""Our own posts on our server: put by key, looked up, taken away; and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from crisisroom.bluesky.api import Api
from crisisroom.bluesky.session import failure_of
from crisisroom.bluesky.shapes import POST, Post, some
from crisisroom.bluesky.writing import Found, Ref, Reply, parts_of, reply_to, shuts_out
from crisisroom.wire.answer import FetchError

_MOST_NAMES = 20  # handles of one post that are asked for
_UNRESOLVED = frozenset({400, 404, 500, 502, 504})  # the handle's own host is at fault
_BLOCKED = "app.bsky.feed.defs#blockedPost"


class Unanswerable(Exception):
    """What was to be answered cannot be; the message says why."""


class _Thread(msgspec.Struct, frozen=True):
    """A post in its thread, or the word that it is not to be had."""

    thread: dict[str, Any]


class _Resolved(msgspec.Struct, frozen=True):
    """Whose a handle is."""

    did: str


class _Done(msgspec.Struct, frozen=True):
    """An answer of which nothing is needed."""


@dataclass(slots=True)
class Records:
    """The posts of one account, through its session."""

    api: Api

    async def put(self, rkey: str, record: dict[str, Any]) -> Ref:
        """Put a post at a key where nothing else stands; the same once more changes nothing."""
        body = await self._at(rkey)
        body |= {"record": record, "swapRecord": None}
        return await self.api.tell(Ref, "com.atproto.repo.putRecord", body)

    async def get(self, did: str, rkey: str) -> Found | None:
        """Return the post at a key; None where there is none."""
        params = [("repo", did), ("collection", POST), ("rkey", rkey)]
        try:
            return await self.api.ask(Found, "com.atproto.repo.getRecord", params)
        except FetchError as error:
            if failure_of(error).error == "RecordNotFound":
                return None
            raise

    async def delete(self, rkey: str) -> None:
        """Take a post away; where there is none, nothing happens."""
        await self.api.tell(_Done, "com.atproto.repo.deleteRecord", await self._at(rkey))

    async def answering(self, uri: str) -> tuple[Reply, Mapping[str, str]]:
        """Return how to answer a post, and its author's handle with the DID.

        FetchError, or Unanswerable. Our own are asked for where they stand: the network shows a
        thread's beginning only after a while.
        """
        did, rkey = parts_of(uri)
        if not did:
            raise Unanswerable(f"not the address of a post: {uri[:60]!r}")
        if did == await self.api.me():
            own = await self.get(did, rkey)
            return _sound(reply_to(uri, own.cid, own.value) if own else None), {}
        post = await self._shown(uri)
        known = {post.author.handle.lower(): did} if post.author.did == did else {}
        return _sound(reply_to(uri, post.cid, post.record)), known

    async def dids(self, handles: list[str], known: Mapping[str, str]) -> dict[str, str]:
        """Return whose the handles are, those left out that are nobody's; FetchError."""
        found = {name: known[name] for name in handles if name in known}
        asked = [name for name in dict.fromkeys(handles) if name not in found][:_MOST_NAMES]
        for name in asked:
            try:
                params = [("handle", name)]
                method = "com.atproto.identity.resolveHandle"
                found[name] = (await self.api.ask(_Resolved, method, params)).did
            except FetchError as error:
                if error.status not in _UNRESOLVED:
                    raise
        return {name: did for name, did in found.items() if did.startswith("did:")}

    async def _at(self, rkey: str) -> dict[str, Any]:
        return {"repo": await self.api.me(), "collection": POST, "rkey": rkey}

    async def _shown(self, uri: str) -> Post:
        params = [("uri", uri), ("depth", "0"), ("parentHeight", "0")]
        try:
            shown = (await self.api.ask(_Thread, "app.bsky.feed.getPostThread", params)).thread
        except FetchError as error:
            if failure_of(error).error == "NotFound":
                raise _gone() from error
            raise
        if shown.get("$type") == _BLOCKED:
            raise Unanswerable("its author blocks us, or we them")
        post = some(shown.get("post"), Post)
        if post is None or post.uri != uri:
            raise _gone()
        if post.author.blocked:
            raise Unanswerable("its author blocks us, or we them")
        if shuts_out(post):
            raise Unanswerable("its author lets us not answer it")
        return post


def _gone() -> Unanswerable:
    return Unanswerable("the post that it answers is gone")


def _sound(reply: Reply | None) -> Reply:
    if reply is None:
        raise _gone()
    return reply
