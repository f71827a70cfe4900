"""Statements: drafted, put right once they are out, taken back, said in another language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Send, Words
from crisisroom.core.kinds import language_flaw
from crisisroom.core.playbook import StatementTemplate
from crisisroom.core.timeline import Draft
from crisisroom.core.truth import OUT, corrections_due
from crisisroom.core.wordings import words_of as wordings_of
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, required
from crisisroom.room.desk import BY_HAND, Desk, desk_in, template_of
from crisisroom.room.leading import refuse_unless_lead
from crisisroom.room.sending import way_draft
from crisisroom.room.texts import desk_of, with_words, words_of
from crisisroom.room.words import drafted, named, new_version, open_words
from crisisroom.store import Tx, lessons
from crisisroom.store import mentions as rows

HOW = ("stands", "corrected", "retracted")


async def draft(
    room: Room,
    inc: str,
    template_id: str,
    text: str | None = None,
    channel: str = "",
    variants: Mapping[str, str] | None = None,
    *,
    command_id: str = "",
) -> Acted:
    """Draft a statement from a template; without `text` it is filled from the facts.

    Without `variants` it gets those that the template has for our channels.
    """

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        template = template_of(state, template_id)
        if template is None:
            raise Usage("template", "say which statement", "crisisroom playbook show lists them")
        desk = await desk_in(tx, room, state, template=template, channel=channel)
        said = f", {template.title}"
        return [_new(room, state, desk, template, text, variants, said)]

    return _made(await room.act_in(inc, decide, command_id=command_id))


def _made(acted: Acted) -> Acted:
    return with_words(acted, acted.entries[0].data["id"])


def _new(
    room: Room,
    state: Incident,
    desk: Desk,
    template: StatementTemplate,
    text: str | None,
    variants: Mapping[str, str] | None,
    said: str,
) -> Draft:
    words = own(text if text is not None else desk.first_text(), "statement")
    own_words = desk.first_variants() if text is None and variants is None else variants or {}
    for channel, one in own_words.items():
        own(one, channel)
    words_id = f"ST-{len(state.statements) + 1}"
    data = drafted(words_id, template.kind, words, named(room, own_words), desk)
    return Draft(kind="statement.drafted", text=f"drafted {words_id}{said}", data=data)


async def vary(
    room: Room, inc: str, words_id: str, channel: str, text: str, *, command_id: str = ""
) -> Acted:
    """Give one channel words of its own, or with none the statement's again; the rest stays."""
    own(text, channel)

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = open_words(state, words_id)
        variants = named(room, {**words.variants, channel: text}, words.variants)
        return new_version(words, words.text, variants, await desk_of(tx, room, state, words))

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


def correction_of(state: Incident, before: Words) -> StatementTemplate:
    """Return the template that a correction begins from: the plan's, else that of the words."""
    kinds = {one.kind: one for one in reversed(state.plan.statements)}
    found = kinds.get("correction") or template_of(state, before.template)
    found = found or kinds.get("update") or next(iter(state.plan.statements), None)
    if found is None:
        raise Refused(
            "template",
            f"the playbook has no statement to correct {before.id} with",
            "add one of kind: correction to the playbook",
        )
    return found


async def correct(
    room: Room, inc: str, words_id: str, text: str | None = None, *, command_id: str = ""
) -> Acted:
    """Draft the correction of words that are out; it is approved and published like any statement.

    Once it is out, what these words owe counts as corrected.
    """

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        before = words_of(state, words_id)
        _refuse_not_out(before)
        template = correction_of(state, before)
        desk = await desk_in(tx, room, state, template=template, channel="")
        made = _new(room, state, desk, template, text, None, f", which corrects {before.id}")
        data = {**made.data, "kind": "correction", "corrects": before.id}
        return [msgspec.structs.replace(made, data=data)]

    return _made(await room.act_in(inc, decide, command_id=command_id))


def _refuse_not_out(words: Words) -> None:
    if not any(send.state in OUT for send in words.sends.values()):
        raise Refused(
            "state", f"{words.id} is {words.state}: nothing of it is out", "edit it instead"
        )


async def translate(
    room: Room,
    inc: str,
    words_id: str,
    language: str,
    text: str | None = None,
    *,
    command_id: str = "",
) -> Acted:
    """Draft a statement's words in another language; without `text` from the playbook's.

    It is approved by itself, and lapses when the words that it translates change.
    """

    if language_flaw(language):
        raise Usage("language", "that is no language", "write it like de or pt-BR")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        source = words_of(state, words_id)
        if source.sort != "statement" or source.translates:
            raise Usage("statement", f"{source.id} is not a statement to translate")
        template = template_of(state, source.template)
        if template is None:
            raise Refused("template", f"{source.id} has no template")
        desk = await desk_in(tx, room, state, template=template, channel=source.channel)
        words = text if text is not None else _translated(state, desk, template, language)
        made = _new(room, state, desk, template, words, {}, f", {source.id} in {language}")
        more = {
            "translates": source.id,
            "source_sha256": source.sha256,
            "language": language,
            "kind": source.kind,
        }
        return [msgspec.structs.replace(made, data=made.data | more)]

    return _made(await room.act_in(inc, decide, command_id=command_id))


