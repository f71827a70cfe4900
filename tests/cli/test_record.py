"""Exports, verification, imports and backups by the command line."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.report import FORMATS, PROFILES


def tamper(path: Path, *statements: str) -> None:
    """Change a room behind its back, as somebody with its file can."""
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


@pytest.mark.parametrize("format", FORMATS)
def test_exports_are_private_files_and_never_overwritten(
    crisis: Cli, tmp_path: Path, format: str
) -> None:
    crisis.ok("export", "INC-1", "--format", format, "-o", "out/")
    files = sorted((tmp_path / "out").iterdir())
    assert files
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    before = [file.read_bytes() for file in files]
    again = ("export", "INC-1", "--format", format, "-o", "out/")
    assert "--force" in crisis.refused(1, *again).err
    crisis.ok(*again, "--force")
    assert [file.read_bytes() for file in files] == before
    assert sorted((tmp_path / "out").iterdir()) == files


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_log_is_the_same_bytes(crisis: Cli, tmp_path: Path, format: str) -> None:
    made = []
    for folder in ("one", "other"):
        crisis.ok("export", "--format", format, "-o", f"{folder}/")
        made.append({file.name: file.read_bytes() for file in (tmp_path / folder).iterdir()})
    assert made[0] == made[1]
    assert all(made[0].values())


@pytest.mark.parametrize("format", [one for one in FORMATS if one not in ("csv", "pdf")])
def test_stdout_and_a_file_get_the_same_bytes(crisis: Cli, tmp_path: Path, format: str) -> None:
    printed = crisis.ok("export", "--format", format).out
    crisis.ok("export", "--format", format, "-o", "one")
    assert (tmp_path / "one").read_text() == printed


def test_all_of_it_goes_into_one_folder(crisis: Cli, tmp_path: Path) -> None:
    (line,) = crisis.ok("export", "INC-1", "--format", "all", "-o", "out").lines
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert line == f"wrote {len(names)} files to out: look at out/INC-1.html first"
    assert {"INC-1.html", "INC-1.md", "INC-1.json", "INC-1.jsonl", "INC-1-tasks.csv"} < names
    assert "--force" in crisis.refused(1, "export", "--format", "all", "-o", "out").err


@pytest.mark.parametrize("what", ["/dev/full", "x.fifo"])
def test_what_is_no_file_is_never_written_over(crisis: Cli, what: str) -> None:
    os.mkfifo("x.fifo")
    crisis.refused(1, "export", "-o", what)
    crisis.refused(1, "export", "-o", what, "--force")
    assert not Path(what).is_file()


def run_apart(*words: str, stdout: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """Run the program in a process of its own, on the room of this test."""
    command = [sys.executable, "-m", "crisisroom", "--room", str(room_file()), *words]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE)


def test_a_full_disk_is_one_line(crisis: Cli) -> None:
    with open("/dev/full", "wb") as full:
        process = run_apart("export", "INC-1", "--format", "json", stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert err.splitlines() == [
        b"crisisroom: cannot write: No space left on device (free some space)"
    ]


def test_a_reader_that_has_enough_gets_no_complaint_and_is_on_record(crisis: Cli) -> None:
    entries = crisis.json("verify")["chains"][0]["entries"]
    process = run_apart("export", "INC-1", "--format", "json", stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert crisis.json("verify")["chains"][0]["entries"] == entries + 1


def test_what_was_signed_is_beside_its_file(crisis: Cli, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "key"], check=True)
    assert crisis.ok("export", "-o", "one.md", "--sign", "--key", "key").lines == [
        "wrote one.md",
        "wrote one.md.sig",
    ]
    assert (tmp_path / "one.md.sig").read_bytes().startswith(b"-----BEGIN SSH SIGNATURE-----")
    assert "-o PATH" in crisis.refused(2, "export", "--sign").err


def test_the_help_says_what_each_format_and_profile_is(crisis: Cli) -> None:
    told = crisis.ok("export", "--help").out
    assert all(f"\n  {name} " in told for name in (*FORMATS, "all", *PROFILES))


def test_an_export_is_on_record_in_the_rooms_chain(crisis: Cli, tmp_path: Path) -> None:
    made = crisis.json("export", "INC-1", "--format", "json", "--profile", "public", "-o", "x")
    assert made["files"] == ["x"]
    assert crisis.json("verify")["chains"][0]["entries"] == made["entry"]
    with sqlite3.connect(room_file()) as database:
        (data,) = database.execute("SELECT data FROM entry WHERE kind = 'export.made'").fetchone()
    database.close()
    assert '"profile":"public"' in data


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("--format", "csv"), 2, "-o FOLDER"),
        (("--format", "docx"), 2, "docx"),
        (("--tz", "Mars/Base"), 1, "Europe/Berlin"),
        (("-o", "missing/x"), 1, "missing/x"),
        (("INC-9",), 2, "INC-9"),
    ],
)
def test_an_export_that_cannot_be_is_one_line(
    crisis: Cli, words: tuple[str, ...], code: int, hint: str
) -> None:
    entries = crisis.json("verify")["chains"][0]["entries"]
    assert hint in crisis.refused(code, "export", *words).err
    assert crisis.json("verify")["chains"][0]["entries"] == entries


def test_a_link_in_the_way_is_not_followed(crisis: Cli, tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    crisis.refused(1, "export", "-o", "out")
    assert not (tmp_path / "elsewhere").exists()


def test_a_sound_room_and_its_exports_verify(crisis: Cli) -> None:
    said = crisis.ok("verify")
    assert [line.partition(":")[0] for line in said.lines] == ["room", "INC-1"]
    for format in ("json", "jsonl"):
        crisis.ok("export", "--format", format, "-o", f"x.{format}")
        assert crisis.json("verify", f"x.{format}")["ok"]
        crisis.ok("export", "--format", format, "--profile", "public", "-o", f"p.{format}")
        crisis.ok("verify", f"p.{format}")


def test_an_anchor_shows_a_rewritten_log(crisis: Cli) -> None:
    head = crisis.json("timeline", "INC-1")[-1]["hash"]
    crisis.ok("verify", "--anchor", head[:16])
    crisis.ok("verify", "INC-1", "--anchor", head)
    said = crisis("verify", "--json", "--anchor", "f" * 64)
    assert (said.code, said.json["ok"]) == (1, False)
    assert said.json["problems"][0]["code"] == "anchor"


TAMPERED = [
    ("UPDATE entry SET actor = 'bo' WHERE chain != 'room' AND seq = 1", "INC-1 entry 1"),
    ("UPDATE entry SET data = '{oops' WHERE chain != 'room' AND seq = 2", "INC-1 entry 2"),
    ("UPDATE entry SET at = 'noon' WHERE chain = 'room' AND seq = 2", "room entry 2"),
    ("UPDATE sealed SET words = 'fine' WHERE chain != 'room' AND seq = 2", "INC-1 entry 2"),
    ("DELETE FROM entry WHERE chain != 'room' AND seq = 2", "INC-1 entry 1"),
    ("DELETE FROM entry WHERE chain != 'room' AND seq = 1", "INC-1 entry 2"),
    ("UPDATE projection SET body = '{}' WHERE kind = 'fact' AND id = 'cause'", "INC-1 fact cause"),
    ("DELETE FROM projection WHERE kind = 'task' AND id = 'facts'", "INC-1 task facts"),
    ("UPDATE chain SET head = 'x' WHERE id = 'room'", "room entry"),
]


@pytest.mark.parametrize(("statement", "where"), TAMPERED)
def test_verify_names_the_entry_that_was_altered(crisis: Cli, statement: str, where: str) -> None:
    crisis.ok("note", "a second entry")
    triggers = ("entry_kept", "entry_unchanged", "sealed_kept", "sealed_erased")
    tamper(room_file(), *(f"DROP TRIGGER {name}" for name in triggers), statement)
    said = crisis("verify", "--json")
    assert (said.code, said.json["ok"]) == (1, False)
    assert said.json["problems"][0]["where"].startswith(where)
    assert any(where in line for line in crisis("verify").lines)


def test_a_damaged_log_is_one_line_everywhere_else(crisis: Cli) -> None:
    change = "UPDATE entry SET data = '{oops' WHERE chain != 'room'"
    tamper(room_file(), "DROP TRIGGER entry_unchanged", change)
    for words in (("status",), ("timeline", "INC-1"), ("note", "INC-1", "x"), ("export", "INC-1")):
        assert "crisisroom verify" in crisis.refused(1, *words).err


@pytest.mark.parametrize("data", [b"", b"# words\n", b"\x00\xff", b"{}"])
def test_what_is_no_log_is_one_problem(crisis: Cli, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    said = crisis("verify", "x", "--json")
    assert (said.code, [one["code"] for one in said.json["problems"]]) == (1, ["format"])


def test_a_room_is_no_export(crisis: Cli) -> None:
    assert "--room" in crisis.refused(2, "verify", str(room_file())).err
    assert "cannot be read" in crisis.refused(2, "verify", "missing").err


def exported(crisis: Cli) -> None:
    crisis.ok("mention", "link", "M-1")
    crisis.ok("export", "INC-1", "--format", "jsonl", "-o", "x.jsonl")
    crisis.ok("export", "INC-1", "--format", "json", "-o", "x.json")


@pytest.mark.parametrize("name", ["x.jsonl", "x.json"])
def test_an_import_keeps_the_log_to_the_byte(crisis: Cli, tmp_path: Path, name: str) -> None:
    exported(crisis)
    incident = crisis.json("incidents")[0]
    imported = crisis.json("--room", "other.db", "import", name)
    assert imported == incident | {"entry": 2}
    crisis.ok("--room", "other.db", "verify")
    again = crisis.ok("--room", "other.db", "export", "INC-1", "--format", "jsonl").out
    assert again.encode() == (tmp_path / "x.jsonl").read_bytes()
    assert "already: INC-1" in crisis.refused(1, "--room", "other.db", "import", name).err


def test_an_import_gets_another_number_where_its_own_is_taken(crisis: Cli) -> None:
    exported(crisis)
    other = ("--room", "other.db")
    crisis.ok(*other, "declare", "Ours", "--playbook", "service-outage")
    said = crisis.ok(*other, "import", "x.jsonl")
    assert said.lines == ["imported INC-2, which is INC-1 where it comes from: 2 entries"]
    kept = crisis.json("incidents")[0]
    renumbered = crisis.json(*other, "incidents")[1]
    assert renumbered == kept | {"id": "INC-2"}
    crisis.ok(*other, "note", "INC-2", "it goes on here")
    assert crisis.json(*other, "timeline", "INC-2")[-1]["incident"] == "INC-2"
    crisis.ok(*other, "verify")
    told = crisis(*other, "export", "INC-2", "--format", "json")
    assert '"id":"INC-1"' in told.out
    assert told.err == "INC-2 was imported: in its own log, and so in this export, it is INC-1\n"


def test_words_on_their_way_are_not_imported(crisis: Cli, facts: None) -> None:
    crisis.ok("reply", "draft", "M-1")
    crisis.ok("reply", "send", "R-1")
    crisis.ok("export", "--format", "jsonl", "-o", "x.jsonl")
    assert "R-1" in crisis.refused(1, "--room", "other.db", "import", "x.jsonl").err


@pytest.mark.parametrize(
    ("change", "hint"),
    [((b"kettle", b"Kettle"), "does not hold"), ((b"{", b"["), "does not hold")],
)
def test_a_broken_log_is_not_imported(
    crisis: Cli, tmp_path: Path, change: tuple[bytes, bytes], hint: str
) -> None:
    exported(crisis)
    file = tmp_path / "x.jsonl"
    file.write_bytes(file.read_bytes().replace(*change, 1))
    assert hint in crisis.refused(1, "--room", "other.db", "import", "x.jsonl").err
    assert not (tmp_path / "other.db").exists()


def test_a_backup_is_a_whole_private_room(crisis: Cli, tmp_path: Path) -> None:
    made = crisis.json("backup", "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    copied = crisis.json("--room", "copy.db", "verify")
    whole = crisis.json("verify")
    assert copied["chains"][1:] == whole["chains"][1:]
    assert whole["chains"][0]["entries"] == made["entry"] == copied["chains"][0]["entries"] + 1
    assert "already" in crisis.refused(1, "backup", "copy.db").err
    assert "cannot write" in crisis.refused(3, "backup", "missing/copy.db").err
