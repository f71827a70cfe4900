"""A first playbook of one's own."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from crisisroom.authoring.answers import Answers, Person, Tone, read_answers, skeleton
from crisisroom.authoring.making import as_file, leftovers, made
from crisisroom.core.lines import AUTHORS
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.references import references
from crisisroom.core.wordings import words_of
from crisisroom.library import find, list_ids

TODAY = date(2026, 11, 22)
ADA = Person("Ada Äpfel", "+49 30 1234", "ada@ourselves.test")
BO = Person("Bo", "+49 30 1235")


def base_of(name: str) -> Playbook:
    """Return what a new playbook begins with."""
    loaded, problems = load_playbook(*(find(name, []) if name else (skeleton(), "skeleton.yaml")))
    assert loaded is not None, problems
    return loaded


def team_of(base: Playbook) -> tuple[Person, Person]:
    """Return two people who hold all roles between them."""
    roles = tuple(role.id for role in base.roles)
    return replace(ADA, roles=roles[::2]), replace(BO, roles=roles[1::2], stands_in=roles[::2])


def test_the_skeleton_passes_check() -> None:
    plan, problems = load_playbook(skeleton(), "skeleton.yaml", today=TODAY)
    assert not problems
    assert plan is not None
    assert plan.phases[0].tasks[0].id == "pause-posts"


@pytest.mark.parametrize("name", ["", *list_ids([])])
@pytest.mark.parametrize("size", [1, 2])
def test_what_is_written_passes_check_and_says_the_same(name: str, size: int) -> None:
    base = base_of(name)
    team = team_of(base)[:size]
    answers = Answers(
        title="Ours: the #1 plan",
        id="ours",
        team=team,
        source_of_truth="https://ourselves.test/help",
        timezone="Europe/Berlin",
    )
    plan = made(base, answers, TODAY)
    loaded, problems = load_playbook(as_file(plan), "ours.yaml", today=TODAY)
    assert not problems
    assert loaded == plan
    assert (plan.id, plan.title, plan.version, plan.reviewed) == ("ours", answers.title, 1, "")
    words = {one.id: one.text for one in words_of(base)}
    said = {one.id: one.text for one in words_of(plan)}
    framed = {"greeting", "sign_off", "greeting@de", "sign_off@de"}
    assert words.keys() == said.keys()
    assert [id_ for id_ in words if words[id_] != said[id_] and id_ not in framed] == []
    assert (plan.pointer, plan.goes_to) == (base.pointer, base.goes_to)
    assert [one.words for one in plan.translations] == [one.words for one in base.translations]
    assert [one.relies for one in plan.key_messages] == [one.relies for one in base.key_messages]


def test_nobody_made_up_is_left_in_the_house() -> None:
    base = base_of("data-breach")
    plan = made(base, Answers(title="Ours", team=team_of(base)), TODAY)
    gone = {one.id for one in base.contacts if one.org == "internal"}
    kept = {one.id for one in base.contacts if one.org != "internal"}
    assert [one.id for one in plan.contacts] == ["ada-apfel", "bo", *sorted(kept, key=[
        one.id for one in base.contacts].index)]  # fmt: skip
    known = {one.id for one in plan.contacts} | {role.id for role in plan.roles}
    spoken = {name for kind, name in references(plan) if kind == "contact"}
    assert not (gone - known) & spoken
    for ladder in plan.escalations:
        for step in ladder.steps:
            assert step.call
            assert len(set(step.call)) == len(step.call)
            assert set(step.call) <= known


def test_the_backup_is_who_was_named() -> None:
    base = base_of("")
    plan = made(base, Answers(title="Ours", team=team_of(base)), TODAY)
    backups = {role.id: role.backup for role in plan.roles}
    assert backups == {"lead": "bo", "social": "ada-apfel", "approver": "bo",
                       "spokesperson": "ada-apfel"}  # fmt: skip
    assert [one.checked for one in plan.contacts] == ["2026-11-22"] * 2


@pytest.mark.parametrize(
    ("tone", "greeting"),
    [("plain", "Hello {{handle}},"), ("warm", "Hi {{handle}},"), ("formal", "Dear {{handle}},")],
)
def test_a_tone_is_a_greeting(tone: str, greeting: str) -> None:
    text = f'title: "T"\ntone: {tone}\nteam: [{{name: Ada, phone: "+49 1 2345", roles: [lead]}}]\n'
    answers, problems = read_answers(text, "answers.yaml")
    assert answers is not None, problems
    assert made(base_of(""), answers, TODAY).greeting == greeting


@pytest.mark.parametrize(
    ("tone", "greeting", "sign_off"),
    [
        ("plain", "Guten Tag {{handle}},", "{{me}}, {{brand}}"),
        ("warm", "Hallo {{handle}},", "{{me}} und alle bei {{brand}}"),
        ("formal", "Guten Tag {{handle}},", "Mit freundlichen Grüßen, {{me}}, {{brand}}"),
    ],
)
def test_a_tone_is_a_greeting_in_german_too(tone: Tone, greeting: str, sign_off: str) -> None:
    base = base_of("service-outage")
    (german,) = made(base, Answers(title="Ours", team=team_of(base), tone=tone), TODAY).translations
    assert (german.greeting, german.sign_off) == (greeting, sign_off)
    french = replace(base.translations[0], language="fr", greeting="Bonjour {{handle}},")
    kept = made(
        replace(base, translations=(french,)), Answers(title="Ours", team=team_of(base)), TODAY
    )
    assert kept.translations == (french,)


def test_the_skeleton_has_the_words_of_a_first_hour() -> None:
    base = base_of("")
    assert "{{source_of_truth}}" in base.pointer
    assert set(base.goes_to) == set(AUTHORS)
    assert [one.id for one in base.key_messages if one.thanks] == ["thanks"]
    assert [one.id for one in base.key_messages if one.private] == ["private"]
    assert any(len(one.also) == 2 for one in base.key_messages)
    assert [one.id for one in base.statements if one.kind == "correction"] == ["correction"]


def test_what_is_still_made_up_is_said() -> None:
    base = base_of("product-defect")
    alone = Person("Ada", "+49 30 1234", roles=("lead",))
    left = list(leftovers(made(base, Answers(title="Ours", team=(alone,)), TODAY)))
    assert "Ada stands in for themselves as Crisis lead: name a backup" in left
    assert any(one.startswith("nobody can be Legal") for one in left)
    assert any("is made up: put the real number there" in one for one in left)
    assert any(one.startswith("source_of_truth is made up") for one in left)
    ours = Answers(title="Ours", team=team_of(base_of("")), source_of_truth="https://o.test/help")
    assert list(leftovers(made(base_of(""), ours, TODAY))) == []


def test_the_file_says_what_each_part_is_for() -> None:
    base = base_of("")
    plan = made(base, Answers(title="Ours", team=team_of(base)), TODAY)
    text = as_file(plan, "playbook.schema.json")
    assert text.startswith("# Ours\n#\n# Written by crisisroom playbook new.")
    assert "\n# yaml-language-server: $schema=playbook.schema.json\n" in text
    assert "\n# The checklist, in the order of time.\nphases:\n" in text
    assert "yaml-language-server" not in as_file(plan)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: T\n", "team"),
        ('title: "T"\nteam: []\n', "must not be empty"),
        ('title: "T"\ntone: loud\nteam: [{name: A, phone: "1"}]\n', "loud"),
        ('title: "T"\nteem: []\n', "did you mean"),
    ],
)
def test_answers_are_read_strictly(text: str, said: str) -> None:
    answers, problems = read_answers(text, "answers.yaml")
    assert answers is None
    assert any(said in str(one) for one in problems), problems
