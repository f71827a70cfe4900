"""An incident's life: declared by a person, made more or less severe, resolved, reopened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crisisroom.core.apply import apply
from crisisroom.core.calm import HOUR
from crisisroom.core.canonical import digest
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_kept import snapshot
from crisisroom.core.query import numbered
from crisisroom.core.rules import MACHINE
from crisisroom.core.standdown import Standdown, standdown
from crisisroom.core.terms import moment_at, zone_of
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import AHEAD, Acted, Room, Scene, volumes
from crisisroom.room.checks import headline, own, required
from crisisroom.room.oncall import on_duty
from crisisroom.room.restricting import readers, restricted
from crisisroom.room.triage import link_drafts
from crisisroom.room.warnings import declaring
from crisisroom.store import Tx, log, settings, unrest
from crisisroom.store.ids import uuid7

ANSWERS = ("yes", "no", "unknown")


async def declare(
    room: Room,
    title: str,
    *,
    playbook: Playbook,
    severity: str = "",
    at: datetime | None = None,
    drill: bool = False,
    mentions: Sequence[str] = (),
    answers: Mapping[str, str] | None = None,
    candidate: str = "",
    restricted_to: Sequence[str] = (),
    command_id: str = "",
) -> Acted:
    """Declare an incident: its clock, checklist and update cadence start; nothing is published.

    Declared on an early warning, `candidate`, its stories and their posts are linked at once.
    `answers` are yes, no or unknown to the playbook's questions; the most serious severity that a
    yes speaks for counts where none is given. Who is on duty by the rota gets the rota's role,
    but not of what is `restricted_to` others from its first moment on.
    """
    headline(title)
    said = answered(playbook, answers or {})
    level = _severity_of(playbook, severity or suggested_severity(playbook, said))
    on_call = await duty_of(room, playbook)

    async def work(tx: Tx) -> Acted:
        if command_id and (before := await settings.outcome(tx, command_id)):
            return await room._again(tx, before)
        await room.refresh(tx)
        now = room.clock.now()
        if at is not None and at > now + AHEAD:
            raise Refused("future", "that time lies in the future", "times are when it happened")
        chain, number = uuid7(now), await log.next_number(tx)
        data = {
            "id": f"INC-{number}",
            "title": title,
            "severity": level,
            "drill": drill or room.config.rehearses,
            "answers": said,
            **_beginning(room, playbook, at or now),
        }
        words = f"declared {level.upper()}, {playbook.id}: {title}"
        opening = Draft(kind="incident.declared", text=words, data=data, at=at)
        first = await log.append(tx, chain, [opening], room.author(), now)
        state = apply(None, first[0])
        warned = await declaring(tx, room, state, candidate) if candidate else []
        first_of = (
            on_call if not restricted_to else _restricted(room, state, restricted_to, on_call)
        )
        linked = [*first_of, *warned, *await link_drafts(tx, room, state, mentions)]
        rest = await log.append(tx, chain, linked, room.author(), now) if linked else ()
        for entry in rest:
            state = apply(state, entry)
        await log.project(tx, None, state)
        room.store.states[chain] = state
        if command_id:
            came_to = settings.Outcome(chain, 1, state.seq)
            await settings.remember(tx, command_id, now, came_to)
        followed = await room.follow(tx, None, state)
        return Acted(room.store.states[chain], (*first, *rest), followed=followed)

    return await room.store.write(work)


def _restricted(
    room: Room, state: Incident, people: Sequence[str], on_call: Sequence[Draft]
) -> list[Draft]:
    """Return the entries that restrict it, and that give the rota's role to one of these people."""
    named = readers(people, room.config, room.actor.name)
    among = [draft for draft in on_call if draft.data["person"] in named]
    return [restricted(state, named, ""), *among]


def _beginning(room: Room, playbook: Playbook, at: datetime) -> dict[str, Any]:
    """Return what the declaration keeps of the plan and the room, for ever."""
    plan = snapshot(playbook)
    return {
        "zone": room.config.zone,
        "brand": room.config.brand.name,
        "plan": plan,
        "moments": moments(playbook, at, room.config.zone),
        "playbook": {"id": playbook.id, "version": playbook.version, "sha256": digest(plan)},
    }


async def duty_of(room: Room, playbook: Playbook) -> list[Draft]:
    """Return the entry that gives the rota's role to whoever is on duty now, if there is one."""
    rota = room.config.oncall
    role = next((one for one in playbook.roles if rota and one.id == rota.role), None)
    who = await on_duty(room, room.clock.now()) if role else ""
    if not who or role is None:
        return []
    data = {"role": role.id, "person": who, "was": ""}
    text = f"made {who} {role.title}: on duty by the rota"
    return [Draft(kind="role.assigned", text=text, data=data, actor=MACHINE, source="rule")]


