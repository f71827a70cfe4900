"""From the words of a command line to the verb that runs."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, NoReturn, cast

import msgspec

from crisisroom.cli.context import Context, Globals
from crisisroom.cli.examples import EXAMPLES
from crisisroom.cli.helptext import EVERY_VERB, OVER_KEY, help_text, over_key_text
from crisisroom.cli.overkey import OverKey
from crisisroom.cli.parser import LITERAL, Help, Parser
from crisisroom.cli.verbs import FAMILIES, MODULES, SUMMARIES
from crisisroom.core.errors import Refused, Usage

_INCIDENT = re.compile(r"INC-[0-9]+", re.IGNORECASE | re.ASCII)
_VALUED = {
    "--room": "room",
    "--config": "config",
    "--as": "person",
    "--command-id": "command_id",
}
_FLAGS = {"--json": "json", "--plain": "plain", "--read-only": "read_only"}
_SPANS = ("--at", "--since")  # their value may begin with a minus
_AGO = re.compile(r"-(?:[0-9]+[dhms])+", re.ASCII)  # -20m is a time, wherever it stands
_HELP = ("-h", "--help")
_LEAVE_ROOMS = frozenset(
    {
        *("check", "doctor", "health", "units", "keys", "room show", "triage", "backtest", "web"),
        *("import contacts", "import messages", "shell", "man", "completion"),
    }
)
"""Verbs for whoever runs the room's host that leave every room as it is, or check it themselves."""


class Verb(msgspec.Struct, frozen=True):
    """What a verb takes and does; `incident` says that its first word may be INC-n.

    `over_key` says how it works over an SSH key of the team; without it, it does not. `serves`: the
    account that owns the room may, though it is nobody of the team, as systemd does.
    """

    run: Callable[[Context, argparse.Namespace], Awaitable[int] | int]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    incident: bool = False
    summary: str = ""
    over_key: OverKey | None = None
    serves: bool = False


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


def parse(argv: list[str], door: Globals | None = None) -> Command | str:
    """Return the command that a command line asks for, or the help it asks for.

    `door` is what an SSH key opens: its room and its person; only what works over a key is then
    to be had. Usage says what is off about it.
    """
    _check_characters(argv)
    settings, words = _globals(argv)
    if "--version" in words:
        words = ["version"]
    over_key = door is not None
    if words and (words[0] in _HELP or words[0] == "help"):
        return _help(words[1:], over_key=over_key)
    if words and words[0] in FAMILIES and words[1:2] and words[1] in _HELP:
        return family_help(words[0], over_key=over_key)
    name, rest = _name(words)
    verb = load(name)
    _refuse_shut(name, verb, over_key=over_key)
    if settings.read_only:
        _refuse_changing(name, verb)
    if any(word in _HELP for word in _options(rest)):
        return _help_of(name, verb, over_key=over_key)
    parser = parser_of(name, verb)
    inc, rest = _incident(rest) if verb.incident else ("", rest)
    args = parser.parse_intermixed_args(_marked(rest))
    for key, value in vars(args).items():
        setattr(args, key, _unmarked(value))
    args.inc = inc
    own = Context(settings, serves=verb.serves)
    context = own if door is None else _let_in(verb, args, settings, door)
    return Command(name, verb, context, args)


def _refuse_shut(name: str, verb: Verb, *, over_key: bool) -> None:
    if over_key and verb.over_key is None:
        hint = "help lists what is; the rest is for whoever runs the room's host"
        raise Refused("not-over-key", f"not over this key: {name}", hint)


def _refuse_changing(name: str, verb: Verb) -> None:
    """Refuse what does more than read; the room itself refuses whatever else would be written."""
    if verb.over_key is None and name not in _LEAVE_ROOMS:
        hint = "leave --read-only out to act"
        raise Refused("read-only", f"{name} does more than read, and --read-only was given", hint)


