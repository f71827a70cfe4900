"""The answers to a feed's entries, where the feed names a feed of them (wfw, slash, RFC 4685)."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from crisisroom.core.mention import Incoming
from crisisroom.sources.entry import Document, Entry, mentions_of, web_link
from crisisroom.sources.reader import read_feed
from crisisroom.sources.strict_xml import BODY_CAP, IllFormed, Unsafe
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

_AT_ONCE = 4  # feeds of answers in one poll; the next poll reads the others
_REMEMBERED = 500  # entries whose answers are counted
_CLOSED = frozenset({401, 403, 404, 410})
_MOST = 1_000_000  # answers that are believed


class Threads:
    """The answers of one feed's entries; `counted` says how many are known under each."""

    def __init__(
        self, source: str, base: str, counted: dict[str, int], private: bool, ca_file: str
    ) -> None:
        self.counted = counted
        self._source = source
        self._base = base
        self._private = private
        self._ca_file = ca_file

    async def read(
        self, document: Document, now: datetime, fetch: Fetcher
    ) -> tuple[list[Incoming], list[str]]:
        """Return the answers under entries that have more than before, and what went wrong."""
        found: list[Incoming] = []
        notes: list[str] = []
        grown = [one for one in document.entries if self._has_more(one)]
        for entry in grown[:_AT_ONCE]:
            try:
                found += await self._answers(entry, now, fetch)
            except (FetchError, IllFormed, Unsafe) as error:
                notes.append(f"answers to {_key(entry)[:60]}: {str(error)[:100]}")
                if isinstance(error, FetchError) and error.status not in _CLOSED:
                    continue  # the next poll tries again
            self.counted[_key(entry)] = _count(entry)
        self.counted = dict(list(self.counted.items())[-_REMEMBERED:])
        return found, notes

    def _has_more(self, entry: Entry) -> bool:
        """Tell whether answers are to be read: at the feed's own server only."""
        where = web_link(entry.answers_at, self._base)
        own = where and urlsplit(where)[:2] == urlsplit(self._base)[:2]
        return bool(own) and _count(entry) > self.counted.get(_key(entry), 0)

    async def _answers(self, entry: Entry, now: datetime, fetch: Fetcher) -> list[Incoming]:
        answer = await fetch.get(
            web_link(entry.answers_at, self._base),
            private=self._private, ca_file=self._ca_file,
            wire_cap=BODY_CAP, decoded_cap=BODY_CAP,
        )  # fmt: skip
        document = await read_feed(answer.body, answer.headers.get("content-type", ""))
        document = msgspec.structs.replace(document, comments=True)
        made = await asyncio.to_thread(
            mentions_of, document, source=self._source, base=answer.url, kind="comment", now=now
        )
        parent = _key(entry)[:500]
        return [
            one if one.reply_to else msgspec.structs.replace(one, reply_to=parent)
            for one in made.mentions
            if one.external_id != parent
        ]


def _key(entry: Entry) -> str:
    return entry.guid or entry.link


def _count(entry: Entry) -> int:
    text = entry.answers.strip()
    return min(int(text), _MOST) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
