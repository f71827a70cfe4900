from __future__ import annotations

import os
import re
import resource
import selectors
from pathlib import Path
from typing import Any

import pytest

from crisisroom.config import Account, command
from crisisroom.config.keyed import Keyed
from crisisroom.config.settings import Messenger
from crisisroom.config.token import command_path, places, secret, secret_of
from crisisroom.core.errors import Refused

CANARY = "canary-4711-secret"


def account(token_env: str = "", token_file: str = "") -> Account:
    return Account(
        id="main",
        type="mastodon",
        server="https://x.org",
        token_env=token_env,
        token_file=token_file,
    )


def test_a_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert secret(account("TOKEN"), {"TOKEN": " abc\n"}) == "abc"
    monkeypatch.setenv("TOKEN", "def")
    assert secret(account("TOKEN")) == "def"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_token_comes_from_a_file_of_one_s_own(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "main.token"
    file.write_text("abc\n")
    file.chmod(mode)
    assert secret(account(token_file=str(file)), {}) == "abc"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o620, 0o601])
def test_a_token_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "main.token"
    file.write_text("sk-4711\n")
    file.chmod(mode)
    with pytest.raises(Refused) as refused:
        secret(account(token_file=str(file)), {})
    assert refused.value.code == "open_token_file"
    assert f"{mode:04o}" in refused.value.message
    assert f"chmod 600 {file}" in refused.value.hint
    assert "4711" not in f"{refused.value.message}{refused.value.hint}"


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "no_token"), (" \n", "no_token"), ("two words", "bad_token"), ("a\nb", "bad_token"),
     ("grün", "bad_token"), ("\x1b[31m", "bad_token")],
)  # fmt: skip
def test_what_is_no_token_is_refused_and_not_repeated(
    tmp_path: Path, content: str, code: str
) -> None:
    file = tmp_path / "main.token"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(Refused) as refused:
        secret(account(token_file=str(file)), {})
    assert refused.value.code == code
    assert not content.strip() or content not in refused.value.message


def test_an_account_without_a_token_says_where_it_goes(tmp_path: Path) -> None:
    for who in (account(), account("TOKEN"), account(token_file=str(tmp_path / "none"))):
        with pytest.raises(Refused) as refused:
            secret(who, {})
        assert refused.value.code == "no_token"
        assert refused.value.hint


def test_a_pipe_or_a_directory_holds_no_token(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(Refused) as refused:
            secret(account(token_file=str(path)), {})
        assert refused.value.code == "bad_token_file"


def messenger(**keys: Any) -> Messenger:
    return Messenger(id="sms", type="apprise", by=("sms",), **keys)


def executable(name: str, *lines: str, mode: int = 0o700) -> Path:
    """Put a command where this host's commands lie."""
    path = command_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    path.chmod(mode)
    return path


def refusal(keyed: Keyed, env: dict[str, str] | None = None) -> Refused:
    """Return the refusal, which is one line that says what to do, and no secret."""
    with pytest.raises(Refused) as refused:
        secret(keyed, env if env is not None else dict(os.environ))
    said = f"{refused.value.message} {refused.value.hint}"
    assert CANARY not in said
    assert refused.value.hint
    assert "\n" not in said
    return refused.value


async def test_a_token_comes_from_a_command_of_one_s_own() -> None:
    executable("vault", f"echo {CANARY}", "echo the user is help", "echo not this >&2")
    assert secret(messenger(token_command="vault")) == CANARY
    assert await secret_of(messenger(token_command="vault")) == CANARY


def test_a_command_gets_no_argument_and_no_input() -> None:
    executable("asks", 'echo "$#-$(wc -c)-$(pwd)"')
    assert secret(messenger(token_command="asks")) == "0-0-/"


def test_what_a_command_leaves_running_keeps_nobody_waiting() -> None:
    executable("agent", f"echo {CANARY}", "sleep 30 &")
    assert secret(messenger(token_command="agent")) == CANARY


def test_who_has_a_secret_leaves_no_core_file(monkeypatch: pytest.MonkeyPatch) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        monkeypatch.setenv("SMS", CANARY)
        assert secret(messenger(token_env="SMS")) == CANARY
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


def test_what_a_command_prints_as_it_ends_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(selectors.DefaultSelector):
        missed = False

        def select(self, timeout: float | None = None) -> Any:
            if self.missed or timeout == 0:
                return super().select(timeout)
            self.missed = True  # nothing yet, and then at once all of it
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            return []

    monkeypatch.setattr(selectors, "DefaultSelector", Late)
    executable("quick", f"echo {CANARY}")
    assert secret(messenger(token_command="quick")) == CANARY


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((f"echo {CANARY}", "exit 3"), r"failed \(3\)"),
        ((f"echo {CANARY} >&2", "exit 1"), r"failed \(1\)"),
        ((f"echo {CANARY} kill me", "kill -9 $$"), r"failed \(-9\)"),
        (("head -c 5000 /dev/zero | tr '\\0' x",), "more than a token"),
        (("cat /dev/zero",), "more than a token"),
        (("true",), "holds no token"),
        ((f"echo two {CANARY}",), "is no token"),
    ],
)
def test_a_command_that_gives_no_token_is_refused(lines: tuple[str, ...], told: str) -> None:
    executable("odd", *lines)
    assert re.search(told, refusal(messenger(token_command="odd")).message)


