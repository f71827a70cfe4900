"""The actions of afterwards: the review, corrective actions, what should change."""

from __future__ import annotations

from crisisroom.tui import reasons
from crisisroom.tui.action import CASE, Action

AFTER: tuple[Action, ...] = (
    Action(
        "review",
        ("l",),
        "review",
        "what to learn: sections and questions, factors, actions, the programme",
        CASE,
        reason=reasons.needs_any_incident,
    ),
    Action(
        "actions",
        (),
        "corrective actions",
        "what should change afterwards: whose it is, by when, what is late",
        CASE,
        reason=reasons.needs_any_incident,
    ),
    Action(
        "programme",
        (),
        "programme",
        "what people complained of, what we promised them, who mends it",
        CASE,
        reason=reasons.needs_any_incident,
    ),
)
