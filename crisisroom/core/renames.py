"""What people write out of habit from other tools, and how it is written here."""

from __future__ import annotations

from collections.abc import Mapping

_NEWS = "write text: with {{next_update}} in it"
_REACH = 'a contact is reached by reach:, as lines like - {by: phone, to: "+49 …"}'

# by the name of the struct, or "" for all of them
KEYS: Mapping[str, Mapping[str, str]] = {
    "": {
        "description": "write detail:, or summary: at the top",
        "desc": "write detail:, or summary: at the top",
        "tz": "write timezone:",
        "lang": "write language:",
        "condition": "write when:",
        "if": "write when:",
        "approved_by": "write approval: and the id of one",
        "assignee": "write role: and a role's id",
        "warn_before": "write warn:",
        "max": "write most:",
    },
    "Playbook": {
        "name": "write title:",
        "severity": "write severities:, a list",
        "tasks": "write phases:, each with id:, title: and its tasks:",
        "checklist": "write phases:, each with id:, title: and its tasks:",
        "steps": "write phases:, each with id:, title: and its tasks:",
        "messages": "write key_messages:",
        "templates": "write statements:",
        "escalation": "write escalations:, a list",
        "deadline": "write deadlines:, a list",
        "cadence": "write cadences:, a list",
        "approval": "write approvals:, a list",
        "includes": "write include:, a list of files",
        "signature": "write sign_off:",
        "spike": "write authors: and window: under match:",
    },
    "Match": {
        "any": "write keywords: [..] and authors:, window: beside it",
        "spike": "write authors: and window:",
        "min_authors": "write authors:",
        "exclude": "write without:",
    },
    "Severity": {"title": "write label:", "name": "write label:", "when": "write when_to_use:"},
    "Question": {"question": "write ask:", "text": "write ask:", "title": "write ask:"},
    "Fact": {
        "title": "write label:",
        "name": "write label:",
        "question": "write ask:",
        "choices": "write options:",
        "values": "write options:",
        "required_for": "a statement names the facts it needs: needs_facts:",
        "kind": "write type:",
    },
    "Role": {
        "name": "write title:",
        "deputy": "write backup:",
        "responsibilities": "write duties:",
    },
    "Contact": {
        "phone": _REACH,
        "email": _REACH,
        "mail": _REACH,
        "mobile": _REACH,
        "tel": _REACH,
        "role": "write roles:, a list",
        "title": "write name:",
        "organisation": "write org:",
        "organization": "write org:",
    },
    "Reach": {
        "type": "write by:",
        "kind": "write by:",
        "value": "write to:",
        "number": "write to:",
    },
    "Escalation": {
        "repeat": "write rounds:",
        "until": "it always ends when somebody acknowledges: leave it out",
        "name": "write title:",
    },
    "EscalationStep": {
        "notify": "write call: and the ids of contacts or roles",
        "to": "write call: and the ids of contacts or roles",
        "contact": "write call: and the ids of contacts or roles",
        "role": "write call: and the ids of contacts or roles",
        "urgency": "a step is a call: leave it out",
        "timeout": "write wait:",
        "within": "write wait:",
    },
    "Consequence": {"timeline": "write note:", "call": "write notify:, or escalate:"},
    "Phase": {
        "enter": "a phase has no condition: give its tasks a when:",
        "when": "a phase has no condition: give its tasks a when:",
        "name": "write title:",
        "steps": "write tasks:",
        "items": "write tasks:",
    },
    "Task": {
        "due": "write within: 5m, and after: beside it",
        "name": "write title:",
        "owner": "write role: and a role's id",
        "depends_on": "write needs: and ids of tasks",
        "requires": "write needs:, or needs_facts:",
        "mandatory": "write required: yes",
        "optional": "leave it out, or write required: yes for the others",
        "note": "write detail:",
    },
    "StatementTemplate": {
        "body": "write text:",
        "message": "write text:",
        "max": "write variants:, then the channel, then text: and most:",
        "channels": "write variants:, by channel",
        "publish_within": "a cadence says when: first_within:",
        "next_update": _NEWS,
        "facts": "write needs_facts:",
        "type": "write kind:",
    },
    "Variant": {"limit": "write most:", "length": "write most:", "body": "write text:"},
    "KeyMessage": {
        "message": "write text:",
        "body": "write text:",
        "keywords": "write when:",
        "audiences": "key messages are for replies: leave it out",
    },
    "Answer": {
        "q": "write question:",
        "a": "write answer:",
        "title": "write question:",
        "text": "write answer:",
        "approval": "answers are approved in the room: leave it out",
        "keywords": "write when:",
    },
    "Approval": {
        "reset_on_edit": "an edit always takes an approval back: leave it out",
        "roles": "write by:",
        "on_timeout": "write fallback: and roles, or on_overdue:",
        "timeout": "write within:",
        "expires": "write expires_after:",
    },
    "ApprovalStep": {
        "roles": "write by:",
        "on_timeout": "write fallback: and roles",
        "timeout": "write within:",
    },
    "Cadence": {
        "until": "it ends when the incident is resolved: leave it out",
        "first": "write first_within:",
        "within": "write first_within:",
        "template": "write statement:",
        "interval": "write every:",
    },
    "Deadline": {
        "clock": "write starts: and a fact's id",
        "after": "write starts: and a fact's id",
        "due": "write within:",
    },
    "Guardrails": {
        "reply": "write max_public_replies: and never_answer: without it",
        "max_public_replies_per_author": "write max_public_replies:",
        "never_answer_tags": "write never_answer:",
    },
    "Resolve": {"require": "write tasks:, deadlines: and calm: without it"},
    "Calm": {
        "for": "write quiet:",
        "hours": "write quiet:",
        "below_baseline_for": "write quiet:",
        "max": "write below:",
    },
    "DrillStep": {
        "post": "write mention:",
        "text": "write mention:, then text: below it",
        "task": "write done: and a task's id",
        "statement": "write publish: and a statement's id",
        "severity": "write declare:",
        "role": "write by:, or to: for an inject",
    },
    "DrillPost": {"author": "write handle:", "channel": "write source:"},
}

VALUES: Mapping[str, str] = {
    "bool": "yes-no",
    "boolean": "yes-no",
    "yesno": "yes-no",
    "yes/no": "yes-no",
    "int": "number",
    "integer": "number",
    "float": "number",
    "date": "time",
    "datetime": "time",
    "string": "text",
    "str": "text",
    "enum": "choice",
    "select": "choice",
    "external": "partner",
    "press": "media",
    "regulator": "authority",
    "sitrep": "internal",
    "faq": "update",
}


def renamed(shape: str, key: str) -> str:
    """Return the hint for a key that other tools have and this struct has not."""
    plain = key.casefold()
    return KEYS.get(shape, {}).get(plain, "") or KEYS[""].get(plain, "")
