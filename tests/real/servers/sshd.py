"""OpenSSH's server on a free port, with keys that may be tied to a forced command."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from real.servers import install
from real.servers.base import Daemon, Server, accepts, free_port, run

PRIVILEGE_SEPARATION = Path("/run/sshd")
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin"
ACCEPTED = "LANG LC_* COLORTERM NO_COLOR TERM_PROGRAM CRISISROOM_*"


@dataclass(frozen=True, slots=True)
class Login:
    """A key pair and what ssh needs to use it: `ssh -F config room` logs in."""

    config: Path
    key: Path
    public: str

    def argv(self, *command: str, tty: bool = False) -> list[str]:
        """The ssh command line that runs a command over there, on a terminal where asked."""
        return ["ssh", *(["-tt"] if tty else []), "-F", str(self.config), "room", *command]

    def run(
        self,
        *command: str,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        seconds: float = 60.0,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command over ssh to its end; `env` goes along where the server accepts it."""
        return subprocess.run(
            self.argv(*command),
            input=stdin,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )


class Sshd(Server):
    """sshd for the user who runs the tests; `login` has a plain key, with a shell behind it."""

    name: ClassVar[str] = "sshd"
    login: Login

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self._keys = self.state / "authorized_keys"

    @classmethod
    def install(cls) -> None:
        if shutil.which("sshd", path=SEARCHED) is None or shutil.which("ssh") is None:
            install.apt("openssh-server", "openssh-client")

    def prepare(self) -> Daemon:
        if os.geteuid() == 0:
            PRIVILEGE_SEPARATION.mkdir(exist_ok=True)
        if not self._keys.exists():
            self._make_key("host")
            self._configure()
            self._keys.touch(0o600)
            self.login = self.new_key("plain")
            self.admit(self.login.public)
        sshd = shutil.which("sshd", path=SEARCHED) or "sshd"
        return Daemon([sshd, "-D", "-e", "-f", str(self.state / "sshd_config")], self.log)

    def ready(self) -> bool:
        return accepts("127.0.0.1", self.port)

    def new_key(self, name: str) -> Login:
        """Makes a key pair, which opens nothing before a line with its `public` is admitted."""
        key = self._make_key(name)
        config = self.state / f"{name}.config"
        config.write_text(self._client_config(key))
        return Login(config, key, key.with_suffix(".pub").read_text().strip())

    def admit(self, *lines: str) -> None:
        """Adds lines to authorized_keys, as authorized_keys(5) has them."""
        with self._keys.open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def force(self, name: str, command: str) -> Login:
        """A login that can do nothing but run this command, on a terminal or without."""
        login = self.new_key(name)
        quoted = command.replace('"', '\\"')
        self.admit(f'restrict,pty,command="{quoted}" {login.public}')
        return login

    def _make_key(self, name: str) -> Path:
        key = self.state / f"{name}_key"
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)])
        return key

    def _configure(self) -> None:
        lines = [
            f"Port {self.port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {self.state}/host_key",
            f"AuthorizedKeysFile {self._keys}",
            "PermitRootLogin prohibit-password",
            "PasswordAuthentication no",
            "UsePAM no",
            "StrictModes no",  # the keys lie under the temporary directory
            f"PidFile {self.state}/pid",
            f"AcceptEnv {ACCEPTED}",
        ]
        (self.state / "sshd_config").write_text("\n".join(lines) + "\n")

    def _client_config(self, key: Path) -> str:
        host_key = (self.state / "host_key.pub").read_text().strip()
        known = self.state / "known_hosts"
        known.write_text(f"[127.0.0.1]:{self.port} {host_key}\n")
        lines = [
            "Host room",
            "  HostName 127.0.0.1",
            f"  Port {self.port}",
            f"  User {getpass.getuser()}",
            f"  IdentityFile {key}",
            "  IdentitiesOnly yes",
            "  IdentityAgent none",
            f"  UserKnownHostsFile {known}",
            "  StrictHostKeyChecking yes",
            f"  SendEnv {ACCEPTED}",
            "  LogLevel ERROR",
        ]
        return "\n".join(lines) + "\n"
