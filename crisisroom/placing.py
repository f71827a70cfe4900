"""Giving a finished file its name: at once, and never that of another file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)  # a memory stick's file system


def put(made: Path, target: Path) -> None:
    """Give a file its name; FileExistsError where something has that already.

    It keeps the name it had as well, but for disks that know no links: there it is moved.
    """
    try:
        os.link(made, target)  # unlike a move, it never takes the place of another file
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        made.replace(target)
