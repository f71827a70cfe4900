from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from crisisroom import library
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook_load import load_playbook

SHIPPED = tuple(sorted(path.stem for path in library.shipped_dir().glob("*.yaml")))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    directory = tmp_path / "plans"
    directory.mkdir()
    (directory / "own-plan.yaml").write_text("id: own-plan\n", encoding="utf-8")
    (directory / "service-outage.yml").write_text("id: ours\n", encoding="utf-8")
    (directory / "notes.txt").write_text("no playbook")
    (directory / "Not An Id.yaml").write_text("id: x")
    (directory / "folder.yaml").mkdir()
    return directory


def test_every_shipped_file_is_a_playbook_called_like_its_file() -> None:
    assert library.list_ids([]) == SHIPPED
    for name in SHIPPED:
        text, file = library.find(name, [])
        playbook, problems = load_playbook(text, file)
        assert not problems
        assert playbook is not None
        assert playbook.id == Path(file).stem == name


def test_one_s_own_playbooks_come_before_the_shipped_ones(own: Path, tmp_path: Path) -> None:
    search = [tmp_path / "nowhere", own]
    assert library.list_ids(search) == tuple(sorted(("own-plan", *SHIPPED)))
    assert library.find("own-plan", search) == ("id: own-plan\n", str(own / "own-plan.yaml"))
    assert library.find("service-outage", search)[0] == "id: ours\n"
    assert library.find("product-defect", search)[0] == library.find("product-defect", [])[0]


def test_a_path_is_a_path(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own / "own-plan.yaml"
    assert library.find(str(path), []) == ("id: own-plan\n", str(path))
    monkeypatch.chdir(own)
    assert library.find("own-plan.yaml", [])[0] == "id: own-plan\n"
    assert library.find("./own-plan.yaml", [])[1] == "own-plan.yaml"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("own-pan", 'did you mean "own-plan"?'),
        ("zzz", "there is: "),
        ("", "there is: "),
        ("folder", "there is: "),
        ("Not An Id", "there is: "),
        ("none.yaml", ""),
        ("/nowhere/at/all", ""),
        ("x\0.yaml", ""),
        ("\x1b[2J", "there is: "),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(own: Path, name: str, hint: str) -> None:
    with pytest.raises(Usage) as refused:
        library.find(name, [own])
    assert refused.value.hint.startswith(hint)
    assert refused.value.message.isprintable()


def test_what_cannot_be_read_as_text_is_refused(own: Path) -> None:
    (own / "latin.yaml").write_bytes("id: x\ntitle: Größe\n".encode("latin-1"))
    (own / "large.yaml").write_bytes("é".encode() * 200_000)
    os.mkfifo(own / "pipe.yaml")
    with pytest.raises(Refused, match=r"latin\.yaml:2:10: this is not UTF-8"):
        library.find("latin", [own])
    with pytest.raises(Refused, match="larger than 256 KiB"):
        library.find("large", [own])
    for path in (own / "pipe.yaml", own / "folder.yaml", Path("/dev/zero")):
        with pytest.raises(Refused, match="cannot be read"):
            library.read(path)


PEOPLE = 'roles:\n  - {id: lead, title: "Lead"}\n'
PLAN = """\
schema: 1
id: plan
title: "Plan"
version: 1
owner: lead
include: [shared/people.yaml]
severities: [{id: sev1, label: "Crisis"}]
"""


def test_a_playbook_is_loaded_with_the_files_beside_it(own: Path) -> None:
    (own / "plan.yaml").write_text(PLAN)
    (own / "shared").mkdir()
    (own / "shared" / "people.yaml").write_text(PEOPLE)
    for name in ("plan", str(own / "plan.yaml")):
        playbook, problems = library.load(name, [own])
        assert not problems
        assert playbook is not None
        assert [role.id for role in playbook.roles] == ["lead"]
    (own / "shared" / "people.yaml").write_text("roles: [x]")
    _, problems = library.load("plan", [own])
    assert {one.file for one in problems} == {str(own / name) for name in FILES}


FILES = ("plan.yaml", "shared/people.yaml")


def test_what_has_grown_old_is_a_problem_on_a_day_only(own: Path) -> None:
    text = PLAN.replace("include: [shared/people.yaml]", "reviewed: 2026-01-01")
    (own / "plan.yaml").write_text(text.replace("owner: lead\n", ""))
    assert library.load("plan", [own])[1] == []
    assert [one.code for one in library.load("plan", [own], today=date(2026, 11, 22))[1]] == [
        "stale"
    ]


def test_nothing_outside_the_folder_is_read(own: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(PEOPLE)
    (own / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (own / "up").symlink_to(tmp_path)
    (own / "in.yaml").symlink_to(own / "people.yaml")
    (own / "ring.yaml").symlink_to(own / "ring.yaml")
    (own / "people.yaml").write_text(PEOPLE)
    read = library.beside(own / "plan.yaml")
    assert read("people.yaml") == read("in.yaml") == PEOPLE
    assert read("nothing.yaml") is None
    for name in ("out.yaml", "up/secret.yaml", "../secret.yaml", str(tmp_path / "secret.yaml")):
        with pytest.raises(Refused, match="leads out of the folder"):
            read(name)
    os.mkfifo(own / "pipe.yaml")
    for name in ("pipe.yaml", "folder.yaml", "ring.yaml"):
        with pytest.raises(Refused, match="cannot be read"):
            read(name)


def test_a_folder_may_itself_be_a_link(own: Path, tmp_path: Path) -> None:
    (own / "people.yaml").write_text(PEOPLE)
    (tmp_path / "link").symlink_to(own)
    assert library.beside(tmp_path / "link" / "plan.yaml")("people.yaml") == PEOPLE


def test_a_file_that_is_no_text_says_where(own: Path) -> None:
    (own / "latin.yaml").write_bytes("id: x\ntitle: Größe\n".encode("latin-1"))
    with pytest.raises(library.NoText) as refused:
        library.read(own / "latin.yaml")
    assert (refused.value.problem.line, refused.value.problem.col) == (2, 10)
    assert "UTF-8" in refused.value.hint


def test_a_wheel_brings_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_HERE", tmp_path / "crisisroom")
    assert library.shipped_dir() == tmp_path / "playbooks"
    packaged = tmp_path / "crisisroom" / "_playbooks"
    packaged.mkdir(parents=True)
    assert library.shipped_dir() == packaged


def test_reading_a_playbook_is_what_pays_for_the_parser() -> None:
    code = (
        "import sys, crisisroom.config, crisisroom.library, crisisroom.core.playbook_load as load\n"
        "print('yaml' in sys.modules)\n"
        "load.load_playbook('a: b', 'x')\n"
        "print('yaml' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["False", "True"]
