"""Evidence handed out with an export: files that anybody can check, and a list of what they are."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from crisisroom.core.incident import Incident, LinkedMention
from crisisroom.core.timeline import Entry, stamp
from crisisroom.report import Profile, Record
from crisisroom.report.contract_record import evidence_json
from crisisroom.report.redact import for_legal, narrowed
from crisisroom.room import Room
from crisisroom.room.exporting import Exportable
from crisisroom.room.writing import write
from crisisroom.store import evidence as rows
from crisisroom.store import originals
from crisisroom.store.originals import Revision
from crisisroom.store.tx import Tx

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
_SOME = 200  # posts that are looked at in one go
_KINDS = ("evidence.kept", "mention.linked")


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """What was written into a folder; `missing` are hashes whose bytes are not in this room."""

    folder: Path
    files: tuple[str, ...]
    size: int  # bytes
    missing: tuple[str, ...]


class Wanted(msgspec.Struct, frozen=True):
    """What readers of a profile get: the hashes of kept things, and the posts' uids."""

    record: Record  # as they may read it
    hashes: tuple[str, ...]
    posts: tuple[str, ...]


def wanted(whole: Record, profile: Profile) -> Wanted:
    """Return what of an incident's evidence goes to readers of a profile.

    Without what only entries for Legal cite; the public gets none of it.
    """
    told = narrowed(whole, profile)
    if profile == "public":
        return Wanted(told, (), ())
    hidden = for_legal(whole.entries, whole.incident) if profile == "internal" else frozenset()
    open_ = {_cited(entry) for entry in whole.entries.of(_KINDS) if entry.seq not in hidden}
    state = told.incident
    return Wanted(
        told,
        tuple(one for one in state.evidence if one in open_),
        tuple(one for one in state.mentions if one in open_),
    )


def _cited(entry: Entry) -> str:
    data: Mapping[str, Any] = entry.data
    return str(data["sha256"] if entry.kind == "evidence.kept" else data["mention"])


def size_of(state: Incident) -> tuple[int, int]:
    """Return how many things are kept for an incident, and how many bytes they have."""
    return len(state.evidence), sum(one.size for one in state.evidence.values())


async def bundle(
    room: Room,
    one: Exportable,
    profile: Profile,
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Bundled:
    """Write an incident's evidence into a new folder: each file named by the hash of its bytes.

    Files, pictures, and every version of the linked posts' words, none of them ever opened.
    `sha256sum -c SHA256SUMS` in the folder checks them; the manifest says what each is.
    """
    await asyncio.to_thread(folder.mkdir, 0o700)
    asked = await asyncio.to_thread(wanted, one.record, profile)
    of = len(asked.hashes) + len(asked.posts)
    files: dict[str, int] = {}
    missing: list[str] = []
    for done, sha256 in enumerate(asked.hashes, 1):
        data = await room.store.read(lambda tx, one=sha256: rows.content(tx, one))  # type: ignore[misc]
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            missing.append(sha256)
        else:
            await asyncio.to_thread(write, folder / sha256, [data])
            files[sha256] = len(data)
        progress(done, of)
    told: list[dict[str, Any]] = []
    for start in range(0, len(asked.posts), _SOME):
        some = asked.posts[start : start + _SOME]
        seen = await room.store.read(lambda tx, some=some: _seen(tx, some))  # type: ignore[misc]
        await asyncio.to_thread(_write_words, folder, seen, files)
        linked = asked.record.incident.mentions
        told += (row for uid in some for row in _versions(linked[uid], seen.get(uid, ())))
        progress(len(asked.hashes) + start + len(some), of)
    manifest = _manifest(one, asked, missing, told)
    await asyncio.to_thread(_write_lists, folder, manifest, sorted(files))
    names = (*sorted(files), MANIFEST, SUMS)
    return Bundled(folder=folder, files=names, size=sum(files.values()), missing=(*missing,))


async def _seen(tx: Tx, some: tuple[str, ...]) -> dict[str, tuple[Revision, ...]]:
    return await originals.of_uids(tx, some)


def _write_words(
    folder: Path, seen: Mapping[str, tuple[Revision, ...]], files: dict[str, int]
) -> None:
    """Write each version of the posts' words; `files` is what is there, and grows."""
    for versions in seen.values():
        for one in versions:
            if one.sha256 not in files:
                write(folder / one.sha256, [one.text])
                files[one.sha256] = len(one.text)


def _versions(linked: LinkedMention, seen: tuple[Revision, ...]) -> Iterator[dict[str, Any]]:
    for one in seen:
        yield {
            "id": linked.id,
            "uid": linked.uid,
            "source": linked.source,
            "handle": one.handle,
            "name": one.name,
            "url": linked.url,
            "version": one.number,
            "seen_at": stamp(one.at),
            "sha256": one.sha256,
            "as_linked": one.sha256 == linked.sha256,
        }


def _manifest(
    one: Exportable, asked: Wanted, missing: list[str], posts: list[dict[str, Any]]
) -> dict[str, Any]:
    state = asked.record.incident
    gone = frozenset(missing)
    return {
        "incident": {"id": state.id, "uid": state.uid, "title": state.title},
        "profile": asked.record.profile,
        "head_hash": one.record.head_hash,
        "files": [
            evidence_json(state.evidence[sha256])
            | {"state": "missing" if sha256 in gone else "kept"}
            for sha256 in asked.hashes
        ],
        "posts": posts,
    }


def _write_lists(folder: Path, manifest: dict[str, Any], names: list[str]) -> None:
    encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    write(folder / MANIFEST, [encoded])
    sums = [f"{name}  {name}\n" for name in names]
    sums.append(f"{hashlib.sha256(encoded).hexdigest()}  {MANIFEST}\n")
    write(folder / SUMS, ["".join(sums).encode()])
