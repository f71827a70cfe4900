"""What crisisroom.yaml says about listening: terms, expected talk, campaigns, types of source."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, EntryPoints

import msgspec
import pytest

from crisisroom.config import (
    Brand,
    Campaign,
    Config,
    Expected,
    Problem,
    RoomConfig,
    Term,
    room_from,
    room_part,
)
from crisisroom.config.load import load_config
from crisisroom.config.source_types import PLUGINS, TYPES
from crisisroom.config.terms import campaign_between, expected_between, terms_of
from crisisroom.core.watchlist import Watchlist

WHOLE = """\
schema: 1
brand: {name: Ferrow, names: [Ferrow, "Ferrow Hotels"]}
terms:
  - {id: brand, say: 'ferrow OR "ferrow hotels" -valley', title: Ferrow}
  - {id: boss, say: '"Ada Ferrow"', kind: person, languages: [en, pt-BR]}
  - {id: rival, say: acme, kind: competitor}
exclude: ['"ferrow valley"', hiring]
expected:
  - {title: "Launch", start: 2026-12-01, end: "2026-12-01 18:00", terms: [brand], say: launch}
  - {title: "Fair", start: 2026-12-05, end: 2026-12-05}
campaigns:
  - {id: clean, title: "Rooms", terms: [brand], start: 2026-12-01, end: 2026-12-31, owner: ada}
warn: {threshold: 5, people: 4, quiet: 12h, risk: [recall]}
accounts:
  - {id: sky, type: bluesky, handle: ferrow.example, token_env: SKY}
  - {id: box, type: mail, host: "mail.ferrow.example:993", handle: press, token_env: BOX}
  - {id: fedi, type: mastodon, server: "https://social.example"}
  - {id: blog, type: wordpress, server: "https://ferrow.example", token_file: blog.token}
  - {id: ex, type: x, token_env: EX}
  - {id: tube, type: youtube, token_env: TUBE}
  - {id: stack, type: stackexchange}
sources:
  - {id: a, type: feed, url: "https://news.example/feed", account: fedi, kind: article}
  - {id: b, type: mastodon, account: fedi, search: yes, terms: [brand, boss]}
  - {id: c, type: bluesky, account: sky, notifications: yes}
  - {id: d, type: jetstream, url: "https://jet.example/"}
  - {id: e, type: hackernews}
  - {id: f, type: stackexchange, site: stackoverflow, tagged: [ferrow], account: stack}
  - {id: g, type: wordpress, url: "https://ferrow.example", account: blog}
  - {id: h, type: discourse, url: "https://forum.example"}
  - {id: i, type: reddit, subreddits: [hotels]}
  - {id: j, type: youtube, channel: UC123, account: tube}
  - {id: k, type: appstore, app: "284882215", country: de}
  - {id: l, type: news, country: de}
  - {id: m, type: x, account: ex, streaming: yes}
  - {id: n, type: mail, account: box, folder: Press}
  - {id: o, type: webhook, listen: "127.0.0.1:8800", secret_env: HOOK}
  - {id: p, type: jsonl, path: in.jsonl}
  - {id: q, type: demo}
team:
  - {id: ada, name: Ada}
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


def test_every_type_of_source_loads_and_reaches_the_room() -> None:
    config = good(WHOLE)
    assert {source.type for source in config.sources} == set(TYPES)
    room = room_from(room_part(config))
    assert room.terms == config.terms
    assert room.exclude == ('"ferrow valley"', "hiring")
    assert room.expected == config.expected
    assert room.campaigns == config.campaigns
    assert (room.warn.bar, room.warn.people, room.warn.quiet) == (5.0, 4, 43_200)
    assert json.loads(json.dumps(room_part(config))) == msgspec.json.decode(
        msgspec.json.encode(room)
    )


