"""`playbook new`: a few questions, and a first playbook that passes `check`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from crisisroom.authoring.answers import SKELETON, Answers, read_answers, skeleton
from crisisroom.authoring.making import as_file, leftovers, made
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.interview import Interview, interview
from crisisroom.cli.options import option, takes
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.yamlwrite import Unwritable
from crisisroom.library import list_ids, load, load_file, read
from crisisroom.vocabulary.jsonschema import FILE as SCHEMA_FILE

_FIRST = f"{SKELETON}: a short plan for any crisis"


def _new(context: Context, args: Namespace) -> int:
    if args.answers:
        answers = _from_file(args.answers)
        base = _base(context, answers.start)
    else:
        answers, base = _asked(context, args)
    today = context.clock.now().date()
    plan = made(base, answers, today)
    path = _place(context, args.output, plan.id)
    text = _file_of(plan, path, today)
    _write_new(path, text)
    context.show(
        lambda: {"file": str(path), "id": plan.id, "to_do": list(leftovers(plan))},
        lambda: _next(path, plan),
    )
    return 0


def _from_file(name: str) -> Answers:
    answers, problems = read_answers(read(Path(name)), name)
    if answers is None:
        more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
        raise Refused("answers", "; ".join(map(str, problems[:3])) + more)
    return answers


def _base(context: Context, start: str) -> Playbook:
    if start in (SKELETON, ""):
        plan, problems = load_playbook(skeleton(), SKELETON)
        assert plan is not None, problems
        return plan
    return context.playbook(start)


def _place(context: Context, output: str, id_: str) -> Path:
    """Return where the file goes; Refused where something is already."""
    path = Path(output) if output else context.playbooks()[0] / f"{id_}.yaml"
    if path.is_symlink() or path.exists():
        hint = "name another with -o, or give the playbook another id"
        raise Refused("exists", f"there is something at {path} already", hint)
    return path


def _file_of(plan: Playbook, path: Path, today: date) -> str:
    """Return the file's text; Refused where it would not pass `check`."""
    schema = SCHEMA_FILE if (path.parent / SCHEMA_FILE).is_file() else ""
    try:
        text = as_file(plan, schema)
    except Unwritable as error:
        raise Refused("answers", str(error)) from error
    _, problems = load_file(Path(path.name), text, today=today)
    if problems:
        first = "; ".join(str(one) for one in problems[:3])
        raise Refused("answers", f"that would not pass check: {first}", "nothing was written")
    return text


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Refused("file", f"cannot write {path}: {error.strerror}") from error


def _next(path: Path, plan: Playbook) -> Iterator[str]:
    yield f"wrote {path}"
    yield from (f"still to do: {line}" for line in leftovers(plan))
    yield f"next: read it aloud, change what does not sound like you; crisisroom check {path}"
    yield f"then: crisisroom drill {path} --headless --speed 600, and read the report"
    yield f"then: crisisroom playbook approve {path}"


def _asked(context: Context, args: Namespace) -> tuple[Answers, Playbook]:
    out = sys.stderr if context.options.json else sys.stdout
    return interview(
        Interview(out, piped=not sys.stdin.isatty()),
        (_FIRST, *(_titled(context, one) for one in list_ids(context.playbooks()))),
        lambda start: _base(context, start),
        lambda id_: _place(context, args.output, id_),
        context.team_zone(),
    )


def _titled(context: Context, name: str) -> str:
    try:
        plan, _ = load(name, context.playbooks())
    except Refused:  # whoever chooses it is told why
        return name
    return f"{name}: {plan.title}" if plan else name


def _arguments(parser: ArgumentParser) -> None:
    takes(
        option("-o", "the file; else the id's, in the playbooks' folder", dest="output"),
        option("--answers", "a file with the answers: title, team, start …", metavar="FILE"),
    )(parser)


VERBS = {"playbook new": Verb(_new, _arguments)}
