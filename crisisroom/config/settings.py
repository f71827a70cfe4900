"""What crisisroom.yaml says, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from crisisroom.config.anchors import Place
from crisisroom.config.evidence import Keep
from crisisroom.config.keyed import Keyed
from crisisroom.config.kinds import (
    Address,
    Age,
    ClockTime,
    Country,
    DayTime,
    ExistingZone,
    Factor,
    FilePath,
    Hashtag,
    HostPort,
    Listen,
    Sayable,
    Server,
    SourceKind,
    Turn,
    Url,
    Variable,
)
from crisisroom.config.notifying import Notices, Notifying, Topic
from crisisroom.config.team import Member
from crisisroom.core.kinds import Day, Duration, Few, Id, Language, Ref, Schema


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


AccountType = Literal[
    "mastodon",
    "bluesky",
    "wordpress",
    "mail",
    "x",
    "reddit",
    "matrix",
    "slack",
    "webhook",
    "youtube",
    "stackexchange",
]
Audience = Literal["public", "inside", "written"]
_SENDS: Mapping[str, Audience] = {
    "mastodon": "public",
    "bluesky": "public",
    "wordpress": "public",
    "x": "public",
    "reddit": "public",
    "mail": "written",
    "matrix": "inside",
    "slack": "inside",
    "webhook": "inside",
}


class Account(Keyed, frozen=True, kw_only=True):
    """One of our presences on a network.

    `server` is an address, `host` the mailbox's host and port and `smtp` that of the mail server
    which sends; `handle` is the name that logs in. `to` is where words go that answer nobody: a
    Matrix room, a Slack channel's id, lists' mail addresses, a subreddit, a webhook's path.
    `sender` is the address mail comes from, `app` an application's id where a network asks for one.
    """

    id: Id
    type: AccountType
    server: Server = ""
    host: HostPort = ""
    smtp: HostPort = ""
    handle: str = ""
    sender: str = ""
    to: str = ""
    audience: Ref = ""  # whom `to` reaches: employees, media; their words alone go there
    app: str = ""
    owner: Ref = ""
    backup: Ref = ""
    private: bool = False  # the server may have a private address
    ca_file: FilePath = ""

    @property
    def sends(self) -> bool:
        """Whether words go out on it; the others are listened to, and answered by hand."""
        return self.type in _SENDS and (self.type != "mail" or bool(self.smtp))

    @property
    def read_by(self) -> Audience:
        """Who reads what goes out here: everybody, only us, or those it is written to."""
        return _SENDS.get(self.type, "public")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where mentions come from, asked once in `every` seconds.

    Which keys go with which type says `config.source_types`; `options` are for a type that
    another package brings.
    """

    id: Id
    type: Id
    url: Url = ""
    path: FilePath = ""
    account: Ref = ""
    every: Duration = 60
    hashtags: tuple[Hashtag, ...] = ()
    keywords: tuple[str, ...] = ()  # keep only what says one of these
    terms: tuple[Id, ...] = ()  # watched terms to search for; empty: all that are ours
    search: bool = False  # search the network for the watched terms
    home: bool = False
    notifications: bool = False
    replies: bool = False
    streaming: bool = False
    kind: SourceKind = ""  # what its entries are, where the type leaves it open
    server: Server = ""
    app: str = ""  # an app's number in its store
    country: Country = ""
    channel: str = ""  # a video channel's id
    subreddits: tuple[Hashtag, ...] = ()
    site: str = ""  # of Stack Exchange: stackoverflow
    tagged: tuple[str, ...] = ()
    folder: str = ""  # of a mailbox
    listen: Listen = ""  # 127.0.0.1:8800, or the path of a UNIX socket
    secret_env: Variable = ""  # what a webhook's caller has to say
    private: bool = False
    ca_file: FilePath = ""
    options: dict[str, str] = {}


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """What to listen for, in the one query language of `core.watchquery`.

    Industry and competitor terms stay apart: they are counted, and never warn.
    """

    id: Id
    say: Sayable
    kind: Literal["brand", "product", "person", "industry", "competitor"] = "brand"
    title: str = ""
    languages: tuple[Language, ...] = ()  # empty: every language

    @property
    def ours(self) -> bool:
        """Whether it is about us."""
        return self.kind not in ("industry", "competitor")


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Something that will make people talk, as local times of the room: a launch, a match."""

    title: str
    start: DayTime
    end: DayTime
    terms: tuple[Id, ...] = ()  # empty: all
    say: Sayable = ""  # its own story; what does not fit it warns as always


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A watch with terms, dates, an owner and, at its end, a result."""

    id: Id
    title: str
    terms: tuple[Id, ...]
    start: Day
    end: Day
    owner: Ref = ""
    goal: str = ""


