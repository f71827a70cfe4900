"""The line drops, the machine goes down: gone within two seconds, and back at the same place."""

from __future__ import annotations

import signal
import termios
from functools import partial

import pytest
from e2e.fake_mastodon import FakeMastodon
from e2e.ground import Ground
from e2e.scene import SMALL, cursor_on, me, people
from e2e.terminal import Terminal
from mastodon_contract import TOKEN

from crisisroom.room import drafting, sending
from crisisroom.room import words as saying

PROMISED = 2.0  # seconds
SLACK = 2.0  # more of them on a busy machine
DRAFT = "We know, and we are on it."


def restored(screen: Terminal) -> None:
    """Check that the terminal is as it was before the program came."""
    screen.drained()
    wanted = {"1049": False, "25": True, "1004": False, "2004": False, "7": True}
    assert {mode: screen.modes[mode] for mode in wanted} == wanted
    assert not screen.modes.get("1000")
    assert not screen.modes.get("1003")
    assert screen.keyboard == 0
    assert screen.attributes == termios.tcgetattr(screen.slave)
    assert not screen.wire.violations


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["term", "hup"]
)
@pytest.mark.parametrize("where", ["room", "composer", "palette"])
def test_a_signal_ends_it_and_the_terminal_is_as_before(
    ground: Ground, number: signal.Signals, code: int, where: str
) -> None:
    ground.declare()
    people(ground)
    screen = ground.screen().wait_for("handle11")
    if where == "composer":
        screen.press("r").wait_for("Approved words")
    elif where == "palette":
        screen.press(":").wait_for("esc ")
    screen.signal(number)
    assert screen.wait_end(PROMISED + SLACK) == code
    restored(screen)


def test_q_leaves_a_clean_terminal(ground: Ground) -> None:
    ground.declare()
    people(ground)
    screen = ground.screen().wait_for("handle11")
    screen.press("q")
    assert screen.wait_end() == 0
    restored(screen)


def test_a_dropped_line_ends_the_screen_and_not_the_watcher(ground: Ground) -> None:
    with FakeMastodon(idempotent=True) as fake:
        ground.configure(fake.url, TOKEN)
        ground.declare()
        people(ground)
        screen = ground.screen(watch=True).wait_for("handle11")
        watcher = ground.until(ground.watcher, "a watcher")
        screen.hang_up()
        screen.wait_end(PROMISED + SLACK)
        polls = fake.polls
        ground.until(lambda: fake.polls > polls + 1, "two polls after the line dropped")
        assert ground.watcher() == watcher


def test_a_reply_released_just_before_the_line_drops_goes_out_once(ground: Ground) -> None:
    with FakeMastodon(idempotent=False) as fake:
        ground.configure(fake.url, TOKEN)
        ground.declare()
        ground.ingest([{"text": "help", "source": "replies", "external_id": "77"}])

        ground.look(lambda room: saying.save_reply(room, "INC-1", "M-1", DRAFT), actor=me())
        screen = ground.screen(watch=True).wait_for("help")
        ground.until(ground.watcher, "a watcher")
        fake.hold("stored")
        ground.look(lambda room: sending.send(room, "INC-1", "R-1"), actor=me())
        assert fake.held.wait(30)
        screen.hang_up()
        screen.wait_end(PROMISED + SLACK)
        fake.let_go()
        ground.until(lambda: ground.incident().replies["R-1"].state == "sent", "the reply")
        assert len(fake.texts("77")) == 1


@pytest.mark.parametrize("drop", ["line", "kill"])
def test_who_comes_back_is_where_they_were(ground: Ground, drop: str) -> None:
    ground.declare()
    ground.declare()
    people(ground)
    with ground.screen("INC-1", size=SMALL) as screen:
        screen.wait_for("handle11")
        for number in range(10, 6, -1):
            screen.press("j").wait_for(partial(cursor_on, words=f"handle{number:02}"))
        screen.press("r").wait_for("Reply")
        screen.send(DRAFT)
        ground.until(lambda: _kept(ground) == DRAFT, "the draft on disk")
        screen.press("escape").wait_for("your draft is kept")
        screen.press("4").wait_for("declared SEV1")
        if drop == "line":
            screen.hang_up()
        else:
            ground.until(lambda: _view(ground) == "4", "the place on disk")
            screen.signal(signal.SIGKILL)
        screen.wait_end(PROMISED + SLACK)
    with ground.screen(size=SMALL) as again:
        again.wait_for("INC-1 Something happ").wait_for("declared SEV1")
        again.press("1").wait_for(lambda seen: cursor_on(seen, "handle07"))
        again.press("r").wait_for(DRAFT)
        assert _kept(ground) == DRAFT


def _kept(ground: Ground) -> str:
    drafts = ground.look(drafting.saved_drafts, actor=me())
    return drafts[0].text if drafts else ""


def _view(ground: Ground) -> str:
    from crisisroom.room import places

    place = ground.look(places.last_place, actor=me())
    return place.view if place else ""
