"""What `playbook new` wants to know, as people write it into a file for scripts."""

from __future__ import annotations

from importlib import resources
from typing import Literal, get_args

import msgspec

from crisisroom.core.kinds import Id, Prose, Ref, Zone
from crisisroom.core.problems import Problem, Report
from crisisroom.core.schema import bind
from crisisroom.core.yamltext import parse

Tone = Literal["plain", "warm", "formal"]
TONES = get_args(Tone)
SKELETON = "skeleton"


class Person(msgspec.Struct, frozen=True):
    """Somebody of the team, with the roles they can hold, and those they are the backup for."""

    name: str
    phone: str
    email: str = ""
    roles: tuple[Id, ...] = ()
    stands_in: tuple[Id, ...] = ()


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The answers; `start` is the playbook to begin with, without one a short skeleton."""

    title: str
    team: tuple[Person, ...]
    id: Ref = ""
    start: Ref = SKELETON
    summary: Prose = ""
    source_of_truth: str = ""
    tone: Tone = "plain"
    timezone: Zone = ""


def read_answers(text: str, name: str) -> tuple[Answers | None, list[Problem]]:
    """Read a file of answers; None exactly when there are problems."""
    root, problems = parse(text, name)
    if root is None:
        return None, problems
    report = Report(name, problems)
    answers = bind(root, Answers, report)
    return (None if report else answers), report.problems()


def skeleton() -> str:
    """Return the short playbook that a new one can begin with."""
    return (resources.files("crisisroom.authoring") / "skeleton.yaml").read_text(encoding="utf-8")
