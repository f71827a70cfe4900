"""The words of a playbook that somebody approves: each text, what it is for, what it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeVar

import msgspec

from crisisroom.core import placeholders
from crisisroom.core.canonical import digest, text_hash
from crisisroom.core.playbook import Playbook, Translation

WordingKind = Literal["greeting", "sign_off", "pointer", "key_message", "faq", "statement"]

Held = TypeVar("Held")

_FOR_EVER = "9999-12-31"


class Wording(msgspec.Struct, frozen=True):
    """Words whose text has to be approved: `uses` names the placeholders in them, in order.

    `base` is the id of what they are a wording of: `sorry` of `sorry/2`, another way to say it, and
    of `sorry@de`, its translation. `sha256` is what an approval is of: the text, or a translation
    together with what it translates, so that it lapses with its source.
    """

    id: str
    kind: WordingKind
    text: str
    sha256: str
    uses: tuple[str, ...] = ()
    base: str = ""
    language: str = ""  # of a translation
    source_sha256: str = ""  # of a translation: what has to be approved too
    until: str = _FOR_EVER  # the last day it may be used
    relies: tuple[str, ...] = ()  # facts it stands on, those it names included


def approval_in(one: Wording, standing: Mapping[str, Held]) -> Held | None:
    """Return what stands for a wording among approvals by hash; a translation's needs its source's.

    None where it counts as approved by nobody.
    """
    if one.language and one.source_sha256 not in standing:
        return None
    return standing.get(one.sha256)


def words_of(playbook: Playbook) -> list[Wording]:
    """Return everything in a playbook that needs an approval of its text; empty texts need none."""
    own = [one for one in _own(playbook) if one.text.strip()]
    by_id = {one.id: one for one in own}
    translated = (
        _translated(by_id[base], text, other.language)
        for other in playbook.translations
        for base, text in _texts(other)
        if text.strip() and base in by_id
    )
    return [*own, *translated]


def _own(playbook: Playbook) -> Iterator[Wording]:
    yield _wording("greeting", "greeting", playbook.greeting)
    yield _wording("sign_off", "sign_off", playbook.sign_off)
    yield _wording("pointer", "pointer", playbook.pointer)
    for message in playbook.key_messages:
        for number, text in enumerate((message.text, *message.also), 1):
            name = message.id if number == 1 else f"{message.id}/{number}"
            yield _wording(name, "key_message", text, message.id, message.expires, message.relies)
    for answer in playbook.faq:
        yield _wording(answer.id, "faq", answer.answer, answer.id, answer.expires, answer.relies)
    for statement in playbook.statements:
        yield _wording(
            statement.id, "statement", statement.text, statement.id, "", statement.relies
        )
        for channel, variant in statement.variants.items():
            yield _wording(
                f"{statement.id}/{channel}",
                "statement",
                variant.text,
                statement.id,
                "",
                statement.relies,
            )


def _wording(
    id_: str,
    kind: WordingKind,
    text: str,
    base: str = "",
    until: str = "",
    relies: tuple[str, ...] = (),
) -> Wording:
    uses = placeholders.names(text)
    named = (name.removeprefix("fact.") for name in uses if name.startswith("fact."))
    return Wording(
        id_,
        kind,
        text,
        text_hash(text),
        uses,
        base=base or id_,
        until=until or _FOR_EVER,
        relies=tuple(dict.fromkeys((*relies, *named))),
    )


def _texts(other: Translation) -> Iterator[tuple[str, str]]:
    yield "greeting", other.greeting
    yield "sign_off", other.sign_off
    yield "pointer", other.pointer
    yield from other.words.items()
    yield from other.statements.items()


def _translated(source: Wording, text: str, language: str) -> Wording:
    uses = placeholders.names(text)
    named = (name.removeprefix("fact.") for name in uses if name.startswith("fact."))
    return msgspec.structs.replace(
        source,
        id=f"{source.id}@{language}",
        text=text,
        sha256=digest({"source": source.text, "text": text}),
        uses=uses,
        language=language,
        source_sha256=source.sha256,
        relies=tuple(dict.fromkeys((*source.relies, *named))),
    )
