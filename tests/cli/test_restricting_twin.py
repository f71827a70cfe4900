"""A room beside its twin that never had the restricted incident: an outsider reads the same."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from cli.driver import MENTIONS, Cli, as_lines
from cli.test_restricting import CANARY, ELSEWHERE, PLANTED, TEAM, People, _apart

from crisisroom.cli.commands import load
from crisisroom.cli.examples import EXAMPLES
from crisisroom.cli.verbs import SUMMARIES

POSTS = [
    {
        "text": f"kettle {number} was charged twice, refund",
        "source": "social",
        "external_id": f"x{number}",
        "author": {"handle": f"@h{number}"},
    }
    for number in range(12)
]
HIDDEN = (
    *PLANTED,
    f"statement edit ST-1 '{CANARY} words said'",
    f"statement ask ST-1 ben --way {CANARY}",
    f"note 'for legal {CANARY}' --legal",
    f"message add '{CANARY} message.' --when {CANARY}",
    f"line set all questions '{CANARY}'",
    f"contact called authority --by phone '{CANARY}'",
    f"task done pause-posts '{CANARY} brands'",
    f"evidence add {CANARY}.png --about M-2",
    f"cadence snooze public 15m --reason '{CANARY}'",
    f"correct 4 '{CANARY}'",
    "narrative link N-1",
    f"escalate call-lead --why '{CANARY}'",
    f"question ask ST-1 'is {CANARY} sure?' --to ben",
    "enquiry assign EQ-1 ben",
    "role assign legal ben",
    f"severity sev1 '{CANARY}'",
)
FOR_HOSTS = ("room move", "room prepare")  # whole rooms, for who may read the file
MAY_FAIL = ("statement ask",)
OPEN = (
    "note INC-1 'public note'",
    "fact set INC-1 affected 'all kettles'",
    "role take INC-1 lead",
    "statement draft INC-1 holding",
    "reply draft INC-1 M-1 'thanks'",
    "enquiry add INC-1 'why?' --outlet Daily",
    "action add INC-1 'test' --owner cleo --due 2026-12-24",
    "factor add INC-1 'alarm'",
    "review write INC-1 summary 'A batch.'",
    "promise add INC-1 R-1 'call' --due +2h --owner cleo",
    "question ask INC-1 ST-1 'sure?' --to legal",
    "message add INC-1 'Batch 7 only.' --when batch",
    "evidence add INC-1 letter.pdf --note n",
)
FORMATS = ("html", "json", "jsonl", "md", "csv")
PROFILES = ("internal", "public", "legal")
MORE = (
    *(
        f"export INC-1 --format {one} --profile {profile} -o out/{profile}.{one}"
        f"{'/' if one == 'csv' else ''}"
        for one in FORMATS
        for profile in PROFILES
    ),
    *(f"brief INC-1 --for {who}" for who in ("exec", "lead", "legal", "comms", "care", "media")),
    "evidence list --json",
    "evidence list",
    "evidence show deadbeef",
    "mentions --json --limit 100",
    "mentions --query is:free --json",
    "mention show M-2 --json",
    "incidents --json",
    "anchor make",
    "anchor list --json",
    "verify --json",
    "stats --json",
    "notify list --json",
    "who --json",
    "hold list --json",
    "draft list --json",
    "outbox --json",
    "action list --all-incidents --json",
    "since --json",
)


def twin(cli: Cli, monkeypatch: pytest.MonkeyPatch, *, hidden: bool) -> People:
    """Set up a room of which an outsider sees INC-1; `hidden` has INC-2 for ada and ben, too."""
    Path("crisisroom.yaml").write_text(TEAM)
    Path(f"{CANARY}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + CANARY.encode())
    Path("out").mkdir()
    Path("letter.pdf").write_bytes(b"%PDF-1.4")
    Path("screen.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Path("video.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    told = People(cli, monkeypatch)
    told("ada", "incidents")
    cli.ok("ingest", stdin=as_lines([*MENTIONS, *POSTS]))
    told.ok("ada", "playbook approve product-defect")
    made = "--playbook product-defect --severity sev2"
    told.ok("ada", f"declare 'Kettles smoke' {made} --mention M-1")
    for line in OPEN:
        said = told("cleo", line)
        assert said.code == 0, (line, said)
    if hidden:
        _hide(told, made)
    return told


def _hide(told: People, made: str) -> None:
    told.ok("ada", f"declare 'the {CANARY}' {made} --mention M-2 --restricted-to ben")
    for line in HIDDEN:
        verb, rest = _apart(line)
        said = told("ada", f"{verb} INC-2 {rest}")
        assert said.code == 0 or line.startswith(MAY_FAIL), (line, said)
    told.ok("ada", "filter save mine is:free in:INC-2")


def every_line() -> list[str]:
    """Return every example there is, on the incident that is for all, and more; declaring last."""
    found = dict.fromkeys(
        _on_ours(re.sub(r" [|<>] .*", "", line))
        for name, some in EXAMPLES.items()
        if name.split()[0] not in ELSEWHERE and name not in FOR_HOSTS
        for line in some
        if "--format all" not in line and line.split()[:2] != ["review", "edit"]
    )
    lines = [one for one in (*MORE, *found, *_as_json()) if not one.startswith("--room")]
    return sorted(lines, key=lambda one: one.startswith(("declare", "import ")))


def _as_json() -> list[str]:
    """Return the first example of every verb that only reads the room, asked for as JSON."""
    looks = [name for name in SUMMARIES if (how := load(name).over_key) and not how.acts]
    lines = [EXAMPLES.get(name, (name,))[0] for name in looks if name.split()[0] not in ELSEWHERE]
    return [f"{_on_ours(one)} --json" for one in lines if "--json" not in one and ">" not in one]


def _on_ours(line: str) -> str:
    ours = {"INC-7": "INC-1", "M-12": "M-1", "M-13": "M-3", "M-4": "M-6", "R-3": "R-1"}
    ours |= {"N-3": "N-1", " --follow": ""}
    return re.sub("|".join(f"{one}(?![0-9])" for one in ours), lambda one: ours[one[0]], line)


def told_to(people: People, name: str, line: str, folder: Path) -> str:
    """Return all that a command line gives somebody, files too, without what no two rooms share."""
    before = _files(folder)
    said = people(name, line)
    fresh = sorted(_files(folder) - before)
    text = "\n".join((f"{said.code}", said.out, said.err, *(_read(path) for path in fresh)))
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{4,}", "<uid>", text)
    text = re.sub(r"sha256-[A-Za-z0-9+/]+=", "<sum>", text)
    text = re.sub(r"\b[0-9a-f]{6,64}\b", "<sum>", text)
    text = re.sub(rf"{re.escape(str(folder))}\S*|/tmp/\S+", "<path>", text)
    return re.sub(r"(size_bytes|change_seq|db_bytes|bytes_free\S*) \d+", r"\1 <n>", text)


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and ".db" not in path.name}


def _read(path: Path) -> str:
    return f"{path.name}\n{path.read_bytes().decode('utf-8', 'replace')}"


def test_an_outsider_reads_what_is_in_its_twin(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found: list[dict[str, str]] = []
    for number in ("one", "two"):
        folder = tmp_path / number
        folder.mkdir()
        monkeypatch.chdir(folder)
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
            shutil.rmtree(os.environ[name])
            os.mkdir(os.environ[name], 0o700)
        people = twin(cli, monkeypatch, hidden=number == "one")
        found.append({line: told_to(people, "cleo", line, folder) for line in every_line()})
    for line, told in found[0].items():
        assert CANARY not in told.lower(), (line, told)
        if line.startswith("declare") or "no_playbook" in told:  # numbers are given once
            continue
        assert told == found[1][line], line


LEGAL = (
    f"note INC-1 'note {CANARY}' --legal",
    f"fact set INC-1 cause 'fact {CANARY}' --legal",
    f"action add INC-1 'action {CANARY}' --owner ben --due 2026-12-24 --legal",
    f"enquiry add INC-1 'why {CANARY}?' --outlet '{CANARY} times' --legal",
    f"evidence add INC-1 {CANARY}.png --note '{CANARY} evidence'",
    f"decision INC-1 'decide {CANARY}' --why '{CANARY}' --legal",
    f"task add INC-1 'task {CANARY}'",
    f"factor add INC-1 'factor {CANARY}'",
    f"promise add INC-1 R-1 'call {CANARY}' --due +2h --owner ben",
    f"severity INC-1 sev1 '{CANARY}'",
    f"contact called INC-1 authority --by phone '{CANARY}'",
    f"retitle INC-1 'the {CANARY}'",
    f"message add INC-1 '{CANARY} message.' --when {CANARY}",
    f"statement draft INC-1 update '{CANARY} words'",
    f"hold set INC-1 '{CANARY} suit'",
    f"review write INC-1 what-went-well '{CANARY} review'",
)


def test_what_is_for_legal_is_told_to_nobody_else(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    people = twin(cli, monkeypatch, hidden=False)
    people.ok("ben", "role take INC-1 legal")
    for line in LEGAL:
        told = people("ben", line)
        assert told.code == 0, (line, told)
        if "--legal" not in line:
            seq = told.out.split()[1].rstrip(":")
            people.ok("ben", f"mark INC-1 {seq} legal 'advice {CANARY}'")
    for line in every_line():
        assert CANARY not in told_to(people, "cleo", line, tmp_path).lower(), line
