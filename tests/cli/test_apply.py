"""`apply` puts settings into force, or leaves everything as it was."""

from __future__ import annotations

from pathlib import Path

from cli.driver import Cli

TEAM = """
schema: 1
room: {name: "Ours", zone: Europe/Berlin}
team:
  - {id: ada, name: "Ada", roles: [lead]}
"""


def test_a_refused_apply_leaves_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text(TEAM)
    (tmp_path / "broken.yaml").write_text("schema: 1\nrom: {}\n")
    for file, why in (("team.yaml", "not in the team"), ("broken.yaml", "rom")):
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert why in cli.refused(1, "apply", file, "--room", "new.db").err
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert after == before
    cli.ok("apply", "--service", "team.yaml", "--room", "new.db")
    assert (tmp_path / "new.db").exists()


def test_a_refused_apply_leaves_what_is_in_force(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text('schema: 1\nroom: {name: "Ours"}\n')
    (tmp_path / "team.yaml").write_text(TEAM)
    cli.ok("apply", "ours.yaml")
    before = cli.json("verify")["chains"]
    cli.refused(1, "apply", "team.yaml")
    assert cli.json("verify")["chains"] == before
    assert cli.ok("apply", "ours.yaml").lines == ["nothing differs: in force"]
