"""The verbs: what each is for, and which module holds it."""

from __future__ import annotations

_FAMILY: dict[str, dict[str, tuple[str, str]]] = {
    "task": {
        "list": ("working", "the checklist, with what is due and whose it is"),
        "done": ("working", "tick a task: task done INC-7 pause-posts [evidence]"),
        "skip": ("working", "leave a task out, with the reason"),
        "reopen": ("working", "take a tick back"),
        "assign": ("working", "give a task to somebody"),
    },
    "fact": {
        "set": ("working", "set a fact: fact set INC-7 affected '1,200 customers'"),
        "list": ("working", "what we know, and what we do not"),
    },
    "role": {
        "list": ("people", "who holds which role"),
        "take": ("people", "take a role"),
        "assign": ("people", "give a role to somebody"),
        "leave": ("people", "leave a role"),
    },
    "contact": {
        "list": ("people", "whom to call, in which order"),
        "called": ("people", "record a call that reached nobody"),
        "reached": ("people", "record that a contact was reached"),
    },
    "action": {
        "list": ("people", "the corrective actions, with owner and due date"),
        "add": ("people", "add a corrective action with owner and due date"),
        "done": ("people", "mark a corrective action as done"),
    },
    "statement": {
        "draft": ("saying", "draft a statement from a template of the playbook"),
        "show": ("saying", "show a statement with its approvals and outcome"),
        "edit": ("saying", "write a new version; an approval lapses"),
        "submit": ("saying", "hand a statement to whoever approves it"),
        "approve": ("saying", "approve exactly the text with this hash"),
        "reject": ("saying", "send a statement back with the reason"),
        "publish": ("sending", "send an approved statement to a channel"),
        "confirm": ("sending", "say that a statement by hand is out, with its link"),
        "withdraw": ("saying", "take a statement back before it goes out"),
    },
    "reply": {
        "draft": ("saying", "write a reply to a mention; without text, what the room suggests"),
        "show": ("saying", "show a reply with its approvals and outcome"),
        "edit": ("saying", "write a new version; an approval lapses"),
        "submit": ("saying", "hand a reply to whoever approves it"),
        "approve": ("saying", "approve exactly the text with this hash"),
        "reject": ("saying", "send a reply back with the reason"),
        "send": ("sending", "send a reply, once"),
        "confirm": ("sending", "say that a reply by hand is out, with its link"),
        "withdraw": ("saying", "take a reply back before it goes out"),
    },
    "outbox": {
        "list": ("sending", "what is on its way, in doubt, or failed"),
        "settle": ("sending", "decide on words in doubt: outbox settle INC-7 R-3 sent|not-sent"),
    },
    "mention": {
        "show": ("triage", "one mention with its thread; --raw shows the original as a literal"),
        "add": ("triage", "add a mention by hand: a pasted link, the words of a call"),
        "claim": ("triage", "take a mention to answer; --take takes it over"),
        "release": ("triage", "give a claim back"),
        "assign": ("triage", "give a mention to somebody"),
        "dismiss": ("triage", "mark a mention as not relevant"),
        "restore": ("triage", "take a dismissal back"),
        "offline": ("triage", "mark a conversation as moved to private"),
        "link": ("triage", "link mentions to an incident"),
        "unlink": ("triage", "take a mention out of an incident"),
    },
    "playbook": {
        "list": ("plans", "the playbooks, and how many of their words are approved"),
        "show": ("plans", "what a playbook says"),
        "approve": ("plans", "approve a playbook's words as they read now"),
        "revoke": ("plans", "take the approval of a text back"),
    },
}

_SINGLE: dict[str, tuple[str, str]] = {
    "open": ("opening", "the room in the terminal: open [INC-7]"),
    "demo": ("opening", "a rehearsed crisis on a throw-away room; nothing goes out"),
    "init": ("setup", "write a commented crisisroom.yaml and copy the starter playbooks"),
    "apply": ("setup", "put a changed crisisroom.yaml into force"),
    "login": ("login", "log an account in; its token goes into its token_file"),
    "check": ("setup", "check configuration and playbooks: every problem at once"),
    "watch": ("opening", "listen, send and keep the clocks without a screen; --once for cron"),
    "ingest": ("triage", "take mentions in, as JSON lines from a file or -"),
    "mentions": ("triage", "list mentions: --query --source --state --since --follow"),
    "declare": ("life", "declare an incident: its clock and checklist start"),
    "incidents": ("life", "list incidents"),
    "severity": ("life", "raise or lower the severity"),
    "resolve": ("life", "close an incident"),
    "reopen": ("life", "open a resolved incident again"),
    "retitle": ("life", "give an incident another title"),
    "join": ("life", "note that you joined"),
    "note": ("life", "write a note on the timeline; --at -12m for what happened earlier"),
    "decision": ("life", "record a decision and its reason"),
    "correct": ("life", "correct an entry by a new one"),
    "brief": ("looking", "one page for who joins now"),
    "status": ("looking", "where the room stands"),
    "timeline": ("looking", "what happened; --follow goes on"),
    "export": ("record", "the record: export INC-7 --format md|json|jsonl|csv|ics214"),
    "verify": ("record", "check that nothing was altered: a room, an incident, or an export"),
    "import": ("record", "take an exported incident in"),
    "backup": ("record", "copy the room while it is in use"),
    "version": ("setup", "the version of this program"),
}

FAMILIES = {family: tuple(verbs) for family, verbs in _FAMILY.items()}

_ALL: dict[str, tuple[str, str]] = _SINGLE | {
    f"{family} {verb}": entry for family, verbs in _FAMILY.items() for verb, entry in verbs.items()
}

MODULES = {name: module for name, (module, _) in _ALL.items()}

SUMMARIES = {name: summary for name, (_, summary) in _ALL.items()}
