from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from broken_playbooks import SLIPS
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sentences import sentences
from slips import Broken
from whole_playbook import WHOLE

from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.problems import MAX_PROBLEMS, Problem
from crisisroom.zones import known

TODAY = date(2026, 11, 22)


def check(text: str) -> list[Problem]:
    return load_playbook(text, "p.yaml", today=TODAY, zone_known=known)[1]


def good(text: str) -> Playbook:
    playbook, problems = load_playbook(text, "p.yaml")
    assert not problems
    assert playbook is not None
    return playbook


def test_the_whole_vocabulary_is_right() -> None:
    playbook, problems = load_playbook(WHOLE, "p.yaml", today=TODAY, zone_known=known)
    assert problems == []
    assert playbook is not None
    empty = [name for name in Playbook.__struct_fields__ if not getattr(playbook, name)]
    assert empty == ["include"]  # so nothing of it is left unread


def test_there_are_enough_slips() -> None:
    assert len(SLIPS) >= 150
    assert len({one.name for one in SLIPS}) == len(SLIPS)
    assert len({one.text for one in SLIPS}) == len(SLIPS)


@pytest.mark.parametrize("case", SLIPS, ids=lambda case: case.name)
def test_a_slip_is_named_where_it_stands(case: Broken) -> None:
    problems = check(case.text)
    there = [one for one in problems if (one.line, one.col) == (case.line, case.col)]
    assert any(
        one.code == case.code and case.words in f"{one.message} {one.hint}" for one in there
    ), problems
    assert all(one.file == "p.yaml" and str(one).isprintable() for one in problems)
    assert [one.line for one in problems] == sorted(one.line for one in problems)


@pytest.mark.parametrize("case", SLIPS, ids=lambda case: case.name)
def test_a_slip_is_one_problem_unless_others_follow_from_it(case: Broken) -> None:
    follows = {"duplicate", "missing_key", "reference", "include", "unknown_key", "options"}
    assert len(check(case.text)) <= (14 if case.code in follows else 2)


def test_all_slips_of_a_file_are_found_at_once() -> None:
    text = WHOLE
    for old, new in (
        ("owner: lead", "owner: led"),
        ("within: 5m", "within: 5"),
        ("{fact.affected: 100}", "{fact.affected: many}"),
        ("{{handle}}.", "{{hanlde}}."),
        ("starts: aware", "starts: awre"),
    ):
        text = text.replace(old, new, 1)
    assert [one.code for one in check(text)] == [
        "reference", "type", "type", "placeholder", "reference",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "condition",
    [
        "{any: [{is: {fact.injury: yes}}, {is: {fact.injury: no}}]}",
        "{any: [{set: fact.what}, {not: {set: fact.what}}]}",
        "{all: [{at_least: {fact.affected: 99}}, {at_most: {fact.affected: 100}}]}",
        "{all: [{not: {at_least: {fact.affected: 100}}}, {at_least: {fact.affected: 50}}]}",
        "{not: {is: {fact.what: smoke}}}",
        "{is: {fact.data: [YES, Unclear]}}",
        "{is: {severity: [sev1, sev2]}}",
        "{not: {all: [{set: fact.what}, {set: fact.data}]}}",
        "{is: {fact.data: yes, fact.injury: no}}",
        "{set: [fact.data, role.lead, statement.holding, task.pause]}",
        "{is: {task.pause: [done, skipped, not_needed]}}",
    ],
)
def test_what_can_be_so_is_no_problem(condition: str) -> None:
    assert check(WHOLE.replace("{at_least: {fact.affected: 100}}", condition)) == []


def test_a_task_that_another_one_makes_needless_is_no_ring() -> None:
    either = "{any: [{set: task.many}, {is: {fact.injury: yes}}]}"
    text = WHOLE.replace("        within: 5m\n", f"        when: {either}\n        within: 5m\n", 1)
    text = text.replace('title: "Call the factory",', 'title: "Call", needs: [pause],')
    assert check(text) == []


def test_a_tangle_of_conditions_ends_and_counts_as_possible() -> None:
    either = "{any: [{all: [{set: fact.what}]}, {all: [{set: fact.data}]}]}"
    never = "{any: [{all: [{is: {fact.injury: yes}}, {is: {fact.injury: no}}]}]}"
    tangle = f"{{all: [{never}, {', '.join([either] * 400)}]}}"
    assert check(WHOLE.replace("{at_least: {fact.affected: 100}}", tangle)) == []


def test_old_age_keeps_no_playbook_from_opening() -> None:
    old = WHOLE.replace("reviewed: 2026-10-01", "reviewed: 2020-10-01")
    assert good(old).reviewed == "2020-10-01"
    assert [one.code for one in check(old)] == ["stale"]


def test_without_a_list_of_zones_none_is_refused() -> None:
    assert good(WHOLE.replace("Europe/Berlin", "Mars/Olympus")).contacts[0].timezone


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within: 5m", "within: PT5M"),
        ("within: 72h", "within: 3bd"),
        ("within: 72h", "within: PT72H"),
        ("every: {sev1: 20m, sev2: 1h}", "every: {sev1: 1h, sev2: 1h}"),
        ("reach: [{by: phone, to: +00000002}]",
         'reach: [{by: phone, to: "+49 (0)30 / 12.34-56 ext. 7"}]'),
        ("{by: email, to: \"ada@example.org\"}", '{by: signal, to: "ada.01"}'),
        ("roles: [lead]\n    reach", "reach"),
        ("by: [lead], when: {is: {severity: sev1}}", "by: [lead], rule: all"),
        ("after: statement.holding", "after: severity"),
        ("after: fact.data\n", "after: appears\n"),
        ("{at: 0m, mention", "{at: 0s, mention"),
        ("{press: social,", "{press: social, professor: legal, minister: lead, legal: legal,"),
        ("{press: social,", '{press: "",'),
        ('pointer: "All we know: {{source_of_truth}}"', 'pointer: "See https://example.org/a"'),
        ('{sorry: "Es tut uns leid, {{handle}}."}', '{sorry: "Es tut uns leid."}'),
        ('{sorry: "Es tut uns leid, {{handle}}."}', '{safe: "Wir prüfen es: {{fact.what}}."}'),
        ("goes_to: {press", '  - {language: de-AT, words: {sorry: "Sorry!"}}\ngoes_to: {press'),
        ("private: yes, thanks: no", "thanks: yes"),
        ("numbers: [AB-000000]", "numbers: [AB-000000, 0000-AA]"),
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_right_too(old: str, new: str) -> None:
    assert old in WHOLE
    assert check(WHOLE.replace(old, new, 1)) == []


