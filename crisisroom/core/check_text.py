"""The rules of one text: its placeholders are known, what it has to say stands in it."""

from __future__ import annotations

import re
from collections.abc import Set

from crisisroom.core import placeholders
from crisisroom.core.check_run import Run
from crisisroom.core.crossref import Path
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.playbook import StatementTemplate
from crisisroom.core.problems import shown

# nobody is addressed in a statement, so it has no handle
STATEMENT_NAMES = placeholders.FIXED - {"handle"}
FILLED = re.compile(r"\{\{[ \t]*[A-Za-z][\w.-]*[ \t]*\}\}", re.ASCII)
_SINGLE = re.compile(r"(?<!\{)\{[ \t]*([a-z][\w.-]*)[ \t]*\}(?!\})", re.ASCII)
_HALF = re.compile(r"\{\{|\}\}|[‹›]")
_LINK = re.compile(r"https?://\S", re.IGNORECASE)


def template(run: Run, path: Path, text: str, fixed: Set[str]) -> None:
    """Report placeholders that are not among `fixed`, nor a fact, and what only looks like one."""
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
    if _HALF.search(FILLED.sub("", text)) is None:
        return []
    filled = placeholders.fill(text, {})
    known = {(blank.start, blank.end) for blank in filled.blanks}
    found = placeholders.blanks_in(filled.text)
    return [filled.text[b.start : b.end] for b in found if (b.start, b.end) not in known]


def says_parts(run: Run, path: Path, text: str, statement: StatementTemplate) -> None:
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


def pointer(run: Run, path: Path, text: str) -> None:
    """Report words that are to point to the statement, and point nowhere."""
    if text and not (_LINK.search(text) or "source_of_truth" in placeholders.names(text)):
        what = "a pointer says where the statement stands, and this has no link"
        run.add(path, what, "write {{source_of_truth}}, or a link", "placeholder")


def facts_in(*texts: str) -> set[str]:
    """Return the ids of the facts that templates name."""
    names = {name for text in texts for name in placeholders.names(text)}
    return {name.removeprefix("fact.") for name in names if name.startswith("fact.")}


def _known(run: Run, name: str) -> bool:
    return name in placeholders.FIXED or name.removeprefix("fact.") in run.facts


def same_blanks(run: Run, path: Path, text: str, source: str) -> bool:
    """Tell whether a translation says the same facts as what it translates; report it if not."""
    if not source or not text or run.report(path).full:
        return False
    own = set(placeholders.names(text))
    theirs = {name for name in placeholders.names(source) if _known(run, name)}
    hint = "say the same in both languages"
    for name in sorted(theirs - own - {"handle"})[:1]:
        what = f"it leaves out {{{{{shown(name)}}}}}, which stands in what it translates"
        run.add(path, what, hint, "placeholder")
        return False
    for fact in sorted(facts_in(text) - facts_in(source) & run.facts.keys())[:1]:
        what = f"it says {{{{fact.{fact}}}}}, which does not stand in what it translates"
        run.add(path, what, hint, "placeholder")
        return False
    return True
