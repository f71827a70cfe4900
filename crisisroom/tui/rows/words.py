"""View 5: what we know, what we say, what we answered, and the sentences that are approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from crisisroom.core.factvalue import said_value
from crisisroom.core.incident import FactState, Incident, Words
from crisisroom.core.truth import corrections_due
from crisisroom.room.looks import on_row
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, clip, fit, gap, row
from crisisroom.tui.rows.feed import safe_name, source_name
from crisisroom.tui.rows.times import brief_clock, due
from crisisroom.tui.situation import Situation

_FACT_MARKS = {
    "unknown": (signs.FREE, "mine"),
    "checking": (signs.OWNED, "text"),
    "known": (signs.DONE, "ok"),
    "changed": (signs.LOOK, "warn"),
}
_WORD_MARKS = {
    "draft": (signs.OWNED, "text"),
    "submitted": (signs.OWNED, "text"),
    "approved": (signs.DONE, "ok"),
    "rejected": (signs.BAD, "late"),
    "queued": (signs.OWNED, "text"),
    "sending": (signs.OWNED, "text"),
    "sent": (signs.PRIVATE, "ok"),
    "unknown": (signs.LOOK, "warn"),
    "failed": (signs.BAD, "late"),
    "withdrawn": (signs.OFF, "quiet"),
}
_SAID = {
    "draft": "draft",
    "submitted": "waits for approval",
    "approved": "approved, not out yet",
    "rejected": "rejected",
    "queued": "on its way",
    "sending": "on its way",
    "sent": "sent",
    "unknown": "outcome unknown: look",
    "failed": "failed",
    "withdrawn": "withdrawn",
}


class KeyLine(msgspec.Struct, frozen=True):
    """A sentence of the playbook, and who approved exactly that text."""

    id: str
    title: str
    by: str = ""
    at: str = ""


def words_rows(know: Situation, lines: Sequence[KeyLine], width: int) -> list[Row]:
    """Return the rows; `at` is `owed:`, `fact:ID`, `words:ID`, `template:ID` or `key:ID`."""
    incident = know.incident
    if incident is None:
        return []
    rows = [*_owed_row(incident), _head("Facts", fact_counts(incident))]
    longest = max((cell_len(fact.label) for fact in incident.facts.values()), default=0)
    label = min(max(11, longest), width * 2 // 5)
    rows += [_fact_row(know, fact, width, label) for fact in incident.facts.values()]
    rows += [BLANK, _head("Statements", "")]
    rows += _statements(know, incident, width)
    rows += [BLANK, _head("Replies", reply_counts(incident))]
    rows += [_reply_row(know, incident, reply) for reply in _newest(incident.replies.values())]
    if lines:
        approved = sum(bool(line.by) for line in lines)
        rows += [BLANK, _head("Key messages", f"{approved} of {len(lines)} approved")]
        rows += [_key_row(line, width) for line in lines]
    return rows


def owing_words(incident: Incident) -> tuple[Words, ...]:
    """Return the words that are out and owe a correction, those that owe longest first."""
    due = dict.fromkeys(one.words for one in corrections_due(incident))
    found = map(incident.words, due)
    return tuple(one for one in found if one is not None)


def _owed_row(incident: Incident) -> Iterator[Row]:
    """Yield the alarm for what is out and no longer true, and a blank below it."""
    due = owing_words(incident)
    if due:
        told = "1 correction due" if len(due) == 1 else f"{len(due)} corrections due"
        which = f": {', '.join(one.id for one in due)}   correct, take back, or it stands"
        look = Cell(signs.LOOK, "late")
        yield row(gap(1), look, gap(1), Cell(told, "late"), Cell(which, "quiet"), at="owed:")
        yield BLANK


def _told(incident: Incident, words: Words) -> tuple[str, str, str]:
    """Return mark, role and words for how a text stands: what moved comes first."""
    if words in owing_words(incident):
        return signs.LOOK, "late", "sent, correction due"
    if words.suspended:
        return signs.LOOK, "warn", "held back: a fact moved"
    if any(send.state == "retracting" for send in words.sends.values()):
        return signs.OWNED, "text", "is being taken back"
    if words.retracted_at is not None:
        return signs.OFF, "quiet", "taken back"
    return *_WORD_MARKS[words.state], _SAID[words.state]


def _head(title: str, counts: str) -> Row:
    return row(gap(3), Cell(title, "bold"), Cell(f"   {counts}" if counts else "", "quiet"))


def fact_counts(incident: Incident) -> str:
    """Return how many facts stand how."""
    states = Counter(fact.state for fact in incident.facts.values())
    known = states["known"] + states["changed"]
    return f"{known} known, {states['checking']} checking, {states['unknown']} unknown"


def reply_counts(incident: Incident) -> str:
    """Return how many replies stand how."""
    states = Counter(reply.state for reply in incident.replies.values())
    writing = states["draft"] + states["rejected"]
    drafts = "1 draft" if writing == 1 else f"{writing} drafts"
    more = {
        "waiting": states["submitted"],
        "approved": states["approved"],
        "unknown": states["unknown"],
    }
    rest = "".join(f", {count} {name}" for name, count in more.items() if count)
    return f"{states['sent']} sent, {drafts}, {states['failed']} failed{rest}"


def _fact_row(know: Situation, fact: FactState, width: int, label: int) -> Row:
    mark, role = _FACT_MARKS[fact.state]
    room = min(64, max(10, width - label - 16))
    value = said_value(fact, know.now, know.zone)
    told = value or ("unknown" if fact.state == "unknown" else "somebody checks")
    if fact.state == "checking" and fact.by:
        told = f"{fact.by} checks" + (f": {value}" if value else "")
    signed = f"{fact.by[:4]} {brief_clock(fact.at, know.now, know.zone)}" if fact.at else ""
    return row(
        gap(1),
        Cell(mark, role),
        gap(1),
        Cell(fit(fact.label, label)),
        gap(1),
        Cell(fit(told, room), "quiet" if fact.state == "unknown" else "text"),
        gap(1),
        Cell(signed, "quiet"),
        at=f"fact:{fact.id}",
    )


def _statements(know: Situation, incident: Incident, width: int) -> Iterator[Row]:
    for words in _newest(incident.statements.values()):
        yield _statement_row(know, incident, words, width)
    used = {words.template for words in incident.statements.values() if words.live}
    for template in incident.plan.statements:
        if template.id not in used:
            yield row(
                gap(1),
                Cell(signs.WAITS, "quiet"),
                Cell(fit("   ", 14)),
                Cell(clip(f"{template.title}, c starts it", width - 16), "quiet"),
                at=f"template:{template.id}",
            )


def _statement_row(know: Situation, incident: Incident, words: Words, width: int) -> Row:
    when, when_role = _when(know, words)
    who = _waits_on(know, incident, words)
    mark, role, said = _told(incident, words)
    told = f"{words.id} {words.kind} v{words.version}, {said}{_beside(know, incident, words)}"
    quiet = words.state in ("sent", "withdrawn") and mark != signs.LOOK
    mine = who == know.me and not quiet
    base = "quiet" if quiet else "text"
    return row(
        gap(1),
        Cell(mark, "mine" if mine and role == "text" else role),
        gap(1),
        Cell(fit(when, 7), when_role),
        gap(1),
        Cell(fit(who[:4] or "free", 4), "mine" if mine else base),
        gap(1),
        Cell(clip(told, width - 16), base),
        at=f"words:{words.id}",
    )


def _beside(know: Situation, incident: Incident, words: Words) -> str:
    """Return which colleagues have these words open."""
    there = on_row(know.people, incident.id, f"words:{words.id}", know.me)
    at = [f"{one.actor} {_OPEN[one.doing]}" for one in there if one.doing in _OPEN]
    return "".join(f"; {one}" for one in at)


_OPEN = {"statement": "has it open", "approve": "decides on it", "reply": "writes"}


def _when(know: Situation, words: Words) -> tuple[str, str]:
    for clock in know.clocks:
        if clock.id == f"approval:{words.id}":
            role = {"overdue": "late", "warn": "warn"}.get(clock.state, "text")
            return due(clock.due_at, know.now, know.zone, clock.state), role
    return brief_clock(words.sent_at or words.drafted_at, know.now, know.zone), "quiet"


def _waits_on(know: Situation, incident: Incident, words: Words) -> str:
    """Return whose turn it is: the approver's while it waits, else the author's."""
    for clock in know.clocks:
        if clock.id == f"approval:{words.id}":
            first = clock.who.partition(",")[0]
            return "" if first in incident.roles else first
    return words.author


def _reply_row(know: Situation, incident: Incident, reply: Words) -> Row:
    mark, role, said = _told(incident, reply)
    quiet = reply.state in ("sent", "withdrawn") and mark != signs.LOOK
    base = "quiet" if quiet else "text"
    mine = reply.author == know.me and not quiet
    when = brief_clock(reply.sent_at or reply.drafted_at, know.now, know.zone)
    return row(
        gap(1),
        Cell(mark, "mine" if mine and role == "text" else role),
        gap(1),
        Cell(fit(when, 7), base),
        gap(1),
        Cell(fit(reply.author[:4], 4), "mine" if mine else base),
        gap(1),
        Cell(fit(source_name(reply.channel, 6), 7), base),
        Cell(fit(said, 23), base),
        Cell("to ", "quiet"),
        Cell(safe_name(reply.handle), "quiet", True),
        at=f"words:{reply.id}",
    )


def _key_row(line: KeyLine, width: int) -> Row:
    mark, role = (signs.DONE, "ok") if line.by else (signs.FREE, "mine")
    signed = f"{line.by} {line.at}" if line.by else "not approved: it cannot be used"
    return row(
        gap(1),
        Cell(mark, role),
        gap(1),
        Cell(fit(line.id, 16)),
        gap(1),
        Cell(fit(line.title, max(10, width - 20 - 34))),
        gap(1),
        Cell(clip(signed, 32), "quiet"),
        at=f"key:{line.id}",
    )


def _newest(words: Iterable[Words]) -> list[Words]:
    return sorted(words, key=lambda one: one.drafted_at, reverse=True)


def waiting_words(incident: Incident) -> int:
    """Return how many words wait for somebody: approval, doubt, failure."""
    every = (*incident.statements.values(), *incident.replies.values())
    states = ("submitted", "unknown", "failed", "rejected")
    waits = sum(words.state in states or bool(words.suspended) for words in every)
    return waits + len(owing_words(incident))
