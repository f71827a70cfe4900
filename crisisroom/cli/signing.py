"""Signing a file with one's SSH key: `sign FILE` writes FILE.sig beside it."""

from __future__ import annotations

import asyncio
import os
import stat
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from crisisroom import signing
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import write_files
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.core.errors import Usage


async def sign_files(paths: Iterable[Path], key: str = "", *, force: bool = False) -> list[Path]:
    """Sign files with an SSH key; returns the signatures' paths, each beside its file.

    Refused where there is no key, a signature is there already, or it would ask for a passphrase.
    """
    made = {}
    for path in paths:
        _require_file(path)
        beside = path.with_name(f"{path.name}.sig")
        made[beside] = await asyncio.to_thread(signing.sign, path, key)
    write_files(made, force=force)
    return list(made)


def _require_file(path: Path) -> None:
    """Usage for what is no ordinary file: a pipe would wait for somebody."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise Usage("file", f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise Usage("file", f"{path} is no ordinary file", "each file is signed by itself")


async def _sign(context: Context, args: Namespace) -> int:
    made = await sign_files(map(Path, args.file), args.key, force=args.force)
    context.show(
        lambda: {"files": [str(path) for path in made], "namespace": signing.NAMESPACE},
        lambda: [f"wrote {path}" for path in made],
    )
    return 0


VERBS = {
    "sign": Verb(
        _sign,
        takes(
            arg("file", "what to sign: an export, an anchor", nargs="+"),
            option("--key", "the key; else the usual one, or the agent's", metavar="PATH"),
            flag("--force", "write over a signature that is there"),
        ),
    ),
}
