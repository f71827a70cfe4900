"""`authorized-keys`: the lines by which sshd lets each of the team into the room, no further."""

from __future__ import annotations

import os
import pwd
import shlex
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.keys_log import turned_away
from crisisroom.cli.keys_sshd import let_through
from crisisroom.cli.options import option
from crisisroom.cli.output import note, say_all
from crisisroom.config import Member, RoomConfig, room_from
from crisisroom.config.sshkey import bare_key, fingerprint, key_flaw
from crisisroom.core.errors import Refused, Usage
from crisisroom.logbook import Level
from crisisroom.store.glance import value_at

_SET_UP = """\
How a host is set up, once. One account owns the room, and nobody has its password:
  useradd --system --create-home --shell /bin/sh crisis
  install -d -m 0700 -o crisis /srv/crisis
  sudo -u crisis crisisroom --room /srv/crisis/room.db apply --service crisisroom.yaml
Then either write the lines into its file whenever the team changes:
  sudo -u crisis crisisroom --room /srv/crisis/room.db authorized-keys > keys
  install -m 0600 -o crisis keys ~crisis/.ssh/authorized_keys
or have sshd ask, so that a change in the room counts at once. In /etc/ssh/sshd_config:
  Match User crisis
    AuthorizedKeysFile none
    AuthorizedKeysCommandUser crisis
    AuthorizedKeysCommand /opt/crisisroom/bin/crisisroom --room /srv/crisis/room.db {}
    DisableForwarding yes
    PermitTunnel no
root owns that program and the folders above it. Outside of Match nothing may be let through that
acts before this program does, such as LD_*, BASH_ENV or PYTHON*:
  AcceptEnv LANG LC_*
  PermitUserEnvironment no
Where sshd asks, what was applied last counts: a broken crisisroom.yaml changes nothing, and a room
that cannot be read lets nobody in. Who was turned away and why is in
~crisis/.local/state/crisisroom/keys.log, by fingerprint: sshd itself only logs a failed command.
Each line lets its key do one thing: `crisisroom shell` as that person, in this room, on a
terminal or with one verb. No forwarding, no files, no other program. Who is the account itself
(sudo -u crisis) can be anybody in the room: that is for whoever runs the host, and nobody else.
Every entry says in its data, as by_key, by which key it came. A key or a person taken out of the
team is out at once: what they have open can neither be read nor written any more.
""".format('authorized-keys --for %u --key "%t %k"')


async def _keys(context: Context, args: Namespace) -> int:
    if args.account:
        return await _asked_by_sshd(context, args)
    if args.key:
        raise Usage("usage", "--key is for sshd, which also says --for whom", "--for %u")
    room = await context.here()
    lines = list(_lines(context, room.config.team, _forced(context)))
    if not lines:
        hint = "add keys: under team in crisisroom.yaml, and apply it"
        raise Refused("no-keys", "nobody of the team has a key", hint)
    _refuse_shared(room.config.team)
    for flaw in let_through():
        note(f"crisisroom: {flaw}, which acts before any key's line does: --help says what to set")
    context.show(
        lambda: [
            {"id": one.id, "name": one.name, "key": key, "fingerprint": fingerprint(key)}
            for one in room.config.team
            for key in one.keys
        ],
        lambda: [*_head(room.config, room.address), *lines],
    )
    return 0


def _refuse_shared(team: Sequence[Member]) -> None:
    """Refuse a key of two people, which rules of older releases may have let in."""
    owners: dict[str, str] = {}
    for member in team:
        for key in map(bare_key, member.keys):
            if (other := owners.setdefault(key, member.id)) != member.id:
                message = f"{other} and {member.id} have the same key {fingerprint(key)}"
                raise Refused(
                    "shared-key", message, "a key is one person's: apply a team where it is"
                )