def test_bluesky_has_its_usual_server() -> None:
    assert good(WHOLE).accounts[0].server == "https://bsky.social"


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "says"),
    [
        ("say: acme", "say: acme OR", "value", "acme OR, k", "after this OR"),
        ("say: acme", "say: -acme", "value", "-acme, kin", "exclusions only"),
        ("id: rival, say", "id: boss, say", "duplicate", "boss, say:", "boss"),
        ("kind: person", "kind: persn", "choice", "persn, lan", 'did you mean "person"'),
        ("languages: [en,", "languages: [English,", "value", "English, p", "language"),
        (", hiring]", ", (hiring]", "value", "(hiring]", "never closed"),
        ("end: 2026-12-05}", "end: 2026-12-04}", "range", "2026-12-04", "before it starts"),
        ("18:00", "26:00", "value", '"2026-12-0', "2026-12-24"),
        ("terms: [brand], say", "terms: [brnd], say", "reference", "brnd], say", '"brand"'),
        ("end: 2026-12-31", "end: 2025-12-31", "range", "2025-12-31", "before it starts"),
        ('Rooms", terms: [brand]', 'Rooms", terms: [x]', "reference", "x], start:", "no term"),
        ("owner: ada", "owner: ado", "reference", "ado", '"ada"'),
        ("threshold: 5", "threshold: high", "value", "high, peop", "4.36"),
        ("threshold: 5", "threshold: 0.5", "value", "0.5, peopl", "from 1 to 100"),
        ("people: 4", "people: 0", "range", "0, quiet:", "from 1"),
        ("handle: ferrow.example, ", "", "missing_key", "{id: sky", 'needs "handle"'),
        (", token_env: SKY", "", "missing_key", "{id: sky", "token_file"),
        (' host: "mail.ferrow.example:993",', "", "missing_key", "{id: box", 'needs "host"'),
        ("type: x, token", "type: x, host: a.b, token", "unknown_key", "a.b, token", "server:"),
        (', server: "https://social.example"', "", "missing_key", "{id: fedi", 'needs "server"'),
        ("type: hackernews", "type: hackernws", "choice", "hackernws", 'did you mean "hackernews"'),
        ("type: hackernews", "type: tiktok", "choice", "tiktok", "in a package installed"),
        ("type: hackernews", "type: hackernews, app: x", "unknown_key", "x", "appstore"),
        ("type: demo", "type: demo, options: {a: b}", "unknown_key", "{a: b", "another package"),
        ("channel: UC123, ", "", "missing_key", "{id: j, ty", 'needs "channel"'),
        ("account: sky, n", "account: ex, n", "type", "ex, notifi", "bluesky account"),
        (", notifications: yes", "", "missing_key", "{id: c, ty", "search: yes or notifications"),
        ("terms: [brand, boss]", "terms: [brand, bos]", "reference", "bos]", '"boss"'),
        (
            'listen: "127.0.0.1:8800"',
            'listen: "0.0.0.0:80"',
            "value",
            '"0.0.0.0:8',
            "only this machine",
        ),
        ("secret_env: HOOK", "secret_env: s3cr3t!", "value", "s3cr3t!", "no variable's name"),
        ("country: de}\n  - {id: l", "country: DE}\n  - {id: l", "value", "DE", "two letters"),
    ],
)
def test_a_slip_is_told_with_its_place(
    old: str, new: str, code: str, where: str, says: str
) -> None:
    (found,) = problems_of(old, new)
    assert found.code == code
    assert says in f"{found.message} {found.hint}"
    line = WHOLE.replace(old, new, 1).splitlines()[found.line - 1]
    assert line[found.col - 1 :].startswith(where)


def test_a_search_needs_something_to_search_for() -> None:
    text = "schema: 1\nsources: [{id: hn, type: hackernews}]\n"
    _, (found,) = load_config(text, "c.yaml")
    assert found.code == "missing_key"
    assert "brand:" in found.hint
    good(text + "brand: {name: Ferrow}\n")
    good("schema: 1\nsources: [{id: r, type: reddit, subreddits: [hotels]}]\n")


def test_a_type_of_another_package_is_taken_with_its_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Never(EntryPoint):
        def load(self) -> object:
            raise AssertionError("a check loads nobody's code")

    found = EntryPoints([Never("tiktok", "their.module:make", PLUGINS)])
    monkeypatch.setattr(
        "crisisroom.config.source_rules.entry_points", lambda **which: found.select(**which)
    )
    text = "schema: 1\nsources:\n  - {id: t, type: tiktok, options: {region: de}}\n"
    assert good(text).sources[0].options == {"region": "de"}
    _, (slip,) = load_config(text.replace("tiktok", "tiktk"), "c.yaml")
    assert slip.code == "choice"


