"""The tables of a room, as ordered and named migrations."""

from __future__ import annotations

MOVED = "moved"  # the value of a room that lives elsewhere now: where, and since when
APPLICATION_ID = 0x43525331  # "CRS1": another program's database is refused

_FIRST = """
CREATE TABLE migration (name TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
CREATE TABLE room (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE chain (
  id TEXT PRIMARY KEY, number INTEGER UNIQUE, seq INTEGER NOT NULL, head TEXT NOT NULL
) STRICT;

CREATE TABLE entry (
  chain TEXT NOT NULL REFERENCES chain, seq INTEGER NOT NULL, uid TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL, v INTEGER NOT NULL, at TEXT NOT NULL, recorded_at TEXT NOT NULL,
  actor TEXT NOT NULL, role TEXT NOT NULL, source TEXT NOT NULL, data TEXT NOT NULL,
  corrects INTEGER, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed (
  chain TEXT NOT NULL, seq INTEGER NOT NULL, path TEXT NOT NULL,
  digest TEXT NOT NULL, salt TEXT NOT NULL, words TEXT NOT NULL,
  PRIMARY KEY (chain, seq, path), FOREIGN KEY (chain, seq) REFERENCES entry
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_kept BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER sealed_kept BEFORE DELETE ON sealed
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER sealed_erased BEFORE UPDATE ON sealed
WHEN NEW.salt != '' OR NEW.words != '[erased]' OR NEW.digest != OLD.digest
  OR NEW.path != OLD.path OR NEW.seq != OLD.seq OR NEW.chain != OLD.chain
BEGIN SELECT RAISE(ABORT, 'sealed text can only be erased'); END;

CREATE TABLE projection (
  chain TEXT NOT NULL REFERENCES chain, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (chain, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE command (
  id TEXT PRIMARY KEY, at TEXT NOT NULL, chain TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, thing TEXT NOT NULL
) STRICT;

CREATE TABLE mention (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
  external_id TEXT NOT NULL, kind TEXT NOT NULL, brand TEXT NOT NULL, account TEXT NOT NULL,
  handle TEXT NOT NULL, name TEXT NOT NULL, reach INTEGER, text TEXT NOT NULL,
  url TEXT NOT NULL, lang TEXT NOT NULL, media TEXT NOT NULL, reply_to TEXT NOT NULL,
  posted_at TEXT NOT NULL, seen_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'new',
  assignee TEXT NOT NULL DEFAULT '', claimed_until TEXT, narrative TEXT NOT NULL DEFAULT '',
  incident TEXT NOT NULL DEFAULT '', revision INTEGER NOT NULL DEFAULT 1,
  tags TEXT NOT NULL DEFAULT '',
  UNIQUE (source, external_id)
) STRICT;
CREATE INDEX mention_by_incident ON mention (incident, id) WHERE incident != '';
CREATE INDEX mention_by_reply ON mention (source, reply_to) WHERE reply_to != '';
CREATE INDEX mention_by_state ON mention (state, id);

CREATE TABLE original (
  mention INTEGER NOT NULL REFERENCES mention ON DELETE CASCADE, revision INTEGER NOT NULL,
  at TEXT NOT NULL, text BLOB NOT NULL, author BLOB NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (mention, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE minute (
  source TEXT NOT NULL, minute TEXT NOT NULL, mentions INTEGER NOT NULL,
  PRIMARY KEY (source, minute)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE mention_words USING fts5(
  text, handle, name, content='mention', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);

CREATE TABLE draft (
  id TEXT PRIMARY KEY, incident TEXT NOT NULL, kind TEXT NOT NULL, mention TEXT NOT NULL,
  template TEXT NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL, cursor INTEGER NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE presence (
  session TEXT PRIMARY KEY, actor TEXT NOT NULL, incident TEXT NOT NULL, view TEXT NOT NULL,
  mention TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,
  since TEXT NOT NULL
) STRICT;
CREATE TABLE place (
  actor TEXT PRIMARY KEY, incident TEXT NOT NULL, view TEXT NOT NULL, mention TEXT NOT NULL,
  cursor INTEGER NOT NULL, extra TEXT NOT NULL, at TEXT NOT NULL
) STRICT;

CREATE TABLE lease (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
  started TEXT NOT NULL, epoch INTEGER NOT NULL, beat_at TEXT NOT NULL,
  boot TEXT NOT NULL, beat REAL NOT NULL, ttl REAL NOT NULL
) STRICT;

CREATE TABLE source (
  id TEXT PRIMARY KEY, cursor TEXT NOT NULL DEFAULT '{}', state TEXT NOT NULL DEFAULT 'new',
  reason TEXT NOT NULL DEFAULT '', fails INTEGER NOT NULL DEFAULT 0,
  last_try_at TEXT, last_ok_at TEXT, next_at TEXT
) STRICT;

CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, ref TEXT NOT NULL, chain TEXT NOT NULL
) STRICT;
"""

