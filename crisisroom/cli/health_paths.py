"""Every file the program touches, for whoever backs it up, moves it, or cleans up after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from crisisroom.cli.context import Context
from crisisroom.config import Account, config_home, data_home
from crisisroom.config.settings import Messenger
from crisisroom.config.token import command_path
from crisisroom.core.errors import Refused
from crisisroom.logbook import state_folder
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
    yield str(state_folder()), "logs of the program; never a mention, never a token"


def _of_accounts(context: Context) -> Iterator[tuple[str, str]]:
    config = context.legible()
    for account in config.accounts if config else ():
        yield from _of_keyed(account)
    for messenger in config.messengers if config else ():
        yield from _of_keyed(messenger)
    for source in config.sources if config else ():
        if source.path and source.path != "-":
            yield source.path, f"read by the source {source.id}"


def _of_keyed(keyed: Account | Messenger) -> Iterator[tuple[str, str]]:
    if keyed.token_file:
        yield keyed.token_file, f"the token of {keyed.id}"
    if keyed.token_command:
        yield str(command_path(keyed.token_command)), f"prints the token of {keyed.id}"
    if keyed.ca_file:
        yield keyed.ca_file, f"whom {keyed.id} trusts"


def _of_room(context: Context) -> Iterator[tuple[str, str]]:
    address = context.address()
    if "://" in address:
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
