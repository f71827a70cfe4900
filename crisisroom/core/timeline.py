"""Timeline entries: append-only, hash-chained, personal text sealed by salted hashes.

The hash of an entry is SHA-256 over its canonical JSON without `hash`, in which every personal
text is replaced by its salted hash. Deleting a text and its salt therefore erases the person and
leaves the chain whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from crisisroom.core.canonical import digest, salted

ROOM = "room"
GENESIS = "0" * 64
ERASED = "[erased]"
WITHHELD = "[withheld]"  # kept elsewhere: this copy is for readers who may not see it

# Fields of `data` that hold what a person wrote or is called, at any depth.
PERSONAL = frozenset({"handle", "name", "quote", "url", "to", "words", "value", "remote_url"})

# Fields that may tell of a person too, but for those of a plan; entries written before the record
# could be erased have them in the clear.
_ALSO = frozenset(
    {
        *("title", "why", "outlet", "external_id", "remote_id", "reason", "was", "now"),
        *("text", "question", "answer", "note", "detail"),
    }
)
_LISTS = frozenset({"when"})  # the same of lists of texts
_NUMBERS = frozenset({"data.question"})  # it names a thing of ours
_PLAN = "data.plan."

EntrySource = Literal["person", "rule", "import", "system"]


class Seal(msgspec.Struct, frozen=True):
    """What stands in the chain for one personal text; an empty salt means it was erased."""

    digest: str
    salt: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened: `at` is when it happened, `recorded_at` when it was written down."""

    chain: str  # the incident's uid, or "room"
    seq: int
    uid: str
    kind: str
    v: int = 1
    at: datetime
    recorded_at: datetime
    actor: str
    role: str = ""
    source: EntrySource = "person"
    text: str
    data: dict[str, Any]
    corrects: int | None = None
    prev_hash: str
    hash: str = ""
    seals: dict[str, Seal] = {}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be: what a decision hands to the store, which numbers, seals and chains it."""

    kind: str
    text: str
    data: dict[str, Any] = {}
    at: datetime | None = None
    corrects: int | None = None
    source: EntrySource = "person"
    actor: str = ""  # empty: who acts; "room" for what the machine did


def stamp(moment: datetime) -> str:
    """Return RFC 3339 UTC with milliseconds: the form times have in the log and in JSON."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def unstamp(text: str) -> datetime:
    """Return the moment that `stamp` wrote down; ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if stamp(moment) != text:
        raise ValueError(f"not a time of ours: {text!r}")
    return moment.astimezone(UTC)


def seal(entry: Entry, salt: Callable[[], str]) -> Entry:
    """Return the entry with its personal texts sealed and its hash set."""
    seals = {}
    for path, text in personal_texts(entry):
        fresh = salt()
        seals[path] = Seal(salted(fresh, text), fresh)
    sealed = msgspec.structs.replace(entry, seals=seals)
    return msgspec.structs.replace(sealed, hash=entry_hash(sealed))


def personal_texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the path and words of every personal text of the entry."""
    yield "text", entry.text
    yield from _walk(entry.data, "data")


def _walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key in sorted(value):
            below = value[key]
            here = f"{path}.{key}"
            if isinstance(below, str) and (key in PERSONAL or _also(key, here)):
                yield here, below
            else:
                yield from _walk(below, here)
    elif isinstance(value, list):
        told = path.rpartition(".")[2] in _LISTS and not path.startswith(_PLAN)
        for index, below in enumerate(value):
            if told and isinstance(below, str):
                yield f"{path}.{index}", below
            else:
                yield from _walk(below, f"{path}.{index}")


def always_sealed(path: str) -> bool:
    """Tell whether the text at a path has a seal in every entry, however old."""
    return path == "text" or path.rpartition(".")[2] in PERSONAL


def _also(key: str, path: str) -> bool:
    return key in _ALSO and path not in _NUMBERS and not path.startswith(_PLAN)


def entry_hash(entry: Entry) -> str:
    """Return the hash the entry should carry, from its content and its seals."""
    return digest(chained_body(entry))


