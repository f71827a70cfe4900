"""Posts as we write them: their keys, their records, and what a record says it answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from crisisroom.bluesky.facets import facets, spans
from crisisroom.bluesky.shapes import POST, Post, some

_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_URI = re.compile(
    rf"at://(did:[a-z]+:[A-Za-z0-9._:%-]{{1,200}})/{POST}/([A-Za-z0-9._:~-]{{1,512}})"
)
_CID = re.compile(r"[A-Za-z0-9]{8,120}")


class Ref(msgspec.Struct, frozen=True):
    """One record in one version."""

    uri: str
    cid: str


class Reply(msgspec.Struct, frozen=True):
    """Where a post stands: the beginning of the thread, and what it answers."""

    root: Ref
    parent: Ref


class _Threaded(msgspec.Struct, frozen=True):
    reply: Reply | None = None


class Found(msgspec.Struct, frozen=True):
    """A record as its author's own server holds it."""

    uri: str
    cid: str
    value: Any


def tid(key: str, at: datetime) -> str:
    """Return the record key of words: always the same for a key and the time of its first try.

    It sorts by that time; 20 bits of the key tell apart what was first tried in one millisecond.
    """
    mark = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])
    micros = (at - _EPOCH) // timedelta(milliseconds=1) * 1000 + mark % 1000
    number = micros << 10 | mark // 1000 % 1024
    return "".join(_SORTABLE[number >> shift & 31] for shift in range(60, -1, -5))


def record(
    text: str, at: datetime, language: str, reply: Reply | None, dids: Mapping[str, str]
) -> dict[str, Any]:
    """Return the record of a post: made of what it is given, with no clock of its own."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    made: dict[str, Any] = {"$type": POST, "text": text, "createdAt": moment}
    if found := facets(spans(text), dids):
        made["facets"] = found
    if reply:
        made["reply"] = msgspec.to_builtins(reply)
    if _LANGUAGE.fullmatch(language):
        made["langs"] = [language]
    return made


def parts_of(uri: str) -> tuple[str, str]:
    """Return whose post an address names and its key; two empty texts where it names none."""
    found = _URI.fullmatch(uri)
    return (found[1], found[2]) if found else ("", "")


def reply_to(uri: str, cid: str, value: Any) -> Reply | None:
    """Return what answering a post says; None where its version makes no sense.

    A post that names no sensible beginning of its thread begins one.
    """
    parent = Ref(uri, cid)
    if not _sensible(parent):
        return None
    threaded = some(value, _Threaded)
    root = threaded.reply.root if threaded and threaded.reply else parent
    return Reply(root if _sensible(root) else parent, parent)


def answers(value: Any) -> str:
    """Return the address of what a record answers; empty where it answers nothing."""
    threaded = some(value, _Threaded)
    return threaded.reply.parent.uri if threaded and threaded.reply else ""


def shuts_out(post: Post) -> bool:
    """Say whether its author lets us not answer."""
    return isinstance(post.viewer, dict) and bool(post.viewer.get("replyDisabled"))


def _sensible(ref: Ref) -> bool:
    return bool(parts_of(ref.uri)[0]) and bool(_CID.fullmatch(ref.cid))
