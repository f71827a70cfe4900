"""The public profile: what strangers may read of a log.

Entries are narrowed and replayed, so that every writer shows what is left and nothing else. What a
field is must be known for it to be shown. Hashes stay: the links of the chain can still be checked.
What only concerns us (duties by law, enquiries, calls, what was added in the room) keeps nothing
but its place in the chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from crisisroom.core.apply import KINDS, apply
from crisisroom.core.incident import Incident
from crisisroom.core.settle import KNOWN
from crisisroom.core.timeline import Entry, upcast
from crisisroom.report.history import PLANS, VERSIONS
from crisisroom.report.model import Profile, Record, record
from crisisroom.report.pseudonyms import Pseudonyms
from crisisroom.report.public_plan import PublicPlan
from crisisroom.text import safe_url

replace = msgspec.structs.replace

LEFT_OUT = "[left out]"
INNER = "left.out"
"""The kind of an entry of which strangers may not even know what it is about."""

_FIELDS = """
    id severity drill zone brand playbook role task fact state reached action due mention mention_id
    source posted_at kind audience template channel approval step verdict try clock version verbatim
    promises until cadence phase switched rule rung roles alone complete step_done due_at
    form language corrects translates
"""
_PLAIN = frozenset(_FIELDS.split())
_MISSED = {("fact.set", "value"), ("decision.made", "words"), ("decision.made", "why")} | {
    (kind, "words") for kind in VERSIONS
}  # where it must show that something was said
_OURS = ("suspended", "upheld", "owed", "settled", "part", "retracting", "kept")
_INNER = (
    "clock.",
    "deadline.",
    "escalation.",
    "enquiry.",
    "contact.",
    "message.",
    "answer.",
    "drill.",
    "task.added",
    "person.notified",
    "mention.tagged",
    "mention.sorted",
    "candidate.",
    "narrative.",
    "line.",
    "promise.",
    "mention.closed",
    "bulk.",
    "pause.",
    "approval.",
    "outgoing.",
    "question.",
    "fact.moved",
    "wording.",
    *(f"{sort}.{act}" for sort in ("statement", "reply") for act in _OURS),
)
_EVERYBODY = ("public", "media")  # the audiences whose words anybody may read
_BESIDE = frozenset({"incident.declared", "phase.begun", "task.opened", "task.not_needed"})
_KNOWN = frozenset(kind for kind in KINDS if not kind.startswith(_INNER)) | _BESIDE

_TEXTS = {
    "incident.declared": "declared the incident",
    "incident.severity": "set the severity to {severity}",
    "incident.resolved": "resolved the incident",
    "incident.reopened": "reopened the incident",
    "incident.retitled": "renamed the incident",
    "person.joined": "joined",
    "playbook.added": "added a playbook to the plan",
    "phase.begun": "began: {phase}",
    "role.taken": "took {role}",
    "role.assigned": "gave {role} to {person}",
    "role.handed": "handed {role} over to {person}",
    "role.left": "left {role}",
    "task.opened": "now to do: {task}",
    "task.not_needed": "not needed: {task}",
    "task.done": "done: {task}",
    "task.skipped": "skipped: {task}",
    "task.reopened": "reopened: {task}",
    "task.assigned": "gave {task} to {person}",
    "fact.set": "{fact}: {state}",
    "action.added": "corrective action {action}: {title}",
    "action.done": "done: corrective action {action}",
    "mention.linked": "added {id} by {handle}",
    "statement.sent": "published {id} on {channel}",
    "reply.sent": "answered with {id} on {channel}",
    "statement.retracted": "took {id} back on {channel}",
    "reply.retracted": "took {id} back on {channel}",
}
TOLD = frozenset(_TEXTS)
"""The kinds of entries that a public timeline tells; the rest keeps its place in the chain."""


def narrowed(whole: Record, profile: Profile) -> Record:
    """Return the record as readers of a profile may see it; only `public` leaves things out."""
    if profile != "public":
        return replace(whole, profile=profile)
    return record(_Veil(whole).entries(whole.entries), profile)


class _Veil:
    """Narrows entries one by one, knowing what of the whole log became public."""

    def __init__(self, whole: Record) -> None:
        self._people = Pseudonyms(whole.entries)
        self._plan = PublicPlan(whole.entries, whole.incident, self._people.planned)
        self._published = _published(whole.entries)
        self._titles: dict[str, str] = {}

    def entries(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        return tuple(self._entry(upcast(entry)) for entry in entries)

    def _entry(self, entry: Entry) -> Entry:
        shut = replace(
            entry, actor=self._people.staff(entry.actor), data={}, text=LEFT_OUT, seals={}
        )
        if not self._seen(entry):
            return replace(shut, kind=INNER, role="")
        data = {key: self._field(key, value, entry) for key, value in entry.data.items()}
        if entry.kind in PLANS:
            data["moments"] = self._plan.moments()
            self._learn(data["plan"])
        return replace(shut, data=data, text=self._text(entry.kind, data))

    def _seen(self, entry: Entry) -> bool:
        """Tell whether strangers may know what an entry is about."""
        data = entry.data
        if entry.kind not in _KNOWN:
            return False
        return (
            data.get("task", "") in ("", *self._plan.tasks)
            and data.get("cadence", "") in ("", *self._plan.cadences)
            and data.get("phase", "") in ("", *self._plan.phases)
        )

    def _learn(self, plan: dict[str, Any]) -> None:
        tasks = [task for phase in plan["phases"] for task in phase["tasks"]]
        named = [*tasks, *plan["roles"], *plan["phases"]]
        self._titles |= {item["id"]: item["title"] for item in named}
        self._titles |= {fact["id"]: fact["label"] for fact in plan["facts"]}

    def _field(self, key: str, value: Any, entry: Entry) -> Any:
        match key:
            case "plan":
                return self._plan.narrow(value)
            case "uses":
                return self._plan.uses(value)
            case "tasks":
                return [task for task in value if task in self._plan.tasks]
        if isinstance(value, str):
            return self._string(key, value, entry)
        return value if key in _PLAIN else _blank(value)

    def _string(self, key: str, value: str, entry: Entry) -> str:
        match key:
            case "handle":
                return self._people.stranger(value)
            case "title":
                return self._people.title(value)
            case "person" | "assignee":
                return self._people.staff(value)
            case "was" if entry.kind.startswith("role."):
                return self._people.staff(value)
            case "sha256":
                return value if self._went_out(entry) else ""
            case "words" | "value" | "why":
                return self._words(key, value, entry)
            case "remote_url" if entry.kind.startswith("statement."):
                return safe_url(value) or ""  # a reply's address would show whom it answers
        return value if key in _PLAIN else ""

    def _words(self, key: str, words: str, entry: Entry) -> str:
        if self._was_said(key, entry):
            return self._people.words(words)
        return LEFT_OUT if words and (entry.kind, key) in _MISSED else ""

    def _was_said(self, key: str, entry: Entry) -> bool:
        """Tell whether this is what we said in public, or may say: a fact that fills statements."""
        data = entry.data
        if entry.kind == "fact.set" and key == "value":
            return data["fact"] in self._plan.facts and data["state"] in KNOWN
        return key == "words" and entry.kind in VERSIONS and self._said_itself(entry)

    def _went_out(self, entry: Entry) -> bool:
        return bool(self._channels(entry))

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

    def _text(self, kind: str, data: dict[str, Any]) -> str:
        told = _TEXTS.get(kind, LEFT_OUT)
        return told.format_map(_Fields({key: self._word(data[key]) for key in data}))

    def _word(self, value: Any) -> str:
        return self._titles.get(value, value) if isinstance(value, str) else ""


class _Fields(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _blank(value: Any) -> Any:
    """Return what stands for a value that is no text and not known to be public."""
    return type(value)() if isinstance(value, (list, dict)) else None


def _published(entries: Iterable[Entry]) -> dict[tuple[str, str], frozenset[str]]:
    """Return where every text went out that everybody can read there, by its id and hash."""
    out: dict[tuple[str, str], frozenset[str]] = {}
    state: Incident | None = None
    for entry in entries:
        state = apply(state, entry)
        if not entry.kind.endswith(".sent"):
            continue
        words = state.words(entry.data["id"])
        if words is not None and _for_everybody(words.kind, words.audience, entry):
            named = (words.id, words.sha256)
            out[named] = out.get(named, frozenset()) | {entry.data["channel"]}
    return out


def _for_everybody(kind: str, audience: str, entry: Entry) -> bool:
    if entry.kind == "statement.sent":
        return kind != "internal" and audience in _EVERYBODY
    return safe_url(entry.data["remote_url"]) is not None
