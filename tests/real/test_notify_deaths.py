"""Telling people while watchers die: by a signed call, and by ntfy; and who notices a dead one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from crisisroom.core.mention import Incoming
from crisisroom.room import notifying, triage
from crisisroom.store import pages
from real.conftest import standing
from real.notified import TITLE, TOPIC, Team
from real.program import Json, Program
from real.servers.base import wait_until
from real.servers.ntfy import Ntfy

pytestmark = pytest.mark.losing

SECRET = "canary-hook-4711"
STRANGER = "zanzibar: $(reboot) <b>call +49 30 1234</b>"


@pytest.fixture(scope="module")
def ntfy() -> Iterator[Ntfy]:
    with standing(Ntfy) as ground:
        yield ground


@pytest.fixture
def team(program: Program) -> Team:
    return Team(program)


class Place(ThreadingHTTPServer):
    """What others run: a dead-man's switch that is called, and a program that is told, signed."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.told: list[tuple[str, str, bool, Json]] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Place

    def do_GET(self) -> None:
        self.server.calls.append(self.path)
        self._answer()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        mac = base64.b64encode(hmac.digest(SECRET.encode(), said, hashlib.sha256)).decode()
        fits = hmac.compare_digest(self.headers["webhook-signature"], f"v1,{mac}")
        age = abs(time.time() - int(self.headers["webhook-timestamp"]))
        entry = (self.path, self.headers["webhook-id"], fits and age < 60, json.loads(body))
        self.server.told.append(entry)
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *unused: object) -> None:
        return


@pytest.fixture
def place() -> Iterator[Place]:
    with Place() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_program_is_told_signed_and_the_dead_mans_switch_until_the_watcher_is_dead(
    team: Team, place: Place
) -> None:
    team.secret("PING", f"{place.url}/ping/secret-4711")
    team.notifying(again="5m", deadman="{token_env: PING, every: 15s, private: yes}")
    hook = f"server: {place.url!r}, private: yes, token_env: {team.secret('HOOK', SECRET)}"
    team.messengers.append(f"{{id: hook, type: webhook, {hook}}}")
    team.reach.append("{by: webhook, to: /pages/bo}")
    team.configure()
    team.inside(lambda room: triage.ingest(room, [Incoming(text=STRANGER, source="feed")]))
    team.declare()
    with team.watched() as watcher:
        wait_until(lambda: place.calls and place.told, "the first calls")
        team.wait_page("PAGE-1", "open")
        watcher.kill()
        watcher.wait()
        known = len(place.calls)
    ((path, key, fits, body),) = place.told
    assert (path, fits, place.calls) == ("/pages/bo", True, ["/ping/secret-4711"] * known)
    assert (body["id"], body["page"], body["type"]) == (key, "PAGE-1", "crisisroom.page")
    assert body["text"].startswith("An incident was declared, INC-1 SEV1.")
    assert STRANGER not in str(body)
    assert TITLE not in str(body)
    assert SECRET not in str(body)
    status = team.program.run("status").stdout
    assert ("secret-4711" in status, SECRET in status) == (False, False)


@pytest.mark.parametrize("kills", [3, pytest.param(12, marks=pytest.mark.full)])
def test_a_watcher_killed_at_random_loses_no_page_and_tells_none_thrice(
    team: Team, ntfy: Ntfy, kills: int, record_property: Any
) -> None:
    team.phone(ntfy)
    team.notifying(again="10m")
    team.configure()
    lot, sent = random.Random(20261122), list[str]()
    before = len(ntfy.messages(TOPIC))
    for _ in range(kills):
        sent += [one.id for one in team.inside(lambda room: notifying.send_test(room, "bo"))]
        watcher = team.program.start("watch")
        time.sleep(0.4 + 1.4 * lot.random())
        watcher.kill()
        watcher.wait()
    with team.watched():
        wait_until(
            lambda: all(one["told"] and one["told"][-1]["outcome"] != "sending"
                        for one in team.pages()),
            "every page to be told",
            60,
        )  # fmt: skip
    told = Counter[str]()
    for message in ntfy.messages(TOPIC)[before:]:
        told[message["actions"][0]["body"].split()[2]] += 1
    tries = team.inside(lambda room: room.store.read(lambda tx: pages.newest_tries(tx, 500)))
    arrived = {f"PAGE-{number}" for one in tries if told[one.code] for number in one.pages}
    record_property("told", sum(told.values()))
    assert arrived == set(sent)
    assert max(told.values()) <= 2
