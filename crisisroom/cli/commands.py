"""From the words of a command line to the verb that runs."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, NoReturn, cast

import msgspec

from crisisroom import __version__
from crisisroom.cli.context import Context, Globals
from crisisroom.cli.verbs import FAMILIES, SUMMARIES
from crisisroom.core.errors import Usage

_INCIDENT = re.compile(r"INC-\d+", re.IGNORECASE)
_VALUED = {
    "--room": "room",
    "--config": "config",
    "--as": "person",
    "--command-id": "command_id",
}
_FLAGS = {"--json": "json", "--plain": "plain"}


class Verb(msgspec.Struct, frozen=True):
    """What a verb takes and does; `incident` says that its first word may be INC-n."""

    run: Callable[[Context, argparse.Namespace], Awaitable[int] | int]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    incident: bool = False
    summary: str = ""


class Command(msgspec.Struct, frozen=True):
    """One parsed command line."""

    verb: Verb
    context: Context
    args: argparse.Namespace

    @property
    def awaits(self) -> bool:
        """Whether the verb is a coroutine function; the screen brings its own loop."""
        import inspect

        return inspect.iscoroutinefunction(self.verb.run)

    async def run(self) -> int:
        """Run a verb that awaits."""
        async with self.context:
            return await cast("Awaitable[int]", self.verb.run(self.context, self.args))

    def run_now(self) -> int:
        """Run a verb that does not await."""
        return cast("int", self.verb.run(self.context, self.args))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise instead of printing: control signs in an argument must not reach the terminal."""
        raise Usage("usage", message, f"{self.prog} --help")


def parse(argv: list[str]) -> Command:
    """Return the command that a command line asks for; Usage says what is off about it."""
    settings, words = _globals(argv)
    if "--version" in words:
        words = ["version"]
    name, rest = _name(words)
    if name == "help" or (not rest and name in ("-h", "--help")):
        sys.stdout.write(help_text())
        raise SystemExit(0)
    verb = load(name)
    inc, rest = _incident(rest) if verb.incident else ("", rest)
    parser = _Parser(
        prog=f"crisisroom {name}",
        description=SUMMARIES.get(name) or verb.summary,
        allow_abbrev=False,
        usage=None,
        epilog="Options for every verb: --room FILE --config FILE --as NAME --json --command-id ID",
    )
    verb.arguments(parser)
    args = parser.parse_intermixed_args(rest) if "..." not in rest else parser.parse_args(rest)
    args.inc = inc
    return Command(verb, Context(settings), args)


def _globals(argv: list[str]) -> tuple[Globals, list[str]]:
    """Take the options of every verb out of a command line, wherever they stand."""
    found: dict[str, Any] = {}
    words: list[str] = []
    waiting = list(argv)
    while waiting:
        word = waiting.pop(0)
        name, _, value = word.partition("=")
        if word == "--":
            return Globals(**found), [*words, word, *waiting]
        if word in _FLAGS:
            found[_FLAGS[word]] = True
        elif name in _VALUED:
            found[_VALUED[name]] = value if "=" in word else _following(name, waiting)
        elif word == "--at":
            words.append(f"--at={_following(word, waiting)}")  # so that -12m is no option
        else:
            words.append(word)
    return Globals(**found), words


def _following(option: str, waiting: list[str]) -> str:
    if not waiting:
        raise Usage("usage", f"{option} needs a value")
    return waiting.pop(0)


def _name(words: list[str]) -> tuple[str, list[str]]:
    """Return the verb, with its second word for a family like `task done`, and what follows."""
    if not words:
        return "open", []
    first, *rest = words
    if first in FAMILIES:
        if not rest or rest[0] in ("-h", "--help"):
            known = ", ".join(FAMILIES[first])
            raise Usage("usage", f"crisisroom {first} needs one of: {known}")
        if rest[0] not in FAMILIES[first]:
            _unknown(f"{first} {rest[0]}", [f"{first} {one}" for one in FAMILIES[first]])
        return f"{first} {rest[0]}", rest[1:]
    if first in SUMMARIES or first in ("-h", "--help", "help"):
        return first, rest
    if _INCIDENT.fullmatch(first):
        return "open", words
    return _unknown(first, list(SUMMARIES))


def _unknown(name: str, known: list[str]) -> NoReturn:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else "crisisroom --help lists the verbs"
    raise Usage("unknown-verb", f"there is no verb {name}", hint)


def load(name: str) -> Verb:
    """Return a verb, importing its module only now."""
    from crisisroom.cli.verbs import MODULES

    module = import_module(f"crisisroom.cli.{MODULES[name]}")
    verb: Verb = module.VERBS[name]
    return verb


def _incident(rest: list[str]) -> tuple[str, list[str]]:
    for index, word in enumerate(rest):
        if word.startswith("-"):
            continue
        if _INCIDENT.fullmatch(word):
            return word.upper(), rest[:index] + rest[index + 1 :]
        break
    return "", rest


def help_text() -> str:
    """Return what `crisisroom --help` prints."""
    lines = [
        f"crisisroom {__version__}: the room for the night it goes wrong",
        "",
        "  crisisroom                 open the room in the terminal",
        "  crisisroom demo            watch a crisis first, on a throw-away room",
        "",
    ]
    width = max(len(name) for name in SUMMARIES)
    lines += [f"  {name:{width}}  {summary}" for name, summary in SUMMARIES.items()]
    lines += [
        "",
        "Verbs that act on an incident take it first: crisisroom task done INC-7 pause-posts.",
        "INC-7 may be left out while exactly one incident is open.",
        "For every verb: --room FILE, --config FILE, --as NAME, --json, --command-id ID.",
        "Exit codes: 0 done, 1 refused or problems found, 2 usage, 3 try again, 4 look, 70 our bug.",
        "",
    ]
    return "\n".join(lines)
