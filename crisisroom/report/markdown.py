"""The report of an incident as Markdown: what happened, who knew what when, what was said."""

from __future__ import annotations

from crisisroom.report import md_duties, md_release, md_review, md_words
from crisisroom.report import md_sections as about
from crisisroom.report.md import section
from crisisroom.report.model import Record
from crisisroom.report.page import Page


def dump(record: Record, zone: str = "") -> bytes:
    """Return the report in UTF-8; times are of `zone`, or else of the incident's, and UTC."""
    page = Page.of(record, zone)
    parts = [
        about.head(page),
        section("At a glance", about.glance(page)),
        section("Emergency releases", md_release.releases(page)),
        section("Asked before declaring", md_review.answers(page)),
        section("Statements", md_words.statements(page), "No statement was written."),
        section("Replies", md_words.replies(page), "No reply was written."),
        section("Checklist", about.checklist(page), "The playbook has no tasks."),
        section("What came late", md_duties.lateness(page)),
        section("What we knew", about.facts(page)),
        section("Decisions", about.decisions(page)),
        section("Legal duties", md_duties.duties(page)),
        section("Enquiries", md_duties.enquiries(page)),
        section("Who held which role", about.roles(page), "Nobody took a role."),
        section("How the plan grew", md_review.growth(page)),
        section("Mentions", about.mentions(page), "No mention was added."),
        section("Escalations", md_duties.escalations(page)),
        section("Contacts", about.calls(page)),
        section("Corrective actions", about.actions(page), "None was noted."),
        section("Review", md_review.review(page)),
        section("Timeline", about.timeline(page)),
        section("Integrity", about.integrity(page)),
    ]
    text = "\n".join(line for part in parts for line in part)
    return f"{text.rstrip()}\n".encode()
