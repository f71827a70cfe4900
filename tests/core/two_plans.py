"""Two playbooks that share names, and mean other things by some of them."""

from __future__ import annotations

from crisisroom.core.condition import Condition
from crisisroom.core.playbook import (
    Answer,
    Approval,
    Cadence,
    Calm,
    Consequence,
    Contact,
    Deadline,
    Escalation,
    EscalationStep,
    Fact,
    Guardrails,
    KeyMessage,
    Phase,
    Playbook,
    Reach,
    Resolve,
    Review,
    Role,
    Severity,
    SlowDown,
    StatementTemplate,
    Task,
    Variant,
)
from crisisroom.core.references import parts, references

DEFECT = Playbook(
    schema=1,
    id="defect",
    title="A defect",
    version=1,
    severities=(Severity("sev1", "Grave"), Severity("sev2", "Serious"), Severity("sev3", "Minor")),
    facts=(Fact("what", "what goes wrong", may_fill=True), Fact("since", "since when")),
    roles=(Role("lead", "Lead", backup="bo"), Role("legal", "Legal")),
    contacts=(
        Contact("bo", "Bo", (Reach("phone", "+49 30 1"),), roles=("lead",)),
        Contact("press", "The press office", (Reach("phone", "+49 30 2"),)),
    ),
    phases=(
        Phase(
            "first",
            "First hour",
            (
                Task("pause", "Pause posts", role="lead", within=300, required=True),
                Task("ask", "Ask the plant", needs=("pause",), needs_facts=("what",)),
            ),
        ),
        Phase("later", "Later", (Task("thank", "Thank those who helped"),)),
    ),
    statements=(
        StatementTemplate("holding", "holding", "First", "It {{fact.what}}.", approval="words"),
    ),
    key_messages=(KeyMessage("sorry", "Sorry", "We are sorry."),),
    faq=(Answer("when", "Since when?", "We look into it."),),
    approvals=(Approval("words", by=("legal",), preapproved=("holding",)),),
    cadences=(
        Cadence("public", "public", "holding", 1800, {"sev1": 900, "sev2": 1800, "sev3": 3600}),
    ),
    guardrails=Guardrails(forbid=("no risk",), max_public_replies=3),
    reply_approval="words",
    resolve=Resolve(calm=Calm(quiet=3600, below=3)),
    review=Review(questions=("What was late?",)),
)

HOAX = Playbook(
    schema=1,
    id="hoax",
    title="A hoax",
    version=2,
    severities=(Severity("high", "High"), Severity("low", "Low")),
    facts=(
        Fact("what", "what they claim", may_fill=True),
        Fact("since", "since when", ask="When did it begin?"),
        Fact("true", "is it true", type="yes-no", confirm_by="lead"),
    ),
    roles=(Role("lead", "Crisis lead", backup="zoe"), Role("press", "Press officer")),
    contacts=(
        Contact("zoe", "Zoe", (Reach("phone", "+49 30 3"),)),
        Contact("lead", "The lead's desk", (Reach("phone", "+49 30 4"),)),
    ),
    escalations=(Escalation("wake", "Wake them", (EscalationStep(("lead", "zoe")),)),),
    phases=(
        Phase(
            "first",
            "First hour",
            (
                Task("pause", "Pause everything", role="press", within=600, required=True),
                Task(
                    "rebut",
                    "Show what is true",
                    within=1800,
                    when=Condition("is", subject="fact.true", values=("no",)),
                    needs=("pause",),
                    on_overdue=(Consequence(escalate="wake"), Consequence(notify="press")),
                ),
                Task("grave", "Call the CEO", when=Condition("is", (), "severity", ("high",))),
                Task("ring", "Ring them", after="task.pause", within=60),
            ),
        ),
        Phase(
            "later", "The day after", (Task("watch", "Watch it", after="phase.later", within=9),)
        ),
    ),
    statements=(
        StatementTemplate(
            "holding",
            "holding",
            "First",
            "They say {{fact.what}}. Since {{ fact.since }}.",
            approval="words",
            variants={"mastodon": Variant("{{fact.what}}?")},
        ),
    ),
    key_messages=(KeyMessage("sorry", "Sorry", "We are sorry."),),
    approvals=(Approval("words", by=("lead",), preapproved=("holding",)),),
    cadences=(
        Cadence("public", "public", "holding", 600, {"high": 600, "low": 1200}),
        Cadence(
            "inside",
            "employees",
            "holding",
            600,
            {"high": 60, "low": 120},
            then=(SlowDown(7200, {"high": 300, "low": 600}),),
        ),
    ),
    deadlines=(Deadline("police", "Report it", starts="what", within="72h", role="press"),),
    guardrails=Guardrails(forbid=("fake news",), max_public_replies=2),
    reply_approval="words",
    resolve=Resolve(tasks="all", calm=Calm(quiet=7200, below=5, next_morning=False)),
    review=Review(questions=("Who began it?",), owner="press"),
)


def assert_whole(plan: Playbook) -> None:
    """Fail if an id stands twice or anything refers to nothing."""
    names = [name for name, _ in parts(plan)]
    assert len(names) == len(set(names))
    known = {*names, *(("severity", one.id) for one in plan.severities), ("", "")}
    people = {name for kind, name in names if kind in ("role", "contact")}
    strangers = {
        (kind, name)
        for kind, name in references(plan)
        if (kind, name) not in known and not (kind in ("role", "contact") and name in people)
    }
    assert not strangers