def test_length_is_counted_in_composed_characters() -> None:
    variant = '        most: 120\n        text: "{{fact.what}} We'
    accents = "e\u0301" * 40
    fits = WHOLE.replace(variant, f'        most: 60\n        text: "{accents} We')
    assert check(fits) == []
    assert check(fits.replace("most: 60", "most: 50"))[0].code == "length"


def test_a_file_of_nothing_but_slips_ends_somewhere() -> None:
    problems = check("roles:\n" + "- {id: a, bakcup: b}\n" * 1500)
    assert len(problems) == MAX_PROBLEMS


STYLES: dict[str, Callable[[str], str]] = {
    "plain": lambda words: words,
    "single": lambda words: f"'{words}'",
    "double": lambda words: f'"{words}"',
    "doubled": lambda words: "'" + words.replace("'", "''") + "'",
    "escaped": lambda words: json.dumps(words, ensure_ascii=False),
    "block": lambda words: f"|\n      {words}",
    "folded": lambda words: f">-\n      {words}",
}
MINIMAL = """\
schema: 1
id: least
title: XX
version: 1
severities: [{id: sev1, label: "Crisis"}]
questions:
  - id: harm
    ask: XX
"""
SPOKEN = (
    MINIMAL.replace("XX", "X")
    + """\
statements:
  - id: staff
    kind: internal
    title: "Colleagues"
    text: XX
"""
)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("template", [MINIMAL, SPOKEN], ids=["titles", "words"])
def test_a_sentence_comes_back_to_the_letter_or_is_refused_with_advice(
    template: str, style: str
) -> None:
    kept = 0
    for sentence in sentences():
        text = template.replace("XX", STYLES[style](sentence))
        playbook, problems = load_playbook(text, "p.yaml")
        if playbook is None:
            assert problems[0].hint, (sentence, problems[0])
            continue
        wanted = sentence.strip(" \t") if style == "plain" else sentence
        if style in ("block", "folded"):
            wanted = sentence.lstrip(" ")  # where a block begins, its spaces are the indentation
        if template is MINIMAL:
            assert (playbook.title, playbook.questions[0].ask) == (wanted, wanted)
        else:
            assert playbook.statements[0].text == wanted
        kept += 1
    # words that go out are never plain; what is written as YAML wants it is always kept
    least = {"plain": 150, "single": 300, "double": 300}.get(style, 420)
    assert kept >= (0 if (template, style) == (SPOKEN, "plain") else least), kept


PIECES = st.sampled_from(
    ["", " ", "\n", "\t", ":", ": ", "#", " #", "'", '"', "-", "- ", "{", "}", "[", "]", "{{", "}}",
     "&a ", "*a", "!x ", "|", ">", "<<: ", "NO", "5", "5m", "~", "sev9", "\x1b", "\u202e", "é",
     "[]", "{}", "id: ", "lead", "when: ", "not: ", "all: []", "fact.", "task.", "0", "-1", "2bd",
     "\\n", "٣", "9" * 400, "include: [x.yaml]", "null", "'", "e\u0301", "12:30", "2026-02-30",
     "\ufeff"]
)  # fmt: skip


def mutated(data: st.DataObject) -> tuple[Playbook | None, list[Problem]]:
    """Return what a playbook with a few changes loads as."""
    text = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 40))
        text = text[:start] + data.draw(PIECES) + text[start + cut :]
    return load_playbook(
        text, "p.yaml", read=lambda name: "roles: [x]", today=TODAY, zone_known=known
    )


def sound(problem: Problem) -> bool:
    """Tell whether a problem can be shown, and says where it is."""
    return str(problem).isprintable() and bool(problem.code) and min(problem.line, problem.col) >= 1


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_change_of_a_playbook_makes_a_traceback(data: st.DataObject) -> None:
    playbook, problems = mutated(data)
    assert (playbook is None) == bool(problems)
    assert all(map(sound, problems))


@pytest.mark.full
@pytest.mark.timeout(1800)
@settings(max_examples=20_000, deadline=None)
@given(st.data())
def test_twenty_thousand_changes_make_no_traceback(data: st.DataObject) -> None:
    playbook, problems = mutated(data)
    assert (playbook is None) == bool(problems)
    assert all(map(sound, problems))


@given(
    st.text(max_size=300)
    | st.text("ab:-[]{}&*!#|>'\"%@`?, \n\t\\", max_size=80)
    | st.lists(PIECES, max_size=30).map("".join)
)
@example("phases: [{tasks: [{when: {all: [{not: []}]}}]}]")
@example("drill: [{at: 0s}]\nfacts: [{type: choice}]")
def test_no_text_makes_a_traceback(text: str) -> None:
    playbook, problems = load_playbook(text, "p.yaml", today=TODAY, zone_known=known)
    assert playbook is None
    assert problems
