"""One playbook that uses the whole vocabulary, small enough to read at a glance."""

from __future__ import annotations

WHOLE = """\
schema: 1
id: whole
title: "Everything at once"
version: 3
summary: "A plan that uses every key"
language: en
owner: lead
reviewed: 2026-10-01
review_every: 180d
match:
  keywords: [smoke, "does not work"]
  without: [drill]
  authors: 4
  window: 30m
severities:
  - {id: sev1, label: "Crisis", when_to_use: "somebody is hurt"}
  - {id: sev2, label: "Serious"}
questions:
  - {id: harm, ask: "Is anybody hurt?", yes: sev1}
facts:
  - {id: what, label: "what happened", may_fill: yes}
  - {id: injury, label: "injury", type: yes-no, confirm_by: lead}
  - {id: data, label: "personal data", type: choice, options: [yes, no, unclear]}
  - {id: affected, label: "affected", type: number, unit: customers}
  - {id: aware, label: "aware since", type: time}
roles:
  - {id: lead, title: "Lead", required: yes, backup: bo, within: 10m, duties: "Decides."}
  - {id: social, title: "Social"}
  - {id: legal, title: "Legal"}
contacts:
  - id: ada
    name: "Ada"
    roles: [lead]
    reach:
      - {by: phone, to: "+00 000 001"}
      - {by: email, to: "ada@example.org"}
    timezone: Europe/Berlin
    checked: 2026-10-01
  - id: bo
    name: "Bo"
    roles: [lead, legal]
    reach: [{by: phone, to: +00000002}]
escalations:
  - id: call-lead
    title: "Call the lead"
    steps:
      - {call: [ada], wait: 5m}
      - {call: [bo, legal], wait: 5m}
    rounds: 2
    when:
      is: {severity: [sev1]}
phases:
  - id: assess
    title: "Assess"
    tasks:
      - id: pause
        title: "Pause all posts"
        role: social
        within: 5m
        warn: 1m
        required: yes
        evidence: note
        on_done: [{note: "Posts are paused"}]
        on_overdue: [{escalate: call-lead, after: 1m}]
      - id: facts
        title: "Fill the sheet"
        role: lead
        within: 15m
        warn: 5m
        done_when: {all: [{set: fact.what}, {set: fact.data}]}
      - id: dpo
        title: "Call the data officer"
        role: legal
        when: {is: {fact.data: [yes, unclear]}}
        after: fact.data
        within: 30m
  - id: respond
    title: "Respond"
    tasks:
      - id: hold
        title: "Publish the holding statement"
        role: social
        needs: [pause, facts]
        needs_facts: [what]
        after: task.facts
        within: 30m
        evidence: statement
      - {id: again, title: "Look again", repeat: 30m, after: phase.respond, within: 1h}
      - {id: evening, title: "Brief the night shift", at: "17:30", warn: 30m}
      - {id: many, title: "Call the factory", when: {at_least: {fact.affected: 100}}}
      - id: thanks
        title: "Thank those who helped"
        when: {any: [{is: {statement.holding: sent}}, {not: {set: role.legal}}]}
        after: statement.holding
        within: 1d
key_messages:
  - {id: sorry, title: "Sorry", text: "We are sorry, {{handle}}.", when: [angry],
     expires: 2027-01-31, private: yes, thanks: no, also: ["Sorry, {{handle}}."], relies: [what]}
faq:
  - {id: safe, question: "Is it safe?", answer: "We test it now: {{fact.what}}.",
     expires: 2027-02-28}
statements:
  - id: holding
    kind: holding
    title: "Holding"
    audience: public
    approval: words
    needs_facts: [what]
    must_say: [empathy, next_update, where]
    promise_next: 1h
    text: |
      {{fact.what}} We are sorry.
      We write again by {{next_update}}: {{source_of_truth}}
    variants:
      x:
        most: 120
        text: "{{fact.what}} We write by {{next_update}}: {{source_of_truth}}"
  - id: staff
    kind: internal
    title: "Colleagues"
    audience: employees
    text: "Please send questions to {{me}}."
approvals:
  - id: words
    steps:
      - {by: [legal, lead], rule: any, within: 10m, fallback: [social]}
      - {by: [lead], when: {is: {severity: sev1}}}
    expires_after: 2h
    preapproved: [holding]
    break_glass: [lead]
    on_overdue: [{notify: ada}]
  - {id: quick, by: [legal], within: 5m}
cadences:
  - id: public
    audience: public
    statement: holding
    first_within: 30m
    every: {sev1: 20m, sev2: 1h}
    then:
      - {after: 2h, every: {sev1: 1h}}
      - {after: 6h, every: {sev1: 2h, sev2: 4h}}
    when: {is: {severity: [sev1, sev2]}}
    warn: 5m
    on_overdue: [{notify: social}, {escalate: call-lead, after: 10m}]
  - {id: news, audience: partners, statement: staff, first_within: 1h, after_news: 30m}
deadlines:
  - id: gdpr
    title: "Data protection authority"
    starts: aware
    within: 72h
    when: {is: {fact.data: yes}}
    warn: 12h
    role: legal
    law: "GDPR Art. 33"
    on_overdue: [{note: "The authority was told late"}]
guardrails:
  forbid: ["guarantee"]
  no_comment: ["no comment"]
  warn: ["by tomorrow"]
  promises: ["we will refund"]
  blame: ["their fault"]
  max_public_replies: 2
  never_answer: [troll]
  numbers: [AB-000000]
greeting: "Hello {{handle}},"
sign_off: "{{me}}"
pointer: "All we know: {{source_of_truth}}"
translations:
  - language: de
    greeting: "Hallo {{handle}},"
    words: {sorry: "Es tut uns leid, {{handle}}."}
    statements:
      holding: "{{fact.what}} Es tut uns leid. Bis {{next_update}}: {{source_of_truth}}"
goes_to: {press: social, regulator: legal}
reply_approval: words
source_of_truth: "https://www.example.org/help"
resolve:
  tasks: required
  deadlines: yes
  calm: {quiet: 2h, below: 3}
review:
  due: 5bd
  owner: lead
  sections: [summary]
  metrics: [ttd]
  questions: ["Which sign did we see first?"]
  optional: [summary]
  factors: ["What made it likely?"]
  first_reply: 30m
drill:
  - {at: 0m, mention: {text: "It smokes!", handle: "@pat", reach: 1200}}
  - {at: 1m, declare: sev1, by: lead}
  - {at: 2m, inject: "A journalist calls", to: social}
  - {at: 3m, fact: {what: "It smokes.", data: unclear}, by: lead}
  - {at: 4m, done: pause, given: "paused"}
  - {at: 9m, publish: holding, by: social}
  - {at: 1h, met: gdpr, given: "file 4711", by: legal}
"""