def _let_in(verb: Verb, args: argparse.Namespace, settings: Globals, door: Globals) -> Context:
    """Return the context of what came by a key: the room and the person are the key's."""
    assert verb.over_key is not None
    if flaw := verb.over_key.flaw(args):
        raise Refused("not-over-key", f"not over this key: {flaw}")
    settings = msgspec.structs.replace(
        settings,
        room=door.room,
        config=door.config,
        person=door.person,
        key=door.key,
        read_only=settings.read_only or door.read_only,
    )
    return Context(settings, confined=True, acts=verb.over_key.acts)


def _check_characters(argv: list[str]) -> None:
    for place, word in enumerate(argv, 1):
        try:
            word.encode()
        except UnicodeEncodeError:
            raise Usage("characters", f"argument {place} is not UTF-8") from None
        if "\0" in word:
            raise Usage("characters", f"argument {place} has a NUL in it")


def parser_of(name: str, verb: Verb) -> argparse.ArgumentParser:
    """Return the parser of a verb's own arguments, without the options of every verb."""
    parser = Parser(
        prog=f"crisisroom {name}",
        description=SUMMARIES.get(name) or verb.summary,
        formatter_class=Help,
        allow_abbrev=False,
    )
    parser._positionals.title = "what it takes"
    verb.arguments(parser)
    _name_incident(parser, verb)
    return parser


def _name_incident(parser: argparse.ArgumentParser, verb: Verb) -> None:
    if verb.incident:
        usage = parser.format_usage().removeprefix("usage: ").rstrip()
        parser.usage = usage.replace("%", "%%").replace("[-h]", "[INC-n]", 1)


def _help_of(name: str, verb: Verb, *, over_key: bool) -> str:
    """Return a verb's help; over a key without what does not work there."""
    parser, examples = parser_of(name, verb), EXAMPLES.get(name, ())
    if over_key and verb.over_key is not None:
        hidden = verb.over_key.hide(parser)
        examples = tuple(one for one in examples if hidden.isdisjoint(one.split()))
        parser.usage = None
        _name_incident(parser, verb)
    lines = [f"  crisisroom {example}" for example in examples]
    every = OVER_KEY if over_key else EVERY_VERB
    parser.epilog = "\n".join([*(["for example:", *lines, ""] if lines else []), every])
    return parser.format_help()


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
    words = (f"{LITERAL}{word}" if _AGO.fullmatch(word) else word for word in before)
    return [*words, *(f"{LITERAL}{word}" for word in rest[len(before) + 1 :])]


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(one) for one in value]
    return value.removeprefix(LITERAL) if isinstance(value, str) else value


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


def _help(words: list[str], *, over_key: bool) -> str:
    if not words:
        return over_key_text([*works_over_key()]) if over_key else help_text()
    if words[0] in FAMILIES and len(words) == 1:
        return family_help(words[0], over_key=over_key)
    name, _ = _name(words)
    verb = load(name)
    _refuse_shut(name, verb, over_key=over_key)
    return _help_of(name, verb, over_key=over_key)


def works_over_key() -> dict[str, OverKey]:
    """Return the verbs that work over an SSH key of the team, and how; it loads all verbs."""
    every = ((name, load(name).over_key) for name in SUMMARIES)
    return {name: how for name, how in every if how is not None}


def family_help(family: str, *, over_key: bool = False) -> str:
    """Return what `crisisroom task --help` prints."""
    names = [one for one in FAMILIES[family] if not over_key or load(f"{family} {one}").over_key]
    if not names:
        raise Refused("not-over-key", f"not over this key: {family}", "help lists what is")
    width = max(map(len, names))
    lines = [f"usage: crisisroom {family} VERB", ""]
    lines += [f"  {name:{width}}  {SUMMARIES[f'{family} {name}']}" for name in names]
    return "\n".join([*lines, "", f"crisisroom {family} VERB --help says more.", ""])
