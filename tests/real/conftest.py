"""Session fixtures that start real servers, and what every test in this folder shares.

Without permission to install (CI=true or CRISISROOM_INSTALL=1) a missing server skips its
tests; in CI a missing server fails them. Run with `-m real -n 0`: one process starts each server
once. What needs addresses of its own is marked `fixed`; the rest may run beside it.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from real.program import Program
from real.servers.alertmanager import Alertmanager
from real.servers.base import Ground, Unavailable
from real.servers.bluesky import Bluesky
from real.servers.fediverse import Fediverse
from real.servers.install import cache, in_ci
from real.servers.mail import MailServer
from real.servers.mastodon_mock import MastodonMock
from real.servers.sshd import Sshd
from real.servers.wordpress import WordPress

G = TypeVar("G", bound=Ground)

HERE = Path(__file__).parent
TEST_SECONDS = 120

_standing: list[Ground] = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder `real` and times each without the servers it waits for."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.real)
            if "fediverse" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.fixed)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(TEST_SECONDS, func_only=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the servers' logs to a failure."""
    report = yield
    if report.failed:
        report.sections += [(f"log of {type(g).__name__}", g.logs()) for g in _standing]
    return report


@contextmanager
def standing(kind: type[G]) -> Iterator[G]:
    """A started server or group of servers, for as long as the session lasts."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        pytest.fail("each worker would start each server: run these with -n 0", pytrace=False)
    try:
        with (cache() / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be installing the same
            kind.install()
    except Unavailable as why:
        (pytest.fail if in_ci() else pytest.skip)(str(why))
    with kind() as ground:
        _standing.append(ground)
        yield ground
        _standing.remove(ground)


@pytest.fixture(scope="session")
def fediverse() -> Iterator[Fediverse]:
    """Two federated snac servers with a signed-in brand and a signed-in stranger."""
    with standing(Fediverse) as ground:
        yield ground


@pytest.fixture(scope="session")
def wordpress() -> Iterator[WordPress]:
    """An empty WordPress blog."""
    with standing(WordPress) as ground:
        yield ground


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServer]:
    """A mailbox over IMAP, with an SMTP server that fills it."""
    with standing(MailServer) as ground:
        yield ground


@pytest.fixture(scope="session")
def alertmanager() -> Iterator[Alertmanager]:
    """An Alertmanager that calls a webhook of ours."""
    with standing(Alertmanager) as ground:
        yield ground


@pytest.fixture(scope="session")
def sshd() -> Iterator[Sshd]:
    """OpenSSH's server, with a plain login and more on request."""
    with standing(Sshd) as ground:
        yield ground


@pytest.fixture(scope="session")
def mastodon_mock() -> Iterator[MastodonMock]:
    """The fake Mastodon, for streams, idempotency and failures on demand."""
    with standing(MastodonMock) as ground:
        yield ground


@pytest.fixture(scope="session")
def bluesky() -> Iterator[Bluesky]:
    """A whole Bluesky with a brand, a stranger and a fan."""
    with standing(Bluesky) as ground:
        yield ground


@pytest.fixture
def program() -> Iterator[Program]:
    """A room of its own, in a folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="crisisroom-") as folder:
        yield Program(Path(folder))
