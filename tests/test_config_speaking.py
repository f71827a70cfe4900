"""Accounts that send, what speaks by itself, ways to people: what they need, and what is a slip."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.config import Config, Problem, room_from, room_part
from crisisroom.config.load import load_config

WHOLE = """\
schema: 1
accounts:
  - {id: fedi, type: mastodon, server: "https://social.example", token_command: fedi}
  - {id: sky, type: bluesky, handle: example.bsky.social, token_env: SKY}
  - {id: blog, type: wordpress, server: "https://www.example.org", handle: ada, token_file: wp}
  - {id: box, type: mail, host: "mail.example.org:993", handle: press, token_env: BOX}
  - {id: press, type: mail, host: mail.example.org, smtp: "mail.example.org:465", handle: press,
     sender: "Example <press@example.org>", to: "a@list.test, b@list.test", token_env: BOX}
  - {id: out, type: mail, smtp: mail.example.org, handle: out@example.org, token_credential: out}
  - {id: ex, type: x, app: KEY, handle: example, token_env: EX}
  - {id: red, type: reddit, app: AbC, to: r/example, handle: example, token_env: RED}
  - {id: crew, type: matrix, server: "https://matrix.example", to: "#crew:example", token_env: MX}
  - {id: floor, type: slack, to: C0123456789, audience: employees, token_env: SLACK}
  - {id: hook, type: webhook, server: "https://intra.example.org", to: /words, token_env: HOOK}
  - {id: tube, type: youtube, token_env: TUBE}
  - {id: stack, type: stackexchange}
team:
  - {id: ada, name: Ada}
  - {id: bo, name: Bo}
pauses:
  - {id: ads, title: Ads, kind: ads, owner: ada, backup: bo, hook: pause-ads}
  - {id: letter, title: Newsletter, kind: newsletter, detail: by hand}
messengers:
  - {id: letters, type: mail, account: press, by: [email, work]}
  - {id: pings, type: ntfy, server: "https://ntfy.example"}
  - {id: texts, type: apprise, by: [sms], token_file: sms}
