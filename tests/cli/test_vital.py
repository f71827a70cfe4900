"""`health`: the room as a service, by exit code, by lines, and for Prometheus."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli, declared
from report.prometheus_text import parse

from crisisroom.clock import ManualClock
from crisisroom.room import Actor, Room, notifying_outside
from crisisroom.store.schema import SCHEMA


def configure(text: str = "") -> None:
    Path("crisisroom.yaml").write_text(
        "schema: 1\nbrand: {name: Ferrow}\n"
        f"sources: [{{id: in, type: jsonl, path: in.jsonl, every: 60s}}]\n{text}"
    )


def figures(cli: Cli, code: int = 0) -> dict[str, float]:
    """Return what Prometheus is told, labels in a short form."""
    said = cli("health", "watcher", "--prometheus", "-")
    assert said.code == code
    found = parse(said.out)
    return {
        name + "".join(f" {value}" for _, value in labels): number
        for (name, labels), number in found.items()
    }


def test_without_a_watcher_it_is_not_well(cli: Cli) -> None:
    declared(cli)
    said = cli("health")
    assert (said.code, said.lines) == (1, ["watcher: nobody listens or sends now"])
    document = cli("health", "--json").json
    assert document["ok"] is False
    assert [one["code"] for one in document["problems"]] == ["no_watcher"]
    assert document["problems"][0].keys() == {"code", "where", "message", "hint"}


def test_only_what_was_asked_for_counts(cli: Cli) -> None:
    declared(cli)
    assert cli.ok("health", "disk", "outbox").lines == ["well: 0 sources heard"]
    assert cli.refused(2, "health", "weather").err.count("watcher, sources") == 1


def test_no_room_is_unavailable_and_no_verdict(cli: Cli) -> None:
    assert "there is no room" in cli.refused(3, "health").err
    assert not room_file().exists()
    said = cli("health", "--prometheus", "out.prom")
    assert said.code == 3
    assert parse(Path("out.prom").read_text())["crisisroom_store_up", ()] == 0


def test_a_room_of_another_schema_is_left_alone(cli: Cli) -> None:
    declared(cli)
    for version, told in ((SCHEMA - 1, "an older program"), (SCHEMA + 1, f"schema {SCHEMA + 1}")):
        with contextlib.closing(sqlite3.connect(room_file())) as other:
            other.execute(f"PRAGMA user_version = {version}")
        assert told in cli.refused(3, "health").err


def test_a_source_that_is_silent_or_fails_is_named(cli: Cli, clock: ManualClock) -> None:
    configure()
    Path("in.jsonl").write_text('{"text": "Ferrow smokes"}\n')
    cli.ok("watch", "--once")
    assert cli.ok("health", "sources").lines == ["well: 1 source heard"]
    clock.advance(600)
    assert cli("health", "sources").lines == ["sources: in stale, last heard 10 min ago"]
    Path("in.jsonl").unlink()
    cli("watch", "--once")
    assert cli("health", "sources").lines[0].startswith("sources: in failing")
    assert cli.ok("health", "disk").lines == ["well: 0 of 1 source heard"]


def test_a_backup_counts_once_an_age_is_given(cli: Cli, clock: ManualClock) -> None:
    declared(cli)
    assert cli("health", "backup", "--backup-within", "26h").lines == [
        "backup: the room was never copied"
    ]
    cli.ok("backup", "copy.db")
    cli.ok("health", "backup", "--backup-within", "26h")
    clock.advance(27 * 3600)
    assert cli("health", "backup", "--backup-within", "26h").lines == ["backup: 27 h old"]
    cli.ok("health", "backup")
    cli.refused(2, "health", "--backup-within", "soon")


def test_a_dead_mans_switch_that_is_not_reached_is_no_good_health(
    cli: Cli, clock: ManualClock
) -> None:
    configure("notifying: {deadman: {token_env: PING}}\n")
    declared(cli)

    async def note(reason: str) -> None:
        async with await Room.open(str(room_file()), actor=Actor("x"), clock=clock) as room:
            await notifying_outside.note(room.for_machine(), "deadman", reason)

    asyncio.run(note(""))
    assert cli.ok("health", "notifiers").lines == ["well: 0 of 1 source heard, deadman called"]
    asyncio.run(note("it cannot be called (timeout)"))
    clock.advance(300)
    said = cli("health", "notifiers")
    assert (said.code, said.lines) == (1, ["notifiers: deadman not reached for 5 min"])
    assert figures(cli, 1)["crisisroom_outside_up deadman"] == 0


def test_prometheus_gets_figures_and_ids_and_no_words(cli: Cli) -> None:
    configure()
    declared(cli)
    Path("in.jsonl").write_text('{"text": "zebra smokes"}\n')
    cli.ok("watch", "--once")
    found = figures(cli, 1)
    assert found["crisisroom_store_up"] == 1
    assert found["crisisroom_watcher_up"] == 0
    assert found["crisisroom_source_state in ok"] == 1
    assert found["crisisroom_source_state in failing"] == 0
    assert found["crisisroom_source_mentions in"] == 1
    assert found["crisisroom_source_last_success_timestamp_seconds in"] > 1e9
    assert found["crisisroom_incidents_open"] == 1
    assert found["crisisroom_outbox_texts unknown"] == 0
    assert found["crisisroom_room_size_bytes"] > 0
    assert found["crisisroom_log_entries_total"] > 1
    text = cli("health", "--prometheus", "-").out
    for word in ("zebra", "kettle", "Pat", "ada", "INC-1", "Ferrow"):
        assert word not in text


def test_clocks_and_calls_are_counted(cli: Cli, clock: ManualClock) -> None:
    declared(cli)
    assert figures(cli, 1)["crisisroom_clocks_overdue"] == 0
    clock.advance(86_400)
    assert figures(cli, 1)["crisisroom_clocks_overdue"] > 0


@pytest.mark.parametrize(("given", "mode"), [((), 0o600), (("--mode", "0644"), 0o644)])
def test_the_file_is_written_whole_with_its_rights(
    cli: Cli, given: tuple[str, ...], mode: int
) -> None:
    declared(cli)
    before = os.umask(0o077)
    try:
        assert cli("health", "--prometheus", "out.prom", *given).code == 1
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("out.prom").stat().st_mode) == mode
    parse(Path("out.prom").read_text())
    assert not [one for one in Path().iterdir() if one.name.startswith(".out")]
    assert "cannot write" in cli.refused(1, "health", "--prometheus", "none/out.prom").err
    cli.refused(2, "health", "--mode", "abc")