def _translated(state: Incident, desk: Desk, template: StatementTemplate, language: str) -> str:
    id_ = f"{template.id}@{language}"
    found = next((one for one in wordings_of(state.plan) if one.id == id_), None)
    if found is None:
        known = ", ".join(one.language for one in state.plan.translations)
        raise Usage(
            "language",
            f"the playbook has no {template.id} in {language}",
            f"give the text{f', or one of {known}' if known else ''}",
        )
    said = msgspec.structs.replace(template, text=found.text, variants={})
    return msgspec.structs.replace(desk, template=said).first_text()


async def retract(
    room: Room,
    inc: str,
    words_id: str,
    reason: str,
    channels: Sequence[str] = (),
    *,
    command_id: str = "",
) -> Acted:
    """Take back words that are out, everywhere or on these channels, with the reason.

    For the lead. What went out by hand counts as taken down by whoever says so.
    """
    required(reason, "taking words back needs a reason: people will ask")
    own(reason, "reason")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        refuse_unless_lead(state, scene, f"take {words.id} back")
        ways = [one for one in words.sends.values() if one.state == "sent"]
        ways = [one for one in ways if not channels or one.channel in channels]
        if not ways:
            where = f" on {', '.join(channels)}" if channels else ""
            raise Refused("state", f"{words.id} is not out{where}: it is {words.state}")
        if words.mention and (number := await rows.number_of(tx, words.mention)):
            await lessons.forget(tx, number)
        return [_retracting(words, way, reason) for way in ways]

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


def _retracting(words: Words, way: Send, reason: str) -> Draft:
    if way.channel == BY_HAND:
        said = f"took {words.id} down by hand: {reason}"
        return way_draft(words, way, "retracted", said, {"words": reason})
    said = f"takes {words.id} back on {way.channel}: {reason}"
    return way_draft(words, way, "retracting", said, {"words": reason})


async def uphold(
    room: Room, inc: str, words_id: str, reason: str, *, command_id: str = ""
) -> Acted:
    """Say that words held back because a fact moved still hold as they read; they are a draft."""
    required(reason, "say why it still holds")
    own(reason, "reason")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = words_of(state, words_id)
        if not words.suspended:
            raise Refused("state", f"{words.id} is not held back: no fact it stands on moved")
        desk = await desk_in(
            tx, room, state, template=template_of(state, words.template), words=words
        )
        texts = (words.text, *words.variants.values())
        facts = desk.facts_of(texts, words.uses)
        facts = {one: said for one, said in words.facts.items() if one in words.suspended} | facts
        data = {
            "id": words.id,
            "facts": [{"fact": fact, "value": value} for fact, value in facts.items()],
            "words": reason,
        }
        said = f"says that {words.id} still holds: {reason}"
        return [Draft(kind=f"{words.sort}.upheld", text=said, data=data)]

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


async def uphold_wording(
    room: Room, inc: str, wording_id: str, reason: str, *, command_id: str = ""
) -> Acted:
    """Say that approved words still hold though a fact they stand on moved; for the lead."""
    required(reason, "say why it still holds")
    own(reason, "reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        refuse_unless_lead(state, scene, "say that approved words still hold")
        known = {one.base for one in wordings_of(state.plan)}
        if wording_id not in known:
            raise Usage("unknown-words", f"{state.id} has no words {wording_id}")
        data = {"uses": wording_id, "words": reason}
        said = f"says that {wording_id} still holds: {reason}"
        return [Draft(kind="wording.upheld", text=said, data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def settle_owed(
    room: Room, inc: str, words_id: str, reason: str, *, command_id: str = ""
) -> Acted:
    """Decide that words which are out need no correction though a fact moved, with the reason."""
    required(reason, "say why no correction is needed: it stays on the record")
    own(reason, "reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        refuse_unless_lead(state, scene, "decide that no correction is needed")
        if not corrections_due(state, words.id):
            raise Refused("state", f"{words.id} owes no correction")
        data = {"id": words.id, "how": "stands", "words": reason}
        said = f"decided that {words.id} stands: {reason}"
        return [Draft(kind=f"{words.sort}.settled", text=said, data=data)]

    return with_words(await room.act(inc, decide, command_id=command_id), words_id)
