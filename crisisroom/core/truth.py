"""Truth moves: which words stand on which fact, and what follows when it changes.

Words remember the facts they were written on, with the value of that hour. When one of them moves,
nothing that says the old value goes out any more, and what is out already owes a correction.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import tzinfo

from crisisroom.core.factvalue import written_value
from crisisroom.core.incident import FactState, Incident, Words
from crisisroom.core.placeholders import usable
from crisisroom.core.settle import KNOWN
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft
from crisisroom.core.wordings import words_of

OUT = frozenset({"sending", "sent", "unknown", "retracting"})
"""States of a send in which strangers read the words, or may."""

_OVER = ("withdrawn", "failed")
_TELLING = 3  # digits from which a bare number in a text is hardly there by chance


def stands_on(
    texts: Iterable[str], facts: Iterable[FactState], named: Collection[str], zone: tzinfo
) -> dict[str, str]:
    """Return the known facts that texts stand on, and their values as they would be written.

    `named` are the ids that templates or approved sentences name; any other fact counts where its
    value stands in a text as whole words.
    """
    said = "\n".join(texts)
    found = {}
    for fact in facts:
        if fact.state in KNOWN and usable(fact.value):
            value = written_value(fact, zone)
            if fact.id in named or _says(said, value, fact):
                found[fact.id] = value
    return found


def _says(text: str, value: str, fact: FactState) -> bool:
    if fact.type in ("yes-no", "choice") or len(value) < 2:
        return False
    if value.isdecimal() and len(value) < _TELLING:
        return bool(fact.unit) and _stands(text, rf"{value}\s+{re.escape(fact.unit)}")
    return _stands(text, re.escape(value))


def _stands(text: str, pattern: str) -> bool:
    return re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE) is not None


def suspended_words(state: Incident) -> frozenset[str]:
    """Return the ids of approved words that stand on a fact which moved and that nobody upheld.

    Words that only name the value take the new one as soon as it is confirmed: those have none.
    """
    return frozenset(
        one.base
        for one in words_of(state.plan)
        for fact in one.relies
        if f"fact.{fact}" not in one.uses
        if fact in state.moved
        if one.base not in state.upheld or state.upheld[one.base] < state.moved[fact]
    )


def consequences_of_truth(before: Incident | None, after: Incident) -> Iterator[Draft]:
    """Return what follows when a fact moved, or the source of a translation did."""
    if before is None:
        return
    zone = zone_of(after.zone)
    for id_, fact in after.facts.items():
        was = before.facts.get(id_)
        if was is not None and was is not fact and _moved(was, fact, zone):
            yield from _about(after, was, fact, zone)
    yield from _translations(before, after)
    yield from _settled(before, after)


def _settled(before: Incident, after: Incident) -> Iterator[Draft]:
    """Say that what words owed is settled: their correction is out, or they are taken back."""
    owing = {one.words for one in after.owed.values() if one.settled_at is None}
    for words in after.statements.values():
        was = before.statements.get(words.id)
        fresh = words.sent_at is not None and (was is None or was.sent_at is None)
        if fresh and words.corrects in owing:
            yield _settles(after, words.corrects, "corrected", f"corrected by {words.id}")
    for words_id in sorted(owing):
        now, then = after.words(words_id), before.words(words_id)
        if now and now.retracted_at and not (then and then.retracted_at):
            yield _settles(after, words_id, "retracted", "taken back")


def _settles(state: Incident, words_id: str, how: str, text: str) -> Draft:
    words = state.words(words_id)
    sort = words.sort if words else "statement"
    return _rule(f"{sort}.settled", f"{words_id}: {text}", id=words_id, how=how, words="")


def _moved(was: FactState, fact: FactState, zone: tzinfo) -> bool:
    if was.state not in KNOWN or not was.value:
        return False
    return fact.state not in KNOWN or written_value(was, zone) != written_value(fact, zone)


def _about(state: Incident, was: FactState, fact: FactState, zone: tzinfo) -> Iterator[Draft]:
    now = written_value(fact, zone) if fact.state in KNOWN else ""
    told = f"is {now} now" if now else "is not known any more"
    yield _rule("fact.moved", f"{fact.label} {told}", fact=fact.id)
    for words in (*state.statements.values(), *state.replies.values()):
        said = words.facts.get(fact.id)
        if said is not None and said != now:
            yield from _hit(state, words, fact, said, now, told)


def _hit(
    state: Incident, words: Words, fact: FactState, said: str, now: str, told: str
) -> Iterator[Draft]:
    data = {
        "id": words.id,
        "fact": fact.id,
        "label": fact.label,
        "before": {"value": said},
        "after": {"value": now},
        "words": "",
    }
    held = [send for send in words.sends.values() if send.state == "queued"]
    out = any(send.state in OUT for send in words.sends.values())
    if (not out and words.state not in _OVER) or held:
        text = f"holds {words.id} back: {fact.label} {told}, and it says {said}"
        yield _rule(f"{words.sort}.suspended", text, **data)
    open_ = state.owed.get(f"{words.id}/{fact.id}")
    if out and (open_ is None or open_.settled_at is not None):
        text = f"{words.id} is out and says {said}: {fact.label} {told}, a correction is due"
        yield _rule(f"{words.sort}.owed", text, **data)


def _translations(before: Incident, after: Incident) -> Iterator[Draft]:
    for words in after.statements.values():
        source = after.statements.get(words.translates)
        was = before.statements.get(words.translates)
        if source is None or was is None or source is was or words.state in ("draft", *_OVER):
            continue
        out = any(send.state in OUT for send in words.sends.values())
        lost = was.approved_by() is not None and source.approved_by() is None
        if not out and (lost or (was.sha256 != source.sha256)):
            reason = f"{source.id}, which it translates, changed"
            data = {"id": words.id, "words": reason}
            yield _rule("statement.lapsed", f"{words.id} lapsed: {reason}", **data)


def _rule(kind: str, text: str, **data: object) -> Draft:
    return Draft(kind=kind, text=text, data=data, actor="room", source="rule")
