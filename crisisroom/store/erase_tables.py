"""Persons in what lies beside chains and posts: drafts, stories, early warnings, small tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from crisisroom.core.grouping.titles import title_of
from crisisroom.core.persons import Finder
from crisisroom.core.timeline import ERASED
from crisisroom.store import author_tags
from crisisroom.store.erase import Sought, names_freely
from crisisroom.store.mention_rows import as_texts
from crisisroom.store.tx import Tx

# Texts beside the logs: table, key, columns of words, columns of JSON.
_TABLES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("candidate", "id", (), ("body",)),
    ("improvement", "id", ("title", "outcome"), ()),
    ("campaign_result", "campaign", ("words",), ()),
    ("place", "actor", (), ("extra",)),
    ("command", "id", ("thing",), ()),
    ("source", "id", ("reason",), ("cursor",)),
    ("anchor", "id", ("reason",), ("body",)),
    ("page_try", "id", ("reason", "title", "text"), ()),
    ("change", "seq", ("ref",), ()),
)
_STRINGS = re.compile(rb"[\x20-\x7e]{4,}")  # what can be read in bytes that are no text


def cleaned(finder: Finder, words: str) -> str:
    """Return words without the persons in them; all of it goes where it quotes one."""
    return ERASED if finder.quoted(words) else finder.without(words)


def cleaned_json(finder: Finder, body: str) -> str:
    """Return a JSON text with every text in it cleaned, byte for byte as it was if nothing is.

    A single word that is only called like a handle stays: it says a state, a kind, a term.
    """
    if not body or not finder.who(body):
        return body
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return cleaned(finder, body)
    after = _walked(finder, value)
    return msgspec.json.encode(after).decode() if after != value else body


def _walked(finder: Finder, value: Any) -> Any:
    if isinstance(value, str):
        return cleaned(finder, value) if names_freely(finder, value) else value
    if isinstance(value, dict):
        return {key: _walked(finder, below) for key, below in value.items()}
    if isinstance(value, list):
        return [_walked(finder, below) for below in value]
    return value


async def small_tables(tx: Tx, sought: Sought, *, write: bool) -> Counter[str]:
    """Clean all texts beside logs and posts; returns how many rows that are, by table."""
    done: Counter[str] = Counter()
    for table, key, words, bodies in _TABLES:
        done[table] = await _clean_table(tx, sought.finder, table, key, words, bodies, write)
    done["draft"] = await _drafts(tx, sought, write)
    done["place"] += await _standing(tx, sought, write)
    done["saved_filter"] = await _filters(tx, sought.finder, write)
    done["author_tag"] = await _author_tags(tx, sought, write)
    done["narrative"] = await _stories(tx, sought, write)
    done["model"] = await _models(tx, sought.finder, write)
    return +done


async def _clean_table(
    tx: Tx,
    finder: Finder,
    table: str,
    key: str,
    words: Sequence[str],
    bodies: Sequence[str],
    write: bool,
) -> int:
    columns = (*words, *bodies)
    done = 0
    for named, *values in await tx.rows(f"SELECT {', '.join((key, *columns))} FROM {table}"):
        after = [
            cleaned_json(finder, value) if column in bodies else cleaned(finder, value)
            for column, value in zip(columns, values, strict=True)
        ]
        name = cleaned(finder, named) if isinstance(named, str) else named
        if after == values and name == named:
            continue
        done += 1
        if write and name != named and table == "command":
            await tx.run("DELETE FROM command WHERE id = ?", (named,))
        elif write:
            sets = ", ".join(f"{column} = ?" for column in columns)
            await tx.run(f"UPDATE {table} SET {sets} WHERE {key} = ?", (*after, named))
    return done


async def _drafts(tx: Tx, sought: Sought, write: bool) -> int:
    """Delete drafts that answer them, name them or quote them, in every earlier state."""
    finder, ids = sought.finder, {f"M-{number}" for number in sought.numbers}
    rows = await tx.rows("SELECT id, mention, text FROM draft")
    gone = {
        row[0]
        for row in rows
        if row[1] in sought.uids or row[1] in ids or _answers(row[0], ids) or finder.who(row[2])
    }
    states = await tx.rows("SELECT draft, text FROM draft_version")
    old = {
        draft for draft, text in states if draft in gone or _answers(draft, ids) or finder.who(text)
    }
    if write:
        for one in gone:
            tx.tell("draft", one)
        await _delete(tx, "draft", "id", gone)
        await _delete(tx, "draft_version", "draft", old)
    return len(gone | old)


def _answers(draft: str, ids: set[str]) -> bool:
    return any(part in ids for part in draft.split("/"))


async def _delete(tx: Tx, table: str, key: str, names: Iterable[str]) -> None:
    await tx.run(
        f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))", (as_texts(names),)
    )


async def _standing(tx: Tx, sought: Sought, write: bool) -> int:
    """Let nobody stand at a post of theirs any more."""
    named = as_texts((*sought.uids, *(f"M-{number}" for number in sought.numbers)))
    done = 0
    for table in ("place", "presence"):
        where = f"FROM {table} WHERE mention IN (SELECT value FROM json_each(?))"
        found = await tx.row(f"SELECT count(*) {where}", (named,))
        done += found[0] if found else 0
        if write:
            await tx.run(
                f"UPDATE {table} SET mention = '' WHERE mention IN"
                " (SELECT value FROM json_each(?))",
                (named,),
            )
    return done


async def _filters(tx: Tx, finder: Finder, write: bool) -> int:
    rows = await tx.rows("SELECT name, typed FROM saved_filter")
    gone = [name for name, typed in rows if finder.who(name) or finder.who(typed)]
    if write:
        await _delete(tx, "saved_filter", "name", gone)
        if gone:
            tx.tell("filter")
    return len(gone)


async def _author_tags(tx: Tx, sought: Sought, write: bool) -> int:
    rows = await tx.rows("SELECT DISTINCT source, handle FROM author_tag")
    gone = [
        row
        for row in rows
        if any(
            author_tags.key(one.handle).partition("@")[0] == row[1].partition("@")[0]
            and one.source in ("", row[0])
            for one in sought.finder.persons
            if one.handle
        )
        or sought.finder.who(row[1])
    ]
    if write:
        await tx.many("DELETE FROM author_tag WHERE source = ? AND handle = ?", gone)
        for source, _ in gone:
            tx.tell("author", source)
    return len(gone)


async def _stories(tx: Tx, sought: Sought, write: bool) -> int:
    """Give stories that are called by words of theirs a title from the posts that are left."""
    told: dict[str, set[int]] = {}
    for number, who in sought.numbers.items():
        told.setdefault(await _story_of(tx, number), set()).add(who)
    done = 0
    for number, title in await tx.rows("SELECT id, title FROM narrative"):
        among = told.get(f"N-{number}", set())
        if not (sought.finder.who(title) or sought.finder.told(title, among)):
            continue
        done += 1
        if write:
            await tx.run(
                "UPDATE narrative SET title = ?, named_by = '' WHERE id = ?",
                (await _title_left(tx, number, sought), number),
            )
            tx.tell("narrative", f"N-{number}")
    return done


async def _story_of(tx: Tx, number: int) -> str:
    found = await tx.row("SELECT narrative FROM mention WHERE id = ?", (number,))
    return str(found[0]) if found else ""


async def _title_left(tx: Tx, number: int, sought: Sought) -> str:
    rows = await tx.rows(
        "SELECT id, text FROM mention INDEXED BY mention_by_narrative"
        " WHERE narrative != '' AND narrative = ? ORDER BY id LIMIT 200",
        (f"N-{number}",),
    )
    for other, text in rows:
        if other not in sought.numbers and not sought.finder.who(text):
            return title_of(text)
    return ERASED


async def _models(tx: Tx, finder: Finder, write: bool) -> int:
    """Drop what was learnt with words of theirs in it: it is learnt anew from what is left."""
    gone = [
        name
        for name, body in await tx.rows("SELECT name, body FROM model")
        if finder.who(readable(bytes(body)))
    ]
    if write:
        await _delete(tx, "model", "name", gone)
    return len(gone)


def readable(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "\n".join(found.decode() for found in _STRINGS.findall(data))
