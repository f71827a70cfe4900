"""Examining how people are told: who can be reached, what had no answer, who is called outside."""

from __future__ import annotations

from collections.abc import AsyncIterator

from crisisroom.cli.health import Finding, Patient
from crisisroom.cli.plain import in_zone
from crisisroom.config import RoomConfig
from crisisroom.room import notifying_looking
from crisisroom.room.notifying_looking import Standing
from crisisroom.room.notifying_people import person_of


async def reached(patient: Patient) -> AsyncIterator[Finding]:
    """Find whether the people of the team can be told, and whether they answer."""
    config = patient.config
    if not config.messengers:
        if config.team or config.oncall:
            why = "nobody is told but on the screen"
            hint = "add messengers:, and reach: to the team; crisisroom notify test tries it"
            yield Finding("warn", "no_messengers", "telling people", why, hint)
        return
    if config.notifying.off:
        yield Finding("warn", "off", "telling people", "it is off", "notifying: {off: no}")
        return
    for finding in _unreachable(config):
        yield finding
    if patient.room is not None:
        known = await notifying_looking.standing(patient.room)
        for finding in _standing(known, patient):
            yield finding
    for finding in _outside(config):
        yield finding


def _unreachable(config: RoomConfig) -> list[Finding]:
    found = []
    for member in config.team:
        person = person_of(config, member.id)
        if member.notify.off or member.reads_only or person is None:
            continue
        where = f"telling {member.id}"
        ways = person.ways(config.messengers, important=True)
        if not ways:
            hint = "give them reach: with a way that a messenger serves"
            found.append(Finding("warn", "unreachable", where, "nothing reaches them", hint))
        elif len(ways) == 1:
            why = f"only {ways[0].by} reaches them: where it fails, nothing does"
            found.append(Finding("warn", "one_way", where, why, "give them a second way"))
        else:
            told = ", then ".join(one.by for one in ways)
            found.append(Finding("ok", "ways", where, told))
    return found


def _standing(known: Standing, patient: Patient) -> list[Finding]:
    at = in_zone(patient.config.zone, patient.context.clock.now())
    found = []
    for page in known.missed:
        why = f"they did not answer the test page {page.id}"
        hint = "ask them in another way; crisisroom notify test tries again"
        found.append(Finding("warn", "test_missed", f"telling {page.person}", why, hint))
    for page in known.unanswered:
        why = f"nobody answered it ({page.kind} {page.incident})".replace(" )", ")")
        hint = f"crisisroom notify ack {page.id}"
        found.append(Finding("fail", "unanswered", page.id, why, hint))
    for place in known.outside:
        if place.reason:
            why = f"not reached since {at(place.at)}: {place.reason}"
            found.append(Finding("fail", "outside", place.place, why, "check notifying:"))
        else:
            found.append(Finding("ok", "outside", place.place, f"called, last {at(place.at)}"))
    return found


def _outside(config: RoomConfig) -> list[Finding]:
    if config.notifying.deadman is not None:
        return []
    hint = "notifying: {deadman: {token_env: …}}, as healthchecks.io and the like give one"
    why = "nobody outside notices when the watcher is dead"
    return [Finding("warn", "no_deadman", "dead-man's switch", why, hint)]
