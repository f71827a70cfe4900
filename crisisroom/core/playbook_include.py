"""Shared files: contacts, roles, approvals and escalations that several playbooks include."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

import msgspec

from crisisroom.core.check_run import Run
from crisisroom.core.crossref import Crossref, Part
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Approval, Contact, Escalation, Playbook, Role
from crisisroom.core.problems import Problem, Report, shown
from crisisroom.core.schema import bind
from crisisroom.core.yamltext import MAX_BYTES, Mapping, Node, parse

MOST_FILES = 8
_MOST_NODES = 5_000  # in one shared file
_LONGEST = 200
_NAME = re.compile(r"(?:[\w][\w .-]*/)*[\w][\w .-]*\.ya?ml")

Read = Callable[[str], str | None]
"""Return the text of a file beside the playbook, None where there is none; may raise `Refused`."""


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What a shared file may hold."""

    roles: tuple[Role, ...] = ()
    contacts: tuple[Contact, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    approvals: tuple[Approval, ...] = ()


SECTIONS = Shared.__struct_fields__


def name_flaw(name: str) -> str:
    """Say what keeps a text from naming a file beside the playbook."""
    if name.startswith(("/", "~")) or "\\" in name or ".." in name.split("/"):
        return "an included file lies beside the playbook, or in a folder beside it"
    return (
        ""
        if len(name) <= _LONGEST and _NAME.fullmatch(name)
        else "an included file is named like shared/contacts.yaml"
    )


def merged(
    plan: Playbook, root: Node, report: Report, read: Read | None
) -> tuple[Run, list[Report]]:
    """Return a playbook with what it includes behind its own, and the included files' reports."""
    at = Crossref(root, report)
    parts: list[Part] = []
    left = MAX_BYTES
    if len(plan.include) > MOST_FILES:
        what = f"a playbook includes at most {MOST_FILES} files"
        at.add(("include", MOST_FILES), what, "put what belongs together into one", "include")
    at.refer_each(("include",), plan.include, plan.include, "file")
    for index, name in enumerate(dict.fromkeys(plan.include[:MOST_FILES])):
        if flaw := name_flaw(name):
            at.add(("include", index), flaw, "write it like shared/contacts.yaml", "include")
            continue
        text = _text(at, index, name, read)
        if text is None:
            continue
        left -= len(text)
        if left < 0:
            what = f"the included files are larger than {MAX_BYTES // 1024} KiB together"
            at.add(("include", index), what, code="size")
            break
        plan, part = _with(plan, text, posixpath.join(posixpath.dirname(report.file), name))
        parts.append(part)
    return Run(plan, root, report, [one for one in parts if one.begins]), [
        one.report for one in parts
    ]


def _text(at: Crossref, index: int, name: str, read: Read | None) -> str | None:
    try:
        text = read(name) if read else None
    except Refused as refusal:
        at.add(("include", index), refusal.message, refusal.hint, "include")
        return None
    if text is None:
        what = f"there is no file {shown(name)} beside this one"
        at.add(("include", index), what, "write its path from this file's folder", "include")
    return text


def _with(plan: Playbook, text: str, name: str) -> tuple[Playbook, Part]:
    """Return the plan with a shared file's things, and where they came from."""
    root, problems = parse(text, name, _MOST_NODES)
    report = Report(name, problems)
    if root is None:
        return plan, Part(Mapping(1, 1, ()), report, {})
    shared = bind(root, Shared, report)
    begins = {key: len(getattr(plan, key)) for key in SECTIONS if getattr(shared, key)}
    longer = {key: getattr(plan, key) + getattr(shared, key) for key in begins}
    return msgspec.structs.replace(plan, **longer), Part(root, report, begins)


def check_shared(text: str, name: str) -> list[Problem]:
    """Return the problems of a shared file by itself; what it refers to may stand elsewhere."""
    root, problems = parse(text, name, _MOST_NODES)
    report = Report(name, problems)
    if root is not None:
        shared = bind(root, Shared, report)
        run = Crossref(root, report)
        for key in SECTIONS:
            things: Sequence[Role | Contact | Escalation | Approval] = getattr(shared, key)
            run.once(((key, index), thing.id) for index, thing in enumerate(things))
    return report.problems()
