"""The rules of words: placeholders that are known, lengths, approvals, what has to be said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Set

from crisisroom.core import placeholders
from crisisroom.core.check_run import Run
from crisisroom.core.crossref import Path
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.playbook import Playbook, StatementTemplate
from crisisroom.core.problems import shown

# nobody is addressed in a statement, so it has no handle
_STATEMENT_NAMES = placeholders.FIXED - {"handle"}
_SINGLE = re.compile(r"(?<!\{)\{[ \t]*([a-z][\w.-]*)[ \t]*\}(?!\})", re.ASCII)
_FILLED = re.compile(r"\{\{[ \t]*[A-Za-z][\w.-]*[ \t]*\}\}", re.ASCII)
_HALF = re.compile(r"\{\{|\}\}|[‹›]")
_LINK = re.compile(r"https?://\S", re.IGNORECASE)
_GUARDS = ("forbid", "no_comment", "warn", "promises", "blame", "never_answer")


def check_words(run: Run) -> None:
    """Report words that could not go out, or would say what nobody agreed to."""
    for index, statement in enumerate(run.plan.statements):
        _statement(run, ("statements", index), statement)
    _reused_words(run)
    for name in _GUARDS:
        for index, phrase in enumerate(getattr(run.plan.guardrails, name)):
            if not phrase.strip():
                run.add(("guardrails", name, index), "an empty phrase matches nothing")


def _statement(run: Run, path: Path, statement: StatementTemplate) -> None:
    run.refer((*path, "approval"), statement.approval, run.approvals, "approval")
    run.refer_each((*path, "needs_facts"), statement.needs_facts, run.facts, "fact")
    outside = statement.kind != "internal" and run.says((*path, "kind"), statement.kind)
    if (outside or run.says((*path, "audience"), "public")) and not statement.approval:
        hint = "write approval: and an approval's id"
        run.add(path, "a statement that goes out has an approval", hint, "approval")
    for place, text in _texts(path, statement):
        _template(run, place, text, _STATEMENT_NAMES)
        _says_parts(run, place, text, statement)
        _can_be_filled(run, place, text, statement)
    for channel, variant in statement.variants.items():
        place = (*path, "variants", channel)
        fixed = len(unicodedata.normalize("NFC", _FILLED.sub("", variant.text)))
        if variant.most and fixed > variant.most:
            what = f"{fixed} characters without the blanks do not fit into {variant.most}"
            run.add((*place, "text"), what, "write it shorter", "length")


def _texts(path: Path, statement: StatementTemplate) -> Iterator[tuple[Path, str]]:
    yield (*path, "text"), statement.text
    for channel, variant in statement.variants.items():
        yield (*path, "variants", channel, "text"), variant.text


def _says_parts(run: Run, path: Path, text: str, statement: StatementTemplate) -> None:
    """Report the parts that have to be said and can be seen to be missing."""
    if not text:
        return
    names = placeholders.names(text)
    if "next_update" in statement.must_say and "next_update" not in names:
        what = "it has to say when we write again, and has no {{next_update}}"
        run.add(path, what, "write: We write again by {{next_update}}.", "must_say")
    where = "source_of_truth" in names or _LINK.search(text)
    if "where" in statement.must_say and not where:
        what = "it has to say where all we know stands, and has no link"
        run.add(path, what, "write {{source_of_truth}}, or a link", "must_say")


def _can_be_filled(run: Run, path: Path, text: str, statement: StatementTemplate) -> None:
    """Report blanks that nothing in this playbook would ever fill."""
    names = placeholders.names(text)
    if "next_update" in names and not run.plan.cadences and statement.promise_next is None:
        what = "nothing says when the next update is due"
        run.add(path, what, "write promise_next: 2h, or a cadence", "placeholder")
    _has_truth(run, path, names)


def _has_truth(run: Run, path: Path, names: Collection[str]) -> None:
    if "source_of_truth" in names and not run.plan.source_of_truth:
        what = "nothing says where all we know stands"
        run.add(path, what, "write source_of_truth: and the page's address", "placeholder")


def _reused_words(run: Run) -> None:
    """Check what is approved once and used many times.

    It is stricter there: only facts that may fill approved words may vary.
    """
    fillable = {fact.id for fact in run.plan.facts if fact.may_fill}
    for path, text in _reused(run.plan):
        _template(run, path, text, placeholders.FIXED)
        names = placeholders.names(text)
        _has_truth(run, path, names)
        for name in names:
            fact = name.removeprefix("fact.")
            if fact != name and fact in run.facts and fact not in fillable:
                what = f'the fact "{shown(fact)}" may not vary inside approved words'
                run.add(path, what, "give the fact may_fill: yes, or leave it out", "placeholder")


def _reused(plan: Playbook) -> Iterator[tuple[Path, str]]:
    yield ("greeting",), plan.greeting
    yield ("sign_off",), plan.sign_off
    yield from (
        (("key_messages", n, "text"), word.text) for n, word in enumerate(plan.key_messages)
    )
    yield from ((("faq", n, "answer"), word.answer) for n, word in enumerate(plan.faq))


def _template(run: Run, path: Path, text: str, fixed: Set[str]) -> None:
    if run.report(path).full:
        return
    for name in placeholders.names(text):
        if name.startswith("fact."):
            run.refer(path, name.removeprefix("fact."), run.facts, "fact")
        elif name not in fixed:
            hint = _name_hint(run, name, fixed)
            run.add(path, f'no placeholder is called "{shown(name)}" here', hint, "placeholder")
        if run.report(path).full:
            return
    for part in _strays(text):
        hint = "‹ and › mark open blanks" if part[0] in "‹›" else "write it like {{fact.what}}"
        run.add(path, f'"{shown(part)}" is no placeholder', hint, "placeholder")
    for name in dict.fromkeys(_SINGLE.findall(text)):
        if name in fixed or name.removeprefix("fact.") in run.facts:
            what = f"{{{name}}} with single braces would stay as it is"
            run.add(path, what, f"write {{{{{name}}}}}", "placeholder")


def _name_hint(run: Run, name: str, fixed: Set[str]) -> str:
    if name in run.facts:
        return f"write {{{{fact.{name}}}}}"
    return did_you_mean(name, [*sorted(fixed), *(f"fact.{fact}" for fact in run.facts)])


def _strays(text: str) -> list[str]:
    """Return what looks like an open blank in a template and is no placeholder."""
    if _HALF.search(_FILLED.sub("", text)) is None:
        return []
    filled = placeholders.fill(text, {})
    known = {(blank.start, blank.end) for blank in filled.blanks}
    found = placeholders.blanks_in(filled.text)
    return [filled.text[b.start : b.end] for b in found if (b.start, b.end) not in known]
