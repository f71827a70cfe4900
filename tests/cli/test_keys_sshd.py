"""What sshd's own settings let through before any line of a key counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisroom.cli.keys_sshd import let_through


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("AcceptEnv LD_PRELOAD", "LD_PRELOAD"),
        ("acceptenv LANG LD_*", "LD_PRELOAD"),
        ("AcceptEnv *", "LD_PRELOAD"),
        ('AcceptEnv "BASH_*"', "BASH_ENV"),
        ("AcceptEnv=EN?", "ENV"),
        ("  PermitTunnel yes", "tunnels"),
        ("PermitTunnel point-to-point", "tunnels"),
    ],
)
def test_what_acts_before_the_program_is_named_with_its_line(
    tmp_path: Path, line: str, what: str
) -> None:
    settings = tmp_path / "sshd_config"
    settings.write_text(f"Port 22\n{line}\n")
    assert let_through(settings) == [f"{settings}:2 lets {what} through"]


@pytest.mark.parametrize(
    "line",
    ["AcceptEnv LANG LC_*", "# AcceptEnv *", "PermitTunnel no", "AcceptEnv PYTHON*", "", "x"],
)
def test_what_does_no_harm_is_not_named(tmp_path: Path, line: str) -> None:
    settings = tmp_path / "sshd_config"
    settings.write_text(f"{line}\n")
    assert let_through(settings) == []


def test_files_within_files_are_read_and_a_circle_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, more = tmp_path / "sshd_config", tmp_path / "sshd_config.d" / "x.conf"
    monkeypatch.setattr("crisisroom.cli.keys_sshd.SETTINGS", settings)
    more.parent.mkdir()
    settings.write_text("Include sshd_config.d/*.conf\n")
    more.write_text("AcceptEnv ENV\n")
    assert let_through() == [f"{more}:1 lets ENV through"]
    more.write_text(f"Include {settings}\n")
    assert let_through() == []
    assert let_through(tmp_path / "none") == []
