"""The team in crisisroom.yaml: people, their rights, their keys."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.config import Config, Member, Problem, member_of, who_may_hold
from crisisroom.config.load import load_config, team_problems
from crisisroom.config.sshkey import bare_key, fingerprint, key_flaw
from crisisroom.config.team_rules import Known

ADA = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
TEAM = f"""\
schema: 1
team:
  - id: ada
    name: "Ada Example"
    roles: [lead, social]
    approves: [public-words]
    handles: ["@ada@mastodon.example"]
    keys: ["{ADA} ada@laptop"]
    reach:
      - {{by: phone, to: "+49 30 1234"}}
      - {{by: email, to: ada@example.org}}
    zone: Europe/Berlin
  - {{id: kim, name: Kim, access: executive}}
"""


def good(text: str) -> Config:
    config, problems = load_config(text, "c.yaml")
    assert not problems
    assert config is not None
    return config


def problem(old: str, new: str) -> Problem:
    assert old in TEAM
    _, problems = load_config(TEAM.replace(old, new, 1), "c.yaml")
    assert len(problems) == 1, [str(one) for one in problems]
    return problems[0]


def test_a_member_with_everything() -> None:
    ada, kim = good(TEAM).team
    assert ada.approves == ("public-words",)
    assert [(way.by, way.to) for way in ada.reach] == [
        *(("phone", "+49 30 1234"), ("email", "ada@example.org"))
    ]
    assert (ada.zone, ada.access, kim.access) == ("Europe/Berlin", "", "executive")
    assert (ada.reads_only, kim.reads_only) == (False, True)


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("roles: [lead, social]", "roles: [lead, lead]", '"lead" stands here twice', ""),
        ("+49 30 1234", "call me", '"call me" is no telephone number', "+49 30 1234"),
        ("ada@example.org", "ada", '"ada" is no mail address', "ada@example.org"),
        ("Europe/Berlin", "Europe/Berln", "no time zone has this name", "Europe/Berlin"),
        ("access: executive", "access: reader", '"reader" is not known here', "observer"),
        ("access: executive", "access: observer, roles: [lead]", "an observer reads only", "take"),
        (
            "access: executive",
            "access: executive, approves: [x]",
            "an executive reads only",
            "take",
        ),
        ("keys:", "key:", 'the key "key" is not known here', "write keys:, a list"),
        ("zone:", "timezone:", 'the key "timezone" is not known here', "write zone:"),
        ("@ada@mastodon", "ada at mastodon", "a handle is one word", ""),
        ("access: executive", f'keys: ["{ADA} kim"]', "ada has this key already", "one person's"),
        (f"{ADA} ada@laptop", "ada@laptop", "a key begins with its type", ""),
    ],
)
def test_each_slip_is_named_where_it_stands(old: str, new: str, message: str, hint: str) -> None:
    found = problem(old, new)
    assert message in found.message
    assert hint in f"{found.message} {found.hint}"
    assert found.line > 2


def test_roles_and_approvals_that_no_playbook_has() -> None:
    known = Known({"lead", "legal", "social"}, {"public-words"})
    assert team_problems(TEAM, "c.yaml", known) == []
    text = TEAM.replace("[lead, social]", "[leed]").replace("[public-words]", "[publicwords]")
    role, approval = team_problems(text, "c.yaml", known)
    assert (role.message, role.hint) == ('no playbook has the role "leed"', 'did you mean "lead"?')
    assert (role.line, role.col) == (5, 13)
    assert approval.hint == 'did you mean "public-words"?'


def test_who_may_what() -> None:
    ada, bo, kim = (
        Member("ada", "Ada", ("lead",), approves=("a",)),
        Member("bo", "Bo", ("lead",)),
        Member("kim", "Kim", ("lead",), access="observer"),
    )
    assert who_may_hold((ada, bo, kim), "lead") == ("ada", "bo")
    assert [one.may_give("a") for one in (ada, bo, kim)] == [True, True, False]
    assert [one.may_give("b") for one in (ada, bo, kim)] == [False, True, False]
    assert member_of((ada, bo), "bo") is bo
    assert member_of((ada, bo), "cy") is None


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa"])
def test_the_keys_of_ssh_keygen_are_sound(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    words = ["ssh-keygen", "-q", "-N", "", "-C", "ada at home", "-f", str(file), "-t"]
    subprocess.run([*words, *kind.split()], check=True)
    public = file.with_suffix(".pub").read_text().strip()
    told = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(file)], check=True, capture_output=True, text=True
    )
    assert key_flaw(public) == ""
    assert fingerprint(public) == told.stdout.split()[1]
    assert "PRIVATE" not in key_flaw(file.read_text())
    assert "private key" in key_flaw(file.read_text())


def test_a_weak_rsa_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    words = ["ssh-keygen", "-q", "-N", "", "-t", "rsa", "-b", "1024", "-f", str(file)]
    subprocess.run(words, check=True)
    assert "too weak" in key_flaw(file.with_suffix(".pub").read_text().strip())


def _key(kind: str, *parts: bytes) -> str:
    every = (kind.encode(), *parts)
    blob = b"".join(len(part).to_bytes(4) + part for part in every)
    return f"{kind} {base64.b64encode(blob).decode()}"


@pytest.mark.parametrize(
    ("key", "flaw"),
    [
        (f'command="id" {ADA}', "begins with its type, not with options"),
        (f"no-pty {ADA}", "begins with its type"),
        (f"{ADA}\ncommand", "one line"),
        (f"{ADA}\x0b", "one line"),
        (ADA[:-4], "cut off"),
        (ADA.replace("IOMqq", "IOMq"), "cut off"),
        ("ssh-ed25519", "cut off"),
        (f"ssh-rsa {ADA.split()[1]}", "not of the type"),
        ("ssh-dss AAAAB3NzaC1kc3MA", "too weak"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate"),
        (_key("ssh-ed25519", b"x" * 31), "another length"),
        (_key("ssh-ed25519", b"x" * 32, b"y"), "another length"),
        (_key("ecdsa-sha2-nistp256", b"nistp384", b"\x04" + b"x" * 64), "another length"),
        (_key("sk-ssh-ed25519@openssh.com", b"x" * 32, b""), "no application"),
        (_key("ssh-rsa", b"\x03"), "too weak"),
    ],
)
def test_what_is_no_key(key: str, flaw: str) -> None:
    assert flaw in key_flaw(key)


def test_keys_of_tokens_are_sound() -> None:
    assert key_flaw(_key("sk-ssh-ed25519@openssh.com", b"x" * 32, b"ssh:")) == ""
    curve = _key("sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", b"\x04" + b"x" * 64, b"ssh:")
    assert key_flaw(curve) == ""


@given(st.text(max_size=80))
def test_no_text_breaks_the_check_of_keys(text: str) -> None:
    assert key_flaw(text)
    key_flaw(f"ssh-ed25519 {text}")
    key_flaw(f"{ADA} {text}")


@given(st.binary(max_size=60))
def test_no_bytes_break_the_check_of_keys(blob: bytes) -> None:
    kind = b"\0\0\0\x0bssh-ed25519"
    assert key_flaw(f"ssh-ed25519 {base64.b64encode(kind + blob).decode()}") or len(blob) == 36


def test_a_comment_is_no_part_of_a_key() -> None:
    assert bare_key(f"{ADA} ada@laptop") == ADA
