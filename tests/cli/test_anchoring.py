"""Anchors, signatures and what `verify` says of them, by the command line."""

from __future__ import annotations

import gzip
import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli, declared
from cli.test_record import tamper

OLDER = Path(__file__).parents[1] / "report/schema1"
PLACES = """\
schema: 1
room: {name: "Ours"}
brand: {name: "Ferrow"}
anchors:
  - {id: vault, to: "file:kept/anchors", every: 1h}
"""
with_keys = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not on this machine"
)


@pytest.fixture
def placed(cli: Cli, tmp_path: Path) -> Cli:
    """A room whose settings name a place for anchors."""
    (tmp_path / "crisisroom.yaml").write_text(PLACES)
    (tmp_path / "kept").mkdir()
    declared(cli)
    return cli


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "ada"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    public = (tmp_path / "ada.pub").read_text()
    (tmp_path / "allowed").write_text(f"ada@example.org {public}")
    return path


def cut(path: Path, left: int) -> None:
    """Take INC-1's end away and leave no trace of it in the room."""
    triggers = ("entry_kept", "entry_unchanged", "sealed_kept", "sealed_erased")
    of = "chain IN (SELECT id FROM chain WHERE number = 1)"
    tamper(
        path,
        *(f"DROP TRIGGER {name}" for name in triggers),
        f"DELETE FROM sealed WHERE {of} AND seq > {left}",
        f"DELETE FROM entry WHERE {of} AND seq > {left}",
        f"UPDATE chain SET seq = {left}, head = (SELECT hash FROM entry WHERE {of} AND"
        f" seq = {left}) WHERE number = 1",
    )


def test_an_anchor_is_made_and_on_record(crisis: Cli, tmp_path: Path) -> None:
    made = crisis.json("anchor", "make", "-o", "room.anchor")
    file = tmp_path / "room.anchor"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = json.loads(file.read_text())
    assert said["sha256"] == made["sha256"]
    assert [one["id"] for one in said["chains"]] == ["room", "INC-1"]
    assert crisis.json("verify")["chains"][0]["entries"] == made["entry"]
    crisis.ok("verify", "--anchor", "room.anchor")
    crisis.ok("verify", "INC-1", "--anchor", "room.anchor")
    crisis.ok("verify", "--anchor", made["sha256"])
    crisis.ok("verify", "--anchor", "-", stdin=file.read_bytes())
    crisis.refused(1, "anchor", "make", "-o", "room.anchor")
    crisis.ok("anchor", "make", "-o", "room.anchor", "--force")


def test_an_anchor_on_stdout_is_one_document(crisis: Cli) -> None:
    said = crisis("anchor", "make")
    assert (said.code, len(said.lines)) == (0, 1)
    assert json.loads(said.out)["sha256"] in said.err
    assert crisis.json("anchor", "make")["anchor"] == 1


def test_a_cut_end_shows_against_the_anchor(crisis: Cli, tmp_path: Path) -> None:
    for words in ("one", "two", "three"):
        crisis.ok("note", "INC-1", words)
    crisis.ok("anchor", "make", "-o", "room.anchor")
    entries = crisis.json("timeline", "INC-1")[-1]["seq"]
    shutil.copyfile(room_file(), tmp_path / "cut.db")
    cut(tmp_path / "cut.db", entries - 2)
    said = crisis("--room", "cut.db", "verify", "--anchor", "room.anchor", "--json")
    assert said.code == 1
    found = [one for one in said.json["problems"] if one["code"] == "anchor"]
    assert found[0]["where"] == f"INC-1 entry {entries - 2}"
    assert "its end was cut" in found[0]["message"]


def test_only_the_first_problem_is_told_unless_all_are_asked_for(crisis: Cli) -> None:
    crisis.ok("note", "INC-1", "one")
    change = "UPDATE entry SET actor = 'bo' WHERE chain != 'room'"
    tamper(room_file(), "DROP TRIGGER entry_unchanged", change)
    said = crisis("verify")
    bad = [line for line in said.lines if not line.startswith("room: ")]
    assert bad[0].startswith("INC-1 entry 1 (incident.declared, 2026-11-22T02:07:00.000Z): ")
    more = len(crisis("verify", "--json").json["problems"]) - 1
    assert bad[1] == f"and {more} more after it: --all tells them"
    assert len(crisis("verify", "--all").lines) > len(said.lines)
    (first, *_) = crisis("verify", "--json").json["problems"]
    assert (first["seq"], first["kind"]) == (1, "incident.declared")


