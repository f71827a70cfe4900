"""Work that runs beside the screens, one way for all of them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def beside(
    owner: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], *, name: str, group: str
) -> Worker[None]:
    """Run `work` on the loop for as long as `owner` lives; it shows its own failures.

    `work` is the function and not yet its coroutine: one that is cancelled before its first
    step, because the program ends in that moment, then leaves nothing begun behind.
    """
    worker: Worker[None] = owner.run_worker(
        work,
        name=name,
        group=group,
        exit_on_error=False,
    )
    return worker