def chained_body(entry: Entry) -> dict[str, Any]:
    """Return what is hashed: the entry without `hash`, personal texts as their salted hashes."""
    return {
        "actor": entry.actor,
        "at": stamp(entry.at),
        "chain": entry.chain,
        "corrects": entry.corrects,
        "data": masked(entry.data, entry.seals),
        "kind": entry.kind,
        "prev_hash": entry.prev_hash,
        "recorded_at": stamp(entry.recorded_at),
        "role": entry.role,
        "seq": entry.seq,
        "source": entry.source,
        "text": {"salted_sha256": _digest_at(entry.seals, "text")},
        "uid": entry.uid,
        "v": entry.v,
    }


def _digest_at(seals: Mapping[str, Seal], path: str) -> str:
    held = seals.get(path)
    return held.digest if held else ""


def masked(data: dict[str, Any], seals: Mapping[str, Seal]) -> dict[str, Any]:
    """Return an entry's data with every personal text replaced by its salted hash."""
    hidden: dict[str, Any] = _masked(data, "data", seals)
    return hidden


def unmasked(data: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """Return masked data with the personal texts, by path, put back."""
    shown: dict[str, Any] = _unmasked(data, "data", words)
    return shown


def _unmasked(value: Any, path: str, words: Mapping[str, str]) -> Any:
    if path in words:
        return words[path]
    if isinstance(value, dict):  # as JSON is read back: this is asked of everything in a log
        return {key: _unmasked(below, f"{path}.{key}", words) for key, below in value.items()}
    if isinstance(value, list):
        return [_unmasked(below, f"{path}.{index}", words) for index, below in enumerate(value)]
    return value


def _masked(value: Any, path: str, seals: Mapping[str, Seal]) -> Any:
    if isinstance(value, str) and path in seals:
        return {"salted_sha256": _digest_at(seals, path)}
    if isinstance(value, Mapping):
        return {key: _masked_field(key, below, path, seals) for key, below in value.items()}
    if isinstance(value, list):
        return [_masked(below, f"{path}.{index}", seals) for index, below in enumerate(value)]
    return value


def _masked_field(key: str, value: Any, path: str, seals: Mapping[str, Seal]) -> Any:
    here = f"{path}.{key}"
    if isinstance(value, str) and key in PERSONAL:
        return {"salted_sha256": _digest_at(seals, here)}
    return _masked(value, here, seals)


def flaws(entries: Iterable[Entry]) -> Iterator[tuple[int, str]]:
    """Yield `(seq, what is wrong)` for every entry of one chain that does not hold."""
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected:
            yield entry.seq, f"entry {expected} should stand here: one was removed, added or moved"
        if entry.prev_hash != previous:
            yield entry.seq, "it does not follow from the entry before it"
        if entry_hash(entry) != entry.hash:
            yield entry.seq, "its content does not match its hash"
        yield from ((entry.seq, flaw) for flaw in _broken_seals(entry))
        expected, previous = entry.seq + 1, entry.hash


def _broken_seals(entry: Entry) -> Iterator[str]:
    present = dict(personal_texts(entry))
    for path, words in present.items():
        held = entry.seals.get(path)
        if held is None:
            if always_sealed(path):
                yield f"{path} has no seal"
        elif held.salt and salted(held.salt, words) != held.digest:
            yield f"{path} was changed"
        elif not held.salt and words not in (ERASED, WITHHELD):
            yield f"{path} was added after it had been erased"
    for path in sorted(entry.seals.keys() - present.keys()):
        yield f"{path} is sealed but missing"


UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""`(kind, version)` -> what lifts that version's data to the next; kept for ever."""


def upcast(entry: Entry) -> Entry:
    """Return the entry as the newest version of its kind; hashes are of the stored form."""
    data, version = entry.data, entry.v
    while lift := UPCASTS.get((entry.kind, version)):
        data, version = lift(data), version + 1
    if version == entry.v:
        return entry
    return msgspec.structs.replace(entry, data=data, v=version)
