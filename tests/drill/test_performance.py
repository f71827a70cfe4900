"""A playbook's own drill, held headless: what it plays, how it ends, what the report says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from drill.holding import BEGIN, OURS, Hold
from drill.small import DRILL, HEAD, small

from crisisroom.config import Member
from crisisroom.core.apply import replay
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Entry, flaws
from crisisroom.drill.outcome import Item
from crisisroom.drill.result import Result, markdown, plain


def _items(result: Result) -> dict[str, Item]:
    assert result.outcome is not None
    return {f"{item.kind}:{item.id}": item for item in result.outcome.items}


def _kinds(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.kind for entry in entries]


async def test_it_ends_with_a_log_that_holds_and_is_a_drill(hold: Hold) -> None:
    result, entries = await hold(small())
    state = replay(entries)
    assert state is not None
    assert state.drill
    assert list(flaws(entries)) == []
    assert (result.ok, result.ended, result.problems) == (True, True, ())
    assert result.head_hash == entries[-1].hash == state.head_hash
    assert result.checked > len(entries)  # the room's own chain too


async def test_what_is_late_is_late_by_its_seconds(hold: Hold) -> None:
    result, entries = await hold(small())
    items = _items(result)
    assert items["task:pause"].verdict == "on time"
    assert (items["task:call"].verdict, items["task:call"].late) == ("late", 60)
    assert (items["cadence:public"].verdict, items["cadence:public"].late) == ("late", 60)
    assert items["task:never"].verdict == "never"
    assert items["task:later"].verdict == "running"
    noted = {entry.text for entry in entries if entry.kind == "clock.late"}
    assert noted >= {"late: Call the plant", "late: public update", "late: Never done"}


async def test_a_fact_brings_its_task_with_its_own_time(hold: Hold) -> None:
    result, _ = await hold(small())
    assert result.outcome is not None
    item = _items(result)["task:help"]
    assert item.due_at == BEGIN + timedelta(minutes=3 + 4)
    assert item.verdict == "never"
    assert item.late == (result.outcome.until - item.due_at).total_seconds()


async def test_acts_are_played_by_who_holds_the_role(hold: Hold) -> None:
    _, entries = await hold(small())
    state = replay(entries)
    assert state is not None
    holders = {role.id: role.holder for role in state.roles.values()}
    by = {entry.data.get("task"): entry.actor for entry in entries if entry.kind == "task.done"}
    assert by["pause"] == holders["social"]
    assert by["call"] == holders["lead"]
    confirmed = [entry for entry in entries if entry.data.get("fact") == "hurt"][-1]
    assert (confirmed.actor, confirmed.data["state"]) == (holders["legal"], "known")


async def test_a_statement_goes_out_with_a_foreign_approval(hold: Hold, tmp_path: Path) -> None:
    _, entries = await hold(small())
    state = replay(entries)
    assert state is not None
    holding = next(one for one in state.statements.values() if one.template == "holding")
    verdict = holding.approved_by()
    assert verdict is not None
    assert verdict.by != holding.author
    assert holding.state == "sent"
    sent = (tmp_path / "drill" / "sent.jsonl").read_text()
    assert "We know that it smokes." in sent
    staff = next(one for one in state.statements.values() if one.template == "staff")
    assert [*staff.sends] == ["by-hand"]


async def test_people_get_approved_words_once_we_have_spoken(hold: Hold) -> None:
    result, entries = await hold(small())
    state = replay(entries)
    assert state is not None
    assert result.outcome is not None
    answered = [one for one in state.replies.values() if one.state == "sent"]
    assert {one.handle for one in answered} == {"@pat@fans.example", "@kim@fans.example"}
    assert all("We are sorry that it smokes." in one.text for one in answered)
    spoken = result.outcome.spoken
    assert (spoken.first, spoken.allowed, spoken.replies) == (360, 300, 2)


async def test_an_inject_waits_for_the_declaration_and_for_an_answer(hold: Hold) -> None:
    result, entries = await hold(small())
    assert result.outcome is not None
    first, second, third = result.outcome.injects
    assert first.at == BEGIN + timedelta(minutes=1)
    assert (first.to, first.answered_at) == ("lead", BEGIN + timedelta(minutes=5))
    assert second.answered_at == BEGIN + timedelta(minutes=7)
    assert (third.to, third.answered_at) == ("scribe", None)
    told = [entry.data["who"] for entry in entries if entry.kind == "person.notified"]
    assert told[:1] == ["lead"]
    assert "scribe" in told


async def test_it_ends_soon_after_the_script_and_says_what_is_open(hold: Hold) -> None:
    drill = "drill:\n  - {at: 0s, declare: sev1}\n"
    result, _ = await hold(small(drill))
    assert result.left_open == "required task pause (Pause posts) is open"
    assert result.end == BEGIN + timedelta(minutes=5)  # nothing else is due within ten minutes
    assert _items(result)["task:pause"].verdict == "never"


async def test_it_is_resolved_where_that_can_be(hold: Hold) -> None:
    drill = "drill:\n  - {at: 0s, declare: sev1}\n  - {at: 1m, done: pause}\n"
    result, entries = await hold(small(drill))
    assert result.left_open == ""
    assert result.end == BEGIN + timedelta(minutes=1)
    assert "incident.resolved" in _kinds(entries)


async def test_what_the_room_refuses_is_reported_and_stops_nobody(hold: Hold) -> None:
    drill = """\
