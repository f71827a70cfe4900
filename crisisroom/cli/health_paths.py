"""Every file the program touches, for whoever backs it up, moves it, or cleans up after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from crisisroom.cli.context import Context
from crisisroom.cli.health_paths_service import of_service
from crisisroom.config import config_home, data_home
from crisisroom.config.every_key import every_key
from crisisroom.config.keyed import Keyed
from crisisroom.config.token import command_path
from crisisroom.core.errors import Refused
from crisisroom.logbook import KEPT, state_folder
from crisisroom.store.signal import runtime_folders


def touched(context: Context) -> Iterator[tuple[str, str]]:
    """Yield each path with what is there; those that are not there yet too."""
    home = Path.home()
    yield str(config_home(os.environ, home) / "crisisroom"), "your own crisisroom.yaml"
    if context.config_file is not None:
        yield str(context.config_file.absolute()), "the configuration in force"
    try:
        folders = context.playbooks()
    except Refused:  # a broken configuration is told by `doctor` itself
        folders = ()
    for folder in folders:
        yield str(folder.absolute()), "playbooks"
    yield from _of_accounts(context)
    yield str(data_home(os.environ, home) / "crisisroom"), "rooms, where nothing else is said"
    yield from _of_room(context)
    yield from _of_logs(state_folder())
    yield from of_service(context)


def _of_accounts(context: Context) -> Iterator[tuple[str, str]]:
    config = context.legible()
    for name, keyed in every_key(config) if config else ():
        yield from _of_keyed(name, keyed)
    for source in config.sources if config else ():
        if source.path and source.path != "-":
            yield source.path, f"read by the source {source.id}"


def _of_keyed(name: str, keyed: Keyed) -> Iterator[tuple[str, str]]:
    if keyed.token_file:
        yield keyed.token_file, f"the token of {name}"
    if keyed.token_command:
        yield str(command_path(keyed.token_command)), f"prints the token of {name}"
    if ca_file := getattr(keyed, "ca_file", ""):
        yield ca_file, f"whom {name} trusts"


def _of_logs(folder: Path) -> Iterator[tuple[str, str]]:
    yield str(folder), "logs of the program; never a mention, never a token"
    for name, what in (
        ("watch", "the watcher's log, where no journal takes it"),
        ("errors", "where the program itself went wrong"),
    ):
        yield f"{folder}/{name}.log", what
        yield f"{folder}/{name}.log.[1-{KEPT}]", "older ones; the oldest goes"


def _of_room(context: Context) -> Iterator[tuple[str, str]]:
    address = context.address()
    if "://" in address:
        passwords = os.environ.get("PGPASSFILE") or str(Path.home() / ".pgpass")
        yield passwords, "passwords for servers, PostgreSQL's own file"
        return
    path = Path(address).absolute()
    yield str(path), "the room"
    for folder in runtime_folders(path)[:1]:
        yield str(folder), "sockets by which the room's screens hear of each other"
    for ending, what in (
        ("-wal", "the room's last changes, its own part"),
        ("-shm", "an index of those"),
        ("-gate", "a lock: writers take turns"),
        ("-turn", "a lock: the one who writes"),
        ("-messages.jsonl", "what a drill's room would have sent to approvers"),
        (".before-schema-*", "copies of the room from before upgrades"),
    ):
        yield f"{path}{ending}", what
