"""What is started beside a screen: none of it takes a module from where the screen was started."""

from __future__ import annotations

import subprocess
from typing import Any, ClassVar

import pytest

from crisisroom import notifiers
from crisisroom.watch.start import spawn_watcher


class Started:
    """A process that was not started."""

    pid = 7

    def __init__(self, words: list[str], **how: Any) -> None:
        self.words[:] = words

    words: ClassVar[list[str]] = []


def test_neither_the_watcher_nor_a_notice_looks_where_it_was_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subprocess, "Popen", Started)
    monkeypatch.setattr(notifiers, "has_desktop", lambda: True)
    assert spawn_watcher("room.db") == 7
    assert Started.words[1:4] == ["-P", "-m", "crisisroom"]
    notifiers.desktop("SLA")
    assert Started.words[1:] == ["-P", "-m", "crisisroom.notifiers.desktop", "SLA"]
