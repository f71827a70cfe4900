"""What may come next on a command line: verbs, options, choices, ids, and for whom."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli, as_lines, declared
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.cli import commands
from crisisroom.cli.offered import SHELLS, printed, quoted, unquoted
from crisisroom.cli.offering import EVERY, main, offered
from crisisroom.cli.verbs import FAMILIES, SUMMARIES

TEAM = """schema: 1
room: {name: "Ours"}
brand: {name: "Ferrow"}
team:
  - {id: ada, name: Ada Byron, roles: [lead, social, comms]}
  - {id: ben, name: Ben Zed, roles: [legal]}
  - {id: cleo, name: Cleo Poe, roles: [lead, social, comms, media, care]}
accounts:
  - {id: masto, type: mastodon, server: https://a.test, token_env: NO_SUCH}
sources:
  - {id: helpdesk, type: jsonl, path: none.jsonl}
"""
HEAVY = (
    "asyncio",
    "textual",
    "rich",
    "aiosqlite",
    "httpx",
    "crisisroom.room",
    "crisisroom.store.tx",
)


def words(*line: str) -> list[str]:
    """Return the words that may come next; the last of the line is the one being written."""
    return [word for word, _ in offered(line[:-1], line[-1]).words]


def files(*line: str) -> bool:
    return offered(line[:-1], line[-1]).files


# Verbs, options, choices.


def test_first_come_the_verbs_and_the_families() -> None:
    assert {*words("")} == {name.partition(" ")[0] for name in SUMMARIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_then_the_second_words_of_a_family(family: str) -> None:
    assert {*FAMILIES[family]} <= {*words(family, "")}


def test_a_verb_that_is_a_family_too_offers_both() -> None:
    assert "contacts" in words("import", "")
    assert files("import", "")
    assert words("team", "") == ["list"]
    assert files("import", "contacts", "")


@pytest.mark.parametrize(
    "line",
    [
        ("--json", "task", ""),
        ("--room", "x.db", "task", ""),
        ("--room=x.db", "--as", "bo", "--plain", "task", ""),
    ],
)
def test_options_of_every_verb_may_stand_before_it(line: tuple[str, ...]) -> None:
    assert "done" in words(*line)


def test_it_knows_the_options_of_every_verb() -> None:
    valued = {name for name, (takes, _) in EVERY.items() if takes is not None}
    assert valued == {*commands._VALUED}
    assert {*EVERY} - valued == {*commands._FLAGS, "--help"}


@pytest.mark.parametrize("line", [("--room", ""), ("task", "--config", ""), ("--room=",)])
def test_files_where_files_are_wanted(line: tuple[str, ...]) -> None:
    assert files(*line)


def test_an_option_comes_once_where_it_counts_once() -> None:
    assert "--format" in words("export", "--")
    assert "--format" not in words("export", "--format", "md", "--")
    assert "--about" in words("note", "--about", "M-1", "--"), "this one may be repeated"
    assert {"--room", "--json", "--help"} <= {*words("export", "-")}


def test_choices_of_an_option_and_of_an_argument() -> None:
    assert words("export", "--profile", "") == ["internal", "legal", "public"]
    assert words("export", "--profile=l") == [
        "--profile=internal",
        "--profile=legal",
        "--profile=public",
    ]
    assert words("completion", "") == [*SHELLS]
    assert "paused" in words("pause", "set", "INC-1", "ads", "")
    assert "paused" in words("pause", "set", "ads", ""), "INC-n may be left out"
    assert words("export", "--profile", "legal", "--command-id", "") == []


def test_after_two_dashes_nothing_is_an_option() -> None:
    assert words("export", "--", "--") == []


def test_free_words_offer_nothing() -> None:
    assert offered(["retitle", "INC-1"], "") == ((), False)
    assert offered(["no-such-verb"], "") == ((), False)
    assert offered(["task", "no-such"], "x").files is False


# Ids.


@pytest.fixture
def team(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A room of three people in which INC-1 is for all, and INC-2 for ada and ben."""
    Path("crisisroom.yaml").write_text(TEAM)
    be(monkeypatch, "ada")
    cli("incidents")
    declared(cli)
    return cli


def be(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let somebody be the one at the terminal."""
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: name)
    monkeypatch.setattr("crisisroom.cli.offered_ids._login", lambda: name)


def test_ids_of_an_incident_of_the_room_and_of_its_settings(team: Cli) -> None:
    assert "pause-posts" in words("task", "done", "")
    assert "INC-1" in words("task", "done", "")
    assert words("task", "done", "INC-1", "")[:1] != ["INC-1"]
    assert "pause-posts" in words("task", "done", "inc-1", "")
    assert "affected" in words("fact", "set", "INC-1", "")
    assert words("mention", "claim", "") == ["M-3", "M-2", "M-1"]
    assert {"ada", "ben", "cleo"} <= {*words("task", "assign", "INC-1", "pause-posts", "")}
    assert words("login", "") == ["masto"]
    assert "helpdesk" in words("mentions", "--source", "")
    assert words("reply", "draft", "M-1", "--channel", "") == ["masto", "by-hand"]
    assert "sev2" in words("severity", "INC-1", "")
    assert words("--as", "") == words("who", "")


def test_several_values_of_one_option(team: Cli) -> None:
    assert "M-1" in words("declare", "x", "--mention", "")
    assert "M-1" in words("declare", "x", "--mention", "M-2", "")
    assert "--playbook" in words("declare", "x", "--mention", "M-2", "--p")


def test_playbooks_by_their_ids(cli: Cli) -> None:
    Path("playbooks").mkdir()
    Path("playbooks/ours.yaml").write_text("schema: 1\n")
    found = words("declare", "x", "--playbook", "")
    assert {"ours", "product-defect"} <= {*found}


def test_without_a_room_there_are_severities_and_no_ids(cli: Cli) -> None:
    assert words("task", "done", "") == []
    assert words("declare", "x", "--severity", "") == ["sev1", "sev2", "sev3"]
    assert not room_file().exists()


def test_a_room_that_the_settings_name(team: Cli) -> None:
    room_file().rename("elsewhere.db")
    assert words("mention", "claim", "") == []
    text = Path("crisisroom.yaml").read_text()
    Path("crisisroom.yaml").write_text(text.replace('{name: "Ours"}', "{address: elsewhere.db}"))
    assert "M-1" in words("mention", "claim", "")
    Path("crisisroom.yaml").write_text("room: {address: [")
    with pytest.raises(Exception, match="expected"):
        words("mention", "claim", "")
    assert words("--room", "elsewhere.db", "mention", "claim", "") == ["M-3", "M-2", "M-1"]


def test_of_a_restricted_incident_others_are_told_nothing(
    team: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.ok("declare", "zanzibar", "--playbook", "product-defect", "--restricted-to", "ben")
    team.ok("filter", "save", "mine", "in:INC-2")
    lines = (["task", "done", ""], ["task", "done", "INC-2", ""], ["open", ""], ["inc"])
    saved = ["filter", "remove", ""]
    for name, sees in (("ben", True), ("cleo", False), ("stranger", False)):
        be(monkeypatch, name)
        told = " ".join(word for line in (*lines, saved) for word in words(*line))
        assert ("INC-2" in told) is sees, name
        assert bool(words("brief", "INC-2", "--role", "")) is sees, name
        assert ("mine" in told) is sees, name
    be(monkeypatch, "stranger")
    assert words("mention", "claim", "") == [], "the team says who is let in"
    assert words("--as", "ada", "mention", "claim", "") == [], "saying so is not enough"


def test_where_something_is_for_legal_others_are_told_no_ids_of_it(
    team: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.ok("fact", "set", "INC-1", "affected", "zanzibar", "--legal")
    for name, sees in (("ben", True), ("cleo", False)):
        be(monkeypatch, name)
        assert bool(words("fact", "set", "INC-1", "")) is sees
        assert words("open", "") == ["INC-1"]


def test_strangers_words_are_never_offered(cli: Cli) -> None:
    post = {"text": "canary", "source": "canary", "author": {"handle": "canary", "name": "canary"}}
    cli.ok("ingest", stdin=as_lines([{**post, "url": "https://canary.test", "lang": "xx"}]))
    cli.ok("declare", "T", "--playbook", "product-defect", "--mention", "M-1")
    for verb in SUMMARIES:
        for start in ([], ["INC-1"], ["M-1"], ["N-1"], ["INC-1", "N-1"]):
            offer = offered([*verb.split(), *start], "")
            assert "canary" not in str(offer), (verb, start)


# For the shells.


def _printed(monkeypatch: pytest.MonkeyPatch, *argv: str) -> str:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="utf-8"))
    assert main(argv) == 0
    return raw.getvalue().decode()


def test_each_shell_is_told_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _printed(monkeypatch, "bash", "ver") == "words\nverify\nversion\n"
    assert f"verify:{SUMMARIES['verify']}\n" in _printed(monkeypatch, "zsh", "ver")
    assert f"verify\t{SUMMARIES['verify']}\n" in _printed(monkeypatch, "fish", "ver")
    assert _printed(monkeypatch, "bash", "check", "") == "files\n"


@pytest.mark.parametrize(
    "argv", [(), ("bash",), ("bash", "\udcff"), ("fish", "--config", "none", "who", "")]
)
def test_what_goes_wrong_is_silent(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    assert _printed(monkeypatch, *argv) in ("", "words\n")
    assert capsys.readouterr().err == ""


def test_odd_names_stay_one_word(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = 'O\'Br$(id) "B" & {x}'
    declared(cli, "--json")
    cli.ok("role", "assign", "INC-1", "lead", odd)
    told = _printed(monkeypatch, "bash", "who", "O").splitlines()
    assert told == ["words", 'O\\\'Br\\$\\(id\\)\\ \\"B\\"\\ \\&\\ \\{x\\}']
    assert unquoted(told[1]) == odd
    assert f"{odd}\n" in _printed(monkeypatch, "fish", "who", "")


def test_it_imports_nothing_that_takes_long(cli: Cli) -> None:
    cli.ok("mention", "add", "Ferrow smokes")
    code = (
        "import sys; from crisisroom.cli.offering import main;"
        " main(['bash', 'mention', 'claim', '']);"
        f" print([one for one in {HEAVY!r} if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == "words\nM-1\n[]\n"
    assert done.stderr == ""


_SHOWN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp"))
_ODD = st.text(st.one_of(st.sampled_from(" '\"\\$`!&|;<>(){}[]*?~#=%^:-,."), _SHOWN), min_size=1)


@given(_ODD, st.sampled_from(["", "'", '"']))
def test_what_is_quoted_is_read_as_it_was(word: str, opened: str) -> None:
    told = quoted(word, opened)
    if told:
        assert unquoted(f"{opened}{told}{opened}") == word
    else:
        assert opened == "'"
        assert "'" in word


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
@given(st.lists(_ODD, min_size=20, max_size=40), st.sampled_from(["", "'", '"']))
def test_bash_reads_it_so_too(some: list[str], opened: str) -> None:
    told = [(word, quoted(word, opened)) for word in some]
    sure = [(word, f"{opened}{one}{opened}") for word, one in told if one]
    script = "set +H; printf '%s\\0' " + " ".join(one for _, one in sure)
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
    expected = b"".join(word.encode() + b"\0" for word, _ in sure)
    assert done.stdout == (expected or b"\0")
    assert done.stderr == b""


@given(st.text(max_size=60))
def test_any_half_written_word_is_read(word: str) -> None:
    assert len(unquoted(word)) <= len(word)


@given(st.lists(st.sampled_from(["task", "done", "INC-1", "--at", "--", "-x", "--room=", "", "é"])))
def test_any_line_comes_to_something(line: list[str]) -> None:
    for shell in SHELLS:
        printed(shell, offered(line, "--room="), "", "")
