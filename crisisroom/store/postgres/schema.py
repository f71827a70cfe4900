"""The tables of a room on PostgreSQL: those of the file, in this engine's words, and a few more."""

from __future__ import annotations

import re
from functools import lru_cache

from crisisroom.store.schema import MIGRATIONS

SPACE = "crisisroom"  # the schema that holds all of a room
FIRST_HERE = "5 the team"  # no room on a server is older
LOCK = 0x43525331  # the advisory lock of a room's writers, and of who changes its tables

_COMMENT = re.compile(r"--[^\n]*")
_DROPPED = re.compile(r"^(CREATE VIRTUAL|CREATE TRIGGER|UPDATE|INSERT|PRAGMA)\b", re.IGNORECASE)
_TRIGGER = re.compile(r"CREATE TRIGGER.*?\bEND;", re.IGNORECASE | re.DOTALL)
_END = re.compile(r"\)\s*STRICT(\s*,\s*WITHOUT ROWID)?\s*$", re.IGNORECASE)
_OF_A_MENTION = re.compile(r"\s+REFERENCES mention ON DELETE CASCADE")  # see `mention_gone`
_TYPES = re.compile(r"\b(INTEGER|TEXT|REAL|BLOB|AUTOINCREMENT)\b")
_NAMES = {
    "INTEGER": "BIGINT",
    "TEXT": 'TEXT COLLATE "C"',  # the order of its bytes, as in a file
    "REAL": "DOUBLE PRECISION",
    "BLOB": "BYTEA",
    "AUTOINCREMENT": "",
}
# Ids that the file gives by itself: the tables of which rows are written without one.
_NUMBERED = re.compile(r"^CREATE TABLE (anchor)\b(.*?)\bid BIGINT PRIMARY KEY", re.DOTALL)

FUNCTIONS = r"""
CREATE FUNCTION json_path(path text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_remove(regexp_split_to_array(substr(path, 2), '[.\[\]]+'), '') $$;
CREATE FUNCTION json_extract(body text, path text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT body::json #>> json_path(path) $$;
CREATE FUNCTION json_type(body text, path text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE kind WHEN 'string' THEN 'text' WHEN 'boolean' THEN body::json #>> json_path(path)
    WHEN 'number' THEN CASE WHEN body::json #>> json_path(path) ~ '^-?[0-9]+$'
      THEN 'integer' ELSE 'real' END
    ELSE kind END
  FROM json_typeof(body::json #> json_path(path)) AS kind $$;
CREATE FUNCTION json_valid(body text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN body::json IS NOT NULL;
EXCEPTION WHEN invalid_text_representation THEN RETURN false;
END $$;
CREATE FUNCTION json_each(body text) RETURNS TABLE (key bigint, value text)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 50 AS $$
  SELECT number - 1, one FROM json_array_elements_text(body::json)
    WITH ORDINALITY AS each (one, number) $$;
CREATE FUNCTION json_listed(items text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(to_json(items)::text, '[]') $$;
CREATE AGGREGATE json_group_array(text) (
  sfunc = array_append, stype = text[], initcond = '{}', finalfunc = json_listed);
CREATE FUNCTION instr(body text, part text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT strpos(body, part) $$;
"""

# What a log refuses, and whether a transaction landed whose answer was lost.
KEEPING = """
CREATE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log only grows'; END $$;
CREATE FUNCTION sealed_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.salt, NEW.words, NEW.digest, NEW.path, NEW.seq, NEW.chain)
    IS DISTINCT FROM ('', '[erased]', OLD.digest, OLD.path, OLD.seq, OLD.chain) THEN
    RAISE EXCEPTION 'sealed text can only be erased';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_kept BEFORE DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
CREATE TRIGGER sealed_kept BEFORE DELETE OR TRUNCATE ON sealed
  FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
CREATE TRIGGER sealed_erased BEFORE UPDATE ON sealed
  FOR EACH ROW EXECUTE FUNCTION sealed_only_erased();

CREATE TABLE landed (
  token TEXT COLLATE "C" PRIMARY KEY, at TIMESTAMPTZ NOT NULL, asked BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE mention_words (
  mention BIGINT PRIMARY KEY, words TSVECTOR NOT NULL
);
CREATE INDEX mention_words_said ON mention_words USING gin (words);

-- What is a mention's goes with it: by one statement for all of them. A reference would be looked
-- up once for each row that is written, and once for each table and row that goes.
CREATE FUNCTION mention_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM original USING gone_now WHERE mention = gone_now.id;
  DELETE FROM mention_words USING gone_now WHERE mention = gone_now.id;
  DELETE FROM click USING gone_now WHERE mention = gone_now.id;
  DELETE FROM lesson USING gone_now WHERE mention = gone_now.id;
  DELETE FROM picture USING gone_now WHERE mention = gone_now.id;
  RETURN NULL;
END $$;
CREATE TRIGGER mention_gone AFTER DELETE ON mention REFERENCING OLD TABLE AS gone_now
  FOR EACH STATEMENT EXECUTE FUNCTION mention_gone();

-- A write begins: in turn, under these tables only, and to be known again by its token.
-- It answers the server's time as a notice, so that all of it is one trip.
CREATE FUNCTION write_begins(mine text, known bigint, though_moved boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE here bigint; gone text;
BEGIN
  PERFORM pg_advisory_xact_lock(1129468721);
  SELECT count(*) INTO here FROM migration;
  IF here <> known THEN
    RAISE EXCEPTION USING ERRCODE = 'CR001', MESSAGE = here::text;
  END IF;
  SELECT value INTO gone FROM room WHERE key = 'moved';
  IF gone IS NOT NULL AND NOT though_moved THEN
    RAISE EXCEPTION USING ERRCODE = 'CR003', MESSAGE = gone;
  END IF;
  INSERT INTO landed (token, at) VALUES (mine, clock_timestamp()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CR002', MESSAGE = 'this has landed';
  END IF;
  IF random() < 0.002 THEN
    DELETE FROM landed WHERE at < clock_timestamp() - interval '1 day';
  END IF;
  RAISE NOTICE USING ERRCODE = 'CR000',
    MESSAGE = (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text;
END $$;
"""


@lru_cache
def steps() -> tuple[tuple[str, str], ...]:
    """Return the migrations by name, in PostgreSQL's words."""
    made = {name: _translated(script) for name, script in MIGRATIONS}
    made[FIRST_HERE] = f"{FUNCTIONS}{made[FIRST_HERE]}{KEEPING}"
    return tuple(made.items())


def _translated(script: str) -> str:
    plain = _TRIGGER.sub("", _COMMENT.sub("", script))
    parts = (" ".join(part.split()) for part in plain.split(";"))
    return "".join(f"{_statement(part)};\n" for part in parts if part and not _DROPPED.match(part))


def _statement(text: str) -> str:
    text = _OF_A_MENTION.sub("", _END.sub(")", text))
    text = _TYPES.sub(lambda found: _NAMES[found[1]], text)
    identity = r"CREATE TABLE \1\2id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    return _NUMBERED.sub(identity, text)
