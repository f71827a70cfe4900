"""The rules for the team: one key opens one door, who reads only holds no part."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from crisisroom.config.checking import Check
from crisisroom.config.sshkey import bare_key, key_flaw
from crisisroom.config.team import Member, Team
from crisisroom.core.check_people import check_reach
from crisisroom.core.crossref import Path
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import shown


class Known(msgspec.Struct, frozen=True):
    """What playbooks call their roles and their approvals."""

    roles: Collection[str]
    approvals: Collection[str]


def check_team(run: Check, team: Team) -> None:
    """Report members whose keys, ways or rights do not hold together."""
    for index, member in enumerate(team):
        path: Path = ("team", index)
        for key in ("roles", "approves"):
            words = getattr(member, key) or ()
            run.refer_each((*path, key), words, words, "role")  # only what stands there twice
        check_reach(run, path, member.reach)
        _rights(run, path, member)
    _keys(run, team)


def _rights(run: Check, path: Path, member: Member) -> None:
    """Report a part or an approval of somebody who reads only."""
    if not member.reads_only:
        return
    for key in ("roles", "approves"):
        if getattr(member, key):
            article = "an" if member.access[0] in "aeiou" else "a"
            what = f"{article} {member.access} reads only, so there are no {key}"
            run.add((*path, key), what, f"take the line out, or access: {member.access}", "access")


def _keys(run: Check, team: Team) -> None:
    """Report a key that two people have: nobody could say who of them came."""
    owners: dict[str, str] = {}
    for index, member in enumerate(team):
        for at, key in enumerate(member.keys):
            if key_flaw(key):
                continue  # reported where it is read
            bare = bare_key(key)
            if bare in owners:
                where: Path = ("team", index, "keys", at)
                what = f"{shown(owners[bare])} has this key already"
                run.add(where, what, "a key is one person's, and stands once", "duplicate")
            owners.setdefault(bare, member.id)


def check_known(run: Check, team: Team, known: Known) -> None:
    """Report roles and approvals that no playbook has."""
    for index, member in enumerate(team):
        path: Path = ("team", index)
        for at, role in enumerate(member.roles):
            _refer(run, (*path, "roles", at), role, known.roles, "role")
        for at, approval in enumerate(member.approves or ()):
            _refer(run, (*path, "approves", at), approval, known.approvals, "approval")


def _refer(run: Check, path: Path, word: str, known: Collection[str], what: str) -> None:
    if word in known:
        return
    near = did_you_mean(word, sorted(known), "there is")
    run.add(path, f'no playbook has the {what} "{shown(word)}"', near, "reference")
