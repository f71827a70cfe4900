"""Telling people by the command line: what was told, a test page, the answer."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from cli.driver import Cli

ME = pwd.getpwuid(os.geteuid()).pw_name
SETTINGS = """\
schema: 1
room: {name: Acme, zone: Europe/Berlin}
team:
  - {id: ME, name: Me, roles: [lead]}
  - {id: bo, name: Bo, reach: [{by: ntfy, to: crisis-bo}]}
messengers:
  - {id: pings, type: ntfy, server: "http://127.0.0.1:9", private: yes}
"""


def test_a_room_without_messengers_says_what_to_do(cli: Cli) -> None:
    cli.ok("declare", "Kettles", "--playbook", "product-defect", "--severity", "sev1")
    (line,) = cli.ok("notify").lines
    assert line.startswith("nobody is told but on the screen: add messengers:")
    assert "no way to tell anybody" in cli.refused(1, "notify", "test").err
    assert "there is no PAGE-9" in cli.refused(2, "notify", "ack", "PAGE-9").err
    assert cli.json("status")["notify"]["works"] is False


def test_a_test_page_says_until_when_it_is_to_be_answered_and_by_whom_it_was(cli: Cli) -> None:
    Path("crisisroom.yaml").write_text(SETTINGS.replace("ME", ME))
    cli.ok("declare", "Kettles", "--playbook", "product-defect", "--severity", "sev3")
    said = cli("notify", "test", "bo")
    assert (said.code, len(said.lines)) == (1, 1)
    assert said.out.startswith("PAGE-1  bo: ntfy failed (ntfy did not take it: ")
    page, told = cli.ok("notify", "list").lines
    assert page.startswith("open         PAGE-1   test        bo, to be answered until ")
    assert told.startswith("  failed by ntfy ")
    assert cli.json("notify")[0]["told"][0]["outcome"] == "failed"
    (yours,) = cli.ok("notify", "ack", "page-1", "I am up").lines
    assert yours == "PAGE-1 is yours: nobody is told of it any more"
    again = cli.ok("notify", "ack", "PAGE-1").lines
    assert again == [f"{cli.json('notify')[0]['closed_by']} has PAGE-1 already"]
    assert "until" not in cli.ok("notify", "list").lines[0]
