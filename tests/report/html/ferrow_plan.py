"""The plan of a night that reads like a real one, for what has to be looked at."""

from __future__ import annotations

PLAN = """
schema: 1
id: billing-error
title: "Billing error"
version: 3
severities:
  - {id: sev1, label: "Crisis"}
  - {id: sev2, label: "Serious"}
  - {id: sev3, label: "Watch"}
questions:
  - {id: harm, ask: "Is anybody overdrawn because of it?", yes: sev1}
  - {id: truth, ask: "Is it really our doing, and still going on?", yes: sev1}
facts:
  - {id: what, label: "What we got wrong", may_fill: yes}
  - {id: affected, label: "How many people", type: number, unit: people, may_fill: yes}
  - {id: stopped, label: "Has it stopped", type: yes-no, confirm_by: finance}
  - {id: refund, label: "Refund by", may_fill: yes, confirm_by: finance}
  - {id: cause, label: "How it happened", confirm_by: finance}
  - {id: aware, label: "Aware since", type: time}
  - {id: data, label: "Personal data", type: yes-no}
roles:
  - {id: lead, title: "Crisis lead", required: yes, backup: hal, within: 10m}
  - {id: social, title: "Social officer", required: yes, backup: grace}
  - {id: finance, title: "Billing and payments", required: yes, backup: hal}
  - {id: legal, title: "Legal"}
contacts:
  - {id: grace, name: "Grace Hale", roles: [finance], reach: [{by: phone, to: "+00 000 000 001"}]}
  - {id: hal, name: "Hal Venn", roles: [legal], reach: [{by: phone, to: "+00 000 000 002"}]}
escalations:
  - id: finance-up
    title: "Reach Billing and payments"
    rounds: 1
    steps: [{call: [grace], wait: 5m}, {call: [hal], wait: 5m}]
phases:
  - id: first
    title: "First minutes"
    tasks:
      - id: pause
        title: "Pause scheduled posts and ads"
        role: social
        within: 5m
        required: yes
      - {id: stop, title: "Stop the renewal run", role: finance, within: 15m, required: yes}
      - {id: sheet, title: "Fill the fact sheet", role: lead, within: 15m, required: yes}
  - id: answer
    title: "Answer"
    tasks:
      - id: holding
        title: "Publish the holding statement"
        role: social
        within: 30m
        required: yes
      - {id: phone, title: "Brief the phone line", role: lead, within: 45m}
      - {id: need, title: "Find those who cannot wait", role: finance, within: 1h}
      - {id: watch, title: "Look at the threads again", role: social, within: 40m, repeat: 40m}
  - id: after
    title: "Afterwards"
    tasks:
      - {id: thank, title: "Thank those who told us", role: social, within: 4h}
      - {id: shop, title: "Check the shop's own banner", within: 2h}
statements:
  - {id: holding, kind: holding, title: "Holding", approval: words, text: "We see it."}
  - {id: update, kind: update, title: "Update", approval: words, text: "We know more."}
approvals:
  - {id: words, steps: [{by: [legal], within: 10m}, {by: [lead], within: 10m}]}
cadences:
  - id: public
    audience: public
    statement: update
    first_within: 30m
    every: {sev1: 45m, sev2: 1h30m}
deadlines:
  - {id: gdpr, title: "Tell the data protection authority", starts: aware, within: 72h, role: legal,
     law: "GDPR Art. 33", when: {is: {fact.data: yes}}}
  - {id: payments, title: "Report the payment incident", starts: aware, within: 4h, role: legal,
     law: "Payment services rules"}
review:
  owner: lead
  due: 5bd
  sections: ["Summary", "What went well", "What did not"]
  questions: ["What did people tell us before our monitoring did?"]
"""

QUOTES = (
    "Charged twice this morning, {n} euros gone. @ferrow what is going on?",
    "Same here, two payments of {n} euros. My account is overdrawn now.",
    "I was billed twice and support has a queue of an hour. Not funny, it is Sunday.",
    "@ferrow please tell me this second payment of {n} will come back",
    "Anyone else double charged by Ferrow last night? {n} euros, twice, same minute.",
    "Rent is due tomorrow and you took {n} euros too much. Fix this.",
    "Habe zweimal {n} Euro abgebucht bekommen. Bitte dringend melden!",
    "تم خصم المبلغ مرتين، {n} يورو. أرجو الرد.",
    "Third time this year. Looking for an alternative, any tips?",
    "Thanks for the quick answer, at least somebody is awake there.",
)

HOLDING = (
    "Some customers were charged by a technical fault last night. We are sorry. We are checking"
    " what happened and will tell you more.",
    "Some of you were charged twice last night. That is our mistake, and we are sorry.\n\n"
    "We have stopped the payment run and are finding out who is concerned. Please do not call your"
    " bank yet: we will tell you more by {{next}}.",
    "Some of you were charged twice last night. That is our mistake, and we are sorry.\n\n"
    "We have stopped the payment run and are finding out who is concerned. You do not have to do"
    " anything: every cent comes back by itself. We will tell you more here by 04:30.",
)

UPDATE = (
    "About 2,300 people were charged twice between 02:10 and 02:55 last night.\n\n"
    "All second payments are being returned and will be on your account by Tuesday, 24 November."
    " If you cannot wait, write to us and we help today.",
    "2,340 people were charged twice between 02:10 and 02:55 last night.\n\n"
    "All second payments have been returned and will be on your account by Tuesday, 24 November."
    " If you cannot wait that long, write to us: we help today, and we pay your bank's fees.",
)

OVER = (
    "All 2,340 second payments are on their way back. A payment run was started twice by hand; from"
    " now on two people have to agree before one starts. Thank you to everybody who told us.",
)

ANSWERS = (
    "Hello {handle}, you are right, and we are sorry. The second payment comes back by itself by"
    " Tuesday. If you cannot wait, write to us in private and we help today.",
    "Hello {handle}, that was our mistake. You need not do anything: it comes back by Tuesday.",
)
