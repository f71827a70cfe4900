"""Evidence as lines and as JSON: posts as they were seen, and kept things by their hash."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.cli.plain import At
from crisisroom.report.contract import Json, mention_json, moment
from crisisroom.room.evidence import Item, OfMention, Picture, Revision
from crisisroom.room.pictures import size_words
from crisisroom.text import clean_line, from_lossless, shown_raw

_SHORT = 12  # digits of a hash in a list


def item_json(item: Item) -> Json:
    """Return a kept thing, or a picture of which only the hash is known, as JSON."""
    shown, cited = item.shown, item.cited
    return {
        "sha256": item.sha256,
        "state": item.state,
        "size": item.size,
        "media": item.media,
        "at": moment(item.at),
        "sort": cited.sort if cited else "picture",
        "name": cited.name if cited else "",
        "url": cited.url if cited else "",
        "by": cited.by if cited else "",
        "mentions": [*cited.mentions] if cited else [],
        "incidents": [*item.incidents],
        "posts": shown.posts if shown else 0,
        "sources": [*shown.sources] if shown else [],
        "first_at": moment(shown.first_at if shown else None),
        "last_at": moment(shown.last_at if shown else None),
    }


def item_line(item: Item, at: At) -> str:
    """Return a kept thing: what it is, where it is cited, how far it went."""
    cited, shown = item.cited, item.shown
    what = item.media or "known by its hash alone"
    size = f" {size_words(item.size)}" if item.size is not None else ""
    name = f" {clean_line(cited.name)}" if cited and cited.name else ""
    missing = ", its bytes are not here" if item.state == "missing" else ""
    seen = ""
    if shown:
        posts = "1 post" if shown.posts == 1 else f"{shown.posts} posts"
        seen = f"; {posts} on {', '.join(shown.sources)}, {at(shown.first_at)}"
        seen += f" to {at(shown.last_at)}" if shown.posts > 1 else ""
    kept = f", kept {at(item.at)}" if item.at and item.state == "kept" else ""
    where = f" {' '.join(item.incidents)}" if item.incidents else ""
    return f"{item.sha256[:_SHORT]}{where}{name} {what}{size}{kept}{missing}{seen}"


def item_lines(item: Item, at: At) -> Iterator[str]:
    """Yield a kept thing, with what can be done with it."""
    yield item_line(item, at)
    yield f"  sha256 {item.sha256}"
    if item.cited and item.cited.url:
        yield f"  from: {clean_line(item.cited.url, limit=2000)}"
    if item.shown:
        yield f"  crisisroom mentions --everything --picture {item.sha256[:_SHORT]} lists the posts"
    if item.state == "kept":
        yield f"  crisisroom evidence save {item.sha256[:_SHORT]} -o FILE writes its bytes"


def seen_json(seen: OfMention) -> Json:
    """Return a post with every version of it, its pictures, and what was added about it."""
    return mention_json(seen.mention) | {
        "revisions": [_revision_json(one) for one in seen.revisions],
        "pictures": [picture_json(one, seen.items.get(one.sha256)) for one in seen.pictures],
        "evidence": [item_json(item) for item in seen.items.values()],
    }


def _revision_json(one: Revision) -> Json:
    return {
        "revision": one.number,
        "at": moment(one.at),
        "sha256": one.sha256,
        "raw": shown_raw(from_lossless(one.text)),
        "handle": one.handle,
        "name": one.name,
        "sound": one.sound,
    }


def picture_json(one: Picture, item: Item | None) -> Json:
    """Return a picture of a post: where it stands, and why."""
    return {
        "number": one.number,
        "url": one.url,
        "state": one.state,
        "reason": one.reason,
        "tries": one.tries,
        "kept_at": moment(one.kept_at),
        "sha256": one.sha256,
        "media": item.media if item else "",
        "size": item.size if item else None,
        "posts": item.shown.posts if item and item.shown else 0,
    }


def seen_lines(seen: OfMention, at: At) -> Iterator[str]:
    """Yield a post as it was each time it was seen; its words as literals."""
    post = seen.mention
    who = " ".join(part for part in (post.author.handle, post.author.name) if part)
    where = f" {post.incident}" if post.incident else ""
    yield f"{post.id}{where} {who or 'somebody'} ({post.source})"
    yield f"  said {at(post.posted_at)}, seen {at(post.seen_at)}"
    if post.url:
        yield f"  link: {clean_line(post.url, limit=2000)}"
    for one in seen.revisions:
        changed = "" if one.sound else ", changed in this room since"
        yield f"  version {one.number} seen {at(one.at)}, sha256 {one.sha256}{changed}"
        yield f"    {shown_raw(from_lossless(one.text))}"
    for picture in seen.pictures:
        yield f"  {_picture_line(picture, seen.items.get(picture.sha256), at)}"
    shown = {picture.sha256 for picture in seen.pictures}
    for item in seen.items.values():
        if item.sha256 not in shown:
            yield f"  file {item_line(item, at)}"


def _picture_line(one: Picture, item: Item | None, at: At) -> str:
    head = f"picture {one.number} {one.state}"
    why = f": {clean_line(one.reason)}" if one.reason else ""
    if item is None:
        return f"{head}{why}, {clean_line(one.url, limit=2000)}"
    return f"{head}{why}, {item_line(item, at)}"


def not_kept_line(one: Picture) -> str:
    """Return why a picture of a post is not here."""
    why = f": {clean_line(one.reason)}" if one.reason else ""
    return f"M-{one.mention} picture {one.number} {one.state}{why}"
