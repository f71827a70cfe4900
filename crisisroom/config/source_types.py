"""Which keys go with which type of source, and which account it speaks for."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

PLUGINS = "crisisroom.sources"  # the entry points under which other packages bring types
COMMON = frozenset({"id", "type", "every", "keywords", "account", "terms", "private", "ca_file"})


class SourceType(msgspec.Struct, frozen=True, kw_only=True):
    """What a type of source needs and may have besides what every source may.

    `account` is the type of account it speaks for; `searches` that it asks a network for the
    watched terms; `direct` that all it brings is ours: addressed to us, or about our thing.
    """

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    account: str = ""
    needs_account: bool = False
    searches: bool = False
    direct: bool = False
    once: bool = False  # what it gives, it gives once: kept durably
    pushes: bool = False  # it tells at once, without being asked for it


_FEDIVERSE = ("url", "hashtags", "search", "home", "notifications", "replies", "streaming")

TYPES: Mapping[str, SourceType] = {
    "feed": SourceType(needs=("url",), may=("kind", "replies")),
    "mastodon": SourceType(may=_FEDIVERSE, account="mastodon"),
    "bluesky": SourceType(
        may=("server", "search", "notifications"),
        account="bluesky",
        needs_account=True,
        searches=True,
    ),
    "jetstream": SourceType(needs=("url",), searches=True, once=True, pushes=True),
    "hackernews": SourceType(may=("server",), searches=True),
    "stackexchange": SourceType(
        needs=("site",), may=("tagged", "server"), account="stackexchange", searches=True
    ),
    "wordpress": SourceType(needs=("url",), account="wordpress", direct=True),
    "discourse": SourceType(needs=("url",), searches=True),
    "reddit": SourceType(may=("subreddits", "server"), searches=True),
    "youtube": SourceType(needs=("channel",), may=("server",), account="youtube", direct=True),
    "appstore": SourceType(needs=("app",), may=("country", "server"), direct=True),
    "news": SourceType(may=("server", "country"), searches=True),
    "x": SourceType(may=("server", "streaming"), account="x", needs_account=True, searches=True),
    "mail": SourceType(
        may=("folder",), account="mail", needs_account=True, direct=True, pushes=True
    ),
    "webhook": SourceType(needs=("listen",), may=("secret_env",), once=True, pushes=True),
    "jsonl": SourceType(needs=("path",), once=True, pushes=True),
    "demo": SourceType(),
}

USUAL_SERVER: Mapping[str, str] = {"bluesky": "https://bsky.social"}  # by the type of account
