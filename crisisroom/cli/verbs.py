"""The verbs: what each is for, and which module holds it."""

from __future__ import annotations

_FAMILY: dict[str, dict[str, tuple[str, str]]] = {
    "task": {
        "list": ("working", "the checklist, with what is due and whose it is"),
        "done": ("working", "tick a task: task done INC-7 pause-posts [evidence]"),
        "skip": ("working", "leave a task out, with the reason"),
        "reopen": ("working", "take a tick back"),
        "assign": ("working", "give a task to somebody"),
        "add": ("growing", "put a task on the checklist: task add INC-7 'ring the plant'"),
    },
    "fact": {
        "set": ("working", "set a fact: fact set INC-7 affected '1,200 customers'"),
        "list": ("working", "what we know, and what we do not"),
        "confirm": ("working", "say that what is being checked, or has changed, is so"),
        "history": ("working", "who said what of a fact, when, by which source"),
    },
    "role": {
        "list": ("people", "who holds which role"),
        "take": ("people", "take a role"),
        "assign": ("people", "give a role to somebody"),
        "leave": ("people", "leave a role"),
        "handover": ("people", "hand a role over, with a brief for whoever takes it"),
    },
    "contact": {
        "list": ("people", "whom to call, in which order"),
        "called": ("people", "record a call that reached nobody"),
        "reached": ("people", "record that a contact was reached"),
        "message": ("people", "record that a message was left for a contact"),
    },
    "action": {
        "list": ("people", "the corrective actions, with owner and due date"),
        "add": ("people", "add a corrective action with owner and due date"),
        "done": ("people", "mark a corrective action as done"),
    },
    "enquiry": {
        "list": ("enquiring", "what media, authorities and partners ask, and by when"),
        "add": ("enquiring", "write an enquiry down, with its deadline"),
        "assign": ("enquiring", "give an enquiry to somebody"),
        "answer": ("enquiring", "record what they were told"),
        "close": ("enquiring", "close an enquiry"),
    },
    "deadline": {
        "list": ("duties", "the legal duties and their clocks"),
        "met": ("duties", "record that a duty is met: who was told, the file number"),
        "waive": ("duties", "record why a duty is left, or does not apply"),
    },
    "cadence": {
        "list": ("duties", "the updates we owe, and when"),
        "snooze": ("duties", "put an update off: cadence snooze INC-7 public 15m --reason …"),
    },
    "escalation": {
        "list": ("duties", "who is called when nobody answers, and how far that is"),
        "ack": ("duties", "say that one has it: nobody else is called"),
    },
    "statement": {
        "draft": ("saying", "draft a statement from a template of the playbook"),
        "show": ("saying", "show a statement with its approvals and outcome"),
        "edit": ("saying", "write a new version; an approval lapses"),
        "submit": ("saying", "hand a statement to whoever approves it"),
        "approve": ("saying", "approve exactly the text with this hash"),
        "reject": ("saying", "send a statement back with the reason"),
        "revoke": ("saying", "take an approval back before the statement goes out"),
        "release": ("saying", "emergency release without approval, with the reason"),
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
        "revoke": ("saying", "take an approval back before the reply goes out"),
        "release": ("saying", "emergency release without approval, with the reason"),
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
        "tag": ("tagging", "call a mention something: mention tag M-12 troll; --off takes it off"),
        "link": ("triage", "link mentions to an incident"),
        "unlink": ("triage", "take a mention out of an incident"),
    },
    "playbook": {
        "list": ("plans", "the playbooks, and how many of their words are approved"),
        "show": ("showing", "a playbook to read, to print, to sign: --format text|html|json"),
        "preview": ("foresight", "how the room would look: playbook preview ID --at +25m"),
        "diff": ("foresight", "what differs between a run's copy and the file now"),
        "new": ("asking", "write a new playbook: it asks, and you answer"),
        "help": ("showing", "how a playbook is written: every key, with examples"),
        "schema": ("showing", "the JSON Schema of playbooks, for editors"),
        "approve": ("plans", "approve a playbook's words as they read now"),
        "revoke": ("plans", "take the approval of a text back"),
        "add": ("growing", "add another playbook to a running incident"),
        "switch": ("growing", "let another playbook lead a running incident"),
        "patch": ("growing", "what was added in the room, as a patch to the playbook's file"),
    },
    "message": {
        "list": ("growing", "the sentences and answers of a running incident"),
        "add": ("growing", "add a sentence that replies are built from"),
        "answer": ("growing", "add a question people ask, and our answer"),
        "approve": ("growing", "approve words that were added in the room"),
    },
}

_SINGLE: dict[str, tuple[str, str]] = {
    "open": ("opening", "the room in the terminal: open [INC-7]"),
    "demo": ("opening", "a rehearsed crisis on a throw-away room; nothing goes out"),
    "drill": (
        "drilling",
        "a playbook's own drill, with a report of what came late; nothing goes out",
    ),
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
    "escalate": ("duties", "call people, step by step, until somebody acknowledges"),
    "team": ("team", "the phone ladder: whom to call, which way, what time it is there"),
    "oncall": ("duty", "who is on duty now and over the weekend"),
    "brief": ("briefing", "one page for who joins now"),
    "status": ("looking", "where the room stands"),
    "timeline": ("looking", "what happened; --follow goes on"),
    "export": ("record", "the record: export INC-7 --format md|json|jsonl|csv|ics214"),
    "verify": ("record", "check that nothing was altered: a room, an incident, or an export"),
    "import": ("record", "take an exported incident in"),
    "import contacts": ("bringing", "make YAML of a .csv or .vcf file of contacts"),
    "import messages": ("bringing", "make YAML of a .csv or .md file of messages and answers"),
    "backup": ("record", "copy the room while it is in use"),
    "version": ("setup", "the version of this program"),
}

FAMILIES = {family: tuple(verbs) for family, verbs in _FAMILY.items()}

_ALL: dict[str, tuple[str, str]] = _SINGLE | {
    f"{family} {verb}": entry for family, verbs in _FAMILY.items() for verb, entry in verbs.items()
}

MODULES = {name: module for name, (module, _) in _ALL.items()}

SUMMARIES = {name: summary for name, (_, summary) in _ALL.items()}
