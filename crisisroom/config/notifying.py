"""How people are told of what happens: each person's own rules, and the room's."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

from crisisroom.config.keyed import Keyed
from crisisroom.config.kinds import FilePath, Server
from crisisroom.core.kinds import Few, Id, Rule, Span
from crisisroom.core.notify_hours import quiet_flaw, weekly_flaw

_TOPIC = re.compile(r"[-_A-Za-z0-9]{16,64}")


def topic_flaw(text: str) -> str:
    """Say what keeps a text from being a topic that nobody guesses."""
    if not text or _TOPIC.fullmatch(text):
        return ""
    return "a topic for answers has 16 to 64 letters and digits, which nobody can guess"


Quiet = Annotated[str, Rule(most=11, flaw=quiet_flaw)]
Weekly = Annotated[str, Rule(most=9, flaw=weekly_flaw)]
Topic = Annotated[str, Rule(most=64, flaw=topic_flaw)]
Way = Annotated[str, Rule(most=40)]
Patience = Annotated[int, Span(least=15)]
Often = Annotated[int, Span(least=15)]


class Notify(msgspec.Struct, frozen=True, kw_only=True):
    """What one person wants: by which kinds of reach, in which order, and when to be left alone.

    Without `important` all their ways are tried in their own order; without `other` the first of
    them alone. What is important breaks through the quiet hours, the rest waits for their end.
    """

    important: tuple[Way, ...] = ()
    other: tuple[Way, ...] = ()
    quiet: Quiet = ""  # 22:00-07:00, in their own time zone
    off: bool = False  # tell them nothing: the next person is told at once


class Deadman(Keyed, frozen=True, kw_only=True):
    """A place outside that expects to be called, and raises the alarm when nobody does.

    Its address is the secret; it is called only while the watcher really works.
    """

    every: Often = 60
    private: bool = False
    ca_file: FilePath = ""


class Alerts(Keyed, frozen=True, kw_only=True):
    """An Alertmanager that is told of open incidents, stale sources and broken ways to people.

    With `watchdog` one alert always fires: it ends by itself once the watcher is dead.
    """

    server: Server = ""
    watchdog: bool = True
    private: bool = False
    ca_file: FilePath = ""


class Notifying(msgspec.Struct, frozen=True, kw_only=True):
    """How the room tells people; without messengers nobody is told but on the screen.

    `again` is how long an important one waits for an answer before the next way, and then the next
    person, is tried; `rounds` how often all of that is gone through. `test` is when the weekly
    test page goes out, in each one's own zone: `mon 10:00`.
    """

    off: bool = False
    again: Patience = 300
    rounds: Few = 3
    words: Literal["short", "full"] = "short"  # full: also the incident's title, on lock screens
    backup: tuple[Id, ...] = ()  # who is told next, before whoever is on duty or leads
    test: Weekly = ""
    test_within: Patience = 7200
    deadman: Deadman | None = None
    alerts: Alerts | None = None


class Notices(msgspec.Struct, frozen=True, kw_only=True):
    """How this machine's screen calls a person: the bell, the terminal's own notice, the desktop.

    `osc` is the sequence their terminal knows: `9` (iTerm2, Windows Terminal, WezTerm), `777`
    (foot, Ghostty, urxvt), `99` (kitty); `auto` asks what the terminal is called.
    """

    bell: bool = True
    osc: Literal["auto", "9", "777", "99", "off"] = "auto"
    desktop: bool = True
