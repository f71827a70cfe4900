"""Sentences: whole words, one line, and nobody can make them say more than one thing."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.cli.plain import in_zone
from crisisroom.cli.sentences import entry_sentence, mention_sentence, networks
from crisisroom.config import RoomConfig
from crisisroom.config.settings import Source
from crisisroom.core.mention import Author, Mention
from crisisroom.core.timeline import Entry
from crisisroom.text import clean_line

NOW = datetime(2026, 11, 22, 3, 12, tzinfo=UTC)
AT = in_zone("UTC", NOW)
PAT = Mention(
    id="M-12",
    uid="u",
    source="social",
    external_id="p1",
    kind="post",
    author=Author("@pat@fans.test", "Pat", 310),
    text="My kettle\nsmokes",
    url="",
    lang="",
    media=(),
    posted_at=NOW,
    seen_at=NOW,
    state="new",
)
CALLED = {"social": "Mastodon"}
replace = msgspec.structs.replace


def test_a_post_is_said_in_whole_words() -> None:
    said = mention_sentence(PAT, AT, CALLED)
    assert said == "03:12, M-12, new, @pat@fans.test on Mastodon, reach 310: My kettle smokes"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": "claimed", "assignee": "ada"}, "claimed by ada"),
        ({"state": "offline", "assignee": "ada"}, "moved to private by ada"),
        ({"state": "dismissed"}, "not relevant"),
        ({"verdict": "answer"}, "needs an answer"),
        ({"incident": "INC-7"}, "part of INC-7"),
        ({"kind": "review"}, "review"),
        ({"copies": 2}, "posted 3 times, nearly the same"),
        ({"tags": ("troll", "press")}, "tagged troll and press"),
        ({"source": "shop"}, "@pat@fans.test on shop"),
        ({"source": ""}, "@pat@fans.test"),
        ({"author": Author()}, "somebody on Mastodon"),
        ({"author": Author(name="Pat Doe")}, '"Pat Doe" on Mastodon'),
        ({"author": Author("a, M-9: x")}, '"a, M-9: x" on Mastodon'),
        ({"author": Author('a" on X, new: ')}, """"a' on X, new:" on Mastodon"""),
    ],
)
def test_what_stands_of_a_post_is_a_part_of_its_own(changed: dict[str, object], words: str) -> None:
    assert f", {words}" in mention_sentence(replace(PAT, **changed), AT, CALLED)


@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=300))
def test_whatever_strangers_write_it_is_one_line_that_begins_as_ours(
    handle: str, name: str, text: str
) -> None:
    post = replace(PAT, author=Author(handle, name), text=text)
    said = mention_sentence(post, AT, CALLED)
    assert said == clean_line(said)
    assert said.startswith("03:12, M-12, new, ")


def test_networks_are_called_by_name_and_other_sources_by_their_id() -> None:
    sources = (Source(id="social", type="mastodon"), Source(id="shop", type="feed"))
    assert networks(RoomConfig(sources=sources)) == CALLED


def test_an_entry_says_when_who_what_and_then_what_was_said_of_it() -> None:
    entry = Entry(
        seq=14,
        uid="u",
        chain="c",
        kind="note",
        at=NOW,
        recorded_at=NOW,
        actor="ada",
        role="lead",
        text="it\nrang",
        data={},
        prev_hash="",
        hash="",
    )
    assert entry_sentence(entry, ["pinned"], AT) == "03:12, ada as lead: it rang; entry 14; pinned"
    nobody = replace(entry, role="")
    assert entry_sentence(nobody, [], AT) == "03:12, ada: it rang; entry 14"
