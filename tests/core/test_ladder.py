"""The phone ladder: the order of calling, what time it is there, and what may be out of date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from core.incident_builder import Told, at
from hypothesis import given
from hypothesis import strategies as st
from room.crisis import CONTACTS, FULL

from crisisroom.core.ladder import contact_of, ladder, stale
from crisisroom.core.playbook import Contact, Playbook, Reach, Role

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)  # Sunday, 03:07 in Berlin
PLANNED = {"plan": msgspec.to_builtins(FULL)}


def test_roles_come_first_then_those_outside_by_urgency() -> None:
    rungs = ladder(FULL, NOW, zone="Europe/Berlin")
    assert [(rung.contact.id, rung.place) for rung in rungs] == [
        ("ada", "Lead"),
        ("bo", "backup: Lead"),
        ("lab", "colleague"),
        ("authority", "authority"),
        ("press", "media"),
    ]


def test_the_holder_comes_before_whoever_is_named() -> None:
    told = Told(**PLANNED)
    told.tell("role.taken", role="lead", person="lab", was="")
    told.tell("role.taken", role="legal", person="Bo", was="")
    rungs = ladder(FULL, NOW, told.state, "Europe/Berlin")
    assert [(rung.contact.id, rung.place) for rung in rungs[:3]] == [
        ("lab", "Lead"),
        ("bo", "backup: Lead"),
        ("ada", "also: Lead"),
    ]
    assert rungs[0].holds == ("Lead",)
    assert rungs[1].holds == ("Legal",)  # found by name
    assert contact_of(FULL, "") is None


def test_each_has_the_time_of_their_own_zone() -> None:
    by_id = {rung.contact.id: rung for rung in ladder(FULL, NOW, zone="Europe/Berlin")}
    assert f"{by_id['lab'].local:%a %H:%M}" == "Sun 03:07"
    assert f"{by_id['authority'].local:%a %H:%M}" == "Sat 21:07"
    assert (by_id["authority"].opening.now, by_id["lab"].opening.now) == (True, False)
    opens = by_id["lab"].opening.changes_at
    assert opens == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert by_id["ada"].opening.now is None
    assert by_id["ada"].contact.reach[1] == Reach("signal", "ada.1")


def test_it_shows_the_calls_so_far() -> None:
    told = Told(**PLANNED)
    for outcome in ("no-answer", "message"):
        told.tell(
            "contact.called", contact="lab", name="The lab", way="phone", outcome=outcome,
            reached=False, words="",
        )  # fmt: skip
    by_id = {rung.contact.id: rung for rung in ladder(FULL, at(5), told.state)}
    assert [call.outcome for call in by_id["lab"].calls] == ["no-answer", "message"]
    assert by_id["ada"].calls == ()


@pytest.mark.parametrize(
    ("checked", "reviewed", "today", "why"),
    [
        ("2026-11-01", "", "2026-11-22", ""),
        ("2026-05-26", "", "2026-11-22", ""),
        ("2026-05-25", "", "2026-11-22", "last checked 2026-05-25"),
        ("2026-05-25", "2026-11-01", "2026-11-22", "last checked 2026-05-25"),
        ("", "2026-11-01", "2026-11-22", ""),
        ("", "2026-08-24", "2026-11-22", ""),
        ("", "2026-08-23", "2026-11-22", "not checked since the review of 2026-08-23"),
        ("", "", "2026-11-22", "nobody ever checked it"),
    ],
)
def test_what_nobody_checked_for_long_is_stale(
    checked: str, reviewed: str, today: str, why: str
) -> None:
    plan = msgspec.structs.replace(FULL, reviewed=reviewed)
    contact = msgspec.structs.replace(CONTACTS[0], checked=checked)
    assert stale(plan, contact, date.fromisoformat(today)) == why


ids = st.sampled_from(["ada", "bo", "cy", "dee", "eve"])
orgs = st.sampled_from(["internal", "agency", "authority", "media", "partner"])
contacts = st.lists(
    st.builds(
        lambda name, org, roles: Contact(name, name, (), org=org, roles=tuple(roles)),
        ids,
        orgs,
        st.lists(st.sampled_from(["lead", "legal"]), unique=True),
    ),
    unique_by=lambda one: one.id,
)
roles = st.lists(
    st.builds(Role, st.sampled_from(["lead", "legal"]), st.just("T"), backup=ids),
    unique_by=lambda one: one.id,
)


@given(contacts, roles)
def test_everybody_stands_on_it_once(people: list[Contact], parts: list[Role]) -> None:
    plan = Playbook(
        schema=1, id="p", title="P", version=1, contacts=tuple(people), roles=tuple(parts)
    )
    found = [rung.contact.id for rung in ladder(plan, NOW)]
    assert sorted(found) == sorted(one.id for one in people)
