"""An answer to many on the command line: previewed, reviewed, sent, stopped."""

from __future__ import annotations

import json
from pathlib import Path

from cli.driver import Cli

PEOPLE = ("kim", "lee", "joe")
CONFIG = """
schema: 1
room: {name: "Ours"}
brand: {name: "Ferrow", accounts: [main]}
accounts:
  - {id: main, type: mastodon, server: "https://social.test", token_env: OUR_TOKEN}
sources:
  - {id: in, type: mastodon, account: main, notifications: yes}
"""


def story(cli: Cli) -> str:
    """Take in what three people say on our network, and make it one story."""
    Path("crisisroom.yaml").write_text(CONFIG)
    cli.ok("apply", "crisisroom.yaml")
    lines = [
        json.dumps(
            {
                "text": f"I want my money back for the kettle, refund please {n}",
                "source": "in",
                "external_id": f"b{n}",
                "author": {"handle": f"{who}@social.test"},
                "lang": "en",
            }
        )
        for n, who in enumerate(PEOPLE)
    ]
    cli.ok("ingest", "-", stdin="\n".join(lines).encode())
    ids = [one["id"] for one in cli.json("mentions", "--source", "in")]
    name: str = cli.json("mention", "show", ids[0])["narrative"]
    return name


def test_an_answer_to_many_is_looked_through_and_sent(crisis: Cli, facts: None) -> None:
    name = story(crisis)
    found = crisis.json("bulk", "preview", "INC-1", name, "--words", "remedy")
    going = [one for one in found["people"] if not one["why_not"]]
    assert {one["handle"].partition("@")[0] for one in going} == set(PEOPLE)
    shown = crisis.ok("bulk", "preview", "INC-1", name, "--words", "remedy")
    assert "remedy for 3 of" in shown.lines[0]
    assert "say who" in crisis.refused(2, "bulk", "send", "INC-1", name, "--words", "remedy").err
    going[0]["why_not"] = "not this one"
    Path("reviewed.json").write_text(json.dumps(found))
    sent = crisis.json(
        "bulk", "send", "INC-1", name, "--words", "remedy", "--from", "reviewed.json"
    )
    assert (sent["bulk"], len(sent["queued"])) == ("B-1", 2)
    assert "2 queued" in crisis.ok("bulk", "list", "INC-1").lines[0]
    assert crisis.json("bulk", "stop", "B-1", "the money is late")["stopped_by"]
    assert "stopped by" in crisis.ok("bulk", "list").lines[0]
    assert crisis.json("bulk", "resume", "B-1")["stopped_at"] is None


def test_a_broken_list_is_named_with_its_line(crisis: Cli, facts: None) -> None:
    name = story(crisis)
    Path("bad.jsonl").write_text('{"mention": "M-4", "text": "Hello."}\n{oops\n')
    said = crisis.refused(
        2, "bulk", "send", "INC-1", name, "--words", "remedy", "--from", "bad.jsonl"
    )
    assert "line 2 is no JSON" in said.err
    Path("odd.json").write_text('{"people": [{"text": "x"}]}')
    said = crisis.refused(
        2, "bulk", "send", "INC-1", name, "--words", "remedy", "--from", "odd.json"
    )
    assert "person 1 names no mention" in said.err


def test_a_list_of_another_shape_is_refused(crisis: Cli, facts: None) -> None:
    name = story(crisis)
    odd = {
        '{"people": 3}': "people is no list",
        '{"mention": "M-4", "text": ["x"]}': "the text of person 1 is no text",
        "[" * 100_000: "nested too deeply",
    }
    for words, why in odd.items():
        Path("odd.json").write_text(words)
        said = crisis.refused(
            2, "bulk", "send", "INC-1", name, "--words", "remedy", "--from", "odd.json"
        )
        assert why in said.err
    Path("odd.json").write_bytes(b"\xff\xfe")
    said = crisis.refused(
        2, "bulk", "send", "INC-1", name, "--words", "remedy", "--from", "odd.json"
    )
    assert "no JSON" in said.err
