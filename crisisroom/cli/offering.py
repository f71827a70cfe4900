"""What may come next on a command line, for the tab key: `crisisroom __complete SHELL WORD…`.

argcomplete and shtab were tried first. The one asks the parser of the verb at each press of the
key, which here imports all that the verb works with; what the other writes knows neither a verb
that is also a family (`import`, `team`), nor INC-7 that may be left out, nor ids. So the words are
told apart here, over a table made of the parsers, and the shells are handed a dozen lines each.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crisisroom.cli.offered import Offer, printed, unquoted
from crisisroom.cli.offered_ids import ids, playbooks
from crisisroom.cli.verbs import FAMILIES, SUMMARIES

if TYPE_CHECKING:
    from crisisroom.cli.taken import Option, Taken, Values

FILES = "files"
# Options of every verb: what they take, None for nothing, and what they are for.
EVERY: dict[str, tuple[str | None, str]] = {
    "--room": (FILES, "the room: a file or an address"),
    "--config": (FILES, "the configuration"),
    "--as": ("people", "who acts, where no team says it"),
    "--command-id": ("", "the same command again does nothing twice"),
    "--json": (None, "print JSON"),
    "--plain": (None, "sentences instead of columns, to be read aloud"),
    "--read-only": (None, "nothing is written to the room, and nobody is shown as being here"),
    "--help": (None, "what it takes, with examples"),
}
_LONGEST = 100  # characters of an id that is offered


class Line(NamedTuple):
    """A command line up to the word that is being written, told apart."""

    every: dict[str, str]  # options of every verb that have a value
    words: list[str]  # the others
    waiting: str  # the option of every verb whose value is being written


def main(argv: Sequence[str]) -> int:
    """Print what may come next, and nothing at all where something is wrong."""
    try:
        shell, *words = argv
        if shell == "bash":
            words = [*map(unquoted, words)]
        *before, current = words
        told = printed(shell, offered(before, current), argv[-1], current)
        sys.stdout.buffer.write("".join(f"{line}\n" for line in told).encode())
        sys.stdout.flush()
    except Exception:  # the shell goes on as if there were nothing to offer
        return 0
    return 0


def offered(before: Sequence[str], current: str) -> Offer:
    """Return what may stand in the place of `current`, after these words."""
    line = _apart(before)
    if line.waiting:
        return _values(EVERY[line.waiting][0] or "", line, "")
    name, equals, _ = current.partition("=")
    if equals and EVERY.get(name, (None,))[0] and "--" not in line.words:
        return _prefixed(_values(EVERY[name][0] or "", line, ""), f"{name}=")
    first = line.words[0] if line.words else ""
    if not line.words:
        return _begun(line, current)
    second = line.words[1] if len(line.words) > 1 else ""
    if f"{first} {second}" in SUMMARIES:
        return _of_verb(f"{first} {second}", line, line.words[2:], current)
    members = _members(first) if len(line.words) == 1 else ()
    whole = first if first in SUMMARIES else f"{first} list"
    own = _of_verb(whole, line, line.words[1:], current) if whole in SUMMARIES else Offer()
    return Offer((*members, *own.words), own.files)


def _apart(before: Sequence[str]) -> Line:
    """Take the options of every verb out, wherever they stand, as the command line does."""
    every: dict[str, str] = {}
    words: list[str] = []
    rest = iter(before)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--":
            return Line(every, [*words, word, *rest], "")
        if EVERY.get(name, (None,))[0] is None:
            if name not in EVERY:
                words.append(word)
            continue
        if not equals:
            value = next(rest, "")
            if not value:
                return Line(every, words, name)
        every[name] = value
    return Line(every, words, "")


def _begun(line: Line, current: str) -> Offer:
    """Return the verbs, and INC-n, which opens the room there."""
    if current.startswith("-"):
        return Offer(_globals())
    firsts = {name.partition(" ")[0]: SUMMARIES.get(name, "") for name in SUMMARIES}
    told = {**firsts, **{one: " ".join(FAMILIES[one]) for one in FAMILIES}}
    told |= {name: summary for name, summary in SUMMARIES.items() if " " not in name}
    incidents = _values("incidents", line, "").words if current[:1] in ("I", "i") else ()
    return Offer((*told.items(), *incidents))


def _members(first: str) -> tuple[tuple[str, str], ...]:
    """Return the second words of a family, of `import` too."""
    begin = f"{first} "
    return tuple(
        (name.removeprefix(begin), summary)
        for name, summary in SUMMARIES.items()
        if name.startswith(begin)
    )


def _of_verb(name: str, line: Line, words: Sequence[str], current: str) -> Offer:
    """Return what may come next among a verb's own words."""
    taken = _table()[name]
    read = _read(taken, words)
    dash = current.startswith("-") and not read.literal
    if read.option is not None and not read.given and not dash:
        return _values(read.option["takes"] or "", line, read.incident)
    if dash:
        return _dashed(taken, read, line, words, current)
    more = read.option["takes"] if read.option is not None else ""
    return _joined(
        _values("incidents", line, "") if read.may_name(taken) else Offer(),
        _values(more or "", line, read.incident),
        _values(_wanted(taken, read.places), line, read.incident),
    )


