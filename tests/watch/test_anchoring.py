"""Anchors sent by the watcher: to files, by mail, to a webhook; only with news, tried again."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import stat
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from room.people import SETTINGS, declared
from standins import smtp
from watch.fakes import until
from watch.watching import watched, watcher

from crisisroom import signing
from crisisroom.clock import ManualClock
from crisisroom.config import Account, RoomConfig
from crisisroom.config.anchors import Place
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.fetch import Fetcher
from crisisroom.report.anchor import Anchor, Head, parse, signed_bytes
from crisisroom.room import Room, anchoring, lifecycle, reading, record, verifying
from crisisroom.room.settings import apply_config
from crisisroom.watch.anchor_file import append
from crisisroom.watch.anchoring import Anchors

replace = msgspec.structs.replace


def with_places(*places: Place, accounts: tuple[Account, ...] = ()) -> RoomConfig:
    return replace(SETTINGS, anchors=places, accounts=(*SETTINGS.accounts, *accounts))


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


def vault(tmp_path: Path, **more: object) -> Place:
    given = {"id": "vault", "to": f"file:{tmp_path / 'anchors'}"} | more
    return msgspec.convert(given, Place)


def kept(tmp_path: Path) -> list[Anchor]:
    """Return the anchors in the vault; they are a chain."""
    file = tmp_path / "anchors"
    if not file.exists():
        return []
    read = parse(file.read_bytes(), "anchors")
    assert read.problems == ()
    return [*read.anchors]


def worker(room: Room, fetch: Fetcher) -> Anchors:
    def fails(name: str, error: BaseException) -> None:
        raise error

    return Anchors(room, fetch, None, fails)


async def sent_entries(room: Room) -> list[dict[str, object]]:
    return [one.data for one in await reading.room_log(room) if one.kind == "anchor.sent"]


async def test_a_place_gets_an_anchor_when_a_log_moved(
    room: Room, clock: ManualClock, fetch: Fetcher, tmp_path: Path
) -> None:
    await declared(room, with_places(vault(tmp_path)))
    at_work = worker(room, fetch)
    await at_work.work()
    (first,) = kept(tmp_path)
    assert [one.id for one in first.chains] == ["room", "INC-1"]
    for _ in range(5):  # that it was sent is no news
        clock.advance(3600)
        await at_work.work()
    assert kept(tmp_path) == [first]
    await record.note(room, "INC-1", "the plant called")
    await at_work.work()
    assert len(kept(tmp_path)) == 2
    await record.note(room, "INC-1", "again")
    clock.advance(1800)
    await at_work.work()
    assert len(kept(tmp_path)) == 2  # not before its hour
    clock.advance(1800)
    await at_work.work()
    assert len(kept(tmp_path)) == 3
    said = await sent_entries(room)
    assert [(one["place"], one["state"]) for one in said] == [("vault", "sent")] * 3
    assert [one["head_hash"] for one in said] == [one.sha256 for one in kept(tmp_path)]


async def test_the_room_agrees_with_the_anchors_it_sent(
    room: Room, clock: ManualClock, fetch: Fetcher, tmp_path: Path
) -> None:
    await declared(room, with_places(vault(tmp_path)))
    at_work = worker(room, fetch)
    for number in range(4):
        await record.note(room, "INC-1", f"note {number}")
        await at_work.work()
        clock.advance(3600)
    noted = parse((tmp_path / "anchors").read_bytes(), "anchors")
    assert len(noted.anchors) == 4
    assert all(not one.problems for one in await verifying.verify(room, noted=noted))
    assert all(
        not one.problems for one in await verifying.verify(room, anchor=noted.anchors[1].sha256)
    )
    assert all(not one.problems for one in await verifying.verify(room, "INC-1", noted=noted))


async def test_what_is_over_is_anchored_once_more_and_left_out_then(
    room: Room, clock: ManualClock, fetch: Fetcher, tmp_path: Path
) -> None:
    everything = Place(id="all", to=f"file:{tmp_path / 'all'}", incidents="all")
    await declared(room, with_places(vault(tmp_path), everything))
    at_work = worker(room, fetch)
    await at_work.work()
    clock.advance(3600)
    for task in ("pause", "ask", "page"):
        await _left(room, task)
    await lifecycle.resolve(room, "INC-1", "over", anyway="a test")
    await at_work.work()
    clock.advance(3600)
    await apply_config(room, with_places(vault(tmp_path), everything, _another(tmp_path)), "x")
    await at_work.work()
    assert [len(one.chains) for one in kept(tmp_path)] == [2, 2, 1]
    whole = parse((tmp_path / "all").read_bytes(), "all").anchors
    assert [len(one.chains) for one in whole] == [2, 2, 2]


async def _left(room: Room, task: str) -> None:
    from crisisroom.room import tasks

    await tasks.skip(room, "INC-1", task, "a test")


def _another(tmp_path: Path) -> Place:
    return Place(id="other", to=f"file:{tmp_path / 'other'}")


async def test_a_failing_place_is_told_of_and_tried_again(
    room: Room, clock: ManualClock, fetch: Fetcher, tmp_path: Path
) -> None:
    lost = Place(id="lost", to=f"file:{tmp_path / 'away' / 'anchors'}")
    await declared(room, with_places(lost, vault(tmp_path)))
    at_work = worker(room, fetch)
    await at_work.work()
    known = {one.place.id: one for one in await anchoring.standing(room)}
    assert (known["vault"].state, known["lost"].state) == ("ok", "failing")
    assert "cannot write" in known["lost"].reason
    (tmp_path / "away").mkdir()
    await at_work.work()
    assert not (tmp_path / "away" / "anchors").exists()  # left alone for a minute
    clock.advance(61)
    await at_work.work()
    assert (tmp_path / "away" / "anchors").exists()
    assert [one.state for one in await anchoring.standing(room)] == ["ok", "ok"]


async def test_a_place_that_nobody_served_is_stale_after_three_periods(
    room: Room, clock: ManualClock, fetch: Fetcher, tmp_path: Path
) -> None:
    await declared(room, with_places(vault(tmp_path)))
    assert [one.state for one in await anchoring.standing(room)] == ["new"]
    await worker(room, fetch).work()
    clock.advance(5 * 3600)
    assert [one.state for one in await anchoring.standing(room)] == ["ok"]  # nothing happened
    await record.note(room, "INC-1", "the plant called")
    assert [one.state for one in await anchoring.standing(room)] == ["stale"]
    await worker(room, fetch).work()
    await record.note(room, "INC-1", "again")
    clock.advance(2 * 3600)
    assert [one.state for one in await anchoring.standing(room)] == ["due"]


async def test_mail_says_what_it_is_and_can_be_checked_against(
    room: Room, clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", "canary")
    async with smtp.standing() as server:
        account = Account(
            id="press", type="mail", smtp=server.host, handle="press@acme.test", private=True,
            token_env="PASSWORD",
        )  # fmt: skip
        place = Place(id="notary", account="press", to="notary@law.test")
        await declared(room, with_places(place, accounts=(account,)))
        await worker(room, fetch).work()
        (mail,) = server.mails
    assert "RCPT TO:<notary@law.test>" in server.told
    from email import message_from_bytes
    from email.policy import default

    parsed = message_from_bytes(mail, policy=default)
    body = parsed.get_payload(decode=True)
    assert isinstance(body, bytes)
    noted = parse(body.replace(b"\r\n", b"\n"), "mail")
    assert noted.problems == ()
    assert "Anchor of kettles" in str(parsed["Subject"])
    assert all(not one.problems for one in await verifying.verify(room, noted=noted))


async def test_a_lost_answer_is_on_record_and_sent_again(
    room: Room, clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", "canary")
    async with smtp.standing() as server:
        server.instead["."] = None
        account = Account(
            id="press", type="mail", smtp=server.host, handle="press@acme.test", private=True,
            token_env="PASSWORD", to="notary@law.test",
        )  # fmt: skip
        await declared(room, with_places(Place(id="n", account="press"), accounts=(account,)))
        at_work = worker(room, fetch)
        await at_work.work()
        assert [one["state"] for one in await sent_entries(room)] == ["unknown"]
        (known,) = await anchoring.standing(room)
        assert (known.state, "nobody knows" in known.reason) == ("failing", True)
        server.instead.clear()
        clock.advance(61)
        await at_work.work()
        assert [one.state for one in await anchoring.standing(room)] == ["ok"]
    assert [one["state"] for one in await sent_entries(room)] == ["unknown", "sent"]
    assert len(server.mails) == 2


async def test_an_account_without_its_secret_fails_in_one_line(
    room: Room, clock: ManualClock, fetch: Fetcher
) -> None:
    account = Account(
        id="hook", type="webhook", server="https://intra.test", to="/x", token_env="NO_SUCH_THING"
    )
    await declared(room, with_places(Place(id="h", account="hook"), accounts=(account,)))
    await worker(room, fetch).work()
    (known,) = await anchoring.standing(room)
    assert known.state == "failing"
    assert "NO_SUCH_THING" in known.reason


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not here")
async def test_a_place_that_wants_them_signed_gets_none_without(
    room: Room, clock: ManualClock, fetch: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    await declared(room, with_places(vault(tmp_path, sign=True)))
    at_work = worker(room, fetch)
    await at_work.work()
    (known,) = await anchoring.standing(room)
    assert (known.state, known.reason) == ("failing", "there is no SSH key to sign with")
    assert kept(tmp_path) == []
    (tmp_path / ".ssh").mkdir()
    path = tmp_path / ".ssh/id_ed25519"
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    await asyncio.to_thread(subprocess.run, made, check=True, stdin=subprocess.DEVNULL)
    clock.advance(61)
    await at_work.work()
    (anchor,) = kept(tmp_path)
    allowed = tmp_path / "allowed"
    allowed.write_text(f"watch@example.org {path.with_suffix('.pub').read_text()}")
    said = signing.check(signed_bytes(anchor), anchor.signature.encode(), str(allowed))
    assert said.who == "watch@example.org"


async def test_a_drill_anchors_nowhere(room: Room, fetch: Fetcher, tmp_path: Path) -> None:
    await declared(room, replace(with_places(vault(tmp_path)), name="drill: kettles"))
    await worker(room, fetch).work()
    assert kept(tmp_path) == []
    assert await anchoring.standing(room) == ()


async def test_the_watcher_sends_and_goes_on_after_a_restart(
    room: Room, clock: ManualClock, tmp_path: Path
) -> None:
    await declared(room, with_places(vault(tmp_path)))
    for turn in (1, 2):
        await record.note(room, "INC-1", f"note {turn}")
        at_work = watcher(room, clock)
        running = asyncio.ensure_future(at_work.run())
        await until(watched(room))
        await until(lambda many=turn: _there(tmp_path, many))  # type: ignore[misc]
        at_work.stop()
        await running
        clock.advance(3600)


async def _there(tmp_path: Path, many: int) -> bool:
    return len(kept(tmp_path)) >= many


async def test_once_sends_what_is_owed(room: Room, clock: ManualClock, tmp_path: Path) -> None:
    await declared(room, replace(with_places(vault(tmp_path)), sources=()))
    await watcher(room, clock).once()
    assert len(kept(tmp_path)) == 1


def anchor(number: int) -> Anchor:
    from conftest import START

    return Anchor(
        room="r",
        at=START + timedelta(seconds=number),
        chains=(Head("room", "room", number, f"{number:064x}"),),
    )


def test_a_file_is_private_and_only_grows(tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    for number in range(1, 4):
        append(path, anchor(number))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = parse(path.read_bytes(), "anchors")
    assert ([one.chains[0].entries for one in read.anchors], read.problems) == ([1, 2, 3], ())
    path.chmod(0o640)
    append(path, anchor(4))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_nothing_is_added_to_anything_else(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("ssh-ed25519 AAAA ada\n")
    (tmp_path / "bare").write_text("hello")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "open").write_text("")
    (tmp_path / "open").chmod(0o666)
    for name in ("keys", "bare", "link", "folder", "pipe", "open"):
        with pytest.raises((Refused, Unavailable)):
            append(tmp_path / name, anchor(1))
    assert (tmp_path / "keys").read_text() == "ssh-ed25519 AAAA ada\n"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_half_a_line_stays_and_the_next_vouches_for_it(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "anchors"
    append(path, anchor(1))
    append(path, anchor(2))
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    append(path, anchor(3))
    read = parse(path.read_bytes(), "anchors")
    assert read.problems == ()
    assert [one.chains[0].entries for one in read.anchors][-1] == 3


def test_an_anchor_file_that_begins_with_half_a_line_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    path.write_bytes(b'{"anchor":1,"at":"2026')
    append(path, anchor(1))
    assert len(parse(path.read_bytes(), "anchors").anchors) == 1


def _many(path: str, first: int) -> None:
    for number in range(first, first + 25):
        append(Path(path), anchor(number))


def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_many, args=(str(path), at * 100 + 1)) for at in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [one.exitcode for one in workers] == [0, 0, 0]
    read = parse(path.read_bytes(), "anchors")
    assert (len(read.anchors), read.problems) == (75, ())


async def test_a_webhook_s_call_has_the_anchor_in_its_text(room: Room) -> None:
    from crisisroom.channels import Outgoing, make
    from crisisroom.watch.anchoring import _outgoing

    await declared(room)
    made = await anchoring.make(room)
    options = {"server": "https://intra.test", "to": "/x"}
    channel = make("webhook", "hook", options, token="s", clock=room.clock)
    words = _outgoing(room, made, channel)
    assert isinstance(words, Outgoing)
    assert parse(words.text.encode(), "x").anchors == (made,)
    assert json.loads(words.text.rstrip().splitlines()[-1])["sha256"] == made.sha256