def answered(playbook: Playbook, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to a playbook's questions; Usage for one it does not ask."""
    known = [question.id for question in playbook.questions]
    for question, answer in answers.items():
        if question not in known:
            there = ", ".join(known) or "none"
            raise Usage("question", f"{playbook.id} does not ask {question}", f"it asks: {there}")
        if answer not in ANSWERS:
            raise Usage("answer", f"{question} is not {answer}", f"one of {', '.join(ANSWERS)}")
    return {question: answers[question] for question in known if question in answers}


def suggested_severity(playbook: Playbook, answers: Mapping[str, str]) -> str:
    """Return the most serious severity that a yes speaks for, empty where none does."""
    spoken = {one.yes for one in playbook.questions if answers.get(one.id) == "yes"}
    return next((level.id for level in playbook.severities if level.id in spoken), "")


def moments(playbook: Playbook, start: datetime, zone: str) -> dict[str, str]:
    """Return when the tasks are due that name a time of day, as stamps by task."""
    here = zone_of(zone)
    return {
        task.id: stamp(moment_at(task.at, start, here)) for _, task in playbook.tasks() if task.at
    }


def _severity_of(playbook: Playbook, severity: str) -> str:
    known = [level.id for level in playbook.severities]
    chosen = severity.lower() or known[0]
    if chosen not in known:
        raise Usage("severity", f"there is no severity {severity}", f"one of {', '.join(known)}")
    return chosen


async def severity(
    room: Room, inc: str, severity: str, reason: str = "", *, command_id: str = ""
) -> Acted:
    """Raise or lower the severity; the update cadence follows it from now on."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        level = _severity_of(state.plan, severity)
        if level == state.severity:
            raise Refused("same", f"{state.id} is {level.upper()} already")
        known = [one.id for one in state.plan.severities]
        verb = "raised" if known.index(level) < known.index(state.severity) else "lowered"
        text = f"{verb} {state.severity.upper()} to {level.upper()}"
        data = {"severity": level, "was": state.severity, "words": own(reason, "reason")}
        return [Draft(kind="incident.severity", text=_because(text, reason), data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _because(text: str, reason: str) -> str:
    return f"{text}: {reason}" if reason else text


async def resolve(
    room: Room, inc: str, words: str = "", *, anyway: str = "", command_id: str = ""
) -> Acted:
    """Close the incident; refused while something stands between it and its end.

    Tasks are done or skipped and duties met or waived, one by one. Only the wait for calm can be
    cut short, with a reason: `anyway`.
    """

    async def decide(tx: Tx, state: Incident, scene: Scene) -> list[Draft]:
        if state.status == "resolved":
            raise Refused("resolved", f"{state.id} is resolved already")
        known = await _before_the_end(tx, state, scene.now)
        if known.firm:
            raise Refused(
                "still-open",
                f"{state.id} cannot be resolved yet: {'; '.join(known.firm)}",
                "do or skip the tasks, meet or waive the duties, settle what is on its way",
            )
        if known.calm and not anyway.strip():
            hint = "wait, or say why it is over all the same: --anyway REASON"
            raise Refused("not-calm", f"{state.id} is not calm yet: {known.calm}", hint)
        text = _because("resolved", words)
        if known.calm:
            text = f"{text}; before it was calm: {anyway}"
        data = {"words": own(words, "words"), "anyway": {"words": own(anyway, "reason")}}
        counted = await volumes.up_to_now(tx, state, scene.now)
        return [*counted, Draft(kind="incident.resolved", text=text, data=data)]

    return await room.act_in(inc, decide, command_id=command_id)


async def before_the_end(room: Room, state: Incident) -> Standdown:
    """Return what stands between an incident and its end, by its posts and its stories' posts."""
    return await room.store.read(lambda tx: _before_the_end(tx, state, room.clock.now()))


async def _before_the_end(tx: Tx, state: Incident, now: datetime) -> Standdown:
    numbers = [numbered(story.id, "N-") or 0 for story in state.stories.values()]
    times = await unrest.posted(tx, state.uid, numbers, state.declared_at - HOUR)
    return standdown(state, now, times)


async def reopen(room: Room, inc: str, reason: str, *, command_id: str = "") -> Acted:
    """Open a resolved incident again."""
    required(reason, "reopening needs a reason")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> list[Draft]:
        if state.status == "open":
            raise Refused("open", f"{state.id} is open already")
        data = {"words": own(reason, "reason")}
        counted = await volumes.up_to_now(tx, state, scene.now)
        return [*counted, Draft(kind="incident.reopened", text=f"reopened: {reason}", data=data)]

    return await room.act_in(inc, decide, command_id=command_id)


async def retitle(room: Room, inc: str, title: str, *, command_id: str = "") -> Acted:
    """Give the incident another title."""
    headline(title)

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        data = {"title": title}
        return [Draft(kind="incident.retitled", text=f"renamed it: {title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def join(room: Room, inc: str, *, command_id: str = "") -> Acted:
    """Note that somebody joined the room for this incident, the first time they do."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        if scene.actor in state.people:
            return []
        return [Draft(kind="person.joined", text="joined")]

    return await room.act(inc, decide, command_id=command_id)
