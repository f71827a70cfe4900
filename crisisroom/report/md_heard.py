"""What was heard, in the Markdown report: how it was detected, how much it was, whom it reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from crisisroom.core.incident import LinkedMention, Warned
from crisisroom.core.recorded import Volume
from crisisroom.report.impact import impact as figures_of
from crisisroom.report.md import cell, code, link, table
from crisisroom.report.page import Page
from crisisroom.report.plain import span

_MOST_ROWS = 48  # of the counts: what lasted longer is summed up


def detected(page: Page) -> Iterator[str]:
    """Yield the first signs: the first post, what the room warned of, the stories it heard."""
    incident = page.incident
    first = min(incident.mentions.values(), key=_posted, default=None)
    if first is not None:
        who = f"{cell(first.id)} by {cell(first.handle)} on {cell(first.source)}"
        yield f"- First post: {page.when(first.posted_at)}, {who}"
    for one in incident.warnings:
        yield f"- Early warning {cell(one.id)}: {page.when(one.at)}, {_warned(one)}"
    for story in incident.stories.values():
        since = page.when(story.first_at)
        counts = f"{story.mentions} mentions by {story.authors} people"
        yield f"- Story {cell(story.id)}: {cell(story.title)}, {counts}, since {since}"


def _posted(one: LinkedMention) -> tuple[float, str]:
    return one.posted_at.timestamp(), one.uid


def _warned(one: Warned) -> str:
    usual = _hundredths(one.expected_hundredths)
    said = f"{one.observed} mentions in {one.window_minutes} min, usual {usual}"
    suggested = f"; suggested {code(one.suggested_playbook)}" if one.suggested_playbook else ""
    return f"{cell(one.level)}: {cell(one.reason)} ({said}{suggested})"


def _hundredths(count: int) -> str:
    return f"{count // 100}.{count % 100:02}"


def impact(page: Page) -> Iterator[str]:
    """Return what it meant: how many people, where, how far it reached, who asked."""
    rows = ([cell(what), cell(how_much)] for what, how_much in figures_of(page))
    return table(("What", "How much"), rows)


def volume(page: Page) -> Iterator[str]:
    """Yield how much was said: the sum, the peak, and a row an hour; of a long one, a row a few."""
    counted = tuple(page.incident.volume.values())
    if not counted:
        return
    peak = max(counted, key=lambda one: (one.mentions, -one.start.timestamp()))
    said, bad = sum(one.mentions for one in counted), sum(one.complaints for one in counted)
    yield f"- {said} mentions, {bad} of them likely complaints, in {_lasting(counted)}"
    usual = f" (usual {_hundredths(peak.usual_hundredths)})"
    yield f"- Peak: {peak.mentions} from {page.when(peak.start)} on, in {_lasting([peak])}{usual}"
    yield ""
    yield from table(("From", "For", "Mentions", "Complaints", "Usual", "Sources"), _counts(page))


def _lasting(counted: Sequence[Volume]) -> str:
    return span(sum(one.seconds for one in counted))


def _counts(page: Page) -> Iterator[list[str]]:
    counted = tuple(page.incident.volume.values())
    step = -(-len(counted) // _MOST_ROWS)
    for at in range(0, len(counted), step):
        some = counted[at : at + step]
        sources: Counter[str] = Counter()
        for one in some:
            sources.update(one.sources)
        yield [
            page.when(some[0].start),
            _lasting(some),
            f"{sum(one.mentions for one in some)}",
            f"{sum(one.complaints for one in some)}",
            _hundredths(sum(one.usual_hundredths for one in some)),
            ", ".join(f"{cell(name)} {count}" for name, count in sorted(sources.items())),
        ]


def mentions(page: Page) -> Iterator[str]:
    """Return the mentions that belong to the incident, in the order they were posted.

    For Legal with the hash of what each author wrote; in public without the words and the link.
    """
    ordered = sorted(page.incident.mentions.values(), key=_posted)
    return table(_columns(page), (_mention(page, one) for one in ordered))


def _columns(page: Page) -> tuple[str, ...]:
    names = ("Mention", "Posted", "Source", "Author", "State")
    more = () if page.public else ("Words", "Link")
    return (*names, *more, *(("SHA-256",) if page.record.profile == "legal" else ()))


def _mention(page: Page, one: LinkedMention) -> list[str]:
    said = [] if page.public else [cell(one.quote), link(one.url)]
    hashed = code(one.sha256) if one.sha256 else ""
    return [
        cell(one.id),
        page.when(one.posted_at),
        cell(one.source),
        cell(one.handle),
        one.state,
        *said,
        *([hashed] if page.record.profile == "legal" else []),
    ]
