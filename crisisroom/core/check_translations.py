"""The rules of translations: of something, into another language, and saying the same facts."""

from __future__ import annotations

from collections.abc import Collection

from crisisroom.core.check_run import Run
from crisisroom.core.check_text import (
    STATEMENT_NAMES,
    pointer,
    same_blanks,
    says_parts,
    template,
)
from crisisroom.core.crossref import Path
from crisisroom.core.playbook import Translation
from crisisroom.core.problems import shown


def check_translations(run: Run) -> None:
    """Report translations of nothing, of the playbook's own language, or twice into one."""
    seen: set[str] = set()
    for n, other in enumerate(run.plan.translations):
        path: Path = ("translations", n)
        _language(run, (*path, "language"), other.language, seen)
        seen.add(other.language.casefold())
        _translated_words(run, path, other)
        _translated_statements(run, path, other)
        for name in ("greeting", "sign_off", "pointer"):
            if getattr(other, name) and not getattr(run.plan, name):
                what = f"the playbook itself has no {name} to translate"
                run.add((*path, name), what, f"write {name}: for the playbook too")
        pointer(run, (*path, "pointer"), other.pointer)
        if not (other.pointer or other.words or other.statements):
            what = "it translates no message, no answer and no statement"
            run.add(path, what, "write words: or statements:", "empty")


def _language(run: Run, path: Path, language: str, seen: Collection[str]) -> None:
    if not run.says(path, language):
        return
    if language.casefold() in seen:
        what = f'there are words in "{shown(language)}" already'
        run.add(path, what, "keep one of them", "duplicate")
    elif _base(language) == _base(run.plan.language):
        what = f'the playbook itself speaks "{shown(run.plan.language)}"'
        run.add(path, what, "replies use its own words then: leave these out", "duplicate")


def _base(language: str) -> str:
    return language.partition("-")[0].casefold()


def _translated_words(run: Run, path: Path, other: Translation) -> None:
    said = {one.id: one.text for one in run.plan.key_messages}
    said |= {one.id: one.answer for one in run.plan.faq}
    for name, text in other.words.items():
        place = (*path, "words", name)
        run.refer(place, name, said, "message or answer", key=True)
        same_blanks(run, place, text, said.get(name, ""))


def _translated_statements(run: Run, path: Path, other: Translation) -> None:
    statements = {statement.id: statement for statement in run.plan.statements}
    for name, text in other.statements.items():
        place = (*path, "statements", name)
        run.refer(place, name, statements, "statement", key=True)
        template(run, place, text, STATEMENT_NAMES)
        if name in statements and same_blanks(run, place, text, statements[name].text):
            says_parts(run, place, text, statements[name])
