"""The rules for how people are told: ways that exist, people of the team, places for the alarm."""

from __future__ import annotations

from crisisroom.config.checking import Check
from crisisroom.config.kinds import in_clear
from crisisroom.config.notifying import Alerts, Deadman, Notifying
from crisisroom.config.settings import Messenger
from crisisroom.config.team import Member
from crisisroom.config.token import places
from crisisroom.core.crossref import Path
from crisisroom.core.problems import shown


def check_notifying(run: Check, notifying: Notifying, messengers: tuple[Messenger, ...]) -> None:
    """Report rules of the room that could reach nobody."""
    path: Path = ("notifying",)
    if run.team:
        run.refer_each((*path, "backup"), notifying.backup, run.team, "member of the team")
    if notifying.test and not messengers:
        hint = "add messengers:, or take the line out"
        run.add((*path, "test"), "a test page needs a way to people", hint, "missing_key")
    if notifying.deadman is not None:
        _deadman(run, (*path, "deadman"), notifying.deadman)
    if notifying.alerts is not None:
        _alerts(run, (*path, "alerts"), notifying.alerts)


def check_member_notify(run: Check, path: Path, member: Member) -> None:
    """Report ways that a person wants to be told by and does not have."""
    known = {one.by for one in member.reach}
    for key in ("important", "other"):
        ways = getattr(member.notify, key)
        for index, way in enumerate(ways):
            if way in ways[:index]:
                run.add((*path, "notify", key, index), f'"{shown(way)}" stands here twice')
            elif way not in known:
                what = f"{shown(member.id)} has no {shown(way)} among their ways to be reached"
                run.add((*path, "notify", key, index), what, f"add - {{by: {shown(way)}, to: …}}")


def _deadman(run: Check, path: Path, deadman: Deadman) -> None:
    if not places(deadman):
        hint = "add token_env:, or token_file: with the address to call"
        run.add(path, 'a dead-man\'s switch needs "token_env"', hint, "missing_key")
    _secret(run, path, deadman)


def _alerts(run: Check, path: Path, alerts: Alerts) -> None:
    if not alerts.server:
        what = 'an Alertmanager needs its "server"'
        run.add(path, what, "add server: https://alerts.example.org", "missing_key")
    if in_clear(alerts.server) and not alerts.private:
        what = "a server is reached by https://, so that nobody reads along"
        run.add((*path, "server"), what, "private: yes where the server is on your own network")
    _secret(run, path, alerts)


def _secret(run: Check, path: Path, keyed: Deadman | Alerts) -> None:
    first, *more = places(keyed) or ("",)
    for key in more:
        what = f"{first} and {key} both say where the token is"
        run.add((*path, key), what, "keep one of them")
