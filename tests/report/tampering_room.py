"""What can be done to a room's file with SQL, and which entry `verify` then has to name."""

from __future__ import annotations

import json

import msgspec
from report.tampering import Copy, Expected, Tamper, forged

from crisisroom.core.timeline import ERASED, ROOM, WITHHELD, Entry, entry_hash, seal

replace = msgspec.structs.replace
_COLUMNS = (
    *("uid", "kind", "at", "recorded_at", "actor", "role", "source", "prev_hash", "hash"),
    *("v", "corrects", "data"),
)


def entry_changed(copy: Copy) -> Expected:
    chain, name = copy.chain()
    seq, column = copy.some(chain), copy.chance.choice(_COLUMNS)
    old = copy.one(f"SELECT {column} FROM entry WHERE chain = ? AND seq = ?", chain, seq)
    new: object = "2026-11-22T02:59:59.000Z" if column in ("at", "recorded_at") else f"{old}x"
    if column in ("v", "corrects"):
        new = (old or 0) + 1
    elif column == "data":
        new = _other(str(old), copy)
    copy.run(f"UPDATE entry SET {column} = ? WHERE chain = ? AND seq = ?", new, chain, seq)
    return Expected((f"{name} entry {seq}",))


def _other(body: str, copy: Copy) -> str:
    """Return another body: with one more field, one less, another order, or none at all."""
    data = json.loads(body)
    match copy.chance.randrange(4):
        case 0:
            return json.dumps(data | {"zz": copy.chance.randrange(9)}, separators=(",", ":"))
        case 1 if data:
            data.pop(copy.chance.choice(sorted(data)))
            return json.dumps(data, separators=(",", ":"))
        case 2:
            return f" {body}"
    return body[:-1]


def entry_rehashed(copy: Copy) -> Expected:
    """Change an entry and make its own hash right, and no other."""
    chain, name = copy.chain()
    seq = copy.some(chain, before=1)
    entry = replace(copy.load(chain)[seq - 1], actor="nobody")
    copy.run(
        "UPDATE entry SET actor = 'nobody', hash = ? WHERE chain = ? AND seq = ?",
        *(entry_hash(entry), chain, seq),
    )
    return Expected((f"{name} entry {seq + 1}",))


def words_changed(copy: Copy) -> Expected:
    chain, seq, path, name = _text(copy)
    column = copy.chance.choice(("words", "digest", "salt"))
    copy.run(
        f"UPDATE sealed SET {column} = {column} || 'x' WHERE chain = ? AND seq = ? AND path = ?",
        *(chain, seq, path),
    )
    return Expected((f"{name} entry {seq}",))


def words_moved(copy: Copy) -> Expected:
    """Give a text another place in its entry."""
    chain, seq, path, name = _text(copy)
    copy.run(
        "UPDATE sealed SET path = 'data.other' WHERE chain = ? AND seq = ? AND path = ?",
        *(chain, seq, path),
    )
    return Expected((f"{name} entry {seq}",))


def words_gone(copy: Copy) -> Expected:
    chain, seq, path, name = _text(copy)
    copy.run("DELETE FROM sealed WHERE chain = ? AND seq = ? AND path = ?", chain, seq, path)
    return Expected((f"{name} entry {seq}",))


def words_added(copy: Copy) -> Expected:
    chain, seq, _, name = _text(copy)
    copy.run("INSERT INTO sealed VALUES (?, ?, 'data.more', ?, '', ?)", chain, seq, "0" * 64, "x")
    return Expected((f"{name} entry {seq}",))


def words_swapped(copy: Copy) -> Expected:
    """Swap the texts of two entries: the words alone, with their salts, or with their seals."""
    chain, name = copy.chain()
    first = copy.some(chain, before=1)
    second = copy.some(chain, least=first + 1)
    columns = copy.chance.choice(("words", "words, salt", "words, salt, digest"))
    rows = [
        copy.db.execute(
            f"SELECT {columns} FROM sealed WHERE chain = ? AND seq = ? AND path = 'text'",
            (chain, seq),
        ).fetchone()
        for seq in (first, second)
    ]
    if rows[0][0] == rows[1][0]:
        return words_changed(copy)
    given = ", ".join(f"{column} = ?" for column in columns.split(", "))
    for seq, row in ((first, rows[1]), (second, rows[0])):
        sql = f"UPDATE sealed SET {given} WHERE chain = ? AND seq = ? AND path = 'text'"
        copy.run(sql, *row, chain, seq)
    return Expected((f"{name} entry {first}",))


