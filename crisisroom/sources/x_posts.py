"""What X's API says of a post, and the mention it becomes."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

FIELDS = (
    (
        "tweet.fields",
        "author_id,created_at,lang,referenced_tweets,attachments,entities,note_tweet,"
        "edit_history_tweet_ids",
    ),
    ("expansions", "author_id,attachments.media_keys"),
    ("user.fields", "name,username,public_metrics"),
    ("media.fields", "type,url,preview_image_url,alt_text"),
)
_KINDS = {"photo": "image", "video": "video", "animated_gif": "video"}
_MOST_REACH = 2**53
_MOST_URLS = 50


class Reference(msgspec.Struct, frozen=True):
    """Another post that this one answers, quotes or repeats."""

    type: str
    id: str


class Url(msgspec.Struct, frozen=True):
    """A link: how the text has it, and where it leads."""

    url: str = ""
    expanded_url: str = ""


class Entities(msgspec.Struct, frozen=True):
    """What stands in a text."""

    urls: tuple[Url, ...] = ()


class Attachments(msgspec.Struct, frozen=True):
    """The files of a post."""

    media_keys: tuple[str, ...] = ()


class Note(msgspec.Struct, frozen=True):
    """The whole text of a long post."""

    text: str = ""
    entities: Entities = Entities()


class Post(msgspec.Struct, frozen=True):
    """One post."""

    id: str
    text: str = ""
    author_id: str = ""
    created_at: str = ""
    lang: str = ""
    referenced_tweets: tuple[Reference, ...] = ()
    attachments: Attachments = Attachments()
    entities: Entities = Entities()
    note_tweet: Note = Note()
    edit_history_tweet_ids: tuple[str, ...] = ()


class Counts(msgspec.Struct, frozen=True):
    """How many follow somebody."""

    followers_count: int | None = None


class User(msgspec.Struct, frozen=True):
    """Who wrote it."""

    id: str
    name: str = ""
    username: str = ""
    public_metrics: Counts = Counts()


class File(msgspec.Struct, frozen=True):
    """A picture or a video."""

    media_key: str
    type: str = ""
    url: str = ""
    preview_image_url: str = ""
    alt_text: str = ""


class Includes(msgspec.Struct, frozen=True):
    """What the posts of an answer refer to; who is suspended is missing."""

    users: tuple[User, ...] = ()
    media: tuple[File, ...] = ()


class Meta(msgspec.Struct, frozen=True):
    """Where the next page is."""

    next_token: str = ""


class Posts(msgspec.Struct, frozen=True):
    """An answer of the search; what is missing of it stands in `errors`, which is normal."""

    data: tuple[msgspec.Raw, ...] = ()
    includes: Includes = Includes()
    meta: Meta = Meta()


def ours(post: Post, known: Includes, handle: str) -> bool:
    """Tell whether a post is news for us: by others, and not merely repeated."""
    author = _author(post, known)
    own = bool(handle) and author.username.casefold() == handle.lstrip("@").casefold()
    return not own and not any(one.type == "retweeted" for one in post.referenced_tweets)


def incoming(post: Post, known: Includes, source: str, now: datetime) -> Incoming:
    """Turn a post into a mention: links whole, long posts whole, an edit as its first version."""
    author = _author(post, known)
    posted = parse(post.created_at)
    reach = author.public_metrics.followers_count
    first = post.edit_history_tweet_ids[0] if post.edit_history_tweet_ids else post.id
    place = author.username if author.username.isascii() and author.username.isidentifier() else ""
    return Incoming(
        text=_text(post),
        source=source,
        external_id=first,
        author=Author(
            author.username or author.id,
            author.name,
            reach if reach is not None and 0 <= reach <= _MOST_REACH else None,
        ),
        url=f"https://x.com/{place or 'i'}/status/{post.id}" if post.id.isdecimal() else "",
        lang=post.lang if post.lang not in ("und", "zxx", "qme") else "",
        media=tuple(_media(post, known)),
        posted_at=posted and clamp(posted, now),
        reply_to=next((one.id for one in post.referenced_tweets if one.type == "replied_to"), ""),
    )


def _author(post: Post, known: Includes) -> User:
    return next((one for one in known.users if one.id == post.author_id), User(post.author_id))


def _text(post: Post) -> str:
    """Return the text: `&`, `<` and `>` are escaped in what comes, and links shortened."""
    long = bool(post.note_tweet.text)
    text = post.note_tweet.text if long else post.text
    entities = post.note_tweet.entities if long else post.entities
    for one in entities.urls[:_MOST_URLS]:
        if one.url and one.expanded_url.startswith(("http://", "https://")):
            text = text.replace(one.url, one.expanded_url)
    return html.unescape(text)


def _media(post: Post, known: Includes) -> Iterator[Media]:
    files = {one.media_key: one for one in known.media}
    for key in post.attachments.media_keys:
        if file := files.get(key):
            kind = _KINDS.get(file.type, "file")
            yield Media(kind, file.url or file.preview_image_url, file.alt_text)
