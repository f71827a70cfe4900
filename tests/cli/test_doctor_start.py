"""`doctor` says when every start reads the program anew, and what makes it quick again."""

from __future__ import annotations

import os
import py_compile
import sys
from pathlib import Path
from typing import cast

import pytest

from crisisroom.cli import health_start
from crisisroom.cli.health import Finding, Patient


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of three modules, with byte code, and nothing else to examine."""
    folder = tmp_path / "quick"
    folder.mkdir()
    for name in ("__init__", "one", "two"):
        path = folder / f"{name}.py"
        path.write_text(f"NAME = {name!r}\n")
        py_compile.compile(str(path), doraise=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(health_start, "PACKAGES", ("quick",))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return folder


def modules(package: Path) -> list[Path]:
    return sorted(package.glob("*.py"))


async def found() -> Finding:
    (one,) = [one async for one in health_start.byte_code(cast("Patient", None))]
    return one


async def test_byte_code_that_python_takes_is_well(package: Path) -> None:
    assert (await found()).level == "ok"


@pytest.mark.parametrize("what", ["gone", "older", "of another Python", "cut off", "another size"])
async def test_byte_code_that_python_does_not_take_is_told(package: Path, what: str) -> None:
    for path in modules(package):
        kept = next((package / "__pycache__").glob(f"{path.stem}.*"))
        if what == "gone":
            kept.unlink()
        elif what == "older":
            os.utime(path, (1, 1))
        elif what == "of another Python":
            kept.write_bytes(b"\0\0\r\n" + kept.read_bytes()[4:])
        elif what == "cut off":
            kept.write_bytes(kept.read_bytes()[:6])
        else:
            stamp = path.stat().st_mtime_ns
            path.write_text("NAME = 'somebody else'\n")
            os.utime(path, ns=(stamp, stamp))
    told = await found()
    assert (told.level, told.code) == ("warn", "byte-code")
    assert "quick" in told.why
    assert f"{sys.executable} -m compileall -q '{package}'" in told.hint
    assert "PYTHONDONTWRITEBYTECODE" in told.hint


async def test_byte_code_by_hash_needs_no_date(package: Path) -> None:
    for path in modules(package):
        py_compile.compile(str(path), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
        os.utime(path, (1, 1))
    assert (await found()).level == "ok"


async def test_what_the_next_start_makes_by_itself_is_well(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kept in (package / "__pycache__").iterdir():
        kept.unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert (await found()).level == "ok"
    monkeypatch.setattr(os, "access", lambda *_: False)  # a read-only install
    told = await found()
    assert told.level == "warn"
    assert "PYTHONDONTWRITEBYTECODE" not in told.hint
