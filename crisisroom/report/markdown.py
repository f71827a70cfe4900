"""The report of an incident as Markdown: what happened, who knew what when, what was said."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from crisisroom.report import (
    md_duties,
    md_heard,
    md_kept,
    md_release,
    md_review,
    md_said,
    md_timeline,
    md_words,
)
from crisisroom.report import md_sections as about
from crisisroom.report.md import section, trimmed
from crisisroom.report.model import Record
from crisisroom.report.page import Page

_AT_ONCE = 500  # lines


def dump(record: Record, zone: str = "") -> Iterator[bytes]:
    """Return the report in UTF-8, part by part; times are of `zone` (the incident's) and UTC."""
    return _written(_parts(Page.of(record, zone)))


def _written(parts: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Yield the lines of all parts, a few hundred at a time, without an empty one at the end."""
    lines = trimmed(line for part in parts for line in part)
    while some := [*itertools.islice(lines, _AT_ONCE)]:
        yield "".join(f"{line}\n" for line in some).encode()


def _parts(page: Page) -> Iterator[Iterable[str]]:
    yield about.head(page)
    yield section("At a glance", about.glance(page))
    yield section("Highlights", md_timeline.highlights(page))
    yield section("Emergency releases", md_release.releases(page))
    yield section("Impact", md_heard.impact(page))
    yield section("How it was detected", md_heard.detected(page))
    yield section("Asked before declaring", md_review.answers(page))
    yield section("Volume", md_heard.volume(page))
    yield section("Statements", md_words.statements(page), "No statement was written.")
    yield section("Corrections owed", md_said.corrections(page))
    yield section("Replies", md_words.replies(page), "No reply was written.")
    yield section("What we promised", md_said.promises(page))
    yield section("Paused", md_said.pauses(page))
    yield section("Checklist", about.checklist(page), "The playbook has no tasks.")
    yield section("What came late", md_duties.lateness(page))
    yield section("What we knew", about.facts(page))
    yield section("Decisions", md_kept.decisions(page))
    yield section("Questions to colleagues", md_said.questions(page))
    yield section("Legal duties", md_duties.duties(page))
    yield section("Enquiries", md_duties.enquiries(page))
    yield section("Who held which role", md_kept.roles(page), "Nobody took a role.")
    yield section("How the plan grew", md_review.growth(page))
    yield section("Escalations", md_duties.escalations(page))
    yield section("Contacts called", about.calls(page))
    yield section("Figures", about.figures(page))
    yield section("Mentions", md_heard.mentions(page), "No mention was added.")
    yield section("Evidence", md_kept.evidence(page))
    yield section("Hold", md_kept.holds(page))
    yield section("Contributing factors", md_review.factors(page))
    yield section("Review", md_review.review(page))
    yield section("What should change in the programme", md_kept.programme(page))
    yield section("Corrective actions", md_kept.actions(page), "None was noted.")
    yield section("Timeline", md_timeline.timeline(page))
    yield section("Integrity", about.integrity(page))
