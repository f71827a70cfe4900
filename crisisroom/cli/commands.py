"""From the words of a command line to the verb that runs."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, NoReturn, cast

import msgspec

from crisisroom import __version__
from crisisroom.cli.context import Context, Globals
from crisisroom.cli.examples import EXAMPLES
from crisisroom.cli.verbs import FAMILIES, MODULES, SUMMARIES
from crisisroom.core.errors import Usage

_INCIDENT = re.compile(r"INC-[0-9]+", re.IGNORECASE | re.ASCII)
_VALUED = {
    "--room": "room",
    "--config": "config",
    "--as": "person",
    "--command-id": "command_id",
}
_FLAGS = {"--json": "json", "--plain": "plain"}
_SPANS = ("--at", "--since")  # their value may begin with a minus
_AGO = re.compile(r"-(?:[0-9]+[dhms])+", re.ASCII)  # -20m is a time, wherever it stands
_HELP = ("-h", "--help")
EVERY_VERB = "For every verb: --room FILE, --config FILE, --as NAME, --json, --command-id ID."
_LITERAL = "\0"  # marks words after `--`, which are no options; no argument can hold it


class Verb(msgspec.Struct, frozen=True):
    """What a verb takes and does; `incident` says that its first word may be INC-n."""

    run: Callable[[Context, argparse.Namespace], Awaitable[int] | int]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    incident: bool = False
    summary: str = ""


class Command(msgspec.Struct, frozen=True):
    """One parsed command line."""

    name: str
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
        if self.context.options.command_id:
            self._told_apart()
        async with self.context:
            return await cast("Awaitable[int]", self.verb.run(self.context, self.args))

    def run_now(self) -> int:
        """Run a verb that does not await."""
        return cast("int", self.verb.run(self.context, self.args))

    def _told_apart(self) -> None:
        """Say what the command id stands for, so that it is good for this act alone."""
        from crisisroom.cli import once

        once.settled(self.args)
        self.context.doing = once.act(self.name, self.args, self.context.actor().name)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise instead of printing: control signs in an argument must not reach the terminal."""
        raise Usage("usage", message, f"{self.prog} --help")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in which words that may be several stand once, as people write usage lines."""

    def _format_args(self, action: argparse.Action, default_metavar: str) -> str:
        name = self._metavar_formatter(action, default_metavar)(1)[0]
        if action.nargs in ("+", "*"):
            return f"{name} …" if action.nargs == "+" else f"[{name} …]"
        return super()._format_args(action, default_metavar)


def parse(argv: list[str]) -> Command | str:
    """Return the command that a command line asks for, or the help it asks for.

    Usage says what is off about it.
    """
    _check_characters(argv)
    settings, words = _globals(argv)
    if "--version" in words:
        words = ["version"]
    if words and (words[0] in _HELP or words[0] == "help"):
        return _help(words[1:])
    if words and words[0] in FAMILIES and words[1:2] and words[1] in _HELP:
        return family_help(words[0])
    name, rest = _name(words)
    verb = load(name)
    parser = _parser(name, verb)
    if any(word in _HELP for word in _options(rest)):
        return parser.format_help()
    inc, rest = _incident(rest) if verb.incident else ("", rest)
    args = parser.parse_intermixed_args(_marked(rest))
    for key, value in vars(args).items():
        setattr(args, key, _unmarked(value))
    args.inc = inc
    return Command(name, verb, Context(settings), args)


def _check_characters(argv: list[str]) -> None:
    for place, word in enumerate(argv, 1):
        try:
            word.encode()
        except UnicodeEncodeError:
            raise Usage("characters", f"argument {place} is not UTF-8") from None
        if "\0" in word:
            raise Usage("characters", f"argument {place} has a NUL in it")


def _parser(name: str, verb: Verb) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"crisisroom {name}",
        description=SUMMARIES.get(name) or verb.summary,
        formatter_class=_Help,
        allow_abbrev=False,
        epilog=_epilog(name),
    )
    parser._positionals.title = "what it takes"
    verb.arguments(parser)
    if verb.incident:
        usage = parser.format_usage().removeprefix("usage: ").rstrip()
        parser.usage = usage.replace("%", "%%").replace("[-h]", "[INC-n]", 1)
    return parser


def _epilog(name: str) -> str:
    examples = [f"  crisisroom {example}" for example in EXAMPLES.get(name, ())]
    return "\n".join([*(["for example:", *examples, ""] if examples else []), EVERY_VERB])


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
        elif word in _SPANS:
            words.append(f"{word}={_following(word, waiting)}")  # so that -12m is no option
        else:
            words.append(word)
    return Globals(**found), words


def _following(option: str, waiting: list[str]) -> str:
    if not waiting or waiting[0] == "--":
        raise Usage("usage", f"{option} needs a value")
    return waiting.pop(0)


def _options(rest: list[str]) -> list[str]:
    return rest[: rest.index("--")] if "--" in rest else rest


def _marked(rest: list[str]) -> list[str]:
    """Return the words with those after `--` marked, so that no parser takes them for options.

    So are times like -20m.
    """
    before = _options(rest)
    words = (f"{_LITERAL}{word}" if _AGO.fullmatch(word) else word for word in before)
    return [*words, *(f"{_LITERAL}{word}" for word in rest[len(before) + 1 :])]


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(one) for one in value]
    return value.removeprefix(_LITERAL) if isinstance(value, str) else value


def _name(words: list[str]) -> tuple[str, list[str]]:
    """Return the verb, with its second word for a family like `task done`, and what follows."""
    if not words:
        return "open", []
    first, *rest = words
    if first in FAMILIES:
        return _member(first, rest)
    if rest and f"{first} {rest[0]}" in SUMMARIES:  # import contacts, beside import FILE
        return f"{first} {rest[0]}", rest[1:]
    if first in SUMMARIES:
        return first, rest
    if _INCIDENT.fullmatch(first):
        return "open", words
    return _unknown(first, [*SUMMARIES, *FAMILIES])


def _member(family: str, rest: list[str]) -> tuple[str, list[str]]:
    """Return a family's verb; its list where none is named."""
    if rest and rest[0] in FAMILIES[family]:
        return f"{family} {rest[0]}", rest[1:]
    bare = not rest or rest[0].startswith("-") or _INCIDENT.fullmatch(rest[0])
    if bare and "list" in FAMILIES[family]:
        return f"{family} list", rest
    if not rest:
        known = ", ".join(FAMILIES[family])
        raise Usage("usage", f"crisisroom {family} needs one of: {known}")
    return _unknown(f"{family} {rest[0]}", [f"{family} {one}" for one in FAMILIES[family]])


