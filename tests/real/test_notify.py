"""Telling people by real ntfy, Matrix and mail: once, in the right words, until it is answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from crisisroom.cli.notifying import noticed_json
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, lifecycle, notifying, notifying_looking, reading, tasks
from crisisroom.watch.notifying import Notifier
from crisisroom.watch.notifying_outside import Outside
from real.conftest import standing
from real.notified import TOPIC, Skipping, Team, letters, press
from real.program import Json, Program
from real.servers.alertmanager import Alertmanager
from real.servers.base import wait_until
from real.servers.mail import MailServer
from real.servers.ntfy import Ntfy
from real.servers.synapse import Synapse

pytestmark = pytest.mark.together


@pytest.fixture(scope="module")
def ntfy() -> Iterator[Ntfy]:
    with standing(Ntfy) as ground:
        yield ground


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with standing(Synapse) as ground:
        yield ground


@pytest.fixture
def team(program: Program) -> Team:
    return Team(program)


def test_a_page_by_ntfy_comes_once_and_the_button_ends_it(team: Team, ntfy: Ntfy) -> None:
    team.phone(ntfy)
    team.notifying(again="30s")
    team.configure()
    team.declare()
    before = len(ntfy.messages(TOPIC))
    with team.watched():
        message = ntfy.wait_message(TOPIC, before + 1)
        assert message["title"] == "crisisroom: PAGE-1, INC-1 SEV1"
        assert message["message"].splitlines()[1:] == [
            "Acknowledge: the button, or crisisroom notify ack PAGE-1",
            "Look: crisisroom brief INC-1",
        ]
        assert message["message"].startswith("An incident was declared, INC-1 SEV1.\n")
        assert "Kettles" not in message["message"]
        assert message["priority"] == 5
        press(ntfy, message)
        page = team.wait_page("PAGE-1", "acknowledged")
        assert (page["closed_by"], page["via"]) == ("bo", "ntfy")
    assert len(ntfy.messages(TOPIC)) == before + 1
    assert team.kinds() == ["page.sent", "page.acknowledged"]
    assert "for you" not in team.program.run("status").stdout


def test_a_reaction_in_matrix_ends_it(team: Team, synapse: Synapse) -> None:
    room = synapse.room("pages")
    team.chat(synapse, room)
    team.notifying(again="30s")
    team.configure()
    with team.watched():
        team.inside(lambda room: notifying.send_test(room, "bo"))
        (sent,) = wait_until(lambda: synapse.messages(room), "a page in the room")
        assert sent["body"] == (
            "crisisroom: PAGE-1\nThis is a test page.\n"
            "Acknowledge: a reaction, or crisisroom notify ack PAGE-1"
        )
        seen = synapse.call("alice", "GET", f"/rooms/{room}/messages?dir=b&limit=5")["chunk"]
        event = next(one["event_id"] for one in seen if one["type"] == "m.room.message")
        relation = {"rel_type": "m.annotation", "event_id": event, "key": "👍"}
        path = f"/rooms/{room}/send/m.reaction/one"
        synapse.call("alice", "PUT", path, json={"m.relates_to": relation})
        assert team.wait_page("PAGE-1", "acknowledged")["via"] == "matrix"
    assert len(synapse.messages(room)) == 1


def test_with_ntfy_down_it_comes_by_mail_and_that_is_told(
    team: Team, ntfy: Ntfy, mail: MailServer
) -> None:
    team.phone(ntfy)
    team.mailbox(mail)
    team.notifying(again="30s")
    team.configure()
    team.declare()
    before = len(letters(mail))
    ntfy.stop()
    try:
        with team.watched():
            wait_until(lambda: len(letters(mail)) > before, "the page by mail")
            first = letters(mail)[before]
            assert first["Subject"] == "crisisroom: PAGE-1, INC-1 SEV1"
            assert first.get_content().startswith("An incident was declared, INC-1 SEV1.\n")
            told = team.wait_page("PAGE-1", "open")["told"]
            assert [one["outcome"] for one in told] == ["failed", "sent"]
            page = wait_until(
                lambda: next((one for one in team.pages() if one["kind"] == "notifier"), None),
                "the broken way to be told of",
            )
            assert page["about"] == "pings"
            assert "messenger: pings fails" in team.program.run("status").stdout
            team.program.run("notify", "ack", "PAGE-1", "I am up")
            team.program.run("notify", "ack", page["id"])
    finally:
        ntfy.start()
    assert {one["state"] for one in team.pages()} == {"acknowledged"}


def test_nobody_answers_so_the_next_person_is_told(team: Team, mail: MailServer) -> None:
    team.mailbox(mail)
    team.notifying(again="300s")
    team.configure()
    team.declare()
    before = len(letters(mail))

    async def told(room: Room) -> list[str]:
        """Who was told, by the notifier itself; the five minutes between are left out."""
        people = list[str]()
        async with Fetcher() as fetch:
            notifier = Notifier(room.for_machine(), fetch)
            for _ in range(2):
                await notifier.work()  # which decides who is next,
                await notifier.work()  # and tells them
                found = await notifying_looking.noticed(room, "")
                people.append(",".join(sorted(one.page.person for one in found)))
                clock.skip(301)
        return people

    clock = Skipping()
    assert team.inside(told, clock) == ["bo", "bo,cy"]
    first, then = team.pages()
    assert (first["person"], then["person"]) == ("bo", "cy")
    assert first["told"][0]["outcome"] == then["told"][0]["outcome"] == "sent"
    assert [one["To"] for one in letters(mail)[before:]] == [mail.user, "cy@acme.test"]


def test_an_alertmanager_hears_of_it_and_of_its_end_and_a_silence_is_an_answer(
    team: Team, ntfy: Ntfy, alertmanager: Alertmanager
) -> None:
    team.phone(ntfy)
    team.notifying(again="5m", alerts=f"{{server: {alertmanager.url!r}, private: yes}}")
    team.configure()
    team.declare()

    def alerts() -> dict[str, Any]:
        found = httpx.get(f"{alertmanager.url}/api/v2/alerts", timeout=10).json()
        return {one["labels"]["alertname"]: one for one in found}

    with team.watched():
        wait_until(lambda: "CrisisroomIncident" in alerts(), "the alert of the incident")
        told = alerts()["CrisisroomIncident"]
        assert told["annotations"]["summary"] == "INC-1 SEV1 is open"
        assert "CrisisroomWatcherAlive" in alerts()
    now = time.time()
    silence = {
        "matchers": [{"name": "id", "value": "INC-1", "isRegex": False, "isEqual": True}],
        "startsAt": _stamped(now - 5),
        "endsAt": _stamped(now + 600),
        "createdBy": "olga",
        "comment": "I have it",
    }
    httpx.post(f"{alertmanager.url}/api/v2/silences", json=silence, timeout=10).raise_for_status()

    async def told_of_its_end(room: Room) -> Json:
        """What became of the page once the silence was seen; the minute between is left out."""
        async with Fetcher() as fetch:
            outside = Outside(room.for_machine(), fetch)
            await outside.work()
            (page,) = await notifying_looking.noticed(room, "")
            await tasks.done(room, "INC-1", "pause")
            await lifecycle.resolve(room, "INC-1", anyway="it was a mistake")
            clock.skip(61, ahead=False)
            await outside.work()
        return noticed_json(page)

    clock = Skipping()
    page = team.inside(told_of_its_end, clock)
    assert (page["state"], page["closed_by"], page["via"]) == (
        "acknowledged",
        "olga",
        "alertmanager",
    )
    wait_until(lambda: "CrisisroomIncident" not in alerts(), "the end of the alert")


def _stamped(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


@pytest.mark.parametrize("rounds", [1, pytest.param(5, marks=pytest.mark.full)])
@pytest.mark.parametrize("way", ["ntfy", "matrix", "mail"])
def test_from_the_act_to_the_person_it_takes_a_moment(
    way: str,
    rounds: int,
    team: Team,
    ntfy: Ntfy,
    synapse: Synapse,
    mail: MailServer,
    record_property: Callable[[str, object], None],
) -> None:
    room = synapse.room(f"{way}-{rounds}")
    give: dict[str, Callable[[], None]] = {
        "ntfy": lambda: team.phone(ntfy),
        "matrix": lambda: team.chat(synapse, room),
        "mail": lambda: team.mailbox(mail),
    }
    came: dict[str, Callable[[], int]] = {
        "ntfy": lambda: len(ntfy.messages(TOPIC)),
        "matrix": lambda: len(synapse.messages(room)),
        "mail": lambda: len(letters(mail)),
    }
    give[way]()
    team.notifying(again="10m")
    team.configure()

    def told() -> float:
        before, began = came[way](), time.monotonic()
        (page,) = team.inside(lambda room: notifying.send_test(room, "bo"))
        wait_until(lambda: came[way]() == before + 1, "the page")
        took = time.monotonic() - began
        team.inside(lambda room: notifying.acknowledge(room, page.id))
        time.sleep(20.5)  # in which it does not come again, and after which the next is no burst
        assert came[way]() == before + 1
        return took

    with team.watched():
        wait_until(lambda: team.inside(reading.status).watcher, "the watcher")
        seconds = [told() for _ in range(rounds)]
    record_property("seconds", sorted(round(one, 2) for one in seconds))
    assert max(seconds) < 5
