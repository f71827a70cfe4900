"""The rules across a playbook: every problem at once, each where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from crisisroom.core.check_conditions import check_conditions, domain_of
from crisisroom.core.check_drill import check_drill
from crisisroom.core.check_order import check_order
from crisisroom.core.check_people import check_people
from crisisroom.core.check_run import Run
from crisisroom.core.check_tasks import check_tasks
from crisisroom.core.check_time import check_time, check_today, check_told
from crisisroom.core.check_words import check_words
from crisisroom.core.crossref import Path
from crisisroom.core.playbook import Fact
from crisisroom.core.problems import shown
from crisisroom.core.satisfy import Solver

_LISTS = (
    "severities",
    "questions",
    "facts",
    "roles",
    "contacts",
    "escalations",
    "phases",
    "approvals",
    "cadences",
    "deadlines",
)


def check(
    run: Run, *, today: date | None = None, zone_known: Callable[[str], bool] | None = None
) -> None:
    """Report everything in a playbook that does not hold together.

    With `today` also what is ripe to be mended: it has grown old, or would go unnoticed.
    `zone_known` tells whether there is such a time zone.
    """
    solver = Solver(domain_of(run))
    _head(run)
    _unique(run)
    check_people(run, zone_known)
    check_tasks(run)
    check_conditions(run, solver)
    check_order(run, solver)
    check_words(run)
    check_time(run)
    check_drill(run)
    if today is not None:
        check_told(run)
        check_today(run, today)


def _head(run: Run) -> None:
    plan = run.plan
    if not plan.severities:
        run.add(("severities",), "a playbook names at least one severity", code="missing_key")
    for index, question in enumerate(plan.questions):
        run.refer(("questions", index, "yes"), question.yes, run.severities, "severity")
    for index, fact in enumerate(plan.facts):
        _fact(run, ("facts", index), fact)
    asked = dict.fromkeys((*plan.review.sections, *plan.review.questions))
    for index, title in enumerate(plan.review.optional):
        run.refer(("review", "optional", index), title, asked, "section or question")


def _fact(run: Run, path: Path, fact: Fact) -> None:
    run.refer((*path, "confirm_by"), fact.confirm_by, run.roles, "role")
    if fact.type == "choice" and len(fact.options) < 2:
        what = "a choice has at least two options"
        run.add(path, what, "write options: [.., ..]", "options")
    elif fact.options and fact.type != "choice" and _meant(run, path, fact):
        what = f"a fact of type {fact.type} has no options"
        run.add_key((*path, "options"), what, "write type: choice", "options")
    seen: set[str] = set()
    for index, option in enumerate(fact.options):
        plain = option.strip().casefold()
        if plain in seen:
            place = (*path, "options", index)
            run.add(place, f'"{shown(option)}" stands here twice', "", "duplicate")
        seen.add(plain)


def _meant(run: Run, path: Path, fact: Fact) -> bool:
    """Tell whether the type is what the file says, and no stand-in for what cannot be read."""
    return "type" not in run.keys(path) or run.says((*path, "type"), fact.type)


def _unique(run: Run) -> None:
    """Every id stands once in its list; tasks once in the playbook, and so do all words.

    Words are approved and chosen by their id alone, so a question cannot share a statement's.
    """
    for section in _LISTS:
        things = enumerate(getattr(run.plan, section))
        run.once(((section, index), thing.id) for index, thing in things)
    run.once((path, task.id) for path, task in run.tasks)
    words: list[tuple[Path, str]] = [
        ((section, index), thing.id)
        for section in ("key_messages", "faq", "statements")
        for index, thing in enumerate(getattr(run.plan, section))
    ]
    run.once(words)
    for path, word in words:
        if word in ("greeting", "sign_off", "pointer"):
            run.add((*path, "id"), f'the id "{word}" is taken', "choose another", "duplicate")
