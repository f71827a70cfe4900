"""`triage --from`: a file scored without a room."""

from __future__ import annotations

import json
from pathlib import Path

from cli.conftest import room_file
from cli.driver import MENTIONS as GIVEN
from cli.driver import Cli

MENTIONS: list[dict[str, object]] = [dict(one) for one in GIVEN]


def lines(*things: object) -> bytes:
    return b"".join(json.dumps(thing).encode() + b"\n" for thing in things)


def test_mentions_keep_their_fields_and_order_and_no_room_is_made(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_bytes(lines(*MENTIONS))
    scored = cli.json("triage", "--from", "m.jsonl")
    for one, given in zip(scored, MENTIONS, strict=True):
        assert one == given | {key: one[key] for key in ("priority", "complaint", "why")}
        assert 0 <= one["complaint"] <= 1
        assert 0 <= one["priority"] <= 1
        assert len(one["why"]) <= 5
    assert "1.2k reach" in scored[0]["why"]
    assert not room_file().exists()


def test_plain_lines_give_priority_reasons_and_text(cli: Cli) -> None:
    said = cli.ok("triage", "--from", "-", stdin=lines({"text": "worst kettle, refund now"}))
    assert said.lines[0].endswith("  worst kettle, refund now")
    assert 0.5 < float(said.lines[0][:4]) <= 1
    assert said.lines[1].strip() == "likely a complaint: 'worst', 'refund'"


def test_a_bad_line_is_named_and_the_others_are_scored(cli: Cli) -> None:
    mentions = (
        lines({"text": "one"}) + b"{nonsense\n\n" + lines({"text": "three"}, {"text": 4}, [1])
    )
    said = cli("triage", "--from", "-", "--json", stdin=mentions)
    assert said.code == 1
    assert [one["text"] for one in said.json] == ["one", "three"]
    errors = [json.loads(line)["error"]["message"] for line in said.err.splitlines()]
    assert [error.split(":")[1] for error in errors] == ["2", "5", "6"]
    assert errors[0].startswith("stdin:2: not JSON")


def test_a_line_too_long_is_one_error(cli: Cli) -> None:
    mentions = lines({"text": "x" * (3 << 20)}, {"text": "after"})
    said = cli("triage", "--from", "-", "--json", stdin=mentions)
    assert said.code == 1
    assert [one["text"] for one in said.json] == ["after"]
    assert "stdin:1: longer than" in said.error["message"]


def test_nothing_at_all_is_an_empty_list(cli: Cli) -> None:
    assert cli.ok("triage", "--from", "-", "--json", stdin=b"").json == []


def test_clicks_are_learnt_first(cli: Cli, tmp_path: Path) -> None:
    took = {"text": "the lighthouse lamp is out", "wanted": True}
    left = {"text": "sunny at sea", "wanted": False, "lang": "en"}
    (tmp_path / "clicks.jsonl").write_bytes(lines(*[took, left] * 8))
    mentions = lines({"text": "a lighthouse"}, {"text": "sunny today"})
    words = ("triage", "--from", "-", "--json")
    plain = cli.ok(*words, stdin=mentions).json
    learnt = cli.ok(*words, "--clicks", "clicks.jsonl", stdin=mentions).json
    assert learnt[0]["priority"] > plain[0]["priority"]
    assert learnt[1]["priority"] < plain[1]["priority"]
    assert learnt[0]["why"][0].startswith("like those you took: 'lighthouse'")
    assert [one["complaint"] for one in learnt] == [one["complaint"] for one in plain]


def test_a_bad_click_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "clicks.jsonl").write_bytes(lines({"text": "a", "wanted": "yes"}))
    said = cli(
        "triage", "--from", "-", "--clicks", "clicks.jsonl", stdin=lines({"text": "a"})
    )  # fmt: skip
    assert said.code == 1
    assert "clicks.jsonl:1: " in said.err


def test_a_playbooks_words_are_risk_words(cli: Cli) -> None:
    mentions = lines({"text": "mine began to smoke today"})
    words = ("triage", "--from", "-", "--playbook", "product-defect", "--json")
    (scored,) = cli.ok(*words, stdin=mentions).json
    assert "says 'smoke'" in scored["why"]


def test_what_cannot_be_read_is_a_usage_error(cli: Cli) -> None:
    assert "crisisroom triage --from" in cli.refused(2, "triage").err
    assert "cannot be read" in cli.refused(2, "triage", "--from", "none.jsonl").err
    both = ("triage", "--from", "-", "--clicks", "-")
    assert "stdin is either" in cli.refused(2, *both).err


def test_hostile_words_come_out_harmless(cli: Cli) -> None:
    mentions = lines({"text": "\x1b[2Jworst\u202e refund \x07" * 3})
    assert "worst" in cli.ok("triage", "--from", "-", stdin=mentions).out
    assert "worst" in cli.ok("triage", "--from", "-", "--json", stdin=mentions).out
