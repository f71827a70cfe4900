"""Messages through any of the services that apprise knows: text messages, chats, pagers.

Its address holds the service's secret, and the library logs what it sends. So it runs in a process
of its own, which is told both on stdin and says nothing but how it ended.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import msgspec

from crisisroom.config.settings import Messenger
from crisisroom.config.token import secret_of
from crisisroom.core.errors import Refused
from crisisroom.notifiers.messages import InDoubt, Message, NotDelivered

SECONDS = 60.0
PLACE = "{to}"
_HELPER = Path(__file__).with_name("_apprise_helper.py")
_PHONE = re.compile(r"\+?[0-9]{4,20}")
_GROUPED = str.maketrans("", "", " -/().")
_NAME = re.compile(r"[A-Za-z0-9@+_.=:#-]{1,200}")
_KEPT = ("HOME", "LANG", "PATH", "HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")


class Service:
    """One service by its address, in which `{to}` stands for the contact's own."""

    def __init__(self, messenger: Messenger, env: Mapping[str, str]) -> None:
        self.id = messenger.id
        self._messenger = messenger
        self._env = env

    async def carry(self, to: str, message: Message) -> None:
        """Hand the message to the service; NotDelivered, InDoubt, or Refused for the settings."""
        if find_spec("apprise") is None:
            raise self._missing()
        person = reached(to)
        address = await secret_of(self._messenger, self._env)
        if PLACE not in address:
            why = f"the address of the messenger {self.id} has no {PLACE}: whom would it reach?"
            raise Refused("messenger", why, f"write {PLACE} where the contact's number belongs")
        told = {
            "address": address.replace(PLACE, quote(person, safe="")),
            "title": message.title,
            "body": message.text,
        }
        self._judge(await _asked(msgspec.json.encode(told), self._env))

    def _judge(self, answer: bytes) -> None:
        if answer == b"sent":
            return
        if answer == b"missing":
            raise self._missing()
        if answer == b"address":
            hint = f"check what token_* of the messenger {self.id} holds, by apprise's own list"
            raise NotDelivered("apprise knows no such service", hint)
        if answer == b"refused":
            hint = "try again, or another way; a code that arrives all the same is not good"
            raise NotDelivered(f"the service of {self.id} did not take the message", hint)
        raise InDoubt(f"nobody knows whether the service of {self.id} took the message")

    def _missing(self) -> Refused:
        why = f"the messenger {self.id} needs the package apprise"
        return Refused("extra", why, "pip install 'crisisroom[apprise]'")


def reached(to: str) -> str:
    """Return a contact's number without its grouping, or their name on a service.

    Refused for anything that could be more than that.
    """
    number = to.strip().translate(_GROUPED)
    if _PHONE.fullmatch(number):
        return number
    if _NAME.fullmatch(to):
        return to
    message = "this contact's number or name is none that could be put into an address"
    raise Refused("reach", message, "write it like +49 30 1234567, or as one word")


async def _asked(told: bytes, env: Mapping[str, str]) -> bytes:
    """Return what the helper answers within SECONDS, nothing where it does not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-E", "-P", str(_HELPER),
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd="/", start_new_session=True,
        env={name: env[name] for name in _KEPT if name in env},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await process.communicate(told)
        return answer.strip()
    except TimeoutError:
        return b""
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
