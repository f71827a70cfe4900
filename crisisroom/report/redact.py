"""What readers of a profile may see of a log.

Entries are narrowed and replayed, so that every writer shows what is left and nothing else.

`internal` keeps everything but the texts of entries marked for Legal: their words and salts go,
their seals stay, so the chain still verifies and can be imported. A correction of such an entry
goes with it, and so does what the room itself wrote of the thing that it named: that a fact moved,
that an answer is late, what became of a post, its pictures. What a person says again (an edited
statement, an approval) has to be marked itself. What an entry says in fixed words (a state, a time,
which task) stays, because everything after it rests on that. Of an entry from before all texts were
sealed the chain cannot be shown without them: it is not. `legal` keeps everything.

`public` is what strangers may read. What a field is must be known for it to be shown; see
`public_kinds`. Hashes stay: the links of the chain can still be checked. What only concerns us
keeps nothing but its place in the chain. An entry marked public shows its words as well, with
stand-ins for people; marked for Legal it is not told at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from crisisroom.core.corrected import visibility
from crisisroom.core.recorded import Visibility
from crisisroom.core.settle import KNOWN as SURE
from crisisroom.core.timeline import Entry, unstamp, upcast
from crisisroom.report.history import PLANS, VERSIONS
from crisisroom.report.model import Profile, Record, record
from crisisroom.report.pseudonyms import Pseudonyms
from crisisroom.report.public_kinds import (
    KNOWN,
    MISSED,
    NOBODYS,
    OPENED,
    PINS,
    PLAIN,
    STILL,
    TELLING,
    TOLD,
)
from crisisroom.report.public_plan import PublicPlan
from crisisroom.report.published import published
from crisisroom.report.withheld import for_legal, lacking, withheld
from crisisroom.text.links import safe_url

__all__ = ["INNER", "LEFT_OUT", "TOLD", "for_legal", "lacking", "narrowed", "visibility"]

replace = msgspec.structs.replace

LEFT_OUT = "[left out]"
INNER = "left.out"
"""The kind of an entry of which strangers may not even know what it is about."""

_NUMBER = re.compile(r"[+-]?[0-9][0-9., _\u00a0]{0,11}", re.ASCII)


def narrowed(whole: Record, profile: Profile) -> Record:
    """Return the record as readers of a profile may see it; `legal` leaves nothing out."""
    if profile == "public":
        return record(_Veil(whole).entries(), profile)
    hidden = for_legal(whole.entries, whole.incident) if profile == "internal" else frozenset()
    if not hidden:
        return replace(whole, profile=profile)
    return record((withheld(one) if one.seq in hidden else one for one in whole.entries), profile)


class _Veil:
    """Narrows entries one by one for the public, knowing what of the whole log became public."""

    def __init__(self, whole: Record) -> None:
        self._log = whole.entries
        self._incident = whole.incident
        self._people = Pseudonyms(whole.entries)
        self._plan = PublicPlan(whole.entries, whole.incident, self._people.words)
        self._published = published(whole.entries)
        self._titles: dict[str, str] = {}
        self._told: set[int] = set()  # entries that are told
        self._righted: dict[int, int] = {}  # entry -> the newest that corrects it
        self._factors: set[str] = set()

    def entries(self) -> Iterator[Entry]:
        """Yield the entries as strangers may see them."""
        for entry in map(upcast, self._log):
            shown = self._entry(entry, visibility(self._incident, entry))
            if shown.text != LEFT_OUT:
                self._told.add(entry.seq)
            yield shown

    def _entry(self, entry: Entry, seen_by: Visibility) -> Entry:
        shut = replace(
            entry, actor=self._people.staff(entry.actor), data={}, text=LEFT_OUT, seals={}
        )
        if not self._seen(entry, seen_by):
            shut = replace(shut, kind=INNER, role="", corrects=None)
            return self._aloud(shut, entry) if seen_by == "public" else shut
        data = {
            key: self._field(key, value, entry, seen_by)
            for key, value in entry.data.items()
            if key != "visibility"
        }
        if seen_by == "public":
            data["visibility"] = "public"
        if entry.kind in PLANS:
            data["moments"] = self._plan.moments()
            self._learn(data["plan"])
        told = LEFT_OUT if seen_by == "legal" else self._text(entry, data)
        return replace(shut, data=data, text=told)

    def _aloud(self, shut: Entry, entry: Entry) -> Entry:
        """Let an entry say its words and nothing else."""
        words = self._people.inner(entry.data.get("words") or "")
        data = {"words": words, "visibility": "public"}
        return replace(shut, data=data, text=words) if words else shut

    def _seen(self, entry: Entry, seen_by: Visibility) -> bool:
        """Tell whether strangers may know what an entry is about."""
        data, kind = entry.data, entry.kind
        if kind in OPENED and seen_by == "public":
            self._factors.add(data.get("factor", ""))
            return True
        if kind == "factor.dropped":
            return data["factor"] in self._factors
        if kind in PINS:
            return data["entry"] in self._told
        if kind == "entry.corrected":
            return self._first_of(entry) in self._told
        if kind not in KNOWN or (seen_by == "legal" and kind in STILL):
            return False
        plan = self._plan
        named = (("task", plan.tasks), ("cadence", plan.cadences), ("phase", plan.phases))
        return all(not data.get(key) or data[key] in known for key, known in named)

    def _first_of(self, entry: Entry) -> int:
        """Return which entry a correction is of in the end, as replaying it does."""
        seq = entry.corrects or 0
        root = next((one for one, newest in self._righted.items() if newest == seq), seq)
        self._righted[root] = entry.seq
        return root

    def _learn(self, plan: dict[str, Any]) -> None:
        tasks = [task for phase in plan["phases"] for task in phase["tasks"]]
        named = [*tasks, *plan["roles"], *plan["phases"]]
        self._titles |= {item["id"]: item["title"] for item in named}
        self._titles |= {fact["id"]: fact["label"] for fact in plan["facts"]}

    def _field(self, key: str, value: Any, entry: Entry, seen_by: Visibility) -> Any:
        match key:
            case "plan":
                return self._plan.narrow(value)
            case "uses":
                return self._plan.uses(value)
            case "tasks":
                return [task for task in value if task in self._plan.tasks]
            case "options" if seen_by == "public":
                return [{"words": self._people.inner(one["words"])} for one in value]
        if isinstance(value, str):
            return self._string(key, value, entry, seen_by)
        return value if self._plain(key, entry) else _blank(value)

    def _string(self, key: str, value: str, entry: Entry, seen_by: Visibility) -> str:
        kind = entry.kind
        match key:
            case "handle":
                return self._people.stranger(value)
            case "title":
                return LEFT_OUT if seen_by == "legal" else self._people.inner(value)
            case "section":
                return self._people.inner(value)
            case "person" | "assignee":
                return self._people.staff(value)
            case "owner" if kind.startswith("action."):
                return self._people.staff(value)
            case "was" if kind.startswith("role."):
                return self._people.staff(value)
            case "sha256" if kind not in OPENED:
                return value if self._channels(entry) else ""
            case "words" | "value" | "why":
                return self._words(key, value, entry, seen_by)
            case "at" if kind == "entry.corrected":
                return value
            case "remote_url" if kind.startswith("statement."):
                url = safe_url(value) or ""  # a reply's address would show whom it answers
                return "" if self._people.names(url) else url
        return value if self._plain(key, entry) else ""

    def _plain(self, key: str, entry: Entry) -> bool:
        return key in PLAIN or key in OPENED.get(entry.kind, ())

    def _words(self, key: str, words: str, entry: Entry, seen_by: Visibility) -> str:
        if seen_by == "public" or (seen_by != "legal" and self._was_said(key, entry)):
            if _is_figure(words) and not self._people.knows(words):  # sums go by it
                return words
            return (self._people.inner if seen_by == "public" else self._people.words)(words)
        return LEFT_OUT if words and (entry.kind, key) in MISSED else ""

    def _was_said(self, key: str, entry: Entry) -> bool:
        """Tell whether this is what we said in public, or may say: a fact that fills statements."""
        data = entry.data
        if entry.kind == "fact.set" and key == "value":
            return data["fact"] in self._plan.facts and data["state"] in SURE
        return key == "words" and entry.kind in VERSIONS and self._said_itself(entry)

    def _channels(self, entry: Entry) -> frozenset[str]:
        """Return where these very words went out, each in its own variant."""
        named = (entry.data.get("id", ""), entry.data.get("sha256", ""))
        return self._published.get(named, frozenset())

    def _said_itself(self, entry: Entry) -> bool:
        """Tell whether the text went out itself, and not only in the words of single channels.

        Those stay out: the log does not say who reads a channel.
        """
        own = {one["channel"] for one in entry.data.get("variants", ())}
        return bool(self._channels(entry) - own)

    def _text(self, entry: Entry, data: dict[str, Any]) -> str:
        fields = {key: self._word(data[key]) for key in data} | {"corrects": f"{entry.corrects}"}
        freed = NOBODYS.get(entry.kind, "") if data.get("person") == "" else ""
        told = (freed or TELLING.get(entry.kind, "")).format_map(_Fields(fields))
        if "visibility" in data:
            said = ", because ".join(data[key] for key in ("words", "why") if data.get(key))
            told = ": ".join(part for part in (told, said) if part)
        return told or LEFT_OUT

    def _word(self, value: Any) -> str:
        return self._titles.get(value, value) if isinstance(value, str) else ""


class _Fields(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _is_figure(value: str) -> bool:
    """Tell whether a value is a number or a moment of ours."""
    if _NUMBER.fullmatch(value):
        return True
    try:
        return bool(unstamp(value))
    except (ValueError, OverflowError):
        return False


def _blank(value: Any) -> Any:
    """Return what stands for a value that is no text and not known to be public."""
    return type(value)() if isinstance(value, (list, dict)) else None