def _text(copy: Copy) -> tuple[str, int, str, str]:
    chain, name = copy.chain()
    seq = copy.some(chain)
    rows = copy.db.execute(
        "SELECT path FROM sealed WHERE chain = ? AND seq = ? ORDER BY path", (chain, seq)
    ).fetchall()
    return chain, seq, copy.chance.choice(rows)[0], name


def erasure_faked(copy: Copy) -> Expected:
    """Take an entry's words away as if a person had been erased, or as in a copy for others."""
    chain, seq, path, name = _text(copy)
    instead = copy.chance.choice((ERASED, WITHHELD))
    copy.run(
        "UPDATE sealed SET salt = '', words = ? WHERE chain = ? AND seq = ? AND path = ?",
        *(instead, chain, seq, path),
    )
    if chain != ROOM:
        copy.project(copy.load(chain))
    return Expected((f"{name} entry {seq}",))


def entry_deleted(copy: Copy) -> Expected:
    chain, name = copy.chain()
    seq = copy.some(chain, before=1)
    _delete(copy, chain, seq)
    return Expected((f"{name} entry {seq + 1}",))


def _delete(copy: Copy, chain: str, seq: int) -> None:
    copy.run("DELETE FROM sealed WHERE chain = ? AND seq = ?", chain, seq)
    copy.run("DELETE FROM entry WHERE chain = ? AND seq = ?", chain, seq)


def entry_deleted_and_closed(copy: Copy) -> Expected:
    """Delete an entry and give those after it the numbers before."""
    chain, name = copy.chain()
    seq, last = copy.some(chain, before=1), copy.last(chain)
    _delete(copy, chain, seq)
    for later in range(seq + 1, last + 1):
        _number(copy, chain, later, later - 1)
    copy.run("UPDATE chain SET seq = seq - 1 WHERE id = ?", chain)
    return Expected((f"{name} entry {seq}",))


def _number(copy: Copy, chain: str, old: int, new: int) -> None:
    for table in ("entry", "sealed"):
        copy.run(f"UPDATE {table} SET seq = ? WHERE chain = ? AND seq = ?", new, chain, old)


def entry_inserted(copy: Copy) -> Expected:
    """Put an entry in, well made and linked to the one before; those after it move on."""
    chain, name = copy.chain()
    seq, last = copy.some(chain, least=2), copy.last(chain)
    entries = copy.load(chain)
    stranger = forged([*entries[: seq - 1], _note(entries[seq - 1])], seq - 1)[-1]
    for later in range(last, seq - 1, -1):
        _number(copy, chain, later, later + 1)
    copy.write(stranger)
    copy.run("UPDATE chain SET seq = seq + 1 WHERE id = ?", chain)
    return Expected((f"{name} entry {seq}", f"{name} entry {seq + 1}"))


def _note(entry: Entry) -> Entry:
    kind = "backup.made" if entry.chain == ROOM else "note.added"
    return replace(
        entry, uid=f"{entry.uid}x", kind=kind, text="slipped in", data={"words": "slipped in"}
    )


def entries_swapped(copy: Copy) -> Expected:
    chain, name = copy.chain()
    first = copy.some(chain, before=1)
    second = copy.some(chain, least=first + 1)
    _number(copy, chain, first, 0)
    _number(copy, chain, second, first)
    _number(copy, chain, 0, second)
    return Expected((f"{name} entry {first}",))


def entry_before_the_first(copy: Copy) -> Expected:
    """Put an entry where no program of ours looks: before the first."""
    chain, name = copy.chain()
    entry = replace(_note(copy.load(chain)[0]), seq=copy.chance.choice((0, -3)))
    copy.write(seal(replace(entry, seals={}), lambda: "5a17" * 8))
    return Expected((f"{name} entry {entry.seq}",))


def end_cut(copy: Copy) -> Expected:
    chain, name = copy.chain()
    left = copy.some(chain, least=2, before=1)
    for seq in range(left + 1, copy.last(chain) + 1):
        _delete(copy, chain, seq)
    return Expected((f"{name} entry {left}",))


def end_cut_and_counted(copy: Copy) -> Expected:
    """Cut a chain's end and make its head and tables right: what was done since tells of it."""
    chain, name = copy.chain()
    left = copy.some(chain, least=2, before=1)
    copy.save(copy.load(chain)[:left])
    return Expected((f"{name} entry", "room entry", "the anchor", "the room's settings"))


def end_cut_with_care(copy: Copy) -> Expected:
    """Cut a chain's end since the first anchor, leave no trace of it in the room."""
    chain, name = copy.incident()
    left = copy.some(chain, least=8, before=1)
    copy.save(copy.load(chain)[:left])
    agree(copy)
    return Expected((f"{name} entry {left}",), anchor=True)


