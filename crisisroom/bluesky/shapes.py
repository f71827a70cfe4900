"""What Bluesky says, as far as we listen: posts and their parts, lenient where strangers write.

Records are their authors' own, unchecked: each part is read by itself, and what makes no sense
is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

_Thing = TypeVar("_Thing")
POST = "app.bsky.feed.post"
_MOST_FACETS = 100
_GONE = frozenset({"!takedown", "!suspend", "!hide"})  # labels by which a network withdraws a post
_INVALID = "handle.invalid"  # what the network says where a name is not its owner's


class Author(msgspec.Struct, frozen=True, rename="camel"):
    """Who posted, as a view shows it."""

    did: str
    handle: str = ""
    display_name: str | None = None
    viewer: Any = None

    @property
    def blocked(self) -> bool:
        """Whether we blocked them, or they us: then the network shows their posts to neither."""
        seen = self.viewer if isinstance(self.viewer, dict) else {}
        return bool(seen.get("blockedBy") or seen.get("blocking") or seen.get("blockingByList"))


class Profile(msgspec.Struct, frozen=True, rename="camel"):
    """How many follow an account."""

    did: str
    followers_count: int | None = None


class Post(msgspec.Struct, frozen=True, rename="camel"):
    """A post as the network shows it; `record` is what its author wrote."""

    uri: str
    author: Author
    record: Any
    cid: str = ""
    embed: Any = None
    indexed_at: str = ""
    labels: Any = None
    viewer: Any = None

    @property
    def withdrawn(self) -> bool:
        """Whether the network took it down or hides it."""
        labels = self.labels if isinstance(self.labels, list) else []
        return any(
            isinstance(one, dict) and one.get("val") in _GONE and not one.get("neg")
            for one in labels
        )


class Notification(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody named us, answered us or quoted us."""

    uri: str
    author: Author
    reason: str
    record: Any
    indexed_at: str = ""
    labels: Any = None

    @property
    def post(self) -> Post:
        """The post that it tells of, without what only a view has."""
        return Post(
            self.uri, self.author, self.record, indexed_at=self.indexed_at, labels=self.labels
        )


class Notifications(msgspec.Struct, frozen=True):
    """A page of notifications, read one by one."""

    notifications: tuple[msgspec.Raw, ...]
    cursor: str | None = None


class Posts(msgspec.Struct, frozen=True):
    """A page of posts, read one by one."""

    posts: tuple[msgspec.Raw, ...]
    cursor: str | None = None


class Profiles(msgspec.Struct, frozen=True):
    """Profiles, read one by one."""

    profiles: tuple[msgspec.Raw, ...]


class Session(msgspec.Struct, frozen=True, rename="camel"):
    """Who is logged in, and the two tokens; it is never printed."""

    did: str
    handle: str
    access_jwt: str
    refresh_jwt: str

    def __repr__(self) -> str:
        return f"Session({self.did})"


class Failure(msgspec.Struct, frozen=True):
    """An error as Bluesky's servers say it."""

    error: str = ""
    message: str = ""


class _Ref(msgspec.Struct, frozen=True):
    uri: str = ""


class _Answered(msgspec.Struct, frozen=True):
    parent: _Ref = _Ref()
    root: _Ref = _Ref()


class _Slice(msgspec.Struct, frozen=True, rename="camel"):
    byte_start: int
    byte_end: int


class _Facet(msgspec.Struct, frozen=True):
    index: _Slice
    features: tuple[dict[str, Any], ...]


class Picture(msgspec.Struct, frozen=True):
    """A picture of a post, with its author's description."""

    alt: str = ""
    fullsize: str = ""


class Card(msgspec.Struct, frozen=True):
    """The page that a post shows below its words."""

    uri: str = ""
    title: str = ""


class Embed(msgspec.Struct, frozen=True):
    """What hangs on a post; `video` tells that `alt` and `playlist` are a film's."""

    images: tuple[Picture, ...] = ()
    alt: str = ""
    playlist: str = ""
    video: Any = None
    external: Card | None = None
    media: Embed | None = None
    record: Any = None


