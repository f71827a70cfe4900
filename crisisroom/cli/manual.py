"""`man` and `completion`: the page of the manual, and what the shells complete by."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.offered import SHELLS
from crisisroom.cli.options import arg, flag
from crisisroom.cli.roff import as_text

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "crisisroom.1"
SCRIPTS = {"bash": "crisisroom.bash", "zsh": "_crisisroom", "fish": "crisisroom.fish"}


def _man(_: Context, args: Namespace) -> int:
    if args.roff:
        sys.stdout.write(PAGE.read_text(encoding="utf-8"))
        return 0
    if not (_is_looked_at() and _shown_by_man()):
        _shown_as_text(as_text(PAGE.read_text(encoding="utf-8")))
    return 0


def _is_looked_at() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _shown_by_man() -> bool:
    """Show the page by `man`; False where there is none, or it cannot."""
    man = shutil.which("man")
    if man is None:
        return False
    said = subprocess.run([man, "-l", str(PAGE)], stderr=subprocess.DEVNULL, check=False)
    return said.returncode == 0


def _shown_as_text(text: str) -> None:
    """Show plain lines by $PAGER where somebody looks, else print them."""
    pager = _pager() if _is_looked_at() else []
    if pager and shutil.which(pager[0]):
        subprocess.run(pager, input=text.encode(), check=False)
    else:
        sys.stdout.write(text)


def _pager() -> list[str]:
    try:
        return shlex.split(os.environ.get("PAGER", ""))
    except ValueError:  # a quote that is not closed
        return []


def _completion(_: Context, args: Namespace) -> int:
    sys.stdout.write((DOCS / SCRIPTS[args.shell]).read_text(encoding="utf-8"))
    return 0


VERBS = {
    "man": Verb(_man, flag("--roff", "print the page's source, for a file in man1/")),
    "completion": Verb(_completion, arg("shell", "the shell that shall complete", choices=SHELLS)),
}
