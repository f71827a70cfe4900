"""A mention: one post, review, comment, article or mail about us."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

MentionKind = Literal["post", "review", "comment", "article", "mail", "message", "alert"]
MentionState = Literal["new", "claimed", "answered", "offline", "dismissed"]


class Author(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who wrote it: the handle at the source, the name as shown there, and how many follow."""

    handle: str = ""
    name: str = ""
    reach: int | None = None


class Media(msgspec.Struct, frozen=True, omit_defaults=True):
    """A picture or file of a mention: never rendered, only named."""

    kind: str = "image"
    url: str = ""
    alt: str = ""
    sha256: str = ""


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A mention as a source or `ingest` hands it in, uncleaned; only `text` is required.

    Times are zone-aware; `reply_to` is the external id at the same source.
    """

    text: str
    source: str = ""
    external_id: str = ""
    kind: MentionKind = "post"
    author: Author = Author()
    url: str = ""
    lang: str = ""
    media: tuple[Media, ...] = ()
    posted_at: datetime | None = None
    reply_to: str = ""
    brand: str = ""
    account: str = ""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A mention in the room, its texts cleaned for display (see `text.clean`)."""

    id: str  # M-12
    uid: str
    source: str
    external_id: str
    kind: MentionKind
    author: Author
    text: str
    url: str
    lang: str
    media: tuple[Media, ...]
    posted_at: datetime
    seen_at: datetime
    state: MentionState
    brand: str = ""
    account: str = ""
    reply_to: str = ""
    assignee: str = ""
    claimed_until: datetime | None = None
    narrative: str = ""
    tags: tuple[str, ...] = ()  # what we call it: troll, satire
    incident: str = ""  # INC-7
    revision: int = 1  # 2 and more: the author edited it
    number: int = 0  # the row's own number: what lists page by
