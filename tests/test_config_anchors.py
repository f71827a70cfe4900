"""The places for anchors in crisisroom.yaml: what they need, and what is a slip."""

from __future__ import annotations

import pytest

from crisisroom.config import room_from, room_part
from crisisroom.config.load import load_config

WHOLE = """\
schema: 1
accounts:
  - {id: press, type: mail, smtp: mail.example.org, handle: press@example.org, token_env: P}
  - {id: box, type: mail, host: mail.example.org, handle: press, token_env: BOX}
  - {id: hook, type: webhook, server: "https://intra.example.org", to: /words, token_env: HOOK}
  - {id: fedi, type: mastodon, server: "https://social.example", token_env: F}
anchors:
  - {id: vault, to: "file:kept/anchors"}
  - {id: notary, account: press, to: notary@law.example, every: 1d, incidents: all, sign: yes}
  - {id: ledger, account: hook, to: /anchors}
"""


def test_places_reach_the_room() -> None:
    config, problems = load_config(WHOLE, "/srv/crisisroom.yaml")
    assert not problems
    assert config is not None
    room = room_from(room_part(config))
    assert room.anchors == config.anchors
    assert [one.file for one in room.anchors] == ["/srv/kept/anchors", "", ""]
    assert [one.sign for one in room.anchors] == [False, True, False]
    assert [(one.every, one.incidents) for one in room.anchors] == [
        (3600, "open"),
        (86400, "all"),
        (3600, "open"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('to: "file:kept/anchors"', "every: 2h", "missing_key", "go somewhere"),
        ('"file:kept/anchors"', '"file:"', "value", "path"),
        ('"file:kept/anchors"', '"file:~bo/x"', "value", "~/"),
        ('"file:kept/anchors"', '"file:x", account: press', "unknown_key", "no account"),
        ("account: press, to", "account: nobody, to", "reference", "nobody"),
        ("account: press, to", "account: box, to", "type", "box"),
        ("account: hook, to", "account: fedi, to", "type", "fedi"),
        ("to: notary@law.example, ", "", "missing_key", "whom it goes to"),
        ("to: notary@law.example", "to: nobody at all", "value", ""),
        ("to: /anchors", "to: anchors", "value", "path"),
        ("every: 1d", "every: 30s", "range", ""),
        ("id: ledger", "id: vault", "duplicate", "vault"),
        ("incidents: all", "incidents: some", "choice", "open"),
        ("incidents: all", "sign: maybe", "type", ""),
    ],
)
def test_a_slip_is_named(old: str, new: str, code: str, says: str) -> None:
    assert old in WHOLE
    config, problems = load_config(WHOLE.replace(old, new, 1), "c.yaml")
    assert config is None
    assert any(says in f"{one.message} {one.hint}" for one in problems)
    assert code in {one.code for one in problems}
