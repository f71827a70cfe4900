"""What narrows a timeline: the same filter for the screen and the command line.

Typed, it is plain words, phrases in quotes, and words such as `kind:facts who:ada since:-2h`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

import msgspec

from crisisroom.core.about import named
from crisisroom.core.apply import KINDS
from crisisroom.core.corrected import at, back_dated, correction, visibility
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.links import Link, links
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.recorded import Visibility
from crisisroom.core.timeline import Entry, EntrySource

FAMILIES: dict[str, tuple[str, ...]] = {
    "words": (
        *("statement.", "reply.", "approval.", "question.", "bulk.", "outgoing.", "wording."),
        *("message.", "answer.", "promise.", "line."),
    ),
    "tasks": ("task.", "phase.", "pause.", "playbook.", "action."),
    "facts": ("fact.",),
    "people": ("person.", "role.", "contact.", "escalation.", "enquiry.", "page."),
    "posts": ("mention.", "narrative.", "candidate.", "volume."),
    "clocks": (
        *("clock.", "deadline.", "update.", "escalation."),
        *("statement.lapsed", "reply.lapsed", "action.reminded"),
    ),
    "record": (
        *("incident.", "note.", "decision.", "entry.", "evidence.", "hold.", "access.", "review."),
        *("factor.", "words.erased", "drill."),
    ),
}
"""Family -> how the kinds of its entries begin; some kinds are of two."""

SOURCES: tuple[str, ...] = get_args(EntrySource)
VISIBILITIES: tuple[str, ...] = get_args(Visibility)
BARE = ("pinned", "corrected", "late", "legal", "public")  # words of ours that stand alone

_BESIDE = ("incident.declared", "phase.begun", "task.opened", "task.not_needed", "drill.inject")
_ALL = (*KINDS, *_BESIDE, "person.notified", "mention.tagged")
_NAMED = tuple(dict.fromkeys((*FAMILIES, *_ALL, *(kind.partition(".")[0] for kind in _ALL))))

_PIECE = re.compile(r'(?:([a-z]+):)?("[^"]*"?|\S+)')
_PHRASE = re.compile(r'"([^"]*)"?|(\S+)')
_MARKS = re.compile(r"[0-9a-f]{32,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNREAD = ("plan", "playbook", "sha256", "salt", "digest", "key", "moments")

Moment = Callable[[str], datetime]
"""How the one who asks reads `-2h`, `09:12` and RFC 3339; Usage for anything else."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What entries have to be; what is empty narrows nothing. Of `kinds` and `about` one is enough.

    `kinds` are families and kinds (`facts`, `note`, `task.done`), `words` are folded.
    """

    kinds: tuple[str, ...] = ()
    actor: str = ""
    role: str = ""
    source: str = ""
    about: tuple[Link, ...] = ()
    seen_by: str = ""
    pinned: bool = False
    corrected: bool = False
    late: bool = False  # written down later than it happened
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return self != Filter()

    def fits(self, entry: Entry, incident: Incident, called: Mapping[str, str]) -> bool:
        """Tell whether an entry is shown, as the incident now knows it.

        `called` are the incident's names, see `core.links.names`.
        """
        return (
            self.may_fit(entry.kind, entry.actor)
            and (not self.role or entry.role == self.role)
            and (not self.source or entry.source == self.source)
            and (not self.pinned or entry.seq in incident.pinned)
            and (not self.corrected or correction(incident, entry) is not None)
            and (not self.late or back_dated(entry))
            and (not self.seen_by or visibility(incident, entry) == self.seen_by)
            and self._in_time(at(incident, entry))
            and (not self.about or self._concerns(links(entry, called)))
            and (not self.words or self._says(entry, called))
        )

    def may_fit(self, kind: str, actor: str) -> bool:
        """Tell whether an entry of a kind by somebody may fit, before it is read whole."""
        return self._of_kind(kind) and (not self.actor or fold(actor) == fold(self.actor))

    def _of_kind(self, kind: str) -> bool:
        return not self.kinds or any(_is(kind, one) for one in self.kinds)

    def _in_time(self, moment: datetime) -> bool:
        after = self.since is None or moment >= self.since
        return after and (self.until is None or moment <= self.until)

    def _concerns(self, named: tuple[Link, ...]) -> bool:
        return any(link in named for link in self.about)

    def _says(self, entry: Entry, called: Mapping[str, str]) -> bool:
        said = fold("\n".join((*_texts(entry), *(link.ref for link in links(entry, called)))))
        return all(_begins(word, said) for word in self.words)


def _begins(words: str, said: str) -> bool:
    """Tell whether words stand in a text from the beginning of one of its words on."""
    at = said.find(words)
    while at > 0 and words[0].isalnum() and said[at - 1].isalnum():
        at = said.find(words, at + 1)
    return at >= 0


def _is(kind: str, asked: str) -> bool:
    if asked in FAMILIES:
        return kind.startswith(FAMILIES[asked])
    return kind == asked or kind.startswith(f"{asked}.")


def families(kind: str) -> tuple[str, ...]:
    """Return the families that a kind of entry is of."""
    return tuple(name for name, begins in FAMILIES.items() if kind.startswith(begins))


def fold(words: str) -> str:
    """Return words as they are compared: without case and accents."""
    if words.isascii():
        return words.lower()
    for _ in range(2):  # some signs show their capitals only when taken apart
        words = unicodedata.normalize("NFKD", words).casefold()
    split = unicodedata.normalize("NFKD", words)
    return "".join(char for char in split if not unicodedata.combining(char))


def folded(query: str) -> tuple[str, ...]:
    """Return the words and "phrases in quotes" of a search, as they are compared."""
    found = (fold(phrase or word) for phrase, word in _PHRASE.findall(query))
    return tuple(" ".join(one.split()) for one in found if one.strip())


def _texts(entry: Entry) -> Iterator[str]:
    yield " ".join(entry.text.split())
    yield from _strings(entry.data)


def _strings(value: Any) -> Iterator[str]:
    """Yield the texts of an entry's data that people read; ids and hashes are none."""
    if isinstance(value, str):
        if not _MARKS.fullmatch(value):
            yield " ".join(value.split())
    elif isinstance(value, Mapping):
        for key, below in value.items():
            if key not in _UNREAD:
                yield from _strings(below)
    elif isinstance(value, list):
        for below in value:
            yield from _strings(below)


