"""Where an export goes on this machine, and how it comes from there to one's own."""

from __future__ import annotations

import os
import pwd
import shlex
import socket
from collections.abc import Mapping
from pathlib import Path

from crisisroom.core.incident import Incident
from crisisroom.room import Room
from crisisroom.room.papers import ALL, Order, folder_name
from crisisroom.tui.papers.wish import Told

_SSH = 22


def usual_folder(room: Room, state: Incident, order: Order) -> Path:
    """Return a new folder where one works, else at home; a drill's beside its own room."""
    name = folder_name(state.id, state.seq, order.profile)
    if state.drill:
        return room.store.here.absolute().parent / name
    here = Path.cwd()
    return (here if os.access(here, os.W_OK) else Path.home()) / name


def host(environ: Mapping[str, str] = os.environ) -> tuple[str, int]:
    """Return whom one is on this machine, as `user@address`, and the port that one came in by."""
    user = pwd.getpwuid(os.getuid()).pw_name
    parts = environ.get("SSH_CONNECTION", "").split()
    if len(parts) == 4 and parts[3].isdecimal():
        address = f"[{parts[2]}]" if ":" in parts[2] else parts[2]
        return f"{user}@{address}", int(parts[3])
    return f"{user}@{socket.gethostname()}", _SSH


def fetching(folder: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Return the command that brings a folder to the machine one sits at."""
    there, port = host(environ)
    by = f" -P {port}" if port != _SSH else ""
    return f"scp -r{by} {shlex.quote(f'{there}:{shlex.quote(str(folder))}')} ."


def asking(told: Told, environ: Mapping[str, str] = os.environ) -> str:
    """Return the command that writes one format to the machine one sits at.

    In the restricted shell, no browser, the verb is all there is to say: the room is known there.
    """
    there, port = host(environ)
    by = f"-p {port} " if port != _SSH else ""
    order, inc = told.wish.order, told.incident.id
    format = "html" if order.format in (ALL, "csv") else order.format
    profile = "" if order.profile == "internal" else f" --profile {order.profile}"
    zone = f" --tz {order.zone}" if order.zone else ""
    program = "" if told.shell and not told.web else f"crisisroom --room {shlex.quote(told.room)} "
    verb = f"{program}export {inc} --format {format}{profile}{zone}"
    to = there.replace("[", "").replace("]", "")
    file = f"{inc}.{'txt' if format == 'ics214' else format}"
    return f"ssh {by}{shlex.quote(to)} {shlex.quote(verb)} > {file}"