def test_anchors_are_sent_listed_and_in_status(placed: Cli, tmp_path: Path) -> None:
    assert placed.json("anchor", "list")["places"][0]["state"] == "new"
    (sent,) = placed.json("anchor", "send")
    assert (sent["place"], sent["state"]) == ("vault", "sent")
    placed.ok("note", "INC-1", "one")
    placed.ok("anchor", "send", "vault")
    placed.ok("verify", "--anchor", "kept/anchors")
    known = placed.json("anchor", "list")
    assert [one["state"] for one in known["anchors"]] == ["sent", "sent"]
    assert placed.json("status")["anchors"][0]["state"] == "ok"
    assert placed.refused(2, "anchor", "send", "elsewhere").err.count("vault") == 1
    rows = (tmp_path / "kept/anchors").read_bytes().splitlines(keepends=True)
    (tmp_path / "kept/anchors").write_bytes(rows[1])
    assert placed("verify", "--anchor", "kept/anchors").code == 1


def test_a_place_that_fails_shows_everywhere(placed: Cli, tmp_path: Path) -> None:
    (tmp_path / "kept").rmdir()
    said = placed("anchor", "send")
    assert said.code == 1
    assert "vault failed" in said.out
    assert "anchor: vault failing" in placed.ok("status").out
    found = placed("doctor", "--offline", "--json").json
    assert any(one["where"] == "anchors vault" for one in found["problems"])


def test_without_a_place_sending_says_so(crisis: Cli) -> None:
    assert "crisisroom.yaml" in crisis.refused(1, "anchor", "send").err
    assert crisis.ok("anchor", "list").lines == [
        "no anchor was made, and there is no place to send one to"
    ]


def test_heads_are_in_status_and_incidents(crisis: Cli) -> None:
    chains = {one["id"]: one["head_hash"] for one in crisis.json("verify")["chains"]}
    status = crisis.json("status")
    assert status["head"] == chains["room"]
    assert status["incidents"][0]["head"] == chains["INC-1"]
    assert crisis.json("incidents")[0]["head"] == chains["INC-1"]
    line = f"log heads: room {chains['room'][:8]}, INC-1 {chains['INC-1'][:8]}"
    assert line in crisis.ok("status").lines


@pytest.mark.parametrize("format", ["md", "html", "ics214"])
def test_a_report_is_held_against_the_log(crisis: Cli, tmp_path: Path, format: str) -> None:
    crisis.ok("export", "INC-1", "--format", format, "-o", "out/")
    (file,) = (tmp_path / "out").iterdir()
    head = crisis.json("incidents")[0]["head"]
    said = crisis.ok("verify", str(file))
    assert head in said.out
    assert "byte for byte" in said.out
    crisis.ok("note", "INC-1", "later")
    assert "more came since" in crisis.ok("verify", str(file)).out
    file.write_bytes(file.read_bytes().replace(b"Kettles smoke", b"Kettles sing"))
    changed = crisis("verify", str(file), "--json")
    assert (changed.code, changed.json["problems"][0]["code"]) == (1, "differs")
    elsewhere = crisis("--room", "none.db", "verify", str(file), "--json")
    assert elsewhere.json["problems"][0]["code"] == "unchecked"
    assert elsewhere.json["heads"][0]["head"] == head
    file.write_bytes(file.read_bytes().replace(head.encode(), b"f" * 64))
    assert crisis("verify", str(file), "--json").json["problems"][0]["code"] == "head"


def test_what_cannot_be_compared_is_never_called_unaltered(crisis: Cli, tmp_path: Path) -> None:
    head = crisis.json("incidents")[0]["head"]
    made_up = f"all went well. Hash of the newest entry: {head}\n"
    for name in ("report.txt", "report.pdf", "INC-1"):
        (tmp_path / name).write_text(made_up)
        said = crisis(*("verify", f"./{name}", "--json"))
        assert (said.code, said.json["problems"][0]["code"]) == (1, "unchecked")
    assert "not a word of it" in crisis("verify", "./report.txt").out


def test_a_table_is_held_against_the_log_of_its_export(crisis: Cli, tmp_path: Path) -> None:
    crisis.ok("export", "INC-1", "--format", "csv", "-o", "out/")
    head = crisis.json("incidents")[0]["head"]
    (tmp_path / "out/INC-1-log.csv").write_text(f"entries,head_hash\r\n1,{head}\r\n")
    assert "byte for byte" in crisis.ok("verify", "out/INC-1-timeline.csv").out
    table = tmp_path / "out/INC-1-tasks.csv"
    table.write_bytes(table.read_bytes().replace(b",open,", b",done,", 1))
    assert crisis("verify", str(table), "--json").json["problems"][0]["code"] == "differs"
    (tmp_path / "out/INC-1-log.csv").unlink()
    said = crisis("verify", "out/INC-1-timeline.csv")
    assert (said.code, "names no log" in said.out) == (1, True)


def test_an_export_of_the_earlier_program_verifies_with_a_word(cli: Cli, tmp_path: Path) -> None:
    data = gzip.decompress((OLDER / "internal.json.gz").read_bytes())
    (tmp_path / "old.json").write_bytes(data)
    said = cli.ok("verify", "old.json")
    assert "an earlier crisisroom wrote it (schema 1" in said.out
    assert "old.json: 280 entries, nothing in it was altered; head " in said.out
    assert cli.json("verify", "old.json")["entries"] == 280


