"""What every verb takes, as a table for the shell to complete from: made once, shipped beside us.

The table is made of the verbs' own parsers. To read it costs a few milliseconds; to ask the parser
of a verb would import all that the verb works with, each time somebody presses the tab key.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from crisisroom.cli.commands import load, parser_of
from crisisroom.cli.doctoring import SECTIONS
from crisisroom.cli.verbs import SUMMARIES
from crisisroom.room.troubles import SUBJECTS

TABLE = Path(__file__).parent.parent / "docs" / "verbs.json"
FILES = "files"
Values = str | list[str]  # a kind of ids, FILES, fixed choices, or "" for any words


class Option(TypedDict):
    """An option: its names, what it takes (None: nothing, it is a flag), how often, its help."""

    names: list[str]
    takes: Values | None
    several: bool  # it takes all words that follow
    repeats: bool  # it may be given again
    help: str


class Argument(TypedDict):
    """An argument by its place: what it takes, and whether it takes all words that follow."""

    takes: Values
    many: bool


class Taken(TypedDict):
    """What one verb takes."""

    incident: bool
    options: list[Option]
    arguments: list[Argument]


_FILES = ("file", "files", "dir", "path", "prometheus", "metrics", "log", "clicks", "counts")
_MORE_FILES = ("scores", "output", "signers", "credentials", "backup_to", "answers", "key", "o")
# By the name of an argument or an option; what is not here is any words.
_KINDS: Mapping[str, Values] = {
    **dict.fromkeys((*_FILES, *_MORE_FILES), FILES),
    **{one: f"{one}s" for one in ("task", "fact", "role", "contact", "action", "deadline")},
    **{one: f"{one}s" for one in ("cadence", "escalation", "promise", "bulk", "ask", "mention")},
    **{one: f"{one}s" for one in ("candidate", "playbook", "source", "account", "channel")},
    **{one: f"{one}s" for one in ("page", "draft", "campaign", "factor", "template", "phase")},
    **{one: f"{one}s" for one in ("term", "incident", "statement")},
    "enquiry": "enquiries",
    "mentions": "mentions",
    "narrative": "stories",
    "narratives": "stories",
    "story": "stories",
    "reply": "replies",
    "person": "people",
    "assignee": "people",
    "actor": "people",
    "owner": "people",
    "restricted_to": "people",
    "item": "pauses",
    "items": "pauses",
    "severity": "severities",
    "sections": [*SECTIONS],
    "subjects": [*SUBJECTS],
}
# By a verb or its family as well, where a name means more than one thing.
_OWN: Mapping[tuple[str, str], Values] = {
    ("statement", "id"): "statements",
    ("reply", "id"): "replies",
    ("question", "id"): "words",
    ("question answer", "id"): "questions",
    ("question ask", "to"): "people",
    ("outbox", "id"): "words",
    ("wording", "id"): "messages",
    ("message", "ids"): "messages",
    ("filter remove", "name"): "filters",
    ("improvement", "action"): "improvements",
    ("restrict", "to"): "people",
    ("bulk", "to"): "mentions",
    ("bulk", "without"): "mentions",
    ("bulk", "words"): "messages",
    ("bulk", "from"): FILES,
    ("evidence add", "about"): "mentions",
    ("review edit", "from"): FILES,
    ("erase", "from"): FILES,
    ("narratives", "from"): FILES,
    ("triage", "from"): FILES,
    ("backup", "to"): FILES,
    ("verify", "what"): FILES,
    ("verify", "anchor"): FILES,
    ("restore", "anchor"): FILES,
    ("fact", "source"): "",
    ("units", "account"): "",
    ("shell", "key"): "",
    ("authorized-keys", "key"): "",
    ("playbook new", "answers"): FILES,
    ("declare", "answer"): "",
}


def table() -> dict[str, Taken]:
    """Return what every verb takes; it imports all of them."""
    return {name: _taken(name) for name in SUMMARIES}


def _taken(name: str) -> Taken:
    verb = load(name)
    actions = parser_of(name, verb)._actions
    arguments = [one for one in actions if not one.option_strings]
    options = [one for one in actions if one.option_strings and one.dest != "help"]
    return {
        "incident": verb.incident,
        "options": [_option(name, one) for one in options],
        "arguments": [{"takes": _values(name, one), "many": _many(one)} for one in arguments],
    }


def _option(name: str, action: argparse.Action) -> Option:
    return {
        "names": [*action.option_strings],
        "takes": None if action.nargs == 0 else _values(name, action),
        "several": _many(action),
        "repeats": _many(action) or isinstance(action, argparse._AppendAction),
        "help": " ".join((action.help or "").replace("%%", "%").split()),
    }


def _many(action: argparse.Action) -> bool:
    return action.nargs in ("+", "*")


def _values(name: str, action: argparse.Action) -> Values:
    if action.choices is not None:
        return [str(one) for one in action.choices]
    family = name.partition(" ")[0]
    called = action.option_strings[-1] if action.option_strings else action.dest
    plain = called.lstrip("-").replace("-", "_")
    own = (_OWN.get((name, plain)), _OWN.get((family, plain)), _KINDS.get(plain))
    return next((one for one in own if one is not None), "")
