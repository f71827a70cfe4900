"""What crisisroom.yaml says, as typed values."""

from __future__ import annotations

from typing import Literal

import msgspec

from crisisroom.config.kinds import (
    Address,
    ClockTime,
    DayTime,
    ExistingZone,
    FilePath,
    Hashtag,
    Server,
    Turn,
    Url,
    Variable,
)
from crisisroom.core.kinds import Day, Duration, Id, Language, Ref, Schema


class RoomSettings(msgspec.Struct, frozen=True):
    """Where the room is (a file or postgresql://…), its name, time zone and language."""

    address: Address = ""
    name: str = ""
    zone: ExistingZone = "UTC"
    language: Language = "en"


class Brand(msgspec.Struct, frozen=True):
    """Who we are, the other names people use for us, and the accounts that are ours."""

    name: str = ""
    names: tuple[str, ...] = ()
    accounts: tuple[Id, ...] = ()


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One of our presences on a network; the token stays in the environment or in a file."""

    id: Id
    type: Literal["mastodon"]
    server: Server
    handle: str = ""
    owner: Ref = ""
    backup: Ref = ""
    private: bool = False  # the server may have a private address
    ca_file: FilePath = ""
    token_env: Variable = ""
    token_file: FilePath = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where mentions come from, asked once in `every` seconds."""

    id: Id
    type: Literal["feed", "mastodon", "jsonl", "demo"]
    url: Url = ""
    path: FilePath = ""
    account: Ref = ""
    every: Duration = 60
    hashtags: tuple[Hashtag, ...] = ()
    keywords: tuple[str, ...] = ()
    home: bool = False
    notifications: bool = False
    streaming: bool = False
    private: bool = False
    ca_file: FilePath = ""


class Member(msgspec.Struct, frozen=True):
    """A person of the team, and the roles they may take."""

    id: Id
    name: str
    roles: tuple[Id, ...] = ()


class Swap(msgspec.Struct, frozen=True):
    """Somebody else on duty for a while, in the rota's time zone; a bare day is its hand-over."""

    person: Id
    start: DayTime
    end: DayTime


class OnCall(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on duty: people in turn, or a calendar file; `role` is the part they take.

    `start` is the day of the first hand-over, `every` how many seconds a turn lasts.
    """

    role: Ref = "lead"
    people: tuple[Id, ...] = ()
    start: Day = ""
    every: Turn = 7 * 86400
    handover: ClockTime = "09:00"
    zone: ExistingZone = ""  # empty: the room's
    swaps: tuple[Swap, ...] = ()
    ical: FilePath = ""


DRILL = "drill:"  # how the name of a drill's room begins


class RoomConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs to the room, the same on every machine; no tokens, only where they are."""

    schema: Schema = 1
    name: str = ""
    zone: str = "UTC"
    language: str = "en"
    brand: Brand = Brand()
    accounts: tuple[Account, ...] = ()
    sources: tuple[Source, ...] = ()
    team: tuple[Member, ...] = ()
    oncall: OnCall | None = None

    @property
    def rehearses(self) -> bool:
        """Whether this is a drill's room: everything declared in it is a drill."""
        return self.name.startswith(DRILL)


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """A whole crisisroom.yaml; relative paths in it are taken from the file's own directory."""

    schema: Schema
    room: RoomSettings = RoomSettings()
    brand: Brand = Brand()
    accounts: tuple[Account, ...] = ()
    sources: tuple[Source, ...] = ()
    team: tuple[Member, ...] = ()
    oncall: OnCall | None = None
    playbooks: FilePath = "playbooks"
    keys: dict[str, str] = {}  # a person's taste: the id of an act, and the key it gets
