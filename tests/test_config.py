from __future__ import annotations

import json

import pytest
from awkward_yaml import REFUSED, Awkward
from hypothesis import given
from hypothesis import strategies as st

from crisisroom import library
from crisisroom.config import Config, Problem, RoomConfig, room_from, room_part
from crisisroom.config.load import load_config
from crisisroom.core.errors import Refused

FULL = """\
schema: 1
room:
  address: rooms/room.db
  name: "Example's room"
  zone: Europe/Berlin
  language: de
brand:
  name: Example
  names: [Example, "Example #1"]
  accounts: [main]
accounts:
  - id: main
    type: mastodon
    server: https://social.example.org
    handle: "@example@social.example.org"
    owner: ada
    backup: bo
    token_file: secrets/main.token
sources:
  - {id: news, type: feed, url: "https://www.example.org/feed.xml", every: 5m, keywords: [NO]}
  - {id: social, type: mastodon, account: main, hashtags: [example, größe], notifications: yes}
  - {id: public, type: mastodon, url: "https://social.example.org", hashtags: [example]}
  - {id: desk, type: jsonl, path: desk.jsonl}
  - {id: lab, type: feed, url: "http://[::1]:8080/feed", private: yes, ca_file: /etc/ca.pem}
  - {id: practice, type: demo}
team:
  - {id: ada, name: Ada, roles: [lead, social]}
  - {id: bo, name: Bo}
playbooks: plans
"""


def good(text: str, name: str = "/srv/room/crisisroom.yaml") -> Config:
    config, problems = load_config(text, name)
    assert not problems
    assert config is not None
    return config


def problems_of(old: str, new: str) -> list[Problem]:
    assert old in FULL
    config, problems = load_config(FULL.replace(old, new, 1), "c.yaml")
    assert config is None
    return problems


def test_a_full_configuration_loads() -> None:
    config = good(FULL)
    assert config.room.zone == "Europe/Berlin"
    assert config.sources[0].every == 300
    assert config.sources[0].keywords == ("NO",)
    assert config.sources[1].every == 60
    assert config.sources[1].notifications
    assert config.brand.names == ("Example", "Example #1")
    assert config.team[0].roles == ("lead", "social")


def test_the_smallest_configuration_loads() -> None:
    config = good("schema: 1\n")
    assert config == Config(schema=1, playbooks="/srv/room/playbooks")


def test_paths_are_taken_from_the_file_they_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    config = good(FULL.replace("path: desk.jsonl", 'path: "~/desk.jsonl"'))
    assert config.room.address == "/srv/room/rooms/room.db"
    assert config.playbooks == "/srv/room/plans"
    assert config.accounts[0].token_file == "/srv/room/secrets/main.token"
    assert config.sources[3].path == "/home/ada/desk.jsonl"
    assert config.sources[4].ca_file == "/etc/ca.pem"
    remote = good(FULL.replace("rooms/room.db", "postgresql://db.example.org/room"))
    assert remote.room.address == "postgresql://db.example.org/room"


