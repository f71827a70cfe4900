"""Key messages and answers from a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from crisisroom.authoring.imported import (
    Imported,
    Refusal,
    cut,
    few_enough,
    known_place,
    why_not,
)
from crisisroom.authoring.table import Row, read_table
from crisisroom.core.kinds import id_flaw
from crisisroom.core.naming import beginning, new_id
from crisisroom.core.playbook import Answer, KeyMessage

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "kürzel"),
    "title": ("title", "titel", "name", "topic", "thema", "subject", "betreff"),
    "question": ("question", "q", "frage"),
    "answer": ("answer", "a", "antwort"),
    "text": (
        "text", "message", "key message", "sentence", "words", "wording", "nachricht", "botschaft",
        "kernbotschaft", "aussage", "sprachregelung", "wortlaut", "satz",
    ),
    "when": (
        "when", "keywords", "tags", "stichworte", "stichwörter", "schlagworte", "schlagwörter",
    ),
    "expires": ("expires", "valid until", "valid to", "gültig bis", "ablauf", "läuft ab"),
    "private": ("private", "privat"),
}  # fmt: skip
_YES = frozenset({"yes", "y", "ja", "j", "true", "x", "1"})
_NO = frozenset({"", "no", "n", "nein", "false", "0", "-"})
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")

Saying = KeyMessage | Answer


class Found(msgspec.Struct, frozen=True):
    """What stands in a file at a line: a sentence or an answer, or why it is neither."""

    line: int
    label: str
    saying: Saying | None = None
    why: str = ""


def messages_from_table(data: bytes) -> Imported:
    """Return the messages and answers of a CSV file; Refused where it is no table of them."""
    table = read_table(data, COLUMNS)
    return sorted_out([_found(row) for row in table.rows], table.refused, table.remarks)


def sorted_out(
    found: Sequence[Found], refused: tuple[Refusal, ...], remarks: tuple[str, ...]
) -> Imported:
    """Return what is sound, with ids of its own, in its section; the rest with the reason."""
    few_enough(found)
    taken: list[tuple[int, Saying]] = []
    sections: dict[str, list[Saying]] = {"key_messages": [], "faq": []}
    bad = list(refused)
    ids = {"greeting", "sign_off", "pointer"}
    for one in found:
        why = one.why
        if one.saying is not None:
            section = "faq" if isinstance(one.saying, Answer) else "key_messages"
            named = _with_id(one.saying, ids)
            why = why_not(section, named)
            before = known_place(taken, one.saying)
            if not why and before is None:
                taken.append((one.line, one.saying))
                sections[section].append(named)
                ids.add(named.id)
                continue
            why = why or f"the same stands on line {before}"
        bad.append(Refusal(one.line, one.label, why))
    bad.sort(key=lambda refusal: refusal.line)
    return Imported({name: tuple(of) for name, of in sections.items()}, tuple(bad), remarks)


def _with_id(saying: Saying, taken: set[str]) -> Saying:
    free = saying.id if saying.id and saying.id not in taken else ""
    words = saying.id or (saying.question if isinstance(saying, Answer) else saying.title)
    return msgspec.structs.replace(saying, id=free or new_id(words, "words", taken))


def _found(row: Row) -> Found:
    label = cut(row.one("title") or row.one("question") or row.one("text") or row.one("answer"))
    words = row.one("answer") or row.one("text")
    if not words:
        return Found(row.line, label, why="it has no words")
    private = row.one("private").casefold()
    if private not in _YES | _NO:
        return Found(row.line, label, why=f"private is yes or no, not {cut(private)}")
    id_ = row.one("id")
    if id_ and id_flaw(id_):
        return Found(row.line, label, why=id_flaw(id_))
    saying = made(
        words,
        id_=id_,
        title=row.one("title"),
        question=row.one("question"),
        when=keywords(row.one("when")),
        expires=day(row.one("expires")),
        private=private in _YES,
    )
    return Found(row.line, label, saying)


def made(
    words: str,
    *,
    id_: str = "",
    title: str = "",
    question: str = "",
    when: tuple[str, ...] = (),
    expires: str = "",
    private: bool = False,
) -> Saying:
    """Return an answer where there is a question, else a sentence."""
    if question:
        return Answer(id_, question, words, when, expires)
    return KeyMessage(id_, title or beginning(words), words, when, expires, private)


def keywords(text: str) -> tuple[str, ...]:
    """Return the words between commas, semicolons or line ends, each once."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", text) if part.strip()))


def day(text: str) -> str:
    """Return 31.03.2027 as 2027-03-31; anything else as it is."""
    match = _GERMAN_DAY.fullmatch(text.strip())
    return f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}" if match else text.strip()
