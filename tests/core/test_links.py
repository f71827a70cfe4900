"""What entries are about: every kind there is, and what somebody names by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.whole_night import WholeNight, whole_night

from crisisroom.core.about import checked
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.links import Link, links, names, parse
from crisisroom.core.timeline import PERSONAL, Entry

# What these fields say is no thing of an incident, though it may be spelled like the id of one.
_WORDS = """
    plan person was assignee channel template approval step audience roles state verdict section
    who way kind sort sha256 source title label id_ options moments answers severity hook owner
    detail rule zone brand media tags how line id visibility
"""
NO_THING = PERSONAL.union(_WORDS.split())


@pytest.fixture(scope="module")
def night() -> WholeNight:
    return whole_night()


def test_every_entry_that_names_a_thing_is_linked_to_it(night: WholeNight) -> None:
    called = names(night.state)
    known = _ids(night.state)
    missing = []
    for entry in night.entries:
        linked = {link.id for link in links(entry, called)}
        linked |= {called.get(one, one) for one in linked}
        for key, name in _leaves(entry.data):
            if name in known and called.get(name, name) not in linked:
                missing.append((entry.seq, entry.kind, key, name))
    assert missing == []


def test_every_kind_that_acts_on_a_thing_has_a_link(night: WholeNight) -> None:
    """Of these families every entry is about something."""
    about = (
        *("task.", "fact.", "role.", "contact.", "action.", "enquiry.", "deadline.", "promise."),
        *("mention.", "narrative.", "statement.", "reply.", "clock.", "escalation.", "pause."),
        *("evidence.", "entry.pinned", "entry.marked", "candidate.", "bulk.", "factor."),
        *("phase.", "update.", "approval.", "line.set", "question.answered", "words.erased"),
    )
    bare = {
        entry.kind
        for entry in night.entries
        if entry.kind.startswith(about) and not links(entry, names(night.state))
    }
    assert bare <= {"line.set", "line.cleared"}  # of all stories that have none of their own


def _leaves(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if key in NO_THING:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                yield from _leaves({key: one.get("id", "")} | {"task": one.get("task", "")})
            else:
                yield key, f"{one}"


def _ids(state: Incident) -> set[str]:
    plan = state.plan
    found = {*state.tasks, *state.facts, *state.roles, *state.deadlines, *state.escalations}
    found |= {*state.statements, *state.replies, *state.enquiries, *state.actions}
    found |= {*state.promised, *state.bulks, *state.questions, *state.asked, *state.evidence}
    found |= {*state.pauses, *state.factors, *state.mentions, *state.stories}
    found |= {one.id for one in plan.contacts} | {one.id for one in plan.cadences}
    found |= {one.id for one in plan.phases} | {one.id for one in plan.key_messages}
    return found | {one.id for one in plan.faq}


def test_a_link_carries_the_id_people_know(night: WholeNight) -> None:
    called = names(night.state)
    linked = next(one for one in night.entries if one.kind == "mention.linked")
    triaged = next(one for one in night.entries if one.kind == "mention.triaged")
    assert links(linked) == (Link("mention", linked.data["id"]),)
    uid = triaged.data["mention"]
    assert links(triaged) == (Link("mention", uid),)
    assert links(triaged, called) == (Link("mention", night.state.mentions[uid].id),)


def test_a_reply_is_about_its_mention_and_what_it_stands_on(night: WholeNight) -> None:
    drafted = next(one for one in night.entries if one.kind == "reply.drafted")
    refs = [link.ref for link in links(drafted)]
    assert refs[0] == drafted.data["id"]
    assert drafted.data["mention_id"] in refs
    assert "message:refund" in refs


def test_what_somebody_names_comes_last_and_once(night: WholeNight) -> None:
    entry = _entry(task="pause", about=["T:pause", "M-3", "nonsense", "C:lab"])
    assert [link.ref for link in links(entry)] == ["T:pause", "M-3", "C:lab"]


def test_late_clocks_and_ticks_name_their_thing() -> None:
    late = _entry("clock.late", clock="deadline:gdpr@2026-11-22T03:12:00.000Z")
    assert links(late) == (Link("duty", "gdpr"),)
    late = _entry("clock.late", clock="approval:ST-2@2026-11-22T03:12:00.000Z")
    assert links(late) == (Link("statement", "ST-2"),)
    ticked = _entry("task.done", task="page", words="M-12 says so")
    assert links(ticked) == (Link("task", "page"), Link("mention", "M-12"))


def test_a_correction_is_about_what_it_corrects(night: WholeNight) -> None:
    entry = _entry("entry.corrected", words="else")
    assert links(entry) == ()
    with_number = Entry(**{name: getattr(entry, name) for name in _FIELDS}, corrects=7)
    assert links(with_number) == (Link("entry", "7"),)


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("m-012", "M-12"),
        ("st-3", "ST-3"),
        ("n-3", "N-3"),
        ("c-3", "C-3"),
        ("C:lab", "C:lab"),
        ("contact:lab", "C:lab"),
        ("t:pause", "T:pause"),
        ("Task:pause", "T:pause"),
        ("deadline:gdpr", "D:gdpr"),
        ("E:12", "E:12"),
        ("ROLE:legal", "role:legal"),
    ],
)
def test_links_as_people_type_them(typed: str, ref: str) -> None:
    link = parse(typed)
    assert link is not None
    assert link.ref == ref
    assert parse(link.ref) == link


@given(st.text(max_size=30))
def test_anything_typed_is_a_link_or_none(typed: str) -> None:
    link = parse(typed)
    assert link is None or parse(link.ref) == link


def test_only_what_the_incident_has_can_be_named(night: WholeNight) -> None:
    state = night.state
    one = next(iter(state.mentions.values()))
    assert checked(state, one.id.lower()) == one.id
    assert checked(state, "T:pause") == "T:pause"
    assert checked(state, f"E:{state.seq}") == f"E:{state.seq}"
    for wrong, hint in (
        ("M-999", "mention link INC-9 M-999"),
        ("T:pasue", 'did you mean "pause"?'),
        (f"E:{state.seq + 1}", f"1 to {state.seq}"),
        ("kettle", "write it like M-12"),
        ("X-1", "write it like M-12"),
    ):
        with pytest.raises(Usage) as raised:
            checked(state, wrong)
        assert hint in raised.value.hint


_FIELDS = ("chain", "seq", "uid", "kind", "at", "recorded_at", "actor", "text", "data", "prev_hash")


def _entry(kind: str = "note.added", /, **data: Any) -> Entry:
    first = whole_night(()).entries[0]
    changed = {name: getattr(first, name) for name in _FIELDS} | {"kind": kind, "data": data}
    return Entry(**changed)
