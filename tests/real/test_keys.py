"""A server that has no file of keys and asks the room: what was applied last counts, at once."""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from crisisroom.config.sshkey import fingerprint
from real.program import Json, Program
from real.servers.sshd import Login, Sshd

pytestmark = [
    pytest.mark.together,
    pytest.mark.skipif(os.geteuid() != 0, reason="sshd runs only what root owns"),
]
TEAM = """\
schema: 1
room: {{address: room.db, name: Ours}}
brand: {{name: Acme}}
team:
  - {{id: {me}, name: Host, roles: [lead]}}
"""


class Asking(Sshd):
    """A server that has no file of keys and asks a program."""

    def __init__(self, script: Path, user: str) -> None:
        super().__init__()
        self._asked = f"AuthorizedKeysCommand {script} %u %t %k\nAuthorizedKeysCommandUser {user}\n"

    def _configure(self) -> None:
        super()._configure()
        path = self.state / "sshd_config"
        lines = [one for one in path.read_text().splitlines() if "AuthorizedKeysFile" not in one]
        path.write_text("\n".join(["AuthorizedKeysFile none", *lines]) + "\n" + self._asked)


@dataclass(frozen=True)
class Asked:
    """The room that the server asks, and where the program's log is."""

    program: Program
    server: Sshd
    home: Path

    @property
    def file(self) -> Path:
        """The configuration."""
        return self.program.folder / "crisisroom.yaml"

    def apply(self, *members: str, code: int = 0) -> str:
        """Put a team of the host and these people into force; returns what was said of it."""
        lines = [f"  - {one}\n" for one in members]
        self.file.write_text(TEAM.format(me=getpass.getuser()) + "".join(lines))
        return self.program.run("apply", str(self.file), codes=(code,)).stderr

    def log(self) -> list[str]:
        """What the program wrote down of whom sshd was told no line for, newest last."""
        path = self.home / ".local" / "state" / "crisisroom" / "keys.log"
        return path.read_text().splitlines() if path.exists() else []


def member(name: str, *keys: Login) -> str:
    """Somebody of the team, as the configuration has them."""
    written = ", ".join(f'"{one.public}"' for one in keys)
    return f"{{id: {name}, name: {name.title()}, roles: [lead], keys: [{written}]}}"


@pytest.fixture
def asked(program: Program, sshd: Sshd) -> Iterator[Asked]:
    """Another server beside the one that stands, which has been installed for it."""
    with _standing(program) as made:
        yield made


@contextmanager
def _standing(program: Program) -> Iterator[Asked]:
    with tempfile.TemporaryDirectory(prefix="crisisroom-keys-", dir="/root") as folder:
        script, home = Path(folder) / "keys", Path(folder) / "home"
        home.mkdir()
        words = program.command("authorized-keys", '--for "$1" --key "$2 $3"')
        room = f"--room {program.room}"
        line = f"HOME={home} exec {' '.join(words[:3])} {room} {' '.join(words[3:])}"
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o755)
        with Asking(script, getpass.getuser()) as server:
            yield Asked(program, server, home)


def test_a_key_counts_at_once_and_no_longer_than_it_is_there(asked: Asked) -> None:
    fay, gus = asked.server.new_key("fay"), asked.server.new_key("gus")
    asked.apply(member("fay", fay))
    asked.program.open_incident()
    codes = [fay.run("status").returncode, gus.run("status").returncode]
    asked.apply(member("fay", fay), member("gus", gus))
    noted = gus.run("note INC-1 'let in by the room'")
    asked.apply(member("gus", gus))
    codes += [fay.run("status").returncode, gus.run("status").returncode]
    entries: list[Json] = asked.program.json("timeline", "INC-1")

    assert codes == [0, 255, 255, 0]
    assert (noted.returncode, noted.stderr) == (0, "")
    assert (entries[-1]["actor"], entries[-1]["text"]) == ("gus", "let in by the room")
    assert [one.rpartition(" ")[2] for one in asked.log()] == [
        f"key={fingerprint(one.public)}" for one in (gus, fay)
    ]


def test_a_broken_file_changes_nothing_and_a_room_that_is_gone_lets_nobody_in(
    asked: Asked,
) -> None:
    fay, gus = asked.server.new_key("fay"), asked.server.new_key("gus")
    asked.apply(member("fay", fay))
    asked.file.write_text("team: [{id: gus, keys: [")
    refused = asked.program.run("apply", str(asked.file), codes=(1,)).stderr
    codes = [fay.run("status").returncode, gus.run("status").returncode]
    asked.program.room.rename(asked.program.folder / "away.db")
    codes.append(fay.run("status").returncode)
    asked.program.room.write_bytes(b"no database at all" * 100)
    codes.append(fay.run("status").returncode)
    told = [one.partition(" code=")[2].split()[0] for one in asked.log()]

    assert "crisisroom.yaml" in refused
    assert codes == [0, 255, 255, 255]
    assert told == ["no-key", "no-room", "unreadable"]


def test_one_key_of_two_people_is_refused_when_it_is_applied(asked: Asked) -> None:
    fay = asked.server.new_key("fay")
    asked.apply(member("fay", fay))
    said = asked.apply(member("fay", fay), member("gus", fay), code=1)

    assert "fay has this key already" in said
    assert fay.run("note INC-1 hi").stderr.startswith("crisisroom: there is no incident")
    assert [one["id"] for one in asked.program.json("team", "list")] == [getpass.getuser(), "fay"]
