"""An account's token, from the environment or from a file that nobody else can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from crisisroom.config.settings import Account
from crisisroom.core.errors import Refused

_MOST = 4096  # bytes


def secret(account: Account, env: Mapping[str, str] = os.environ) -> str:
    """Return an account's token; raises `Refused` when there is none or others could read it."""
    if account.token_env:
        found, where = env.get(account.token_env, ""), f"the variable {account.token_env}"
    elif account.token_file:
        found, where = _read(account), account.token_file
    else:
        hint = "add token_env: or token_file: to the account in crisisroom.yaml"
        raise Refused("no_token", f"the account {account.id} has no token", hint)
    token = found.strip()
    if not token:
        raise Refused("no_token", f"{where} holds no token for {account.id}", "put the token there")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise Refused("bad_token", f"what {where} holds is no token", "it is one word, on one line")
    return token


def _read(account: Account) -> str:
    """Read the file through one descriptor, so that what is checked is what is read."""
    try:
        descriptor = os.open(account.token_file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        message = f"the token file {account.token_file} of {account.id} cannot be read: {why}"
        raise Refused("no_token", message, "check token_file: and the file's rights") from error
    try:
        _require_private(descriptor, account.token_file)
        return os.read(descriptor, _MOST).decode("utf-8", "replace")
    finally:
        os.close(descriptor)


def _require_private(descriptor: int, path: str) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise Refused(
            "bad_token_file", f"{path} is no ordinary file", "write the token into a file"
        )
    if found.st_mode & 0o077:
        mode = stat.S_IMODE(found.st_mode)
        message = f"others can read the token file {path} (mode {mode:04o})"
        raise Refused("open_token_file", message, f"chmod 600 {path}, and change the token")
    if found.st_uid not in (0, os.geteuid()):
        message = f"the token file {path} belongs to somebody else"
        raise Refused("open_token_file", message, "chown it to the user who runs crisisroom")
