"""Telling people when the way to them is away: 503, a hang, a refusal, no such host; and back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import httpx
import pytest

from crisisroom.fetch import Fetcher
from crisisroom.room import Room, notifying, notifying_looking, reading
from crisisroom.watch.notifying import Notifier
from real.conftest import standing
from real.notified import TOPIC, Skipping, Team, letters
from real.program import Program
from real.servers.base import free_port, wait_until
from real.servers.mail import MailServer
from real.servers.ntfy import Ntfy

pytestmark = pytest.mark.losing


class Front(ThreadingHTTPServer):
    """What stands before a real ntfy, and may be unwell: `trouble` says how."""

    daemon_threads = True

    def __init__(self, behind: Ntfy) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.behind = behind
        self.trouble = ""
        self.over = Event()
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Passing(BaseHTTPRequestHandler):
    server: Front

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.trouble == "hang":
            self.server.over.wait(60)
            return
        status, said = 503, b"away"
        if not self.server.trouble:
            keep = {"Authorization": self.headers.get("Authorization", "")}
            url = f"{self.server.behind.url}{self.path}"
            answer = httpx.request(self.command, url, content=body, headers=keep, timeout=10)
            status, said = answer.status_code, answer.content
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *unused: object) -> None:
        return


@pytest.fixture(scope="module")
def ntfy() -> Iterator[Ntfy]:
    with standing(Ntfy) as ground:
        yield ground


@pytest.fixture
def front(ntfy: Ntfy) -> Iterator[Front]:
    with Front(ntfy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


@pytest.fixture
def team(program: Program) -> Team:
    return Team(program)


@pytest.mark.parametrize("trouble", ["503", "hang"])
def test_a_way_that_is_unwell_is_left_told_of_and_taken_again_when_it_is_well(
    trouble: str,
    team: Team,
    front: Front,
    mail: MailServer,
    record_property: Callable[[str, object], None],
) -> None:
    team.phone(front.behind)
    team.messengers = [one.replace(front.behind.url, front.url) for one in team.messengers]
    team.mailbox(mail)
    team.notifying(again="300s")
    team.configure()
    team.declare()
    front.trouble = trouble
    clock, began = Skipping(), time.monotonic()

    async def told(room: Room) -> tuple[list[str], list[str], list[str]]:
        """Who was told by what, what fails then, and what once it is well again."""
        async with Fetcher() as fetch:
            notifier = Notifier(room.for_machine(), fetch)
            await notifier.work()
            record_property("seconds", round(time.monotonic() - began, 1))
            first = [one.text for one in await reading.timeline(room, "INC-1")]
            clock.skip(31)
            await notifier.work()
            broken = (await notifying_looking.standing(room)).failing
            front.trouble = ""
            front.over.set()
            clock.skip(121)
            await notifier.work()
            await notifying.send_test(room, "bo")
            clock.skip(301)
            await notifier.work()
            left = (await notifying_looking.standing(room)).failing
        return first, [name for name, _ in broken], [name for name, _ in left]

    before = len(front.behind.messages(TOPIC))
    known = len(letters(mail))
    first, broken, left = team.inside(told, clock)
    (entry,) = (one for one in first if one.startswith("told bo"))
    assert entry.startswith("told bo by email: PAGE-1 (not by ntfy: ntfy gave no clear answer")
    assert not any(secret in entry for secret in (TOPIC, mail.user, front.behind.token))
    assert (broken, left) == (["pings"], [])
    words = [one.get_content() for one in letters(mail)[known:]]
    assert words[0].startswith("An incident was declared, INC-1 SEV1.")
    assert words[1].startswith("A way to people fails, pings.")
    assert len(front.behind.messages(TOPIC)) > before


@pytest.mark.parametrize("place", ["refused", "no such host"])
def test_nobody_there_costs_no_time(place: str, team: Team, ntfy: Ntfy, mail: MailServer) -> None:
    url = f"http://127.0.0.1:{free_port()}" if place == "refused" else "http://ntfy.invalid"
    team.phone(ntfy)
    team.messengers = [one.replace(ntfy.url, url) for one in team.messengers]
    team.mailbox(mail)
    team.notifying(again="300s")
    team.configure()
    team.declare()

    async def told(room: Room) -> float:
        began = time.monotonic()
        async with Fetcher() as fetch:
            await Notifier(room.for_machine(), fetch).work()
        return time.monotonic() - began

    known = len(letters(mail))
    assert team.inside(told) < 5
    assert len(letters(mail)) == known + 1
    page = team.wait_page("PAGE-1", "open")
    assert [one["outcome"] for one in page["told"]] == ["failed", "sent"]


def test_two_watchers_tell_once_and_one_goes_on_alone(
    team: Team, ntfy: Ntfy, record_property: Callable[[str, object], None]
) -> None:
    team.phone(ntfy)
    team.notifying(again="10m")
    team.configure()
    before = len(ntfy.messages(TOPIC))

    def arrives(count: int) -> float:
        began = time.monotonic()
        (page,) = team.inside(lambda room: notifying.send_test(room, "bo"))
        wait_until(lambda: _outcomes(team, page.id) == ["sent"], "the page")
        assert len(ntfy.messages(TOPIC)) == before + count
        return time.monotonic() - began

    with team.watched() as first:
        wait_until(lambda: team.inside(reading.status).watcher, "the watcher")
        with team.watched():
            time.sleep(3)
            together = arrives(1)
            first.kill()
            first.wait()
            alone = arrives(2)
            time.sleep(3)
    record_property("seconds", [round(together, 1), round(alone, 1)])
    assert len(ntfy.messages(TOPIC)) == before + 2
    assert [one["told"][0]["tries"] for one in team.pages()] == [1, 1]


def _outcomes(team: Team, page_id: str) -> list[str]:
    return [it["outcome"] for one in team.pages() if one["id"] == page_id for it in one["told"]]
