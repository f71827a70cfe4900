"""A screen that stands still holds up nobody: no colleague, no poll, no reply on its way."""

from __future__ import annotations

import signal

from e2e.fake_mastodon import FakeMastodon
from e2e.ground import Ground
from e2e.scene import people
from mastodon_contract import TOKEN


def test_a_stopped_screen_delays_no_colleague_and_no_poll(ground: Ground) -> None:
    with FakeMastodon(idempotent=True) as fake:
        ground.configure(fake.url, TOKEN)
        ground.declare()
        people(ground)
        screen = ground.screen(watch=True).wait_for("handle11")
        ground.until(ground.watcher, "a watcher")
        screen.signal(signal.SIGSTOP)
        polls = fake.polls
        for number in range(3):
            ground.do("note", f"note {number}")
        people(ground, 40)
        ground.until(lambda: fake.polls > polls + 1, "two more polls")
        screen.signal(signal.SIGCONT)
        screen.wait_for("note 2").press("g").wait_for("handle39")
        assert screen.program.poll() is None


def test_a_terminal_that_reads_nothing_delays_no_colleague_and_no_poll(ground: Ground) -> None:
    with FakeMastodon(idempotent=True) as fake:
        ground.configure(fake.url, TOKEN)
        ground.declare()
        people(ground)
        screen = ground.screen(watch=True).wait_for("handle11")
        ground.until(ground.watcher, "a watcher")
        screen.press("F").wait_for("follow")
        screen.stop_reading()
        polls = fake.polls
        for number in range(6):  # far more to paint than a pty takes
            people(ground, 40 + number)
            screen.press("j", "g", "4", "1", "tab")
            ground.do("note", f"note {number}")
        ground.until(lambda: fake.polls > polls + 1, "two more polls")
        screen.go_on_reading()
        screen.wait_for("note 5").press("1", "g").wait_for("handle44")
        assert screen.program.poll() is None
