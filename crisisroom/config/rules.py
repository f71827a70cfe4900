"""The rules across a configuration: references, and what each type of source needs."""

from __future__ import annotations

from datetime import datetime

from crisisroom.config.kinds import in_clear
from crisisroom.config.settings import Account, Config, OnCall, Source, Swap
from crisisroom.config.source_types import COMMON, TYPES, SourceType
from crisisroom.core.crossref import Crossref, Path
from crisisroom.core.problems import Report, shown
from crisisroom.core.yamltext import Node

def check(config: Config, root: Node, report: Report) -> None:
    """Report everything in a configuration that does not hold together."""
    run = _Check(config, root, report)
    for section in ("accounts", "sources", "team", "terms", "campaigns"):
        things = enumerate(getattr(config, section))
        run.once(((section, index), thing.id) for index, thing in things)
    run.refer_each(("brand", "accounts"), config.brand.accounts, run.accounts, "account")
    for index, account in enumerate(config.accounts):
        _account(run, ("accounts", index), account)
    for index, event in enumerate(config.expected):
        run.refer_each(("expected", index, "terms"), event.terms, run.terms, "term")
    for index, campaign in enumerate(config.campaigns):
        run.refer_each(("campaigns", index, "terms"), campaign.terms, run.terms, "term")
        if run.team:
            run.refer(("campaigns", index, "owner"), campaign.owner, run.team, "member of the team")
    for index, source in enumerate(config.sources):
        _source(run, ("sources", index), source)
    if config.oncall is not None:
        _oncall(run, config.oncall)


class _Check(Crossref):
    """One pass over a configuration and the nodes it came from."""

    def __init__(self, config: Config, root: Node, report: Report) -> None:
        super().__init__(root, report)
        self.accounts = {account.id: account for account in config.accounts}
        self.team = {member.id: member for member in config.team}
        self.terms = {term.id: term for term in config.terms}


def _account(run: _Check, path: Path, account: Account) -> None:
    if run.team:
        run.refer((*path, "owner"), account.owner, run.team, "member of the team")
        run.refer((*path, "backup"), account.backup, run.team, "member of the team")
    if in_clear(account.server) and not account.private:
        what = "a server is reached by https://, so that the token stays secret"
        run.add((*path, "server"), what, "private: yes where the server is on your own network")
    if account.token_env and account.token_file:
        what = "token_env and token_file both say where the token is"
        run.add((*path, "token_file"), what, "keep one of them")


def _source(run: _Check, path: Path, source: Source) -> None:
    run.refer((*path, "account"), source.account, run.accounts, "account")
    run.refer_each((*path, "terms"), source.terms, run.terms, "term")
    kind = TYPES.get(source.type)
    if kind is None:
        return  # another package's: it reads its own options, and `doctor` asks for it
    for key in kind.needs:
        if not getattr(source, key):
            what = f'a source of type {source.type} needs "{key}"'
            run.add(path, what, f"add {key}:", "missing_key")
    known = COMMON | {*kind.needs, *kind.may}
    for key in source.__struct_fields__:
        if key not in known and getattr(source, key):
            what = f'a source of type {source.type} has no "{key}"'
            run.add((*path, key), what, "take the line out", "unknown_key")
    if kind.needs_account and not source.account:
        what = f'a source of type {source.type} needs "account"'
        run.add(path, what, f"add account: with one of type {kind.account}", "missing_key")
    _speaks_for(run, path, source, kind)
    if source.type == "mastodon":
        _mastodon(run, path, source)


def _speaks_for(run: _Check, path: Path, source: Source, kind: SourceType) -> None:
    account = run.accounts.get(source.account)
    if account is not None and account.type != kind.account:
        which = f"a {kind.account} account" if kind.account else "no account"
        what = f"a source of type {source.type} takes {which}, not one of type {account.type}"
        run.add((*path, "account"), what, code="type")


def _mastodon(run: _Check, path: Path, source: Source) -> None:
    if not (source.account or source.url):
        what = 'a source of type mastodon needs "account" or "url"'
        hint = "add account:, or url: for what a server shows to everybody"
        run.add(path, what, hint, "missing_key")
    if not (source.hashtags or source.search or source.home or source.notifications):
        hint = "add hashtags: [..], search: yes, home: yes or notifications: yes"
        run.add(path, "this source watches nothing", hint, "missing_key")
    for key in ("home", "notifications"):
        if getattr(source, key) and not source.account:
            run.add((*path, key), f'"{key}" needs an account', "add account:", "missing_key")


def _oncall(run: _Check, rota: OnCall) -> None:
    path: Path = ("oncall",)
    if not (rota.people or rota.ical):
        what = 'the rota needs "people" or "ical"'
        run.add(path, what, "add people: [..], or ical: with a calendar's file", "missing_key")
    if rota.people and not rota.start:
        hint = "add start: with the day of the first hand-over"
        run.add(path, 'people in turn need a "start"', hint, "missing_key")
    if rota.ical:
        for key in ("people", "start", "swaps"):
            if getattr(rota, key):
                what = f'the calendar says who is on duty, so there is no "{key}"'
                run.add((*path, key), what, "take the line out, or ical:", "unknown_key")
    for index, person in enumerate(rota.people):
        _on_duty(run, (*path, "people", index), person, rota)
    for index, swap in enumerate(rota.swaps):
        _on_duty(run, (*path, "swaps", index, "person"), swap.person, rota)
    _swaps(run, rota)


def _on_duty(run: _Check, path: Path, person: str, rota: OnCall) -> None:
    """Report somebody on duty who is not in the team, or may not take the part."""
    if not run.team:
        return
    run.refer(path, person, run.team, "member of the team")
    if person in run.team and rota.role not in run.team[person].roles:
        what = f'"{shown(person)}" is on duty as {shown(rota.role)}, but may not be that'
        run.add(path, what, f"add {shown(rota.role)} to their roles in the team", "role")


def _swaps(run: _Check, rota: OnCall) -> None:
    spans = [(span_of(swap, rota), index) for index, swap in enumerate(rota.swaps)]
    sound: list[tuple[datetime, datetime]] = []
    for span, index in spans:
        path: Path = ("oncall", "swaps", index)
        if span is None:
            continue  # reported where it is read
        if span[0] >= span[1]:
            run.add((*path, "end"), "this ends before it starts", code="range")
        elif any(span[0] < end and start < span[1] for start, end in sound):
            run.add((*path, "start"), "another swap covers this time already", code="duplicate")
        else:
            sound.append(span)


def span_of(swap: Swap, rota: OnCall) -> tuple[datetime, datetime] | None:
    """Return a swap's ends as local times, None where they are no times; see `OnCall`."""
    try:
        return local_time(swap.start, rota), local_time(swap.end, rota)
    except ValueError:
        return None


def local_time(text: str, rota: OnCall) -> datetime:
    """Return a day and time without a zone; a bare day is meant at the time of hand-over."""
    return datetime.fromisoformat(text if " " in text else f"{text} {rota.handover}")