def test_without_terms_the_brands_names_are_the_term() -> None:
    config = good('schema: 1\nbrand: {name: Ferrow, names: ["Ferrow Hotels", "!", "Ferow"]}\n')
    (term,) = terms_of(config)
    assert term == Term(id="brand", say='"Ferrow Hotels" OR "Ferow" OR "Ferrow"', title="Ferrow")
    assert Watchlist([term]).look("oh FERROW").terms == ("brand",)
    assert terms_of(good("schema: 1\n")) == ()
    assert [one.id for one in terms_of(good(WHOLE))] == ["brand", "boss", "rival"]


def test_many_or_odd_names_still_make_a_term() -> None:
    names = tuple(f'na"me* {number}' for number in range(200))
    (term,) = terms_of(RoomConfig(brand=Brand(names=names)))
    assert Watchlist([term]).look("na me 7").terms == ("brand",)


def test_times_are_the_rooms_and_a_last_day_counts_in_full() -> None:
    fair = Expected(title="Fair", start="2026-12-05", end="2026-12-05")
    assert expected_between(fair, "Europe/Berlin") == (
        datetime(2026, 12, 4, 23, tzinfo=UTC),
        datetime(2026, 12, 5, 23, tzinfo=UTC),
    )
    match = Expected(title="Match", start="2026-07-01 20:00", end="2026-07-01 22:30")
    assert expected_between(match, "Europe/Berlin")[1] == datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    month = Campaign(id="c", title="C", terms=("a",), start="2026-12-01", end="2026-12-31")
    assert campaign_between(month, "UTC")[1] == datetime(2027, 1, 1, tzinfo=UTC)


def test_what_a_room_stored_before_there_were_terms_still_loads() -> None:
    stored = json.loads(
        """{"schema":1,"name":"Ours","zone":"Europe/Berlin","language":"en",
        "brand":{"name":"Ferrow","names":["Ferrow"],"accounts":["main"]},
        "accounts":[{"id":"main","type":"mastodon","server":"https://social.example",
          "handle":"@f","owner":"","backup":"","private":false,"ca_file":"","token_env":"T",
          "token_file":""}],
        "sources":[{"id":"news","type":"feed","url":"https://a.test/","path":"","account":"main",
          "every":300,"hashtags":[],"keywords":["NO"],"home":false,"notifications":false,
          "streaming":false,"private":false,"ca_file":""}],
        "team":[{"id":"ada","name":"Ada","roles":["lead"]}],"oncall":null}"""
    )
    room = room_from(stored)
    assert room.sources[0].keywords == ("NO",)
    assert (room.terms, room.exclude, room.expected, room.campaigns) == ((), (), (), ())
    assert room.warn.bar == 4.36
    assert [one.id for one in terms_of(room)] == ["brand"]


@pytest.mark.parametrize(
    ("exclude", "said"),
    [
        ("''", "3:11: an exclusion needs a word"),
        ("ferrow", '3:11: this leaves out everything that the term "brand" finds'),
        ("FERR*", "leaves out everything"),
        ("acme OR ferrow", "leaves out everything"),
    ],
)
def test_an_exclusion_that_breaks_or_silences_the_room_is_refused(exclude: str, said: str) -> None:
    text = "schema: 1\nterms: [{id: brand, say: 'ferrow hotel OR \"old ferrow\"'}]\n"
    config, problems = load_config(f"{text}exclude: [{exclude}]\n", "x.yaml")
    assert config is None
    assert said in str(problems[0])


@pytest.mark.parametrize(
    "exclude", ["hotel", "ferro", "'#ferrow'", "'ferrow -acme'", "'\"ferrow valley\"'"]
)
def test_an_exclusion_that_leaves_something_is_fine(exclude: str) -> None:
    text = "schema: 1\nterms: [{id: brand, say: 'ferrow hotel OR \"old ferrow\"'}]\n"
    assert good(f"{text}exclude: [{exclude}]\n").exclude