class Warn(msgspec.Struct, frozen=True, kw_only=True):
    """How the early warning is set: its bar, the people it needs, how long it stays quiet."""

    threshold: Factor = "4.36"
    people: Few = 3  # fewer different authors never warn, unless a risk term is said
    quiet: Duration = 86_400
    risk: tuple[str, ...] = ()  # risk terms beside those of the playbooks
    off: bool = False

    @property
    def bar(self) -> float:
        """How many standard deviations above the usual warn."""
        return float(self.threshold)


class Swap(msgspec.Struct, frozen=True):
    """Somebody else on duty for a while, in the rota's time zone; a bare day is its hand-over."""

    person: Id
    start: DayTime
    end: DayTime


PauseKind = Literal[
    "account",
    "scheduled",
    "ads",
    "newsletter",
    "push",
    "chatbot",
    "influencer",
    "agency",
    "other",
]


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """Something that speaks for us by itself and has to be quiet in a crisis.

    `hook` names an executable in `hooks` beside the host's own settings: it is called with `pause`
    or `resume` and this id.
    """

    id: Id
    title: str
    kind: PauseKind = "other"
    owner: Ref = ""
    backup: Ref = ""
    hook: Ref = ""
    detail: str = ""  # how it is done by hand


class Messenger(Keyed, frozen=True, kw_only=True):
    """A way to reach people who have no terminal: it serves the kinds of reach named in `by`.

    `mail` and `matrix` go out on an account, `ntfy` through a server, `webhook` as a signed call
    of a server, `apprise` through an address in which `{to}` stands for the contact's own; that
    address is the secret.
    """

    id: Id
    type: Literal["mail", "ntfy", "apprise", "matrix", "webhook"]
    by: tuple[str, ...] = ()  # of a contact's reach: email, ntfy, sms; empty: the type's own
    account: Ref = ""
    server: Server = ""
    replies: Topic = ""  # of ntfy: the topic that answers a page by a button
    private: bool = False
    ca_file: FilePath = ""


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How long what strangers wrote stays, as `90d` or `3y`; nothing is deleted by itself.

    `mentions` is for posts that no incident cites, `incidents` for what a resolved incident tells
    of people outside; empty: for ever.
    """

    mentions: Age = ""
    incidents: Age = ""


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
    terms: tuple[Term, ...] = ()
    exclude: tuple[Sayable, ...] = ()  # what says one of these is not about us
    expected: tuple[Expected, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    warn: Warn = Warn()
    pauses: tuple[Pause, ...] = ()
    messengers: tuple[Messenger, ...] = ()
    notifying: Notifying = Notifying()
    retention: Retention = Retention()
    evidence: Keep = Keep()
    anchors: tuple[Place, ...] = ()

    @property
    def ways_out(self) -> tuple[Account, ...]:
        """Return the accounts on which words go out."""
        return tuple(account for account in self.accounts if account.sends)

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
    terms: tuple[Term, ...] = ()
    exclude: tuple[Sayable, ...] = ()
    expected: tuple[Expected, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    warn: Warn = Warn()
    pauses: tuple[Pause, ...] = ()
    messengers: tuple[Messenger, ...] = ()
    notifying: Notifying = Notifying()
    retention: Retention = Retention()
    evidence: Keep = Keep()
    anchors: tuple[Place, ...] = ()
    playbooks: FilePath = "playbooks"
    notices: Notices = Notices()  # a person's taste, on this machine
    keys: dict[str, str] = {}  # a person's taste: the id of an act, and the key it gets
    look: Literal["auto", "dark", "light", "contrast", "contrast-dark", "contrast-light"] = "auto"
