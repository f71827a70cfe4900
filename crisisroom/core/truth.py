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
from crisisroom.core.said import Owed
from crisisroom.core.settle import KNOWN
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft
from crisisroom.core.wordings import words_of

OUT = frozenset({"sending", "sent", "unknown", "retracting"})
"""States of a send in which strangers read the words, or may."""

_OVER = ("withdrawn", "failed")  # nothing of them goes out by itself any more
_TELLING = 3  # digits from which a bare number in a text is hardly there by chance


def corrections_due(state: Incident, words_id: str = "") -> tuple[Owed, ...]:
    """Return the corrections that nobody settled yet, or those of one text; the oldest first."""
    due = (one for one in state.owed.values() if one.settled_at is None)
    return tuple(
        sorted((one for one in due if words_id in ("", one.words)), key=lambda one: one.at)
    )


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
        if was is not None and was is not fact:
            yield from _about(after, was, fact, zone)
    yield from _still_said(before, after, zone)
    yield from _translations(before, after)
    yield from _settled(before, after)


def _settled(before: Incident, after: Incident) -> Iterator[Draft]:
    """Say that what words owed is settled: their correction is out, or they are taken back."""
    owing = {one.words for one in corrections_due(after)}
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


def _value(fact: FactState, zone: tzinfo) -> str:
    """Return a fact as it would be written, empty while nobody knows it for certain."""
    return written_value(fact, zone) if fact.state in KNOWN and fact.value else ""


def _about(state: Incident, was: FactState, fact: FactState, zone: tzinfo) -> Iterator[Draft]:
    """Return what follows when a fact says something else, also after it was only checked."""
    then, now = _value(was, zone), _value(fact, zone)
    if then == now:
        return
    told = f"is {now} now" if now else "is not known any more"
    if then or fact.id in state.moved:
        yield _rule("fact.moved", f"{fact.label} {told}", fact=fact.id)
    for words in (*state.statements.values(), *state.replies.values()):
        said = words.facts.get(fact.id) or _typed(words, was, zone)
        if said:
            yield from _hit(state, words, fact, said, now, told)


def _typed(words: Words, was: FactState, zone: tzinfo) -> str:
    """Return the value that a fact had where it stands in words that were written before it."""
    return stands_on(_texts(words), (was,), (), zone).get(was.id, "")


def _texts(words: Words) -> tuple[str, ...]:
    return (words.text, *words.variants.values())


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
    if said != now and _may_go(state, words, fact.id):
        text = f"holds {words.id} back: {fact.label} {told}, and it says {said}"
        yield _rule(f"{words.sort}.suspended", text, **data)
    if not any(send.state in OUT for send in words.sends.values()):
        return
    open_ = state.owed.get(f"{words.id}/{fact.id}")
    if open_ is not None and open_.settled_at is None:
        if open_.now != now:
            text = f"{words.id} is out and says {said}: {fact.label} {told}"
            yield _rule(f"{words.sort}.owed", text, **data)
    elif said != now:
        text = f"{words.id} is out and says {said}: {fact.label} {told}, a correction is due"
        yield _rule(f"{words.sort}.owed", text, **data)


def _may_go(state: Incident, words: Words, fact: str) -> bool:
    """Tell whether words could go out that nobody holds back for this fact yet."""
    if words.state == "withdrawn":
        return False
    sends = words.sends.values()
    if any(send.state == "queued" for send in sends):
        return True
    if words.state == "failed" and any(
        one.live and one.mention == words.mention for one in state.replies.values()
    ):
        return False  # somebody answers anew: what failed must not come back beside it
    out = any(send.state in OUT for send in sends)
    return not out and fact not in words.suspended


def as_said(incident: Incident, before: Words, texts: Iterable[str]) -> dict[str, str]:
    """Return the values that words were written on and still say, though nobody stands by them."""
    zone, text = zone_of(incident.zone), "\n".join(texts)
    found = {}
    for id_, said in before.facts.items():
        fact = incident.facts.get(id_)
        now = _value(fact, zone) if fact else ""
        stale = said != now if id_ in before.suspended else not now
        if fact and stale and _says(text, said, fact):
            found[id_] = said
    return found


def _still_said(before: Incident, after: Incident, zone: tzinfo) -> Iterator[Draft]:
    """Hold words back still that were written anew and say the value they were held back for."""
    for words in (*after.statements.values(), *after.replies.values()):
        was = before.words(words.id)
        if was is None or was is words or not was.suspended or words.version == was.version:
            continue
        for id_ in was.suspended:
            fact, said = after.facts.get(id_), was.facts.get(id_, "")
            now = _value(fact, zone) if fact else ""
            if fact and said and said != now and said == words.facts.get(id_):
                told = f"is {now} now" if now else "is not known any more"
                yield from _hit(after, words, fact, said, now, told)


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
            yield from _unqueued(words, reason)
            data = {"id": words.id, "words": reason}
            yield _rule("statement.lapsed", f"{words.id} lapsed: {reason}", **data)


def _unqueued(words: Words, reason: str) -> Iterator[Draft]:
    """Take words out of the queue: whoever approves them anew has not released them yet."""
    for send in words.sends.values():
        if send.state == "queued":
            text = f"{words.id} does not go out on {send.channel}: {reason}"
            data = {"id": words.id, "channel": send.channel, "key": send.key, "words": reason}
            yield _rule(f"{words.sort}.failed", text, **data)


def _rule(kind: str, text: str, **data: object) -> Draft:
    return Draft(kind=kind, text=text, data=data, actor="room", source="rule")
