"""A plan with an approval of two steps, and five people who may hold every part in it."""

from __future__ import annotations

import msgspec
from room.people import PLAN as KETTLE
from room.people import SETTINGS

from crisisroom.config import Member
from crisisroom.core.condition import Condition
from crisisroom.core.playbook import Approval, ApprovalStep, Fact, Role, StatementTemplate

GRAVE = Condition(
    "any",
    (
        Condition("is", (), "severity", ("sev1",)),
        Condition("is", (), "fact.injury", ("yes",)),
    ),
)
STEPS = (
    ApprovalStep(by=("legal", "lead"), within=600, fallback=("exec",)),
    ApprovalStep(by=("exec", "lead"), rule="all", within=300, fallback=("owner",), when=GRAVE),
)
READY = "Do not use {{fact.product}} for now. We write again by {{next_update}}."
PLAN = msgspec.structs.replace(
    KETTLE,
    facts=(*KETTLE.facts, Fact("injury", "Injury", type="yes-no")),
    roles=(*KETTLE.roles, Role("exec", "Executive"), Role("owner", "Owner")),
    statements=(
        StatementTemplate("holding", "holding", "First words", READY, approval="words"),
        StatementTemplate("update", "update", "News", "There is news.", approval="words"),
    ),
    approvals=(
        Approval(
            "words",
            steps=STEPS,
            expires_after=3600,
            preapproved=("holding",),
            break_glass=("lead", "owner"),
        ),
    ),
)
EVERY = ("lead", "social", "legal", "exec", "owner")
TEAM = tuple(Member(name, name.title(), EVERY) for name in ("ada", "bo", "cy", "dee", "eli"))
OURS = msgspec.structs.replace(SETTINGS, team=TEAM)
