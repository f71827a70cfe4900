"""What the command line lends the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec


class Hooks(msgspec.Struct, frozen=True):
    """What the command line lends the screen: it sets rooms up, and plays the demo.

    `demo` and `init` run after the screen has closed and return the exit code.
    """

    demo: Callable[[], int] | None = None
    init: Callable[[], int] | None = None
    playbooks: Sequence[Path] = ()
