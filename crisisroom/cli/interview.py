"""The questions of `playbook new`: plain lines, for people and for pipes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

import msgspec

from crisisroom.authoring.answers import TONES, Answers, Person, Tone
from crisisroom.core.errors import Refused
from crisisroom.core.kinds import id_flaw, zone_flaw
from crisisroom.core.naming import new_id
from crisisroom.core.playbook import Playbook, Role
from crisisroom.text import check_own, clean

_LONGEST = 800  # characters of an answer
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{2,}")
_AGAIN = "once more, please"


class Interview:
    """Asks on one stream and reads the answers from stdin; Refused where they end too early."""

    def __init__(self, out: TextIO, *, piped: bool) -> None:
        self._out = out
        self._end = "\n" if piped else ""  # nobody's return key ends the line

    def tell(self, line: str) -> None:
        """Show a line."""
        self._out.write(f"{clean(line)}\n")

    def ask(self, question: str, default: str, flaw: Callable[[str], str] | None = None) -> str:
        """Return the answer, asked for until it is sound; an empty one is the default."""
        while True:
            shown = f" [{default}]" if default else ""
            self._out.write(clean(f"{question}{shown} ") + self._end)
            self._out.flush()
            raw = sys.stdin.buffer.readline()
            if not raw:
                message = f"the answers end before: {question.strip()}"
                raise Refused("answers", message, "nothing was written")
            said = raw[: _LONGEST * 5].decode("utf-8", "replace").strip() or default
            problem = _flaw(said) or (flaw(said) if flaw else "")
            if not problem:
                return said
            self.tell(f"{problem}; {_AGAIN}")

    def choose(self, question: str, choices: Sequence[str]) -> str:
        """Return one of the choices, by its number or its first word."""
        self.tell(f"{question}:")
        for number, choice in enumerate(choices, 1):
            self.tell(f"  {number}  {choice}")
        words = {one.partition(":")[0]: one for one in choices}

        def flaw(said: str) -> str:
            known = said in words or (said.isdecimal() and 0 < int(said) <= len(choices))
            return "" if known else f"that is none of 1 to {len(choices)}"

        said = self.ask("Which", "1", flaw)
        return words[said] if said in words else choices[int(said) - 1]


def _flaw(said: str) -> str:
    if not said:
        return "an answer is needed here"
    if len(said) > _LONGEST:
        return "that is too long"
    if found := check_own(said):
        return f"there is a {found[0].what} in it, at character {found[0].column}"
    return "that is not UTF-8" if "\ufffd" in said else ""


def _page_flaw(said: str) -> str:
    whole = said.startswith(("https://", "http://")) and "." in said and " " not in said
    return "" if whole else "write the whole address, like https://www.example.org/help"


def interview(
    talk: Interview,
    starts: Sequence[str],
    base_of: Callable[[str], Playbook],
    free: Callable[[str], object],
    zone: str,
) -> tuple[Answers, Playbook]:
    """Return the answers of a person, and the playbook they begin with.

    `starts` are ids with titles, `free` refuses an id whose file is there already.
    """
    title = talk.ask("What do people call this crisis?", "")
    id_ = talk.ask("Its id, for the command line", new_id(title, "playbook", ()), id_flaw)
    free(id_)
    base = base_of(talk.choose("Begin with", starts).partition(":")[0])
    summary = talk.ask("What is it for, in a sentence?", base.summary)
    page = talk.ask("The one page that is always right", "https://", _page_flaw)
    where = talk.ask("The team's time zone", zone, zone_flaw)
    tone = msgspec.convert(talk.choose("How do you speak", TONES), Tone)
    team = _cast(talk, _team(talk), base.roles)
    answers = Answers(
        title=title,
        team=tuple(team),
        id=id_,
        summary=summary,
        source_of_truth=page,
        tone=tone,
        timezone=where,
    )
    return answers, base


def _team(talk: Interview) -> list[Person]:
    talk.tell("Who is in the team? One a line: name, phone, mail. A full stop ends the list.")
    team: list[Person] = []
    while True:
        said = talk.ask(f"  {len(team) + 1}:", "", lambda said: _person_flaw(said, bool(team)))
        if said == ".":
            return team
        name, phone, email = _parts(said)
        team.append(Person(name, phone, email))


def _parts(said: str) -> tuple[str, str, str]:
    name, phone, email, *_ = (*(part.strip() for part in said.split(",")), "", "")
    return name, phone, email


def _person_flaw(said: str, may_end: bool) -> str:
    if said == "." and may_end:
        return ""
    name, phone, _ = _parts(said)
    sound = name and _PHONE.fullmatch(phone)
    return "" if sound else "write it like: Ada Lovelace, +49 30 1234, ada@ourselves.test"


def _cast(talk: Interview, team: Sequence[Person], roles: Sequence[Role]) -> Iterator[Person]:
    """Ask who holds which role, and yield the team with their roles."""
    talk.tell("Who does what? First who does it, then who stands in: 1 2. A dash is nobody.")
    holds: list[list[str]] = [[] for _ in team]
    deputy: list[list[str]] = [[] for _ in team]
    for turn, role in enumerate(roles):
        for place, number in enumerate(_numbers(talk, role, turn, len(team))):
            (deputy if place == 1 else holds)[number - 1].append(role.id)
    for person, own, other in zip(team, holds, deputy, strict=True):
        yield msgspec.structs.replace(person, roles=tuple(own), stands_in=tuple(other))


def _numbers(talk: Interview, role: Role, turn: int, most: int) -> list[int]:
    """Ask for one role; offered in turn, so that who writes is not who approves."""

    def flaw(said: str) -> str:
        parts = said.replace(",", " ").split()
        sound = said == "-" or all(one.isdecimal() and 0 < int(one) <= most for one in parts)
        return "" if sound else f"  numbers from 1 to {most}"

    pair = dict.fromkeys((turn % most + 1, (turn + 1) % most + 1))
    usual = " ".join(map(str, pair)) if role.required else "-"
    said = talk.ask(f"  {role.title}{', required' if role.required else ''}:", usual, flaw)
    numbers = [] if said == "-" else said.replace(",", " ").split()
    return list(dict.fromkeys(int(one) for one in numbers))
