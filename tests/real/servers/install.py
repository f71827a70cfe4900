"""Getting servers onto this machine: Debian packages and PyPI programs, where that is allowed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from real.servers.base import ServerError, Unavailable, run

DEFAULT_MIRROR = "http://deb.debian.org/debian"
DEBIAN_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
POLICY = Path("/usr/sbin/policy-rc.d")
HOSTS = Path("/etc/hosts")


def in_ci() -> bool:
    """Whether a missing server is a failure here."""
    return os.environ.get("CI") == "true"


def allowed() -> bool:
    """Whether this run may install servers: in CI, or when asked to by CRISISROOM_INSTALL=1."""
    return in_ci() or os.environ.get("CRISISROOM_INSTALL") == "1"


def cache() -> Path:
    """The folder that keeps unpacked packages and venvs from one run to the next."""
    # Root's servers run as nobody, who cannot look into root's home.
    base = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    folder = base / "crisisroom-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def require_root(what: str) -> None:
    """Raises Unavailable unless we are root."""
    if os.geteuid() != 0:
        raise Unavailable(f"{what} needs root on this machine")


def require_permission(what: str) -> None:
    """Raises Unavailable unless this run may install."""
    if not allowed():
        raise Unavailable(f"{what} is not installed; CRISISROOM_INSTALL=1 installs it (as root)")


def apt(*packages: str) -> None:
    """Makes the Debian packages installed."""
    missing = [package for package in packages if not _installed(package)]
    if not missing:
        return
    require_permission(", ".join(missing))
    require_root("apt-get install")
    _refresh()
    _apt_get("install", "-y", "-q", "--no-install-recommends", *missing)


def unpack(package: str, inside: str, suite: str = "") -> Path:
    """Unpacks one Debian package into the cache, beside the system, and returns `inside` of it.

    Nothing is configured and no service begins; `suite` names another suite of the same mirror.
    """
    found = cache() / package / inside
    if found.exists():
        return found
    require_permission(package)
    _refresh()
    with tempfile.TemporaryDirectory(prefix="crisisroom-apt-", dir=cache()) as folder:
        _download(package, suite, Path(folder))
        tree = Path(folder) / "tree"
        for archive in Path(folder).glob(f"{package}_*.deb"):
            run(["dpkg-deb", "-x", str(archive), str(tree)], seconds=120)
        shutil.rmtree(cache() / package, ignore_errors=True)
        tree.rename(cache() / package)
    if not found.exists():
        raise ServerError(f"the package {package} holds no {inside}")
    return found


def venv(requirement: str, program: str) -> Path:
    """A program from PyPI in a venv of its own in the cache; `requirement` is pinned: name==x.y."""
    home = cache() / requirement.replace("==", "-")
    found = home / "bin" / program
    if found.exists():
        return found
    require_permission(requirement)
    run([sys.executable, "-m", "venv", "--clear", str(home)], seconds=120)
    run([str(home / "bin" / "pip"), "install", "-q", requirement], seconds=300)
    return found


def hosts(names: dict[str, str]) -> None:
    """Makes the host names resolve to their loopback addresses by lines in /etc/hosts."""
    known = {word for line in HOSTS.read_text().splitlines() for word in line.split()[1:]}
    missing = {name: address for name, address in names.items() if name not in known}
    if not missing:
        return
    require_permission(f"the host names {', '.join(missing)}")
    require_root("a line in /etc/hosts")
    lines = "".join(f"{at} {name} # crisisroom tests\n" for name, at in missing.items())
    with HOSTS.open("a") as file:
        file.write("\n" * (not HOSTS.read_text().endswith("\n")) + lines)


def _installed(package: str) -> bool:
    if shutil.which("dpkg-query") is None:
        raise Unavailable(f"{package} comes from Debian, and this machine is not one")
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.stdout == "installed"


@functools.cache
def _refresh() -> None:
    _apt_get("update", "-q")


def _download(package: str, suite: str, folder: Path) -> None:
    options = ["-o", "APT::Sandbox::User=root"]  # its usual user cannot write into our folder
    if suite:
        sources = folder / "suite.list"
        sources.write_text(f"deb [signed-by={DEBIAN_KEYS}] {_mirror()} {suite} main\n")
        for place in ("lists/partial", "cache/archives/partial"):
            (folder / place).mkdir(parents=True)
        options += [
            "-o",
            f"Dir::Etc::sourcelist={sources}",
            "-o",
            "Dir::Etc::sourceparts=/dev/null",
        ]
        options += ["-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache"]
        _apt_get(*options, "update", "-q")
    _apt_get(*options, "download", "-q", package, cwd=folder)


def _mirror() -> str:
    """The Debian mirror this machine uses already."""
    files = [f for f in Path("/etc/apt").rglob("*") if f.suffix in {".sources", ".list"}]
    words = [word for file in files for word in file.read_text(errors="replace").split()]
    ours = [word for word in words if "://" in word and word.rstrip("/").endswith("/debian")]
    return ours[0] if ours else DEFAULT_MIRROR


def _apt_get(*arguments: str, cwd: Path | None = None) -> None:
    """apt-get without questions, and without starting a service of what it installs."""
    guard = not POLICY.exists() and "install" in arguments
    if guard:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    environment = ["env", f"--chdir={cwd or '/'}", "DEBIAN_FRONTEND=noninteractive"]
    try:
        run([*environment, "apt-get", "-o", "DPkg::Lock::Timeout=120", *arguments], seconds=600)
    finally:
        if guard:
            POLICY.unlink()
