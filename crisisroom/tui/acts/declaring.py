"""Declaring an incident: its playbook, severity and title, and whether one is open already."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from crisisroom import library
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Playbook
from crisisroom.room import lifecycle, reading
from crisisroom.tui.acted import Given, final
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice

Severities = Callable[[Playbook], str]
"""Says which severity of a playbook fits what is known."""


async def begin(desk: Desk) -> None:
    """Declare an incident by hand."""
    await declare(desk)


async def declare(
    desk: Desk, *, candidate: str = "", suggested: str = "", severity_of: Severities | None = None
) -> str:
    """Declare an incident: playbook, severity, title; returns its id.

    On an early warning, `candidate`, with what is `suggested` chosen already.
    """
    playbook = await _playbook(desk, suggested)
    answers = await _answers(desk, playbook)
    levels = [
        Choice(one.id, one.id.upper(), one.when_to_use or one.label) for one in playbook.severities
    ]
    likely = lifecycle.suggested_severity(playbook, answers)
    said = f"your answers say {likely.upper()}" if likely else "nothing is published by declaring"
    if not likely and severity_of is not None:
        likely = severity_of(playbook)
    severity = await desk.pick("How serious is it?", levels, said, chosen=likely)
    title = await desk.line("What is it called?", "a few words, no names", check=needed)
    await _ask_about_open(desk)
    acted = await lifecycle.declare(
        desk.room,
        title,
        playbook=playbook,
        severity=severity,
        drill=desk.drill,
        answers=answers,
        candidate=candidate,
    )
    told = f"{acted.incident.id} is declared: clocks and checklist run"
    desk.said(told, final(f"declaring {acted.incident.id}"))
    desk.go(incident=acted.incident.id)
    return acted.incident.id


async def _answers(desk: Desk, playbook: Playbook) -> dict[str, str]:
    """Ask what the playbook asks before declaring: harm, truth, spread."""
    answers = {}
    for number, one in enumerate(playbook.questions, 1):
        choices = [
            Choice("yes", "yes", f"speaks for {one.yes.upper()}" if one.yes else ""),
            Choice("no", "no"),
            Choice("unknown", "we do not know"),
        ]
        rest = f"{number} of {len(playbook.questions)}   {one.detail}"
        answers[one.id] = await desk.pick(one.ask, choices, rest, chosen="unknown")
    return answers


async def _ask_about_open(desk: Desk) -> None:
    """Ask whether another one is meant while an incident is open; looking at it ends the act."""
    known = await reading.incidents(desk.room)
    running = [one for one in known if one.status == "open"]
    if not running:
        return
    looks = [Choice(one.id, f"look at {one.id}", _since(desk, one)) for one in running]
    another = Choice("another", "declare another", "they run side by side")
    title = f"{running[-1].id} is open already" if len(running) == 1 else "incidents are open"
    chosen = await desk.pick(title, [*looks, another])
    if chosen != another.id:
        desk.go(incident=chosen)
        raise Given


def _since(desk: Desk, incident: Incident) -> str:
    when = clock(incident.declared_at, desk.now, desk.zone)
    return f"{incident.title}, since {when} ({incident.declared_by})"


async def _playbook(desk: Desk, suggested: str) -> Playbook:
    found, broken = await asyncio.to_thread(_playbooks, desk)
    if not found:
        raise Refused("no-playbook", "no playbook can be read", "crisisroom check says why")
    choices = [Choice(one.id, one.title, _first_sentence(one.summary)) for one in found]
    rest = f"{', '.join(broken)} cannot be read: crisisroom check says why" if broken else ""
    chosen = await desk.pick("Which playbook fits?", choices, rest, chosen=suggested)
    return next(one for one in found if one.id == chosen)


def _first_sentence(summary: str) -> str:
    return summary.split("\n")[0].split(". ")[0].removesuffix(".")


def _playbooks(desk: Desk) -> tuple[list[Playbook], list[str]]:
    """Return the playbooks that can be read, and the names of those that cannot."""
    search = desk.hooks.playbooks
    loaded = {name: _read(name, search) for name in library.list_ids(search)}
    broken = [name for name, playbook in loaded.items() if playbook is None]
    return [playbook for playbook in loaded.values() if playbook is not None], broken


def _read(name: str, search: Sequence[Path]) -> Playbook | None:
    try:
        playbook, _ = library.load(name, search)
    except Refused:
        return None
    return playbook