def test_the_starter_loads_with_and_without_its_examples() -> None:
    text = library.starter()
    assert good(text).brand.name == "Example"
    keys = [
        "terms",
        "exclude",
        "sources",
        "accounts",
        "expected",
        "campaigns",
        "warn",
        "evidence",
        "team",
        "pauses",
        "messengers",
        "notifying",
        "notices",
        "anchors",
        "retention",
        "oncall",
        "keys",
    ]
    heads = ("#   ", *(f"# {key}:" for key in keys))
    lines = [ln.removeprefix("# ") if ln.startswith(heads) else ln for ln in text.split("\n")]
    config = good("\n".join(lines))
    assert len({source.type for source in config.sources}) == 11
    assert [account.type for account in config.accounts] == [
        *("mastodon", "bluesky", "mail", "wordpress", "matrix", "slack", "webhook")
    ]
    assert all(account.sends for account in config.accounts)
    assert [pause.kind for pause in config.pauses] == ["ads", "newsletter"]
    assert [one.type for one in config.messengers] == [
        *("mail", "ntfy", "matrix", "webhook", "apprise")
    ]
    assert config.notifying.test == "mon 10:00"
    assert config.notifying.deadman is not None
    assert config.team[0].notify.quiet == "22:00-07:00"
    assert {term.kind for term in config.terms} == {"brand", "person", "competitor"}
    assert len(config.exclude) == 2
    assert config.expected[0].say == "launch OR keynote"
    assert config.campaigns[0].owner == "ada"
    assert config.warn.risk == ("recall", "injured")
    assert [(one.id, one.access) for one in config.team] == [
        *(("ada", ""), ("bo", ""), ("kim", "executive"))
    ]
    assert config.oncall is not None
    assert config.oncall.people == ("ada", "bo")
    assert [one.id for one in config.anchors] == ["vault", "notary", "ledger"]
    assert (config.evidence.pictures, config.evidence.keep) == ("linked", "500MB")
    assert (config.retention.mentions, config.retention.incidents) == ("90d", "3y")
    assert config.keys == {"claim": "f5"}


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("schema: 1", "schema: 3", "has to be 1", ""),
        ("schema: 1\n", "", '"schema" is missing', ""),
        ("playbooks: plans", "playbook: plans", '"playbook" is not known', 'mean "playbooks"?'),
        ("playbooks: plans", "playbooks: ~root/x", "write a path", ""),
        ("zone: Europe/Berlin", "zone: Europe/Berln", "no time zone has this name", ""),
        ("zone: Europe/Berlin", "zone: ../../etc/passwd", "written like Europe/Berlin", ""),
        ("zone: Europe/Berlin", "zone: /etc/passwd", "written like Europe/Berlin", ""),
        ("rooms/room.db", "mysql://db/room", "a room is a file", ""),
        ("rooms/room.db", "postgresql://me:pw@db/room", "does not stand in an address", ""),
        ("rooms/room.db", "postgresql://db/room?password=pw", "does not stand in", ""),
        ("rooms/room.db", "postgresql://[db/room", "no such host or port", ""),
        ("accounts: [main]", "accounts: [mian]", "no account is called", 'mean "main"?'),
        ("owner: ada", "owner: adda", "no member of the team is called", 'mean "ada"?'),
        ("backup: bo", "backup: zed", "no member of the team is called", "ada, bo"),
        ("type: mastodon", "type: mastdon", "is not known here", "mastodon"),
        ("https://social.example.org\n", "http://social.example.org\n", "https://", ""),
        ("https://social.example.org\n", "https://social.example.org/about\n", "ends with", ""),
        ("https://social.example.org\n", "https://a:b@social.example.org\n", "user name", ""),
        ("https://social.example.org\n", "social.example.org\n", "written like https", ""),
        ("https://social.example.org\n", "https://[oops\n", "written like https", ""),
        ("https://social.example.org\n", "https://x:99999999\n", "written like https", ""),
        ("token_file: secrets/main.token", "token: abc", '"token" is not known', "never stand"),
        ("token_file: secrets/main.token", "token_env: a-b", "variable's name", ""),
        ("token_file: s", "token_env: T\n    token_file: s", "both say", "keep one"),
        ("id: social", "id: news", 'the id "news" is taken', ""),
        ("id: bo,", "id: ada,", 'the id "ada" is taken', ""),
        ("account: main,", "account: mian,", "no account is called", 'mean "main"?'),
        ("account: main, ", "", '"account" or "url"', "add account:"),
        ("account: main, ", "", '"notifications" needs an account', ""),
        ("hashtags: [example, größe], notifications: yes", "every: 60s", "watches nothing", ""),
        ("[example, größe]", '["#example"]', "without its #", ""),
        ("[example, größe]", "[two words]", "without its #", ""),
        ('url: "https://www.example.org/feed.xml", ', "", 'needs "url"', "add url:"),
        ("path: desk.jsonl", "every: 1m", 'needs "path"', "add path:"),
        ("path: desk.jsonl", "path: desk.jsonl, home: yes", 'has no "home"', ""),
        ('"https://www.example.org/feed.xml"', "ftp://example.org/feed", "written like https", ""),
        ('"https://www.example.org/feed.xml"', "file:///etc/passwd", "written like https", ""),
        ("every: 5m", "every: 300", "duration", "5m"),
        ("private: yes", "private: y", "yes or no", ""),
        ("{id: bo, name: Bo}", "{id: Bo Example, name: Bo}", "an id has", ""),
        ("{id: bo, name: Bo}", "{id: bo}", '"name" is missing', ""),
    ],
)
def test_what_does_not_hold_together_is_reported(
    old: str, new: str, message: str, hint: str
) -> None:
    problems = problems_of(old, new)
    assert any(message in found.message and hint in found.hint for found in problems), problems


def test_a_server_on_our_own_network_may_lack_https() -> None:
    plain = "http://social.acme.test\n    private: yes\n"
    config = good(FULL.replace("https://social.example.org\n", plain, 1))
    assert config.accounts[0].private


def test_a_wrong_type_of_source_is_one_problem() -> None:
    assert len(problems_of("type: jsonl", "type: jsnl")) == 1


@pytest.mark.parametrize("key", ["token", "token_env", "server", "handel"])
def test_a_token_in_the_wrong_place_is_not_repeated(key: str) -> None:
    text = f"schema: 1\naccounts:\n  - {{id: a, type: mastodon, {key}: sk-live-4711 x}}\n"
    config, problems = load_config(text, "c.yaml")
    assert config is None
    assert problems
    assert "4711" not in " ".join(str(found) for found in problems)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_an_awkward_file_is_no_configuration(case: Awkward) -> None:
    config, problems = load_config(case.text, "c.yaml")
    assert config is None
    assert problems


@given(st.text(max_size=200))
def test_any_value_loads_or_says_what_is_wrong(text: str) -> None:
    quoted = json.dumps(text)
    for key in ("token_env", "handle", "owner", "ca_file"):
        account = f"{{id: a, type: mastodon, server: https://x.org, {key}: {quoted}}}"
        config, problems = load_config(f"schema: 1\naccounts: [{account}]", "c.yaml")
        assert (config is None) == bool(problems)
    config, problems = load_config(f"schema: 1\nroom: {{address: {quoted}, zone: {quoted}}}", "c")
    assert (config is None) == bool(problems)


def test_the_room_keeps_no_address_and_finds_its_tokens_again() -> None:
    kept = json.loads(json.dumps(room_part(good(FULL))))
    assert "room.db" not in json.dumps(kept)
    assert "playbooks" not in kept
    assert room_from(kept).accounts[0].token_file == "/srv/room/secrets/main.token"


def test_the_room_reads_back_what_it_keeps() -> None:
    config = good(FULL)
    room = room_from(room_part(config))
    assert (room.name, room.zone, room.language) == ("Example's room", "Europe/Berlin", "de")
    assert (room.brand, room.sources, room.team) == (config.brand, config.sources, config.team)
    assert room.accounts == config.accounts
    assert room_from({}) == RoomConfig()


@pytest.mark.parametrize("values", [{"schema": 2}, {"team": [{}]}, {"sources": "x"}])
def test_a_damaged_or_newer_part_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(Refused):
        room_from(values)
