"""The rules of words: placeholders that are known, lengths, approvals, what has to be said."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator

from crisisroom.core import placeholders
from crisisroom.core.check_run import Run
from crisisroom.core.check_text import (
    FILLED,
    STATEMENT_NAMES,
    facts_in,
    pointer,
    says_parts,
    template,
)
from crisisroom.core.check_translations import check_translations
from crisisroom.core.crossref import Path
from crisisroom.core.kinds import id_flaw
from crisisroom.core.lines import AUTHORS
from crisisroom.core.playbook import Playbook, StatementTemplate
from crisisroom.core.problems import shown

_GUARDS = ("forbid", "no_comment", "warn", "promises", "blame", "never_answer")
_TAGS = (*AUTHORS, "legal")  # what a tag in goes_to is usually called
_ALMOST = 0.85  # so like a usual tag that it is a slip: employees, not professor


def check_words(run: Run) -> None:
    """Report words that could not go out, or would say what nobody agreed to."""
    for index, statement in enumerate(run.plan.statements):
        _statement(run, ("statements", index), statement)
    _reused_words(run)
    _messages(run)
    pointer(run, ("pointer",), run.plan.pointer)
    _relied_on(run)
    check_translations(run)
    _who_answers(run)
    _usable_beforehand(run)
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
        template(run, place, text, STATEMENT_NAMES)
        says_parts(run, place, text, statement)
        _can_be_filled(run, place, text, statement)
    for channel, variant in statement.variants.items():
        place = (*path, "variants", channel)
        fixed = len(unicodedata.normalize("NFC", FILLED.sub("", variant.text)))
        if variant.most and fixed > variant.most:
            what = f"{fixed} characters without the blanks do not fit into {variant.most}"
            run.add((*place, "text"), what, "write it shorter", "length")


def _texts(path: Path, statement: StatementTemplate) -> Iterator[tuple[Path, str]]:
    yield (*path, "text"), statement.text
    for channel, variant in statement.variants.items():
        yield (*path, "variants", channel, "text"), variant.text


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
        template(run, path, text, placeholders.FIXED)
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
    yield ("pointer",), plan.pointer
    for n, word in enumerate(plan.key_messages):
        yield ("key_messages", n, "text"), word.text
        yield from ((("key_messages", n, "also", at), text) for at, text in enumerate(word.also))
    yield from ((("faq", n, "answer"), word.answer) for n, word in enumerate(plan.faq))
    for n, other in enumerate(plan.translations):
        path: Path = ("translations", n)
        for name in ("greeting", "sign_off", "pointer"):
            yield (*path, name), getattr(other, name)
        yield from (((*path, "words", id_), text) for id_, text in other.words.items())


def _messages(run: Run) -> None:
    """Report messages that are two things at once, and other wordings that are none."""
    for n, message in enumerate(run.plan.key_messages):
        if message.thanks and message.private:
            what = "a message that only thanks does not ask anybody into a private channel"
            run.add(("key_messages", n, "thanks"), what, "keep thanks: or private:", "one_of")
        seen = {_plain(message.text)}
        for at, text in enumerate(message.also):
            if text.strip() and _plain(text) in seen:
                hint = "say it in other words: many people get this message"
                place = ("key_messages", n, "also", at)
                run.add(place, "these words stand here already", hint, "duplicate")
            seen.add(_plain(text))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _relied_on(run: Run) -> None:
    plan = run.plan
    relied = [
        *((("key_messages", n, "relies"), one.relies) for n, one in enumerate(plan.key_messages)),
        *((("faq", n, "relies"), one.relies) for n, one in enumerate(plan.faq)),
        *((("statements", n, "relies"), one.relies) for n, one in enumerate(plan.statements)),
    ]
    for path, facts in relied:
        run.refer_each(path, facts, run.facts, "fact")


def _who_answers(run: Run) -> None:
    """Report roles that there are not, and tags that no author would be given."""
    for tag, role in run.plan.goes_to.items():
        path: Path = ("goes_to", tag)
        run.refer(path, role, run.roles, "role")
        if flaw := id_flaw(tag):
            run.add_key(path, f'"{shown(tag)}" is no tag', flaw)
        elif meant := _meant_tag(tag):
            what = f'nobody is tagged "{shown(tag)}"'
            run.add_key(path, what, f'did you mean "{meant}"?', "reference")


def _meant_tag(tag: str) -> str:
    """Return the usual tag that this one is a slip of; another word is the house's own tag."""
    from difflib import get_close_matches  # only a tag of one's own pays for it

    near = [] if tag in _TAGS else get_close_matches(tag, _TAGS, 1, _ALMOST)
    return near[0] if near else ""


def _usable_beforehand(run: Run) -> None:
    """Report statements approved beforehand that would still wait for somebody's word."""
    fillable = {fact.id for fact in run.plan.facts if fact.may_fill}
    waits = {
        one.id: sorted(
            facts_in(*(text for _, text in _texts((), one))) & run.facts.keys() - fillable
        )
        for one in run.plan.statements
    }
    for n, approval in enumerate(run.plan.approvals):
        for at, name in enumerate(approval.preapproved):
            for fact in waits.get(name, ())[:1]:
                what = f'"{shown(name)}" says {{{{fact.{fact}}}}}, which may not vary in it'
                hint = "give the fact may_fill: yes, or leave it out of the statement"
                run.add(("approvals", n, "preapproved", at), what, hint, "placeholder")
