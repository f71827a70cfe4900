"""argparse as the command line uses it: errors are raised, and help is written as people do."""

from __future__ import annotations

import argparse
from typing import NoReturn

from crisisroom.core.errors import Usage

LITERAL = "\0"  # marks words after `--`, which are no options; no argument can hold it


class Parser(argparse.ArgumentParser):
    """A parser whose errors are raised."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing: control signs in an argument must not reach the terminal."""
        raise Usage("usage", message.replace(LITERAL, ""), f"{self.prog} --help")


class Help(argparse.RawDescriptionHelpFormatter):
    """Help in which words that may be several stand once, as people write usage lines."""

    def _format_args(self, action: argparse.Action, default_metavar: str) -> str:
        name = self._metavar_formatter(action, default_metavar)(1)[0]
        if action.nargs in ("+", "*"):
            return f"{name} …" if action.nargs == "+" else f"[{name} …]"
        return super()._format_args(action, default_metavar)
