"""Which figures there are: their order, what they are called, and which way is better."""

from __future__ import annotations

from typing import Literal

import msgspec

Unit = Literal["seconds", "share", "count"]
Better = Literal["less", "more"]


class Figure(msgspec.Struct, frozen=True):
    """One figure: `seconds` of a span, a `share` of so many, or a `count` out of so many."""

    id: str
    label: str
    unit: Unit = "seconds"
    better: Better = "less"
    public: bool = False  # strangers may know it: it tells of nothing that only concerns us


MARGIN = "deadline_margin"

PARTS: tuple[tuple[str, tuple[Figure, ...]], ...] = (
    (
        "There in time",
        (
            Figure("time_to_detect", "first sign to noticed"),
            Figure("time_to_triage", "early warning to first post sorted"),
            Figure("alert_acknowledged", "first alert to acknowledged"),
            Figure("alert_to_lead", "first alert to somebody leading"),
            Figure("alert_to_declare", "early warning to declared"),
            Figure("time_to_declare", "first mention to declared", public=True),
            Figure("time_to_staff", "declared to all required roles held", public=True),
        ),
    ),
    (
        "Our words",
        (
            Figure("first_statement", "declared to first statement", public=True),
            Figure("public_wait", "first mention to first statement", public=True),
            Figure("first_reply_median", "first reply, median", public=True),
            Figure("first_reply_p90", "first reply, nine in ten within", public=True),
            Figure("first_reply_in_time", "first replies within the target", "share", "more"),
            Figure("approval_wait", "longest wait for an approval", public=True),
            Figure("approval_step", "longest wait for one step of an approval", public=True),
        ),
    ),
    (
        "What was due",
        (
            Figure("tasks_on_time", "tasks done on time", "share", "more", True),
            Figure("required_on_time", "required tasks done on time", "share", "more"),
            Figure("tasks_skipped", "tasks skipped", "share"),
            Figure("updates_kept", "updates sent on time", "share", "more", True),
            Figure("update_lateness", "late updates, how late on average", public=True),
            Figure("longest_silence", "longest silence of ours", public=True),
        ),
    ),
    (
        "Owed to others",
        (
            Figure("enquiry_wait", "longest wait for an answer to an enquiry"),
            Figure("enquiries_on_time", "enquiries answered by their deadline", "share", "more"),
            Figure("deadlines_met", "legal duties met in time", "share", "more"),
            Figure(MARGIN, "least time left at a legal duty", better="more"),
        ),
    ),
    (
        "Calls",
        (
            Figure("escalations", "escalations acknowledged", "share", "more"),
            Figure("escalation_steps", "most calls until somebody had it", "count"),
            Figure("time_to_acknowledge", "longest call until somebody acknowledged"),
            Figure("human_contact", "first call to a person reached"),
        ),
    ),
    (
        "The crowd",
        (
            Figure("mentions_triaged", "posts that somebody sorted", "share", "more"),
            Figure("mentions_answered", "posts answered, of those that need it", "share", "more"),
            Figure("peak_hour", "posts in the loudest hour", "count"),
            Figure("decay", "loudest hour until back under the usual"),
        ),
    ),
    (
        "To the end",
        (
            Figure("time_to_calm", "declared to calm"),
            Figure("time_to_resolve", "declared to resolved", public=True),
        ),
    ),
)
"""The figures in their order, those of a kind together under a title."""

FIGURES = {one.id: one for _, figures in PARTS for one in figures}
"""The figures by id, in their order; those of single duties follow the least of them."""


def of_duty(duty: str, title: str) -> Figure:
    """Return the figure of the time that was left at one legal duty."""
    return Figure(f"{MARGIN}:{duty}", f"time left: {title}", better="more")


def figure_of(metric_id: str, label: str) -> Figure:
    """Return the figure with an id, that of a single duty included."""
    known = FIGURES.get(metric_id)
    return known or of_duty(metric_id.partition(":")[2], label.partition(": ")[2])


def part_of(metric_id: str) -> str:
    """Return the title under which a figure stands, that of a single duty included."""
    name = metric_id.partition(":")[0]
    return next(title for title, figures in PARTS if any(one.id == name for one in figures))
