from __future__ import annotations

import os
from pathlib import Path

import pytest

from crisisroom.config import Account, secret
from crisisroom.core.errors import Refused


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
