"""Signatures with real SSH keys: made by ssh-keygen, asking nobody, checked against signers."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisroom import signing
from crisisroom.core.errors import Refused

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not on this machine"
)
NOTHING = b"\0\r\n\xff words"


def made(folder: Path, name: str = "key", passphrase: str = "") -> Path:
    """Make a key of one's own."""
    path = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", str(path)],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return path


def signers(folder: Path, *keys: Path) -> str:
    """Write the file of allowed signers: each key's owner is called after its file."""
    path = folder / "allowed_signers"
    lines = [f"{key.name}@example.org {key.with_suffix('.pub').read_text()}" for key in keys]
    path.write_text("".join(lines))
    return str(path)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An agent of one's own, with nothing in it."""
    sock = tmp_path / "agent.sock"
    with subprocess.Popen(
        ["ssh-agent", "-D", "-a", str(sock)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        env = {**os.environ, "SSH_AUTH_SOCK": str(sock)}
        for _ in range(1000):
            listed = subprocess.run(["ssh-add", "-l"], env=env, capture_output=True, check=False)
            if listed.returncode != 2:
                break
        yield env
        process.terminate()


def test_what_was_signed_is_known_by_its_signer(tmp_path: Path) -> None:
    ada, bo = made(tmp_path, "ada"), made(tmp_path, "bo")
    armoured = signing.sign(NOTHING, str(ada))
    assert armoured.startswith(b"-----BEGIN SSH SIGNATURE-----\n")
    who = signing.check(NOTHING, armoured, signers(tmp_path, bo, ada))
    assert who.who == "ada@example.org"
    assert who.key.startswith("ED25519 key SHA256:")


def test_a_file_is_signed_by_what_is_in_it(tmp_path: Path) -> None:
    ada = made(tmp_path, "ada")
    for name in ("plain", "-Y sign -f x", "--help", "a\nb", "ü %s"):
        path = tmp_path / name
        path.write_bytes(NOTHING)
        armoured = signing.sign(path, str(ada))
        assert signing.check(NOTHING, armoured, signers(tmp_path, ada)).who == "ada@example.org"


def test_a_key_whose_name_looks_like_an_option_is_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "ada").rename(tmp_path / "-n")
    monkeypatch.chdir(tmp_path)
    armoured = signing.sign(NOTHING, "-n")
    (tmp_path / "-f").write_text(f"ada@example.org {(tmp_path / 'ada.pub').read_text()}")
    assert signing.check(NOTHING, armoured, "-f").who == "ada@example.org"


def test_what_was_changed_or_is_of_others_is_refused(tmp_path: Path) -> None:
    ada, eve = made(tmp_path, "ada"), made(tmp_path, "eve")
    allowed = signers(tmp_path, ada)
    armoured = signing.sign(NOTHING, str(ada))
    with pytest.raises(Refused, match="not of these bytes"):
        signing.check(NOTHING + b".", armoured, allowed)
    with pytest.raises(Refused, match="not in"):
        signing.check(NOTHING, signing.sign(NOTHING, str(eve)), allowed)
    with pytest.raises(Refused, match="no signature"):
        signing.check(NOTHING, b"hello", allowed)
    with pytest.raises(Refused, match=r"not in|not of"):
        signing.check(NOTHING, armoured.replace(b"U1NIU0lH", b"U1NIU0lI"), allowed)


def test_a_signature_for_another_purpose_is_none_of_ours(tmp_path: Path) -> None:
    ada = made(tmp_path, "ada")
    (tmp_path / "data").write_bytes(NOTHING)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(ada), str(tmp_path / "data")],
        check=True,
        capture_output=True,
    )
    armoured = (tmp_path / "data.sig").read_bytes()
    with pytest.raises(Refused, match="not for this purpose"):
        signing.check(NOTHING, armoured, signers(tmp_path, ada))


def test_a_locked_key_asks_nobody(tmp_path: Path) -> None:
    locked = made(tmp_path, "locked", passphrase="canary words")
    with pytest.raises(Refused, match="locked") as caught:
        signing.sign(NOTHING, str(locked), {**os.environ, "SSH_AUTH_SOCK": ""})
    assert "ssh-add" in caught.value.hint


def test_the_agent_signs_where_it_has_the_key(tmp_path: Path, agent: dict[str, str]) -> None:
    ada = made(tmp_path, "ada")
    with pytest.raises(Refused, match="no SSH key"):
        signing.sign(NOTHING, "", agent | {"HOME": str(tmp_path / "nowhere")})
    subprocess.run(["ssh-add", "-q", str(ada)], env=agent, check=True, capture_output=True)
    ada.unlink()
    by_public = signing.sign(NOTHING, str(tmp_path / "ada.pub"), agent)
    by_agent = signing.sign(NOTHING, "", agent | {"HOME": str(tmp_path / "nowhere")})
    for armoured in (by_public, by_agent):
        assert signing.check(NOTHING, armoured, signers(tmp_path, ada)).who == "ada@example.org"


def test_the_usual_key_is_found(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    ada = made(home / ".ssh", "id_ed25519")
    env = {**os.environ, "HOME": str(home), "SSH_AUTH_SOCK": ""}
    armoured = signing.sign(NOTHING, "", env)
    assert signing.check(NOTHING, armoured, signers(tmp_path, ada)).who == "id_ed25519@example.org"


@pytest.mark.parametrize("key", ["missing", "", "folder"])
def test_without_a_key_it_is_one_line(tmp_path: Path, key: str) -> None:
    (tmp_path / "folder").mkdir()
    env = {**os.environ, "HOME": str(tmp_path), "SSH_AUTH_SOCK": ""}
    with pytest.raises(Refused) as caught:
        signing.sign(NOTHING, str(tmp_path / key) if key else "", env)
    assert "\n" not in caught.value.message


def test_what_is_no_key_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("hello")
    with pytest.raises(Refused) as caught:
        signing.sign(NOTHING, str(tmp_path / "words"))
    assert "\n" not in caught.value.message


def test_without_ssh_keygen_it_says_so(tmp_path: Path) -> None:
    ada = made(tmp_path, "ada")
    with pytest.raises(Refused, match="ssh-keygen is not on this machine") as caught:
        signing.sign(NOTHING, str(ada), {"PATH": str(tmp_path)})
    assert "install" in caught.value.hint


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = made(tmp_path, "ada")
    private = tmp_path / "tmp"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    seen: list[int] = []
    kept = signing._kept

    def watched(path: Path, data: bytes) -> Path:
        done = kept(path, data)
        seen.append(stat.S_IMODE(done.stat().st_mode))
        return done

    monkeypatch.setattr(signing, "_kept", watched)
    signing.check(NOTHING, signing.sign(NOTHING, str(ada)), signers(tmp_path, ada))
    assert seen == [0o600]
    assert list(private.iterdir()) == []