def test_a_command_that_waits_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "SECONDS", 0.3)
    left = tmp_path / "left"
    executable("slow", f"echo {CANARY}", f"(sleep 1; touch {left}) &", "wait")
    assert "gave no token" in refusal(messenger(token_command="slow")).message
    monkeypatch.setattr(command, "SECONDS", 5.0)
    executable("later", "sleep 1.2", f"test ! -e {left} && echo {CANARY}")
    assert secret(messenger(token_command="later")) == CANARY  # all it had started was ended


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o600])
def test_a_command_that_others_can_change_is_not_run(tmp_path: Path, mode: int) -> None:
    ran = tmp_path / "ran"
    executable("open", f"touch {ran}", f"echo {CANARY}", mode=mode)
    said = refusal(messenger(token_command="open"))
    assert said.code == "token_command"
    assert "chmod" in said.hint
    assert not ran.exists()


def test_a_folder_that_others_can_change_gives_no_token() -> None:
    executable("vault", f"echo {CANARY}")
    command_path("vault").parent.chmod(0o777)
    assert "others can change" in refusal(messenger(token_command="vault")).message


def test_a_link_or_a_missing_command_gives_no_token(tmp_path: Path) -> None:
    real = executable("real", f"echo {CANARY}")
    command_path("link").symlink_to(real)
    assert "no ordinary file" in refusal(messenger(token_command="link")).message
    assert "is not there" in refusal(messenger(token_command="none")).message


@pytest.mark.parametrize("name", ["../real", "/bin/echo", "a b", "", "A", "x\0y", "."])
@pytest.mark.parametrize("key", ["token_command", "token_credential"])
def test_settings_of_another_machine_name_no_path(tmp_path: Path, key: str, name: str) -> None:
    executable("real", f"echo {CANARY}")
    (tmp_path / "real").write_text(CANARY)
    env = os.environ | {"CREDENTIALS_DIRECTORY": str(tmp_path / "sub")}
    assert refusal(messenger(**{key: name}), env).code in ("bad_token", "no_token")


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600])
def test_a_token_comes_from_systemd(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "mail-password"
    file.write_text(f"{CANARY}\n")
    file.chmod(mode)
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert secret(messenger(token_credential="mail-password"), env) == CANARY


@pytest.mark.parametrize("mode", [0o444, 0o404, 0o620, 0o460])
def test_a_credential_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "mail-password"
    file.write_text(CANARY)
    file.chmod(mode)
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert refusal(messenger(token_credential="mail-password"), env).code == "open_token_file"


def test_without_systemd_a_credential_says_what_to_do(tmp_path: Path) -> None:
    for env in ({}, {"CREDENTIALS_DIRECTORY": ""}, {"CREDENTIALS_DIRECTORY": "here"}):
        assert "LoadCredential=pw:PATH" in refusal(messenger(token_credential="pw"), env).hint
    said = refusal(messenger(token_credential="pw"), {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert "cannot be read" in said.message


def test_two_places_are_one_too_many() -> None:
    both = messenger(token_env="A", token_credential="b")
    assert places(both) == ("token_env", "token_credential")
    assert refusal(both, {"A": CANARY}).code == "two_tokens"
    assert places(messenger()) == ()
    assert "messenger sms" in refusal(messenger()).message


def test_a_command_is_looked_for_beside_the_host_s_settings() -> None:
    path = command_path("x", {"HOME": "/home/ada"})
    assert path == Path("/home/ada/.config/crisisroom/commands/x")
    assert command_path("x", {"XDG_CONFIG_HOME": "/c"}) == Path("/c/crisisroom/commands/x")
