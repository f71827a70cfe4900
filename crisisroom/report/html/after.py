"""What is made of it afterwards: figures, stories, evidence, review, what changes, how to check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.incident import ActionItem, LinkedMention
from crisisroom.core.postmortem import all_headings, said, written
from crisisroom.core.programme import Change, changes
from crisisroom.core.recorded import Evidence
from crisisroom.core.timeline import Entry
from crisisroom.report.html import anchors
from crisisroom.report.html.blocks import (
    Block,
    Group,
    Items,
    Pairs,
    Para,
    Quote,
    Row,
    Step,
    Steps,
    Table,
)
from crisisroom.report.html.pieces import (
    Code,
    Inline,
    Line,
    Link,
    Mark,
    Ref,
    Said,
    Strong,
    Tone,
    When,
)
from crisisroom.report.metrics import Metric
from crisisroom.report.page import Page
from crisisroom.report.plain import figure, span
from crisisroom.report.redact import LEFT_OUT

_METRICS: dict[str, Tone] = {
    "recorded": "quiet",
    "pending": "mine",
    "not applicable": "quiet",
    "invalid": "late",
}
_ACTIONS: dict[str, Tone] = {"open": "warn", "done": "ok", "dropped": "quiet"}
_FACTORS = {
    "contributed": "What contributed",
    "well": "What went well",
    "badly": "What did not",
    "lucky": "Where we were lucky",
}


def figures(page: Page, metrics: dict[str, Metric]) -> Iterator[Block]:
    """Yield every figure, what it says, and the entries it comes from; then what did not apply."""
    found = [one for one in metrics.values() if one.state != "not applicable"]
    rows = [_figure(page, one) for one in found]
    yield Table("Metrics", ("Figure", "Value", "State", "From", "To"), rows, len(rows), 0)
    beside = [one.label for one in metrics.values() if one.state == "not applicable"]
    if beside:
        yield Para((Strong("Not applicable: "), f"{'; '.join(beside)}."), quiet=True)


def _figure(page: Page, one: Metric) -> Row:
    sound = one.state == "recorded" or one.of is not None or one.so_far is not None
    value: Line = (Strong(reached(one)),) if sound else ""
    state = (Mark(one.state, _METRICS.get(one.state, "")),)
    ends = (_end(page, one.since, one.since_at), _end(page, one.to, one.to_at))
    return Row((one.label, value, state, *ends))


def reached(metric: Metric) -> str:
    """Return what a figure says, of one that still runs how far it is."""
    return f"{span(metric.so_far)} so far" if metric.so_far is not None else figure(metric)


def _end(page: Page, seq: int | None, at: datetime | None) -> Line:
    """Return where a figure runs from or to: the moment, its day where it is another, the entry."""
    if seq is None:
        return ""
    see = Ref(anchors.entry(seq), f"entry {seq}")
    if at is None:
        return (see,)
    first = page.incident.declared_at.astimezone(page.zone).date()
    return (When(at, brief=at.astimezone(page.zone).date() == first), " ", see)


def mentions(page: Page) -> Iterator[Block]:
    """Yield the mentions that belong to the incident, in the order they were posted."""
    linked = sorted(page.incident.mentions.values(), key=lambda one: (one.posted_at, one.uid))
    if linked:
        head = ("Mention", "Posted", "Author", "State", "Words")
        rows = (_mention(page, one) for one in linked)
        yield Table("Mentions", head, rows, len(linked), 4)


def _mention(page: Page, one: LinkedMention) -> Row:
    words: list[Inline] = [Said(one.quote, outside=True)]
    if one.outcome:
        words += [" in private: ", Said(one.outcome)]
    if one.url:
        words += [" ", Link(one.url)]
    if one.pictures and not page.public:
        count = len(one.pictures)
        words += [" ", Mark(f"{count} picture{'s' if count > 1 else ''} kept")]
    who = (Said(one.handle, outside=True), f", {one.source}")
    state = (Mark(one.state, "ok" if one.answered_at else "quiet"),)
    cells: tuple[Line, ...] = (one.id, When(one.posted_at), who, state, tuple(words))
    return Row(cells, anchors.thing(one.id))


def evidence(page: Page) -> Iterator[Block]:
    """Yield what was kept, by its hash; what it shows is never drawn here."""
    kept = page.incident.evidence.values()
    if not kept:
        return
    names = {one.uid: one.id for one in page.incident.mentions.values()}
    rows = [_evidence(one, names) for one in kept]
    head = ("SHA-256", "Size", "Media", "From", "Kept", "Who")
    yield Table("Evidence", head, rows, len(rows), 3)


def _evidence(one: Evidence, names: dict[str, str]) -> Row:
    shown: list[Inline] = [Said(one.name, outside=True)] if one.name else []
    for uid in one.mentions:
        if (name := names.get(uid)) is not None:
            shown += [" ", anchors.point(name, anchors.thing(name))]
    if one.url:
        shown += [" ", Link(one.url)]
    media = f"{one.sort}, {one.media}"
    return Row((Code(one.sha256), _size(one.size), media, tuple(shown), When(one.at), one.by))


def holds(page: Page) -> Iterator[Block]:
    """Yield since when nothing may be purged or erased, why, and until when; nothing in public."""
    if page.public:
        return
    steps = tuple(_held(one) for one in page.record.entries.of(("hold.set", "hold.lifted")))
    if steps:
        yield Steps(steps)


def _held(entry: Entry) -> Step:
    begun = entry.kind == "hold.set"
    mark = Mark("on hold", "warn") if begun else Mark("lifted", "ok")
    words = entry.data.get("words", "")
    why: tuple[Inline, ...] = (": ", Said(words)) if words and words != LEFT_OUT else ()
    return Step((mark, f" by {entry.actor}", *why), entry.at, "", "warn" if begun else "ok")


def programme(page: Page) -> Iterator[Block]:
    """Yield what people complained of, what we promised, and who mends it; nothing in public."""
    found = () if page.public else changes(page.incident)
    if found:
        rows = [_mended(one) for one in found]
        head = ("What people complained of", "Mentions", "Promised", "What changes")
        yield Table("What should change in the programme", head, rows, len(rows), 0)


def _mended(one: Change) -> Row:
    what: Line = (f"{one.narrative} ", Said(one.title, outside=bool(one.narrative)))
    count = f"{one.mentions:,}" if one.narrative else ""
    if one.complaints is not None:
        count += f", {one.complaints:,} complaints"
    promised: list[Inline] = []
    for promise in one.promised:
        promised += ["; " if promised else "", f"{promise.id} ", Said(promise.words)]
    action: list[Inline] = [Mark("nobody yet", "warn")] if one.unowned else []
    if one.action is not None:
        name = anchors.point(one.action.id, anchors.thing(one.action.id))
        action += [" " if action else "", name, " ", Said(one.action.title)]
    return Row((what, count, tuple(promised), tuple(action)))


def _size(count: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000 or unit == "MB":
            break
        count = round(count / 1000)
    return f"{count:,} {unit}"


def factors(page: Page) -> Iterator[Block]:
    """Yield what contributed, went well or badly, and where luck helped."""
    for sort, title in _FACTORS.items():
        lines = tuple(
            (Said(one.words),) for one in page.incident.factors.values() if one.sort == sort
        )
        if lines:
            yield Group((title,), (Items(lines),))


def review(page: Page) -> Iterator[Block]:
    """Yield what the review says under each of its headings, and which are still empty."""
    incident = page.incident
    plan = incident.plan.review
    asked = not page.public and bool(plan.sections or plan.questions or incident.review)
    for heading in all_headings(incident):
        held = written(incident, heading.id)
        if held is not None:
            aside: Line = (f"{held.by}, ", When(held.at))
            yield Group((Said(heading.title),), (Quote(said(incident, heading.id)),), aside)
        elif asked:
            empty = "To be filled in." if heading.required else "Left empty."
            yield Group((Said(heading.title),), (Para(empty, quiet=True),))


def actions(page: Page) -> Iterator[Block]:
    """Yield what should change, who sees to it and by when."""
    items = page.incident.actions.values()
    if items:
        rows = [_action(one) for one in items]
        head = ("Action", "Kind", "Owner", "Due", "State")
        yield Table("Corrective actions", head, rows, len(rows), 0)


def _action(one: ActionItem) -> Row:
    title: list[Inline] = [f"{one.id}: ", Said(one.title)]
    if one.narrative:
        title.append(f", from {one.narrative}")
    if one.link:
        title += [" ", Link(one.link)]
    state: list[Inline] = [Mark(one.state, _ACTIONS[one.state])]
    if one.closed_at:
        state += [" ", When(one.closed_at)]
    if one.outcome:
        state += [": ", Said(one.outcome)]
    cells = (tuple(title), one.kind, one.owner, one.due, tuple(state))
    return Row(cells, anchors.thing(one.id))


def integrity(page: Page) -> Iterator[Block]:
    """Yield what this report was made from, and how to check it."""
    record = page.record
    rows: tuple[tuple[str, Line], ...] = (
        ("Made from", f"{len(record.entries):,} entries of the log"),
        ("Log", Code(page.incident.uid)),
        ("Hash of the newest entry", Code(record.head_hash)),
        ("As of", When(record.as_of)),
        ("Profile", record.profile),
    )
    yield Pairs(rows)
    yield Para(
        "Each entry carries the hash of the one before it, so that nothing can be changed, put in,"
        " left out or moved without a trace. What is said here was made from the log alone: the"
        " same log gives the same bytes."
    )
    head = record.head_hash
    yield Items(
        (
            ("In the room: ", Code(f"crisisroom verify {page.incident.id}")),
            (
                "Against the hash printed here: ",
                Code(f"crisisroom verify {page.incident.id} --anchor {head[:16]}"),
            ),
            ("An export as JSON or JSON lines: ", Code("crisisroom verify FILE")),
        )
    )
