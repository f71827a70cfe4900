"""A secret, from the one place that the settings name: never from an argument, never repeated.

The places are an environment variable, a file that nobody else can read, an executable of one's
own, and a credential that systemd hands over. Every refusal says what to do, without the secret.
"""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Mapping
from pathlib import Path

from crisisroom.config.keyed import Keyed
from crisisroom.config.notifying import Alerts, Deadman
from crisisroom.config.settings import Account, Messenger
from crisisroom.config.where import config_home
from crisisroom.core.errors import Refused
from crisisroom.core.kinds import id_flaw

_MOST = 4096  # bytes
_KEYS = ("token_env", "token_file", "token_command", "token_credential")
_HANDED = "CREDENTIALS_DIRECTORY"  # where systemd puts credentials


def places(keyed: Keyed) -> tuple[str, ...]:
    """Return which of the keys for a secret are set: none, or the one that there should be."""
    return tuple(key for key in _KEYS if getattr(keyed, key))


def command_path(name: str, env: Mapping[str, str] = os.environ) -> Path:
    """Return where the executable of a `token_command` lies on this host."""
    return config_home(env, Path(env.get("HOME") or "/nonexistent")) / "crisisroom/commands" / name


def secret(keyed: Keyed, env: Mapping[str, str] = os.environ) -> str:
    """Return the secret of an account or a messenger; `Refused` where it cannot be had.

    Blocks: for an executable as long as it takes, ten seconds at most. See `secret_of`.
    """
    who = _who(keyed)
    found = places(keyed)
    if not found:
        hint = f"add {', '.join(_KEYS[:-1])} or {_KEYS[-1]} to it in crisisroom.yaml"
        raise Refused("no_token", f"{who} has no token", hint)
    if len(found) > 1:
        message = f"{' and '.join(found)} both say where the token of {who} is"
        raise Refused("two_tokens", message, "keep one of them")
    _dump_nothing()
    given, where = _looked_up(keyed, found[0], who, env)
    return _sound(given, where, who)


async def secret_of(keyed: Keyed, env: Mapping[str, str] = os.environ) -> str:
    """Return what `secret` does, beside the event loop."""
    import asyncio

    return await asyncio.to_thread(secret, keyed, env)


def _dump_nothing() -> None:
    """Leave no memory of this process in a file should it crash: from now on a secret is in it."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _who(keyed: Keyed) -> str:
    if isinstance(keyed, Messenger):
        return f"the messenger {keyed.id}"
    if isinstance(keyed, Deadman):
        return "the dead-man's switch"
    if isinstance(keyed, Alerts):
        return "the Alertmanager under notifying"
    return f"the account {keyed.id}" if isinstance(keyed, Account) else "this"


def _looked_up(keyed: Keyed, key: str, who: str, env: Mapping[str, str]) -> tuple[str, str]:
    """Return what the place holds, and how to call the place."""
    value: str = getattr(keyed, key)
    if key == "token_env":
        return env.get(value, ""), f"the variable {value}"
    if key == "token_file":
        return _read(value, who, key), value
    if id_flaw(value):  # the room's settings come from a colleague's machine
        raise Refused("bad_token", f"{key} of {who} is no name", "a name like mail-password")
    if key == "token_command":
        from crisisroom.config.command import run

        return run(command_path(value, env), who, env), f"the command {value}"
    return _handed_over(value, who, env), f"the credential {value}"


def _handed_over(name: str, who: str, env: Mapping[str, str]) -> str:
    folder = env.get(_HANDED, "")
    if not folder.startswith("/"):
        message = f"the credential {name} of {who} is not here: systemd handed nothing over"
        hint = f"LoadCredential={name}:PATH in the unit, or run it as that service"
        raise Refused("no_token", message, hint)
    return _read(f"{folder}/{name}", who, "token_credential")


def _sound(given: str, where: str, who: str) -> str:
    token = given.strip()
    if not token:
        raise Refused("no_token", f"{where} holds no token for {who}", "put the token there")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise Refused("bad_token", f"what {where} holds is no token", "it is one word, on one line")
    return token


def _read(path: str, who: str, key: str) -> str:
    """Read the file through one descriptor, so that what is checked is what is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        message = f"the token file {path} of {who} cannot be read: {why}"
        raise Refused("no_token", message, f"check {key}: and the file's rights") from error
    try:
        _require_private(descriptor, path, handed=key == "token_credential")
        return os.read(descriptor, _MOST).decode("utf-8", "replace")
    finally:
        os.close(descriptor)


def _require_private(descriptor: int, path: str, *, handed: bool) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise Refused(
            "bad_token_file", f"{path} is no ordinary file", "write the token into a file"
        )
    # systemd lets its service read root's file by an ACL, whose mask shows as the group's bits.
    open_bits = 0o037 if handed else 0o077
    if found.st_mode & open_bits:
        mode = stat.S_IMODE(found.st_mode)
        message = f"others can read the token file {path} (mode {mode:04o})"
        raise Refused("open_token_file", message, f"chmod 600 {path}, and change the token")
    if found.st_uid not in (0, os.geteuid()):
        message = f"the token file {path} belongs to somebody else"
        raise Refused("open_token_file", message, "chown it to the user who runs crisisroom")
