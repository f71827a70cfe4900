"""The rules of people: roles, contacts, who is called, who agrees, who is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crisisroom.core.check_run import Run, each
from crisisroom.core.crossref import Crossref, Path
from crisisroom.core.playbook import Approval, Consequence, Contact, Reach, Role
from crisisroom.core.problems import shown

_PHONE = "phone"
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/.,;#*x-]*(?:ext\.? ?[0-9]+)?", re.IGNORECASE)
_LIKE_PHONE = frozenset({"tel", "telephone", "mobile", "cell", "handy", "call", "landline"})
_FOLLOWS = ("note", "notify", "escalate")


def check_people(run: Run, zone_known: Callable[[str], bool] | None) -> None:
    """Report people who are missing, cannot be reached, or are called by names nobody has."""
    plan = run.plan
    run.refer(("owner",), plan.owner, run.roles, "role")
    holders: dict[str, list[Contact]] = {}
    for contact in plan.contacts:
        for role_id in contact.roles:
            holders.setdefault(role_id, []).append(contact)
    for index, role in enumerate(plan.roles):
        _role(run, ("roles", index), role, holders.get(role.id, ()))
    for index, contact in enumerate(plan.contacts):
        _contact(run, ("contacts", index), contact, zone_known)
    for index, ladder in enumerate(plan.escalations):
        for at, step in enumerate(ladder.steps):
            for which, word in enumerate(step.call):
                run.party(("escalations", index, "steps", at, "call", which), word)
    for index, approval in enumerate(plan.approvals):
        _approval(run, ("approvals", index), approval)
    run.refer(("reply_approval",), plan.reply_approval, run.approvals, "approval")
    for path, _, follows in each(plan, Consequence):
        _consequence(run, path, follows)


def _role(run: Run, path: Path, role: Role, holders: Sequence[Contact]) -> None:
    run.refer((*path, "backup"), role.backup, run.contacts, "contact")
    if not role.required or not role.id:
        return
    if not role.backup:
        hint = "write backup: and a contact's id"
        run.add(path, "a required role has a backup", hint, "backup")
    elif role.backup in run.contacts:
        deputy = run.plan.contacts[run.contacts[role.backup]]
        if not _has_phone(deputy):
            what = f"the backup {shown(role.backup)} has no telephone"
            hint = "write it there, under reach: - {by: phone, to: …}"
            run.add((*path, "backup"), what, hint, "phone")
    if holders and not any(_has_phone(one) for one in holders):
        what = f"nobody who has the required role {shown(role.id)} has a telephone"
        hint = f"write it there: contact {shown(holders[0].id)}, - {{by: phone, to: …}}"
        run.add(path, what, hint, "phone")


def _has_phone(contact: Contact) -> bool:
    return any(one.by == _PHONE for one in contact.reach)


def _contact(
    run: Run, path: Path, contact: Contact, zone_known: Callable[[str], bool] | None
) -> None:
    run.refer_each((*path, "roles"), contact.roles, run.roles, "role")
    if contact.timezone and zone_known and not zone_known(contact.timezone):
        what = f'no time zone is called "{shown(contact.timezone)}"'
        run.add((*path, "timezone"), what, "write it like Europe/Berlin", "zone")
    check_reach(run, path, contact.reach)


def check_reach(run: Crossref, path: Path, ways: Sequence[Reach]) -> None:
    """Report ways to reach somebody that lead nowhere; `path` is theirs."""
    for index, way in enumerate(ways):
        place = (*path, "reach", index)
        by = way.by.casefold()
        if way.by != _PHONE and (by == _PHONE or by in _LIKE_PHONE):
            run.add((*place, "by"), f'"{shown(way.by)}" is not known here', "write phone", "phone")
        elif way.by == _PHONE and way.to and not _NUMBER.fullmatch(way.to.strip()):
            what = f'"{shown(way.to)}" is no telephone number'
            run.add((*place, "to"), what, "write it like +49 30 1234", "phone")
        elif by in ("email", "mail") and way.to and "@" not in way.to:
            what = f'"{shown(way.to)}" is no mail address'
            run.add((*place, "to"), what, "write it like ada@example.org", "mail")


def _approval(run: Run, path: Path, approval: Approval) -> None:
    if not approval.by and not approval.steps:
        hint = "write by: and roles, or steps:"
        run.add(path, "an approval says who agrees", hint, "approval")
    if approval.steps:
        for key in ("by", "rule", "within", "fallback"):
            if key in run.keys(path):
                what = f'"{key}" stands beside steps:, and says the same thing twice'
                run.add_key((*path, key), what, "keep one of them: move it into a step", "one_of")
    for key in ("by", "fallback", "break_glass"):
        run.refer_each((*path, key), getattr(approval, key), run.roles, "role")
    for index, step in enumerate(approval.steps):
        for key in ("by", "fallback"):
            run.refer_each((*path, "steps", index, key), getattr(step, key), run.roles, "role")
    _preapproved(run, path, approval)


def _preapproved(run: Run, path: Path, approval: Approval) -> None:
    run.refer_each((*path, "preapproved"), approval.preapproved, run.statements, "statement")
    for index, word in enumerate(approval.preapproved):
        if word not in run.statements:
            continue
        other = run.plan.statements[run.statements[word]].approval
        if other and other != approval.id and other in run.approvals:
            what = f"the statement {shown(word)} has the approval {shown(other)}"
            run.add((*path, "preapproved", index), what, "name it there", "approval")


def _consequence(run: Run, path: Path, follows: Consequence) -> None:
    written = run.keys(path)
    given = [key for key in _FOLLOWS if key in written]
    if len(given) > 1:
        what = f"{given[0]} and {given[1]} stand in one consequence"
        run.add_key((*path, given[1]), what, "give each a - of its own", "one_of")
    elif not given and set(written) <= {"after"}:
        run.add(path, "a consequence does one thing", "write note:, notify: or escalate:", "one_of")
    run.party((*path, "notify"), follows.notify)
    run.refer((*path, "escalate"), follows.escalate, run.escalations, "escalation")
