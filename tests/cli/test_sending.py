"""The way out by the command line: by hand, in a drill, and what a network may answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom import channels
from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
)
from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher
from crisisroom.room import Actor, Room
from crisisroom.store import leases

CONFIG = """
schema: 1
room: {name: "Ours"}
brand: {name: "Ferrow", accounts: [main]}
accounts:
  - {id: main, type: mastodon, server: "https://social.test", token_env: OUR_TOKEN}
"""


class Line:
    """A network that answers as it is told to."""

    kind = "mastodon"
    repeats: Repeats = "never"
    limits = Limits(limit=500)
    wait = 0.0

    def __init__(self, failure: SendFailure | None) -> None:
        self.id = "main"
        self.failure = failure
        self.taken: list[Outgoing] = []

    def measure(self, text: str) -> Measure:
        return Measure(len(text), 500)

    async def prepare(self, fetch: Fetcher) -> None:
        """Learn nothing."""

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        self.taken.append(words)
        if self.failure:
            raise self.failure
        return Receipt("9", "https://social.test/@ferrow/9")

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        return None


@pytest.fixture
def network(crisis: Cli, facts: None, tmp_path: Path) -> Cli:
    """A room with an account, and a statement that its one person approved."""
    (tmp_path / "crisisroom.yaml").write_text(CONFIG)
    crisis.ok("apply", "crisisroom.yaml")
    digits = crisis.json("statement", "draft", "INC-1", "holding")["sha256"]
    crisis.ok("statement", "submit", "ST-1")
    crisis.ok("statement", "approve", "ST-1", digits)
    return crisis


def answering(monkeypatch: pytest.MonkeyPatch, failure: SendFailure | None) -> Line:
    line = Line(failure)
    monkeypatch.setattr(channels, "make", lambda *unused, **options: line)
    monkeypatch.setenv("OUR_TOKEN", "token")
    return line


PUBLISH = ("statement", "publish", "INC-1", "ST-1", "--channel", "main")


def test_words_by_hand_are_copied_and_confirmed(crisis: Cli, facts: None) -> None:
    text = crisis.json("reply", "draft", "INC-1", "M-1")["text"]
    sent = crisis.ok("reply", "send", "INC-1", "R-1")
    assert f"\n\n{text}\n\n" in sent.out
    assert "crisisroom reply confirm INC-1 R-1 --url LINK" in sent.lines[-1]
    assert "reply confirm INC-1 R-1" in crisis.ok("outbox").lines[0]
    (item,) = crisis.json("outbox")
    assert (item["incident"], item["id"], item["state"]) == ("INC-1", "R-1", "queued")
    assert "link" in crisis.refused(2, "reply", "confirm", "R-1", "--url", "javascript:x").err
    done = crisis.json("reply", "confirm", "R-1", "--url", "https://fans.test/2")
    assert (done["state"], done["remote_url"]) == ("sent", "https://fans.test/2")
    assert crisis.ok("outbox").lines == ["nothing is on its way"]
    assert "already" in crisis.refused(1, "reply", "send", "R-1").err
    assert crisis.json("mentions", "--state", "answered")[0]["id"] == "M-1"


def test_without_a_watcher_publishing_sends(network: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    line = answering(monkeypatch, None)
    said = network.ok(*PUBLISH)
    assert said.lines[-1] == "ST-1 is out on main: https://social.test/@ferrow/9"
    assert len(line.taken) == 1
    shown = network.json("statement", "show", "ST-1")
    assert (shown["state"], shown["remote_url"]) == ("sent", "https://social.test/@ferrow/9")
    assert network.json("status")["watcher"] is None


def test_a_repeat_with_the_same_command_id_sends_once(
    network: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = answering(monkeypatch, None)
    first = network.json(*PUBLISH, "--command-id", "c1")
    assert network.json(*PUBLISH, "--command-id", "c1") == first
    assert len(line.taken) == 1


@pytest.mark.parametrize(
    ("failure", "code", "state", "error"),
    [
        (SendRefused("too rude"), 1, "failed", "ST-1 did not go out on main: too rude"),
        (SendUnknown("cut off"), 4, "unknown", "outbox settle"),
        (SendLater("busy", 600), 3, "queued", "still on its way"),
    ],
)
def test_the_exit_code_tells_what_came_of_it(
    network: Cli,
    monkeypatch: pytest.MonkeyPatch,
    failure: SendFailure,
    code: int,
    state: str,
    error: str,
) -> None:
    answering(monkeypatch, failure)
    said = network(*PUBLISH, "--json")
    assert (said.code, said.json["state"]) == (code, state)
    assert error in said.error["message"] + said.error["hint"]


def test_what_is_in_doubt_is_settled_by_a_person(
    network: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, SendUnknown("cut off"))
    assert network(*PUBLISH).code == 4
    assert "outbox settle INC-1 ST-1 sent|not-sent" in network.ok("outbox").lines[0]
    assert "unknown" in network.refused(1, "resolve").err
    settled = network.json("outbox", "settle", "ST-1", "not-sent")
    assert settled["state"] == "failed"
    line = answering(monkeypatch, None)
    assert network.json(*PUBLISH)["state"] == "sent"
    assert len(line.taken) == 1


def test_not_waiting_leaves_it_to_the_watcher(
    network: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = answering(monkeypatch, None)
    assert network.json(*PUBLISH, "--no-wait")["state"] == "queued"
    assert line.taken == []


def test_without_a_token_it_stays_released(network: Cli) -> None:
    said = network.refused(1, *PUBLISH)
    assert "ST-1 waits in the outbox" in said.err
    assert "OUR_TOKEN" in said.err
    assert network.json("outbox")[0]["state"] == "queued"


async def hold(address: Path, clock: ManualClock) -> None:
    """Hold the watcher's lease as a living process of another host does."""
    async with await Room.open(str(address), actor=Actor("x"), clock=clock) as room:
        await room.store.write(lambda tx: leases.acquire(tx, "watch", "someone", clock, 3600.0))


