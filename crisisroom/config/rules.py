"""The rules across a configuration: references, times, who is on duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from crisisroom.config.account_rules import check_account, check_messenger, check_pause
from crisisroom.config.anchor_rules import check_place
from crisisroom.config.checking import Check
from crisisroom.config.evidence import LARGEST, Keep
from crisisroom.config.kinds import bytes_of, days_of
from crisisroom.config.notifying_rules import check_member_notify, check_notifying
from crisisroom.config.settings import Config, OnCall
from crisisroom.config.source_rules import check_source
from crisisroom.config.swaps import span_of
from crisisroom.config.team_rules import check_team
from crisisroom.config.terms import campaign_between, expected_between, swallows
from crisisroom.core.crossref import Path
from crisisroom.core.problems import Report, shown
from crisisroom.core.yamltext import Node

_NAMED = ("accounts", "sources", "team", "terms", "campaigns", "pauses", "messengers", "anchors")


def check(config: Config, root: Node, report: Report) -> None:
    """Report everything in a configuration that does not hold together."""
    run = Check(config, root, report)
    for section in _NAMED:
        things = enumerate(getattr(config, section))
        run.once(((section, index), thing.id) for index, thing in things)
    run.refer_each(("brand", "accounts"), config.brand.accounts, run.accounts, "account")
    for index, account in enumerate(config.accounts):
        check_account(run, ("accounts", index), account)
    check_team(run, config.team)
    _times(run, config)
    for index, source in enumerate(config.sources):
        check_source(run, ("sources", index), source)
    for index, pause in enumerate(config.pauses):
        check_pause(run, ("pauses", index), pause)
    for index, messenger in enumerate(config.messengers):
        check_messenger(run, ("messengers", index), messenger)
    for index, member in enumerate(config.team):
        check_member_notify(run, ("team", index), member)
    check_notifying(run, config.notifying, config.messengers)
    for index, place in enumerate(config.anchors):
        check_place(run, ("anchors", index), place)
    _left_out(run, config)
    _retention(run, config)
    _evidence(run, config.evidence)
    if config.oncall is not None:
        _oncall(run, config.oncall)


def _left_out(run: Check, config: Config) -> None:
    """Report an exclusion that says nothing, or leaves nothing of a term."""
    for index, say in enumerate(config.exclude):
        path: Path = ("exclude", index)
        if not say:
            hint = "write what makes a post none of ours, or take it out"
            run.add(path, "an exclusion needs a word", hint)
        for term in run.terms.values():
            if swallows(say, term.say):
                what = f'this leaves out everything that the term "{shown(term.id)}" finds'
                run.add(path, what, "leave out something narrower, like a phrase in quotes")
                break


def _retention(run: Check, config: Config) -> None:
    """Report an incident that would be emptied before its posts may go."""
    mentions, incidents = days_of(config.retention.mentions), days_of(config.retention.incidents)
    if incidents and mentions > incidents:
        what = "incidents would lose their posts before other posts go"
        run.add(("retention", "incidents"), what, "keep them at least as long as mentions", "range")


def _times(run: Check, config: Config) -> None:
    """Report what is expected, or watched for a while, without terms or without an end."""
    for index, event in enumerate(config.expected):
        path: Path = ("expected", index)
        run.refer_each((*path, "terms"), event.terms, run.terms, "term")
        _ordered(run, path, partial(expected_between, event, "UTC"))
    for index, campaign in enumerate(config.campaigns):
        path = ("campaigns", index)
        run.refer_each((*path, "terms"), campaign.terms, run.terms, "term")
        if run.team:
            run.refer((*path, "owner"), campaign.owner, run.team, "member of the team")
        _ordered(run, path, partial(campaign_between, campaign, "UTC"))


def _ordered(run: Check, path: Path, between: Callable[[], tuple[datetime, datetime]]) -> None:
    try:
        start, end = between()
    except (ValueError, OverflowError):
        return  # reported where it is read
    if start >= end:
        run.add((*path, "end"), "this ends before it starts", code="range")


def _evidence(run: Check, keep: Keep) -> None:
    """Report a picture that is larger than the room takes, or than all of them together."""
    if keep.most_bytes > bytes_of(LARGEST):
        what = f"a picture of {keep.most} is more than the room takes at once"
        run.add(("evidence", "most"), what, f"at most {LARGEST}", "range")
    elif keep.most_bytes > keep.keep_bytes > 0:
        what = f"one picture may be larger than all of them together, which is {keep.keep}"
        run.add(("evidence", "keep"), what, "keep more, or less of each", "range")


def _oncall(run: Check, rota: OnCall) -> None:
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


def _on_duty(run: Check, path: Path, person: str, rota: OnCall) -> None:
    """Report somebody on duty who is not in the team, or may not take the part."""
    if not run.team:
        return
    run.refer(path, person, run.team, "member of the team")
    if person in run.team and rota.role not in run.team[person].roles:
        what = f'"{shown(person)}" is on duty as {shown(rota.role)}, but may not be that'
        run.add(path, what, f"add {shown(rota.role)} to their roles in the team", "role")


def _swaps(run: Check, rota: OnCall) -> None:
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
