"""An alert is in the room when it fires and when it ends, once, whatever dies in between."""

from __future__ import annotations

import json

import pytest

from real.program import Program
from real.servers.alertmanager import Alertmanager
from real.servers.base import wait_until

pytestmark = pytest.mark.together


def _listens(program: Program, alertmanager: Alertmanager) -> None:
    program.variables["ALERTS"] = alertmanager.secret
    place = json.dumps(alertmanager.listen)
    program.listens_to("alerts", f"type: webhook, listen: {place}, secret_env: ALERTS")
    program.configure()


def test_an_alert_fires_and_ends_as_one_mention(
    program: Program, alertmanager: Alertmanager
) -> None:
    _listens(program, alertmanager)
    with program.watching():
        alertmanager.fire("ShopDown", "the shop does not answer")
        fired = program.wait_for("firing: ShopDown")
        alertmanager.fire("ShopDown", "the shop does not answer", over=True)
        ended = program.wait_for("resolved: ShopDown")
    assert (fired["kind"], fired["source"]) == ("alert", "alerts")
    assert "the shop does not answer" in fired["text"]
    assert ended["id"] == fired["id"]
    assert len(program.mentions("ShopDown")) == 1


def test_an_alert_while_the_room_is_dead_comes_later_and_once(
    program: Program, alertmanager: Alertmanager
) -> None:
    _listens(program, alertmanager)
    with program.watching() as watcher:
        alertmanager.fire("BeforeIt", "all is well so far")
        program.wait_for("BeforeIt")
        assert watcher.process is not None
        watcher.process.kill()
        watcher.process.wait()
        failed = alertmanager.failed_calls()
        alertmanager.fire("WhileDead", "nobody hears this")
        wait_until(lambda: alertmanager.failed_calls() > failed, "a call that fails")
        assert program.mentions("WhileDead") == []
        watcher.start()
        program.wait_for("WhileDead")
    assert len(program.mentions("WhileDead")) == 1
    assert len(program.mentions("BeforeIt")) == 1
