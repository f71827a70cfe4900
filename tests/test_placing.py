"""A finished file gets its name at once, and never takes that of another one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from crisisroom.placing import put


def _no_links(made: Path, target: Path) -> None:
    """Answer as a memory stick does."""
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.mark.parametrize("links", [True, False])
def test_it_gets_its_name_and_takes_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    made, target = tmp_path / "made", tmp_path / "target"
    made.write_bytes(b"new")
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    put(made, target)
    assert target.read_bytes() == b"new"
    made.unlink(missing_ok=True)
    made.write_bytes(b"other")
    with pytest.raises(FileExistsError):
        put(made, target)
    assert target.read_bytes() == b"new"


def test_a_link_that_leads_nowhere_is_in_the_way_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, target = tmp_path / "made", tmp_path / "target"
    made.touch()
    target.symlink_to(tmp_path / "nowhere")
    monkeypatch.setattr(os, "link", _no_links)
    with pytest.raises(FileExistsError):
        put(made, target)
    assert target.is_symlink()
    assert not (tmp_path / "nowhere").exists()


def test_any_other_error_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        put(tmp_path / "missing", tmp_path / "target")
