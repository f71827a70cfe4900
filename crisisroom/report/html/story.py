"""The sections of the report in the order they are read: for a screen, for paper, for a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crisisroom.report.html import after, owed, plan
from crisisroom.report.html.blocks import Block, Para, Section
from crisisroom.report.html.glance import Glance
from crisisroom.report.html.impact import impact, stories
from crisisroom.report.html.said import Speech
from crisisroom.report.html.timeline import timeline
from crisisroom.report.metrics import metrics
from crisisroom.report.page import Page


def sections(page: Page) -> Iterator[Section]:
    """Yield the sections that have something to say; each is made when it is written."""
    figures = {one.id: one for one in metrics(page.record)}
    glance, speech = Glance(page, figures), Speech(page)
    every = (
        Section("glance", "At a glance", glance.blocks()),
        Section("volume", "What was said of us, and what we did", glance.volume()),
        _or_not("impact", "Impact, and how it was detected", impact(page)),
        Section("timeline", "Timeline", timeline(page)),
        _or_not("released", "Emergency releases", speech.released()),
        _or("statements", "Statements", speech.statements(), "No statement was written."),
        _or("replies", "Replies", speech.replies(figures), "No reply was written."),
        _or_not("promises", "What we promised", owed.promises(page)),
        _or("roles", "Who held which role", plan.roles(page), "Nobody took a role."),
        _or_not("facts", "What we knew when", plan.facts(page)),
        _or_not("decisions", "Decisions", plan.decisions(page)),
        _or("checklist", "Checklist", plan.checklist(page), "The playbook has no tasks."),
        _or_not("late", "What came late", owed.lateness(page)),
        _or_not("duties", "Legal duties", owed.duties(page)),
        _or_not("enquiries", "Enquiries", owed.enquiries(page)),
        _or_not("escalations", "Escalations", owed.escalations(page)),
        _or_not("contacts", "Contacts called", owed.calls(page)),
        Section("metrics", "Metrics", after.figures(page, figures), _METRICS),
        _or_not("stories", "What people complained of", stories(page)),
        _or("mentions", "Mentions", after.mentions(page), "No mention was added."),
        _or_not("evidence", "Evidence", after.evidence(page), _EVIDENCE),
        _or_not("hold", "Hold", after.holds(page), _HOLD),
        _or_not("factors", "Contributing factors", after.factors(page), _FACTORS),
        _or_not("programme", "What should change in the programme", after.programme(page)),
        _or_not("review", "Review", after.review(page)),
        _or("actions", "Corrective actions", after.actions(page), "None was noted."),
        _or_not("asked", "Asked before declaring", plan.asked(page)),
        _or_not("growth", "How the plan grew", plan.growth(page)),
        Section("integrity", "Integrity", after.integrity(page)),
    )
    return (section for section in every if section is not None)


_METRICS = "Each figure names the two entries it runs between. What never began is no zero."
_EVIDENCE = "Kept as it was seen, by the hash of its bytes. Nothing of it is shown here."
_HOLD = "While it is on hold nothing of it may be purged or erased; only Legal lifts it."
_FACTORS = "Of things and circumstances, never of a person."


def _or_not(id_: str, title: str, blocks: Iterator[Block], intro: str = "") -> Section | None:
    """Return a section, None where it would be empty."""
    first = next(blocks, None)
    return None if first is None else Section(id_, title, _again(first, blocks), intro)


def _or(id_: str, title: str, blocks: Iterator[Block], empty: str) -> Section:
    """Return a section that says so where there is nothing."""
    first = next(blocks, None)
    return Section(id_, title, _again(first or Para(empty, quiet=True), blocks))


def _again(first: Block, rest: Iterator[Block]) -> Iterable[Block]:
    yield first
    yield from rest