def _unknown(name: str, known: list[str]) -> NoReturn:
    near = difflib.get_close_matches(name[:60], known, 1)
    hint = f"did you mean {near[0]}?" if near else "crisisroom --help lists the verbs"
    raise Usage("unknown-verb", f"there is no verb {name}", hint)


def load(name: str) -> Verb:
    """Return a verb, importing its module only now."""
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


def _help(words: list[str]) -> str:
    if not words:
        return help_text()
    if words[0] in FAMILIES and len(words) == 1:
        return family_help(words[0])
    name, _ = _name(words)
    return _parser(name, load(name)).format_help()


def family_help(family: str) -> str:
    """Return what `crisisroom task --help` prints."""
    width = max(len(name) for name in FAMILIES[family])
    lines = [f"usage: crisisroom {family} VERB", ""]
    lines += [f"  {name:{width}}  {SUMMARIES[f'{family} {name}']}" for name in FAMILIES[family]]
    return "\n".join([*lines, "", f"crisisroom {family} VERB --help says more.", ""])


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
        EVERY_VERB,
        "--command-id ID: the same command again does nothing twice, another one is refused.",
        "Exit codes: 0 done, 1 refused or problems found, 2 usage, 3 not now: try again,",
        "4 outcome unknown: look, 70 an error of ours.",
        "",
    ]
    return "\n".join(lines)
