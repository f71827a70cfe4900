"""What every proof in this folder shares: a room of its own, and time for a busy machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.ground import Ground

HERE = Path(__file__).parent
SECONDS = 300  # for a test that takes a tenth of it on two idle cores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder time, where they do not say how much."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """A folder for one room; whatever was started in it ends with the test."""
    with Ground(tmp_path / "ground") as made:
        yield made
