"""A team that real servers reach: a room whose people have a phone, a chat room and a mailbox."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, TypeVar

import httpx
import pytest

from crisisroom.cli.context import read_config, room_config
from crisisroom.cli.notifying import noticed_json
from crisisroom.clock import Clock, SystemClock
from crisisroom.library import load
from crisisroom.room import Actor, Room, lifecycle, notifying_looking, reading
from crisisroom.room.settings import apply_config
from real.program import Json, Program
from real.servers.base import wait_until
from real.servers.mail import MailServer
from real.servers.ntfy import Ntfy
from real.servers.synapse import Synapse

T = TypeVar("T")

ME = pwd.getpwuid(os.geteuid()).pw_name
TOPIC = "crisis-bo"
TITLE = "Kettles"
REPLIES = "crisis-answers-4f1c0a77b2"
PLAN = """\
schema: 1
id: kettle
title: A kettle overheats
version: 1
severities:
  - {id: sev1, label: Grave}
facts:
  - {id: cause, label: Cause}
roles:
  - {id: lead, title: Lead}
contacts:
  - {id: bo, name: "Bo", roles: [lead], reach: [{by: phone, to: "+49 30 1234"}]}
phases:
  - {id: first, title: First hour, tasks: [{id: pause, title: Pause posts, role: lead}]}
escalations:
  - {id: call-lead, title: Call the lead, steps: [{call: [bo], wait: 10m}]}
"""


class Skipping(SystemClock):
    """The machine's time, but for what a test would only wait for."""

    def __init__(self) -> None:
        self._waited = self._ahead = 0.0

    def now(self) -> datetime:
        """The machine's time, and what it was put ahead."""
        return super().now() + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """The seconds that went by, or were left out."""
        return super().monotonic() + self._waited

    def skip(self, seconds: float, *, ahead: bool = True) -> None:
        """Leave some seconds out; `ahead` says whether the time of day goes with them."""
        self._waited += seconds
        self._ahead += seconds if ahead else 0


