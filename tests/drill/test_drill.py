"""Drills: the same story every time, whole at the end, and nothing of it goes anywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crisisroom import channels
from crisisroom.channels import Channel
from crisisroom.channels.standin import StandInChannel
from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig
from crisisroom.core.apply import replay
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.timeline import Entry, flaws
from crisisroom.drill import CRISES, Play, Stage, drill_settings, scorecard, script
from crisisroom.drill.script import Step, beats, title_of
from crisisroom.drill.stage import SOURCES
from crisisroom.drill.voices import posts
from crisisroom.fetch import Fetcher
from crisisroom.library import find
from crisisroom.room import Actor, Room, lifecycle, reading
from crisisroom.room.settings import apply_config
from crisisroom.watch.outbox import Outbox

BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def _playbook(crisis: str) -> Playbook:
    text, file = find(CRISES[crisis].playbook, ())
    playbook, problems = load_playbook(text, file)
    assert playbook is not None, problems
    return playbook


class Performed:
    """What is left of one performance."""

    def __init__(
        self, incident: Incident, entries: tuple[Entry, ...], sent: int, passed_over: int
    ) -> None:
        self.incident = incident
        self.entries = entries
        self.sent = sent
        self.passed_over = passed_over

    @property
    def story(self) -> list[tuple[str, str, str, str]]:
        return [(one.kind, one.actor, one.text, one.at.isoformat()) for one in self.entries]


async def _perform(
    folder: Path, crisis: str, until: float = 1e9, more: tuple[Step, ...] = ()
) -> Performed:
    clock = ManualClock(BEGIN)
    playbook = _playbook(crisis)
    made: dict[str, Channel] = {}

    def channel(incident: Incident, name: str) -> Channel:
        assert incident.drill
        return made.setdefault(name, channels.make("stand-in", name, {}, clock=clock))

    async with await Room.open(str(folder / "r.db"), actor=Actor("ada"), clock=clock) as room:
        config = drill_settings("Kessel", "ada", playbook, "Europe/Berlin")
        await apply_config(room, config, "the drill")
        stage = Stage(room, playbook, title_of(CRISES[crisis]))
        async with Fetcher() as fetch:
            play = Play(room, Outbox(room, fetch, channel), BEGIN, SOURCES, beside=stage.mind)
            steps = sorted(
                [*script(CRISES[crisis], playbook, "Kessel", BEGIN), *more],
                key=lambda step: step.second,
            )
            await play.run(beats([step for step in steps if step.second <= until], stage))
        incident = await reading.incident(room, "INC-1")
        entries = await reading.timeline(room, "INC-1")
    masto = made.get("masto")
    sent = len(await masto.sent()) if isinstance(masto, StandInChannel) else 0
    return Performed(incident, entries, sent, stage.passed_over)


@pytest.fixture
async def quarter(tmp_path: Path, no_network: None) -> Performed:
    """The first quarter of an hour of the defect."""
    return await _perform(tmp_path, "defect", 15 * 60)


async def test_the_same_story_every_time(tmp_path: Path, quarter: Performed) -> None:
    (tmp_path / "again").mkdir()
    again = await _perform(tmp_path / "again", "defect", 15 * 60)
    assert again.story == quarter.story
    assert again.incident.head_hash != quarter.incident.head_hash  # ids and salts are fresh


async def test_it_is_marked_and_holds(quarter: Performed) -> None:
    assert quarter.incident.drill
    assert list(flaws(quarter.entries)) == []
    assert replay(quarter.entries) == quarter.incident
    assert len(quarter.entries) > 80


async def test_a_whole_crisis_ends_well(tmp_path: Path, no_network: None) -> None:
    played = await _perform(tmp_path, "outage")
    incident = played.incident
    assert incident.status == "resolved"
    assert list(flaws(played.entries)) == []
    assert replay(played.entries) == incident
    out = [one for one in (*incident.replies.values(), *incident.statements.values())]
    assert played.sent == sum("masto" in one.sends for one in out) > 30
    assert {one.state for one in out} <= {"sent", "draft", "submitted", "approved", "withdrawn"}
    lines = scorecard(incident, played.entries)
    assert lines[0].startswith("INC-1 The app is down: resolved after")
    assert any(line.startswith("ok     first statement after") for line in lines)
    assert any("people answered" in line for line in lines)
    late = sum(entry.kind == "clock.late" for entry in played.entries)
    assert sum(line.startswith("late   ") for line in lines) == late


async def _declare_another(stage: Stage) -> None:
    await lifecycle.declare(
        stage.as_("ada"), "Something else", playbook=stage.playbook, severity="sev3", drill=True
    )


async def test_a_second_declaration_stops_no_colleague(tmp_path: Path, no_network: None) -> None:
    played = await _perform(tmp_path, "outage", 20 * 60, (Step(5 * 60, _declare_another),))
    incident = played.incident
    assert incident.title == "The app is down"
    assert sum(task.state == "done" for task in incident.tasks.values()) >= 5
    assert any(one.state == "sent" for one in incident.statements.values())
    assert any(entry.kind == "statement.rejected" for entry in played.entries)


@pytest.mark.full
@pytest.mark.parametrize("crisis", sorted(CRISES))
async def test_every_crisis_ends_well_and_the_same(
    tmp_path: Path, no_network: None, crisis: str
) -> None:
    stories = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        played = await _perform(tmp_path / name, crisis)
        assert played.incident.status == "resolved"
        stories.append(played.story)
    assert stories[0] == stories[1]


@pytest.mark.parametrize("crisis", sorted(CRISES))
def test_the_public_says_the_same_every_time(crisis: str) -> None:
    voices = CRISES[crisis].voices
    said = posts(voices, "Kessel", "the kettle", BEGIN, 60)
    assert said == posts(voices, "Kessel", "the kettle", BEGIN, 60)
    assert [one.second for one in said] == sorted(one.second for one in said)
    assert len({one.item.external_id for one in said}) == len(said) > 150
    assert all("{" not in one.item.text for one in said)
    assert all(one.item.url.split("/")[2].endswith(".example") for one in said)


@pytest.mark.parametrize("crisis", sorted(CRISES))
def test_everybody_may_hold_every_role_and_nothing_is_real(crisis: str) -> None:
    playbook = _playbook(crisis)
    config: RoomConfig = drill_settings("Kessel", "ada", playbook, "UTC")
    roles = {role.id for role in playbook.roles}
    assert all(set(member.roles) == roles for member in config.team)
    assert {one.server for one in config.accounts} == {"https://social.example"}
    assert {source.type for source in config.sources} == {"demo"}


def test_a_script_s_facts_and_contacts_are_its_playbook_s() -> None:
    for crisis in CRISES.values():
        text, file = find(crisis.playbook, ())
        playbook, _ = load_playbook(text, file)
        assert playbook is not None
        known = {fact.id for fact in playbook.facts}
        assert {fact for _, fact, _ in crisis.facts} <= known
        assert len(playbook.contacts) >= 2
