"""The tables as one person sees them: which of their rows are for them, put before a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from crisisroom.store.restricting import Kept
from crisisroom.store.tx import EngineName

TABLES = frozenset(
    (
        *("chain", "entry", "sealed", "projection", "command", "presence", "place", "draft"),
        *("draft_version", "saved_filter", "page", "page_try", "evidence", "candidate"),
    )
)
"""The tables that name incidents; the others are in `UNNAMED`."""

UNNAMED: Mapping[str, str] = {
    "migration": "of the program",
    "room": "small values; room.stopping leaves out an incident that is not for who asks",
    "mention": "posts are for all; their incident is an opaque id, told by way of `chain` alone",
    "original": "posts are for all",
    "minute": "posts are for all",
    "mention_words": "posts are for all",
    "gone": "posts are for all",
    "said": "posts are for all",
    "picture": "posts are for all",
    "click": "what somebody made of a post, which is for all",
    "lesson": "approved words and the post that they were published under",
    "narrative": "stories are of posts",
    "bucket": "posts counted",
    "model": "learnt of posts",
    "improvement": "what is done without any incident",
    "campaign_result": "what is done without any incident",
    "author_tag": "of people outside",
    "ability": "of our accounts",
    "source": "of our sources",
    "lease": "of watchers and what they send from; read by the machine",
    "program": "of processes",
    "anchor": "told by room.anchoring, which leaves out the logs that are not for who asks",
    "change": "told by Seeing.changes, which leaves out what is not for who listens",
    "restriction": "read by store.restricting alone",
    "shut": "read by store.restricting alone",
}
"""The tables that are read as they are, and why they may be."""

_READS = re.compile(r"\s*(?:SELECT|WITH(\s+RECURSIVE)?)\b", re.IGNORECASE)
_LISTED = "|".join(sorted(TABLES, key=len, reverse=True))
_NAMES = re.compile(rf"\b(?:{_LISTED})\b", re.IGNORECASE)
_TEXTS = re.compile(r"'(?:[^']|'')*'")
_PAST = re.compile(  # a table by a name that the views do not stand under
    rf"""["`\[]?\b(?:main|temp|crisisroom|public)\b["`\]]?\s*\.\s*["`\[]?(?:{_LISTED})\b
    | ["`\[](?:{_LISTED})["`\]]
    | \b(?:{_LISTED})\s*(?:\([^()]*\)\s*)?AS\s+(?:(?:NOT\s+)?MATERIALIZED\s*)?\(""",
    re.IGNORECASE | re.VERBOSE,
)
_WRITES = re.compile(r"\s*(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE(?!\s+SET))\s+[\w.]+", re.IGNORECASE)
_READ_BY_WRITING = re.compile(
    rf"""\b(?:FROM|JOIN|USING)\s+(?:[\w.]+(?:\s+(?:AS\s+)?\w+)?\s*,\s*)*
    (?:\w+\s*\.\s*)?["`\[]?(?:{_LISTED})\b""",
    re.IGNORECASE | re.VERBOSE,
)
_HOME: dict[EngineName, str] = {"sqlite": "main", "postgres": "crisisroom"}
_SCREEN = ("session", "actor", "host", "pid", "started", "since", "beat")
_PLACE = ("incident", "view", "mention", "at", "doing")


class UnfitError(Exception):
    """A statement that cannot be asked as one person: use `whole` where it has to be."""


@lru_cache(maxsize=4096)
def read_of(sql: str) -> frozenset[str]:
    """Return which tables that name incidents a query reads; UnfitError past their views."""
    bare = _TEXTS.sub("''", sql)
    found = frozenset(one.lower() for one in _NAMES.findall(bare))
    if found and (not _READS.match(bare) or _PAST.search(bare)):
        raise UnfitError(f"not for one person's eyes: {sql[:200]}")
    return found


@lru_cache(maxsize=4096)
def refuse_to_read(sql: str) -> None:
    """Refuse a statement that writes what it reads of incidents: it would read past the views."""
    bare = _WRITES.sub("", _TEXTS.sub("''", sql), count=1)
    if _READ_BY_WRITING.search(bare):
        raise UnfitError(f"not for one person's eyes: {sql[:200]}")


def through(sql: str, kept: Kept, engine: EngineName) -> str:
    """Put the views of the tables that a query reads in front of it, before its own."""
    found = _READS.match(sql)
    assert found is not None
    views = ", ".join(_views(kept, read_of(sql), engine))
    if found[0].strip().upper() == "SELECT":
        return f"WITH {views} {sql}"
    return f"WITH{found[1] or ''} {views}, {sql[found.end() :]}"


def _views(kept: Kept, tables: Iterable[str], engine: EngineName) -> list[str]:
    """Return the views of tables as parts of a WITH: which of their rows are for this person."""
    shown = _shown(kept, _HOME[engine])
    return [
        f"{name} AS NOT MATERIALIZED (SELECT {shown[name][0]} FROM {_HOME[engine]}.{name}"
        f" WHERE {shown[name][1]})"
        for name in sorted(tables)
    ]


def _shown(kept: Kept, home: str) -> dict[str, tuple[str, str]]:
    """Return, for each table, its columns and which of its rows are for a person."""
    names = [f"INC-{number}" for number in kept.numbers]
    of_chain = _not_in("chain", kept.chains)
    of_incident = _not_in("incident", names)
    open_ = [of_chain, *(f"NOT {one}" for one in _entries(kept))]
    masked = (f"CASE WHEN {of_incident} THEN {one} ELSE '' END AS {one}" for one in _PLACE)
    return {
        "chain": ("*", _not_in("id", kept.chains)),
        "entry": ("*", " AND ".join(open_)),
        "sealed": ("*", " AND ".join(open_)),
        "projection": ("*", of_chain),
        "command": ("*", of_chain),
        "page": ("*", of_chain),
        "page_try": ("*", _open_tries(kept, home)),
        "presence": (", ".join((*_SCREEN, *masked)), "1 = 1"),
        "place": ("*", of_incident),
        "draft": ("*", of_incident),
        "draft_version": ("*", _unlike("draft", [f"%/{one}/%" for one in names])),
        "saved_filter": ("*", " AND ".join(map(_naming_none, names)) or "1 = 1"),
        "candidate": ("*", _unlike("body", [f'%"incident":"{one}"%' for one in names])),
        "evidence": ("*", _open_evidence(kept, " AND ".join(open_), home)),
    }


def _open_evidence(kept: Kept, open_: str, home: str) -> str:
    """Return which bytes are for a person: not those that only what is kept back cites."""
    cites = f"SELECT coalesce(json_extract(data, '$.sha256'), '') FROM {home}.entry"
    of_kind = "kind = 'evidence.kept'"
    apart = [f"chain = {_text(chain)}" for chain in sorted(kept.chains)] + _entries(kept)
    return (
        f"(sha256 NOT IN ({cites} WHERE {of_kind} AND ({' OR '.join(apart) or '1 = 0'}))"
        f" OR sha256 IN (SELECT sha256 FROM {home}.picture WHERE sha256 != '')"
        f" OR sha256 IN ({cites} WHERE {of_kind} AND {open_}))"
    )


def _open_tries(kept: Kept, home: str) -> str:
    """Return which messages are for a person: not those that tell of what is kept back."""
    if not kept.chains:
        return "1 = 1"
    of_page = f"{home}.page AS p ON p.number = CAST(told.value AS INTEGER)"
    closed = f"NOT ({_not_in('p.chain', kept.chains)})"
    return f"NOT EXISTS (SELECT 1 FROM json_each(pages) AS told JOIN {of_page} WHERE {closed})"


def _naming_none(incident: str) -> str:
    """Return which filters do not name an incident; one that names INC-21 does not name INC-2."""
    longer = "lower(typed)"
    for digit in range(10):
        longer = f"replace({longer}, '{incident.lower()}{digit}', '')"
    return f"{longer} NOT LIKE {_text(f'%{incident.lower()}%')}"


def _text(words: str) -> str:
    """Return words as they stand in SQL."""
    quoted = words.replace("'", "''").replace("\0", "")
    return f"'{quoted}'"


def _not_in(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(map(_text, sorted(values)))
    return f"{column} NOT IN ({listed})" if listed else "1 = 1"


def _unlike(column: str, patterns: Iterable[str]) -> str:
    return " AND ".join(f"{column} NOT LIKE {_text(one)}" for one in patterns) or "1 = 1"


def _entries(kept: Kept) -> list[str]:
    """Return the single entries that are kept back, a condition for each chain."""
    return [_of(chain, sorted(seqs)) for chain, seqs in sorted(kept.entries.items())]


def _of(chain: str, seqs: Sequence[int]) -> str:
    return f"(chain = {_text(chain)} AND seq IN ({', '.join(map(str, seqs))}))"
