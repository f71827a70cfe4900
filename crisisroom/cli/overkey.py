"""What of a verb works over somebody's SSH key: only what acts on the room and prints."""

from __future__ import annotations

import re
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Mapping

import msgspec

A_HOST_FILE = "files of the room's host are out of reach; send it on stdin where - is taken"
_ID = r"[a-z0-9][a-z0-9_-]*"


class OverKey(msgspec.Struct, frozen=True):
    """Whether a verb changes the room, and what of it would reach the host it runs on.

    `off` says by argument what it would do there; `fits` says how the values of others are
    written, so that none is a file.
    """

    acts: bool = True
    off: Mapping[str, str] = {}
    fits: Mapping[str, str] = {}

    def without(self, **off: str) -> OverKey:
        """Return the same with arguments that do not work, and what each would do."""
        return msgspec.structs.replace(self, off={**self.off, **off})

    def only(self, **fits: str) -> OverKey:
        """Return the same with arguments whose values have to match a pattern."""
        return msgspec.structs.replace(self, fits={**self.fits, **fits})

    def by_id(self, *names: str) -> OverKey:
        """Return the same with arguments that take ids, and no files."""
        return self.only(**dict.fromkeys(names, _ID))

    def hide(self, parser: ArgumentParser) -> frozenset[str]:
        """Take out of a verb's help what does not work over a key; return those options."""
        off = [one for one in parser._actions if one.dest in self.off]
        for action in off:
            action.help = SUPPRESS
        return frozenset(option for one in off for option in one.option_strings)

    def flaw(self, args: Namespace) -> str:
        """Say what of these arguments would reach the host; empty where nothing does."""
        for name, told in self.off.items():
            if getattr(args, name):
                return told
        for name, pattern in self.fits.items():
            given = getattr(args, name) or ()
            for one in [given] if isinstance(given, str) else given:
                if not re.fullmatch(pattern, one):
                    return A_HOST_FILE
        return ""


READS = OverKey(acts=False)
ACTS = OverKey()


def prints(option: str) -> str:
    """Return why an option that has a file written does not work."""
    return f"it prints, and writes no file of the host: leave {option} out, use > at your end"
