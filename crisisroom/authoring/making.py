"""A first playbook of one's own: somebody else's plan with one's own people, page and tone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from crisisroom.authoring.answers import Answers, Person, Tone
from crisisroom.core.naming import new_id
from crisisroom.core.playbook import (
    Contact,
    EscalationStep,
    Playbook,
    Reach,
    Role,
    Translation,
)
from crisisroom.core.references import everywhere, rewritten
from crisisroom.core.wordings import words_of
from crisisroom.core.yamlwrite import write
from crisisroom.vocabulary.meanings import MEANINGS

replace = msgspec.structs.replace

_FRAMES: Mapping[Tone, tuple[str, str]] = {
    "plain": ("Hello {{handle}},", "{{me}}, {{brand}}"),
    "warm": ("Hi {{handle}},", "{{me}} and everybody at {{brand}}"),
    "formal": ("Dear {{handle}},", "Yours sincerely, {{me}}, {{brand}}"),
}
_GERMAN: Mapping[Tone, tuple[str, str]] = {
    "plain": ("Guten Tag {{handle}},", "{{me}}, {{brand}}"),
    "warm": ("Hallo {{handle}},", "{{me}} und alle bei {{brand}}"),
    "formal": ("Guten Tag {{handle}},", "Mit freundlichen Grüßen, {{me}}, {{brand}}"),
}
_MADE_UP = ("+00 000", "example.org", "example.com", ".example")
_HEAD = """\
{title}

Written by crisisroom playbook new. Before you need it: read every sentence aloud and change what
does not sound like you, ring every number, run crisisroom check, play the drill, then have the
words approved. crisisroom playbook help explains every key."""
_FOR_EDITORS = "\n\nyaml-language-server: $schema={schema}"


def made(base: Playbook, answers: Answers, today: date) -> Playbook:
    """Return the playbook of these answers; contacts outside the own house are kept as they are."""
    outside = tuple(one for one in base.contacts if one.org != "internal")
    taken = {role.id for role in base.roles} | {one.id for one in outside}
    team: list[Contact] = []
    for person in answers.team:
        team.append(_contact(person, base, answers.timezone, today, taken))
        taken.add(team[-1].id)
    deputies = {
        role: contact.id
        for person, contact in reversed([*zip(answers.team, team, strict=True)])
        for role in person.stands_in
    }
    roles = tuple(_role(role, team, deputies.get(role.id, "")) for role in base.roles)
    greeting, sign_off = _FRAMES[answers.tone]
    plan = replace(
        _renamed(base, roles),
        id=answers.id or new_id(answers.title, "playbook", ()),
        title=answers.title,
        summary=answers.summary or base.summary,
        version=1,
        reviewed="",
        include=(),
        roles=roles,
        contacts=(*team, *outside),
        greeting=greeting,
        sign_off=sign_off,
        translations=tuple(_toned(one, answers.tone) for one in base.translations),
        source_of_truth=answers.source_of_truth or base.source_of_truth,
    )
    return everywhere(plan, _called_once)


def _toned(other: Translation, tone: Tone) -> Translation:
    """Return a translation that greets as the rest does; in a language we cannot, as before."""
    if other.language.partition("-")[0] != "de":
        return other
    greeting, sign_off = _GERMAN[tone]
    return replace(other, greeting=greeting, sign_off=sign_off)


def _contact(person: Person, base: Playbook, zone: str, today: date, taken: set[str]) -> Contact:
    known = [role.id for role in base.roles]
    ways = [Reach("phone", person.phone), Reach("email", person.email)]
    return Contact(
        id=new_id(person.name, "person", taken),
        name=person.name,
        reach=tuple(way for way in ways if way.to),
        roles=tuple(role for role in known if role in person.roles),
        timezone=zone,
        language=base.language,
        checked=str(today),
    )


def _role(role: Role, team: Sequence[Contact], deputy: str) -> Role:
    """Return a role with a backup of the team; one that nobody can hold is not required."""
    able = [one for one in team if role.id in one.roles]
    others = [one for one in team if one not in able]
    backup = deputy or ((*able[1:], *others, *able)[0].id if able else "")
    return replace(role, required=role.required and bool(able), backup=backup)


def _renamed(base: Playbook, roles: Sequence[Role]) -> Playbook:
    """Return a plan in which its own people's names lead to the new ones, or to their roles."""
    stands_in = {old.backup: new.backup for old, new in zip(base.roles, roles, strict=True)}
    first = base.owner or next((role.id for role in base.roles), "")
    names: dict[str, str] = {}
    for one in base.contacts:
        if one.org == "internal":
            names[one.id] = stands_in.get(one.id, "") or next(iter(one.roles), first)

    def rename(kind: str, name: str) -> str:
        return names.get(name, name) if kind == "party" else name

    return rewritten(base, rename)


def _called_once(part: Any) -> Any:
    """Take names out of a step that stand there twice, since two became one."""
    if isinstance(part, EscalationStep):
        return replace(part, call=tuple(dict.fromkeys(part.call)))
    return part


def as_file(plan: Playbook, schema: str = "") -> str:
    """Return the playbook as a file with a line above each part that says what it is for.

    `schema` is the path of the JSON Schema from there, for editors.
    """
    notes = {
        name: meaning
        for name, meaning in MEANINGS[Playbook].items()
        if isinstance(getattr(plan, name), tuple | msgspec.Struct) and name != "include"
    }
    head = _HEAD.format(title=plan.title) + (_FOR_EDITORS.format(schema=schema) if schema else "")
    return write(plan, head=head, notes=notes)


def leftovers(plan: Playbook) -> Iterator[str]:
    """Yield what is still made up, or missing, in words: the next steps of whoever wrote it."""
    for role in plan.roles:
        able = [one for one in plan.contacts if role.id in one.roles]
        if not able:
            yield f"nobody can be {role.title}: add a contact with roles: [{role.id}]"
        elif role.backup in {one.id for one in able[:1]}:
            yield f"{able[0].name} stands in for themselves as {role.title}: name a backup"
    for contact in plan.contacts:
        if any(mark in way.to for way in contact.reach for mark in _MADE_UP):
            yield f"{contact.name} is made up: put the real number there, or take it out"
    for words in words_of(plan):
        if any(mark in words.text for mark in _MADE_UP):
            yield f"{words.id} has an example's address in its words"
    if any(mark in plan.source_of_truth for mark in _MADE_UP) or not plan.source_of_truth:
        yield "source_of_truth is made up: name the page that will always be right"
