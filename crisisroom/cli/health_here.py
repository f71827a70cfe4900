"""Examining this machine: time zone, tmux, packages."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from importlib.util import find_spec

from crisisroom.cli.health import Finding, Patient
from crisisroom.config.terms import terms_of
from crisisroom.core.terms import zone_of
from crisisroom.zones import known

_TMUX_SECONDS = 2.0
_MANY = 50  # terms
_ESCAPE = 50  # milliseconds that tmux may hold an escape key back
# option -> what it should be, and what is lost otherwise
_TMUX: Mapping[str, tuple[str, str]] = {
    "allow-passthrough": ("on", "notices of the room do not reach your own terminal"),
    "set-clipboard": ("on", "what you copy stays inside tmux"),
    "focus-events": ("on", "the room cannot tell that you look elsewhere"),
}


async def zone(patient: Patient) -> AsyncIterator[Finding]:
    """Find the team's time zone, and what time it is there."""
    name = patient.config.zone
    if not known(name):
        hint = "write room: zone: like Europe/Berlin, or install tzdata"
        yield Finding("fail", "zone", "time zone", f"this machine knows no zone {name}", hint)
        return
    there = patient.context.clock.now().astimezone(zone_of(name))
    yield Finding("ok", "zone", "time zone", f"{name}, where it is {there:%a %H:%M}")


async def tmux(_: Patient) -> AsyncIterator[Finding]:
    """Find settings of tmux that are in the way; nothing where there is no tmux around."""
    if not os.environ.get("TMUX") or shutil.which("tmux") is None:
        return
    slow = await _tmux_option("escape-time", "-sv")
    if slow.isdecimal() and int(slow) > _ESCAPE:
        why = f"escape-time is {slow} ms: esc and alt keys come late"
        yield Finding("warn", "tmux", "tmux", why, "set -sg escape-time 10 in ~/.tmux.conf")
    for option, (wanted, lost) in _TMUX.items():
        value = await _tmux_option(option, "-gv")
        if value == "off":
            hint = f"set -g {option} {wanted} in ~/.tmux.conf"
            yield Finding("warn", "tmux", "tmux", f"{option} is off: {lost}", hint)


async def _tmux_option(option: str, scope: str) -> str:
    """Return an option's value, nothing where tmux does not say."""
    process = await asyncio.create_subprocess_exec(
        *("tmux", "show-options", scope, option),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_TMUX_SECONDS):
            out, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return ""
    return out.decode("utf-8", "replace").strip()


async def extras(patient: Patient) -> AsyncIterator[Finding]:
    """Find packages that the configuration asks for, or many terms do, and that are missing."""
    oncall = patient.config.oncall
    if oncall is not None and oncall.ical and find_spec("icalendar") is None:
        hint = "pip install 'crisisroom[oncall]'"
        yield Finding("fail", "extra", "oncall", "the rota is a calendar's file", hint)
    if find_spec("ahocorasick_rs") is None and len(terms_of(patient.config)) > _MANY:
        why = "many watched words are looked for one by one"
        yield Finding("warn", "extra", "watched words", why, "pip install ahocorasick_rs")
