"""A feed: RSS, Atom, RDF or JSON Feed at an address, asked for only when it has changed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import MentionKind
from crisisroom.sources import Batch, Watched, oldest_first, options_as
from crisisroom.sources.entry import Document, Made, mentions_of
from crisisroom.sources.feed_answers import Threads
from crisisroom.sources.reader import read_feed
from crisisroom.sources.strict_xml import BODY_CAP, IllFormed, Unsafe
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher, Response

_LONGEST_VALIDATOR = 1024
_YOUNG = 2.0  # seconds between a change and its answer in which another may hide
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)


class FeedOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a feed source may say: its address, what its entries are, how to reach it.

    With `replies` the feeds of the answers to its entries are read too, where it names them.
    """

    url: str
    kind: MentionKind = "article"
    replies: bool = False
    private: bool = False
    ca_file: str = ""


class FeedSource:
    """One feed; `poll` raises FetchError, or Unavailable when what comes is no feed."""

    def __init__(self, source_id: str, options: FeedOptions, clock: Clock) -> None:
        self.id = source_id
        self._options = options
        self._clock = clock

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Ask whether the feed has changed; the same bytes again bring no mentions."""
        answer = await fetch.get(
            self._options.url,
            headers={"Accept": _ACCEPT, **({} if self._options.replies else _validators(cursor))},
            private=self._options.private,
            ca_file=self._options.ca_file,
            wire_cap=BODY_CAP,
            decoded_cap=BODY_CAP,
        )
        if answer.status == 304:
            return Batch((), cursor, cursor.get("note", ""))
        digest = hashlib.sha256(answer.body).hexdigest()
        after = _next_cursor(answer, digest, cursor)
        if digest == cursor.get("sha256") and not self._options.replies:
            return _noted(Batch((), after, cursor.get("note", "")))
        try:
            document = await read_feed(answer.body, answer.headers.get("content-type", ""))
        except (IllFormed, Unsafe) as error:
            raise Unavailable("bad-feed", f"{self.id}: {str(error)[:200]}", _hint(error)) from error
        made = await asyncio.to_thread(self._mentions, document, answer.url)
        batch = _noted(Batch(made.mentions, after, _note(document, made)))
        if self._options.replies:
            batch = await self._with_answers(batch, document, answer.url, cursor, fetch)
        mentions = oldest_first(batch.mentions, self._clock.now())
        return msgspec.structs.replace(batch, mentions=mentions)

    async def _with_answers(
        self, batch: Batch, document: Document, base: str, cursor: dict[str, Any], fetch: Fetcher
    ) -> Batch:
        """Return the batch with the answers to its entries; trouble with these is only noted."""
        o = self._options
        threads = Threads(self.id, base, dict(cursor.get("answers") or {}), o.private, o.ca_file)
        found, notes = await threads.read(document, self._clock.now(), fetch)
        return msgspec.structs.replace(
            batch,
            mentions=(*batch.mentions, *found),
            cursor={**batch.cursor, "answers": threads.counted},
            note="; ".join(filter(None, (batch.note, *notes))),
        )

    def _mentions(self, document: Document, base: str) -> Made:
        now = self._clock.now()
        kind = self._options.kind
        return mentions_of(document, source=self.id, base=base, kind=kind, now=now)


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> FeedSource:
    """Build a feed source from its options; feeds take no token."""
    return FeedSource(source_id, options_as(FeedOptions, source_id, options), clock)


def _validators(cursor: dict[str, Any]) -> dict[str, str]:
    if cursor.get("young"):
        return {}
    names = (("etag", "If-None-Match"), ("modified", "If-Modified-Since"))
    return {header: cursor[name] for name, header in names if cursor.get(name)}


def _next_cursor(answer: Response, digest: str, before: dict[str, Any]) -> dict[str, Any]:
    found = {
        "etag": answer.headers.get("etag", ""),
        "modified": answer.headers.get("last-modified", ""),
    }
    kept = {name: value for name, value in found.items() if 0 < len(value) <= _LONGEST_VALIDATOR}
    young = {"young": True} if _is_young(answer, kept.get("etag", ""), before) else {}
    return {**kept, **young, "sha256": digest}


def _is_young(answer: Response, etag: str, before: dict[str, Any]) -> bool:
    """Tell whether a change in the same second could hide behind these validators.

    Blogs count changes by the second, in their ETag too, unless it outlives a change of the time.
    """
    changed = parse(answer.headers.get("last-modified", ""))
    answered = parse(answer.headers.get("date", ""))
    if changed is None or answered is None or (etag and etag == before.get("etag")):
        return False
    return abs((answered - changed).total_seconds()) < _YOUNG


def _hint(error: Exception) -> str:
    if "web page" in str(error):
        return "look for the feed's own address, often linked as RSS or Atom"
    return "open the address and see what it gives now"


def _noted(batch: Batch) -> Batch:
    """Keep the note in the cursor: it stands while the document stays the same."""
    kept = {"note": batch.note} if batch.note else {}
    return msgspec.structs.replace(batch, cursor=batch.cursor | kept)


def _note(document: Document, made: Made) -> str:
    notes = [f"not well-formed ({document.broken})"] if document.broken else []
    if made.odd_times:
        notes.append(f"{made.odd_times} entries claim a time far off; moved to ours")
    return "; ".join(notes)
