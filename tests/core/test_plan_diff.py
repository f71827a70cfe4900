"""Two versions of a playbook, field by field."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from core.any_struct import Some
from core.test_plan_words import plan
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.condition import Condition
from crisisroom.core.plan_diff import Change, plan_diff
from crisisroom.core.playbook import Calm, KeyMessage, Playbook, Reach, Resolve

replace = msgspec.structs.replace
PLAN = plan()


def changed(**fields: Any) -> tuple[Change, ...]:
    """Return the differences that changed fields make."""
    return plan_diff(PLAN, replace(PLAN, **fields))


def task(**fields: Any) -> tuple[Change, ...]:
    """Return the differences that a changed first task makes."""
    first, *rest = PLAN.phases
    other = replace(first, tasks=(replace(first.tasks[0], **fields), *first.tasks[1:]))
    return changed(phases=(other, *rest))


def test_the_same_has_no_differences() -> None:
    assert plan_diff(PLAN, plan()) == ()


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (changed(title="New"), Change(path="title", change="changed", was=PLAN.title, now="New")),
        (changed(version=4), Change(path="version", change="changed", was="3", now="4")),
        (changed(owner=""), Change(path="owner", change="removed", was="lead")),
        (
            changed(review_every=86400),
            Change(path="review_every", change="changed", was="90d", now="1d"),
        ),
        (
            task(within=600),
            Change(
                path="phases/assess/tasks/pause-posts/within",
                change="changed",
                was="5m",
                now="10m",
            ),
        ),
        (
            task(required=False),
            Change(
                path="phases/assess/tasks/pause-posts/required",
                change="changed",
                was="yes",
                now="no",
            ),
        ),
        (
            task(when=Condition("set", subject="fact.batch")),
            Change(
                path="phases/assess/tasks/pause-posts/when", change="added", now="set: fact.batch"
            ),
        ),
        (
            task(on_done=()),
            Change(
                path="phases/assess/tasks/pause-posts/on_done",
                change="removed",
                was='- {note: "Scheduled posts are paused"}',
            ),
        ),
        (
            changed(cadences=(replace(PLAN.cadences[0], every={"sev1": 600, "sev2": 3600}),)),
            Change(path="cadences/public/every/sev1", change="changed", was="20m", now="10m"),
        ),
        (
            changed(cadences=(replace(PLAN.cadences[0], every={"sev1": 1200}),)),
            Change(path="cadences/public/every/sev2", change="removed", was="1h"),
        ),
        (
            changed(resolve=replace(PLAN.resolve, calm=None)),
            Change(
                path="resolve/calm",
                change="removed",
                was="",
            ),
        ),
        (
            changed(severities=PLAN.severities[::-1]),
            Change(path="severities", change="order", was="sev1, sev2", now="sev2, sev1"),
        ),
        (
            changed(key_messages=(*PLAN.key_messages, KeyMessage("new", "New", "Words."))),
            Change(
                path="key_messages/new",
                change="added",
                now='id: new\ntitle: "New"\ntext: "Words."',
            ),
        ),
    ],
)
def test_each_difference_is_said_once(found: tuple[Change, ...], wanted: Change) -> None:
    assert found == (wanted,)


def test_a_removed_thing_is_shown_as_it_was() -> None:
    (gone,) = changed(key_messages=())
    assert gone.path == "key_messages/sorry"
    assert 'title: "We are sorry"' in gone.was


def test_lists_without_ids_are_shown_whole() -> None:
    first, second = PLAN.contacts
    reach = (Reach("signal", "+00 1"), *first.reach)
    (found,) = changed(contacts=(replace(first, reach=reach), second))
    assert found.path == "contacts/ada/reach"
    assert found.now.splitlines()[0] == '- {by: signal, to: "+00 1"}'
    assert len(found.was.splitlines()) == 2


def test_a_struct_that_was_all_defaults_appears() -> None:
    (found,) = plan_diff(
        replace(PLAN, resolve=Resolve()), replace(PLAN, resolve=Resolve(calm=Calm(quiet=60)))
    )
    assert (found.path, found.change, found.now) == ("resolve/calm", "added", "quiet: 1m")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**64), st.integers(0, 2**64))
def test_any_two_are_compared(one: int, two: int) -> None:
    was, now = Some(one).struct(Playbook), Some(two).struct(Playbook)
    assert plan_diff(was, was) == ()
    forth, back = plan_diff(was, now), plan_diff(now, was)
    assert {change.path for change in forth} == {change.path for change in back}
