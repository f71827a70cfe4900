"""A playbook as a page: plan, phone ladder, and the texts with room for signatures.

This is what stands on it; how it looks is for `plan_text` and `plan_html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from crisisroom.core.canonical import digest
from crisisroom.core.hours import read_hours
from crisisroom.core.ladder import Rung, ladder
from crisisroom.core.plan_words import PlanWords
from crisisroom.core.playbook import Approval, Cadence, Deadline, Fact, Playbook, Role, Task
from crisisroom.core.playbook_kept import snapshot
from crisisroom.core.wordings import Wording, approval_in, words_of
from crisisroom.core.yamlwrite import duration


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: what it is, when or whose, and what there is to say about it."""

    head: str
    aside: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words that go out, letter for letter, and whether they are approved."""

    title: str
    sort: str
    words: str
    standing: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; `tick` asks for boxes, `sheet` for a sheet of paper of its own."""

    title: str
    intro: str = ""
    items: tuple[Item, ...] = ()
    texts: tuple[Text, ...] = ()
    tick: bool = False
    sheet: bool = False


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The whole page."""

    title: str
    language: str
    facts: tuple[tuple[str, str], ...]  # of the head: what, and its value
    summary: str
    sections: tuple[Section, ...]


Standing = Mapping[str, str]
"""sha256 of a text -> who approved it when, in words."""


def plan_page(plan: Playbook, standing: Standing, now: datetime, zone: str = "UTC") -> PlanPage:
    """Return the page of a playbook as it reads at `now`; parts without content are left out."""
    words = PlanWords(plan)
    sections = (
        *_before(plan, words),
        *_checklist(plan, words),
        _ladder(plan, now, zone),
        *_clocks(plan, words),
        *_rules(plan, words),
        *_texts(plan, words, standing),
    )
    return PlanPage(
        title=plan.title,
        language=plan.language,
        facts=tuple((what, value) for what, value in _head(plan, words, now) if value),
        summary=plan.summary,
        sections=tuple(one for one in sections if one.items or one.texts),
    )


def _head(plan: Playbook, words: PlanWords, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Playbook", f"{plan.id}, version {plan.version}"
    yield "Owner", words.name("role", plan.owner) if plan.owner else ""
    yield "Reviewed", plan.reviewed
    yield "All words point to", plan.source_of_truth
    yield "Printed", f"{now:%Y-%m-%d}, fingerprint {digest(snapshot(plan))[:12]}"


def _before(plan: Playbook, words: PlanWords) -> Iterator[Section]:
    degrees = (Item(one.label, one.id, _said(one.when_to_use)) for one in plan.severities)
    yield Section("How serious is it", items=tuple(degrees))
    asked = (
        Item(
            one.ask,
            f"yes: {words.name('severity', one.yes)}" if one.yes else "",
            _said(one.detail),
        )
        for one in plan.questions
    )
    yield Section("Ask before declaring", items=tuple(asked))
    roles = tuple(_role(one, words) for one in plan.roles)
    yield Section("Roles", items=roles)
    yield Section("Fact sheet", items=tuple(_fact(one, words) for one in plan.facts))


def _said(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)


def _role(role: Role, words: PlanWords) -> Item:
    within = f"within {duration(role.within)}" if role.within else ""
    aside = ", ".join(_said("required" if role.required else "", within))
    backup = f"backup: {words.who(role.backup)}" if role.backup else ""
    return Item(role.title, aside, _said(role.duties, backup))


def _fact(fact: Fact, words: PlanWords) -> Item:
    sort = {"yes-no": "yes or no", "choice": " / ".join(fact.options), "text": ""}
    aside = sort.get(fact.type, " ".join(_said(fact.type, fact.unit and f"of {fact.unit}")))
    fills = "may vary inside approved words" if fact.may_fill else ""
    by = f"confirmed by {words.name('role', fact.confirm_by)}" if fact.confirm_by else ""
    return Item(fact.label, aside, _said(fact.ask, "; ".join(_said(fills, by))))


def _checklist(plan: Playbook, words: PlanWords) -> Iterator[Section]:
    for phase in plan.phases:
        items = tuple(_task(task, words) for task in phase.tasks)
        yield Section(phase.title, items=items, tick=True)


def _task(task: Task, words: PlanWords) -> Item:
    required = "required" if task.required else ""
    who = words.name("role", task.role) if task.role else ""
    again = f"again every {duration(task.repeat)}" if task.repeat else ""
    evidence = f"asks for a {task.evidence}" if task.evidence != "none" else ""
    line = ", ".join(_said(who, required, again, evidence))
    waits = _said(
        f"only if {words.condition(task.when)}" if task.when else "",
        f"first: {words.names('task', task.needs)}" if task.needs else "",
        f"needs to be known: {words.names('fact', task.needs_facts)}" if task.needs_facts else "",
        f"ticks itself once {words.condition(task.done_when)}" if task.done_when else "",
        f"then: {words.follows(task.on_done)}" if task.on_done else "",
        f"when late: {words.follows(task.on_overdue)}" if task.on_overdue else "",
    )
    return Item(task.title, words.due(task), _said(line, *waits, task.detail))


def _ladder(plan: Playbook, now: datetime, zone: str) -> Section:
    intro = "From the top down. Write down whom you reached, and when."
    items = tuple(_rung(rung) for rung in ladder(plan, now, None, zone))
    return Section("Phone ladder", intro, items, tick=True, sheet=True)


def _rung(rung: Rung) -> Item:
    one = rung.contact
    ways = "   ".join(f"{way.by} {way.to}" for way in one.reach)
    hours = one.hours if read_hours(one.hours) or one.hours else "hours not known"
    there = ", ".join(_said(hours, rung.zone, one.language))
    checked = f"checked {one.checked}" if one.checked else "not dated"
    return Item(one.name, rung.place, _said(ways, f"{there}; {rung.stale or checked}", one.note))


def _clocks(plan: Playbook, words: PlanWords) -> Iterator[Section]:
    spoken = tuple(_cadence(one, words) for one in plan.cadences)
    yield Section("When we speak", "This reminds; it publishes nothing.", spoken)
    duties = tuple(_deadline(one, words) for one in plan.deadlines)
    yield Section("Duties by law", "Met, or waived with a reason; never put off.", duties)
    ladders = (
        Item(
            one.title,
            f"{one.rounds} times" if one.rounds > 1 else "once",
            (
                *(
                    f"call {words.names('who', step.call)}, wait {duration(step.wait)}"
                    for step in one.steps
                ),
                *_said(f"only if {words.condition(one.when)}" if one.when else ""),
            ),
        )
        for one in plan.escalations
    )
    yield Section("Escalations", "They end when somebody acknowledges.", tuple(ladders))


def _cadence(one: Cadence, words: PlanWords) -> Item:
    def table(every: Mapping[str, int]) -> str:
        pairs = (f"{words.name('severity', key)}: {duration(gap)}" for key, gap in every.items())
        return ", ".join(pairs)

    notes = _said(
        f"then every: {table(one.every)}" if one.every else "",
        *(f"after {duration(slow.after)} every: {table(slow.every)}" for slow in one.then),
        f"{duration(one.after_news)} after a fact changed" if one.after_news else "",
        f"template: {words.name('statement', one.statement)}",
        f"when late: {words.follows(one.on_overdue)}" if one.on_overdue else "",
    )
    return Item(f"To: {one.audience}", f"first within {duration(one.first_within)}", notes)


def _deadline(one: Deadline, words: PlanWords) -> Item:
    who = words.name("role", one.role) if one.role else ""
    aside = f"{one.within} from “{words.name('fact', one.starts)}”"
    condition = f"only if {words.condition(one.when)}" if one.when else ""
    late = f"when late: {words.follows(one.on_overdue)}" if one.on_overdue else ""
    return Item(one.title, aside, _said(who, condition, one.law, one.detail, late))


def _rules(plan: Playbook, words: PlanWords) -> Iterator[Section]:
    agreed = tuple(_approval(one, words) for one in plan.approvals)
    yield Section("Who agrees", "Each agreement is to one text, letter for letter.", agreed)
    rails = plan.guardrails
    phrases = {
        "Never": (*rails.forbid, *rails.no_comment),
        "Think again": rails.warn,
        "Promises": rails.promises,
        "Blame": rails.blame,
        "Not answered": rails.never_answer,
    }
    items = [Item(what, "", (" · ".join(said),)) for what, said in phrases.items() if said]
    if rails.max_public_replies:
        items.append(Item("Public answers to one person", f"at most {rails.max_public_replies}"))
    yield Section("What we do not say", items=tuple(items))
    yield Section("The end, and afterwards", items=tuple(_ending(plan, words)))


def _approval(one: Approval, words: PlanWords) -> Item:
    def named(lead: str, sort: str, ids: tuple[str, ...]) -> str:
        return f"{lead}: {words.names(sort, ids)}" if ids else ""

    steps = [f"{number}. {words.step(step)}" for number, step in enumerate(one.ladder, 1)]
    notes = _said(
        "authors may approve their own words" if one.self_approval else "",
        f"holds for {duration(one.expires_after)}" if one.expires_after else "",
        named("may go out as they stand", "statement", one.preapproved),
        named("may release alone, with a reason", "role", one.break_glass),
        f"when late: {words.follows(one.on_overdue)}" if one.on_overdue else "",
    )
    return Item(one.id, "", (*steps, *notes))


def _ending(plan: Playbook, words: PlanWords) -> Iterator[Item]:
    ends = plan.resolve
    calm = ends.calm
    morning = ", and through the next working morning" if calm and calm.next_morning else ""
    yield Item(
        "It ends when",
        "",
        _said(
            f"{'all' if ends.tasks == 'all' else 'all required'} tasks are closed",
            "all duties by law are met or waived" if ends.deadlines and plan.deadlines else "",
            f"at most {calm.below} posts an hour for {duration(calm.quiet)}{morning}"
            if calm
            else "",
        ),
    )
    review = plan.review
    owner = words.name("role", review.owner) if review.owner else ""
    measured = f"measured: {', '.join(review.metrics)}" if review.metrics else ""
    yield Item("Review", f"within {review.due}", _said(owner, measured, *review.questions))


def _texts(plan: Playbook, words: PlanWords, standing: Standing) -> Iterator[Section]:
    told = {one.id: one for one in plan.statements}
    groups: dict[str, list[Text]] = {"Statements": [], "Key messages": [], "Questions, answers": []}
    of = {"statement": "Statements", "faq": "Questions, answers"}
    titles = {
        **{one.id: one.title for one in plan.statements},
        **{one.id: one.title for one in plan.key_messages},
        **{one.id: one.question for one in plan.faq},
        "greeting": "Greeting",
        "sign_off": "Sign-off",
        "pointer": "Pointer to the statement",
    }
    for one in words_of(plan):
        _, _, which = one.id.partition("@")[0].partition("/")
        on = "on" if one.kind == "statement" else "wording"
        title = titles.get(one.base, one.base) + (f", {on} {which}" if which else "")
        title += f", in {one.language}" if one.language else ""
        notes = _about(told[one.base].approval, words) if one.kind == "statement" else ()
        groups[of.get(one.kind, "Key messages")].append(_text(one, title, notes, standing))
    for name, texts in groups.items():
        yield Section(name, texts=tuple(texts), sheet=True)


def _about(approval: str, words: PlanWords) -> tuple[str, ...]:
    return _said(f"agreed by: {words.name('approval', approval)}" if approval else "")


def _text(one: Wording, title: str, notes: tuple[str, ...], standing: Standing) -> Text:
    said = approval_in(one, standing) or "not approved"
    return Text(
        title,
        one.kind.replace("_", " "),
        one.text,
        f"{said}, text {one.sha256[:12]}",
        (one.id, *notes),
    )