class Team:
    """A room of whoever runs the tests, of bo who is on duty, and of cy who comes after."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.reach: list[str] = []
        self.duty = ["bo", "cy"]
        self.mine: list[str] = []  # how whoever runs the tests is reached
        self.messengers: list[str] = []
        self.more: list[str] = []

    def secret(self, name: str, value: str) -> str:
        """Keep a secret in the environment; returns the variable's name."""
        self.program.variables[name] = value
        return name

    def phone(self, ntfy: Ntfy) -> None:
        """Give them a phone, on which a button answers."""
        self.reach.append(f"{{by: ntfy, to: {TOPIC}}}")
        self.messengers.append(
            f"{{id: pings, type: ntfy, server: {ntfy.url!r}, private: yes, replies: {REPLIES},"
            f" token_env: {self.secret('NTFY_TOKEN', ntfy.token)}}}"
        )

    def chat(self, synapse: Synapse, room: str) -> None:
        """Give them a room of Matrix."""
        token = self.secret("MATRIX_TOKEN", synapse.tokens["crisis"])
        self.program.accounts.append(
            f"{{id: crew, type: matrix, server: {synapse.url!r}, to: {room!r}, private: yes,"
            f" token_env: {token}}}"
        )
        self.reach.append(f"{{by: matrix, to: {json.dumps(room)}}}")
        self.messengers.append("{id: chat, type: matrix, account: crew}")

    def mailbox(self, mail: MailServer) -> None:
        """Give them a mailbox."""
        host, smtp = json.dumps(mail.host), f"127.0.0.1:{mail._smtp_port}"
        self.program.accounts.append(
            f"{{id: help, type: mail, host: {host}, smtp: {smtp!r}, handle: {mail.user!r},"
            f" private: yes, token_env: {self.secret('MAIL_PASSWORD', mail.password)}}}"
        )
        self.reach.append(f"{{by: email, to: {mail.user}}}")
        self.messengers.append("{id: letters, type: mail, account: help}")

    def notifying(self, **keys: str) -> None:
        """Say how the room tells people."""
        self.more += ["notifying:", *(f"  {key}: {value}" for key, value in keys.items())]

    def configure(self) -> None:
        """Write the playbook and crisisroom.yaml."""
        (self.program.folder / "playbooks").mkdir(exist_ok=True)
        (self.program.folder / "playbooks" / "kettle.yaml").write_text(PLAN)
        self.program.configure()
        team = [
            f'  - {{id: {ME}, name: "Me", roles: [lead], reach: [{", ".join(self.mine)}]}}',
            f'  - {{id: bo, name: "Bo", roles: [lead], reach: [{", ".join(self.reach)}]}}',
            '  - {id: cy, name: "Cy", roles: [lead], reach: [{by: email, to: cy@acme.test}]}',
        ]
        lines = ["team:", *team, "messengers:", *(f"  - {one}" for one in self.messengers)]
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 2 * 86400))
        duty = [f"oncall: {{people: [{', '.join(self.duty)}], start: {day}, every: 7d}}"]
        with (self.program.folder / "crisisroom.yaml").open("a") as file:
            file.write("\n".join([*lines, *duty, *self.more]) + "\n")
        config = room_config(read_config(self.program.folder / "crisisroom.yaml"))
        self.inside(lambda room: apply_config(room, config, "crisisroom.yaml"))

    def declare(self, who: str = ME) -> None:
        """Have somebody declare a grave incident."""
        plan, problems = load("kettle", (self.program.folder / "playbooks",))
        assert plan is not None, problems
        self.inside(
            lambda room: lifecycle.declare(room, TITLE, playbook=plan, severity="sev1"), who=who
        )

    @contextmanager
    def watched(self) -> Iterator[subprocess.Popen[bytes]]:
        """Have a watcher work for a while."""
        watcher = self.program.start("watch")
        try:
            yield watcher
        finally:
            watcher.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                watcher.wait(20)
            watcher.kill()
            watcher.wait()

    def pages(self, person: str = "") -> list[Json]:
        """What people were told, oldest first."""

        async def work(room: Room) -> list[Json]:
            found = await notifying_looking.noticed(room, person)
            return [noticed_json(one) for one in reversed(found)]

        return self.inside(work)

    def inside(
        self, work: Callable[[Room], Awaitable[T]], clock: Clock | None = None, who: str = ME
    ) -> T:
        """Work in the room without the seconds that a process takes to begin."""

        async def opened() -> T:
            address, time = str(self.program.room), clock or SystemClock()
            async with await Room.open(address, actor=Actor(who), clock=time) as room:
                return await work(room)

        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.program.env.items():
                patch.setenv(name, value)
            return asyncio.run(opened())

    def wait_page(self, page_id: str, state: str, seconds: float = 40.0) -> Json:
        """Wait until a page is in a state."""

        def there() -> Json | None:
            return next(
                (one for one in self.pages() if (one["id"], one["state"]) == (page_id, state)),
                None,
            )

        return wait_until(there, f"{page_id} to be {state}", seconds)

    def kinds(self) -> list[str]:
        """The kinds of the incident's entries about telling people."""
        entries = self.inside(lambda room: reading.timeline(room, "INC-1"))
        return [one.kind for one in entries if one.kind.startswith("page.")]


def letters(mail: MailServer) -> list[EmailMessage]:
    """The pages that came by mail."""
    found = []
    for file in sorted((mail.state / "help" / "Maildir" / "new").iterdir()):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if str(message["Subject"]).startswith("crisisroom: "):
            found.append(message)
    return found


def press(ntfy: Ntfy, message: dict[str, Any]) -> None:
    """Press the button of a page, as the phone does it."""
    (button,) = message["actions"]
    assert (button["action"], button["label"]) == ("http", "Acknowledge")
    headers = {"Authorization": f"Bearer {ntfy.token}"}
    answer = httpx.request(
        button["method"], button["url"], content=button["body"], headers=headers, timeout=10
    )
    assert answer.is_success
