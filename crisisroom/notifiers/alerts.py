"""An Alertmanager, told by its own interface (version 2), and asked who silenced what."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from crisisroom.config.notifying import Alerts
from crisisroom.config.token import places, secret_of
from crisisroom.notifiers.messages import NotDelivered
from crisisroom.text import clean_line
from crisisroom.wire.answer import Bearer, FetchError

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher, Options

_API = "/api/v2"
_OURS = 'service="crisisroom"'
_DEADLINE = 15.0  # seconds
_CAP = 4 << 20  # bytes of an answer
_NAME = 80  # characters of who silenced something


class _Status(msgspec.Struct, frozen=True, rename="camel"):
    silenced_by: tuple[str, ...] = ()


class _Alert(msgspec.Struct, frozen=True):
    labels: dict[str, str]
    status: _Status = _Status()


class _Silence(msgspec.Struct, frozen=True, rename="camel"):
    created_by: str = ""


class Silenced(msgspec.Struct, frozen=True):
    """An alert of ours that somebody silenced: its name, what it is about, and who did."""

    name: str
    about: str
    by: str


class Alertmanager:
    """One server of the settings."""

    def __init__(self, alerts: Alerts, fetch: Fetcher, env: Mapping[str, str] = os.environ) -> None:
        self._alerts = alerts
        self._fetch = fetch
        self._env = env

    async def post(self, alerts: Sequence[dict[str, Any]]) -> None:
        """Tell it of alerts, which may be repeated as often as one likes; NotDelivered."""
        try:
            await self._fetch.post(self._url("/alerts"), json=alerts, **await self._options())
        except FetchError as error:
            raise NotDelivered(f"the Alertmanager: {error.message}") from None

    async def silenced(self, room: str) -> list[Silenced]:
        """Return the alerts of this room that are silenced, and who silenced them; NotDelivered."""
        path = f"/alerts?active=true&silenced=true&filter={quote(_OURS)}"
        try:
            found = msgspec.json.decode(await self._get(path), type=list[_Alert])
            return [
                Silenced(
                    name=one.labels.get("alertname", ""),
                    about=one.labels.get("id", ""),
                    by=await self._who(one.status.silenced_by[0]),
                )
                for one in found
                if one.status.silenced_by and one.labels.get("room", "") == room
            ]
        except FetchError as error:
            raise NotDelivered(f"the Alertmanager: {error.message}") from None
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise NotDelivered("the Alertmanager gives an answer nobody can read") from None

    async def _who(self, silence: str) -> str:
        answer = await self._get(f"/silence/{quote(silence, safe='')}")
        by = msgspec.json.decode(answer, type=_Silence).created_by
        return clean_line(by, limit=_NAME) or "somebody"

    async def _get(self, path: str) -> bytes:
        return (await self._fetch.get(self._url(path), **await self._options())).body

    def _url(self, path: str) -> str:
        return f"{self._alerts.server.rstrip('/')}{_API}{path}"

    async def _options(self) -> Options:
        token = await secret_of(self._alerts, self._env) if places(self._alerts) else ""
        return {
            "auth": Bearer(token) if token else None,
            "private": self._alerts.private,
            "ca_file": self._alerts.ca_file,
            "deadline": _DEADLINE,
            "wire_cap": _CAP,
            "decoded_cap": _CAP,
        }