_LISTENING = """
ALTER TABLE mention ADD COLUMN terms TEXT NOT NULL DEFAULT '';
ALTER TABLE mention ADD COLUMN others INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mention ADD COLUMN direct INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mention ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mention ADD COLUMN complaint INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mention ADD COLUMN why TEXT NOT NULL DEFAULT '[]';
ALTER TABLE mention ADD COLUMN verdict TEXT NOT NULL DEFAULT '';
ALTER TABLE mention ADD COLUMN copies INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mention ADD COLUMN copy_of INTEGER NOT NULL DEFAULT 0;
-- Lists page by id. Each index carries what lists filter by, so that counting reads no rows.
DROP INDEX mention_by_state;
CREATE INDEX mention_by_state ON mention (state, id, others, copy_of);
CREATE INDEX mention_by_source ON mention (source, id, others, copy_of, state);
CREATE INDEX mention_ours ON mention (id, state) WHERE others = 0 AND copy_of = 0;
CREATE INDEX mention_of_others ON mention (id, state, copy_of) WHERE others = 1;
CREATE INDEX mention_of_kind ON mention (kind, id, others, copy_of) WHERE kind != 'post';
CREATE INDEX mention_by_lang ON mention (lang, id, others, copy_of) WHERE lang != '';
CREATE INDEX mention_by_narrative ON mention (narrative, id, others, copy_of, state)
  WHERE narrative != '';
CREATE INDEX mention_by_copy ON mention (copy_of) WHERE copy_of != 0;
CREATE INDEX mention_by_assignee ON mention (assignee, id) WHERE assignee != '';
CREATE INDEX mention_by_verdict ON mention (verdict, id) WHERE verdict != '';
CREATE INDEX mention_tagged ON mention (id, tags) WHERE tags != '';
CREATE INDEX mention_urgent ON mention (id, priority, others, copy_of) WHERE priority >= 50;
CREATE INDEX mention_by_posted ON mention (posted_at);
CREATE TABLE said (
  term TEXT NOT NULL, mention INTEGER NOT NULL, PRIMARY KEY (term, mention)
) STRICT, WITHOUT ROWID;
CREATE TABLE gone (key INTEGER PRIMARY KEY, day INTEGER NOT NULL) STRICT; -- purged, not new again

UPDATE projection SET body = json_set(body, '$.warnings', json('[]'), '$.stories', json('{}'))
WHERE kind = 'incident';

CREATE TABLE narrative (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
  named_by TEXT NOT NULL DEFAULT '', by_hand INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'open',
  into_id INTEGER NOT NULL DEFAULT 0, mentions INTEGER NOT NULL DEFAULT 0,
  authors INTEGER NOT NULL DEFAULT 0, reach INTEGER NOT NULL DEFAULT 0,
  complaints INTEGER NOT NULL DEFAULT 0, sources TEXT NOT NULL DEFAULT '[]',
  first_at TEXT NOT NULL, last_at TEXT NOT NULL
) STRICT;
CREATE INDEX narrative_by_last ON narrative (last_at);
CREATE INDEX narrative_by_into ON narrative (into_id) WHERE into_id != 0;

CREATE TABLE bucket (
  series TEXT NOT NULL, start TEXT NOT NULL, mentions INTEGER NOT NULL,
  complaints INTEGER NOT NULL, PRIMARY KEY (series, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE candidate (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, at TEXT NOT NULL, term TEXT NOT NULL,
  state TEXT NOT NULL, signal TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX candidate_by_state ON candidate (state, id);

CREATE TABLE model (name TEXT PRIMARY KEY, body BLOB NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE click (
  mention INTEGER PRIMARY KEY REFERENCES mention ON DELETE CASCADE, wanted INTEGER NOT NULL,
  actor TEXT NOT NULL, at TEXT NOT NULL, number INTEGER NOT NULL
) STRICT;
CREATE INDEX click_by_number ON click (number);
CREATE TABLE saved_filter (
  name TEXT PRIMARY KEY, typed TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE improvement (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, title TEXT NOT NULL, owner TEXT NOT NULL,
  due TEXT NOT NULL, state TEXT NOT NULL, narrative TEXT NOT NULL, actor TEXT NOT NULL,
  at TEXT NOT NULL, done_at TEXT NOT NULL, outcome TEXT NOT NULL
) STRICT;
CREATE TABLE campaign_result (
  campaign TEXT PRIMARY KEY, words TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
"""