drill:
  - {at: 1m, declare: sev1}
  - {at: 2m, publish: holding}
  - {at: 3m, done: call}
  - {at: 4m, done: pause}
  - {at: 5m, done: pause}
"""
    result, entries = await hold(small(drill))
    (slip,) = result.slips
    assert (slip.second, slip.what) == (120, "publish holding")
    assert "what happens" in slip.why
    done = [entry.data["task"] for entry in entries if entry.kind == "task.done"]
    assert done == ["call", "pause"]  # evidence is made up where the script has none
    lines = plain(result, zone_of("UTC"))
    assert "What the script asked for in vain" in lines


async def test_without_a_declaration_the_first_act_declares(hold: Hold) -> None:
    _, entries = await hold(small("drill:\n  - {at: 2m, done: pause}\n"))
    assert entries[0].kind == "incident.declared"
    assert entries[0].at == BEGIN + timedelta(minutes=2)


async def test_only_posts_declare_nothing(hold: Hold) -> None:
    drill = 'drill:\n  - {at: 2m, mention: {text: "Hello"}}\n  - {at: 3m, inject: "Hm."}\n'
    result, entries = await hold(small(drill))
    assert (entries, result.outcome, result.ok) == ((), None, True)
    assert "Nobody declared an incident" in plain(result, zone_of("UTC"))


async def test_the_real_team_plays_and_who_is_missing_is_named(hold: Hold) -> None:
    team = [Member("mo", "Mo", ("lead", "social")), Member("nia", "Nia", ("lead", "legal"))]
    result, entries = await hold(small(), team=team)
    assert set(result.played_by) >= {"Lead: mo", "Legal: nia"}
    assert result.stand_ins == ("Scribe",)
    assert {"ada", "bo", "cleo"}.isdisjoint(entry.actor for entry in entries)


async def test_one_person_can_hold_it_alone(hold: Hold) -> None:
    result, entries = await hold(small(), solo=True)
    assert {entry.actor for entry in entries} == {"pat", "room"}
    assert "statement.sent" in _kinds(entries)
    assert result.stand_ins == ()


async def test_with_a_person_at_the_screen_the_team_s_acts_are_theirs(hold: Hold) -> None:
    result, entries = await hold(small(), headless=False)
    assert {"task.done", "fact.set", "statement.drafted"}.isdisjoint(_kinds(entries))
    assert (entries[0].actor, entries[0].kind) == ("drill", "incident.declared")
    assert _kinds(entries).count("drill.inject") == 3
    assert entries[-1].text.startswith("the drill is over")
    assert result.left_open == "nobody resolved it"


async def test_the_same_seed_gives_the_same_drill(hold: Hold) -> None:
    stories = []
    for name, seed in (("one", 7), ("two", 7), ("three", None)):
        _, entries = await hold(small(), seed=seed, name=name)
        stories.append([(one.kind, one.text, one.at) for one in entries])
    assert stories[0] == stories[1] != stories[2]


async def test_the_report_reads_as_lines_as_markdown_and_as_values(hold: Hold) -> None:
    head = HEAD.replace('"Call the plant"', '"Call | the *plant*"')
    result, _ = await hold(small(DRILL, head))
    lines = plain(result, zone_of(OURS.zone))
    assert lines[0] == "DRILL: The small crisis"
    assert "First statement: after 6m, 5m allowed: late" in lines
    assert "Injects: 2 of 3 taken up" in lines
    late = lines[lines.index("Late") + 1]
    assert late.startswith("  +4m     task             Call | the *plant* (")
    assert late.endswith("due +3m, done +4m, 1m late")
    text = markdown(result, zone_of(OURS.zone))
    assert "**DRILL: this did not happen.**" in text
    assert "Call \\| the \\*plant\\*" in text
    values = result.json()
    assert (values["ok"], values["outcome"]["incident"]) == (True, "INC-1")
    assert values["outcome"]["declared_at"] == "2026-11-22T09:01:00.000Z"
