"""Evidence and holds by the command line."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli, as_lines

SHA = "ab" * 32
POSTS = (
    {
        "text": "look \u001b[31mat it",
        "source": "social",
        "external_id": "e1",
        "author": {"handle": "@lee@fans.test"},
        "media": [{"url": "https://files.test/1.png", "sha256": SHA}],
    },
    {
        "text": "the same",
        "source": "news",
        "external_id": "e2",
        "media": [{"sha256": SHA.upper()}, {"kind": "video", "url": "https://files.test/v"}],
    },
    {"text": "no sha", "source": "news", "external_id": "e3", "media": [{"sha256": "../../x"}]},
)
ITEM = {
    *("sha256", "state", "size", "media", "at", "sort", "name", "url", "by", "mentions"),
    *("incidents", "posts", "sources", "first_at", "last_at"),
}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def shown(crisis: Cli) -> Cli:
    """A room with INC-1 in which M-4 and M-5 show the same picture."""
    crisis.ok("ingest", stdin=as_lines(POSTS))
    return crisis


def test_a_given_hash_is_counted_across_posts(shown: Cli) -> None:
    (item,) = shown.json("evidence", "list")
    assert item.keys() == ITEM
    assert (item["sha256"], item["state"], item["posts"]) == (SHA, "named", 2)
    assert item["sources"] == ["news", "social"]
    assert item["size"] is None
    (line,) = shown.ok("evidence", "list").lines
    assert line.startswith("abababababab known by its hash alone; 2 posts on news, social")
    found = shown.json("mentions", "--picture", SHA[:8])
    assert [one["id"] for one in found] == ["M-4", "M-5"]
    assert shown.json("mentions", "--picture", "cd" * 32) == []
    shown.refused(2, "mentions", "--picture", "../../x")


def test_a_post_is_shown_as_it_was_seen(shown: Cli) -> None:
    shown.ok("mention", "link", "INC-1", "M-4")
    edited = POSTS[0] | {"text": "I never said that"}
    shown.ok("ingest", stdin=as_lines([edited]))
    whole = shown.json("evidence", "show", "m-4")
    assert [one["sha256"] for one in whole["revisions"]] == [
        sha(b"look \x1b[31mat it"),
        sha(b"I never said that"),
    ]
    assert [one["sound"] for one in whole["revisions"]] == [True, True]
    assert whole["revisions"][0]["raw"] == r"'look \x1b[31mat it'"
    (picture,) = whole["pictures"]
    assert (picture["state"], picture["url"]) == ("wanted", "https://files.test/1.png")
    lines = shown.ok("evidence", "show", "M-4").lines
    assert lines[0].startswith("M-4 INC-1 @lee@fans.test")
    assert any(r"\x1b[31m" in line for line in lines)
    assert any("picture 1 wanted" in line for line in lines)
    assert shown.ok("evidence", "list", "INC-1").lines[-1] == "M-4 picture 1 wanted"
    (missing,) = shown.json("evidence", "list", "INC-1", "--missing")
    assert (missing["mention"], missing["state"]) == ("M-4", "wanted")
    linked = shown.json("timeline", "INC-1")[-2]
    assert linked["kind"] == "mention.linked"
    assert linked["data"]["sha256"] == whole["revisions"][0]["sha256"]


def test_files_go_in_and_come_out_the_same(shown: Cli, tmp_path: Path) -> None:
    letter = Path("letter.pdf")
    letter.write_bytes(b"%PDF-1.7 to whom it may concern")
    Path("notes").write_text("seen at 03:07")
    said = shown.ok("evidence", "add", "INC-1", "letter.pdf", "notes", "--about", "M-4")
    assert "kept letter.pdf (application/pdf, 31 bytes) about M-4" in said.out
    first = sha(letter.read_bytes())
    items = {one["sha256"]: one for one in shown.json("evidence", "list", "INC-1")}
    assert items[first]["name"] == "letter.pdf"
    assert items[first]["sort"] == "file"
    out = tmp_path / "out.bin"
    assert shown.json("evidence", "save", first[:8], "-o", str(out))["size"] == 31
    assert out.read_bytes() == letter.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    shown.refused(1, "evidence", "save", first, "-o", str(out))
    shown.refused(2, "evidence", "save", first, "-o", str(tmp_path))
    shown.refused(1, "evidence", "save", SHA, "-o", "x")
    assert not Path("x").exists()
    said = shown.ok("evidence", "check", "INC-1")
    assert said.out.startswith("INC-1: 2 kept things")
    assert shown.json("evidence", "check") == {"ok": True, "problems": []}
    again = shown.json("evidence", "add", "INC-1", "letter.pdf", "--about", "M-4")
    assert again["evidence"] == []


def test_a_command_id_keeps_a_file_once(shown: Cli) -> None:
    Path("a").write_bytes(b"first")
    asked = ("evidence", "add", "INC-1", "a", "--command-id", "one")
    assert shown.json(*asked)["entry"] == shown.json(*asked)["entry"]


def test_only_plain_files_are_taken(shown: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo("pipe")
    Path("empty").touch()
    for name in ("pipe", ".", "missing"):
        shown.refused(2, "evidence", "add", "INC-1", name)
    shown.refused(1, "evidence", "add", "INC-1", "empty")
    for module in ("evidence", "handed_in"):
        monkeypatch.setattr(f"crisisroom.room.{module}.MOST_FILE", 10)
    Path("big").write_bytes(b"x" * 11)
    assert "big is larger than 10 bytes" in shown.refused(1, "evidence", "add", "INC-1", "big").err
    assert shown.json("evidence", "list", "INC-1") == []


def test_the_check_fails_where_bytes_differ(shown: Cli) -> None:
    Path("a").write_bytes(b"first")
    shown.ok("evidence", "add", "INC-1", "a")
    with sqlite3.connect(room_file()) as behind:
        behind.execute("UPDATE evidence SET bytes = x'00'")
    behind.close()
    said = shown("evidence", "check", "INC-1")
    assert said.code == 1
    assert said.lines == [
        f"INC-1 evidence {sha(b'first')}: its bytes are not those that were kept (use a backup)"
    ]
    assert not json.loads(shown("evidence", "check", "--json").out)["ok"]


@pytest.mark.parametrize("what", ["M-99", "abc", "0" * 64, "x" * 200, "M-1 OR 1"])
def test_what_is_not_there_is_a_usage_error(crisis: Cli, what: str) -> None:
    assert what[:40] in crisis.refused(2, "evidence", "show", what).err


def test_an_empty_room_says_so(crisis: Cli) -> None:
    assert crisis.ok("evidence", "list").lines == ["no evidence is kept yet"]
    assert crisis.ok("evidence", "list", "INC-1").lines == ["INC-1 has no evidence yet"]
    assert crisis.ok("hold", "list").lines == ["nothing is on hold"]
    assert crisis.json("hold", "list") == []


def test_a_hold_shows_where_one_looks(crisis: Cli) -> None:
    crisis.ok("mention", "link", "M-1")
    told = crisis.json("hold", "set", "INC-1", "counsel expects", "a lawsuit")
    assert (told["held"], told["words"]) == (True, "counsel expects a lawsuit")
    assert told["at"] == "2026-11-22T02:07:00.000Z"
    (line,) = crisis.ok("hold", "list").lines
    assert line.startswith("INC-1 Kettles smoke: on hold since 02:07 by ")
    assert line.endswith(": counsel expects a lawsuit")
    assert any("  on hold since 02:07" in line for line in crisis.ok("status").lines)
    assert crisis.json("incidents")[0]["hold"]["words"] == "counsel expects a lawsuit"
    assert crisis.json("status")["held"] == crisis.json("hold", "list")
    purge = ("purge", "--older", "90d", "--dry-run")
    assert "INC-1 is on hold, nothing of it goes: hold lift, by Legal" in crisis.ok(*purge).lines
    assert crisis.json(*purge)["held"] == ["INC-1"]
    erase = crisis.refused(1, "erase", "--handle", "@pat@fans.test", "--why", "asked for").err
    assert "INC-1 is on hold" in erase
    assert crisis.json("hold", "lift", "INC-1", "settled")["held"] is False
    assert crisis.json("incidents")[0]["hold"] is None
    crisis.refused(1, "hold", "lift", "INC-1", "settled")
    crisis.refused(2, "hold", "set", "INC-1", " ")
    kinds = [one["kind"] for one in crisis.json("timeline", "INC-1")]
    assert kinds[-2:] == ["hold.set", "hold.lifted"]


def test_a_hold_on_what_is_over_still_shows(crisis: Cli) -> None:
    crisis.ok("hold", "set", "INC-1", "a lawsuit")
    for one in crisis.json("task", "list", "INC-1"):
        if one["required"]:
            crisis.ok("task", "skip", "INC-1", one["id"], "a test")
    for duty in crisis.json("deadline", "list", "INC-1"):
        crisis.ok("deadline", "waive", "INC-1", duty["id"], "--not-applicable", "a test")
    crisis.ok("resolve", "INC-1", "over", "--anyway", "a test")
    assert any(
        line.startswith("hold: INC-1 Kettles smoke: on hold since")
        for line in crisis.ok("status").lines
    )


def test_an_export_hands_its_evidence_out(shown: Cli, tmp_path: Path) -> None:
    Path("letter.txt").write_bytes(b"dear all")
    shown.ok("evidence", "add", "INC-1", "letter.txt")
    lines = shown.ok("export", "INC-1", "-o", "one.md", "--evidence").lines
    assert lines == ["wrote INC-1-evidence", "wrote one.md"]
    assert (tmp_path / "INC-1-evidence" / sha(b"dear all")).read_bytes() == b"dear all"
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd="INC-1-evidence", check=True)
    made = shown.json("export", "INC-1", "-o", "again/", "--evidence")
    assert made["files"] == ["again/INC-1-evidence", "again/INC-1.md"]
    shown.refused(2, "export", "INC-1", "--evidence")
    shown.refused(2, "export", "INC-1", "--evidence", "--profile", "public", "-o", "x/")


def test_lost_bytes_are_said_not_hidden(shown: Cli) -> None:
    Path("letter.txt").write_bytes(b"dear all")
    shown.ok("evidence", "add", "INC-1", "letter.txt")
    with sqlite3.connect(room_file()) as behind:
        behind.execute("DELETE FROM evidence")
    behind.close()
    said = shown("export", "INC-1", "-o", "out/", "--evidence")
    assert (said.code, said.err) == (
        0,
        "without the bytes of 1 kept thing: evidence check INC-1 says which\n",
    )
