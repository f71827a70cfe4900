"""A mention: one post, review, comment, article or mail about us."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

MentionKind = Literal["post", "review", "comment", "article", "mail", "message", "alert"]
MentionState = Literal["new", "claimed", "answered", "offline", "dismissed"]
Verdict = Literal["", "answer", "correct", "restore", "monitor", "thank"]


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
    direct: bool = False  # the place itself makes it ours: addressed to us, a review of our app


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
    terms: tuple[str, ...] = ()  # ids of the watched terms that it says
    others: bool = False  # only industry or competitor terms: it is not about us
    direct: bool = False
    priority: float = 0.0  # 0 to 1, with its reasons in `why`
    complaint: float = 0.0  # likelihood, 0 to 1
    why: tuple[str, ...] = ()
    verdict: Verdict = ""  # what a good triage said it needs
    copies: int = 0  # near-identical reposts, which are counted and not listed
    copy_of: str = ""  # M-12, where this is such a repost
    incident: str = ""  # INC-7
    revision: int = 1  # 2 and more: the author edited it
    number: int = 0  # the row's own number: what lists page by
