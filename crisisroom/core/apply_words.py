"""How entries change statements and replies: drafting, approval, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.incident import Incident, Part, Send, SendStatus, Verdict, Words, WordsStatus
from crisisroom.core.timeline import Entry, unstamp

replace = msgspec.structs.replace
Change = Callable[[Words, Entry], Words]


def _stored(state: Incident, words: Words) -> Incident:
    if words.sort == "statement":
        return replace(state, statements=state.statements | {words.id: words})
    return replace(state, replies=state.replies | {words.id: words})


def _found(state: Incident, words_id: str) -> Words:
    words = state.words(words_id)
    if words is None:
        raise KeyError(words_id)
    return words


def _drafted(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    words = Words(
        id=data["id"],
        sort="statement" if entry.kind.startswith("statement") else "reply",
        kind=data["kind"],
        text=data["words"],
        sha256=data["sha256"],
        version=1,
        state="draft",
        author=entry.actor,
        audience=data["audience"],
        template=data["template"],
        mention=data["mention"],
        mention_id=data["mention_id"],
        handle=data["handle"],
        channel=data["channel"],
        approval=data["approval"],
        uses=tuple(data["uses"]),
        verbatim=data.get("verbatim", False),
        promises=_moment(data.get("promises")),
        drafted_at=entry.at,
        form=data.get("form", "public"),
        language=data.get("language", ""),
        variants=_variants(data),
        facts=_facts(data),
        corrects=data.get("corrects", ""),
        translates=data.get("translates", ""),
        source_sha256=data.get("source_sha256", ""),
        bulk=data.get("bulk", ""),
    )
    return _stored(_claimed(state, words), words)


def _claimed(state: Incident, words: Words) -> Incident:
    """Whoever writes to a mention has claimed it."""
    linked = state.mentions.get(words.mention)
    if linked is None:
        return state
    claimed = replace(linked, state="claimed", assignee=words.author)
    return replace(state, mentions=state.mentions | {linked.uid: claimed})


def _on_words(change: Change) -> Callable[[Incident, Entry], Incident]:
    def changed(state: Incident, entry: Entry) -> Incident:
        return _stored(state, change(_found(state, entry.data["id"]), entry))

    return changed


def _edited(words: Words, entry: Entry) -> Words:
    data = entry.data
    return replace(
        words,
        text=data["words"],
        sha256=data["sha256"],
        version=data["version"],
        approval=data["approval"],
        uses=tuple(data["uses"]),
        verbatim=data.get("verbatim", False),
        promises=_moment(data.get("promises")),
        variants=_variants(data),
        facts=_facts(data),
        suspended=(),
        source_sha256=data.get("source_sha256", words.source_sha256),
        language=data.get("language", words.language),
        form=data.get("form", words.form),
        state="draft",
        author=entry.actor,
        submitted_at=None,
        step_since=None,
    )


def _variants(data: dict[str, Any]) -> dict[str, str]:
    return {one["channel"]: one["words"] for one in data.get("variants", ())}


def _facts(data: dict[str, Any]) -> dict[str, str]:
    return {one["fact"]: one["value"] for one in data.get("facts", ())}


def _moment(stamped: str | None) -> datetime | None:
    return unstamp(stamped) if stamped else None


def _submitted(words: Words, entry: Entry) -> Words:
    return replace(
        words,
        state="submitted",
        approval=entry.data.get("approval", words.approval),
        promises=_moment(entry.data.get("promises")) or words.promises,
        submitted_at=entry.at,
        step_since=entry.at,
    )


def _verdict(words: Words, entry: Entry) -> Words:
    data = entry.data
    said = Verdict(
        by=data.get("name") or entry.actor,
        step=data["step"],
        at=entry.at,
        verdict=data["verdict"],
        sha256=data["sha256"],
        version=data["version"],
        reason=data["words"],
        rung=data.get("rung", 1),
        roles=tuple(data.get("roles", ())),
        alone=data.get("alone", False),
        complete=data.get("complete", True),
        recorded_by=entry.actor if "name" in data else "",
    )
    after = replace(words, verdicts=(*words.verdicts, said))
    if said.sha256 != words.sha256:
        return after
    status = _AFTER[said.verdict] if said.complete else words.state
    moved = said.complete or data.get("step_done", True)
    return replace(
        after,
        state=status,
        submitted_at=words.submitted_at or entry.at,
        step_since=entry.at if moved else words.step_since,
    )


_AFTER: dict[str, WordsStatus] = {
    "approved": "approved",
    "released": "approved",
    "rejected": "rejected",
    "revoked": "submitted",
}


def _lapsed(words: Words, entry: Entry) -> Words:
    """Make it a draft again: its approval is over, and counts no more."""
    over = Verdict(
        by=entry.actor,
        step=words.approval,
        at=entry.at,
        verdict="lapsed",
        sha256=words.sha256,
        version=words.version,
        reason=entry.data.get("words", ""),
    )
    verdicts = (*words.verdicts, over)
    return replace(words, verdicts=verdicts, state="draft", submitted_at=None, step_since=None)


def _suspended(words: Words, entry: Entry) -> Words:
    """Hold words back whose fact moved: nothing of them goes out until somebody looked."""
    fact = entry.data["fact"]
    held = _lapsed(words, entry)
    sends = {
        channel: replace(send, state="failed", reason=entry.text, at=entry.at)
        if send.state == "queued"
        else send
        for channel, send in words.sends.items()
    }
    moved = tuple(dict.fromkeys((*words.suspended, fact)))
    said = entry.data.get("before", {}).get("value", "")
    facts = words.facts | ({fact: said} if said else {})
    begun = any(send.state in ("sending", "sent", "unknown") for send in sends.values())
    state = _overall(sends) if begun else held.state
    return replace(held, suspended=moved, facts=facts, sends=sends, state=state)


def _still_so(words: Words, entry: Entry) -> Words:
    return replace(words, suspended=(), facts=_facts(entry.data))


def _withdrawn(words: Words, entry: Entry) -> Words:
    return replace(words, state="withdrawn")


def _send(status: SendStatus, change: Callable[[Send, dict[str, Any], Entry], Send]) -> Change:
    def changed(words: Words, entry: Entry) -> Words:
        data = entry.data
        channel = data["channel"]
        before = words.sends.get(channel) or Send(channel=channel, state=status, key=data["key"])
        after = replace(change(before, data, entry), state=status, at=entry.at)
        sends = words.sends | {channel: after}
        sent_at = words.sent_at or (entry.at if status == "sent" else None)
        return replace(words, sends=sends, state=_overall(sends), sent_at=sent_at)

    return changed


def _overall(sends: dict[str, Send]) -> WordsStatus:
    """Return the state that needs a person most: doubt before failure before being on the way."""
    states = {send.state for send in sends.values()}
    order: tuple[SendStatus, ...] = ("unknown", "sending", "queued", "failed")
    for status in order:
        if status in states:
            return status  # type: ignore[return-value]  # those four are both
    return "withdrawn" if states == {"retracted"} else "sent"


def _queued(send: Send, data: dict[str, Any], entry: Entry) -> Send:
    """Put it in the queue; with a new key it is a new try, whose age counts from its own start."""
    if data["key"] != send.key:
        send = Send(channel=send.channel, state="queued", key=data["key"])
    until = data.get("not_before")
    return replace(send, reason=data["words"], not_before=unstamp(until) if until else None)


def _sending(send: Send, data: dict[str, Any], entry: Entry) -> Send:
    return replace(
        send,
        tries=data["try"],
        owner=data["owner"],
        first_try_at=send.first_try_at or entry.at,
        tried_at=entry.at,
        not_before=None,
        reason="",
    )


def _sent(send: Send, data: dict[str, Any], entry: Entry) -> Send:
    return replace(send, remote_id=data["remote_id"], remote_url=data["remote_url"], reason="")


def _part(send: Send, data: dict[str, Any], entry: Entry) -> Send:
    part = Part(data["remote_id"], data["remote_url"])
    return replace(send, parts=(*send.parts, part))


def _retracted(words: Words, entry: Entry) -> Words:
    after = _send("retracted", _doubt)(words, entry)
    gone = all(send.state in ("retracted", "failed") for send in after.sends.values())
    return replace(after, retracted_at=entry.at) if gone else after


def _doubt(send: Send, data: dict[str, Any], entry: Entry) -> Send:
    return replace(send, reason=data["words"])


def _answered(state: Incident, entry: Entry) -> Incident:
    """Mark the mention as answered when its reply arrived."""
    after = _on_words(_send("sent", _sent))(state, entry)
    linked = after.mentions.get(_found(after, entry.data["id"]).mention)
    if linked is None:
        return after
    private = _found(after, entry.data["id"]).form == "private"
    answered = replace(
        linked,
        state="offline" if private else "answered",
        answered_at=entry.at,
        private_at=entry.at if private else None,
        outcome="",
    )
    return replace(after, mentions=after.mentions | {linked.uid: answered})


_COMMON: dict[str, Callable[[Incident, Entry], Incident]] = {
    "drafted": _drafted,
    "edited": _on_words(_edited),
    "submitted": _on_words(_submitted),
    "approved": _on_words(_verdict),
    "rejected": _on_words(_verdict),
    "revoked": _on_words(_verdict),
    "released": _on_words(_verdict),
    "lapsed": _on_words(_lapsed),
    "withdrawn": _on_words(_withdrawn),
    "queued": _on_words(_send("queued", _queued)),
    "sending": _on_words(_send("sending", _sending)),
    "sent": _on_words(_send("sent", _sent)),
    "unknown": _on_words(_send("unknown", _doubt)),
    "failed": _on_words(_send("failed", _doubt)),
    "part": _on_words(_send("sending", _part)),
    "suspended": _on_words(_suspended),
    "upheld": _on_words(_still_so),
    "retracting": _on_words(_send("retracting", _doubt)),
    "retracted": _on_words(_retracted),
    "kept": _on_words(_send("sent", _doubt)),
}

WORDS = (
    {f"statement.{act}": change for act, change in _COMMON.items()}
    | {f"reply.{act}": change for act, change in _COMMON.items()}
    | {"reply.sent": _answered}
)
"""Kind of entry -> what it does to the incident."""