def written_anew(copy: Copy) -> Expected:
    """Change an entry and rewrite all that follows: every hash, head, count and table is right."""
    chain, name = copy.incident()
    seq = copy.some(chain, least=2)
    entries = copy.load(chain)
    entries[seq - 1] = replace(entries[seq - 1], actor="nobody")
    copy.save(forged(entries, seq - 1))
    agree(copy)
    return Expected(tuple(f"{name} entry {one}" for one in range(1, seq + 1)), anchor=True)


def all_written_anew(copy: Copy) -> Expected:
    """Rewrite every chain of the room from its first entry on."""
    for (chain,) in copy.db.execute("SELECT id FROM chain ORDER BY id != 'room'").fetchall():
        copy.save(forged(copy.load(chain)))
    agree(copy)
    return Expected(("room entry 1",), anchor=True)


def agree(copy: Copy) -> None:
    """Let the room's own log tell of the heads that there are now, and nothing else tell more."""
    copy.forget()
    heads = dict(
        ((chain, seq), head)
        for chain, seq, head in copy.db.execute("SELECT chain, seq, hash FROM entry").fetchall()
    )
    own = []
    for entry in copy.load(ROOM):
        data = entry.data
        if entry.kind in ("export.made", "import.made"):
            head = heads.get((data["incident"], data["entries"]))
            data = data | ({"head_hash": head} if head else {"incident": 0})
        own.append(replace(entry, data=data))
    changed = [
        at for at, (one, now) in enumerate(zip(copy.load(ROOM), own, strict=True)) if one != now
    ]
    if changed:
        copy.save(forged(own, changed[0]))


def head_changed(copy: Copy) -> Expected:
    chain, name = copy.chain()
    if copy.chance.random() < 0.5:
        copy.run("UPDATE chain SET head = ? WHERE id = ?", "0" * 64, chain)
    else:
        copy.run("UPDATE chain SET seq = seq + ? WHERE id = ?", copy.chance.choice((-1, 1)), chain)
    return Expected((f"{name} entry {copy.last(chain)}",))


def row_changed(copy: Copy) -> Expected:
    kind, key, body, name = _row(copy)
    data = json.loads(body)
    field = copy.chance.choice(sorted(data))
    data[field] = f"{data[field]}x" if isinstance(data[field], str) else "other"
    copy.run(
        f"UPDATE projection SET body = ? WHERE kind = ? AND id = ? AND {_OF}",
        *(json.dumps(data), kind, key, int(name[4:])),
    )
    return Expected((f"{name} {kind} {key}".rstrip(),))


def row_deleted(copy: Copy) -> Expected:
    kind, key, _, name = _row(copy)
    copy.run(
        f"DELETE FROM projection WHERE kind = ? AND id = ? AND {_OF}", kind, key, int(name[4:])
    )
    return Expected((f"{name} {kind} {key}".rstrip(),))


def row_added(copy: Copy) -> Expected:
    kind, _, body, name = _row(copy)
    chain = copy.one("SELECT id FROM chain WHERE number = ?", int(name[4:]))
    copy.run("INSERT INTO projection VALUES (?, ?, 'slipped-in', ?)", chain, kind, body)
    return Expected((f"{name} {kind} slipped-in",))


def row_unreadable(copy: Copy) -> Expected:
    kind, key, _, name = _row(copy)
    odd = copy.chance.choice(('{"a":', "[]", '{"id":"a","id":"b"}', ""))
    copy.run(
        f"UPDATE projection SET body = ? WHERE kind = ? AND id = ? AND {_OF}",
        *(odd, kind, key, int(name[4:])),
    )
    return Expected((f"{name} {kind} {key}".rstrip(),))


_OF = "chain = (SELECT id FROM chain WHERE number = ?)"


def _row(copy: Copy) -> tuple[str, str, str, str]:
    """Return some row of the incidents' tables; that of an import has its id from elsewhere."""
    rows = copy.db.execute(
        "SELECT p.kind, p.id, p.body, 'INC-' || c.number FROM projection p"
        " JOIN chain c ON c.id = p.chain WHERE c.number < 3 ORDER BY 4, 1, 2"
    ).fetchall()
    kind, key, body, name = copy.chance.choice(rows)
    return kind, key, body, name


def numbers_swapped(copy: Copy) -> Expected:
    for old, new in ((1, -1), (2, 1), (-1, 2)):
        copy.run("UPDATE chain SET number = ? WHERE number = ?", new, old)
    return Expected(("INC-1", "INC-2"))


