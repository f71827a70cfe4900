"""crisisroom(1), made of the tables of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from crisisroom.cli import roff
from crisisroom.cli.commands import load, parser_of
from crisisroom.cli.helptext import EXIT_CODES
from crisisroom.cli.offering import EVERY
from crisisroom.cli.verbs import SUMMARIES

PAGE = Path(__file__).parent.parent / "docs" / "crisisroom.1"

DATED = ("0.2.0", "2026-11-22")  # the version the page is of, and its day: mandoc wants one

# First words of verbs, by what they are for; every verb has its place here.
GROUPS: Mapping[str, str] = {
    "Opening the room, and looking": "open web demo status brief timeline who since metrics stats",
    "Listening": "ingest mentions mention narratives narrative candidates candidate triage volume"
    " author filter campaign digest improvement backtest",
    "An incident's life": "declare incidents severity resolve reopen retitle join restrict hold",
    "Working through it": "task fact role contact note decision correct pin unpin mark enquiry"
    " promise private pause deadline cadence escalate escalation handover line",
    "Words": "statement reply outbox asks question bulk draft outgoing wording suggest message",
    "The record": "export verify sign import evidence anchor review factor action erase purge",
    "The plan": "playbook drill check",
    "People": "team oncall notify authorized-keys shell",
    "Setting up and looking after": "init apply login doctor health units watch backup restore"
    " room keys completion man version",
}
MEANT: Mapping[str, str] = {
    "open": "The room needs a terminal on standard input, output and error. Without one, status,"
    " brief and timeline say the same as plain lines.",
}
OPTIONS: Mapping[str, str] = {"--room": "FILE", "--config": "FILE", "--as": "NAME",
                              "--command-id": "ID"}  # fmt: skip
FILES: Mapping[str, str] = {
    "./crisisroom.yaml": "the configuration in force, before the one at home",
    "~/.config/crisisroom/crisisroom.yaml": "your own configuration",
    "~/.config/crisisroom/hooks/, commands/": "what pause run and token_command may call",
    "./playbooks/": "your playbooks, before those that are shipped",
    "~/.local/share/crisisroom/room.db": "the room, where nothing else is said",
    "~/.local/state/crisisroom/": "logs of the program; never a mention, never a token",
}
ENVIRONMENT: Mapping[str, str] = {
    "CRISISROOM_ROOM": "where the room is; --room counts more, the configuration less",
    "CRISISROOM_CONFIG": "the configuration; --config counts more",
    "TERM": "which terminal it is: what it can show is taken from here; crisisroom doctor says what"
    " it was taken for",
    "NO_COLOR": "where it is set: no colours",
    "FORCE_COLOR": "how many colours, whatever TERM says: 0 none, 1 sixteen, 2 two hundred and"
    " fifty-six, 3 all",
    "COLORTERM": "truecolor or 24bit: all colours, where the terminal is not known for less",
    "COLORFGBG": "the terminal's own colours: light or dark",
    "LC_ALL, LC_CTYPE, LANG": "the first that is set says which letters there are: other than"
    " UTF-8, or none at all, is ASCII",
    "SSH_CONNECTION, SSH_TTY": "a far terminal: fewer frames, and links are shown, not opened",
    "TERM_PROGRAM, LC_TERMINAL, WT_SESSION": "which terminal it is, for the notices it shows",
    "TMUX": "notices and copied words are passed through tmux",
    "VISUAL, EDITOR": "the editor for review edit, and for ctrl+o on the screen",
    "SSH_AUTH_SOCK": "your agent, by which sign uses your key",
    "CRISISROOM_INCIDENT": "set for what pause run calls: the incident",
    "PAGER": "what shows this page where man cannot",
    "TZ": "the time zone of this machine, for a room without one",
    "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR": "where configuration, rooms,"
    " logs and sockets are, in place of the usual folders",
    "PGPASSFILE, PGSERVICEFILE, PGDATABASE": "for a room on PostgreSQL, as its own programs read"
    " them",
}
SHOWN: Mapping[str, tuple[str, ...]] = {
    "Look first, with nothing at stake:": ("demo",),
    "Begin a room:": ("init crisis-room", "check", "doctor"),
    "When it happens:": (
        "declare 'Charged twice' --candidate C-3",
        "task done INC-7 pause-posts 'all brands, all countries'",
        "fact set INC-7 affected 'all kettles of batch 7' --source quality",
        "note INC-7 'the plant called back' --at -12m",
        "brief INC-7 --role legal",
    ),
    "Words:": (
        "statement draft INC-7 holding",
        "statement submit INC-7 ST-1",
        "reply draft INC-7 M-12",
        "reply send INC-7 R-3",
    ),
    "Follow along, as plain lines or as JSON:": (
        "mentions --follow --json",
        "timeline INC-7 --follow --json --after 120",
    ),
    "Afterwards:": (
        "resolve INC-7 'back under the usual for two hours'",
        "export INC-7 --format html -o post-mortem.html",
        "verify",
    ),
}
SEE_ALSO = "ssh(1), sshd_config(5), systemd.service(5), crontab(5), tmux(1), jq(1), man(1)"

Keys = Iterable[tuple[str, Iterable[tuple[str, str]]]]
"""Groups of keys of the room: each key with what it does."""


def page(keys: Keys) -> str:
    """Return the whole page as roff; it imports every verb."""
    lines = [
        f'.TH CRISISROOM 1 "{DATED[1]}" "crisisroom {roff.escaped(DATED[0])}" "User Commands"',
        ".nh",
        ".ad l",
        roff.section("Name"),
        "crisisroom \\- the room for the night it goes wrong",
        *_synopsis(),
        *_description(),
        *_commands(),
        *_options(),
        *_keys(keys),
        *_listed("Files", FILES),
        *_listed("Environment", ENVIRONMENT),
        *_listed("Exit status", {str(code): told for code, told in EXIT_CODES.items()}),
        *_examples(),
        roff.section("See also"),
        *roff.filled(SEE_ALSO),
    ]
    return "".join(f"{line}\n" for line in _apart(lines))


def _synopsis() -> list[str]:
    return [
        roff.section("Synopsis"),
        f"{roff.bold('crisisroom')} [{roff.escaped('INC-n')}]",
        ".br",
        f"{roff.bold('crisisroom')} VERB [{roff.escaped('INC-n')}] [WORD ...] [OPTION ...]",
        ".br",
        f"{roff.bold('crisisroom')} VERB {roff.bold('--help')}",
    ]


def _description() -> list[str]:
    return [
        roff.section("Description"),
        *roff.filled(
            "A crisis room in the terminal, for the person who is on call when an organisation's"
            " reputation is on fire. It shows what people say on every network you listen to,"
            " keeps the checklist of your playbook and its clocks, fills replies and statements"
            " with words your team has approved, makes sure that nothing goes out twice, unapproved"
            " or with a blank in it, and writes the timeline by itself."
        ),
        *roff.paragraph(
            "Without a verb it opens the room. Every key of the screen is a verb too: that is the"
            " way in for scripts and screen readers. Verbs that act on an incident take it first"
            " (INC-7); it may be left out while exactly one incident is open."
        ),
        *roff.paragraph(
            "crisisroom completion bash, zsh or fish prints what lets the tab key complete verbs,"
            " options, choices, and the ids of a room that is a file."
        ),
    ]


def _commands() -> list[str]:
    lines = [roff.section("Commands")]
    for title, firsts in GROUPS.items():
        lines.append(roff.group(title))
        for first in firsts.split():
            for name in names_of(first):
                lines += _command(name)
    return lines


def names_of(first: str) -> list[str]:
    """Return the verbs that begin with a word."""
    return [name for name in SUMMARIES if name.partition(" ")[0] == first]


def _command(name: str) -> list[str]:
    verb = load(name)
    actions = [one for one in parser_of(name, verb)._actions if one.dest != "help"]
    words = [_shown(one) for one in actions if not one.option_strings]
    if verb.incident:
        words.insert(0, "[INC-n]")
    tag = " ".join([roff.bold(name), *map(roff.escaped, words)])
    options: list[str] = []
    for one in actions:
        if one.option_strings and one.help is not argparse.SUPPRESS:
            options += roff.item(_option(one), _help(one))
    more = roff.paragraph(MEANT[name]) if name in MEANT else []
    return [*roff.item(tag, SUMMARIES[name]), *roff.inset([*more, *options])]


def _shown(action: argparse.Action) -> str:
    """Return an argument as usage lines show it."""
    choices = "|".join(map(str, action.choices)) if action.choices is not None else ""
    name = f"{action.metavar or choices or action.dest.upper()}"
    shapes: Mapping[object, str] = {"?": f"[{name}]", "*": f"[{name} …]", "+": f"{name} …"}
    return shapes.get(action.nargs, name)


def _option(action: argparse.Action) -> str:
    names = ", ".join(map(roff.bold, action.option_strings))
    return names if action.nargs == 0 else f"{names} {roff.escaped(_shown(action))}"


def _help(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


def _options() -> list[str]:
    lines = [roff.section("Options"), roff.escaped("For every verb, before or after it:")]
    for name, (_, told) in EVERY.items():
        value = f" {roff.escaped(OPTIONS[name])}" if name in OPTIONS else ""
        lines += roff.item(f"{roff.bold(name)}{value}", told)
    return lines


def _keys(keys: Keys) -> list[str]:
    lines = [
        roff.section("Keys"),
        roff.escaped("In the room. Single letters do nothing while you type."),
    ]
    for title, some in keys:
        lines.append(roff.group(title))
        for key, does in some:
            lines += roff.item(roff.bold(key), does)
    return lines


def _listed(title: str, things: Mapping[str, str]) -> list[str]:
    lines = [roff.section(title)]
    for name, told in things.items():
        lines += roff.item(roff.bold(name), told)
    return lines


def _examples() -> list[str]:
    lines = [roff.section("Examples")]
    for title, shown in SHOWN.items():
        lines += roff.paragraph(title)
        lines += roff.literal(f"crisisroom {one}" for one in shown)
    return lines


def _apart(lines: Iterable[str]) -> Iterator[str]:
    """Leave out what begins a paragraph where a heading does so already."""
    before = ""
    for line in lines:
        if line != ".PP" or not before.startswith((".SH", ".SS")):
            yield line
        before = line
