"""Driving the command line in this process: what was printed, and how it ended."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from crisisroom.cli import run

CONTROLS = frozenset({*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A})

MENTIONS = (
    {
        "text": "My kettle started to smoke while charging, is it dangerous?",
        "source": "social",
        "external_id": "p1",
        "author": {"handle": "@pat@fans.test", "name": "Pat", "reach": 1200},
        "url": "https://fans.test/@pat/1",
        "lang": "en",
        "posted_at": "2026-11-22T02:00:00Z",
    },
    {
        "text": "I want my money back, refund please",
        "source": "news",
        "external_id": "n1",
        "author": {"handle": "kim"},
    },
    {"text": "Which batch is affected?", "source": "shop", "external_id": "s1", "kind": "review"},
)

FACTS = {
    "product": "the Ferrow kettle",
    "what": "gets too hot while charging",
    "affected": "all kettles of batch 7",
    "advice": "unplug it and keep it outside",
    "remedy": "a full refund",
    "contact": "+49 30 1234",
}


@dataclass(frozen=True)
class Said:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return the one document on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def error(self) -> dict[str, str]:
        """Return the one error line, given as JSON."""
        (line,) = self.err.splitlines()
        error: dict[str, str] = json.loads(line)["error"]
        return error


class Cli:
    """Runs command lines; nothing they print may drive a terminal."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, stdin: bytes = b"") -> Said:
        """Run a command line."""
        self._capsys.readouterr()
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run(list(words))
        out, err = self._capsys.readouterr()
        assert_harmless(out)
        assert_harmless(err)
        return Said(code, out, err)

    def ok(self, *words: str, stdin: bytes = b"") -> Said:
        """Run a command line that works."""
        said = self(*words, stdin=stdin)
        assert (said.code, said.err) == (0, ""), (words, said)
        return said

    def json(self, *words: str, stdin: bytes = b"") -> Any:
        """Run a command line that works and return its document."""
        return self.ok(*words, "--json", stdin=stdin).json

    def refused(self, code: int, *words: str, stdin: bytes = b"") -> Said:
        """Run a command line that does not work: one line on stderr, nothing on stdout."""
        said = self(*words, stdin=stdin)
        assert said.code == code, (words, said)
        assert said.out == "", (words, said)
        assert len(said.err.splitlines()) == 1, (words, said)
        return said


def assert_harmless(printed: str) -> None:
    """Fail on anything that a terminal could act on."""
    odd = [char for char in printed if ord(char) in CONTROLS or 0x202A <= ord(char) <= 0x202E]
    assert not odd, repr(printed)


def as_lines(things: Sequence[object]) -> bytes:
    """Return things as JSON lines."""
    return "".join(f"{json.dumps(thing)}\n" for thing in things).encode()


def declared(cli: Cli, *more: str) -> None:
    """Set a room up: three mentions, approved words, one incident."""
    cli.ok("ingest", stdin=as_lines(MENTIONS))
    cli.ok("playbook", "approve", "product-defect")
    cli.ok("declare", "Kettles smoke", "--playbook", "product-defect", "--severity", "sev2", *more)