def incident_hidden(copy: Copy) -> Expected:
    copy.run("UPDATE chain SET number = NULL WHERE number = ?", copy.chance.choice((1, 2)))
    return Expected(("the room", "INC-"))


def incident_deleted(copy: Copy) -> Expected:
    """Take a whole incident away, to the last row."""
    number = copy.chance.choice((1, 2))
    chain = copy.one("SELECT id FROM chain WHERE number = ?", number)
    for table in ("sealed", "entry", "projection"):
        copy.run(f"DELETE FROM {table} WHERE chain = ?", chain)
    copy.run("DELETE FROM chain WHERE id = ?", chain)
    return Expected((f"INC-{number}", "room entry"))


def rows_of_nothing(copy: Copy) -> Expected:
    chain, name = copy.incident()
    copy.run("UPDATE chain SET id = 'elsewhere' WHERE id = ?", chain)
    return Expected((name, "the room"))


def unknown_kind(copy: Copy) -> Expected:
    """Add an entry, well made in all, of a kind or an edition that nobody knows."""
    chain, name = copy.chain()
    entries = copy.load(chain)
    stranger = _note(entries[-1])
    if copy.chance.random() < 0.5:
        stranger = replace(stranger, kind=copy.chance.choice(("plot.twisted", "x", "note.burnt")))
    else:
        stranger = replace(stranger, v=7)
    copy.save(forged([*entries, stranger], len(entries)))
    return Expected((f"{name} entry {len(entries) + 1}",))


def settings_changed(copy: Copy) -> Expected:
    body = json.loads(copy.one("SELECT value FROM room WHERE key = 'config'"))
    body["team"] = [{"id": "eve", "name": "Eve", "roles": ["lead"]}]
    copy.run("UPDATE room SET value = ? WHERE key = 'config'", json.dumps(body))
    return Expected(("the room's settings",))


def stop_forged(copy: Copy) -> Expected:
    said = '{"by":"ada","at":"2026-11-22T02:07:00.000Z","why":"","incident":""}'
    copy.run("INSERT OR REPLACE INTO room VALUES ('outgoing', ?)", said)
    return Expected(("the room's settings",))


def anchor_changed(copy: Copy) -> Expected:
    copy.run("UPDATE anchor SET body = replace(body, '\"entries\":', '\"entries\":1')")
    return Expected(("the anchor",))


def evidence_changed(copy: Copy) -> Expected:
    if copy.chance.random() < 0.5:
        copy.run("UPDATE evidence SET bytes = CAST(bytes || 'x' AS BLOB)")
    else:
        copy.run("DELETE FROM evidence")
    return Expected(("INC-1 evidence",))


_EXTRAS = (
    "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN SELECT 1; END",
    "CREATE TRIGGER entry_too BEFORE UPDATE ON projection BEGIN SELECT RAISE(IGNORE); END",
    "CREATE VIEW shown AS SELECT * FROM entry",
    "CREATE TABLE notes (words TEXT)",
    "CREATE INDEX by_actor ON entry (actor)",
    "ALTER TABLE entry ADD COLUMN secret TEXT",
    "DROP INDEX picture_by_hash",
    "DROP TABLE campaign_result",
    "DELETE FROM migration WHERE name = '3 words'",
)


def schema_changed(copy: Copy) -> Expected:
    copy.run(copy.chance.choice(_EXTRAS))
    return Expected(("the room's tables",))


ACTS: tuple[tuple[Tamper, int], ...] = (
    (entry_changed, 14),
    (entry_rehashed, 4),
    (words_changed, 8),
    (words_moved, 2),
    (words_gone, 3),
    (words_added, 2),
    (words_swapped, 6),
    (erasure_faked, 6),
    (entry_deleted, 6),
    (entry_deleted_and_closed, 4),
    (entry_inserted, 5),
    (entries_swapped, 5),
    (entry_before_the_first, 2),
    (end_cut, 4),
    (end_cut_and_counted, 4),
    (end_cut_with_care, 5),
    (written_anew, 6),
    (all_written_anew, 2),
    (head_changed, 4),
    (row_changed, 6),
    (row_deleted, 3),
    (row_added, 3),
    (row_unreadable, 2),
    (numbers_swapped, 1),
    (incident_hidden, 1),
    (incident_deleted, 2),
    (rows_of_nothing, 1),
    (unknown_kind, 4),
    (settings_changed, 1),
    (stop_forged, 1),
    (anchor_changed, 1),
    (evidence_changed, 2),
    (schema_changed, 5),
)
"""What is done, and how often."""