def kind_named(given: str) -> str:
    """Return a family or kind as it was typed; Usage names the nearest there is."""
    asked = given.strip().casefold()
    if asked in _NAMED:
        return asked
    hint = did_you_mean(asked, [*FAMILIES, *_NAMED[len(FAMILIES) :]][:100], "one of")
    raise Usage("kind", f"no entry is of the kind {given[:40]!r}", hint)


class Typed(msgspec.Struct, frozen=True):
    """A filter as somebody typed it, and what in it looks like a filter word and is none."""

    filter: Filter
    flaws: tuple[str, ...] = ()


def read(typed: str, moment: Moment, me: str = "") -> Typed:
    """Read a typed filter; a word of ours that says nothing known is searched for as text.

    `who:me` is whoever asks.
    """
    found: dict[str, Any] = {}
    words: list[str] = []
    flaws: list[str] = []
    for name, said in _PIECE.findall(typed):
        value = said.strip('"')
        take = _TAKES.get(name)
        if not name and said in BARE:
            found |= {"seen_by": said} if said in VISIBILITIES else {said: True}
        elif take is None or not value:
            words.append(f"{name}:{said}" if name else said)
            if name and value and name not in ("http", "https", "mailto"):
                flaws.append(f"{name}: is no filter word: {' '.join(f'{one}:' for one in WORDS)}")
        else:
            try:
                take(found, value, moment, me)
            except Usage as usage:
                flaws.append(f"{usage.message}: {usage.hint}")
                words.append(f"{name}:{said}")
    return Typed(Filter(**found, words=folded(" ".join(words))), tuple(flaws))


Take = Callable[[dict[str, Any], str, Moment, str], None]


def _take_kind(found: dict[str, Any], value: str, moment: Moment, me: str) -> None:
    found["kinds"] = (*found.get("kinds", ()), kind_named(value))


def _take_about(found: dict[str, Any], value: str, moment: Moment, me: str) -> None:
    found["about"] = (*found.get("about", ()), named(value))


def _take_actor(found: dict[str, Any], value: str, moment: Moment, me: str) -> None:
    found["actor"] = me if value == "me" and me else value


def _take_role(found: dict[str, Any], value: str, moment: Moment, me: str) -> None:
    found["role"] = value


def _one_of(field: str, known: tuple[str, ...]) -> Take:
    def take(found: dict[str, Any], value: str, moment: Moment, me: str) -> None:
        if value not in known:
            raise Usage(field, f"{value[:40]} is unknown", f"one of {', '.join(known)}")
        found[field] = value

    return take


def _time(field: str) -> Take:
    def take(found: dict[str, Any], value: str, moment: Moment, me: str) -> None:
        found[field] = moment(value)

    return take


_TAKES: dict[str, Take] = {
    "kind": _take_kind,
    "who": _take_actor,
    "role": _take_role,
    "from": _one_of("source", SOURCES),
    "about": _take_about,
    "for": _one_of("seen_by", VISIBILITIES),
    "since": _time("since"),
    "until": _time("until"),
}
WORDS = tuple(_TAKES)  # of each there is one name that is told, the verb's are understood too
_TAKES |= {
    "actor": _TAKES["who"],
    "by": _TAKES["who"],
    "source": _TAKES["from"],
    "visibility": _TAKES["for"],
}