_WORDS = """
CREATE TABLE draft_version (
  draft TEXT NOT NULL, number INTEGER NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL,
  at TEXT NOT NULL, PRIMARY KEY (draft, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE ability (account TEXT PRIMARY KEY, body TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE author_tag (
  source TEXT NOT NULL, handle TEXT NOT NULL, tag TEXT NOT NULL, actor TEXT NOT NULL,
  at TEXT NOT NULL, PRIMARY KEY (source, handle, tag)
) STRICT, WITHOUT ROWID;
-- What a post was answered with: what the team chose teaches what fits the next one.
CREATE TABLE lesson (
  mention INTEGER PRIMARY KEY REFERENCES mention ON DELETE CASCADE, playbook TEXT NOT NULL,
  words TEXT NOT NULL, narrative TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX lesson_by_narrative ON lesson (narrative, at);
CREATE INDEX lesson_by_playbook ON lesson (playbook, at);
-- What a command id was used for: given with another act, it is refused.
ALTER TABLE command ADD COLUMN act TEXT NOT NULL DEFAULT '';
"""

_RECORD = """
-- What was seen and kept, by the hash of its bytes. They are never rendered.
CREATE TABLE evidence (
  sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, media TEXT NOT NULL, at TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
-- The pictures of posts: wanted, kept, gone, refused. A post's copies show the same ones.
CREATE TABLE picture (
  mention INTEGER NOT NULL REFERENCES mention ON DELETE CASCADE, number INTEGER NOT NULL,
  url TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'wanted', sha256 TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL,
  kept_at TEXT NOT NULL DEFAULT '', PRIMARY KEY (mention, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX picture_by_hash ON picture (sha256, mention) WHERE sha256 != '';
CREATE INDEX picture_wanted ON picture (next_at) WHERE state = 'wanted';
-- Where the heads of all chains were sent to, and what came of it.
CREATE TABLE anchor (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, place TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', body TEXT NOT NULL
) STRICT;
CREATE INDEX anchor_by_place ON anchor (place, id);
"""

_TEAM = """
-- who is here: where they are in an incident, what they do there, their last sign of life
ALTER TABLE presence ADD COLUMN at TEXT NOT NULL DEFAULT '';
ALTER TABLE presence ADD COLUMN doing TEXT NOT NULL DEFAULT '';
ALTER TABLE presence ADD COLUMN beat TEXT NOT NULL DEFAULT '';
-- which version of the program runs where: watchers and screens, side by side
CREATE TABLE program (
  host TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL, part TEXT NOT NULL,
  version TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (host, pid, started)
) STRICT, WITHOUT ROWID;
-- what people are told of, one row a thing and person; every try, written before it is made
CREATE TABLE page (
  number INTEGER PRIMARY KEY, key TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL,
  chain TEXT NOT NULL, incident TEXT NOT NULL, about TEXT NOT NULL, at TEXT NOT NULL,
  drill INTEGER NOT NULL, without TEXT NOT NULL, after TEXT NOT NULL, state TEXT NOT NULL,
  step INTEGER NOT NULL, round INTEGER NOT NULL, due_at TEXT NOT NULL, closed_at TEXT NOT NULL,
  closed_by TEXT NOT NULL, via TEXT NOT NULL, UNIQUE (key, person)
) STRICT;
CREATE INDEX page_by_state ON page (state, due_at);
CREATE TABLE page_try (
  id TEXT PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, way TEXT NOT NULL,
  messenger TEXT NOT NULL, pages TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
  remote TEXT NOT NULL, code TEXT NOT NULL, tries INTEGER NOT NULL, drill INTEGER NOT NULL,
  title TEXT NOT NULL, text TEXT NOT NULL, urgent INTEGER NOT NULL
) STRICT;
CREATE INDEX page_try_by_messenger ON page_try (messenger, at);
CREATE INDEX page_try_by_state ON page_try (state);
-- incidents that are for these people alone, and entries for Legal with whose words they tell
CREATE TABLE restriction (
  chain TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (chain, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE shut (
  chain TEXT NOT NULL, seq INTEGER NOT NULL, author TEXT NOT NULL, PRIMARY KEY (chain, seq, author)
) STRICT, WITHOUT ROWID;
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("1 the room opens", _FIRST),
    ("2 listening", _LISTENING),
    ("3 words", _WORDS),
    ("4 the record", _RECORD),
    ("5 the team", _TEAM),
)

SCHEMA = len(MIGRATIONS)
