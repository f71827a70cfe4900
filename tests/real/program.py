"""The program as people run it: a folder with its configuration, verbs, and a watcher to kill."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from real.servers.base import Daemon, ServerError, wait_until
from real.servers.mastodon_api import Account

Json = dict[str, Any]

CRISISROOM = (sys.executable, "-m", "crisisroom")
PERIOD = 2  # seconds between two polls
PLAYBOOK = "service-outage"
ACCOUNT = "main"
SOCIAL = "social"
VERB_SECONDS = 90.0


@dataclass
class Program:
    """One room in a folder of its own, and the program with nothing of ours around it."""

    folder: Path
    accounts: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)  # of its environment
    period: int = PERIOD

    @property
    def room(self) -> Path:
        """The room's file."""
        return self.folder / "room.db"

    @property
    def env(self) -> dict[str, str]:
        """The environment: no settings or proxies of whoever runs the tests."""
        names = {"HOME": "home", "XDG_RUNTIME_DIR": "run", "TMPDIR": "tmp"}
        folders = {name: str(self.folder / part) for name, part in names.items()}
        for folder in folders.values():
            Path(folder).mkdir(mode=0o700, exist_ok=True)
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **folders, **self.variables}

    def answers_as(self, account: Account, server: str = "") -> None:
        """Give the room an account; `server` is where it is reached, if not where it is."""
        token = self.folder / "token"
        token.write_text(account.token)
        token.chmod(0o600)
        self.accounts.append(
            f"{{id: {ACCOUNT}, type: mastodon, server: {json.dumps(server or account.server)}, "
            f"handle: {json.dumps(account.handle)}, private: yes, token_file: token}}"
        )

    def listens_to_account(self, *, streaming: bool = False, every: int = 0) -> None:
        """Watch the account's notifications."""
        self._listen(
            f"id: {SOCIAL}, type: mastodon, account: {ACCOUNT}, notifications: yes, "
            f"streaming: {'yes' if streaming else 'no'}",
            every,
        )

    def listens_to_feed(self, source_id: str, url: str) -> None:
        """Watch a feed."""
        self._listen(f"id: {source_id}, type: feed, url: {json.dumps(url)}, private: yes")

    def listens_to(self, source_id: str, settings: str, every: int = 0) -> None:
        """Watch a source of any type; `settings` are its keys, as the configuration has them."""
        self._listen(f"id: {source_id}, {settings}", every)

    def _listen(self, settings: str, every: int = 0) -> None:
        self.sources.append(f"{{{settings}, every: {every or self.period}s}}")

    def configure(self) -> None:
        """Write crisisroom.yaml; a room that is new takes it by itself."""
        lines = ["schema: 1", 'room: {address: room.db, name: "Acme", zone: UTC}']
        lines += ['brand: {name: "Acme"}']
        for section, things in (("accounts", self.accounts), ("sources", self.sources)):
            lines += [f"{section}:", *(f"  - {one}" for one in things)] if things else []
        (self.folder / "crisisroom.yaml").write_text("\n".join(lines) + "\n")

    def command(self, *argv: str) -> list[str]:
        """The command line of a verb, which finds its configuration from any folder."""
        return [*CRISISROOM, "--config", str(self.folder / "crisisroom.yaml"), *argv]

    def run(self, *argv: str, codes: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end; ServerError unless it ends with one of these codes."""
        done = subprocess.run(
            self.command(*argv),
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=VERB_SECONDS,
            check=False,
        )
        if done.returncode not in codes:
            said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            raise ServerError(f"{' '.join(argv)} ended with {done.returncode}:\n{said}")
        return done

    def json(self, *argv: str, codes: Sequence[int] = (0,)) -> Any:
        """Run a verb with --json and return its document."""
        return json.loads(self.run("--json", *argv, codes=codes).stdout)

    def mentions(self, text: str = "") -> list[Json]:
        """The room's mentions whose text holds these words, oldest first."""
        known: list[Json] = self.json("mentions", "--everything")
        found = [one for one in known if text in one["text"]]
        return sorted(found, key=lambda one: int(one["id"].removeprefix("M-")))

    def wait_for(self, text: str, seconds: float = 60.0) -> Json:
        """Wait until a mention with these words is in the room."""
        return wait_until(lambda: self.mentions(text), f"a mention with {text!r}", seconds)[0]

    def source(self, source_id: str) -> Json:
        """A source as `status` shows it."""
        sources: list[Json] = self.json("status")["sources"]
        return next(one for one in sources if one["id"] == source_id)

    def reply(self, words_id: str, inc: str = "INC-1") -> Json:
        """A reply as `reply show` has it."""
        found: Json = self.json("reply", "show", inc, words_id)
        return found

    def _own_playbook(self) -> None:
        """Put the playbook into the room's folder, without its limit on replies to one author."""
        shipped = Path(__file__).parents[2] / "playbooks" / f"{PLAYBOOK}.yaml"
        text, limit = shipped.read_text(encoding="utf-8"), "  max_public_replies: 2\n"
        assert limit in text
        own = self.folder / "playbooks" / shipped.name
        own.parent.mkdir(exist_ok=True)
        own.write_text(text.replace(limit, ""), encoding="utf-8")

    def open_incident(self) -> None:
        """Approve the playbook's words, declare INC-1 and say what is known."""
        self._own_playbook()
        self.run("playbook", "approve", PLAYBOOK)
        self.run("declare", "App down", "--playbook", PLAYBOOK, "--severity", "sev2")
        self.run("fact", "set", "INC-1", "what", "nobody can log in")

    def draft(self, text: str) -> str:
        """Draft a reply of approved words to the mention that holds this text; returns its id."""
        drafted: Json = self.json("reply", "draft", "INC-1", self.wait_for(text)["id"])
        assert drafted["uses"], "no approved words stand in the draft"
        return str(drafted["id"])

    def wait_reply(self, words_id: str, *states: str, seconds: float = 150.0) -> Json:
        """Wait until a reply is in one of these states."""

        def settled() -> Json | None:
            found = self.reply(words_id)
            return found if found["state"] in states else None

        return wait_until(settled, f"{words_id} to be {' or '.join(states)}", seconds)

    def timeline(self, inc: str = "INC-1") -> list[Json]:
        """The incident's entries."""
        entries: list[Json] = self.json("timeline", inc)
        return entries

    @property
    def script(self) -> str:
        """An executable `crisisroom` for this room, as one would put on a server's path."""
        file = self.folder / "crisisroom"
        settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in self.env.items())
        command = shlex.join(self.command())
        file.write_text(f'#!/bin/sh\nexec env {settings} {command} "$@"\n')
        file.chmod(0o755)
        return str(file)

    def screens(self) -> list[int]:
        """The pids of this room's open screens."""
        return [pid for pid, argv in _processes() if argv[-1:] == ["open"] and self._is_ours(argv)]

    def _is_ours(self, argv: Sequence[str]) -> bool:
        return argv[1:3] == ["-m", "crisisroom"] and any(str(self.folder) in one for one in argv)

    def start(self, *argv: str) -> subprocess.Popen[bytes]:
        """Start a verb and return at once; its output goes to `verbs.log`."""
        with (self.folder / "verbs.log").open("ab") as out:
            return subprocess.Popen(
                self.command(*argv),
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @contextmanager
    def watching(self) -> Iterator[Daemon]:
        """A running `crisisroom watch`; may be killed and started again inside."""
        watcher = Daemon(self.command("watch"), self.folder / "watch.log", env=self.env)
        watcher.start()
        try:
            self.wait_watched()
            yield watcher
        finally:
            watcher.stop()

    def wait_watched(self) -> int:
        """Wait until a living watcher holds the room; returns its pid."""

        def pid() -> int | None:
            with contextlib.suppress(ServerError):  # the room may not be there yet
                watcher = self.json("status")["watcher"]
                return int(watcher["pid"]) if watcher else None
            return None

        return wait_until(pid, f"a watcher; its log:\n{self.watch_log()}", 30)

    def answers_to(self, mention: Json, account: Account) -> list[Json]:
        """The brand's posts in a mention's thread, as the brand's own server has it."""
        thread = account.replies(mention["external_id"])
        return [one for one in thread if one["account"]["id"] == account.id]

    def watch_log(self) -> str:
        """What the watcher printed."""
        log = self.folder / "watch.log"
        return log.read_text() if log.exists() else "(no log)"


def _processes() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):  # it has just ended
                argv = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                yield int(entry.name), [one for one in argv if one]