async def _asked_by_sshd(context: Context, args: Namespace) -> int:
    """Print the line of the one key that sshd asks about; a refusal is logged: sshd drops it."""
    wanted = args.key.strip()
    if flaw := key_flaw(wanted):
        raise Usage("key", flaw, 'AuthorizedKeysCommand … --for %u --key "%t %k"')
    try:
        line = await _line_of(context, args.account, bare_key(wanted))
    except Refused as refusal:
        level: Level = "info" if refusal.code == "no-key" else "warn"
        turned_away("sshd.refused", level, code=refusal.code, key=fingerprint(wanted))
        raise
    say_all([line])
    sys.stdout.flush()
    return 0


async def _line_of(context: Context, account: str, wanted: str) -> str:
    """Return the line of one key; Refused where it opens nothing."""
    config = await _in_force(context, account)
    team = [one for one in config.team if wanted in map(bare_key, one.keys)]
    if not team:
        raise Refused("no-key", f"nobody of the team has the key {fingerprint(wanted)}")
    _refuse_shared([msgspec.structs.replace(one, keys=(wanted,)) for one in team])
    return _line(team[0], wanted, _forced(context))


async def _in_force(context: Context, account: str) -> RoomConfig:
    """Return the room's settings, for the account that the room belongs to and no other one."""
    address = context.address()
    try:
        uid = pwd.getpwnam(account).pw_uid
    except KeyError:
        raise Refused("account", f"there is no account {account}") from None
    if "://" in address:
        _refuse_other(account, uid, os.geteuid(), "this program runs")
        return (await context.here()).config
    path = Path(address)
    owner = _owner(path)
    _refuse_other(account, uid, owner, "this room belongs to")
    if os.geteuid() != owner:
        hint = f"AuthorizedKeysCommandUser {account}"
        raise Refused("account", "only the room's own account may look into it", hint)
    kept = value_at(path, "config")
    return room_from(msgspec.json.decode(kept)) if kept else RoomConfig()


def _owner(path: Path) -> int:
    try:
        return path.stat().st_uid
    except OSError as error:
        raise Refused("no-room", f"{path} cannot be read: {error.strerror}") from error


def _refuse_other(account: str, uid: int, owner: int, what: str) -> None:
    if uid != owner:
        message = f"the team's keys are not for {account}: {what} another account"
        raise Refused("account", message, "put it under Match User in sshd_config")


def _head(config: RoomConfig, address: str) -> Iterator[str]:
    keyless = [one.id for one in config.team if not one.keys]
    yield f"# {config.name or 'crisisroom'}: who comes into {address}, by which key"
    yield "# printed by crisisroom authorized-keys; after a change of the team, print it again"
    if keyless:
        yield f"# without a key: {', '.join(keyless)}"


def _lines(context: Context, team: Sequence[Member], forced: Sequence[str]) -> Iterator[str]:
    for one in team:
        for key in one.keys:
            yield _line(one, bare_key(key), forced)


def _line(member: Member, key: str, forced: Sequence[str]) -> str:
    """Return one line of authorized_keys, quoted for sshd around what is quoted for its shell."""
    command = shlex.join([*forced, "--as", member.id, "shell", fingerprint(key)])
    quoted = command.replace('"', '\\"')
    return f'restrict,pty,command="{quoted}" {key} {member.id}'


def _forced(context: Context) -> list[str]:
    """Return the program and the room it opens, by paths that do not hang on where it starts.

    Python is told to look at nothing of the environment, which may come over the line.
    """
    address = context.address()
    room = address if "://" in address else os.path.realpath(address)
    words = [sys.executable, "-I", "-m", "crisisroom", "--room", room]
    if context.config_file is not None:
        words += ["--config", os.path.realpath(context.config_file)]
    if odd := next((one for one in words if not one.isprintable() or "\\" in one), ""):
        hint = "give it another name"
        raise Refused("path", f"sshd cannot be told this path: {odd!a}", hint)
    return words


def _arguments(parser: ArgumentParser) -> None:
    account = "for sshd: the account that is logged in to"
    option("--for", account, dest="account", metavar="ACCOUNT")(parser)
    option("--key", "for sshd: the key that is offered, as type and base64", metavar="KEY")(parser)
    parser.add_argument_group("setting it up", _SET_UP)


VERBS = {"authorized-keys": Verb(_keys, _arguments, serves=True)}
