"""A small playbook with a drill of ten minutes, in which one of everything comes late."""

from __future__ import annotations

from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook

HEAD = """\
schema: 1
id: small
title: "The small crisis"
version: 3
reviewed: 2026-11-20
owner: lead
source_of_truth: "https://www.example.org/facts"
match: {keywords: [smoke]}
severities:
  - {id: sev1, label: "Bad"}
  - {id: sev2, label: "Less bad"}
facts:
  - {id: what, label: "what happens", may_fill: yes}
  - {id: hurt, label: "anybody hurt", type: yes-no, confirm_by: legal}
roles:
  - {id: lead, title: "Lead", required: yes, backup: bo, within: 5m}
  - {id: social, title: "Social", required: yes, backup: ada}
  - {id: legal, title: "Legal", required: yes, backup: ada}
  - {id: scribe, title: "Scribe"}
contacts:
  - {id: ada, name: "Ada", roles: [lead, legal], reach: [{by: phone, to: "+00 1"}]}
  - {id: bo, name: "Bo", roles: [lead, social], reach: [{by: phone, to: "+00 2"}]}
  - {id: cleo, name: "Cleo", roles: [legal], reach: [{by: phone, to: "+00 3"}]}
phases:
  - id: first
    title: "First"
    tasks:
      - {id: pause, title: "Pause posts", role: social, within: 2m, required: yes}
      - {id: call, title: "Call the plant", role: lead, within: 3m, evidence: note}
      - id: help
        title: "Help who is hurt"
        role: lead
        within: 4m
        when: {is: {fact.hurt: "yes"}}
      - {id: never, title: "Never done", role: scribe, within: 5m}
      - {id: later, title: "Not due yet", within: 2h}
approvals:
  - {id: words, by: [legal], within: 5m}
reply_approval: words
statements:
  - id: holding
    kind: holding
    title: "Holding"
    audience: public
    approval: words
    needs_facts: [what]
    text: "We know that it {{fact.what}}. More at {{source_of_truth}} by {{next_update}}."
  - id: staff
    kind: internal
    title: "To colleagues"
    audience: employees
    text: "Dear colleagues, all we know is at {{source_of_truth}}."
greeting: "Hello {{handle}},"
sign_off: "{{me}}"
key_messages:
  - id: sorry
    title: "Sorry"
    when: [smoke, smokes]
    text: "We are sorry that it smokes. Unplug it."
cadences:
  - id: public
    audience: public
    statement: holding
    first_within: 5m
    every: {sev1: 20m, sev2: 1h}
    warn: 1m
    on_overdue: [{note: "The public waits for an update"}]
"""

DRILL = """\
drill:
  - {at: 0s, mention: {text: "It smokes!", handle: "pat@fans.example", source: social}}
  - {at: 30s, inject: "A reporter calls.", to: lead}
  - {at: 1m, declare: sev1, by: lead}
  - {at: 2m, done: pause, by: social}
  - {at: 3m, fact: {what: "smokes", hurt: "yes"}, by: social}
  - {at: 5m, done: call, given: "they are coming", by: lead}
  - {at: 6m, inject: "The power is gone."}
  - {at: 7m, publish: holding, by: social}
  - {at: 8m, mention: {text: "Mine smokes too", handle: "kim@fans.example", source: social}}
  - {at: 9m, publish: staff, by: lead}
  - {at: 10m, inject: "Nobody reads this.", to: scribe}
"""


def small(drill: str = DRILL, head: str = HEAD) -> Playbook:
    """Return the small playbook with a drill of these lines."""
    playbook, problems = load_playbook(head + drill, "small.yaml")
    assert playbook is not None, [str(problem) for problem in problems]
    return playbook