"""


def good(text: str) -> Config:
    config, problems = load_config(text, "/srv/crisisroom.yaml")
    assert not problems
    assert config is not None
    return config


def problems_of(old: str, new: str) -> list[Problem]:
    assert old in WHOLE
    config, problems = load_config(WHOLE.replace(old, new, 1), "c.yaml")
    assert config is None
    return problems


def test_every_type_loads_and_reaches_the_room() -> None:
    config = good(WHOLE)
    room = room_from(room_part(config))
    assert (room.accounts, room.pauses, room.messengers) == (
        config.accounts,
        config.pauses,
        config.messengers,
    )
    silent = {"box", "tube", "stack"}
    assert {one.id for one in config.accounts} - {one.id for one in room.ways_out} == silent
    assert {one.id: one.read_by for one in room.ways_out} == {
        **dict.fromkeys(("fedi", "sky", "blog", "ex", "red"), "public"),
        **dict.fromkeys(("press", "out"), "written"),
        **dict.fromkeys(("crew", "floor", "hook"), "inside"),
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "says"),
    [
        (", token_env: SKY", "", "missing_key", "{id: sky", "token_file"),
        ("app: AbC, ", "", "missing_key", "{id: red", 'needs "app"'),
        (', server: "https://matrix.example"', "", "missing_key", "{id: crew", 'needs "server"'),
        (', to: "#crew:example"', "", "missing_key", "{id: crew", "add to:"),
        (", token_env: MX", "", "missing_key", "{id: crew", "add token_env:"),
        (", to: C0123456789, audience: employees", "", "missing_key", "{id: floor", 'needs "to"'),
        ('server: "https://intra.example.org", ', "", "missing_key", "{id: hook", '"server"'),
        (", token_env: HOOK", "", "missing_key", "{id: hook", '"token_env"'),
        (" host: \"mail.example.org:993\",", "", "missing_key", "{id: box", '"smtp" to send'),
        ('"#crew:example"', "crew", "value", "crew, tok", "#crisis:example.org"),
        ('"#crew:example"', '"!a b:c"', "value", '"!a b:c"', "by its id"),
        ("to: C0123456789", 'to: "#general"', "value", '"#general', "like C0123456789"),
        ("to: r/example", "to: r/ex-ample", "value", "r/ex-ample", "subreddit"),
        ("to: /words", "to: words", "value", "words, tok", "/crisis/words"),
        ("to: /words", "to: /words?key=1", "value", "/words?key", "no secret"),
        ('"a@list.test, b@list.test"', "everybody", "value", "everybody", "press@example.org"),
        ("Example <press@example.org>", "Example press", "value", '"Example p', "name may stand"),
        ("type: youtube", "type: youtube, audience: media", "missing_key", "media, tok",
         'whom "to" reaches'),
        ("handle: out@example.org", "handle: out", "missing_key", "out, token", "add sender:"),
        ("mail.example.org:465", "mail.example.org:99999", "value", '"mail.example.org:9', "65535"),
        ("mail.example.org:993", "mail.example.org:0", "value", '"mail.example.org:0', "65535"),
        ("handle: press, token_env: BOX}", "handle: press, to: a@b.de, token_env: BOX}",
         "missing_key", "a@b.de", "add smtp:"),
        ("type: slack, to", "type: slack, smtp: a.b, to", "unknown_key", "a.b, to", "only mail"),
        ("type: slack, to", "type: slack, app: a, to", "unknown_key", "a, to", "reddit and x"),
        ("type: youtube", "type: youtube, to: x", "unknown_key", "x, token", "take the line out"),
        ("type: mail, smtp", 'type: mail, server: "https://a.b", smtp', "unknown_key",
         '"https://a.b"', "write host:"),
        ('"https://intra.example.org"', '"http://intra.example.org"', "value", '"http://', "https"),
        ("token_env: SLACK", "token_env: SLACK, token_command: slack", "value", "slack}", "both"),
        ("token_credential: out", "token_credential: out, token_file: x", "value", "out, tok",
         "keep one"),
        ("id: letter,", "id: ads,", "duplicate", "ads, title: N", "is taken"),
        ("owner: ada, backup", "owner: adda, backup", "reference", "adda", '"ada"'),
        ("backup: bo", "backup: boo", "reference", "boo", '"bo"'),
        ("kind: ads", "kind: adverts", "choice", "adverts", "ads"),
        ("hook: pause-ads", "hook: ../../bin/sh", "value", "../../bin", "id"),
        ("id: pings", "id: letters", "duplicate", "letters, type: n", "is taken"),
        ("account: press, by", "account: pres, by", "reference", "pres, by", '"press"'),
        ("account: press, by", "account: box, by", "type", "box, by", "smtp: does"),
        ("account: press, by", "account: floor, by", "type", "floor, by", "sends no mail"),
        ("account: press, ", "", "missing_key", "{id: letters", 'needs "account"'),
        ("account: press, by", "account: press, token_env: A, by", "unknown_key", "A, by",
         "the account has the password"),
        ("type: ntfy", "type: ntfy, account: press", "unknown_key", "press, ser", "type mail"),
        (", token_file: sms", "", "missing_key", "{id: texts", "needs"),
        ("type: apprise", 'type: apprise, server: "https://a.b"', "unknown_key", '"https://a',
         'no "server"'),
        ('"https://ntfy.example"', '"http://ntfy.example"', "value", '"http://ntfy', "https://"),
        ("[email, work]", "[email, email]", "duplicate", "email]", "twice"),
        ("[email, work]", '[email, ""]', "value", '""]', "no way"),
        ("token_file: sms", "token_file: sms, token_env: S", "value", "sms, tok", "both say"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(
    old: str, new: str, code: str, where: str, says: str
) -> None:
    (found,) = problems_of(old, new)
    assert found.code == code
    assert says in f"{found.message} {found.hint}"
    line = WHOLE.replace(old, new, 1).splitlines()[found.line - 1]
    assert line[found.col - 1 :].startswith(where), (found, line)


@given(st.text(max_size=60))
def test_any_value_loads_or_says_what_is_wrong(text: str) -> None:
    quoted = json.dumps(text)
    for kind, key in (
        ("mail", "sender"), ("mail", "to"), ("mail", "smtp"), ("mail", "handle"),
        ("matrix", "to"), ("slack", "to"), ("webhook", "to"), ("reddit", "to"), ("reddit", "app"),
    ):  # fmt: skip
        said = {"smtp": "a.b", "handle": "a@b.de"} if kind == "mail" else {}
        said |= {"app": "x"} if kind == "reddit" else {}
        said |= {"server": "https://a.b"} if kind in ("matrix", "webhook") else {}
        pairs = ", ".join(f"{name}: {one}" for name, one in {**said, key: quoted}.items())
        account = f"{{id: a, type: {kind}, token_env: T, {pairs}}}"
        config, problems = load_config(f"schema: 1\naccounts: [{account}]", "c.yaml")
        assert (config is None) == bool(problems)