class Written(msgspec.Struct, frozen=True):
    """An author's own record, made readable: whole links, languages that are texts."""

    text: str
    created_at: str = ""
    langs: tuple[str, ...] = ()
    parent: str = ""
    root: str = ""
    names: tuple[str, ...] = ()  # DIDs of whom it mentions
    quotes: str = ""
    embed: Embed = Embed()

    def addresses(self, did: str) -> bool:
        """Whether it names, answers or quotes this account."""
        begin = f"at://{did}/"
        return did in self.names or any(
            uri.startswith(begin) for uri in (self.parent, self.root, self.quotes)
        )


def written(record: Any) -> Written | None:
    """Read a record; None where it is no post with words or something to show."""
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return None
    facets = _facets(record.get("facets"))
    answered = some(record.get("reply"), _Answered) or _Answered()
    embed = some(record.get("embed"), Embed) or Embed()
    return Written(
        text=_whole_links(record["text"], facets),
        created_at=_text(record.get("createdAt")),
        langs=languages_of(record),
        parent=answered.parent.uri,
        root=answered.root.uri,
        names=tuple(_told(facets, "did")),
        quotes=_quoted(embed.record),
        embed=embed,
    )


def words_of(record: Any) -> str:
    """Return the words of a record, their links as they lead; empty where it is no post."""
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str):
        return ""
    return _whole_links(text, _facets(record["facets"])) if record.get("facets") else text


def languages_of(record: dict[str, Any]) -> tuple[str, ...]:
    """Return the languages that a record claims to be in."""
    return tuple(one for one in _list(record.get("langs")) if isinstance(one, str))


def some(value: Any, model: type[_Thing]) -> _Thing | None:
    """Convert a part; None where it makes no sense."""
    try:
        return msgspec.convert(value, model)
    except (msgspec.ValidationError, RecursionError):
        return None


def each(raws: Iterable[msgspec.Raw], model: type[_Thing]) -> list[_Thing]:
    """Decode those that make sense."""
    found = []
    for raw in raws:
        try:
            found.append(msgspec.json.decode(raw, type=model))
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            continue
    return found


def shown_handle(author: Author) -> str:
    """Return the name an account goes by: its DID where it has no valid handle."""
    return author.did if author.handle in ("", _INVALID) else author.handle


def did_of(uri: str) -> str:
    """Return whose record an at:// address names; empty where it is none."""
    return uri.removeprefix("at://").partition("/")[0] if uri.startswith("at://") else ""


def page_of(uri: str, who: str) -> str:
    """Return the address of a post's page for people; empty where the uri is no post's."""
    parts = uri.removeprefix("at://").split("/")
    if len(parts) != 3 or parts[1] != POST:
        return ""
    return f"https://bsky.app/profile/{who}/post/{parts[2]}"


def _facets(value: Any) -> list[_Facet]:
    return [one for raw in _list(value)[:_MOST_FACETS] if (one := some(raw, _Facet))]


def _told(facets: list[_Facet], key: str) -> list[str]:
    return [_text(feature.get(key)) for one in facets for feature in one.features if key in feature]


def _whole_links(text: str, facets: list[_Facet]) -> str:
    """Return the text with its links as they lead; shown are shortened ones, and lies."""
    body = text.encode("utf-8", "replace")
    end = len(body)
    for one in sorted(facets, key=lambda facet: -facet.index.byte_start):
        target = next(iter(_told([one], "uri")), "")
        start, stop = one.index.byte_start, one.index.byte_end
        if target and 0 <= start < stop <= end:
            body = body[:start] + target.encode("utf-8", "replace") + body[stop:]
            end = start
    return body.decode("utf-8", "replace")


def _quoted(record: Any) -> str:
    """Return the address of a quoted post: directly, or one level down beside pictures."""
    for value in (record, record.get("record") if isinstance(record, dict) else None):
        if isinstance(value, dict) and isinstance(value.get("uri"), str):
            return str(value["uri"])
    return ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
