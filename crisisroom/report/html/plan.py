"""What was to be done and known, and by whom: checklist, facts, decisions, roles, how it grew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.additions import ADDED
from crisisroom.core.incident import Decision, TaskState
from crisisroom.core.timeline import Entry
from crisisroom.report.history import FactChange, Holding, fact_changes, holdings
from crisisroom.report.html import anchors
from crisisroom.report.html.blocks import Band, Bands, Block, Group, Items, Para, Row, Table
from crisisroom.report.html.pieces import (
    Code,
    Inline,
    Line,
    Mark,
    Quiet,
    Ref,
    Said,
    Strong,
    Tone,
    When,
)
from crisisroom.report.page import Page
from crisisroom.report.plain import span
from crisisroom.report.redact import LEFT_OUT

_SORTS = {"task": "a task", "message": "a message", "answer": "an answer"}
_FACT_TONES: dict[str, Tone] = {
    "known": "ok",
    "changed": "warn",
    "checking": "mine",
    "unknown": "quiet",
}


def checklist(page: Page) -> Iterator[Block]:
    """Yield every task with its due time and whether it was kept, phase by phase."""
    tasks: dict[str, list[TaskState]] = {}
    for task in page.incident.tasks.values():
        tasks.setdefault(task.phase, []).append(task)
    titles = {phase.id: phase.title for phase in page.incident.plan.phases}
    for phase, some in tasks.items():
        title = titles.get(phase, phase)
        rows = [_task(page, task) for task in some]
        head = ("Task", "Due", "Closed", "Who", "Outcome")
        table = Table(f"Checklist: {title}", head, rows, len(rows), 0)
        done = sum(task.state in ("done", "skipped", "not_needed") for task in some)
        yield Group((title or "Tasks",), (table,), f"{done} of {len(some)} closed")


def _task(page: Page, task: TaskState) -> Row:
    title: list[Inline] = [Said(task.title)]
    if task.required:
        title += [" ", Mark("required")]
    if task.added_by:
        title.append(Quiet(f" added by {task.added_by}"))
    who = ", ".join(one for one in (task.closed_by or task.assignee, page.role(task.role)) if one)
    cells = (tuple(title), When(task.due_at), When(task.closed_at), who, _outcome(page, task))
    return Row(cells, anchors.task(task.id))


def _outcome(page: Page, task: TaskState) -> Line:
    given: tuple[Inline, ...] = (": ", Said(task.given)) if task.given else ()
    if task.state == "skipped":
        return (Mark("skipped", "warn"), *given)
    if task.state == "not_needed":
        return (Mark("not needed", "quiet"),)
    if task.state == "done":
        return (*_kept(task.closed_at, task.due_at), *given)
    end = page.incident.resolved_at or page.record.as_of
    late = _late(end, task.due_at)
    if task.repeat and task.times:
        times = "once" if task.times == 1 else f"{task.times} times"
        return (Mark("done", "ok"), f" {times}, every {span(task.repeat)}", *late, *given)
    status = f"waits for {task.waiting_for}" if task.waiting_for else task.state
    return (Mark(status, "late" if late else "quiet"), *late, *given)


def _kept(at: datetime | None, due: datetime | None) -> tuple[Inline, ...]:
    late = _late(at, due)
    if late:
        return (Mark("done late", "warn"), *late)
    return (Mark("done in time" if due else "done", "ok"),)


def _late(at: datetime | None, due: datetime | None) -> tuple[Inline, ...]:
    if at is None or due is None or at <= due:
        return ()
    return (f" by {span(int((at - due).total_seconds()))}",)


def facts(page: Page) -> Iterator[Block]:
    """Yield what was known when: a band for each fact, then every change."""
    changes = fact_changes(page.record.entries, page.incident)
    labels = {fact.id: fact.label for fact in page.incident.facts.values()}
    if changes:
        yield _bands(page, changes, labels)
        rows = [_fact(page, change, labels) for change in _first_anchored(changes)]
        head = ("Fact", "When", "State", "Value", "Source", "Who")
        yield Table("Every change of what we knew", head, rows, len(rows), 3)
    told = {change.fact for change in changes}
    never = [label for fact, label in labels.items() if fact not in told]
    if never:
        yield Para(f"Never established: {', '.join(never)}.", quiet=True)


def _first_anchored(changes: tuple[FactChange, ...]) -> Iterator[tuple[FactChange, bool]]:
    seen: set[str] = set()
    for change in changes:
        yield change, change.fact not in seen
        seen.add(change.fact)


def _fact(page: Page, told: tuple[FactChange, bool], labels: dict[str, str]) -> Row:
    change, first = told
    cells: tuple[Line, ...] = (
        labels.get(change.fact, change.fact),
        When(change.at),
        (Mark(change.state, _FACT_TONES.get(change.state, "")),),
        Said(page.value(change.fact, change.value)),
        Said(change.source),
        change.by,
    )
    return Row(cells, anchors.fact(change.fact) if first else "")


def _bands(page: Page, changes: tuple[FactChange, ...], labels: dict[str, str]) -> Bands:
    since, until = stretch(page)
    by_fact: dict[str, list[FactChange]] = {}
    for change in changes:
        by_fact.setdefault(change.fact, []).append(change)
    lines = tuple(
        (labels.get(fact, fact), tuple(_known(page, some, until))) for fact, some in by_fact.items()
    )
    return Bands("What was known when, fact by fact", lines, since, until)


def _known(page: Page, some: list[FactChange], end: datetime) -> Iterator[Band]:
    ends = [*(change.at for change in some[1:]), max(end, some[-1].at)]
    for change, until in zip(some, ends, strict=True):
        value = page.value(change.fact, change.value)
        words = change.state if value in ("", LEFT_OUT) else value
        yield Band(change.at, until, words, _FACT_TONES.get(change.state, ""))


def stretch(page: Page) -> tuple[datetime, datetime]:
    """Return from when to when the charts of roles and facts run."""
    incident = page.incident
    until = incident.resolved_at or page.record.as_of
    return incident.declared_at, max(until, incident.declared_at)


def decisions(page: Page) -> Iterator[Block]:
    """Yield what was decided, what else could have been, why and by whom."""
    for made in page.incident.decisions:
        if page.public and made.words in ("", LEFT_OUT):
            continue
        aside: list[Inline] = [f"{made.by}, ", When(made.at)]
        if made.entry:
            aside += [" ", Ref(anchors.entry(made.entry), f"entry {made.entry}")]
        yield Group((Said(made.words),), tuple(_decision(made)), tuple(aside))


def _decision(made: Decision) -> Iterator[Block]:
    if made.reason and made.reason != LEFT_OUT:
        yield Para((Strong("Because "), Said(made.reason)))
    if made.options:
        yield Para("Instead of:", quiet=True)
        yield Items(tuple((Said(one),) for one in made.options))


def roles(page: Page) -> Iterator[Block]:
    """Yield who held which role from when to when: a chart, and the same as a table."""
    held = holdings(page.record.entries, page.incident)
    if not held:
        return
    since, until = stretch(page)
    by_role: dict[str, list[Holding]] = {}
    for one in held:
        by_role.setdefault(one.role, []).append(one)
    lines = tuple(
        (page.role(role), tuple(_band(one, until) for one in some))
        for role, some in by_role.items()
    )
    yield Bands("Who held which role", lines, since, until)
    rows = [Row((page.role(one.role), one.person, When(one.since), _until(one))) for one in held]
    yield Table("Roles and their holders", ("Role", "Who", "From", "To"), rows, len(rows))


def _band(one: Holding, end: datetime) -> Band:
    return Band(one.since, one.until or max(end, one.since), one.person, "mine")


def _until(one: Holding) -> Line:
    return When(one.until) if one.until else "to the end"


def asked(page: Page) -> Iterator[Block]:
    """Yield what was asked before the incident was declared, and what was said."""
    incident = page.incident
    questions = {question.id: question.ask for question in incident.plan.questions}
    if incident.answers:
        rows = [
            Row((questions.get(name, name), incident.answers.get(name, "not answered")))
            for name in (questions | incident.answers)
        ]
        yield Table("Asked before declaring", ("Question", "Answer"), rows, len(rows), 0)


def growth(page: Page) -> Iterator[Block]:
    """Yield what came to the plan while it ran, by whom and when; nothing in public."""
    if page.public:
        return
    lines = tuple(_grown(entry) for entry in page.record.entries.of(("playbook.added", *ADDED)))
    if lines:
        yield Items(lines)


def _grown(entry: Entry) -> Line:
    about: tuple[Inline, ...] = (
        Quiet(f" {entry.actor}, "),
        When(entry.at),
        " ",
        Ref(anchors.entry(entry.seq), f"entry {entry.seq}"),
    )
    if entry.kind == "playbook.added":
        book = entry.data["playbook"]
        how = "switched to" if entry.data["switched"] else "added"
        said = entry.data.get("words", "")
        named = (f"{how} playbook ", Code(book["id"]), f" version {book['version']} ")
        return (*named, *((Said(said),) if said else ()), *about)
    sort = ADDED[entry.kind]
    thing = entry.data[sort]
    words = thing["question"] if sort == "answer" else thing["title"]
    return (f"added {_SORTS[sort]}: ", Said(words), *about)
