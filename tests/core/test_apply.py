"""From entries to the incident: pure, in order, and every row accounted for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from core.incident_builder import DECLARED, Told, at, entry

from crisisroom.core.apply import KINDS, OutOfOrder, apply, changed_documents, documents, replay


def test_nothing_told_is_no_incident() -> None:
    assert replay([]) is None


def test_only_a_declaration_opens_and_nothing_is_skipped() -> None:
    with pytest.raises(OutOfOrder, match="cannot open an incident"):
        apply(None, entry(1, "note.added", {"words": "x"}))
    with pytest.raises(OutOfOrder, match="cannot open an incident"):
        apply(None, entry(2, "incident.declared", DECLARED))
    told = Told()
    for seq in (1, 3):
        with pytest.raises(OutOfOrder, match="does not follow entry 1"):
            apply(told.state, entry(seq, "note.added", {"words": "x"}))


def test_kinds_of_a_newer_program_change_nothing_but_the_place() -> None:
    told = Told()
    before = told.state
    after = told.tell("weather.changed", minute=1, rain=True)
    assert (after.seq, after.head_hash, after.as_of) == (2, "h2", at(1))
    place = {"seq": 1, "head_hash": "h1", "as_of": at(0)}
    assert msgspec.structs.replace(after, **place) == before


def test_older_news_told_late_moves_nothing_back() -> None:
    spec = {**DECLARED["plan"]["facts"][0], "may_fill": True}
    plan = DECLARED["plan"] | {"facts": [spec, *DECLARED["plan"]["facts"][1:]]}
    told = Told(plan=plan)
    known = {"fact": spec["id"], "state": "known", "words": ""}
    told.tell("fact.set", minute=20, value="the second batch", **known)
    after = told.tell("fact.set", minute=5, value="the first batch", **known)
    assert after.news_at == at(20)
    assert told.tell("fact.set", minute=30, value="both", **known).news_at == at(30)


VOLUME: dict[str, Any] = {
    "start": "2026-11-22T02:00:00.000Z",
    "seconds": 3600,
    "mentions": 9,
    "complaints": 3,
    "usual_hundredths": 40,
    "sources": {},
}


def test_counting_by_the_watcher_is_no_act() -> None:
    told = Told()
    told.tell("fact.set", minute=1, fact="product", state="known", value="X1", words="")
    counted = entry(
        told.state.seq + 1, "volume.counted", {"rows": [VOLUME]}, minute=60, actor="room"
    )
    after = apply(told.state, msgspec.structs.replace(counted, source="system"))
    assert after.volume
    assert after.acted_at == told.state.acted_at == at(1)


def test_every_kind_is_a_noun_and_a_past_participle() -> None:
    assert all(kind.count(".") == 1 and kind.islower() for kind in KINDS)


def test_states_are_never_changed_in_place() -> None:
    told = Told()
    before = told.state
    kept = msgspec.json.encode(before)
    told.tell("task.done", task="pause", words="")
    told.tell("fact.set", fact="product", state="known", value="X1", words="")
    told.tell("reply.drafted", **told.words("R-1", "reply"))
    assert msgspec.json.encode(before) == kept


def test_rows_follow_the_states() -> None:
    told = Told()
    rows = documents(told.state)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("task.done", {"task": "pause", "words": ""}),
        ("fact.set", {"fact": "product", "state": "known", "value": "X1", "words": ""}),
        ("role.taken", {"role": "lead", "person": "ada", "was": ""}),
        ("mention.linked", LINKED),
        ("statement.drafted", told.words("ST-1")),
        ("action.added", {"action": "A-1", "title": "t", "owner": "", "due": ""}),
        ("mention.unlinked", {"mention": "m"}),
    ]
    for kind, data in steps:
        before = told.state
        after = told.tell(kind, **data)
        changed, gone = changed_documents(before, after)
        rows = {key: row for key, row in (rows | changed).items() if key not in gone}
        assert rows == documents(after)
        assert len(changed) <= 3  # the thing, the incident, and what waited for it
    assert ("mention", "m") not in rows


LINKED: dict[str, Any] = {
    "mention": "m", "id": "M-1", "source": "s", "external_id": "e", "handle": "@pat", "name": "",
    "quote": "it burns", "url": "", "posted_at": "2026-11-22T02:00:00.000Z", "state": "new",
    "assignee": "",
}  # fmt: skip


def test_a_sent_reply_answers_its_mention() -> None:
    told = Told()
    told.tell("mention.linked", **LINKED)
    told.tell("reply.drafted", actor="bo", **told.words("R-1", "reply", mention="m"))
    linked = told.state.mentions["m"]
    assert (linked.state, linked.assignee) == ("claimed", "bo")
    told.tell("reply.queued", **told.way("R-1"))
    told.tell("reply.sending", minute=1, **told.trying("R-1"))
    sent = told.tell("reply.sent", minute=2, **told.way("R-1", remote_id="9", remote_url=""))
    assert (sent.mentions["m"].state, sent.mentions["m"].answered_at) == ("answered", at(2))
    assert (sent.replies["R-1"].state, sent.replies["R-1"].sent_at) == ("sent", at(2))


def test_a_new_key_is_a_new_try() -> None:
    told = Told()
    told.tell("reply.drafted", **told.words("R-1", "reply"))
    told.tell("reply.queued", **told.way("R-1"))
    told.tell("reply.sending", minute=1, **told.trying("R-1"))
    again = told.tell("reply.queued", minute=2, **told.way("R-1"))
    assert again.replies["R-1"].sends["masto"].first_try_at == at(1)
    told.tell("reply.failed", minute=3, **told.way("R-1"))
    anew = told.tell("reply.queued", minute=4, **told.way("R-1", "k2"))
    way = anew.replies["R-1"].sends["masto"]
    assert (way.key, way.tries, way.first_try_at, way.owner) == ("k2", 0, None, "")


def test_doubt_outweighs_and_what_arrived_stays_live() -> None:
    told = Told()
    told.tell("reply.drafted", **told.words("R-1", "reply"))
    told.tell("reply.queued", **told.way("R-1"))
    failed = told.tell("reply.failed", **told.way("R-1"))
    assert not failed.replies["R-1"].live
    other = told.way("R-1", "k2", channel="by-hand")
    told.tell("reply.queued", **other)
    arrived = told.tell("reply.sent", **other, remote_id="", remote_url="")
    assert arrived.replies["R-1"].live
    doubt = told.tell("reply.unknown", **told.way("R-1"))
    assert doubt.replies["R-1"].state == "unknown"


def test_an_edit_lapses_what_was_said_of_the_text_before() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    said: dict[str, Any] = {
        "id": "ST-1",
        "version": 1,
        "sha256": "sha of ST-1",
        "step": "words",
        "words": "",
    }
    told.tell("statement.submitted", minute=1, id="ST-1", version=1, sha256="sha of ST-1")
    told.tell("statement.approved", actor="cy", verdict="approved", **said)
    approved = told.state.statements["ST-1"].approved_by()
    assert approved is not None
    assert approved.by == "cy"
    edit: dict[str, Any] = {
        "id": "ST-1",
        "version": 2,
        "words": "new",
        "sha256": "other",
        "approval": "words",
    }
    edited = told.tell("statement.edited", **edit, uses=[]).statements["ST-1"]
    assert (edited.state, edited.approved_by(), edited.submitted_at) == ("draft", None, None)
    stale = told.tell("statement.approved", actor="cy", verdict="approved", **said)
    assert stale.statements["ST-1"].state == "draft"


def test_the_last_word_on_a_text_counts() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    said: dict[str, Any] = {
        "id": "ST-1",
        "version": 1,
        "sha256": "sha of ST-1",
        "step": "words",
        "words": "no",
    }
    told.tell("statement.approved", verdict="approved", **said)
    rejected = told.tell("statement.rejected", verdict="rejected", **said).statements["ST-1"]
    assert (rejected.state, rejected.approved_by()) == ("rejected", None)


def test_what_left_the_incident_is_not_changed_any_more() -> None:
    told = Told()
    told.tell("mention.linked", **LINKED)
    told.tell("mention.unlinked", mention="m")
    told.tell("mention.edited", mention="m", quote="other")
    after = told.tell("mention.triaged", mention="m", state="claimed", assignee="bo")
    assert after.mentions == {}
