"""A plan that uses all there is, with a personal text in every place that only concerns us."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from core.night import plan

from crisisroom.core.naming import new_id
from crisisroom.core.playbook import Playbook

YAML = """
schema: 1
id: whole
title: "A whole night"
version: 2
summary: "SECRET"
severities:
  - {id: sev1, label: "Crisis", when_to_use: "SECRET"}
  - {id: sev2, label: "Serious"}
questions:
  - {id: harm, ask: "SECRET", yes: sev1}
  - {id: truth, ask: "SECRET"}
facts:
  - {id: what, label: "What happened", ask: "SECRET", may_fill: yes}
  - {id: count, label: "How many", type: number, unit: people, may_fill: yes}
  - {id: data, label: "Personal data", type: choice, options: [yes, no], confirm_by: legal}
  - {id: aware, label: "Aware since", type: time}
roles:
  - id: lead
    title: "Crisis lead"
    required: yes
    backup: SECRET-ID
    within: 10m
    duties: "SECRET"
  - {id: legal, title: "Legal"}
  - {id: social, title: "Social media", required: yes, backup: cy, within: 20m}
contacts:
  - id: SECRET-ID
    name: "SECRET"
    roles: [lead]
    reach: [{by: phone, to: "+49 30 555 1"}, {by: signal, to: "SECRET"}]
    note: "SECRET"
  - {id: cy, name: "SECRET", roles: [legal], reach: [{by: phone, to: "+49 30 555 2"}]}
escalations:
  - id: wake
    title: "SECRET"
    rounds: 1
    steps: [{call: [lead], wait: 5m}, {call: [cy], wait: 5m}]
  - id: law
    title: "SECRET"
    steps: [{call: [legal], wait: 9m}]
phases:
  - id: assess
    title: "Assess"
    tasks:
      - id: pause
        title: "Pause posts"
        role: social
        within: 5m
        required: yes
        detail: "SECRET"
        on_done: [{note: "SECRET"}]
        on_overdue: [{escalate: wake}, {notify: legal}]
      - {id: sheet, title: "Fill the sheet", within: 15m, done_when: {set: fact.what}}
      - {id: dpo, title: "Call the officer", within: 30m, when: {is: {fact.data: yes}}}
      - {id: phone, title: "Ring them once more", within: 9m, after: task.dpo}
      - {id: crowd, title: "Count the crowd", when: {at_least: {fact.count: 50}}, within: 1h}
      - {id: threads, title: "Look at the threads", within: 30m, repeat: 45m}
      - {id: sworn, title: "Ask SECRET-NAME", within: 50m}
  - id: respond
    title: "Respond"
    tasks:
      - {id: holding, title: "Publish", within: 20m, after: phase.respond, needs: [sheet, dpo]}
  - id: hush
    title: "SECRET"
    tasks:
      - {id: quiet, title: "SECRET", when: {is: {fact.data: yes}}}
statements:
  - {id: update, kind: update, title: "Update", approval: words, text: "SECRET"}
key_messages:
  - {id: refund, title: "Refund", text: "SECRET"}
approvals:
  - id: words
    steps: [{by: [legal], within: 10m}, {by: [lead, social], rule: all, within: 10m}]
    expires_after: 2h
    break_glass: [lead]
    on_overdue: [{notify: lead}]
cadences:
  - id: public
    audience: public
    statement: update
    first_within: 30m
    every: {sev1: 20m, sev2: 1h}
    after_news: 15m
    on_overdue: [{notify: lead}]
  - id: users
    audience: users
    statement: update
    first_within: 1h
    every: {sev1: 1h, sev2: 1h}
    when: {is: {fact.data: yes}}
deadlines:
  - {id: gdpr, title: "SECRET", starts: aware, within: 72h, role: legal, law: "SECRET"}
  - {id: nis, title: "SECRET", starts: what, within: 24h, law: "SECRET", detail: "SECRET"}
  - {id: stock, title: "SECRET", starts: what, within: 4bd, when: {is: {fact.data: yes}}}
source_of_truth: "https://example.org/now"
review:
  owner: lead
  due: 5bd
  sections: ["What SECRET", "What we change"]
  metrics: [first_statement, deadline_margin]
  questions: ["SECRET?"]
drill:
  - {at: 1m, inject: "SECRET", to: lead}
"""

PERSONAL = re.compile(r"zq\d+x|49.?30.?555", re.IGNORECASE)
"""What no stranger may read: every personal text of the night has it."""

Secret = Callable[[], str]


def secrets() -> Secret:
    """Return a maker of personal texts: `zq1x name`, `zq2x name` …, told apart by their start."""
    numbers = itertools.count(1)
    return lambda: f"Zq{next(numbers)}x Name"


def playbook(secret: Secret) -> Playbook:
    """Return the plan with a personal text in every place that only concerns us."""
    contact, name = secret(), secret()
    ident = new_id(contact, "c", ())
    text = YAML.replace("SECRET-ID", ident).replace("SECRET-NAME", name)
    text = text.replace('name: "SECRET"', f'name: "{name}"', 1)
    while "SECRET" in text:
        text = text.replace("SECRET", secret(), 1)
    return plan(text)