def test_a_report_for_another_zone_needs_its_name(crisis: Cli, tmp_path: Path) -> None:
    crisis.ok("export", "INC-1", "--tz", "Asia/Kathmandu", "-o", "x.md")
    assert crisis("verify", "x.md").code == 1
    crisis.ok("verify", "x.md", "--tz", "Asia/Kathmandu")
    crisis.ok("export", "INC-1", "--profile", "public", "-o", "p.md")
    assert "profile public" in crisis.ok("verify", "p.md").out


def test_an_export_is_held_against_an_anchor(crisis: Cli) -> None:
    crisis.ok("export", "INC-1", "--format", "jsonl", "-o", "old.jsonl")
    crisis.ok("note", "INC-1", "later")
    crisis.ok("anchor", "make", "-o", "a")
    crisis.ok("export", "INC-1", "--format", "jsonl", "-o", "new.jsonl")
    assert "head " in crisis.ok("verify", "new.jsonl", "--anchor", "a").out
    said = crisis("verify", "old.jsonl", "--anchor", "a")
    assert (said.code, "older export" in said.out) == (1, True)


@with_keys
def test_what_was_signed_is_checked(crisis: Cli, tmp_path: Path, key: Path) -> None:
    crisis.ok("export", "INC-1", "--format", "jsonl", "-o", "x.jsonl")
    made = crisis.json("sign", "x.jsonl", "--key", str(key))
    assert made["files"] == ["x.jsonl.sig"]
    assert stat.S_IMODE((tmp_path / "x.jsonl.sig").stat().st_mode) == 0o600
    assert "x.jsonl.sig is there" in crisis.ok("verify", "x.jsonl").out
    said = crisis.ok("verify", "x.jsonl", "--signers", "allowed")
    assert "signed by ada@example.org" in said.out
    crisis.refused(1, "sign", "x.jsonl", "--key", str(key))
    assert (
        "ada@example.org" in crisis.json("verify", "x.jsonl", "--signers", "allowed")["signed"][0]
    )
    (tmp_path / "x.jsonl").write_bytes((tmp_path / "x.jsonl").read_bytes() + b"\n")
    assert (
        "not of these bytes" in crisis.refused(1, "verify", "x.jsonl", "--signers", "allowed").err
    )


@with_keys
def test_an_anchor_carries_its_signature(crisis: Cli, tmp_path: Path, key: Path) -> None:
    crisis.ok("anchor", "make", "-o", "a", "--sign", "--key", str(key))
    crisis.ok("anchor", "make", "-o", "bare")
    said = crisis.ok("verify", "--anchor", "a", "--signers", "allowed")
    assert "a: signed by ada@example.org" in said.out
    crisis.ok("verify", "--anchor", "a")
    assert (
        "not signed" in crisis.refused(1, "verify", "--anchor", "bare", "--signers", "allowed").err
    )
    (tmp_path / "nobody").write_text("")
    crisis.refused(1, "verify", "--anchor", "a", "--signers", "nobody")


@with_keys
def test_a_signature_that_is_asked_for_is_never_passed_over(crisis: Cli, key: Path) -> None:
    crisis.ok("export", "INC-1", "--format", "jsonl", "-o", "x.jsonl")
    head = crisis.json("incidents")[0]["head"]
    for words in (("x.jsonl",), ("x.jsonl", "--anchor", head)):
        assert "no x.jsonl.sig" in crisis.refused(1, "verify", *words, "--signers", "allowed").err
    for line in ("", "INC-1", f"INC-1 --anchor {head}"):
        said = crisis.refused(2, "verify", *line.split(), "--signers", "allowed")
        assert "a room is not signed" in said.err
    crisis.ok("export", "INC-1", "--format", "html", "-o", "x.html", "--sign", "--key", str(key))
    assert "signed by ada" in crisis.ok("verify", "x.html", "--signers", "allowed").out


def test_an_anchor_is_no_export(crisis: Cli) -> None:
    crisis.ok("anchor", "make", "-o", "a")
    assert "verify --anchor a" in crisis.refused(2, "verify", "a").err
    assert "no file, and no hash" in crisis.refused(2, "verify", "--anchor", "abc123").err


@pytest.mark.parametrize("name", ["--help", "-", "a b", "x;y"])
@with_keys
def test_names_of_files_are_names(crisis: Cli, tmp_path: Path, key: Path, name: str) -> None:
    (tmp_path / name).write_text("words")
    crisis.ok("sign", "--key", str(key), "--", name)
    assert (tmp_path / f"{name}.sig").exists()


@pytest.mark.parametrize(
    "words", [("sign", "missing"), ("sign", "/dev/null"), ("verify", "--anchor", "missing")]
)
def test_what_is_not_there_is_one_line(crisis: Cli, words: tuple[str, ...]) -> None:
    assert words[-1] in crisis.refused(2, *words).err
