"""Things as plain lines: one thing a line, words before signs, for eyes, ears and `grep`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from crisisroom.core.clocks import ClockState, minutes
from crisisroom.core.incident import (
    ActionItem,
    FactState,
    Incident,
    RoleState,
    Send,
    TaskState,
    Words,
)
from crisisroom.core.mention import Mention
from crisisroom.core.terms import zone_of
from crisisroom.text import clean_line

At = Callable[[datetime], str]

QUOTE = 200  # characters of a mention in a list


def in_zone(zone_name: str, now: datetime) -> At:
    """Return how times are shown: `09:12` today, `2026-11-21 09:12` on other days."""
    here = zone_of(zone_name)
    today = now.astimezone(here).date()

    def at(moment: datetime) -> str:
        local = moment.astimezone(here)
        return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"

    return at


def one_line(words: str) -> str:
    """Return our own words on one line, so that no line break can fake a line of its own."""
    return " ".join(words.split())


def incident_line(incident: Incident, at: At) -> str:
    """Return an incident's head."""
    drill = " DRILL" if incident.drill else ""
    few = ", restricted" if incident.restricted_to else ""
    ended = f", resolved {at(incident.resolved_at)}" if incident.resolved_at else ""
    return (
        f"{incident.id}{drill} {incident.severity.upper()} {incident.status}: "
        f"{one_line(incident.title)} ({incident.playbook.id}, declared"
        f" {at(incident.declared_at)} by {incident.declared_by}{ended}{few})"
    )


def mention_line(mention: Mention, at: At) -> str:
    """Return a mention with as much of its text as a list needs."""
    who = mention.author.handle or mention.author.name or "somebody"
    assignee = f" by {mention.assignee}" if mention.assignee else ""
    incident = f" {mention.incident}" if mention.incident else ""
    words = clean_line(mention.text, limit=QUOTE)
    tags = f" [{', '.join(mention.tags)}]" if mention.tags else ""
    needs = f" needs: {mention.verdict}" if mention.verdict else ""
    copies = f" x{mention.copies + 1}" if mention.copies else ""
    state = f"{mention.state}{assignee}{incident}{needs}{copies}{tags}"
    head = f"{mention.id} {at(mention.posted_at)} {state}"
    return f"{head} {who} ({mention.source}): {words}"


def mention_lines(mention: Mention, at: At) -> Iterator[str]:
    """Yield a mention with its whole text; every line of theirs is marked."""
    yield mention_line(mention, at).partition("): ")[0] + ")"
    yield from (f"  | {line}" for line in mention.text.split("\n"))
    if mention.url:
        yield f"  link: {clean_line(mention.url, limit=2000)}"
    for media in mention.media:
        yield f"  {media.kind}: {clean_line(media.alt or media.url or 'without words')}"
    if mention.why:
        yield f"  priority {mention.priority:.2f}: {'; '.join(mention.why)}"
    if mention.narrative or mention.terms:
        said = f"says {', '.join(mention.terms)}" if mention.terms else ""
        yield f"  {' '.join(part for part in (mention.narrative, said) if part)}"
    if mention.copy_of:
        yield f"  repeats {mention.copy_of}"
    if mention.revision > 1:
        yield f"  edited by its author: version {mention.revision}"


def task_line(incident: Incident, task: TaskState, at: At, now: datetime) -> str:
    """Return a task with its state, whose it is, and when it is due."""
    holder = incident.roles[task.role].holder if task.role in incident.roles else ""
    who = task.closed_by or task.assignee or holder or task.role or "free"
    notes = [who, *(["required"] if task.required else []), *_timing(task, at, now)]
    if task.state == "waiting":
        notes.append(f"waits for {task.waiting_for}")
    if task.evidence != "none" and task.state in ("open", "waiting"):
        notes.append(f"asks for a {task.evidence}")
    given = f": {one_line(task.given)}" if task.given else ""
    return f"{task.state:7} {task.id}  {task.title} ({', '.join(notes)}){given}"


def _timing(task: TaskState, at: At, now: datetime) -> list[str]:
    if task.closed_at:
        return [at(task.closed_at)]
    if task.due_at is None:
        return []
    late = f", {minutes(now - task.due_at)} late" if now > task.due_at else ""
    return [f"due {at(task.due_at)}{late}"]


def fact_line(fact: FactState, at: At) -> str:
    """Return one line of the fact sheet; what is not known shows the question."""
    value = one_line(fact.value) if fact.value else f"({fact.ask or fact.label})"
    source = f" [{one_line(fact.source)}]" if fact.source else ""
    when = f" ({at(fact.at)} {fact.by})" if fact.at else ""
    return f"{fact.state:8} {fact.id}: {value}{source}{when}"


def role_line(role: RoleState, at: At) -> str:
    """Return a role and who holds it."""
    since = f" since {at(role.since)}" if role.since else ""
    required = ", required" if role.required and not role.holder else ""
    return f"{role.id}  {role.title}: {role.holder or 'nobody'}{since}{required}"


def action_line(action: ActionItem) -> str:
    """Return a corrective action with its owner and due date."""
    due = f", due {action.due}" if action.due else ""
    return (
        f"{action.state:5} {action.id}  {one_line(action.title)} ({action.owner or 'nobody'}{due})"
    )


def clock_line(clock: ClockState, at: At, now: datetime) -> str:
    """Return a clock with how long it has left, or how late it is."""
    left = minutes(clock.due_at - now)
    span = f"{left} late" if clock.state == "overdue" else f"in {left}" if left != "now" else left
    who = f" ({clock.who})" if clock.who else ""
    return f"{clock.state:7} {at(clock.due_at)} {clock.title}{who}, {span}"


def words_head(words: Words) -> str:
    """Return the head of a statement or reply."""
    to = f" to {words.handle or words.audience}" if words.handle or words.audience else ""
    answers = f", answers {words.mention_id}" if words.mention_id else ""
    on = f", on {words.channel}" if words.channel else ""
    on += f", corrects {words.corrects}" if words.corrects else ""
    on += f", {words.translates} in {words.language}" if words.translates else ""
    on += f", {words.form} form" if words.form != "public" else ""
    return (
        f"{words.id} {words.kind}{to}{answers}{on}: {words.state}, version {words.version}"
        f" by {words.author}, text {words.sha256[:12]}"
    )


def words_notes(words: Words, at: At) -> Iterator[str]:
    """Yield what a text stands on, what was decided on it, and how it went out."""
    if words.facts:
        stands = (f"{fact}: {one_line(value)}" for fact, value in words.facts.items())
        yield f"stands on {'; '.join(stands)}"
    if words.suspended:
        yield f"held back, because {', '.join(words.suspended)} moved"
    for verdict in words.verdicts:
        of = "this text" if verdict.sha256 == words.sha256 else f"version {verdict.version}"
        reason = f": {one_line(verdict.reason)}" if verdict.reason else ""
        heard = f", recorded by {verdict.recorded_by}" if verdict.recorded_by else ""
        yield f"{verdict.verdict} by {verdict.by} {at(verdict.at)}, {of}{heard}{reason}"
    yield from (_send_line(send, at) for send in words.sends.values())


def _send_line(send: Send, at: At) -> str:
    when = f" {at(send.at)}" if send.at else ""
    more = send.remote_url or send.reason
    return f"{send.state} on {send.channel}{when}" + (f": {one_line(more)}" if more else "")
