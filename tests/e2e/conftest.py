"""What every proof in this folder shares: a room of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.ground import Ground


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """A folder for one room; whatever was started in it ends with the test."""
    with Ground(tmp_path / "ground") as made:
        yield made
