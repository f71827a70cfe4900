"""`doctor`: what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli
from pytest_httpserver import HTTPServer

from crisisroom.cli.health import Finding
from crisisroom.clock import ManualClock

LEVELS = ("ok  ", "warn", "fail")


def write(text: str) -> None:
    Path("crisisroom.yaml").write_text(f"schema: 1\nbrand: {{name: Ferrow}}\n{text}")


def found(said: str, where: str) -> str:
    """Return the one line about a thing."""
    (line,) = (line for line in said.splitlines() if f"  {where}: " in line)
    return line


@pytest.fixture
def feed(httpserver: HTTPServer, clock: ManualClock) -> HTTPServer:
    """A server, and our clock set by its."""
    clock.advance((datetime.now(UTC) - clock.now()).total_seconds())
    item = "<item><title>Ferrow smokes</title><guid>1</guid></item>"
    httpserver.expect_request("/feed").respond_with_data(
        f'<rss version="2.0"><channel><title>t</title>{item}</channel></rss>',
        content_type="application/rss+xml",
    )
    httpserver.expect_request("/gone").respond_with_data("", 404)
    return httpserver


def test_a_room_that_listens_after_init_lacks_nothing_here(cli: Cli) -> None:
    cli.ok("init", "--brand", "Ferrow")
    said = cli.ok("doctor", "--offline")
    assert all(line.startswith(LEVELS) or line.endswith(":") for line in said.lines[:-1])
    assert "there is none yet" in found(said.out, "room")
    assert found(said.out, "watched words").endswith("1: brand")
    assert "Bluesky" in found(said.out, "networks")
    assert said.lines[-1].startswith("nothing is broken")
    assert not room_file().exists()


def test_without_anything_it_says_how_to_begin(cli: Cli) -> None:
    said = cli("doctor", "--offline")
    assert said.code == 1
    assert "crisisroom init" in found(said.out, "configuration")
    assert "the room listens nowhere -> add sources" in said.out


def test_its_document_has_the_contracts_fields(cli: Cli) -> None:
    write("room: {zone: Europe/Berlin}\n")
    said = cli("doctor", "--offline", "--json")
    assert (said.code, said.json["ok"]) == (1, False)
    for problem in said.json["problems"]:
        assert problem.keys() == {"code", "where", "message", "hint", "level", "section"}
    assert "no_sources" in {problem["code"] for problem in said.json["problems"]}


def test_every_source_is_asked_and_nothing_is_stored(cli: Cli, feed: HTTPServer) -> None:
    Path("in.jsonl").write_text('{"text": "Ferrow"}\n')
    write(
        "sources:\n"
        f'  - {{id: good, type: feed, url: "{feed.url_for("/feed")}", private: yes}}\n'
        f'  - {{id: gone, type: feed, url: "{feed.url_for("/gone")}", private: yes}}\n'
        "  - {id: file, type: jsonl, path: in.jsonl}\n"
        "  - {id: none, type: jsonl, path: none.jsonl}\n"
        "  - {id: demo, type: demo}\n"
    )
    said = cli("doctor")
    assert said.code == 1
    assert found(said.out, "source good") == "ok    source good: feed answers, 1 to read"
    assert "check url: or server:" in found(said.out, "source gone")
    assert found(said.out, "source file").startswith("ok")
    assert found(said.out, "source none").startswith("fail")
    assert found(said.out, "clock").startswith("ok")
    assert Path("in.jsonl").read_text() == '{"text": "Ferrow"}\n'
    assert not room_file().exists()


@pytest.mark.parametrize(("seconds", "level"), [(-200, "warn"), (200, "warn"), (4000, "fail")])
def test_a_clock_that_is_wrong_is_found_by_the_servers(
    cli: Cli, feed: HTTPServer, clock: ManualClock, seconds: int, level: str
) -> None:
    write(f'sources: [{{id: good, type: feed, url: "{feed.url_for("/feed")}", private: yes}}]\n')
    clock.advance(seconds)
    line = found(cli("doctor").out, "clock")
    assert line.startswith(level)
    assert ("s fast: " if seconds > 0 else "s slow: ") in line


def test_a_token_is_looked_for_and_never_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        "accounts:\n"
        "  - {id: open, type: mastodon, server: https://a.test, token_file: open.token}\n"
        "  - {id: none, type: x, token_env: NO_SUCH}\n"
        "  - {id: good, type: bluesky, handle: f.test, token_env: GOOD}\n"
        "  - {id: free, type: stackexchange}\n"
        "sources: [{id: d, type: demo}]\n"
    )
    monkeypatch.setenv("GOOD", "s3cret-word")
    Path("open.token").write_text("s3cret-word")
    Path("open.token").chmod(0o644)
    said = cli("doctor", "--offline")
    tokens = [line for line in said.lines if "  account " in line and "no source" not in line]
    assert [line[:4].strip() for line in tokens] == ["fail", "fail", "ok", "ok"]
    assert "chmod 600" in tokens[0]
    assert "NO_SUCH" in tokens[1]
    assert "no source listens" in said.out
    assert "s3cret" not in said.out


def test_a_broken_configuration_is_one_finding_of_many(cli: Cli) -> None:
    write("rom: {}\n")
    said = cli("doctor", "--offline")
    assert said.code == 1
    assert "crisisroom.yaml:3:1" in said.out
    assert "crisisroom check" in said.out
    assert found(said.out, "time zone").startswith("ok")


def test_the_rooms_file_is_ours_alone(cli: Cli) -> None:
    write("sources: [{id: d, type: demo}]\n")
    cli.ok("mention", "add", "Ferrow smokes")
    said = cli.ok("doctor", "--offline")
    assert "schema" in found(said.out, "room")
    assert "nobody listens or sends" in found(said.out, "watcher")
    assert "in force" in found(said.out, str(Path("crisisroom.yaml").absolute()))
    room_file().chmod(0o644)
    broken = cli("doctor", "--offline")
    assert broken.code == 1
    assert f"chmod 600 {room_file()}" in broken.out
    room_file().chmod(0o600)
    write("sources: []\n")
    assert "crisisroom apply" in cli.ok("doctor", "--offline").out


def test_a_webhook_needs_its_secret(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    write('sources: [{id: w, type: webhook, listen: "127.0.0.1:8800", secret_env: HOOK}]\n')
    assert found(cli("doctor").out, "source w").startswith("fail")
    monkeypatch.setenv("HOOK", "word")
    assert found(cli("doctor").out, "source w").startswith("ok")


def test_a_source_with_a_fault_is_a_finding(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("crisisroom.sources.make", broken)
    write('sources: [{id: f, type: feed, url: "https://a.test/"}]\n')
    assert "a fault of the program (RuntimeError" in found(cli("doctor").out, "source f")


def test_a_source_that_never_answers_is_given_up(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        async def poll(self, cursor: object, fetch: object) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr("crisisroom.sources.make", lambda *_, **__: Silent())
    monkeypatch.setattr("crisisroom.cli.health_net._PATIENCE", 0.01)
    write('sources: [{id: f, type: feed, url: "https://a.test/"}]\n')
    assert "no answer within" in found(cli("doctor").out, "source f")


def test_an_account_that_only_sends_is_logged_in_once(
    cli: Cli, feed: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIN", "s3cret-word")
    server = feed.url_for("/").rstrip("/")
    write(
        "accounts:\n"
        f"  - {{id: main, type: mastodon, server: {server}, private: yes, token_env: MAIN}}\n"
        "sources: [{id: d, type: demo}]\n"
    )
    path = "/api/v1/accounts/verify_credentials"
    feed.expect_ordered_request(path).respond_with_json({"error": "revoked"}, 401)
    refused = cli("doctor")
    assert refused.code == 1
    assert "the login fails" in refused.out
    assert "crisisroom login main" in refused.out
    me = {"id": "1", "username": "ferrow", "acct": "ferrow", "display_name": "Ferrow"}
    feed.expect_ordered_request(path).respond_with_json(me)
    said = cli.ok("doctor")
    assert "logged in as @ferrow" in said.out
    assert "s3cret" not in refused.out + said.out


def test_tmux_is_looked_at(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write("sources: [{id: d, type: demo}]\n")
    tool = tmp_path / "bin" / "tmux"
    tool.parent.mkdir()
    tool.write_text(
        '#!/bin/sh\ncase "$3" in escape-time) echo 500;; set-clipboard) echo off;; esac\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")
    said = cli.ok("doctor", "--offline")
    assert "set -sg escape-time 10" in said.out
    assert "set-clipboard is off" in said.out


def test_it_never_imports_the_screen(cli: Cli) -> None:
    script = (
        "import sys\nfrom crisisroom.cli import run\nrun(['doctor', '--offline'])\n"
        "assert 'textual' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_finding_is_one_line() -> None:
    assert str(Finding("ok", "x", "disk", "fine")) == "ok    disk: fine"
    assert str(Finding("warn", "x", "disk", "full", "make room")) == "warn  disk: full -> make room"


def test_it_lists_every_file_we_touch(cli: Cli) -> None:
    write("accounts: [{id: a, type: mastodon, server: https://a.test, token_file: a.token}]\n")
    cli.ok("mention", "add", "Ferrow smokes")
    paths = {one["path"]: one["what"] for one in cli.json("doctor", "--paths")}
    room = room_file()
    for beside in room.parent.iterdir():
        assert str(beside) in paths, beside
    assert paths[str(Path("a.token").absolute())] == "the token of a"
    assert any(path.startswith(os.environ["XDG_STATE_HOME"]) for path in paths)
    assert any(path.startswith(os.environ["XDG_RUNTIME_DIR"]) for path in paths)
    assert f"{room}  the room" in cli.ok("doctor", "--paths").lines


def test_the_files_of_the_service_are_among_them(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(
        "messengers: [{id: m, type: ntfy, server: https://n.test, token_credential: push}]\n"
        "sources: [{id: d, type: demo}]\n"
    )
    before = dict(one.split("  ", 1) for one in cli.ok("doctor", "--paths").lines)
    assert before["/etc/systemd/system/crisisroom-*"].startswith("systemd's units")
    units, figures = tmp_path / "units", str(tmp_path / "50% & more" / "room.prom")
    monkeypatch.setattr("crisisroom.cli.health_paths_service.SYSTEM", units)
    cli.ok("units", "-o", str(units), "--metrics", figures, "--backup-to", "copies")
    paths = {one["path"]: one["what"] for one in cli.json("doctor", "--paths")}
    assert paths[figures] == "figures for Prometheus"
    assert paths[str(Path("copies").absolute())].startswith("copies of the room")
    assert {str(one) for one in units.iterdir()} <= paths.keys()
    assert paths["/etc/crisisroom/push"] == "the credential push, for a service"
    state = f"{os.environ['XDG_STATE_HOME']}/crisisroom"
    assert {f"{state}/watch.log", f"{state}/watch.log.[1-5]", f"{state}/errors.log"} <= paths.keys()


def test_what_is_not_installed_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisisroom.cli.health_here.find_spec", lambda name: None)
    write("oncall: {ical: rota.ics}\nsources: [{id: d, type: demo}]\n")
    said = cli("doctor", "--offline")
    assert (said.code, "crisisroom[oncall]" in found(said.out, "oncall")) == (1, True)