def _dashed(taken: Taken, read: Read, line: Line, words: Sequence[str], current: str) -> Offer:
    """Return the options, or the values of one that is written `--format=`."""
    called, equals, _ = current.partition("=")
    option = _option(taken, called) if equals else None
    if option is not None:
        return _prefixed(_values(option["takes"] or "", line, read.incident), f"{called}=")
    return Offer((*_options(taken, words), *_globals()))


def _joined(*offers: Offer) -> Offer:
    words = tuple(word for one in offers for word in one.words)
    return Offer(words, any(one.files for one in offers))


def _wanted(taken: Taken, places: int) -> Values:
    """Return what is wanted after so many arguments; the last may take all that follow."""
    arguments = taken["arguments"]
    if places < len(arguments):
        return arguments[places]["takes"]
    return arguments[-1]["takes"] if arguments and arguments[-1]["many"] else ""


class Read(NamedTuple):
    """What stands there already of a verb's own words."""

    incident: str = ""
    places: int = 0  # arguments
    option: Option | None = None  # that waits for a value, or may take more
    given: int = 0  # values it has
    literal: bool = False  # whether nothing is an option any more

    def may_name(self, taken: Taken) -> bool:
        """Tell whether INC-n may stand here."""
        return taken["incident"] and not (self.incident or self.places or self.literal)


def _read(taken: Taken, words: Sequence[str]) -> Read:
    """Read a verb's own words: options with their values, INC-n, and how many others."""
    read = Read()
    for word in words:
        option = read.option
        if read.literal:
            read = read._replace(places=read.places + 1)
        elif word == "--":
            read = read._replace(literal=True, option=None)
        elif word.startswith("-") and len(word) > 1:
            read = read._replace(option=_waits(taken, word), given=0)
        elif option is not None:
            read = read._replace(option=option if option["several"] else None, given=read.given + 1)
        elif read.may_name(taken) and _is_incident(word):
            read = read._replace(incident=word.upper())
        else:
            read = read._replace(places=read.places + 1)
    return read


def _waits(taken: Taken, word: str) -> Option | None:
    """Return the option that this word is, where its value is another word."""
    option = None if "=" in word else _option(taken, word)
    return option if option is not None and option["takes"] is not None else None


def _is_incident(word: str) -> bool:
    number = word[4:]
    return word[:4].upper() == "INC-" and number.isascii() and number.isdigit()


def _option(taken: Taken, name: str) -> Option | None:
    return next((one for one in taken["options"] if name in one["names"]), None)


def _options(taken: Taken, words: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Return the options that may still come."""
    used = {word.partition("=")[0] for word in words}
    return (
        (one["names"][-1], one["help"])
        for one in taken["options"]
        if one["repeats"] or used.isdisjoint(one["names"])
    )


def _globals() -> tuple[tuple[str, str], ...]:
    return tuple((name, told) for name, (_, told) in EVERY.items())


def _prefixed(offer: Offer, start: str) -> Offer:
    return Offer(tuple((f"{start}{word}", told) for word, told in offer.words), offer.files)


def _values(kind: Values, line: Line, incident: str) -> Offer:
    """Return the words of a kind: fixed ones, ids of what there is, or files."""
    if isinstance(kind, list):
        return Offer(tuple((one, "") for one in kind))
    if kind == FILES:
        return Offer(files=True)
    if not kind:
        return Offer()
    found = playbooks() if kind == "playbooks" else ids(kind, line.every, incident)
    files = kind == "playbooks"
    return Offer(tuple((one, "") for one in found if _sound(one)), files)


def _sound(word: str) -> bool:
    return word.isprintable() and 0 < len(word) <= _LONGEST and not word.startswith("-")


def _table() -> dict[str, Taken]:
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "docs", "verbs.json")
    with open(path, encoding="utf-8") as file:
        table: dict[str, Any] = json.load(file)
    return table
