"""Every act leaves an entry: each acting verb, what it writes, by whom, about what."""

from __future__ import annotations

import pytest
from cli.driver import Cli

from crisisroom.cli.commands import load
from crisisroom.cli.verbs import SUMMARIES
from crisisroom.core.timefilter import families

# Verbs on an incident that only look.
LOOKS = frozenset(
    """
    team fact.history open brief status timeline export metrics suggest review.show review.programme
    playbook.diff playbook.patch statement.show statement.diff statement.owed reply.show reply.diff
    since outbox.show bulk.preview evidence.show evidence.save evidence.check playbook.preview
    web
    """.split()  # noqa: SIM905 - a list of words reads as one
)

# What tests of their own show to leave entries: they need words, hooks, networks or stories.
ELSEWHERE = frozenset(
    """
    statement.edit statement.submit statement.approve statement.ask statement.code statement.reject
    statement.revoke statement.release statement.publish statement.confirm statement.withdraw
    statement.variant statement.correct statement.translate statement.retract statement.uphold
    statement.stands reply.edit reply.submit reply.approve reply.ask reply.code reply.reject
    reply.revoke reply.release reply.send reply.confirm reply.withdraw reply.retract reply.uphold
    reply.stands asks.void asks.refused question.answer bulk.send bulk.stop bulk.resume
    outbox.settle narrative.link narrative.unlink pause.set pause.run pause.resume promise.add
    promise.keep promise.drop private.close deadline.met line.set line.clear message.approve
    wording.uphold escalation.ack playbook.add playbook.switch cadence.snooze escalate resolve
    role.accept role.decline role.keep evidence.add review.edit import volume.count reopen
    outgoing.stop question.ask role.handover factor.drop deadline.waive review.state
    """.split()  # noqa: SIM905
)

ACTS: dict[str, tuple[str, ...]] = {
    "severity": ("INC-1", "sev1"),
    "retitle": ("INC-1", "Kettles burn"),
    "join": ("INC-1", "--as", "bo"),
    "note": ("INC-1", "it rang"),
    "decision": ("INC-1", "stop the sale"),
    "correct": ("INC-1", "1", "it was the door"),
    "pin": ("INC-1", "1"),
    "unpin": ("INC-1", "1"),
    "mark": ("INC-1", "1", "legal", "counsel"),
    "task done": ("INC-1", "pause-posts", "in the tool"),
    "task skip": ("INC-1", "TASK", "a test"),
    "task reopen": ("INC-1", "pause-posts"),
    "task assign": ("INC-1", "TASK", "bo"),
    "task add": ("INC-1", "ring the plant"),
    "fact set": ("INC-1", "affected", "batch 7", "--checking"),
    "fact confirm": ("INC-1", "affected"),
    "role take": ("INC-1", "lead"),
    "role leave": ("INC-1", "lead"),
    "role assign": ("INC-1", "lead", "bo"),
    "contact called": ("INC-1", "CONTACT"),
    "contact reached": ("INC-1", "CONTACT"),
    "contact message": ("INC-1", "CONTACT"),
    "action add": ("INC-1", "another supplier"),
    "action change": ("INC-1", "A-1", "--due", "2026-12-24"),
    "action done": ("INC-1", "A-1", "it was done"),
    "action reopen": ("INC-1", "A-1"),
    "action drop": ("INC-1", "A-1", "too dear"),
    "enquiry add": ("INC-1", "--outlet", "The Times", "why?"),
    "enquiry assign": ("INC-1", "EQ-1", "bo"),
    "enquiry answer": ("INC-1", "EQ-1", "we look into it"),
    "enquiry close": ("INC-1", "EQ-1"),
    "mention link": ("INC-1", "M-1"),
    "mention unlink": ("INC-1", "M-1"),
    "message add": ("INC-1", "Unplug it."),
    "message answer": ("INC-1", "Which batch?", "Batch 7."),
    "statement draft": ("INC-1", "holding"),
    "reply draft": ("INC-1", "M-2", "We look into it."),
    "review write": ("INC-1", "summary", "it burned"),
    "factor add": ("INC-1", "the supplier changed the part"),
    "restrict": ("INC-1", "--to", "bo"),
    "hold set": ("INC-1", "a claim is to be expected"),
    "hold lift": ("INC-1", "it is settled"),
}


def test_every_verb_on_an_incident_is_an_act_or_looks() -> None:
    on_incidents = {name for name in SUMMARIES if load(name).incident}
    told = LOOKS | ELSEWHERE | {name.replace(" ", ".") for name in ACTS}
    lists = {name for name in on_incidents if name.endswith(" list")}
    assert {one.replace(" ", ".") for one in on_incidents - lists} <= told


@pytest.fixture
def ready(crisis: Cli) -> Cli:
    crisis.ok("mention", "link", "INC-1", "M-2")
    return crisis


def test_every_act_leaves_an_entry(ready: Cli) -> None:
    contact = ready.json("contact", "list", "INC-1")[0]["id"]
    stands = {"CONTACT": contact}
    for name, given in ACTS.items():
        words = [stands.get(one, one) for one in given]
        if name in ("task skip", "task assign"):
            words[1] = ready.json("task", "add", "INC-1", f"for {name}")["id"]
        before = ready.json("timeline", "INC-1", "--last", "1")[0]["seq"]
        assert ready(*name.split(), *words).code == 0, name
        fresh = ready.json("timeline", "INC-1", "--after", str(before))
        mine = [one for one in fresh if one["source"] == "person"]
        assert mine, name
        assert all(families(one["kind"]) for one in fresh), name
        assert all(one["text"] and one["actor"] for one in mine), name
        assert all(one["actor"] != "room" for one in mine), name
        assert all(one["actor"] == "room" for one in fresh if one["source"] != "person"), name
