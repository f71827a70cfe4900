"""Signatures with the SSH keys that people have already, made and checked by `ssh-keygen -Y`.

Nothing is ever asked: a key with a passphrase has to be in the agent. What is signed goes in by
stdin, so that no name of a file is taken for an option. Everything here blocks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import msgspec

from crisisroom.core.errors import Refused

NAMESPACE = "crisisroom"  # a signature made for mail or git is none of ours
SECONDS = 60.0  # a key on a token waits for its owner's touch
LARGEST = 64 << 10  # bytes of a signature
_USUAL = ("id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_ecdsa_sk", "id_rsa")
_BEGINS = b"-----BEGIN SSH SIGNATURE-----"
_GOOD = re.compile(r'Good "crisisroom" signature for (?P<who>.+) with (?P<key>\S+ key \S+)')
_LOCKED = ("incorrect passphrase", "passphrase", "couldn't load")


class Signed(msgspec.Struct, frozen=True):
    """Who signed, as the file of allowed signers calls them, and with which key."""

    who: str
    key: str


def sign(data: bytes | Path, key: str = "", env: Mapping[str, str] = os.environ) -> bytes:
    """Return the armoured signature of some bytes or of a file, by a key.

    `key` is a private or a public key's file; without it the usual one of `~/.ssh`, else the first
    of the agent. Refused where none can be had, or where it would ask for a passphrase.
    """
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        path = _key(key, env, Path(folder))
        ended = _run(["-Y", "sign", "-n", NAMESPACE, "-f", str(path)], data, env)
    if ended.returncode or not ended.stdout.startswith(_BEGINS):
        raise _not_signed(path, ended)
    return ended.stdout


def check(
    data: bytes | Path, signature: bytes, signers: str, env: Mapping[str, str] = os.environ
) -> Signed:
    """Return who signed some bytes or a file; Refused where nobody of `signers` did.

    `signers` is a file of allowed signers, as ssh-keygen has it: `ada@example.org ssh-ed25519 …`.
    """
    allowed = _readable(signers, "the file of allowed signers")
    if not signature.startswith(_BEGINS) or len(signature) > LARGEST:
        hint = "crisisroom sign FILE makes one"
        raise Refused("signature", "that is no signature of an SSH key", hint)
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        kept = _kept(Path(folder) / "signature", signature)
        at = ["-s", str(kept), "-f", str(allowed)]
        named = _run(["-Y", "find-principals", *at], b"", env)
        who = _first(named.stdout)
        if named.returncode or not who:
            message = f"the key that signed it is not in {signers}"
            raise Refused("signature", message, "add its owner there, if it is one of the team's")
        ended = _run(["-Y", "verify", "-n", NAMESPACE, "-I", who, *at], data, env)
    found = _GOOD.search(ended.stdout.decode("utf-8", "replace"))
    if ended.returncode or found is None:
        raise Refused("signature", "the signature is not of these bytes, or not for this purpose")
    return Signed(found["who"], found["key"])


def _first(printed: bytes) -> str:
    """Return the first name that find-principals printed; a key may have several."""
    lines = printed.decode("utf-8", "replace").splitlines()
    return lines[0].split(",")[0].strip() if lines else ""


def _key(named: str, env: Mapping[str, str], folder: Path) -> Path:
    """Return the key's file: the one named, a usual one, or the first that the agent has."""
    if named:
        return _readable(os.path.expanduser(named), "the key")
    home = Path(env.get("HOME") or "/nonexistent") / ".ssh"
    usual = [home / f"{name}{end}" for name in _USUAL for end in ("", ".pub")]
    found = next((path for path in usual if path.is_file()), None)
    return found or _of_agent(env, folder)


def _of_agent(env: Mapping[str, str], folder: Path) -> Path:
    program = shutil.which("ssh-add", path=env.get("PATH"))
    if program and env.get("SSH_AUTH_SOCK"):
        listed = _ran([program, "-L"], subprocess.DEVNULL, env)
        if not listed.returncode and listed.stdout:
            return _kept(folder / "key.pub", listed.stdout.splitlines()[0] + b"\n")
    hint = "ssh-keygen makes one; --key names another"
    raise Refused("no-key", "there is no SSH key to sign with", hint)


def _readable(path: str, what: str) -> Path:
    """Return an absolute path, which no option looks like; Refused where there is no file."""
    whole = Path(path).absolute()
    if not whole.is_file() or not os.access(whole, os.R_OK):
        raise Refused("no-file", f"{what} cannot be read: {path}", "check the path and its rights")
    return whole


def _kept(path: Path, data: bytes) -> Path:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
    return path


def _not_signed(path: Path, ended: subprocess.CompletedProcess[bytes]) -> Refused:
    said = ended.stderr.decode("utf-8", "replace")
    if any(word in said.lower() for word in _LOCKED):
        hint = f"ssh-add {path} first: nothing is asked here"
        return Refused("locked-key", f"{path} is locked, or is no key", hint)
    line = next(iter(said.strip().splitlines()[-1:]), f"it ended with {ended.returncode}")
    return Refused("signature", f"ssh-keygen did not sign: {line[:200]}", "try it by hand")


def _run(
    arguments: Sequence[str], data: bytes | Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen", path=env.get("PATH"))
    if program is None:
        message = "ssh-keygen is not on this machine, so nothing can be signed or checked"
        raise Refused("no-ssh-keygen", message, "install OpenSSH's client: openssh-client")
    if isinstance(data, bytes):
        with tempfile.TemporaryFile() as held:
            held.write(data)
            held.seek(0)
            return _ran([program, *arguments], held, env)
    try:
        with data.open("rb") as file:
            return _ran([program, *arguments], file, env)
    except OSError as error:
        raise Refused("no-file", f"{data} cannot be read: {error.strerror}") from error


def _ran(
    command: Sequence[str], stdin: IO[bytes] | int, env: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run it where it can ask nobody: with no terminal, no window, and plain English."""
    quiet = {key: value for key, value in env.items() if key not in ("SSH_ASKPASS", "DISPLAY")}
    try:
        return subprocess.run(
            command,
            stdin=stdin,
            capture_output=True,
            env=quiet | {"LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"},
            start_new_session=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"{Path(command[0]).name} gave no answer within {SECONDS:g} s"
        raise Refused("no-answer", message, "a key on a token waits for a touch") from None
    except OSError as error:
        message = f"{Path(command[0]).name} cannot be run: {error.strerror}"
        raise Refused("no-ssh-keygen", message) from error
