"""`shell`: what an SSH key of the team opens, its owner's room, and one verb of it at a time."""

from __future__ import annotations

import os
import pwd
import re
import resource
import signal
from argparse import Namespace
from collections.abc import Mapping, MutableMapping
from pathlib import Path

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, Globals
from crisisroom.cli.keys_log import turned_away
from crisisroom.cli.options import arg
from crisisroom.cli.output import fail
from crisisroom.cli.shell_words import refuse_forced, refuse_lookalike, split
from crisisroom.cli.verbs import FAMILIES, MODULES
from crisisroom.core.errors import Refused, Usage

COMMAND = "SSH_ORIGINAL_COMMAND"
KNOWN = frozenset(MODULES) | frozenset(FAMILIES)  # first words, which the log may hold
_NAMED = re.compile(r"TERM|COLORTERM|NO_COLOR|LANG|LC_[A-Z]{1,20}")
_LOOK = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:+-]{0,63}")  # a name, never a path
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_LINE = ("SSH_CONNECTION", "SSH_TTY")  # by which the screen knows that it is far away
_ENDS = re.compile(r"[0-9A-Za-z.:%/ _-]{1,200}")


def _shell(context: Context, args: Namespace) -> int:
    if not (context.options.room and context.options.person):
        hint = "crisisroom authorized-keys prints the whole line"
        raise Usage("shell", "shell is for a key's forced command: --room ROOM --as NAME", hint)
    door = msgspec.structs.replace(context.options, key=_sound(args.key))
    command = os.environ.get(COMMAND)
    scrub(os.environ)
    os.umask(0o077)
    os.chdir("/")  # no file is found by where one happens to be
    _leave_nothing_behind()
    return one(command, door)


def _leave_nothing_behind() -> None:
    r"""Let ctrl+z and ctrl+\ do nothing, and no memory of ours ever become a file."""
    for key in (signal.SIGTSTP, signal.SIGQUIT):
        signal.signal(key, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def one(command: str | None, door: Globals) -> int:
    """Run what came over a key, and return its exit code: the screen where that is nothing."""
    from crisisroom.cli import run

    who = {"who": door.person, "key": door.key}
    try:
        words = ["open"] if command is None else split(command)
        refuse_forced(words)
        refuse_lookalike(words)
    except Refused as refusal:
        fail(refusal.code, refusal.message, refusal.hint, as_json="--json" in (command or ""))
        turned_away("shell.refused", code=refusal.code, **who)
        return 2
    if code := run(words, door):
        turned_away("shell.ended", exit=code, verb=words[0] if words[0] in KNOWN else "", **who)
    return code


def _sound(key: str) -> str:
    """Return the fingerprint that the line of a key names; lines of older releases name none."""
    if key and not _FINGERPRINT.fullmatch(key):
        raise Usage("shell", f"{key[:60]} is no fingerprint", "crisisroom authorized-keys")
    return key


def scrub(env: MutableMapping[str, str]) -> None:
    """Leave in an environment only how the terminal looks, and what the kernel says of the user.

    What comes over SSH says nothing about the room, the person, programs to start or files.
    """
    kept = _kept(env)
    env.clear()
    env.update(kept)


def _kept(env: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in env.items() if _harmless(name, value)}
    user = pwd.getpwuid(os.getuid())
    kept |= {"HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name}
    kept["PATH"] = os.defpath
    runtime = f"/run/user/{user.pw_uid}"
    if os.access(runtime, os.W_OK) and Path(runtime).stat().st_uid == user.pw_uid:
        kept["XDG_RUNTIME_DIR"] = runtime  # where others of this account ring
    return kept


def _harmless(name: str, value: str) -> bool:
    """Tell what says how a terminal looks, or where the line comes from."""
    if name in _LINE:
        return _ENDS.fullmatch(value) is not None
    return bool(_NAMED.fullmatch(name) and _LOOK.fullmatch(value))


_KEY = arg("key", "the key's fingerprint, as ssh-keygen -l prints it", nargs="?", default="")

VERBS = {"shell": Verb(_shell, _KEY)}
