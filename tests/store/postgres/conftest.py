"""Rooms on a real server: these tests run with `--engine postgres` and are left out without."""

from __future__ import annotations

import pytest
from engines import Databases


@pytest.fixture
def server(databases: Databases | None) -> Databases:
    """The rooms at the server; the test is left out where rooms are files."""
    if databases is None:
        pytest.skip("needs a server: --engine postgres")
    return databases