def test_while_somebody_watches_it_waits_for_them(
    network: Cli, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    import asyncio

    line = answering(monkeypatch, None)
    asyncio.run(hold(room_file(), clock))
    before = clock.monotonic()
    said = network(*PUBLISH)
    assert said.code == 3
    assert clock.monotonic() - before >= 60
    assert line.taken == []


def test_a_drill_goes_nowhere(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "crisisroom.yaml").write_text(CONFIG)
    cli.ok("declare", "A rehearsal", "--playbook", "product-defect", "--drill")
    assert "DRILL" in cli.ok("incidents").out
    drafted = cli.json("statement", "draft", "holding", "We look at it.", "--channel", "main")
    assert "wait for a fact" in cli.refused(1, "statement", "submit", "ST-1").err
    for fact in ("product", "what", "affected", "advice"):
        cli.ok("fact", "set", fact, "known by now")
    cli.ok("statement", "submit", "ST-1")
    cli.ok("statement", "approve", "ST-1", drafted["sha256"])
    assert cli.json("statement", "publish", "ST-1")["state"] == "sent"


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("statement", "publish", "ST-1"), 2, "name the channel"),
        (("statement", "publish", "ST-1", "--channel", "elsewhere"), 2, "by-hand"),
        (("statement", "confirm", "ST-1"), 1, "it is approved"),
        (("outbox", "settle", "ST-1", "sent"), 1, "it is approved"),
        (("outbox", "settle", "ST-1", "perhaps"), 2, "perhaps"),
        (("outbox", "list", "INC-9"), 2, "INC-9"),
    ],
)
def test_what_is_off_is_one_line(
    network: Cli, words: tuple[str, ...], code: int, hint: str
) -> None:
    assert hint in network.refused(code, *words).err


def test_the_outbox_says_why_words_wait_and_when_they_are_tried_again(
    network: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, SendLater("slow down", 90.0))
    network(*PUBLISH, "--no-wait")
    (line,) = network.ok("outbox").lines
    assert line == "INC-1 ST-1 queued on main; nobody watches this room: crisisroom watch"
    network.ok("outgoing", "stop", "a hoax")
    assert "all outgoing words are stopped by" in network.ok("outbox").lines[0]
    (item,) = network.json("outbox")
    assert (item["kind"], item["sort"], item["posts"]) == ("mastodon", "statement", 1)
    assert item["next_try"] is None


def test_one_text_s_way_is_shown_with_its_tries_and_its_words(
    network: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = answering(monkeypatch, None)
    network.ok(*PUBLISH)
    (way,) = network.json("outbox", "show", "INC-1", "ST-1")
    assert way["words"] == line.taken[0].text
    assert (way["state"], way["tries"], way["remote_id"]) == ("sent", 1, "9")
    assert len(way["entries"]) == 3
    shown = network.ok("outbox", "show", "INC-1", "ST-1").lines
    assert shown[0] == "INC-1 ST-1 sent on main"
    assert "  at https://social.test/@ferrow/9" in shown
    assert any("ST-1 is out on main" in one for one in shown)


def test_what_nobody_sent_has_no_way_to_show(network: Cli) -> None:
    assert "nobody sent ST-1 anywhere yet" in network.refused(1, "outbox", "show", "ST-1").err
